"""Focus for the capture gate: how sharply the digit's own outline is drawn.

The markers tell of focus on the card. The digit stands up to 16 mm above it, and may have moved: its
silhouette is the one edge of its own that is sharp by nature.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.rectify import ReadingImage
from calibration.srgb import SRGB_TO_LINEAR

REACH_MM = 1.2
STEP_MM = 0.025
"""Profiles across the outline: long enough for the spread of an edge at three times the limit."""

EDGE_WITHIN_MM = 0.6
"""The steepest place this close to the outline is taken for the edge: the outline's own smoothing."""

EVERY = 2
GROUP_POINTS = 4
"""Every second point of the outline (0.2 mm) has a profile, and four are averaged: over 0.8 mm the outline
hardly bends."""

SMOOTHING_SD_STEPS = 2.0
"""Smoothing of the profiles against noise; its spread is taken off again."""

CONTRAST_WITHIN_MM = 0.3
MINIMUM_CONTRAST = 0.04
"""Least step of linear light (0–1) within this of the edge: five times the noise that is left; fainter or
broader steps are shading and shadow."""

LEAST_GROUPS = 12
"""Fewer clear stretches (10 mm of outline) say nothing of the focus."""

SHARPEST_PERCENTILE = 25.0
"""Shading, hair and shadow broaden some stretches of an outline, want of focus all of them: the sharpest
quarter tells."""

FWHM_PER_SD = 2.0 * float(np.sqrt(2.0 * np.log(2.0)))
"""Full width at half height of a normal curve, by its standard deviation."""


def digit_blur_mm(reading: ReadingImage, lines_mm: Sequence[NDArray[np.float64]]) -> float | None:
    """Standard deviation of the edge spread along the digit's outline.

    Parameters
    ----------
    reading : ReadingImage
        The card's plane.
    lines_mm : sequence of NDArray[np.float64], each of shape (n, 2)
        The digit's outline on it, in unbroken lines.

    Returns
    -------
    float or None
        Millimetres on the card's plane; None where the outline stands out too little from its background.

    Notes
    -----
    The spread of a Gaussian edge follows from the width of its derivative at half height, whatever levels lie
    on its two sides: a digit's flank grows darker towards its outline, and plateaus as at a marker are not to
    be had.
    """
    profiles = np.concatenate([_profiles(reading, line) for line in lines_mm])
    spread_mm = _spreads(profiles)
    if len(spread_mm) < LEAST_GROUPS:
        return None
    return float(np.percentile(spread_mm, SHARPEST_PERCENTILE))


def _profiles(reading: ReadingImage, side_mm: NDArray[np.float64]) -> NDArray[np.float64]:
    """Linear light across one side, shape (groups, steps), neighbouring profiles averaged."""
    side_mm = side_mm[::EVERY]
    groups = len(side_mm) // GROUP_POINTS
    offsets_mm = np.arange(-REACH_MM, REACH_MM + STEP_MM / 2, STEP_MM)
    if groups == 0:
        return np.zeros((0, len(offsets_mm)))
    tangent = np.gradient(side_mm, axis=0)
    normal = np.column_stack([tangent[:, 1], -tangent[:, 0]])
    normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-12
    points = reading.from_card_mm(side_mm)
    where = points[:, None] + reading.scale_px_per_mm * offsets_mm[None, :, None] * normal[:, None]
    x, y = np.moveaxis(where[: groups * GROUP_POINTS].astype(np.float32), -1, 0)
    codes = cv2.remap(reading.rgb, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    light = SRGB_TO_LINEAR[codes].mean(axis=2)
    return np.asarray(light.reshape(groups, GROUP_POINTS, -1).mean(axis=1), dtype=np.float64)


def _spreads(profiles: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standard deviation of the edge spread (mm) of each profile that has a clear edge, shape (n,)."""
    smooth = cv2.GaussianBlur(profiles, (0, 0), sigmaX=SMOOTHING_SD_STEPS, sigmaY=1e-6)
    slope = np.abs(np.gradient(smooth, axis=1))
    steps = np.arange(slope.shape[1])
    middle, reach = len(steps) // 2, round(EDGE_WITHIN_MM / STEP_MM)
    peak = middle - reach + slope[:, middle - reach : middle + reach + 1].argmax(axis=1)[:, None]
    half = np.take_along_axis(slope, peak, axis=1) / 2
    below = slope < half
    before = np.where(below & (steps < peak), steps, -1).max(axis=1)
    after = np.where(below & (steps > peak), steps, len(steps)).min(axis=1)
    near = round(CONTRAST_WITHIN_MM / STEP_MM)
    ends = [np.clip(peak + way, 0, len(steps) - 1) for way in (-near, near)]
    step = np.abs(np.subtract(*(np.take_along_axis(smooth, end, axis=1) for end in ends)))[:, 0]
    clear = (before >= 0) & (after < len(steps)) & (step >= MINIMUM_CONTRAST)
    slope, half, before, after = slope[clear], half[clear, 0], before[clear], after[clear]
    width = _crossing(slope, half, after, after - 1) - _crossing(slope, half, before, before + 1)
    return np.asarray(STEP_MM * np.sqrt(np.maximum((width / FWHM_PER_SD) ** 2 - SMOOTHING_SD_STEPS**2, 0.0)))


def _crossing(
    slope: NDArray[np.float64], half: NDArray[np.float64], low: NDArray[np.intp], high: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Where the slope passes its half height between two neighbouring steps."""
    rows = np.arange(len(slope))
    below, above = slope[rows, low], slope[rows, high]
    share = (half - below) / np.maximum(above - below, 1e-12)
    return np.asarray(low + share * (high - low))
