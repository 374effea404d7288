"""A visit's window holds its planned day; outside it, and only there, a reason is needed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.visit_window import lacks_reason, window_of

DAYS = st.integers(0, 400)
BASELINES = st.dates(date(2020, 1, 1), date(2035, 1, 1))


@given(
    baseline=BASELINES,
    day=DAYS,
    before=st.integers(0, 30),
    after=st.integers(0, 30),
    step=st.integers(-60, 60),
)
def test_a_reason_is_lacking_exactly_outside_the_window(
    baseline: date, day: int, before: int, after: int, step: int
) -> None:
    window = window_of(baseline, day, before, after)
    on = baseline + timedelta(days=day + step)
    assert lacks_reason(window, on, None) == (not -before <= step <= after)
    assert not lacks_reason(window, on, "travel")


@given(
    baseline=BASELINES,
    day=DAYS,
    before=st.integers(0, 30),
    after=st.integers(0, 30),
    beyond=st.integers(1, 60),
)
def test_days_outside_are_counted_from_the_windows_ends(
    baseline: date, day: int, before: int, after: int, beyond: int
) -> None:
    window = window_of(baseline, day, before, after)
    assert window.first_on <= window.due_on <= window.last_on
    assert window.days_outside(window.due_on) == 0
    assert window.days_outside(window.first_on - timedelta(days=beyond)) == -beyond
    assert window.days_outside(window.last_on + timedelta(days=beyond)) == beyond


def test_a_window_that_leaves_its_day_out_is_refused() -> None:
    with pytest.raises(ValueError, match="holds its planned day"):
        window_of(date(2026, 1, 5), 14, -1, 3)
