"""Queues, repeats and crops follow from nothing but the secret."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from scipy.stats import spearmanr

from app.domain.blinding import queue_position
from app.domain.case_assembly import (
    CROP_PX,
    chosen_readers,
    crop_of,
    first_is_a,
    is_repeated,
    sequential_position,
)

SECRET = b"a secret of this test alone"
CASES = [f"{number:032x}" for number in range(2000)]


def test_readers_share_the_work_evenly() -> None:
    readers = ["a", "b", "c", "d", "e"]
    chosen = [chosen_readers(SECRET, case, 1, readers, 2) for case in CASES]
    assert all(len(set(pair)) == 2 for pair in chosen)
    load = Counter(reader for pair in chosen for reader in pair)
    assert max(load.values()) - min(load.values()) < 0.12 * len(CASES)
    assert len({tuple(sorted(pair)) for pair in chosen}) == 10


def test_too_few_readers_read_nothing() -> None:
    assert chosen_readers(SECRET, CASES[0], 1, ["a"], 2) == []


def test_the_order_of_readers_in_a_list_does_not_matter() -> None:
    for case in CASES[:50]:
        one = chosen_readers(SECRET, case, 1, ["a", "b", "c"], 2)
        other = chosen_readers(SECRET, case, 1, ["c", "a", "b"], 2)
        assert one == other


@pytest.mark.parametrize("percent", [0.0, 10.0, 25.0])
def test_as_many_are_repeated_as_the_charter_says(percent: float) -> None:
    share = np.mean([is_repeated(SECRET, "a", case, percent) for case in CASES])
    assert abs(100 * share - percent) <= 3 * (percent * (100 - percent) / len(CASES)) ** 0.5


def test_positions_follow_neither_arrival_nor_each_other() -> None:
    places = [int(queue_position(SECRET, "a", case)[:12], 16) for case in CASES]
    others = [int(queue_position(SECRET, "b", case)[:12], 16) for case in CASES]
    assert abs(spearmanr(np.arange(len(CASES)), places).statistic) < 0.05
    assert abs(spearmanr(others, places).statistic) < 0.05


def test_visits_of_an_ulcer_follow_each_other_where_the_charter_says_so() -> None:
    days = [-3, 0, 14, 112]
    places = [sequential_position(SECRET, "a", "ulcer", day) for day in days]
    assert places == sorted(places)
    other = [sequential_position(SECRET, "a", "another", day) for day in days]
    assert (max(places) < min(other)) or (max(other) < min(places))


def test_crops_differ_and_stay_small() -> None:
    crops = [crop_of(SECRET, case, 1000, 600) for case in CASES]
    assert max(max(vars(crop).values()) for crop in crops) == CROP_PX
    assert len(set(crops)) > 0.99 * len(CASES)
    tiny = crop_of(SECRET, CASES[0], 40, 30)
    assert max(vars(tiny).values()) <= 3


def test_sides_are_even_and_another_secret_gives_other_answers() -> None:
    assert abs(np.mean([first_is_a(SECRET, case) for case in CASES]) - 0.5) < 0.04
    one, other = ([queue_position(secret, "a", case) for case in CASES[:20]] for secret in (SECRET, b"other"))
    assert not set(one) & set(other)
