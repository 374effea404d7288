"""The reading image lies where the card says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from calibration.camera import estimate_camera
from calibration.digit_card import DIGIT_CARD, Rectangle
from calibration.find_card import find_markers
from calibration.rectify import READING_AREA, READING_SCALE_PX_PER_MM, rectify, rectify_mask, share_in_reading

from .conftest import true_corners_px

Take = Callable[..., Any]


def test_slot_edges_lie_at_their_millimetres(photograph: Take) -> None:
    photo, _ = photograph(tilt_deg=20, azimuth_deg=30, distance_mm=170, k1=-0.03)
    reading = rectify(photo, estimate_camera(photo, find_markers(photo)))
    assert reading.rgb.shape == (1320, 1020, 3)
    row = reading.rgb[round((40 - READING_AREA.top) * READING_SCALE_PX_PER_MM), :, 0].astype(float)
    middle = (row.max() + row.min()) / 2
    falls = np.flatnonzero(np.diff((row > middle).astype(int)) != 0) + 1
    edges_mm = READING_AREA.left + falls / READING_SCALE_PX_PER_MM
    assert edges_mm[0] == pytest.approx(DIGIT_CARD.slot.left, abs=0.12)
    assert edges_mm[-1] == pytest.approx(DIGIT_CARD.slot.right, abs=0.12)


def test_mask_keeps_its_area(photograph: Take) -> None:
    photo, parameters = photograph(tilt_deg=15, azimuth_deg=80, distance_mm=180)
    camera = estimate_camera(photo, find_markers(photo))
    corners = true_corners_px(parameters, np.array([[35.0, 30], [45, 30], [45, 38], [35, 38]]), photo)
    from skimage.draw import polygon2mask

    mask = polygon2mask(photo.rgb.shape[:2], corners[:, ::-1])
    carried = rectify_mask(mask, camera)
    assert carried.sum() / READING_SCALE_PX_PER_MM**2 == pytest.approx(80.0, rel=0.01)


def test_what_of_a_mask_the_reading_image_shows(photograph: Take) -> None:
    photo, parameters = photograph(tilt_deg=15, azimuth_deg=80, distance_mm=180)
    camera = estimate_camera(photo, find_markers(photo))
    from skimage.draw import polygon2mask

    def shown(bottom_mm: float) -> float:
        square = np.array([[35.0, bottom_mm - 8], [45, bottom_mm - 8], [45, bottom_mm], [35, bottom_mm]])
        corners = true_corners_px(parameters, square, photo)
        return share_in_reading(polygon2mask(photo.rgb.shape[:2], corners[:, ::-1]), camera)

    assert shown(38.0) == 1.0
    assert shown(READING_AREA.bottom + 4) == pytest.approx(0.5, abs=0.03)
    assert shown(READING_AREA.bottom + 9) == 0.0


def test_pixels_and_millimetres_are_inverse(photograph: Take) -> None:
    photo, _ = photograph()
    reading = rectify(photo, estimate_camera(photo, find_markers(photo)), Rectangle(20, 10, 60, 50))
    points = np.array([[0.0, 0.0], [799.0, 799.0], [12.5, 700.25]])
    np.testing.assert_allclose(reading.from_card_mm(reading.to_card_mm(points)), points, atol=1e-9)
    np.testing.assert_allclose(reading.to_card_mm(np.array([[-0.5, -0.5]])), [[20.0, 10.0]])
