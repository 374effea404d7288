"""What readers see round the digit: all of its skin, and nothing of the card that could be read."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from app.domain.case_assembly import CROP_PX
from app.reader_picture import BLANK, FADED_MM, READING_MARGIN_MM, SKIN_MARGIN_MM, cut_out
from calibration.rectify import ReadingImage

SCALE = 20.0
SKIN_RGB = (200, 150, 130)


def ruled_card(digit: NDArray[np.bool_]) -> ReadingImage:
    """A digit on a card with the marks of a ruler, 1 mm apart, and with coloured stripes between them."""
    rgb = np.full((*digit.shape, 3), 245, np.uint8)
    rgb[np.arange(digit.shape[0]) % 20 < 4] = (10, 10, 10)
    rgb[:, np.arange(digit.shape[1]) % 20 < 6] = (250, 60, 60)
    rgb[digit] = SKIN_RGB
    return ReadingImage(rgb, SCALE, (0.0, 0.0))


@pytest.fixture(scope="module")
def digit() -> NDArray[np.bool_]:
    canvas = np.zeros((700, 640), np.uint8)
    cv2.rectangle(canvas, (200, 300), (440, 699), 1, cv2.FILLED)
    cv2.ellipse(canvas, (320, 300), (120, 160), 0, 0, 360, 1, cv2.FILLED)
    return canvas > 0


def away_mm(digit: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.asarray(cv2.distanceTransform((~digit).astype(np.uint8), cv2.DIST_L2, 5) / SCALE)


def test_skin_that_the_outline_missed_is_shown_as_photographed(digit: NDArray[np.bool_]) -> None:
    reading = ruled_card(digit)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (31, 31))
    missed = cv2.erode(digit.astype(np.uint8), disc) > 0  # 0.75 mm all round
    missed[450:530, :260] = False  # a black crust of 4 mm at its side
    rgb, window = cut_out(reading, missed, trusted=True)
    assert (rgb[digit[window]] == SKIN_RGB).all()


def test_nothing_of_the_card_can_be_read(digit: NDArray[np.bool_]) -> None:
    reading = ruled_card(digit)
    rgb, window = cut_out(reading, digit, trusted=True)
    away, before = away_mm(digit)[window], reading.rgb[window].astype(int)
    assert np.ptp(before[away > FADED_MM]) > 200
    assert (rgb[away > FADED_MM + 0.1] == BLANK).all()
    half_way = np.abs(away - (SKIN_MARGIN_MM + FADED_MM) / 2) < 0.05
    kept = np.abs(rgb.astype(int) - BLANK)[half_way] / np.maximum(np.abs(before - BLANK)[half_way], 1)
    assert kept.max() < 0.7


def test_a_cases_own_cut_leaves_no_seam() -> None:
    assert READING_MARGIN_MM - CROP_PX / SCALE >= FADED_MM


def test_without_a_trusted_outline_the_card_stays_rather_than_skin_goes(digit: NDArray[np.bool_]) -> None:
    reading = ruled_card(digit)
    rgb, window = cut_out(reading, digit, trusted=False)
    away = away_mm(digit)[window]
    near = away < READING_MARGIN_MM - 0.1
    assert (rgb[near] == reading.rgb[window][near]).all()
    assert (rgb[away > READING_MARGIN_MM + 0.1] == BLANK).all()


@pytest.mark.parametrize("trusted", [True, False])
def test_a_margin_for_the_cases_own_cuts_is_kept(digit: NDArray[np.bool_], trusted: bool) -> None:
    _, (rows, columns) = cut_out(ruled_card(digit), digit, trusted=trusted)
    assert (columns.start, columns.stop) == pytest.approx((200 - 80, 441 + 80), abs=1)
    assert rows.start == pytest.approx(140 - 80, abs=1)
