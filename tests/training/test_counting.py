"""The choice of a way of counting from scores that were counted before."""

from __future__ import annotations

import numpy as np
import pytest

from models.counting import Counting
from training.counting import CANDIDATES, MIDDLE, TIE, best_candidate


@pytest.mark.parametrize("best", [Counting(0.3), Counting(0.7, 0.9), Counting(0.5, 0.8)])
def test_a_clearly_better_way_is_taken(best: Counting) -> None:
    score = np.array([1.0 if one == best else 1.0 - 2 * TIE for one in CANDIDATES])
    assert CANDIDATES[best_candidate(score)] == best


def test_between_equals_even_odds_are_taken_and_the_least_certainty() -> None:
    score = np.array([1.0 - abs(one.threshold - 0.3) * TIE for one in CANDIDATES])
    assert CANDIDATES[best_candidate(score)] == Counting(MIDDLE)


def test_certainty_is_asked_for_where_it_does_better() -> None:
    score = np.array([1.0 if one.certainty >= 0.8 else 0.9 for one in CANDIDATES])
    assert CANDIDATES[best_candidate(score)] == Counting(MIDDLE, 0.8)
