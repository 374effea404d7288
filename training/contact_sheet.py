"""A sheet of pictures with the true outline and the found one, to be looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

TILE_PX = 420
"""Side of a picture: an ulcer of 20 px then shows its border, and two rows of two fit on a screen."""

CAPTION_PX = 44
"""Height of two lines of caption."""

COLUMNS = 2
"""Pictures beside each other, each twice: as it is, so that the border can be judged, and outlined."""

TRUE_COLOUR, FOUND_COLOUR = (60, 230, 60), (40, 120, 255)
TEXT_COLOUR, GROUND = (240, 240, 240), 24
FONT, FONT_SIZE = cv2.FONT_HERSHEY_SIMPLEX, 0.5

CLOSE_UP_MARGIN = 1.2
"""The close-up shows the ulcers and this times their extent around them."""


@dataclass(frozen=True)
class Row:
    """What a sheet shows of a picture.

    Attributes
    ----------
    title, numbers : str
        Two lines of caption.
    rgb : NDArray[np.uint8], shape (H, W, 3)
        The picture.
    truth, found : NDArray[np.bool_], shape (H, W)
        True and found mask.
    """

    title: str
    numbers: str
    rgb: NDArray[np.uint8]
    truth: NDArray[np.bool_]
    found: NDArray[np.bool_]


def draw_contact_sheet(rows: Sequence[Row], path: Path) -> None:
    """Write a sheet: each picture as it is and outlined, truth in green, found in blue.

    Parameters
    ----------
    rows : sequence of Row
        What is shown; no sheet is written if there is nothing.
    path : Path
        PNG to write.
    """
    if not rows:
        return
    tiles = [_tile(row) for row in rows]
    tiles += [np.full_like(tiles[0], GROUND)] * (-len(tiles) % COLUMNS)
    lines = [np.hstack(tiles[start : start + COLUMNS]) for start in range(0, len(tiles), COLUMNS)]
    cv2.imwrite(str(path), np.vstack(lines)[..., ::-1])


def _tile(row: Row) -> NDArray[np.uint8]:
    window = _close_up(row.truth | row.found)
    factor = TILE_PX / max(row.rgb[window].shape[:2])
    picture = cv2.resize(row.rgb[window], None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    outlined = picture.copy()
    for mask, colour in ((row.truth, TRUE_COLOUR), (row.found, FOUND_COLOUR)):
        enlarged = cv2.resize(
            mask[window].astype(np.uint8), picture.shape[1::-1], interpolation=cv2.INTER_NEAREST
        )
        # holes are outlined too: an island of new skin that is missed must be seen
        outlines, _ = cv2.findContours(enlarged, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(outlined, outlines, -1, colour, 1)
    tile = np.full((TILE_PX + CAPTION_PX, 2 * TILE_PX, 3), GROUND, dtype=np.uint8)
    for place, shown in enumerate((picture, outlined)):
        left = place * TILE_PX
        tile[: shown.shape[0], left : left + shown.shape[1]] = shown
    for line, text in enumerate((row.title, row.numbers)):
        _write(tile, text, TILE_PX + 18 * (line + 1))
    return tile


def _write(tile: NDArray[np.uint8], text: str, bottom_px: int) -> None:
    cv2.putText(tile, text, (6, bottom_px), FONT, FONT_SIZE, TEXT_COLOUR, 1, cv2.LINE_AA)


def _close_up(marked: NDArray[np.bool_]) -> tuple[slice, slice]:
    """The part of a picture round what is marked; all of it where nothing is."""
    rows, columns = np.nonzero(marked)
    if not len(rows):
        return slice(None), slice(None)
    extent = max(int(np.ptp(rows)), int(np.ptp(columns)), 40) * (0.5 + CLOSE_UP_MARGIN)
    middle = (rows.min() + rows.max()) // 2, (columns.min() + columns.max()) // 2
    low = [max(0, int(value - extent)) for value in middle]
    return slice(low[0], int(middle[0] + extent)), slice(low[1], int(middle[1] + extent))
