"""The choice of a threshold from scores that were counted before."""

from __future__ import annotations

import numpy as np
import pytest

from training import threshold
from training.threshold import CANDIDATES, MIDDLE, TIE, best_candidate


@pytest.mark.parametrize(("peak", "chosen"), [(0.3, 0.3), (0.7, 0.7)])
def test_a_clearly_better_threshold_is_taken(peak: float, chosen: float) -> None:
    score = np.where(np.isclose(CANDIDATES, peak), 1.0, 1.0 - 2 * TIE)
    assert CANDIDATES[best_candidate(score)] == pytest.approx(chosen)


def test_between_equals_even_odds_are_taken() -> None:
    score = 1.0 - np.abs(CANDIDATES - 0.3) * TIE
    assert CANDIDATES[best_candidate(score)] == pytest.approx(MIDDLE)


def test_candidates_hold_the_middle() -> None:
    assert MIDDLE in threshold.CANDIDATES
