"""A large picture in overlapping tiles, and what was found in them as one, without seams."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from models.picture import LONGEST_SIDE_PX, STRIDE_PX, Window

OVERLAP_PX = 192
"""Pixels that neighbouring tiles share. On a phantom's photograph, tiles of 512 px then differ from the whole
by at most 0.012 in the ulcer's probability and 0.06 in the skin's; with 128 px by 0.017 and 0.24."""

EDGE_PX = 32
"""Outermost pixels of a tile that do not count where a neighbour covers them: there the network has seen its
own zero padding in place of the picture."""


def tiles_of(height: int, width: int, longest_px: int = LONGEST_SIDE_PX) -> list[Window]:
    """Tiles that cover a picture.

    Parameters
    ----------
    height, width : int
        Of the picture, px.
    longest_px : int
        Longest side of a tile; a multiple of `STRIDE_PX`, more than twice `OVERLAP_PX`.

    Returns
    -------
    list of Window
        Row by row. Neighbours share `OVERLAP_PX`; every tile begins at a multiple of `STRIDE_PX`, so that
        the encoder's grid lies in the tile as it lies in the whole.
    """
    return [
        (rows, columns)
        for rows in _stretches(height, longest_px)
        for columns in _stretches(width, longest_px)
    ]


def blend(
    found: Iterable[tuple[Window, NDArray[np.float32]]], channels: int, height: int, width: int
) -> NDArray[np.float32]:
    """What was found in tiles, as one.

    Parameters
    ----------
    found : iterable of (Window, NDArray[np.float32] of shape (channels, h, w))
        Tiles of `tiles_of` in any order, each with its probabilities.
    channels, height, width : int
        Shape of the result.

    Returns
    -------
    NDArray[np.float32], shape (channels, height, width)
        Where tiles overlap, their mean with weights that go over from one to the other.
    """
    whole = np.zeros((channels, height, width), dtype=np.float32)
    for (rows, columns), planes in found:
        weight = np.outer(_ramp(rows, height), _ramp(columns, width)).astype(np.float32)
        whole[:, rows, columns] += weight * planes
    return whole


def _stretches(length: int, longest_px: int) -> list[slice]:
    """Overlapping stretches of a side, as even as multiples of `STRIDE_PX` allow."""
    if length <= longest_px:
        return [slice(0, length)]
    fresh = length - OVERLAP_PX
    count = -(-fresh // (longest_px - OVERLAP_PX))
    step = -(-fresh // (count * STRIDE_PX)) * STRIDE_PX
    return [slice(start, min(start + step + OVERLAP_PX, length)) for start in range(0, fresh, step)]


def _ramp(stretch: slice, length: int) -> NDArray[np.float64]:
    """Weights along a stretch: 1, falling to 0 in the overlaps; those of neighbours sum to 1."""
    weights = np.ones(stretch.stop - stretch.start)
    rise = np.clip((np.arange(OVERLAP_PX) + 0.5 - EDGE_PX) / (OVERLAP_PX - 2 * EDGE_PX), 0.0, 1.0)
    if stretch.start > 0:
        weights[:OVERLAP_PX] *= rise
    if stretch.stop < length:
        weights[-OVERLAP_PX:] *= rise[::-1]
    return weights
