"""The order of a reader's queue follows from nothing that anybody could know."""

from __future__ import annotations

import random

import numpy as np
from scipy.stats import spearmanr

from app.domain.blinding import blinded_assessment, queue_position

SECRET = b"s" * 32
CASES = 2_000


def _codes(seed: int) -> list[str]:
    chance = random.Random(seed)
    return [f"{chance.getrandbits(128):032x}" for _ in range(CASES)]


def test_order_is_not_that_of_arrival_nor_another_readers() -> None:
    arrival = np.arange(CASES)
    first = [queue_position(SECRET, "reader a", code) for code in _codes(1)]
    second = [queue_position(SECRET, "reader b", code) for code in _codes(2)]
    assert abs(spearmanr(arrival, np.argsort(np.argsort(first))).statistic) < 0.05
    assert abs(spearmanr(np.argsort(np.argsort(first)), np.argsort(np.argsort(second))).statistic) < 0.05


def test_order_needs_the_secret() -> None:
    codes = _codes(3)
    ours = np.argsort([queue_position(SECRET, "reader", code) for code in codes])
    guess = np.argsort([queue_position(b"t" * 32, "reader", code) for code in codes])
    assert abs(spearmanr(np.argsort(ours), np.argsort(guess)).statistic) < 0.05
    assert abs(spearmanr(np.argsort(ours), np.argsort(np.argsort(codes))).statistic) < 0.05


def test_numbers_are_no_fingerprint() -> None:
    assessment = blinded_assessment(
        case_code="c" * 32,
        area_mm2=11.623456789,
        u_area_mm2=0.412345678,
        epithelialisation_percent=37.512345,
        verdict="smaller",
        compared=True,
        model="m",
        version="1",
    )
    assert (assessment.area_mm2, assessment.u_area_mm2) == (11.62, 0.41)
    assert assessment.epithelialisation_percent == 37.5
    assert assessment.overlay_url == f"/v1/assessments/{'c' * 32}/overlay"
    assert assessment.comparison_url == f"/v1/assessments/{'c' * 32}/comparison"
