"""A bend is found in the corners, whatever the camera made of it; a flat card has none."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.camera import estimate_camera
from calibration.digit_card import DIGIT_CARD
from calibration.find_card import MarkerCorners
from calibration.phantom import Camera
from calibration.phantom.sheet import Sheet
from calibration.photo import Photo

NOISE_PX = 0.1


def bend_of(
    sheet: Sheet, camera: Camera, markers: tuple[int, ...] = (0, 1, 2, 3, 4, 5), seed: int = 0
) -> float:
    corners_mm = np.concatenate([DIGIT_CARD.marker_corners_mm(marker) for marker in markers])
    noise: NDArray[np.float64] = np.random.default_rng(seed).normal(0, NOISE_PX, corners_mm.shape)
    corners = MarkerCorners(markers, camera.project(sheet.points(corners_mm)) + noise, corners_mm, 0.8)
    photo = Photo(np.zeros((camera.height_px, camera.width_px, 3), np.uint8), camera.focal_35mm)
    return estimate_camera(photo, corners).card_bend_mm


@pytest.mark.parametrize("radius_mm", [250.0, -250.0, 500.0, -500.0])
@pytest.mark.parametrize("bend_deg", [0.0, 90.0])
def test_a_curled_card_is_told_with_its_bend(radius_mm: float, bend_deg: float) -> None:
    sheet = Sheet(bend_radius_mm=radius_mm, bend_deg=bend_deg)
    found = bend_of(sheet, Camera(tilt_deg=12, azimuth_deg=40))
    assert found == pytest.approx(abs(sheet.sagitta_mm), rel=0.35, abs=0.2)


def test_flat_cards_have_no_bend() -> None:
    cameras = [
        Camera(tilt_deg=tilt, azimuth_deg=40 * tilt, distance_mm=distance, k1=k1)
        for tilt, distance, k1 in [(0, 150, 0.03), (10, 200, -0.03), (20, 250, 0.02), (30, 300, -0.02)]
    ]
    found = [bend_of(Sheet(), camera, seed=seed) for seed, camera in enumerate(cameras * 5)]
    assert max(found) < 0.4


def test_what_three_markers_cannot_tell_is_no_bend() -> None:
    assert bend_of(Sheet(), Camera(tilt_deg=10), markers=(0, 1, 3)) < 0.4
