"""Ink that spreads is told apart from the plane, the lens and the noise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from calibration.digit_card import DIGIT_CARD, in_world
from calibration.ink_spread import ink_spread_mm, outwards
from calibration.phantom import Camera

MARKERS = tuple(DIGIT_CARD.marker_top_left_mm)


def drawn(markers: tuple[int, ...]) -> NDArray[np.float64]:
    return np.concatenate([DIGIT_CARD.marker_corners_mm(marker) for marker in markers])


def estimate(camera: Camera, spread_mm: float, markers: tuple[int, ...], noise_px: float = 0.0) -> float:
    corners_mm = drawn(markers)
    printed = in_world(corners_mm + spread_mm * outwards(corners_mm))
    seen = camera.project(printed) + np.random.default_rng(1).normal(0, noise_px, corners_mm.shape)
    middle = (float(camera.principal_px[0]), float(camera.principal_px[1]))
    return ink_spread_mm(seen, corners_mm, camera.focal_px, middle)


@settings(max_examples=40, deadline=None)
@given(
    spread=st.floats(-0.08, 0.12),
    tilt=st.floats(0, 35),
    azimuth=st.floats(0, 360),
    k1=st.floats(-0.04, 0.04),
    distance=st.floats(150, 300),
)
def test_spread_is_found_whatever_the_pose_and_the_lens(
    spread: float, tilt: float, azimuth: float, k1: float, distance: float
) -> None:
    camera = Camera(tilt_deg=tilt, azimuth_deg=azimuth, k1=k1, distance_mm=distance)
    assert estimate(camera, spread, MARKERS) == pytest.approx(spread, abs=0.005)


@pytest.mark.parametrize("markers", [(0, 2, 4), (0, 1, 2), (1, 4, 5)])
def test_three_markers_suffice(markers: tuple[int, ...]) -> None:
    assert estimate(Camera(tilt_deg=15), 0.06, markers, noise_px=0.05) == pytest.approx(0.06, abs=0.02)


def test_noise_alone_is_hardly_taken_for_spread() -> None:
    assert abs(estimate(Camera(), 0.0, MARKERS, noise_px=0.1)) < 0.01


def test_outwards_points_away_from_each_markers_middle() -> None:
    ways = outwards(drawn((0, 3)))
    assert ways.tolist() == [[-1, -1], [1, -1], [1, 1], [-1, 1]] * 2
