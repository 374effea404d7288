"""The p-chart: its centre, its limits, and who lies outside."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.p_chart import Sample, p_chart

CANS = [
    12,
    15,
    8,
    10,
    4,
    7,
    16,
    9,
    14,
    10,
    5,
    6,
    17,
    12,
    22,
    8,
    10,
    5,
    13,
    11,
    20,
    18,
    24,
    15,
    9,
    12,
    7,
    13,
    9,
    6,
]
"""Of 50 cans of orange juice each, those that leak: Montgomery, Introduction to Statistical Quality Control,
table 7.1."""

samples = st.lists(
    st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=8
).map(lambda drawn: [Sample(str(i), hits, n) for i, (hits, n) in enumerate(drawn)])


def test_montgomerys_worked_example() -> None:
    """Centre 0.2313, limits 0.0524 and 0.4102; samples 15 and 23 out of control."""
    chart = p_chart([Sample(str(i + 1), hits, 50) for i, hits in enumerate(CANS)])
    assert chart.centre == pytest.approx(0.2313, abs=5e-5)
    assert {(round(p.lower or 0, 4), round(p.upper or 0, 4)) for p in chart.points} == {(0.0524, 0.4102)}
    assert [p.label for p in chart.points if p.out_of_control] == ["15", "23"]


@given(samples)
def test_the_centre_lies_among_the_shares_and_limits_round_it(drawn: list[Sample]) -> None:
    chart = p_chart(drawn)
    shares = [p.share.value for p in chart.points if p.share.value is not None]
    if chart.centre is None:
        assert shares == []
        return
    assert min(shares) - 1e-12 <= chart.centre <= max(shares) + 1e-12
    for point, sample in zip(chart.points, drawn, strict=True):
        if sample.n == 0:
            assert (point.lower, point.upper, point.out_of_control) == (None, None, False)
            continue
        assert point.lower is not None
        assert point.upper is not None
        assert 0 <= point.lower <= chart.centre <= point.upper <= 1


@given(st.integers(1, 40), st.integers(0, 40), st.integers(1, 6))
def test_equal_shares_are_all_under_control(n: int, hits: int, readers: int) -> None:
    chart = p_chart([Sample(str(i), min(hits, n) * (i + 1), n * (i + 1)) for i in range(readers)])
    assert not any(point.out_of_control for point in chart.points)


def test_limits_widen_where_cases_are_few_and_only_then_hold_a_high_share() -> None:
    chart = p_chart([Sample("1", 20, 200), Sample("2", 18, 200), Sample("3", 4, 10), Sample("4", 60, 200)])
    assert [point.label for point in chart.points if point.out_of_control] == ["4"]
    few, many = chart.points[2], chart.points[0]
    assert few.upper is not None
    assert many.upper is not None
    assert few.upper > many.upper


def test_more_hits_than_tries_are_refused() -> None:
    with pytest.raises(ValueError, match="no share"):
        p_chart([Sample("1", 3, 2)])
