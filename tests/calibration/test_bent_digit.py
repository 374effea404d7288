"""Where a digit bends, as its two sides show it."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.bent_digit import straight_part
from calibration.silhouette import Silhouette

JOINT_MM = 45.0


def sides(bend_deg: float, askew_deg: float = 0.0, noise_mm: float = 0.05) -> Silhouette:
    """A digit 16 mm wide from y = 20, its middle line bent at the joint."""
    y_mm = np.arange(20.0, 60.0, 0.1)
    turn, bend = np.tan(np.radians([askew_deg, bend_deg]))
    middle = 40 + turn * (y_mm - 20) + bend * np.maximum(y_mm - JOINT_MM, 0)
    half = 8 * np.sqrt(1 - np.clip(1 - (y_mm - 20) / 8, 0, 1) ** 2)
    noise = np.random.default_rng(1).normal(0, noise_mm, (2, len(y_mm)))
    left, right = (
        np.column_stack([middle + way * half + noise[row], y_mm]) for row, way in enumerate((-1, 1))
    )
    return Silhouette(left, right, np.ones((2, 2), bool), 1.0)


@pytest.mark.parametrize("bend_deg", [-15.0, -7.0, 7.0, 15.0])
def test_a_bend_at_the_joint_ends_the_straight_part(bend_deg: float) -> None:
    found = straight_part(sides(bend_deg, askew_deg=3.0))
    for side in (found.left_mm, found.right_mm):
        assert JOINT_MM - 5 < side[:, 1].max() < JOINT_MM


@pytest.mark.parametrize("askew_deg", [0.0, 8.0])
def test_a_straight_digit_is_kept_whole_however_it_lies(askew_deg: float) -> None:
    whole = sides(0.0, askew_deg)
    assert straight_part(whole) is whole


def test_a_slight_bend_is_left_alone() -> None:
    whole = sides(2.0)
    assert straight_part(whole) is whole
