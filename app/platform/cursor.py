"""Cursors: opaque to callers, checked on their way back."""

from __future__ import annotations

import base64
import binascii

from app.domain.errors import CodedError

SEPARATOR = "\x1f"
LONGEST = 400
LONGEST_NUMBER = 18


def write_cursor(kind: str, *parts: str) -> str:
    """A cursor of a list, from the last row's keys."""
    return base64.urlsafe_b64encode(SEPARATOR.join((kind, *parts)).encode()).decode().rstrip("=")


def read_cursor(kind: str, cursor: str, parts: int = 1) -> list[str]:
    """The keys in a cursor.

    Raises
    ------
    CodedError
        `invalid_cursor` when it is not one of this list.
    """
    try:
        padded = cursor[:LONGEST] + "=" * (-len(cursor[:LONGEST]) % 4)
        found, *keys = base64.urlsafe_b64decode(padded.encode()).decode().split(SEPARATOR)
    except (binascii.Error, UnicodeError):
        raise CodedError("invalid_cursor") from None
    if found != kind or len(keys) != parts:
        raise CodedError("invalid_cursor")
    return keys


def read_number(kind: str, cursor: str | None) -> int:
    """The number in a cursor of numbered rows; 0 without a cursor.

    Raises
    ------
    CodedError
        `invalid_cursor` when it is not one of this list.
    """
    if not cursor:
        return 0
    number = read_cursor(kind, cursor)[0]
    if not (number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER):
        raise CodedError("invalid_cursor")
    return int(number)
