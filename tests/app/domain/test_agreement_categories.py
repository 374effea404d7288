"""Cohen's κ and Gwet's AC: worked examples, rules, and what cannot be told."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from app.domain.agreement_categories import (
    CATEGORIES,
    Category,
    Weighting,
    category_agreement,
    cross_table,
    gwet,
    kappa,
    weights,
)
from app.domain.agreement_estimates import Estimate, Z

Counts = NDArray[np.int64]
Statistic = Callable[[Counts, NDArray[np.float64]], Estimate]
WEIGHTINGS: tuple[Weighting, ...] = ("plain", "linear", "quadratic")

tables = arrays(np.int64, (3, 3), elements=st.one_of(st.just(0), st.integers(0, 40)))
weightings = st.sampled_from(WEIGHTINGS)
statistics = st.sampled_from([kappa, gwet])

ABSTRACTORS = np.array([[13, 0, 0], [0, 20, 7], [0, 4, 56]])
"""Two abstractors, 100 pregnancies: Gwet 2014, Handbook of Inter-Rater Reliability; `cont3x3abstractors` of
his package irrCAC, whose overview states the figures below."""

DIAGNOSES = np.array([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
"""Two judges, 200 patients: Cohen 1968, Psychol Bull 70:213, table 1, with his disagreement weights."""

DIAGNOSES_DISAGREEMENT = np.array([[0, 1, 3], [1, 0, 6], [3, 6, 0]])


BOTH_OPEN: list[tuple[Category, Category]] = [("open", "open")]
BOTH_CLOSED: list[tuple[Category, Category]] = [("closed", "closed")]
OPEN_CLOSED: list[tuple[Category, Category]] = [("open", "closed")]


def value(estimate: Estimate) -> float:
    assert estimate.value is not None
    return estimate.value


def ends(estimate: Estimate) -> tuple[float, float]:
    assert estimate.interval is not None
    return estimate.interval


def se(estimate: Estimate) -> float:
    return (value(estimate) - ends(estimate)[0]) / Z


def test_gwets_worked_example() -> None:
    found = gwet(ABSTRACTORS, weights("plain"))
    assert found.value == pytest.approx(0.8493305, abs=5e-8)
    assert se(found) == pytest.approx(0.04321747, abs=5e-9)


def test_kappa_and_its_standard_error_on_gwets_worked_example() -> None:
    found = kappa(ABSTRACTORS, weights("plain"))
    assert found.value == pytest.approx(0.7964094, abs=5e-8)
    assert se(found) == pytest.approx(0.05891072, abs=5e-9)


def test_cohens_worked_example_plain_and_weighted() -> None:
    assert kappa(DIAGNOSES, weights("plain")).value == pytest.approx(0.492, abs=5e-4)
    assert kappa(DIAGNOSES, 1 - DIAGNOSES_DISAGREEMENT / 6).value == pytest.approx(0.348, abs=5e-4)


@given(statistics, tables, weightings)
def test_nothing_untold_is_ever_a_number_that_is_none(
    statistic: Statistic, counts: Counts, weighting: Weighting
) -> None:
    found = statistic(counts, weights(weighting))
    assert (found.interval is not None) == (found.note == "estimated")
    if found.value is not None:
        # chance may expect more credit than one half of Gwet's readers, not of Cohen's
        assert statistic is gwet or found.value >= -1 - 1e-12
        assert found.value <= 1 + 1e-12
    if found.interval is not None:
        assert min(-1, value(found)) <= found.interval[0] <= value(found) <= found.interval[1] <= 1


def test_gwets_weighted_coefficient_of_few_cases_may_lie_below_minus_one() -> None:
    found = gwet(np.array([[0, 1, 4], [0, 0, 0], [0, 0, 0]]), weights("quadratic"))
    assert value(found) == pytest.approx((0.15 - 0.58) / 0.42)
    assert found.interval is not None
    assert found.interval[0] == value(found)


@given(statistics, tables, weightings)
def test_it_does_not_matter_which_reader_comes_first(
    statistic: Statistic, counts: Counts, weighting: Weighting
) -> None:
    one, other = (statistic(table, weights(weighting)) for table in (counts, counts.T))
    assert one.note == other.note
    assert one.value == pytest.approx(other.value, abs=1e-12)


@given(statistics, tables, st.permutations(range(3)))
def test_plain_coefficients_know_no_order_of_categories(
    statistic: Statistic, counts: Counts, order: list[int]
) -> None:
    one, other = (statistic(table, np.eye(3)) for table in (counts, counts[np.ix_(order, order)]))
    assert one.value == pytest.approx(other.value, abs=1e-12)


@given(statistics, tables, weightings, st.integers(2, 9))
def test_more_reads_of_the_same_kind_only_narrow_the_interval(
    statistic: Statistic, counts: Counts, weighting: Weighting, times: int
) -> None:
    one, many = (statistic(table, weights(weighting)) for table in (counts, times * counts))
    if one.interval is None or -1 in one.interval or 1 in one.interval:
        return
    assert many.value == pytest.approx(one.value)
    assert se(many) == pytest.approx(se(one) / np.sqrt(times))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([kappa, gwet]), weightings)
def test_intervals_hold_the_truth_as_often_as_they_say(
    seed: int, statistic: Statistic, weighting: Weighting
) -> None:
    shares = np.array([[0.5, 0.04, 0.06], [0.02, 0.05, 0.03], [0.06, 0.02, 0.22]])
    truth = statistic((shares * 10**6).round().astype(int), weights(weighting))
    # So many that a seed alone, of the many that are tried, does not move the share by more than 0.02.
    draws = np.random.default_rng(seed).multinomial(150, shares.ravel(), 4_000).reshape(-1, 3, 3)
    found = [ends(statistic(counts, weights(weighting))) for counts in draws]
    held = np.mean([low <= value(truth) <= high for low, high in found])
    assert 0.90 <= held <= 0.985


@pytest.mark.parametrize("n", [0, 1])
def test_none_and_one_pair_are_not_enough(n: int) -> None:
    found = category_agreement(n * BOTH_OPEN)
    untold = [
        found.kappa,
        found.kappa_linear,
        found.kappa_quadratic,
        found.ac1,
        found.ac2_linear,
        found.ac2_quadratic,
    ]
    assert {(one.value, one.interval, one.n, one.note) for one in untold} == {(None, None, n, "too_few")}
    assert found.observed.value == (1.0 if n else None)


def test_agreement_without_exception_is_one_without_an_interval() -> None:
    found = category_agreement(7 * BOTH_OPEN + 3 * BOTH_CLOSED)
    for one in (found.kappa, found.kappa_quadratic, found.ac1, found.ac2_quadratic):
        assert value(one) == pytest.approx(1.0)
        assert (one.interval, one.note) == (None, "all_agree")
    assert ends(found.observed)[0] == pytest.approx(0.7224672, abs=1e-6)  # Wilson's interval has width


def test_one_category_only_leaves_kappa_untold_and_ac1_told() -> None:
    found = category_agreement(10 * BOTH_OPEN)
    assert (found.kappa.value, found.kappa.note) == (None, "one_category")
    assert value(found.ac1) == pytest.approx(1.0)
    assert found.ac1.note == "all_agree"


def test_a_reader_who_never_changes_leaves_kappa_untold() -> None:
    found = category_agreement(9 * BOTH_OPEN + 3 * OPEN_CLOSED)
    assert (found.kappa_quadratic.value, found.kappa_quadratic.note) == (None, "one_category")
    assert found.ac1.note == "estimated"


def test_an_empty_category_changes_kappa_nothing_and_counts_for_ac1() -> None:
    two = np.array([[30, 4], [6, 20]])
    three = np.zeros((3, 3), int)
    three[np.ix_([0, 2], [0, 2])] = two
    assert kappa(three, np.eye(3)).value == pytest.approx(kappa(two, np.eye(2)).value)
    # Chance is spread over three categories that could have been chosen, so that it explains less.
    assert value(gwet(three, np.eye(3))) > value(gwet(two, np.eye(2)))


def test_always_the_same_disagreement_has_no_interval() -> None:
    found = gwet(cross_table(8 * OPEN_CLOSED), weights("plain"))
    assert (found.interval, found.note) == (None, "no_spread")


def test_kappa_paradox_lowers_kappa_and_leaves_ac1() -> None:
    """Feinstein & Cicchetti 1990: the same agreement, one category rare."""
    even, rare = np.array([[40, 9], [6, 45]]), np.array([[80, 10], [5, 5]])
    assert np.trace(even) == np.trace(rare)
    assert value(kappa(rare, np.eye(2))) < value(kappa(even, np.eye(2))) - 0.3
    assert value(gwet(rare, np.eye(2))) > value(gwet(even, np.eye(2)))


def test_weights_take_not_assessable_for_the_middle() -> None:
    assert CATEGORIES == ("open", "not_assessable", "closed")
    assert weights("linear")[0].tolist() == [1.0, 0.5, 0.0]
    assert weights("quadratic")[0].tolist() == [1.0, 0.75, 0.0]
