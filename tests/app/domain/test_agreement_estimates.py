"""Shares with Wilson's interval, and the seeded bootstrap."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.agreement_estimates import FEWEST_RESAMPLED, Estimate, ratio_of_sums, share


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_newcombes_worked_examples(hits: int, n: int, low: float, high: float) -> None:
    """Newcombe 1998, Stat Med 17:857, table I, method 3."""
    assert share(hits, n).interval == pytest.approx((low, high), abs=5e-5)


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_share_lies_within_its_interval_and_the_rest_is_its_mirror(hits: int, misses: int) -> None:
    found, mirrored = share(hits, hits + misses), share(misses, hits + misses)
    if hits + misses == 0:
        assert found == Estimate.missing(0)
        return
    assert found.value is not None
    assert found.interval is not None
    assert mirrored.interval is not None
    assert 0 <= found.interval[0] <= found.value <= found.interval[1] <= 1
    assert found.interval == pytest.approx((1 - mirrored.interval[1], 1 - mirrored.interval[0]), abs=1e-12)


@pytest.mark.parametrize(("hits", "n"), [(3, 2), (-1, 4)])
def test_no_share_of_fewer_than_its_hits(hits: int, n: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        share(hits, n)


cases = st.lists(st.tuples(st.floats(-5, 5), st.floats(0.1, 5)), min_size=1, max_size=30)


@settings(max_examples=20, deadline=None)
@given(cases, st.randoms(use_true_random=False))
def test_the_bootstrap_knows_no_order_and_holds_its_value_between_the_cases(
    sample: list[tuple[float, float]], shuffle: object
) -> None:
    mixed = list(sample)
    shuffle.shuffle(mixed)  # type: ignore[attr-defined]
    one, other = (ratio_of_sums(*np.array(each).T) for each in (sample, mixed))
    assert one.value == pytest.approx(other.value, abs=1e-9)
    if len(sample) < FEWEST_RESAMPLED:
        assert (one.interval, one.note) == (None, "too_few")
        return
    assert one.interval == pytest.approx(other.interval, abs=1e-9)
    ratios = [a / b for a, b in sample]
    assert one.interval is not None
    assert min(ratios) - 1e-9 <= one.interval[0] <= one.interval[1] <= max(ratios) + 1e-9


def test_the_bootstrap_of_a_mean_is_about_students_interval() -> None:
    sample = np.random.default_rng(4).normal(3, 1, 200)
    found = ratio_of_sums(sample, np.ones_like(sample))
    half = 1.96 * sample.std(ddof=1) / np.sqrt(200)
    assert found.interval == pytest.approx((sample.mean() - half, sample.mean() + half), abs=0.02)


def test_denominators_are_positive() -> None:
    with pytest.raises(ValueError, match="positive"):
        ratio_of_sums(np.ones(3), np.array([1.0, 0.0, 1.0]))


def test_nothing_gives_nothing() -> None:
    assert ratio_of_sums(np.empty(0), np.empty(0)) == Estimate.missing(0)
