"""Which pixels are the digit in the slot: neighbouring fingers split off."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.digit_card import DIGIT_CARD
from calibration.neighbours import split_off
from calibration.rectify import READING_AREA, ReadingImage

SKIN_THRESHOLD = 0.5
"""Probability from which a pixel belongs to the digit before its outline is refined."""

CLOSING_MM = 3.0
"""Gaps in the skin (a crust, a dressing mark, a highlight) up to this width do not cut the digit."""

GAP_LENGTH_MM = 8.0
"""A narrow gap longer than this along the slot is what lies between two fingers, and stays open; crusts and
highlights are shorter."""

MINIMUM_LENGTH_MM = 15.0
"""Less of a digit than this shows no two sides from which an axis follows (two radii of a thick digit)."""


class DigitNotFound(ValueError):  # noqa: N818  (a finding about a photograph, in the words of the gate)
    """No digit with two sides lies in the slot."""


def digit_mask(
    reading: ReadingImage, skin: NDArray[np.float32], ulcer: NDArray[np.float32]
) -> NDArray[np.bool_]:
    """The connected region of skin and ulcer that comes in through the slot's open end.

    Parameters
    ----------
    reading : ReadingImage
        The card's plane.
    skin, ulcer : NDArray[np.float32], shape (height, width)
        Probabilities.

    Returns
    -------
    NDArray[np.bool_], shape (height, width)
        The digit without holes and without the fingers beside it.

    Raises
    ------
    DigitNotFound
        If nothing long enough is there.
    """
    scale = reading.scale_px_per_mm
    regions = _apart(skin_regions(skin, ulcer, scale), skin, ulcer, scale)
    end = last_row(regions.shape[0], scale) + 1
    # Beyond the card the fingers join in the hand: they are told apart on the card alone.
    count, labels, stats, _ = cv2.connectedComponentsWithStats(regions[:end], connectivity=4)
    columns = _slot_columns(labels.shape[1], scale)
    entrance = np.bincount(labels[-1, columns], minlength=count)
    within = np.bincount(labels[:, columns].ravel(), minlength=count)
    within[entrance == 0] = 0
    within[0] = 0
    best = int(within.argmax())
    if within[best] == 0 or stats[best, cv2.CC_STAT_HEIGHT] < MINIMUM_LENGTH_MM * scale:
        raise DigitNotFound("digit_not_found")
    digit = np.zeros(regions.shape, bool)
    digit[:end] = split_off(reading, filled(labels == best), columns)
    digit[end:] = _carried_on(digit[end - 1], regions[end:] > 0)
    return digit


def skin_regions(
    skin: NDArray[np.float32], ulcer: NDArray[np.float32], scale_px_per_mm: float
) -> NDArray[np.uint8]:
    """Where skin or ulcer is likely, specks and gaps up to `CLOSING_MM` taken away; 0 or 1."""
    size = round(CLOSING_MM * scale_px_per_mm) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    pad = size
    # Closing beyond the picture's end would round the digit off where it is only cut.
    padded = cv2.copyMakeBorder(_seed(skin, ulcer), pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    closed = cv2.morphologyEx(cv2.morphologyEx(padded, cv2.MORPH_OPEN, _small(size)), cv2.MORPH_CLOSE, kernel)
    return np.asarray(closed[pad:-pad, pad:-pad], dtype=np.uint8)


def filled(region: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A region without its holes."""
    contours, _ = cv2.findContours(region.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    canvas = np.zeros(region.shape, np.uint8)
    cv2.drawContours(canvas, contours, -1, 1, cv2.FILLED)
    return canvas.astype(bool)


def last_row(height_px: int, scale_px_per_mm: float) -> int:
    """Row of the card's bottom edge: beyond it, neighbouring fingers and the hand close in on the digit."""
    card_px = round((DIGIT_CARD.height_mm - READING_AREA.top) * scale_px_per_mm)
    return min(card_px, height_px) - 1


def _seed(skin: NDArray[np.float32], ulcer: NDArray[np.float32]) -> NDArray[np.uint8]:
    return (np.maximum(skin, ulcer) > SKIN_THRESHOLD).astype(np.uint8)


def _small(size: int) -> NDArray[np.uint8]:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size // 2 | 1, size // 2 | 1))
    return np.asarray(kernel, dtype=np.uint8)


def _apart(
    closed: NDArray[np.uint8], skin: NDArray[np.float32], ulcer: NDArray[np.float32], scale_px_per_mm: float
) -> NDArray[np.uint8]:
    """The regions with the long gaps that closing bridged opened again."""
    bridged = closed & (1 - _seed(skin, ulcer))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(bridged, connectivity=4)
    long = stats[:, cv2.CC_STAT_HEIGHT] >= GAP_LENGTH_MM * scale_px_per_mm
    long[0] = False
    return closed & ~long[labels] if long.any() else closed


def _carried_on(edge: NDArray[np.bool_], below: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The region below the card within the columns in which the digit leaves it."""
    columns = np.flatnonzero(edge)
    kept = np.zeros_like(below)
    if not len(columns):
        return kept
    span = slice(columns[0], columns[-1] + 1)
    kept[:, span] = below[:, span]
    return kept


def _slot_columns(width_px: int, scale_px_per_mm: float) -> slice:
    middle_mm = (DIGIT_CARD.slot.left + DIGIT_CARD.slot.right) / 2
    half_px = (DIGIT_CARD.slot.right - DIGIT_CARD.slot.left) / 2 * scale_px_per_mm
    centre_px = width_px / 2 + (middle_mm - DIGIT_CARD.width_mm / 2) * scale_px_per_mm
    return slice(max(0, round(centre_px - half_px)), min(width_px, round(centre_px + half_px)))
