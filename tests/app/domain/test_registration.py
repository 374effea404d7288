"""Skin found again: displaced, turned, stretched; and not where it is another finger's."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.domain.footprint import Footprint
from app.domain.registration import register
from tests.app.domain.test_healing import COLUMNS, ROWS, footprint, skin

MIDDLE = np.array([140.0, 200.0])


def moved(first: Footprint, matrix: NDArray[np.float64]) -> Footprint:
    """The same skin and ulcer where the matrix takes them."""
    size = (COLUMNS, ROWS)
    texture = cv2.warpAffine(
        first.texture, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT
    )
    opened = cv2.warpAffine(first.open.astype(np.float32), matrix, size) > 0.5
    return replace(first, texture=np.maximum(texture, 1), open=opened)


@settings(max_examples=8, deadline=None)
@given(
    st.floats(-25, 25),
    st.floats(-30, 30),
    st.floats(0.97, 1.03),
    st.floats(0.97, 1.03),
    st.floats(-0.03, 0.03),
)
def test_displacement_and_stretch_are_found_to_a_fifth_of_a_cell(
    down: float, right: float, wide: float, long: float, shear: float
) -> None:
    shape = np.array([[wide, shear], [0.0, long]])
    matrix = np.column_stack([shape, MIDDLE - shape @ MIDDLE + [right, down]])
    baseline = footprint((200, 140), 20, skin())
    found = register(baseline, moved(baseline, matrix))
    assert found.is_believed
    places = MIDDLE + np.array([[-20, 0], [20, 0], [0, -20], [0, 20]])
    truth, guess = (places @ one[:, :2].T + one[:, 2] for one in (matrix, found.matrix))
    assert guess == pytest.approx(truth, abs=0.2)


@pytest.mark.parametrize("turn_deg", [-17.0, 9.0, 20.0])
def test_a_standing_tip_is_found_turned(turn_deg: float) -> None:
    baseline = replace(footprint((225, 155), 15, skin()), chart="tip")
    matrix = np.asarray(cv2.getRotationMatrix2D((139.5, 224.5), turn_deg, 1.0))
    found = register(baseline, moved(baseline, matrix))
    assert found.is_believed
    assert found.matrix[:, :2] == pytest.approx(matrix[:, :2], abs=0.02)


def test_masks_go_forth_and_back() -> None:
    baseline = footprint((200, 140), 20, skin())
    matrix = np.column_stack([np.eye(2), [12.4, -7.3]])
    found = register(baseline, moved(baseline, matrix))
    there = found.carried(baseline.open)
    assert there.sum() == pytest.approx(baseline.open.sum(), rel=0.01)
    back = found.moved_back(there)
    assert np.abs(back - baseline.open).sum() < 0.05 * baseline.open.sum()


def test_another_fingers_skin_is_not_believed() -> None:
    baseline = footprint((200, 140), 20, skin(0))
    others = [register(baseline, footprint((200, 140), 20, skin(seed))) for seed in range(1, 9)]
    assert not any(other.is_believed for other in others), [other.quality for other in others]


def test_a_lying_digit_is_not_laid_over_a_standing_one() -> None:
    baseline = footprint((200, 140), 20, skin())
    assert not register(baseline, replace(baseline, chart="tip")).is_believed


def test_a_shorter_grid_is_not_laid_over_a_longer_one() -> None:
    baseline = footprint((200, 140), 20, skin())
    shorter = replace(baseline, open=baseline.open[:450], texture=baseline.texture[:450])
    assert not register(baseline, shorter).is_believed


def test_no_skin_in_common_is_no_registration() -> None:
    baseline = footprint((200, 140), 20, skin())
    unseen = replace(baseline, texture=np.zeros((ROWS, COLUMNS), np.uint8))
    assert not register(baseline, unseen).is_believed
