"""The radius from two envelopes, one of which is dented or bulges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from calibration.radius_profile import PROFILE_STEP_MM, radius_profile

GRID_MM = np.arange(0.0, 40.0, PROFILE_STEP_MM)


def digit(radius_mm: float) -> NDArray[np.float64]:
    """A tip that closes over 9 mm, a taper, and a joint's bulge."""
    open_share = np.clip(1 - GRID_MM / 9.0, 0.0, 1.0)
    taper = 1 - 0.06 * np.clip((35 - GRID_MM) / 35, 0, 1)
    return radius_mm * np.sqrt(1 - open_share**2) * (taper + 0.03 * np.exp(-0.5 * ((GRID_MM - 25) / 5) ** 2))


@settings(max_examples=20, deadline=None)
@given(
    radius_mm=st.floats(5.5, 11.0),
    height_mm=st.floats(0.35, 1.0).flatmap(lambda size: st.sampled_from([size, -size])),
    place_mm=st.floats(12.0, 30.0),
    length_mm=st.floats(3.0, 7.0),
)
def test_a_dent_or_crust_on_one_side_moves_the_radius_by_less_than_a_tenth_of_a_millimetre(
    radius_mm: float, height_mm: float, place_mm: float, length_mm: float
) -> None:
    true = digit(radius_mm)
    bump = height_mm * np.clip(1 - ((GRID_MM - place_mm) / (length_mm / 2)) ** 2, 0, 1)
    found = radius_profile(GRID_MM, true + bump, true)
    behind = GRID_MM > 9.0
    assert np.abs(found.radius_mm - true)[behind].max() < 0.1
    assert found.left_weight[np.abs(bump).argmax()] < found.right_weight[np.abs(bump).argmax()]


def test_a_clean_digit_is_followed_with_its_joint_and_its_tip() -> None:
    true = digit(8.0)
    found = radius_profile(GRID_MM, true, true)
    assert found.radius_mm[20:] == pytest.approx(true[20:], abs=0.06)
    assert found.left_weight[20:].min() > 0.9


def test_sides_that_disagree_everywhere_are_not_believed() -> None:
    true = digit(8.0)
    wave = 1.5 * np.sin(GRID_MM / 2.0)
    found = radius_profile(GRID_MM, true + wave, true - wave)
    behind = GRID_MM > 9.0
    assert np.minimum(found.left_weight, found.right_weight)[behind].mean() < 0.5
