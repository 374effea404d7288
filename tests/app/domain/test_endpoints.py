"""Endpoint rules on series: intervals, confirmation, reopening."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.endpoints import EndpointRule, EventInterval, Observation, evaluate

CLOSED = EndpointRule("closure")
BY_16 = EndpointRule("closure", by_day=119)
CONFIRMED = EndpointRule("confirmed_closure", confirm_after_days=14)
MAINTAINED = EndpointRule("confirmed_closure", confirm_after_days=84)
HALVED = EndpointRule("area_reduction", reduction_percent=50.0)


def series(*visits: tuple[int, float]) -> list[Observation]:
    first = visits[0][1]
    return [Observation(day, area, 100 * (first - area) / first if first else None) for day, area in visits]


@pytest.mark.parametrize(
    ("rule", "visits", "expected"),
    [
        (CLOSED, [(0, 9), (14, 4), (28, 0)], (14, 28)),
        (CLOSED, [(0, 9), (14, 4)], (14, None)),
        (CLOSED, [(0, 0), (14, 0)], (None, 0)),
        (BY_16, [(0, 9), (112, 3), (120, 0)], (112, None)),
        (BY_16, [(0, 9), (112, 3), (119, 0)], (112, 119)),
        (CONFIRMED, [(0, 9), (14, 0), (28, 0)], (0, 14)),
        (CONFIRMED, [(0, 9), (14, 0), (20, 0)], (20, None)),
        (CONFIRMED, [(0, 9), (14, 0), (28, 2), (56, 0), (84, 0)], (28, 56)),
        (MAINTAINED, [(0, 9), (28, 0), (56, 0), (112, 0)], (0, 28)),
        (MAINTAINED, [(0, 9), (28, 0), (56, 1), (112, 0)], (112, None)),
        (HALVED, [(0, 10), (14, 6), (28, 5)], (14, 28)),
        (HALVED, [(0, 0), (14, 0)], (14, None)),
        (CLOSED, [], (None, None)),
    ],
)
def test_interval(
    rule: EndpointRule, visits: list[tuple[int, float]], expected: tuple[int | None, int | None]
) -> None:
    assert evaluate(rule, series(*visits) if visits else []) == EventInterval(*expected)


areas = st.lists(st.sampled_from([0.0, 1.0, 4.0]), min_size=1, max_size=8)


@given(areas)
def test_confirmed_closure_is_a_closure_not_earlier(found: list[float]) -> None:
    visits = series(*[(14 * number, area) for number, area in enumerate(found)])
    plain, confirmed = evaluate(CLOSED, visits), evaluate(CONFIRMED, visits)
    if confirmed.reached:
        assert plain.reached
        assert plain.by_day is not None
        assert confirmed.by_day is not None
        assert plain.by_day <= confirmed.by_day
    if plain.reached and plain.after_day is not None and plain.by_day is not None:
        assert plain.after_day < plain.by_day
