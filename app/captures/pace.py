"""How long a tablet should rest before its next photograph, so that fifty do not wait for one another."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

FULL_SHARE = 0.75
"""Of what the service can take in a second, photographs may fill this much: waiting grows with
share / (1 - share), and the pages want their part of the machine too."""

FIRST_GUESS_S = 0.05
"""Between two photographs received, before any were seen: 12 megapixels on two cores
(`benchmarks/tablet_drain.py`)."""

NEW_WEIGHT = 0.1
"""Of the latest interval in the running mean: ten photographs make up for a pause of the machine."""

ONE_TABLET = 2
"""Photographs under way at once that may be a single tablet's (app/web/capture/send_queue.ts)."""

LONGEST_REST_S = 10.0
"""No tablet is sent away for longer: 200 tablets that empty at once are more than any trial has."""


@dataclass
class Pace:
    """A timetable of one process: every receipt books its tablet's next place in it.

    Parameters
    ----------
    clock_s : callable
        Seconds that only ever grow.

    Notes
    -----
    While the process is never idle, photographs end as far apart as it can take them. Places stand a little
    further apart than that: photographs that come faster push the next place ever further away until they no
    longer do, and where they come more slowly the next place is now. So nobody need know how many tablets
    there are or how fast their lines, a tablet that sends alone does not rest, and a place that is not taken
    costs nothing. Photographs that wait already, as when fifty tablets come back at once, are gone first.
    """

    clock_s: Callable[[], float] = time.monotonic
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _interval_s: float = FIRST_GUESS_S
    _under_way: int = 0
    _busy_since_s: float | None = None
    _booked_s: float = float("-inf")

    @contextmanager
    def receiving(self) -> Iterator[None]:
        """While a photograph whose bytes are here is checked and stored."""
        with self._lock:
            self._under_way += 1
        try:
            yield
        finally:
            self._ended()

    def rest_s(self) -> float:
        """Book the next place for whoever has just been answered; seconds until then, 0 for at once."""
        with self._lock:
            now = self.clock_s()
            first_s = now + max(0, self._under_way - ONE_TABLET) * self._interval_s
            place_s = max(first_s, self._booked_s + self._interval_s / FULL_SHARE)
            self._booked_s = min(place_s, now + LONGEST_REST_S)
            return self._booked_s - now

    def _ended(self) -> None:
        with self._lock:
            now = self.clock_s()
            if self._busy_since_s is not None:
                self._interval_s += NEW_WEIGHT * (now - self._busy_since_s - self._interval_s)
            self._under_way -= 1
            # busy from one end to the next: only then does the interval say what can be taken
            self._busy_since_s = now if self._under_way else None
