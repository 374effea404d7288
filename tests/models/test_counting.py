"""Parts of a picture that count as open ulcer."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from models.counting import Counting


def test_a_part_counts_whole_where_it_is_sure_somewhere() -> None:
    probability = np.zeros((20, 30), np.float32)
    probability[2:8, 2:8] = 0.6
    probability[4, 4] = 0.95
    probability[12:18, 12:18] = 0.85
    found = Counting(0.5, 0.9).open_ulcer(probability)
    assert found[2:8, 2:8].all()
    assert found.sum() == 36


def test_without_certainty_any_part_counts() -> None:
    probability = np.full((4, 4), 0.51, np.float32)
    assert Counting(0.5).open_ulcer(probability).all()
    assert not Counting(0.5, 0.6).open_ulcer(probability).any()


def test_a_part_beside_the_hand_does_not_count_however_sure() -> None:
    probability, skin = np.zeros((10, 20), np.float32), np.ones((10, 20), np.float32)
    probability[2:6, 2:6] = probability[2:6, 12:16] = 0.99
    skin[:, 10:] = 0.2
    found = Counting(0.5, 0.9).open_ulcer(probability, skin)
    assert found[2:6, 2:6].all()
    assert found.sum() == 16


def test_parts_that_touch_by_a_corner_are_one() -> None:
    probability = np.zeros((4, 4), np.float32)
    probability[0, 0], probability[1, 1] = 0.6, 0.95
    assert Counting(0.5, 0.9).open_ulcer(probability).sum() == 2


@given(
    arrays(np.float32, (9, 11), elements=st.floats(0, 1, width=32)),
    st.floats(0.2, 0.8),
    st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
@settings(max_examples=60, deadline=None)
def test_more_certainty_finds_no_more_and_never_beyond_the_border(
    probability: NDArray[np.float32], threshold: float, certainties: tuple[float, float]
) -> None:
    less, more = (Counting(threshold, certainty).open_ulcer(probability) for certainty in sorted(certainties))
    assert not (more & ~less).any()
    assert not (less & ~(probability > threshold)).any()
    sure = probability >= max(certainties)
    assert (more[sure & (probability > threshold)]).all()
