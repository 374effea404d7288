"""Personal PINs on a shared tablet: which are too easily guessed, and how many tries there are."""

from __future__ import annotations

from itertools import pairwise

DIGITS = 6
"""Of a PIN: a million of them, quick to type with gloves on; as many as telephones ask for."""

TRIES = 5
"""Wrong PINs in a row after which the PIN is void: with them a stranger finds 1 in 200,000."""

FEWEST_DIFFERENT = 3
"""Different digits that a PIN must have: 000100 and 121122 are guessed early."""

PERIODS = (1, 2, 3)
"""Lengths of a beginning that is merely repeated: 111111, 121212, 123123."""

KEYPAD_WALKS = frozenset(
    {
        "147258", "258147", "258369", "369258", "147369", "369147", "789456", "456789", "456123", "123456",
        "789123", "123789", "147852", "741852", "852963", "258963", "963852", "852741", "159753", "753159",
        "357159", "159357", "951753", "357951", "123654", "321456", "456321", "654123", "789654", "987456",
    }
)  # fmt: skip
"""Straight and bent lines over the keypad, which people draw rather than remember."""


def is_pin(text: str) -> bool:
    """Whether it is six digits, 0 to 9 and no other script's."""
    return len(text) == DIGITS and text.isascii() and text.isdigit()


def is_weak(pin: str) -> bool:
    """Whether a PIN is among the first that somebody would try.

    Parameters
    ----------
    pin : str
        Six digits.

    Notes
    -----
    Rules rather than a list of leaked PINs: they are told in one sentence, and forbid less than one PIN in a
    hundred (a test counts them). Dates are allowed: without them one PIN in twenty-seven would be missing.
    """
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return (
        len(set(pin)) < FEWEST_DIFFERENT
        or len(steps) == 1  # 123456, 987654, 135791
        or any(pin == (pin[:period] * DIGITS)[:DIGITS] for period in PERIODS)
        or pin == pin[::-1]  # 123321
        or pin[0::2] == pin[1::2]  # 112233
        or pin in KEYPAD_WALKS
    )


def tries_left(wrong: int) -> int:
    """Tries that remain after so many wrong ones in a row; with none the PIN is void."""
    return max(0, TRIES - wrong)
