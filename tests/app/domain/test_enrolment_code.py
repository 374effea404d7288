"""Enrolment codes are the same however they are typed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.enrolment_code import ALPHABET, LENGTH, SELECTOR_LENGTH, normal, selector, shown

CODES = st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH)
MISREAD = {"0": "Oo0", "1": "IiLl1"}


@given(CODES, st.data())
def test_a_code_is_known_again_however_it_is_typed(code: str, data: st.DataObject) -> None:
    typed = "".join(data.draw(st.sampled_from(MISREAD.get(sign, sign + sign.lower()))) for sign in code)
    assert normal(typed) == code
    assert normal(f" {shown(code)} ") == code


@given(CODES)
def test_it_is_shown_in_groups_and_begins_with_its_selector(code: str) -> None:
    assert shown(code).replace("-", "") == code
    assert len(selector(code)) == SELECTOR_LENGTH
    assert code.startswith(selector(code))


@given(st.text(max_size=20))
def test_what_is_no_code_is_none(text: str) -> None:
    code = normal(text)
    assert code is None or (len(code) == LENGTH and set(code) <= set(ALPHABET))
