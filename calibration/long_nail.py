"""A nail that reaches beyond the fingertip, taken off the digit's mask: it is not where the digit ends."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.rectify import ReadingImage
from calibration.srgb import SRGB_TO_LINEAR

LOOKED_AT_MM = 9.0
"""From the mask's end: nails of patients seldom reach further beyond the tip than a few millimetres."""

SKIN_MM = (12.0, 25.0)
"""Stretch behind the tip whose median colour stands for the digit's skin."""

PALE_SHARE = 0.5
"""A nail's free end has less than this share of the skin's red excess (red over green, logarithm): it carries
no blood."""

LEAST_EXCESS = 0.12
"""Skin whose own red excess is smaller cannot be told from a nail by it."""

LEAST_WIDTH_SHARE = 0.3
"""A pale end narrower than this share of the digit is a highlight or a scale."""

LEAST_LENGTH_MM = 1.0
"""Shorter ends are left on: the fingertip's own error is as large."""

CLEANING_MM = 0.5

ULCER_PROBABILITY = 0.3
"""A pale end in which an ulcer may lie from this probability on is macerated skin, and stays on the digit."""


def without_long_nail(
    reading: ReadingImage, mask: NDArray[np.bool_], ulcer: NDArray[np.float32]
) -> NDArray[np.bool_]:
    """The digit without the end of a nail that reaches beyond it.

    Parameters
    ----------
    reading : ReadingImage
        The card's plane, colours corrected or not.
    mask : NDArray[np.bool_], shape (height, width)
        The digit.
    ulcer : NDArray[np.float32], shape (height, width)
        Probability of ulcer.

    Returns
    -------
    NDArray[np.bool_], shape (height, width)
        The same where no such nail is seen.
    """
    scale = reading.scale_px_per_mm
    top = int(np.flatnonzero(mask.any(axis=1))[0])
    end = min(top + round(SKIN_MM[1] * scale), len(mask))
    excess = _red_excess(reading.rgb[top:end], scale)
    body = slice(round(SKIN_MM[0] * scale), end - top)
    skin_excess = float(np.median(excess[body][mask[top:end][body]])) if mask[top:end][body].any() else 0.0
    if skin_excess < LEAST_EXCESS:
        return mask
    rows = round(LOOKED_AT_MM * scale)
    pale = (excess[:rows] < PALE_SHARE * skin_excess) & mask[top : top + rows]
    size = round(CLEANING_MM * scale) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    opened = cv2.morphologyEx(pale.astype(np.uint8), cv2.MORPH_OPEN, kernel)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=4)
    wide = LEAST_WIDTH_SHARE * float(mask[top + rows - 1].sum()) if top + rows < len(mask) else 0.0
    # Only what holds the very end of the mask can be a nail's free end.
    foremost = stats[:, cv2.CC_STAT_TOP] <= round(CLEANING_MM * scale)
    nails = foremost & (stats[:, cv2.CC_STAT_WIDTH] >= wide)
    nails[labels[ulcer[top : top + rows] > ULCER_PROBABILITY]] = False
    nails[0] = False
    kept = mask.copy()
    kept[top : top + rows] &= ~cv2.dilate(nails[labels].astype(np.uint8), kernel).astype(bool)
    kept = _largest(kept)
    shorter = int(np.flatnonzero(kept.any(axis=1))[0]) - top
    return kept if shorter >= LEAST_LENGTH_MM * scale else mask


def _red_excess(rgb: NDArray[np.uint8], scale_px_per_mm: float) -> NDArray[np.float32]:
    """Logarithm of red over green, linear light, shape (rows, width)."""
    light = cv2.blur(SRGB_TO_LINEAR[rgb].astype(np.float32), (round(0.2 * scale_px_per_mm) | 1,) * 2)
    return np.asarray(np.log((light[..., 0] + 1e-3) / (light[..., 1] + 1e-3)))


def _largest(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    return np.asarray(labels == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax()))
