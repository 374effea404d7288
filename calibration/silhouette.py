"""The digit's outline against card and table, to a fraction of a pixel of the ReadingImage."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.digit_mask import MINIMUM_LENGTH_MM, DigitNotFound, digit_mask, last_row
from calibration.rectify import ReadingImage
from calibration.skin_edges import STEP_MM, skin_edges
from calibration.srgb import SRGB_TO_LINEAR

SMOOTHING_MM = 0.6
"""Standard deviation of the smoothing along the outline: fingers have no finer shape that matters to their
radius."""

BORDER_MM = 0.6
"""Points this close to the ReadingImage's edge are where the picture ends, not the digit."""


@dataclass(frozen=True)
class Silhouette:
    """The digit's outline on the card's plane, from the hand up one side, round the tip, down the other.

    Attributes
    ----------
    left_mm, right_mm : NDArray[np.float64], shape (n, 2), (m, 2)
        Points on the card, from the tip towards the hand.
    mask : NDArray[np.bool_], shape (height, width)
        The digit in the ReadingImage, holes filled.
    edge_contrast : float
        Median step of linear light across the edge, 0–1.
    """

    left_mm: NDArray[np.float64]
    right_mm: NDArray[np.float64]
    mask: NDArray[np.bool_]
    edge_contrast: float


def border_of(mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Outer border of a mask's longest-bordered part: pixels x, y in order, shape (n, 2)."""
    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return np.asarray(max(contours, key=len).reshape(-1, 2), dtype=np.float64)


def _open_outline(mask: NDArray[np.bool_], scale_px_per_mm: float) -> NDArray[np.float64]:
    """Outline from the hand round the tip to the hand, evenly spaced, in pixels; the cut end is left out."""
    ring = border_of(mask)
    # The ring starts on the cut: the outline is then one run without a seam.
    ring = np.roll(ring, -int(np.argmax(ring[:, 1])), axis=0)
    smooth = smooth_along(resampled(ring, STEP_MM * scale_px_per_mm), SMOOTHING_MM / STEP_MM)
    border_px = BORDER_MM * scale_px_per_mm
    inside = (
        (smooth[:, 1] < last_row(mask.shape[0], scale_px_per_mm) - border_px)
        & (smooth[:, 0] > border_px)
        & (smooth[:, 0] < mask.shape[1] - 1 - border_px)
        & (smooth[:, 1] > border_px)
    )
    return np.asarray(smooth[inside])


def resampled(points: NDArray[np.float64], step: float) -> NDArray[np.float64]:
    """Points `step` apart along a line through points (n, 2)."""
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    where = np.arange(0.0, along[-1], step)
    return np.column_stack([np.interp(where, along, points[:, axis]) for axis in range(points.shape[1])])


def smooth_along(values: NDArray[np.float64], sd: float) -> NDArray[np.float64]:
    """Gaussian along the first axis, reflected oddly at the ends so that they stay where they are."""
    reach = min(int(3 * sd) + 1, len(values) - 1)
    offsets = np.arange(-reach, reach + 1)
    kernel = np.exp(-0.5 * (offsets / sd) ** 2)
    kernel /= kernel.sum()
    front = 2 * values[0] - values[reach:0:-1]
    back = 2 * values[-1] - values[-2 : -reach - 2 : -1]
    padded = np.concatenate([front, values, back])
    if padded.ndim == 1:
        return np.convolve(padded, kernel, mode="valid")
    return np.column_stack([np.convolve(column, kernel, mode="valid") for column in padded.T])


def outward_normals(points: NDArray[np.float64], mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Unit normals (n, 2) of an outline's points, out of the mask."""
    tangent = np.gradient(points, axis=0)
    normal = np.column_stack([tangent[:, 1], -tangent[:, 0]])
    normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-12
    probe = np.rint(points + 6 * normal).astype(int)
    probe = np.clip(probe, 0, [mask.shape[1] - 1, mask.shape[0] - 1])
    flip = mask[probe[:, 1], probe[:, 0]].mean() > 0.5  # noqa: PLR2004  (the majority)
    return -normal if flip else normal


def find_silhouette(
    reading: ReadingImage, skin: NDArray[np.float32], ulcer: NDArray[np.float32]
) -> Silhouette:
    """Find the digit and refine its outline on the picture's own edges.

    Parameters
    ----------
    reading : ReadingImage
        The card's plane.
    skin, ulcer : NDArray[np.float32], shape (height, width)
        Probabilities from the network.

    Returns
    -------
    Silhouette
        Two sides that meet at the tip.

    Raises
    ------
    DigitNotFound
        If no digit comes in through the slot's open end.
    """
    return outlined(reading, digit_mask(reading, skin, ulcer))


def outlined(reading: ReadingImage, mask: NDArray[np.bool_]) -> Silhouette:
    """Refine a digit's outline on the picture's own edges.

    Parameters
    ----------
    reading : ReadingImage
        The card's plane.
    mask : NDArray[np.bool_], shape (height, width)
        The digit, as `digit_mask` gives it.

    Returns
    -------
    Silhouette
        Two sides that meet at the tip.

    Raises
    ------
    DigitNotFound
        If too little of its outline is in the picture.
    """
    outline = _open_outline(mask, reading.scale_px_per_mm)
    if len(outline) < 2 * MINIMUM_LENGTH_MM / STEP_MM:
        raise DigitNotFound("digit_not_found")
    points_mm, contrast = refined(reading, outline, mask)
    tip = int(np.argmin(points_mm[:, 1]))
    first, second = points_mm[: tip + 1][::-1], points_mm[tip:]
    left, right = (first, second) if first[:, 0].mean() < second[:, 0].mean() else (second, first)
    return Silhouette(left, right, mask, contrast)


def refined(
    reading: ReadingImage, outline_px: NDArray[np.float64], mask: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], float]:
    """Move an outline onto the picture's own edges.

    Parameters
    ----------
    reading : ReadingImage
        The card's plane.
    outline_px : NDArray[np.float64], shape (n, 2)
        x, y in its pixels, `STEP_MM` apart.
    mask : NDArray[np.bool_], shape (height, width)
        What the outline goes round.

    Returns
    -------
    points_mm : NDArray[np.float64], shape (n, 2)
        On the card.
    edge_contrast : float
        Median step of light across the edge.
    """
    # The square root of light: even steps to the eye, and to the sensor's noise.
    light = np.sqrt(SRGB_TO_LINEAR)[reading.rgb]
    normals = outward_normals(outline_px, mask)
    offsets_mm, contrast = skin_edges(light, outline_px, normals, reading.scale_px_per_mm)
    offsets_mm = smooth_along(_median(offsets_mm, 21), SMOOTHING_MM / STEP_MM)
    moved = outline_px + offsets_mm[:, None] * reading.scale_px_per_mm * normals
    return reading.to_card_mm(moved), float(np.median(contrast))


def _median(values: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    padded = np.pad(values, size // 2, mode="reflect")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, size), axis=1))
