"""PINs that somebody would try first are refused, and few others."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.pin import DIGITS, KEYPAD_WALKS, TRIES, is_pin, is_weak, tries_left

PAGE = Path(__file__).resolve().parents[3] / "docs/how-to/tablets.md"
PINS = st.text("0123456789", min_size=DIGITS, max_size=DIGITS)


@pytest.mark.parametrize(
    "pin",
    [
        "000000", "123456", "654321", "012345", "987654", "890123", "135791", "121212", "123123", "112233",
        "123321", "100000", "000100", "477447", "147258", "159753", "789456",
    ],
)  # fmt: skip
def test_what_is_tried_first_is_weak(pin: str) -> None:
    assert is_weak(pin)


@pytest.mark.parametrize("pin", ["730915", "264871", "904418", "010203", "112358", "314159"])
def test_other_pins_are_not(pin: str) -> None:
    assert not is_weak(pin)


def test_less_than_one_pin_in_a_hundred_is_forbidden_and_the_page_says_how_many_are_left() -> None:
    left = sum(not is_weak(f"{number:06d}") for number in range(10**DIGITS))
    assert left > 0.99 * 10**DIGITS
    assert f"{left:,} PINs" in PAGE.read_text(encoding="utf-8")


@given(PINS)
def test_a_pin_read_backwards_is_as_weak_but_for_lines_over_the_keypad(pin: str) -> None:
    if not {pin, pin[::-1]} & KEYPAD_WALKS:
        assert is_weak(pin) == is_weak(pin[::-1])


@given(PINS, st.integers(1, 9))
def test_adding_the_same_to_every_digit_hides_no_pattern(pin: str, added: int) -> None:
    moved = "".join(str((int(digit) + added) % 10) for digit in pin)
    if not {pin, moved} & KEYPAD_WALKS:
        assert is_weak(pin) == is_weak(moved)


@given(st.text(max_size=8))
def test_a_pin_is_six_digits_from_0_to_9(text: str) -> None:
    assert is_pin(text) == (len(text) == DIGITS and set(text) <= set("0123456789"))


@given(st.integers(0, 20))
def test_tries_run_out_and_never_below_none(wrong: int) -> None:
    assert tries_left(wrong) == (TRIES - wrong if wrong < TRIES else 0)
