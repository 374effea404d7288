"""The outline of a fingertip that stands up through the slot."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.digit_card import DIGIT_CARD
from calibration.digit_mask import DigitNotFound, filled, skin_regions
from calibration.rectify import ReadingImage
from calibration.silhouette import (
    SMOOTHING_MM,
    border_of,
    refined,
    resampled,
    smooth_along,
)
from calibration.skin_edges import STEP_MM

LONGEST_MM = 34.0
"""A region longer than this on the card's plane is a digit that lies: thumbs' tips reach 27 mm, and what
stands 15 mm above the card looks a tenth larger."""

SHORTEST_MM = 7.0
"""A region smaller than this is no fingertip."""

LEAST_IN_SLOT = 0.6
"""Share of the region that must be seen within the slot."""

OVERLAP = 60
"""Points by which the closed outline is carried on at either end, so that smoothing knows no seam."""


@dataclass(frozen=True)
class TipOutline:
    """A fingertip seen from its end.

    Attributes
    ----------
    points_mm : NDArray[np.float64], shape (n, 2)
        Closed outline on the card's plane.
    mask : NDArray[np.bool_], shape (height, width)
        The tip in the ReadingImage, holes filled.
    edge_contrast : float
        Median step of light across the outline.
    """

    points_mm: NDArray[np.float64]
    mask: NDArray[np.bool_]
    edge_contrast: float


def tip_mask(
    skin: NDArray[np.float32], ulcer: NDArray[np.float32], reading: ReadingImage
) -> NDArray[np.bool_]:
    """The region of skin and ulcer that stands in the slot.

    Parameters
    ----------
    skin, ulcer : NDArray[np.float32], shape (height, width)
        Probabilities.
    reading : ReadingImage
        Its geometry.

    Returns
    -------
    NDArray[np.bool_], shape (height, width)
        Without holes.

    Raises
    ------
    DigitNotFound
        `tip_not_found` where nothing stands in the slot, `pose_mismatch` where a digit lies in it.
    """
    scale = reading.scale_px_per_mm
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        skin_regions(skin, ulcer, scale), connectivity=4
    )
    in_slot = np.bincount(labels[_slot(reading, labels.shape)].ravel(), minlength=count)
    in_slot[0] = 0
    best = int(in_slot.argmax())
    sides_mm = stats[best, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]] / scale
    if in_slot[best] == 0 or sides_mm.min() < SHORTEST_MM:
        raise DigitNotFound("tip_not_found")
    if sides_mm.max() > LONGEST_MM:
        raise DigitNotFound("pose_mismatch")
    if in_slot[best] < LEAST_IN_SLOT * stats[best, cv2.CC_STAT_AREA]:
        raise DigitNotFound("tip_not_found")
    return filled(labels == best)


def _slot(reading: ReadingImage, shape: tuple[int, ...]) -> tuple[slice, slice]:
    """Rows and columns of the ReadingImage in which the slot lies."""
    slot = DIGIT_CARD.slot
    corners = np.array([[slot.left, slot.top], [slot.right, slot.bottom]])
    (left, top), (right, bottom) = np.rint(reading.from_card_mm(corners)).astype(int)
    return slice(max(top, 0), min(bottom, shape[0])), slice(max(left, 0), min(right, shape[1]))


def find_tip_outline(
    reading: ReadingImage, skin: NDArray[np.float32], ulcer: NDArray[np.float32]
) -> TipOutline:
    """Find the fingertip and refine its outline on the picture's own edges.

    Parameters
    ----------
    reading : ReadingImage
        The card's plane.
    skin, ulcer : NDArray[np.float32], shape (height, width)
        Probabilities from the network.

    Raises
    ------
    DigitNotFound
        As in `tip_mask`.
    """
    mask = tip_mask(skin, ulcer, reading)
    ring = border_of(mask)
    ring = resampled(np.vstack([ring, ring[:1]]), STEP_MM * reading.scale_px_per_mm)
    carried_on = np.vstack([ring[-OVERLAP:], ring, ring[:OVERLAP]])
    points_mm, contrast = refined(reading, smooth_along(carried_on, SMOOTHING_MM / STEP_MM), mask)
    return TipOutline(points_mm[OVERLAP:-OVERLAP], mask, contrast)
