"""The digit's blur against edges of known spread, and against a digit blurred in a sharp photograph."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.capture_gate import GateLimits
from calibration.gate_focus import digit_blur_mm
from calibration.photo import Photo
from calibration.rectify import ReadingImage
from tests.calibration.digit_view import digit_view

LIMIT_MM = GateLimits().maximum_digit_blur_mm
LEFT_MM, RIGHT_MM = 32.0, 48.0


def strip(
    spread_mm: float, behind: float = 0.6, shading: float = 0.5
) -> tuple[ReadingImage, list[NDArray[np.float64]]]:
    """An upright digit, darker towards both edges, on an even ground; one outline is 0.2 mm off."""
    x_mm = 25.0 + (np.arange(600 * 4) + 0.5) / 80
    inside = (x_mm > LEFT_MM) & (x_mm < RIGHT_MM)
    flank = np.clip(1 - np.abs(x_mm - 40) / 8, 0, 1)
    light = np.where(inside, 0.25 * (1 - shading) + 0.25 * shading * np.sqrt(flank), behind)
    light = cv2.GaussianBlur(light[None], (0, 0), spread_mm * 80)[0].reshape(600, 4).mean(axis=1)
    codes = 255 * (1.055 * light ** (1 / 2.4) - 0.055) + np.random.default_rng(0).normal(0, 1.5, (500, 600))
    rgb = np.repeat(np.rint(codes).clip(0, 255).astype(np.uint8)[..., None], 3, axis=2)
    y_mm = np.arange(20.5, 44.5, 0.1)
    sides = [np.column_stack([np.full(len(y_mm), x), y_mm]) for x in (LEFT_MM + 0.2, RIGHT_MM)]
    reading = ReadingImage(rgb, 20.0, (25.0, 20.0))
    return reading, sides


@pytest.mark.parametrize("spread_mm", [0.06, 0.12, 0.25, 0.35])
def test_the_spread_of_an_edge_is_told_through_shading_and_noise(spread_mm: float) -> None:
    assert digit_blur_mm(*strip(spread_mm)) == pytest.approx(spread_mm, abs=0.02 + 0.1 * spread_mm)


def test_sharp_stretches_speak_for_the_focus() -> None:
    reading, sides = strip(0.4)
    sharp, _ = strip(0.08)
    reading.rgb[:180] = sharp.rgb[:180]
    found = digit_blur_mm(reading, sides)
    assert found is not None
    assert found < LIMIT_MM


@pytest.mark.parametrize("shading", [0.0, 0.5])
def test_an_outline_that_does_not_stand_out_says_nothing(shading: float) -> None:
    assert digit_blur_mm(*strip(0.1, behind=0.25 * (1 - shading), shading=shading)) is None


def test_a_digit_out_of_focus_above_a_sharp_card_is_beyond_the_limit() -> None:
    view = digit_view()
    sides = (view.silhouette.left_mm, view.silhouette.right_mm)
    sharp = digit_blur_mm(view.reading, sides)
    soft_px = 0.32 * view.camera.scale_px_per_mm(np.array([40.0, 40.0, -8.0]))
    soft = cv2.GaussianBlur(view.photo.rgb, (0, 0), soft_px)
    near = cv2.dilate(view.digit.astype(np.uint8), np.ones((3, 3), np.uint8), iterations=int(2 * soft_px) + 1)
    photo = Photo(np.where(near[..., None] > 0, soft, view.photo.rgb), 26.0)
    blurred = digit_blur_mm(replace(view, photo=photo).reading, sides)
    assert sharp is not None
    assert blurred is not None
    assert sharp < LIMIT_MM / 2
    assert blurred > LIMIT_MM
