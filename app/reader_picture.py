"""The digit alone, as readers see it: nothing legible of the card, and never less than the skin."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.rectify import ReadingImage

READING_MARGIN_MM = 4.0
"""Kept round the digit's outline: a case's picture is cut by up to 2.4 mm of it, otherwise for every case."""

SKIN_MARGIN_MM = 1.0
"""Shown as photographed beyond the digit's outline, for the border of a lateral ulcer. On 17
phantoms with ulcers at their sides the network's own masks left out no skin farther than 0.4 mm from them,
and their hulls none farther than 0.3 mm."""

FADED_MM = 1.6
"""Distance from the outline at which the photograph has become plain grey: so slow a fade is no edge that
could be taken for the skin's, and what a case's own cut leaves of the margin ends in grey, without a seam."""

BLANK = 128
"""Grey in place of everything that is not the digit."""

Window = tuple[slice, slice]


def cut_out(
    reading: ReadingImage, digit: NDArray[np.bool_], *, trusted: bool
) -> tuple[NDArray[np.uint8], Window]:
    """Cut the digit out of the reading image.

    Parameters
    ----------
    reading : ReadingImage
    digit : NDArray[np.bool_], shape (height, width)
        Where the digit is in it.
    trusted : bool
        Whether its outline was confirmed by the edges of the picture. If not, everything within
        `READING_MARGIN_MM` stays as photographed: rather some of the card than too little of the skin.

    Returns
    -------
    rgb : NDArray[np.uint8], shape (rows, columns, 3)
        The window's pixels.
    window : tuple of slice
        Rows and columns of the reading image.
    """
    shown = _hull(digit) if trusted else digit
    away_mm = _away_px(shown) / reading.scale_px_per_mm
    near = away_mm <= READING_MARGIN_MM
    rows, columns = np.flatnonzero(near.any(axis=1)), np.flatnonzero(near.any(axis=0))
    window = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    rgb, away_mm = reading.rgb[window], away_mm[window]
    if not trusted:
        return np.where(near[window][..., None], rgb, np.uint8(BLANK)), window
    return _faded(rgb, away_mm), window


def _hull(digit: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The digit with what dents it: a black crust at its side, which the network may not take for skin."""
    contours, _ = cv2.findContours(digit.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    canvas = np.zeros(digit.shape, np.uint8)
    cv2.fillConvexPoly(canvas, cv2.convexHull(np.concatenate(contours)), 1)
    return canvas > 0


def _away_px(region: NDArray[np.bool_]) -> NDArray[np.float32]:
    # Ten times as quick as dilating by so large an element.
    return np.asarray(
        cv2.distanceTransform((~region).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE), np.float32
    )


def _faded(rgb: NDArray[np.uint8], away_mm: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The photograph near the digit, and beyond it grey."""
    gone = np.clip((away_mm - SKIN_MARGIN_MM) / (FADED_MM - SKIN_MARGIN_MM), 0, 1)[..., None]
    return np.asarray(np.rint(rgb * (1 - gone) + BLANK * gone), np.uint8)
