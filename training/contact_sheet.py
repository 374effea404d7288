"""A sheet of pictures with the true outline and the found one, to be looked at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

TILE_PX = 420
CAPTION_PX = 24
COLUMNS = 5
TRUE_COLOUR = (60, 230, 60)
FOUND_COLOUR = (40, 90, 255)
CLOSE_UP_MARGIN = 1.2
"""The close-up shows the ulcers and this times their extent around them."""

Row = tuple[str, NDArray[np.uint8], NDArray[np.bool_], NDArray[np.bool_]]


def draw_contact_sheet(rows: Sequence[Row], path: Path) -> None:
    """Write a sheet: truth in green, found in blue.

    Parameters
    ----------
    rows : sequence of (title, rgb (H, W, 3) uint8, truth (H, W) bool, found (H, W) bool)
        What is shown.
    path : Path
        PNG to write.
    """
    if not rows:
        return
    tiles = [_tile(*row) for row in rows]
    while len(tiles) % COLUMNS:
        tiles.append(np.zeros_like(tiles[0]))
    lines = [np.hstack(tiles[start : start + COLUMNS]) for start in range(0, len(tiles), COLUMNS)]
    cv2.imwrite(str(path), np.vstack(lines)[..., ::-1])


def _tile(
    title: str, rgb: NDArray[np.uint8], truth: NDArray[np.bool_], found: NDArray[np.bool_]
) -> NDArray[np.uint8]:
    window = _close_up(truth | found)
    factor = TILE_PX / max(rgb[window].shape[:2])
    picture = cv2.resize(rgb[window], None, fx=factor, fy=factor, interpolation=cv2.INTER_LINEAR)
    for mask, colour in ((truth, TRUE_COLOUR), (found, FOUND_COLOUR)):
        enlarged = cv2.resize(
            mask[window].astype(np.uint8), picture.shape[1::-1], interpolation=cv2.INTER_NEAREST
        )
        outlines, _ = cv2.findContours(enlarged, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        picture = cv2.drawContours(np.ascontiguousarray(picture), outlines, -1, colour, 1)
    tile = np.zeros((TILE_PX + CAPTION_PX, TILE_PX, 3), dtype=np.uint8)
    tile[: picture.shape[0], : picture.shape[1]] = picture
    cv2.putText(
        tile, title, (4, TILE_PX + 17), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (255, 255, 255), 1, cv2.LINE_AA
    )
    return tile


def _close_up(marked: NDArray[np.bool_]) -> tuple[slice, slice]:
    """The part of a picture round what is marked; all of it where nothing is."""
    rows, columns = np.nonzero(marked)
    if not len(rows):
        return slice(None), slice(None)
    extent = max(int(np.ptp(rows)), int(np.ptp(columns)), 40) * (0.5 + CLOSE_UP_MARGIN)
    middle = (rows.min() + rows.max()) // 2, (columns.min() + columns.max()) // 2
    low = [max(0, int(value - extent)) for value in middle]
    return slice(low[0], int(middle[0] + extent)), slice(low[1], int(middle[1] + extent))
