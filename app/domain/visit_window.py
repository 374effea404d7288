"""When a planned visit is due, from when to when it may take place, and when a reason is needed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Window:
    """A planned visit on the calendar; both ends belong to it.

    Attributes
    ----------
    due_on : date
        The planned day.
    first_on, last_on : date
        First and last day of the window.
    """

    due_on: date
    first_on: date
    last_on: date

    def days_outside(self, on: date) -> int:
        """Days before the window's first day (negative) or after its last; 0 within."""
        return min(0, (on - self.first_on).days) + max(0, (on - self.last_on).days)


def window_of(baseline_on: date, day: int, before_days: int, after_days: int) -> Window:
    """The window of a visit.

    Parameters
    ----------
    baseline_on : date
        Day 0.
    day : int
        The visit's planned day.
    before_days, after_days : int
        How much earlier and later it may take place.

    Raises
    ------
    ValueError
        If the window would end before it begins.
    """
    if before_days < 0 or after_days < 0:
        raise ValueError("a visit's window holds its planned day")
    due = baseline_on + timedelta(days=day)
    return Window(due, due - timedelta(days=before_days), due + timedelta(days=after_days))


def lacks_reason(window: Window, taken_on: date, reason: str | None) -> bool:
    """Whether a visit on that day must be given a reason first (ICH E6(R2), 4.5.3: deviations
    are documented and explained)."""
    return reason is None and window.days_outside(taken_on) != 0
