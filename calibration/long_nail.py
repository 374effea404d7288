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
"""Specks of pale narrower than this are no nail: a nail's free edge is broader by an order of magnitude."""

EVERY = 2
"""Pixels by which the picture is thinned out for this search, along and across."""

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
    # Every second pixel tells as much of a nail, in a quarter of the time.
    scale = reading.scale_px_per_mm / EVERY
    rows = np.flatnonzero(mask.any(axis=1))[::EVERY]
    columns = np.flatnonzero(mask.any(axis=0))
    end = min(int(rows[0] + SKIN_MM[1] * reading.scale_px_per_mm), len(mask))
    window = (slice(int(rows[0]), end, EVERY), slice(int(columns[0]), int(columns[-1]) + 1, EVERY))
    digit, excess = mask[window], _red_excess(reading.rgb[window], scale)
    body = slice(round(SKIN_MM[0] * scale), None)
    skin_excess = float(np.median(excess[body][digit[body]])) if digit[body].any() else 0.0
    if skin_excess < LEAST_EXCESS:
        return mask
    looked_at = slice(0, round(LOOKED_AT_MM * scale))
    nails = _nails(excess[looked_at] < PALE_SHARE * skin_excess, digit, ulcer[window][looked_at], scale)
    if not nails.any():
        return mask
    kept = mask.copy()
    there = cv2.resize(
        nails.astype(np.uint8),
        (nails.shape[1] * EVERY, nails.shape[0] * EVERY),
        interpolation=cv2.INTER_NEAREST,
    )
    part = kept[window[0].start : window[0].start + len(there), window[1].start : window[1].stop]
    part &= ~there[: len(part), : part.shape[1]].astype(bool)
    kept = _largest(kept)
    shorter = int(np.flatnonzero(kept.any(axis=1))[0]) - int(rows[0])
    return kept if shorter >= LEAST_LENGTH_MM * reading.scale_px_per_mm else mask


def _nails(
    pale: NDArray[np.bool_], digit: NDArray[np.bool_], ulcer: NDArray[np.float32], scale_px_per_mm: float
) -> NDArray[np.bool_]:
    """Pale regions that hold the very end of the digit, are wide enough, and hold no ulcer."""
    size = round(CLEANING_MM * scale_px_per_mm) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    opened = cv2.morphologyEx((pale & digit[: len(pale)]).astype(np.uint8), cv2.MORPH_OPEN, kernel)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=4)
    foremost = stats[:, cv2.CC_STAT_TOP] <= round(CLEANING_MM * scale_px_per_mm)
    wide = stats[:, cv2.CC_STAT_WIDTH] >= LEAST_WIDTH_SHARE * float(digit[len(pale) - 1].sum())
    nails = foremost & wide
    nails[labels[ulcer > ULCER_PROBABILITY]] = False
    nails[0] = False
    return np.asarray(cv2.dilate(nails[labels].astype(np.uint8), kernel) > 0)


def _red_excess(rgb: NDArray[np.uint8], scale_px_per_mm: float) -> NDArray[np.float32]:
    """Logarithm of red over green, linear light, shape (rows, width)."""
    light = cv2.blur(SRGB_TO_LINEAR[rgb].astype(np.float32), (round(0.2 * scale_px_per_mm) | 1,) * 2)
    return np.asarray(np.log((light[..., 0] + 1e-3) / (light[..., 1] + 1e-3)))


def _largest(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    return np.asarray(labels == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax()))
