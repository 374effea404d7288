"""Budgets combine in quadrature and name what matters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.uncertainty import Budget, Component, from_changes


@given(st.lists(st.floats(0, 10), min_size=1, max_size=8))
def test_combined_lies_between_largest_and_sum(values: list[float]) -> None:
    budget = Budget(tuple(Component(str(index), value, "test") for index, value in enumerate(values)))
    assert max(values) <= budget.combined_mm2 + 1e-9
    assert budget.combined_mm2 <= sum(values) + 1e-9
    assert budget.expanded_mm2 == pytest.approx(2 * budget.combined_mm2)
    assert values[int(budget.dominant)] == max(values)


def test_change_counts_either_way() -> None:
    assert from_changes("focal length", 10.0, [9.7], "test").u_area_mm2 == pytest.approx(0.3)
    assert from_changes("focal length", 10.0, [10.3], "test").u_area_mm2 == pytest.approx(0.3)


def test_of_changes_both_ways_the_larger_counts() -> None:
    assert from_changes("inclination", 10.0, [10.1, 9.3], "test").u_area_mm2 == pytest.approx(0.7)
