"""Borders of masks: how far two lie apart, which pixels lie near them, which parts a mask has."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

FAR_PERCENT = 95
"""Percentile that stands for the worst of a border: the farthest pixel alone would be chance."""

BAND_PX = 5.0
"""Pixels this near to the true or found border make up the border band: 0.5 mm at the network's scale, about
what two people's outlines of one wound differ by."""


class Apart(NamedTuple):
    """How far two borders lie apart: mean and 95th percentile of the symmetric distance, px."""

    mean_px: float
    far_px: float


def border(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Pixels of a mask (H, W) with a neighbour outside it; the picture's own edge is no border."""
    return np.asarray(mask & ~ndimage.binary_erosion(mask, border_value=1))


def borders_apart(truth: NDArray[np.bool_], found: NDArray[np.bool_]) -> Apart | None:
    """Symmetric surface distance of two masks.

    Parameters
    ----------
    truth, found : NDArray[np.bool_], shape (H, W)

    Returns
    -------
    Apart or None
        Over the distances of every pixel of either border to the other border; none where a mask is empty
        or fills the picture, for then it has no border.
    """
    window = _window(truth | found, 1)
    true_border, found_border = border(truth[window]), border(found[window])
    if not true_border.any() or not found_border.any():
        return None
    distances = np.concatenate(
        [
            ndimage.distance_transform_edt(~found_border)[true_border],
            ndimage.distance_transform_edt(~true_border)[found_border],
        ]
    )
    return Apart(float(distances.mean()), float(np.percentile(distances, FAR_PERCENT)))


def border_band(
    truth: NDArray[np.bool_], found: NDArray[np.bool_], width_px: float = BAND_PX
) -> NDArray[np.bool_]:
    """Pixels (H, W) within `width_px` of the true or the found border, on either side."""
    band = np.zeros(truth.shape, dtype=bool)
    window = _window(truth | found, int(np.ceil(width_px)) + 1)
    edges = border(truth[window]) | border(found[window])
    if edges.any():
        band[window] = ndimage.distance_transform_edt(~edges) <= width_px
    return band


def _window(marked: NDArray[np.bool_], margin_px: int) -> tuple[slice, slice]:
    """Rows and columns that hold all that is marked and a margin: most of a picture has no border in it."""
    rows, columns = np.flatnonzero(marked.any(axis=1)), np.flatnonzero(marked.any(axis=0))
    if not len(rows):
        return slice(0, 0), slice(0, 0)
    return _reach(rows, margin_px), _reach(columns, margin_px)


def _reach(places: NDArray[np.intp], margin_px: int) -> slice:
    return slice(max(0, int(places[0]) - margin_px), int(places[-1]) + margin_px + 1)


def parts(mask: NDArray[np.bool_], smallest_px: int) -> list[NDArray[np.bool_]]:
    """The connected parts of a mask (H, W) that have at least so many pixels, each as a mask."""
    _, islands, statistics, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    large = np.flatnonzero(statistics[1:, cv2.CC_STAT_AREA] >= smallest_px) + 1
    return [np.asarray(islands == number) for number in large]
