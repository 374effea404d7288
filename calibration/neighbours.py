"""Fingers that lie close beside the digit: split off along the dark line between the two.

Where two fingers touch, skin runs on into skin. What tells them apart is the groove between them, a line
along the slot that is darker than the skin on both its sides, or where the light jumps from one flank to the
other.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.rectify import ReadingImage
from calibration.srgb import SRGB_TO_LINEAR

COLUMN_MM = 0.1
ROW_MM = 0.2
"""Cells in which the line is looked for; it moves by one column a row at most, 27° off the slot."""

FLANK_MM = 0.7
"""How far to either side of the line skin is looked at: beyond the groove, on the fingers' flanks."""

CLEAR_GROOVE = 0.04
"""Fall of the square root of linear light at which a groove counts in full; skin's own lines fall less on
phantoms."""

STEP_SHARE = 0.5
"""Weight of a jump of light from one flank to the other against that of a groove."""

OUTSIDE_SLOT_MM = 2.0
"""A region that reaches less than this beyond the slot holds no second finger."""

THINNEST_MM = 9.0
"""No finger is thinner: both parts must keep this width at the card's lower edge."""

SHORTEST_MM = 8.0
"""A line must run at least so far through skin: ulcers and nails have shorter edges along the slot."""

MEAN_COST = 0.5
"""Half of the line must be clear: a path through plain skin costs nearly 1."""

LEAST_FULLNESS = 0.65
"""Mean width of a part against its width at the card's lower edge: a finger fills 0.8 and more, a wedge cut
off a single digit 0.5."""

MOST_NEIGHBOURS = 2
"""One at each side of the slot."""


def split_off(reading: ReadingImage, mask: NDArray[np.bool_], slot: slice) -> NDArray[np.bool_]:
    """The part of a region that lies in the slot.

    Parameters
    ----------
    reading : ReadingImage
        The card's plane.
    mask : NDArray[np.bool_], shape (rows, width)
        Region on the card, down to the card's lower edge; the ReadingImage may have more rows.
    slot : slice
        Columns of the slot.

    Returns
    -------
    NDArray[np.bool_], shape (rows, width)
        The same region where no second finger is seen in it.
    """
    scale = reading.scale_px_per_mm
    for _ in range(MOST_NEIGHBOURS):
        columns = np.flatnonzero(mask.any(axis=0))
        beyond = max(slot.start - columns[0], columns[-1] + 1 - slot.stop)
        if beyond < OUTSIDE_SLOT_MM * scale:
            return mask
        line = _line(reading, mask)
        if line is None:
            return mask
        left = np.arange(mask.shape[1])[None, :] < line[:, None]
        parts = [mask & left, mask & ~left]
        if min(_fullness(part) for part in parts) < LEAST_FULLNESS:
            return mask
        mask = _largest(max(parts, key=lambda part: int(part[:, slot].sum())))
    return mask


def _line(reading: ReadingImage, mask: NDArray[np.bool_]) -> NDArray[np.float64] | None:
    """Column at which the groove crosses each row, shape (rows,); None where there is none."""
    scale = reading.scale_px_per_mm
    rows, width = mask.shape
    size = (round(width / (COLUMN_MM * scale)), round(rows / (ROW_MM * scale)))
    inside = cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST).astype(bool)
    small = cv2.resize(reading.rgb[:rows], size, interpolation=cv2.INTER_AREA)
    light = np.sqrt(SRGB_TO_LINEAR)[small].mean(axis=2).astype(np.float32)
    cost = np.where(inside, 1.0 - np.minimum(_groove(light) / CLEAR_GROOVE, 1.0), 0.0)
    foot = np.flatnonzero(inside[-1])
    least = round(THINNEST_MM / COLUMN_MM)
    if foot[-1] - foot[0] < 2 * least:
        return None
    path = _cheapest(cost, int(foot[0]) + least, int(foot[-1]) - least)
    through = inside[np.arange(len(path)), path]
    paid = cost[np.arange(len(path)), path][through]
    if through.sum() * ROW_MM < SHORTEST_MM or paid.mean() > MEAN_COST:
        return None
    places = (np.arange(rows) + 0.5) / rows * size[1] - 0.5
    return np.asarray((np.interp(places, np.arange(size[1]), path) + 0.5) * width / size[0])


def _groove(light: NDArray[np.float32]) -> NDArray[np.float32]:
    """How far each cell is darker than both flanks, or the flanks' difference."""
    smooth = cv2.GaussianBlur(light, (0, 0), sigmaX=0.15 / COLUMN_MM, sigmaY=0.6 / ROW_MM)
    away = round(FLANK_MM / COLUMN_MM)
    left, right = np.roll(smooth, away, axis=1), np.roll(smooth, -away, axis=1)
    valley = np.minimum(left, right) - smooth
    return np.asarray(np.maximum(valley, 0) + STEP_SHARE * np.abs(left - right))


def _cheapest(cost: NDArray[np.float64], first: int, last: int) -> NDArray[np.intp]:
    """Column of the cheapest path in each row; it ends in the last row between two columns."""
    total = np.zeros_like(cost)
    came = np.zeros(cost.shape, np.intp)
    columns = np.arange(cost.shape[1])
    total[0] = cost[0]
    for row in range(1, len(cost)):
        before = np.pad(total[row - 1], 1, constant_values=np.inf)
        ways = np.stack([before[:-2], before[1:-1], before[2:]])
        step = ways.argmin(axis=0)
        came[row] = columns + step - 1
        total[row] = cost[row] + ways[step, columns]
    path = np.zeros(len(cost), np.intp)
    path[-1] = first + int(total[-1, first : last + 1].argmin())
    for row in range(len(cost) - 1, 0, -1):
        path[row - 1] = came[row, path[row]]
    return path


def _fullness(part: NDArray[np.bool_]) -> float:
    """Mean width of a part over its rows, as a share of its width in the last row."""
    widths = part.sum(axis=1)
    return float(widths[widths > 0].mean() / max(int(widths[-1]), 1))


def _largest(part: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The largest connected piece."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(part.astype(np.uint8), connectivity=4)
    return np.asarray(labels == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax()))
