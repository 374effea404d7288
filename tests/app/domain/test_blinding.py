"""The order of a reader's queue follows from nothing that anybody could know."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
from scipy.stats import spearmanr

from app.domain.blinding import BlindedRead, BlindedValues, blinded_assessment, queue_position

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


MACHINE = BlindedValues(11.623456789, 0.412345678, 37.512345, "smaller")


def _told(read: BlindedRead | None) -> dict[str, Any]:
    return blinded_assessment(
        case_code="c" * 32, machine=MACHINE, read=read, compared=True, model="m", version="1"
    )


def test_numbers_are_no_fingerprint() -> None:
    told = _told(None)
    assert (told["source"], told["status"], told["category"]) == ("machine", "measured", None)
    assert (told["area_mm2"], told["u_area_mm2"], told["epithelialisation_percent"]) == (11.62, 0.41, 37.5)
    assert told["overlay_url"] == f"/v1/assessments/{'c' * 32}/overlay"
    assert told["comparison_url"] == f"/v1/assessments/{'c' * 32}/comparison"


def test_the_readers_values_count_and_the_machines_stand_beside() -> None:
    values = BlindedValues(9.87654, 0.33333, 45.6789, "smaller")
    agreement = {"categories": ["open", "open"], "area_difference_percent": 12.3456, "dice": 0.87654}
    told = _told(BlindedRead("open", values, False, agreement, 2, 3))
    assert (told["source"], told["status"], told["area_mm2"]) == ("readers", "read", 9.88)
    assert told["machine"]["area_mm2"] == 11.62
    assert told["agreement"] == {"categories_agree": True, "area_difference_percent": 12.3, "dice": 0.877}
    assert (told["assessment_version"], told["charter_version"]) == (2, 3)
