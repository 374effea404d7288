"""How long a tablet should rest before its next photograph, so that fifty do not wait for one another."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from app.domain.identity import Identity

FULL_SHARE = 0.8
"""Of what the service can take in a second, photographs may fill this much: as that nears 1, so much as a
slow moment makes everybody wait (waiting grows with share / (1 - share))."""

FIRST_GUESS_S = 0.05
"""Between two photographs received, before any were seen: 12 megapixels on two cores
(`benchmarks/tablet_drain.py`)."""

NEW_WEIGHT = 0.1
"""Of the latest interval in the running mean: ten photographs make up for a pause of the machine."""

SENDING_FOR_S = 15.0
"""Who has sent within this time sends still; longer than the longest rest."""

LONGEST_REST_S = 10.0
"""No tablet is sent away for longer: 200 tablets that empty at once are more than any trial has."""


def sender_of(identity: Identity) -> str:
    """The same for all that one tablet sends, or one session or token elsewhere."""
    return identity.tablet.id if identity.tablet else identity.session_id or identity.account_id


@dataclass
class Pace:
    """What one process saw of the photographs that reach it.

    Parameters
    ----------
    clock_s : callable
        Seconds that only ever grow.

    Notes
    -----
    While the process is never idle, photographs end as far apart as it can take them. As many senders as
    there are, each that many intervals after its last, fill it and no more: nobody need be asked how fast a
    line is, and a tablet that sends alone never rests. One of the intervals passes while its own photograph
    is taken.
    """

    clock_s: Callable[[], float] = time.monotonic
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _interval_s: float = FIRST_GUESS_S
    _under_way: int = 0
    _busy_since_s: float | None = None
    _seen_s: dict[str, float] = field(default_factory=dict, repr=False)

    @contextmanager
    def receiving(self, sender: str) -> Iterator[None]:
        """While a photograph whose bytes are here is checked and stored.

        Parameters
        ----------
        sender : str
            Whose it is, by `sender_of`.
        """
        self._begin(sender)
        try:
            yield
        finally:
            self._end()

    def rest_s(self) -> float:
        """How long whoever has just been answered should rest; 0 where nobody else is sending."""
        with self._lock:
            self._forget()
            senders = len(self._seen_s)
            if senders <= 1:
                return 0.0
            return min(LONGEST_REST_S, (senders / FULL_SHARE - 1) * self._interval_s)

    def _begin(self, sender: str) -> None:
        with self._lock:
            self._seen_s[sender] = self.clock_s()
            self._under_way += 1

    def _end(self) -> None:
        with self._lock:
            now = self.clock_s()
            if self._busy_since_s is not None:
                self._interval_s += NEW_WEIGHT * (now - self._busy_since_s - self._interval_s)
            self._under_way -= 1
            # busy from one end to the next: only then does the interval say what can be taken
            self._busy_since_s = now if self._under_way else None

    def _forget(self) -> None:
        before = self.clock_s() - SENDING_FOR_S
        for sender in [sender for sender, seen in self._seen_s.items() if seen < before]:
            del self._seen_s[sender]
