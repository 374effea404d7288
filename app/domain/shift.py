"""A person's shift on a shared tablet: begun by signing in fully, within it a PIN is enough."""

from __future__ import annotations

from datetime import datetime, timedelta

LENGTH = timedelta(hours=12)
"""The longest usual shift of a ward; whoever starts the next one signs in fully again."""


def ends_at(began_at: datetime) -> datetime:
    """When the shift is over."""
    return began_at + LENGTH


def is_on(began_at: datetime | None, now: datetime) -> bool:
    """Whether a shift is under way; none when it never began, or was ended."""
    return began_at is not None and now < ends_at(began_at)


def session_ends_at(now: datetime, length: timedelta, began_at: datetime | None) -> datetime:
    """When a session ends that is opened now.

    Parameters
    ----------
    now : datetime
        Within the shift, if there is one.
    length : timedelta
        Of sessions, by the settings.
    began_at : datetime or None
        Of the shift; None where the session is opened outside of any.

    Returns
    -------
    datetime
        Never later than the shift.
    """
    return now + length if began_at is None else min(now + length, ends_at(began_at))
