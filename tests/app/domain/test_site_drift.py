"""The control chart of a site's phantom shots: what it signals, and what it keeps quiet about."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.site_drift import (
    FIRST_SHOTS,
    LEAST_SD_PERCENT,
    MOST_OFF_PERCENT,
    MOVING_RANGE_D2,
    RUN,
    SIGMAS,
    drift_chart,
)

DEVIATIONS = st.lists(st.floats(-5, 5), min_size=1, max_size=40)


@given(values=DEVIATIONS)
def test_limits_lie_evenly_round_the_centre_and_no_nearer_than_the_measurement_scatters(
    values: list[float],
) -> None:
    chart = drift_chart(values)
    assert chart.centre_percent is not None
    assert chart.lower_percent is not None
    assert chart.upper_percent is not None
    assert chart.centre_percent == pytest.approx(np.mean(values[:FIRST_SHOTS]))
    up, down = chart.upper_percent - chart.centre_percent, chart.centre_percent - chart.lower_percent
    assert up == pytest.approx(down)
    assert up >= SIGMAS * LEAST_SD_PERCENT - 1e-9
    assert [point.deviation_percent for point in chart.points] == values


@given(values=DEVIATIONS)
def test_beyond_limits_is_signalled_exactly_there(values: list[float]) -> None:
    chart = drift_chart(values)
    for point in chart.points:
        inside = chart.lower_percent <= point.deviation_percent <= chart.upper_percent
        assert ("beyond_limits" in point.signals) == (not inside)
        assert ("far_off" in point.signals) == (abs(point.deviation_percent) > MOST_OFF_PERCENT)


@given(first=st.lists(st.floats(-1, 1), min_size=FIRST_SHOTS, max_size=FIRST_SHOTS), later=DEVIATIONS)
def test_later_shots_do_not_move_centre_and_limits(first: list[float], later: list[float]) -> None:
    whole, start = drift_chart([*first, *later]), drift_chart(first)
    assert (whole.centre_percent, whole.lower_percent, whole.upper_percent) == (
        start.centre_percent, start.lower_percent, start.upper_percent,
    )  # fmt: skip
    assert whole.points[:FIRST_SHOTS] == start.points


@given(values=DEVIATIONS, shift=st.floats(-2, 2))
def test_a_mirrored_series_has_the_mirrored_signals(values: list[float], shift: float) -> None:
    values = [value + shift for value in values]
    there, mirrored = drift_chart(values), drift_chart([-value for value in values])
    assert [point.signals for point in there.points] == [point.signals for point in mirrored.points]


def test_the_mean_range_of_neighbours_sets_the_limits() -> None:
    chart = drift_chart([0.0, 1.0, 0.0, 1.0])
    assert chart.upper_percent == pytest.approx(0.5 + SIGMAS * 1.0 / MOVING_RANGE_D2)


def test_a_run_on_one_side_is_signalled_from_its_eighth_shot_on() -> None:
    steady = [0.1, -0.1] * (FIRST_SHOTS // 2)
    run = drift_chart([*steady, *[0.2] * (RUN + 1)])
    signalled = ["run" in point.signals for point in run.points]
    assert signalled == [False] * (FIRST_SHOTS + RUN - 1) + [True] * 2
    broken = drift_chart([*steady, *[0.2] * (RUN - 1), -0.2, *[0.2] * (RUN - 1)])
    assert not any("run" in point.signals for point in broken.points)


def test_a_steady_site_is_left_alone() -> None:
    """Of 50 sites that scatter as the measurement does, over a year of weekly shots."""
    rng = np.random.default_rng(1)
    beyond = [
        "beyond_limits" in point.signals
        for _ in range(50)
        for point in drift_chart(rng.normal(0, 0.6 * LEAST_SD_PERCENT, 52).tolist()).points
    ]
    assert np.mean(beyond) < 0.002


def test_a_site_without_a_shot_has_an_empty_chart() -> None:
    chart = drift_chart([])
    assert (chart.centre_percent, chart.points) == (None, ())
