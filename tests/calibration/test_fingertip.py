"""Caps are recovered from rays that touch them, blunt and pointed, seen squarely and from the hand."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.fingertip import Cap, fit_cap

RADIUS_MM = 8.0


def touching_rays(cap: Cap, lean: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Straight lines in the axis' plane that touch the profile from outside, and their courses."""
    along = cap.tip_mm + cap.length_mm * np.linspace(0, 1, 3000) ** 2 * 2
    profile = RADIUS_MM * cap.share_of_radius(along)
    steps = np.linspace(-25, 25, 4001)
    courses = []
    for angle in np.linspace(np.pi / 2 - 1.2, np.pi / 2 + 0.4, 120) + lean:
        normal = np.array([-np.sin(angle), np.cos(angle)])
        normal = normal if normal[1] >= 0 else -normal
        height = (along * normal[0] + profile * normal[1]).max()
        points = height * normal + steps[:, None] * np.array([normal[1], -normal[0]])
        courses.append(points)
    every = np.array(courses)
    return every[..., 0], np.abs(every[..., 1])


@pytest.mark.parametrize("cap", [Cap(-20.0, 4.8, 2.0), Cap(-20.0, 8.0, 2.2), Cap(-20.0, 11.0, 2.0)])
@pytest.mark.parametrize("start_mm", [-21.0, -19.2])
def test_cap_is_recovered(cap: Cap, start_mm: float) -> None:
    along, distance = touching_rays(cap, 0.0)
    found = fit_cap(along, distance, (0.0, RADIUS_MM), start_mm)
    places = cap.tip_mm + np.array([0.5, 1.0, 2.0, 4.0, 7.0])
    assert found.tip_mm == pytest.approx(cap.tip_mm, abs=0.1)
    np.testing.assert_allclose(
        RADIUS_MM * found.share_of_radius(places), RADIUS_MM * cap.share_of_radius(places), atol=0.15
    )


def test_nothing_lies_beyond_the_tip_and_the_full_radius_behind_the_cap() -> None:
    cap = Cap(3.0, 6.0, 2.0)
    np.testing.assert_allclose(cap.share_of_radius(np.array([-5.0, 3.0, 9.0, 30.0])), [0, 0, 1, 1], atol=1e-9)
