"""Intraclass correlation, Bland–Altman limits, repeatability: worked examples, rules, what cannot be told."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from app.domain.agreement_areas import (
    area_agreement,
    area_repeats,
    icc_agreement,
    icc_one_way,
    limits_of_agreement,
    repeatability,
)
from app.domain.agreement_estimates import Estimate, Z

Pairs = NDArray[np.float64]

RATINGS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], np.float64
)
"""Six targets, four judges: Shrout & Fleiss 1979, Psychol Bull 86:420, table 2."""

WRIGHT = np.array([494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427.0])
WRIGHT_AGAIN = np.array(
    [490, 397, 512, 401, 470, 611, 415, 431, 638, 429, 420, 633, 275, 492, 165, 372, 421.0]
)
MINI_WRIGHT = np.array(
    [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451.0]
)
"""Peak expiratory flow, l/min, of 17 subjects by two meters: Bland & Altman 1986, Lancet 1:307, table I."""

areas = st.floats(0.05, 200).map(lambda area: round(area, 2))
pairs = st.integers(0, 25).flatmap(lambda n: arrays(np.float64, (n, 2), elements=areas))


def complete(found: Estimate) -> tuple[float, float, float]:
    assert found.value is not None
    assert found.interval is not None
    return found.value, *found.interval


def test_shrout_and_fleiss_worked_example() -> None:
    """.29 and .17 in their table 4; the interval of ICC(1,1) as the package psych for R states it for it."""
    assert complete(icc_agreement(RATINGS))[0] == pytest.approx(0.29, abs=5e-3)
    assert complete(icc_one_way(RATINGS)) == pytest.approx((0.17, -0.133, 0.723), abs=5e-3)


def test_bland_and_altmans_worked_example() -> None:
    """Mean −2.1 (−22.0 to 17.8), standard deviation 38.8; their limits take 2 standard deviations for
    1.96."""
    found = limits_of_agreement(WRIGHT, MINI_WRIGHT)
    bias, low, high = complete(found.bias)
    assert (bias, low, high) == pytest.approx((-2.1, -22.0, 17.8), abs=0.05)
    lower, upper = complete(found.lower)[0], complete(found.upper)[0]
    sd = (upper - lower) / (2 * Z)
    assert sd == pytest.approx(38.8, abs=0.05)
    assert (bias - 2 * sd, bias + 2 * sd) == pytest.approx((-79.7, 75.5), abs=0.2)


def test_bland_and_altmans_repeatability() -> None:
    """Standard deviation of the differences of repeats by the large meter: 21.6."""
    value, low, high = complete(repeatability(WRIGHT, WRIGHT_AGAIN))
    assert value / Z == pytest.approx(21.6, abs=0.05)
    assert low < value < high


def test_exact_limits_come_near_to_bland_and_altmans_own_where_reads_are_many() -> None:
    rng = np.random.default_rng(6)
    first = rng.normal(20, 3, 4000)
    second = first + rng.normal(0.5, 1.0, 4000)
    _, low, high = complete(limits_of_agreement(first, second).upper)
    approximate = 2 * Z * np.sqrt(1 / 4000 + Z**2 / (2 * 3999))
    assert high - low == pytest.approx(approximate, rel=0.03)


@pytest.mark.parametrize("n", [4, 12])
def test_exact_intervals_of_the_limits_hold_the_truth_95_times_in_100(n: int) -> None:
    rng = np.random.default_rng(n)
    held = 0
    for _ in range(600):
        first, second = rng.normal(1, 2, n), np.zeros(n)
        _, low, high = complete(limits_of_agreement(first, second).upper)
        held += low <= 1 + Z * 2 <= high
    assert held / 600 == pytest.approx(0.95, abs=0.03)


@pytest.mark.parametrize(("readers", "reader_sd"), [(4, 0.3), (2, 0.3), (2, 1.5)])
def test_intervals_of_the_correlation_hold_the_truth(readers: int, reader_sd: float) -> None:
    """Two readers who draw otherwise are where one F distribution in place of three mean squares fails."""
    rng, held = np.random.default_rng(8), 0
    for _ in range(200):
        apart = rng.normal(0, reader_sd, (1, readers))
        table = rng.normal(0, 2, (25, 1)) + apart + rng.normal(0, 1, (25, readers))
        _, low, high = complete(icc_agreement(table))
        held += low <= 4 / (4 + reader_sd**2 + 1) <= high
    assert 0.91 <= held / 200 <= 0.99


def test_a_generalised_interval_is_that_of_the_integral() -> None:
    """P(share of the cases ≤ end) = 2.5 %, 97.5 %, integrated over two χ² by 200 × 200 Gauss–Legendre points,
    the third in closed form."""
    assert complete(icc_agreement(RATINGS))[1:] == pytest.approx((0.02682, 0.74550), abs=4e-3)


@settings(max_examples=60, deadline=None)
@given(pairs)
@example(np.array([[2.0, 1.0], [1.0, 3.0], [2.0, 1.0]]))  # a coefficient of -2
def test_nothing_told_is_ever_no_number(table: Pairs) -> None:
    first, second = table.T
    both, own = area_agreement(first, second), area_repeats(first, second)
    sides = [
        limits
        for scale in (both.limits_mm2, both.ratio_limits)
        for limits in (scale.bias, scale.lower, scale.upper)
    ]
    for found in (both.icc, own.icc, own.repeatability_mm2, own.repeatability_ratio, *sides):
        assert (found.interval is not None) == (found.note == "estimated")
        assert found.n == len(table)
        if found.interval is not None:
            value, low, high = complete(found)
            assert np.isfinite([value, low, high]).all()
            assert low <= value + 1e-9 * abs(value)
            assert value <= high + 1e-9 * abs(value)


@settings(max_examples=40, deadline=None)
@given(pairs)
def test_exchanged_readers_turn_the_differences_round(table: Pairs) -> None:
    one, other = area_agreement(*table.T), area_agreement(*table.T[::-1])
    assert one.icc.value == pytest.approx(other.icc.value, abs=1e-9)
    if one.limits_mm2.bias.note == "estimated":
        assert complete(one.limits_mm2.upper)[0] == pytest.approx(
            -complete(other.limits_mm2.lower)[0], abs=1e-9
        )
        assert complete(one.ratio_limits.bias)[0] == pytest.approx(1 / complete(other.ratio_limits.bias)[0])


@settings(max_examples=40, deadline=None)
@given(pairs, st.floats(0.1, 10), st.floats(0.5, 2))
def test_another_unit_scales_limits_and_leaves_ratios(table: Pairs, unit: float, wider: float) -> None:
    one, other = area_agreement(*table.T), area_agreement(*(unit * table).T)
    drawn_wider = area_agreement(wider * table[:, 0], table[:, 1])
    if "estimated" not in {one.ratio_limits.bias.note} & {other.ratio_limits.bias.note}:
        return
    if drawn_wider.ratio_limits.bias.note != "estimated" or one.limits_mm2.bias.note != "estimated":
        return
    assert complete(other.limits_mm2.upper) == pytest.approx(
        unit * np.array(complete(one.limits_mm2.upper)), rel=1e-6, abs=1e-6
    )
    assert complete(other.ratio_limits.upper) == pytest.approx(complete(one.ratio_limits.upper), rel=1e-6)
    assert complete(drawn_wider.ratio_limits.bias) == pytest.approx(
        wider * np.array(complete(one.ratio_limits.bias)), rel=1e-6
    )
    assert other.icc.value == pytest.approx(one.icc.value, abs=1e-6)


def test_a_reader_who_draws_wider_lowers_absolute_agreement() -> None:
    truth = np.random.default_rng(2).lognormal(2.5, 0.4, 40)
    noise = np.random.default_rng(3).normal(0, 0.5, 40)
    even, wider = (icc_agreement(np.column_stack([truth, truth + noise + shift])) for shift in (0.0, 4.0))
    assert complete(wider)[0] < complete(even)[0] - 0.1


@pytest.mark.parametrize("n", [0, 1, 2])
def test_two_cases_are_not_enough(n: int) -> None:
    first = np.arange(1.0, n + 1)
    both, own = area_agreement(first, first + 1), area_repeats(first, first + 1)
    for found in (both.icc, both.limits_mm2.upper, both.ratio_limits.bias, own.icc, own.repeatability_mm2):
        assert found == Estimate.missing(n)
    assert len(both.limits_mm2.points) == n  # what there is is drawn


def test_the_same_areas_twice_agree_without_an_interval() -> None:
    first = np.array([3.1, 8.2, 11.7, 20.3])
    both, own = area_agreement(first, first.copy()), area_repeats(first, first.copy())
    assert both.icc == own.icc == Estimate(1.0, None, 4, "all_agree")
    assert both.limits_mm2.upper == Estimate(0.0, None, 4, "all_agree")
    assert both.ratio_limits.lower == Estimate(1.0, None, 4, "all_agree")
    assert own.repeatability_mm2 == Estimate(0.0, None, 4, "all_agree")


def test_cases_that_do_not_differ_give_no_correlation() -> None:
    same = np.full((5, 2), 7.3)
    assert icc_agreement(same) == icc_one_way(same) == Estimate.missing(5, "no_spread")


def test_a_constant_difference_has_no_interval() -> None:
    found = area_agreement(np.array([3.0, 5.0, 9.0]), np.array([4.0, 6.0, 10.0])).limits_mm2
    assert (found.bias.value, found.bias.interval, found.bias.note) == (-1.0, None, "no_spread")


def test_points_come_by_size_and_not_by_case() -> None:
    found = area_agreement(np.array([9.0, 3.0, 6.0]), np.array([8.0, 4.0, 6.0]))
    assert found.limits_mm2.points == ((3.5, -1.0), (6.0, 0.0), (8.5, 1.0))
    assert found.ratio_limits.points[0] == pytest.approx([np.sqrt(12), 0.75])


def test_areas_are_positive() -> None:
    with pytest.raises(ValueError, match="positive"):
        area_agreement(np.array([1.0, 0.0, 2.0]), np.ones(3))
