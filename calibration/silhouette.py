"""The digit's outline against card and table, to a fraction of a pixel of the ReadingImage."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.digit_card import DIGIT_CARD
from calibration.rectify import READING_AREA, ReadingImage
from calibration.skin_edges import STEP_MM, skin_edges
from calibration.srgb import SRGB_TO_LINEAR

SKIN_THRESHOLD = 0.5
"""Probability from which a pixel belongs to the digit before its outline is refined."""

CLOSING_MM = 3.0
"""Gaps in the skin (a crust, a dressing mark, a highlight) up to this width do not cut the digit."""

MINIMUM_LENGTH_MM = 15.0
"""Less of a digit than this shows no two sides from which an axis follows (two radii of a thick digit)."""

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


class DigitNotFound(ValueError):  # noqa: N818  (a finding about a photograph, in the words of the gate)
    """No digit with two sides lies in the slot."""


def digit_mask(
    skin: NDArray[np.float32], ulcer: NDArray[np.float32], scale_px_per_mm: float
) -> NDArray[np.bool_]:
    """The connected region of skin and ulcer that comes in through the slot's open end.

    Parameters
    ----------
    skin, ulcer : NDArray[np.float32], shape (height, width)
        Probabilities.
    scale_px_per_mm : float
        Of the ReadingImage.

    Returns
    -------
    NDArray[np.bool_], shape (height, width)
        The digit without holes.

    Raises
    ------
    DigitNotFound
        If nothing long enough is there.
    """
    closed = skin_regions(skin, ulcer, scale_px_per_mm)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=4)
    slot_columns = _slot_columns(labels.shape[1], scale_px_per_mm)
    entrance = labels[_last_row(labels.shape[0], scale_px_per_mm), slot_columns]
    reaching = np.bincount(entrance, minlength=count)
    reaching[0] = 0
    if reaching.max() == 0:
        raise DigitNotFound("digit_not_found")
    best = int(np.argmax(np.where(reaching > 0, stats[:, cv2.CC_STAT_AREA], 0)))
    if stats[best, cv2.CC_STAT_HEIGHT] < MINIMUM_LENGTH_MM * scale_px_per_mm:
        raise DigitNotFound("digit_not_found")
    return filled(labels == best)


def skin_regions(
    skin: NDArray[np.float32], ulcer: NDArray[np.float32], scale_px_per_mm: float
) -> NDArray[np.uint8]:
    """Where skin or ulcer is likely, specks and gaps up to `CLOSING_MM` taken away; 0 or 1."""
    seed = (np.maximum(skin, ulcer) > SKIN_THRESHOLD).astype(np.uint8)
    size = round(CLOSING_MM * scale_px_per_mm) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    small = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size // 2 | 1, size // 2 | 1))
    pad = size
    # Closing beyond the picture's end would round the digit off where it is only cut.
    padded = cv2.copyMakeBorder(seed, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    closed = cv2.morphologyEx(cv2.morphologyEx(padded, cv2.MORPH_OPEN, small), cv2.MORPH_CLOSE, kernel)
    return np.asarray(closed[pad:-pad, pad:-pad], dtype=np.uint8)


def filled(region: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A region without its holes."""
    contours, _ = cv2.findContours(region.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    canvas = np.zeros(region.shape, np.uint8)
    cv2.drawContours(canvas, contours, -1, 1, cv2.FILLED)
    return canvas.astype(bool)


def border_of(mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Outer border of a mask's longest-bordered part: pixels x, y in order, shape (n, 2)."""
    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return np.asarray(max(contours, key=len).reshape(-1, 2), dtype=np.float64)


def _last_row(height_px: int, scale_px_per_mm: float) -> int:
    """Row of the card's bottom edge: beyond it, neighbouring fingers and the hand close in on the digit."""
    card_px = round((DIGIT_CARD.height_mm - READING_AREA.top) * scale_px_per_mm)
    return min(card_px, height_px) - 1


def _slot_columns(width_px: int, scale_px_per_mm: float) -> slice:
    middle_mm = (DIGIT_CARD.slot.left + DIGIT_CARD.slot.right) / 2
    half_px = (DIGIT_CARD.slot.right - DIGIT_CARD.slot.left) / 2 * scale_px_per_mm
    centre_px = width_px / 2 + (middle_mm - DIGIT_CARD.width_mm / 2) * scale_px_per_mm
    return slice(max(0, round(centre_px - half_px)), min(width_px, round(centre_px + half_px)))


def _open_outline(mask: NDArray[np.bool_], scale_px_per_mm: float) -> NDArray[np.float64]:
    """Outline from the hand round the tip to the hand, evenly spaced, in pixels; the cut end is left out."""
    ring = border_of(mask)
    # The ring starts on the cut: the outline is then one run without a seam.
    ring = np.roll(ring, -int(np.argmax(ring[:, 1])), axis=0)
    smooth = smooth_along(resampled(ring, STEP_MM * scale_px_per_mm), SMOOTHING_MM / STEP_MM)
    border_px = BORDER_MM * scale_px_per_mm
    inside = (
        (smooth[:, 1] < _last_row(mask.shape[0], scale_px_per_mm) - border_px)
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
    scale = reading.scale_px_per_mm
    mask = digit_mask(skin, ulcer, scale)
    outline = _open_outline(mask, scale)
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
