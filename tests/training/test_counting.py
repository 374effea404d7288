"""The choice of a way of counting from scores that were counted before."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.counting import Counting
from models.segmenter import Segmentation
from models.weights_info import WeightsInfo
from training.counting import CANDIDATES, MIDDLE, TIE, best_candidate, best_digit_certainty
from training.exams import Exam


@dataclass(frozen=True)
class Saying:
    """A network that says the same of every picture."""

    ulcer: NDArray[np.float32]

    @property
    def weights(self) -> WeightsInfo:
        return WeightsInfo("saying", "0", "", Path(), Counting(0.5))

    def segment(self, rgb: NDArray[np.uint8]) -> Segmentation:
        return Segmentation(self.ulcer, np.ones_like(self.ulcer))

    def segment_many(self, pictures: list[NDArray[np.uint8]]) -> list[Segmentation]:
        return [self.segment(rgb) for rgb in pictures]


def _digit(ulcer: slice | None) -> Exam:
    """A digit on the left half of a picture, with an ulcer in some of its rows."""
    labels = np.zeros((60, 60, 3), np.uint8)
    labels[:, :30, 1] = 1
    if ulcer is not None:
        labels[ulcer, 5:25, 0] = 1
    return Exam("digit", np.zeros((60, 60, 3), np.uint8), labels, "digit")


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


@pytest.mark.parametrize(
    ("sure", "ulcer", "certainty"),
    [(0.82, slice(5, 25), 0.0), (0.82, None, 0.85)],
    ids=["an ulcer that is not quite sure", "a stain that is taken for one"],
)
def test_on_a_digit_stains_and_ulcers_decide_and_what_lies_beside_does_not(
    sure: float, ulcer: slice | None, certainty: float
) -> None:
    said = np.zeros((60, 60), np.float32)
    said[5:25, 5:25] = sure
    said[:, 40:] = 0.9  # something red beside the digit
    assert best_digit_certainty(Saying(said), [_digit(ulcer)], 0.5) == certainty
