"""Shifts end, and sessions never outlast them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.shift import LENGTH, ends_at, is_on, session_ends_at

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
SPANS = st.timedeltas(timedelta(0), timedelta(hours=100))


@given(MOMENTS, SPANS)
def test_a_shift_is_on_until_it_ends(began_at: datetime, span: timedelta) -> None:
    assert is_on(began_at, began_at + span) == (span < LENGTH)


@given(MOMENTS)
def test_without_a_full_sign_in_there_is_no_shift(now: datetime) -> None:
    assert not is_on(None, now)


@given(MOMENTS, st.timedeltas(timedelta(0), LENGTH), SPANS)
def test_a_session_ends_with_its_length_or_its_shift(
    now: datetime, ago: timedelta, length: timedelta
) -> None:
    ends = session_ends_at(now, length, now - ago)
    assert ends == min(now + length, ends_at(now - ago))
    assert session_ends_at(now, length, None) == now + length
