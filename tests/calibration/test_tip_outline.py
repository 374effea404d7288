"""Discs and bars in the slot: what counts as a fingertip, and how well its outline is found."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.digit_card import DIGIT_CARD
from calibration.digit_mask import DigitNotFound
from calibration.rectify import READING_AREA, READING_SCALE_PX_PER_MM, ReadingImage
from calibration.tip_outline import find_tip_outline, tip_mask

SHAPE = (1320, 1020)
SKIN, PAPER, SLOT = (196, 150, 128), (240, 240, 238), (70, 62, 58)
MIDDLE_MM = np.array([40.0, 36.0])


def reading(rgb: NDArray[np.uint8]) -> ReadingImage:
    return ReadingImage(rgb, READING_SCALE_PX_PER_MM, (READING_AREA.left, READING_AREA.top))


def drawn(middle_mm: NDArray[np.float64], semi_axes_mm: tuple[float, float]) -> ReadingImage:
    """An ellipse of skin over the slot of the card."""
    rgb = np.full((*SHAPE, 3), PAPER, np.uint8)
    slot, place = DIGIT_CARD.slot, reading(rgb)
    (left, top), (right, bottom) = np.rint(
        place.from_card_mm(np.array([[slot.left, slot.top], [slot.right, slot.bottom]]))
    ).astype(int)
    rgb[top:bottom, left:right] = SLOT
    x, y = np.meshgrid(np.arange(SHAPE[1]), np.arange(SHAPE[0]))
    card = place.to_card_mm(np.dstack([x, y]).reshape(-1, 2).astype(float)) - middle_mm
    inside = ((card / semi_axes_mm) ** 2).sum(axis=1).reshape(SHAPE) < 1
    rgb[inside] = SKIN
    noise = np.random.default_rng(1).normal(0, 2, rgb.shape)
    soft = cv2.GaussianBlur(rgb, (0, 0), 1.5)
    return reading(np.clip(soft + noise, 0, 255).astype(np.uint8))


def likely(middle_mm: NDArray[np.float64], semi_axes_mm: tuple[float, float]) -> NDArray[np.float32]:
    """What a network would say: the ellipse, soft and a quarter of a millimetre aside."""
    canvas = np.zeros(SHAPE, np.float32)
    centre = reading(np.zeros((*SHAPE, 3), np.uint8)).from_card_mm((middle_mm + 0.25)[None])[0]
    axes = tuple(int(side * READING_SCALE_PX_PER_MM) for side in semi_axes_mm)
    cv2.ellipse(canvas, tuple(int(value) for value in centre), axes, 0, 0, 360, 1.0, cv2.FILLED)
    return np.asarray(cv2.GaussianBlur(canvas, (0, 0), 4.0), dtype=np.float32)


def test_the_outline_lies_on_the_pictures_edge() -> None:
    semi_axes = (8.5, 7.0)
    outline = find_tip_outline(
        drawn(MIDDLE_MM, semi_axes), likely(MIDDLE_MM, semi_axes), np.zeros(SHAPE, np.float32)
    )
    radius = np.sqrt((((outline.points_mm - MIDDLE_MM) / semi_axes) ** 2).sum(axis=1))
    assert np.abs(radius - 1).max() * 7.0 < 0.12
    assert np.linalg.norm(np.diff(outline.points_mm, axis=0), axis=1).max() < 0.2
    assert outline.mask.sum() / READING_SCALE_PX_PER_MM**2 == pytest.approx(np.pi * 8.5 * 7.0, rel=0.02)


@pytest.mark.parametrize(
    ("middle_mm", "semi_axes", "code"),
    [
        (np.array([40.0, 50.0]), (8.0, 24.0), "pose_mismatch"),
        (MIDDLE_MM, (2.0, 2.0), "tip_not_found"),
        (np.array([22.0, 36.0]), (7.0, 7.0), "tip_not_found"),
    ],
    ids=["a digit that lies", "a speck", "beside the slot"],
)
def test_what_is_no_fingertip(
    middle_mm: NDArray[np.float64], semi_axes: tuple[float, float], code: str
) -> None:
    picture = drawn(middle_mm, semi_axes)
    with pytest.raises(DigitNotFound, match=code):
        tip_mask(likely(middle_mm, semi_axes), np.zeros(SHAPE, np.float32), picture)
