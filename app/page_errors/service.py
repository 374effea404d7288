"""Writing errors of pages to the log, few enough that nobody fills it."""

from __future__ import annotations

import threading

import structlog

from app.domain.allowance import Allowance
from app.domain.errors import CodedError
from app.page_errors.schemas import PageError
from app.platform.clock import Clock

AT_ONCE = 60
"""Reports that are taken in one go: a faulty update reaches every tablet of a study on the same morning."""

PER_SECOND = 0.5
"""Reports after that: a page that fails in a loop says nothing new, and nobody fills the disk."""

log = structlog.get_logger()


class PageErrors:
    """Errors of pages.

    Parameters
    ----------
    clock : Clock
        As everywhere.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._left = Allowance(AT_ONCE, PER_SECOND, AT_ONCE, clock.now().timestamp())

    def note(self, error: PageError) -> None:
        """Write one line.

        Raises
        ------
        CodedError
            `too_many_reports`.
        """
        with self._lock:
            left = self._left.after_one(self._clock.now().timestamp())
            if left is None:
                raise CodedError("too_many_reports")
            self._left = left
        log.warning(
            "page_error", error_type=error.name, where=error.where, page=error.page, version=error.version
        )
