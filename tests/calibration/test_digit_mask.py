"""The digit in the slot told apart from the fingers beside it, and from its own long nail."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.digit_mask import DigitNotFound, digit_mask
from calibration.long_nail import without_long_nail
from calibration.rectify import READING_AREA, ReadingImage

SCALE = 10.0
SKIN, NAIL, PAPER = (205, 150, 128), (232, 226, 214), (225, 225, 224)
ROWS = round((READING_AREA.bottom - READING_AREA.top) * SCALE)
COLUMNS = round((READING_AREA.right - READING_AREA.left) * SCALE)


def finger(left_mm: float, right_mm: float, tip_mm: float) -> NDArray[np.bool_]:
    """A finger on the card, from its round tip to the reading image's lower end."""
    x = READING_AREA.left + (np.arange(COLUMNS) + 0.5) / SCALE
    y = READING_AREA.top + (np.arange(ROWS) + 0.5) / SCALE
    half, middle = (right_mm - left_mm) / 2, (left_mm + right_mm) / 2
    ahead = np.clip(1 - (y - tip_mm) / half, 0, None)[:, None]
    return np.asarray(((x - middle) / half)[None, :] ** 2 + ahead**2 < 1)


def flanked(left_mm: float, right_mm: float) -> NDArray[np.float64]:
    """Light of a round finger, darker towards both its sides, for each column."""
    x = READING_AREA.left + (np.arange(COLUMNS) + 0.5) / SCALE
    across = np.clip((2 * x - left_mm - right_mm) / (right_mm - left_mm), -1, 1)
    return np.asarray(0.55 + 0.45 * np.sqrt(1 - across**2))


def picture(*fingers: tuple[float, float, float]) -> tuple[ReadingImage, NDArray[np.float32]]:
    """Fingers on white paper, and a perfect mask of all their skin."""
    rgb = np.full((ROWS, COLUMNS, 3), PAPER, np.float64)
    skin = np.zeros((ROWS, COLUMNS), np.float32)
    for left, right, tip in fingers:
        inside = finger(left, right, tip)
        rgb = np.where(inside[..., None], np.array(SKIN) * flanked(left, right)[None, :, None], rgb)
        skin[inside] = 1
    rgb += np.random.default_rng(0).normal(0, 2, rgb.shape)
    image = np.clip(rgb, 0, 255).astype(np.uint8)
    return ReadingImage(image, SCALE, (READING_AREA.left, READING_AREA.top)), skin


@pytest.mark.parametrize("gap_mm", [0.0, 0.5, 2.0])
@pytest.mark.parametrize("way", [-1, 1])
@pytest.mark.parametrize("tip_mm", [14.0, 26.0])
def test_a_neighbour_that_touches_or_lies_near_is_split_off(gap_mm: float, way: int, tip_mm: float) -> None:
    near = (48.0 + gap_mm, 63.0 + gap_mm) if way > 0 else (17.0 - gap_mm, 32.0 - gap_mm)
    reading, skin = picture((32.0, 48.0, 20.0), (*near, tip_mm))
    found = digit_mask(reading, skin, np.zeros_like(skin))
    true = finger(32.0, 48.0, 20.0)
    rows = slice(0, round((59.0 - READING_AREA.top) * SCALE))
    # Closing rounds the notch between two tips: the picture's own edges take that back later.
    assert (found != true)[rows].sum() < 0.04 * true[rows].sum()


def test_a_thick_digit_aside_of_the_slot_is_no_pair() -> None:
    reading, skin = picture((37.0, 60.0, 20.0))
    found = digit_mask(reading, skin, np.zeros_like(skin))
    assert (found & (skin > 0)).sum() == pytest.approx((skin > 0).sum(), rel=0.01)


def test_a_finger_beside_the_slot_alone_is_no_digit() -> None:
    reading, skin = picture((54.0, 64.0, 20.0))
    with pytest.raises(DigitNotFound):
        digit_mask(reading, skin, np.zeros_like(skin))


@pytest.mark.parametrize("beyond_mm", [2.0, 4.0])
def test_a_nail_that_reaches_beyond_the_tip_is_taken_off(beyond_mm: float) -> None:
    reading, _ = picture((32.0, 48.0, 20.0))
    tip = finger(32.0, 48.0, 20.0)
    nail = finger(35.0, 45.0, 20.0 - beyond_mm) & ~tip
    reading.rgb[nail] = NAIL
    found = without_long_nail(reading, tip | nail, np.zeros(tip.shape, np.float32))
    end_mm = READING_AREA.top + np.flatnonzero(found.any(axis=1))[0] / SCALE
    assert end_mm == pytest.approx(20.0, abs=0.7)
    # The same white where an ulcer is seen is macerated skin.
    assert without_long_nail(reading, tip | nail, nail.astype(np.float32)).sum() == (tip | nail).sum()


def test_a_tip_without_a_long_nail_is_left_alone() -> None:
    reading, _ = picture((32.0, 48.0, 20.0))
    tip = finger(32.0, 48.0, 20.0)
    nowhere = np.zeros(tip.shape, np.float32)
    assert without_long_nail(reading, tip, nowhere) is tip
    # A highlight on the tip is pale, too, but no nail's end.
    reading.rgb[round(20.0 * SCALE) : round(22.0 * SCALE), 250:262] = 250
    assert without_long_nail(reading, tip, nowhere) is tip
