"""Which of the open parts on one digit are the ulcer that a photograph was taken of.

Where parts lie is compared on the photograph's own grid, onto which the baseline footprints of the digit's
ulcers were carried. An ulcer that has split is still one; a part that covers two ulcers' footprints is shared
out between them, each cell going to the nearer footprint.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from app.domain.footprint import GRID_PX_PER_MM, Footprint

NEAR_MM = 2.0
"""Parts this close to each other at the baseline, or later to the baseline footprint, are one ulcer's (own
choice: bridges of new skin are narrower, and two ulcers closer than this are drawn as one on a hand map)."""

TIE_DIGITS = 6
"""Decimals of a distance, mm: what is as near to two differs by rounding alone."""

PHALANX_MM = {"distal": (0.0, 28.0), "middle": (20.0, 55.0), "proximal": (42.0, np.inf)}
"""Distance from the tip at which an ulcer of each phalanx has its middle: adults' joints lie at 22–28 and
42–55 mm."""

BORDER_SMOOTHING_CELLS = 1.0
"""Drawn borders are rounded by a cell; the area is counted before."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Parts:
    """The open parts on a digit, told apart; all masks of the grid's shape.

    Attributes
    ----------
    own : NDArray[np.bool_]
        Of the ulcer that the photograph was taken of.
    new : NDArray[np.bool_]
        Of no known ulcer.
    others : NDArray[np.bool_]
        Of other known ulcers.
    count : int
        Separate parts that make up `own`.
    merged : bool
        Whether one of them covers another ulcer's footprint as well.
    """

    own: Mask
    new: Mask
    others: Mask
    count: int
    merged: bool

    @property
    def elsewhere(self) -> Mask:
        """All that is not the ulcer's own."""
        return self.new | self.others


def baseline_parts(grid: Footprint, others: Sequence[Mask], phalanx: str | None) -> Parts:
    """Tell an ulcer's parts at its baseline.

    Parts closer than `NEAR_MM` are one group. Groups that lie on another ulcer's footprint are that ulcer's,
    unless nothing would be left. Of the rest, the largest that lies on the ulcer's phalanx is its own (the
    largest of all, where none does).

    Parameters
    ----------
    grid : Footprint
        All that is open.
    others : sequence of NDArray[np.bool_], shape (rows, columns)
        Footprints of the digit's other ulcers.
    phalanx : str or None
        On the hand map; None where rows do not tell the distance from the tip.
    """
    opened, groups = grid.open, _groups(grid)
    claimed = _union(others, opened)
    free = [group for group in groups if not (group & claimed).any()] or groups
    if not free:
        return Parts(opened, np.zeros_like(opened), np.zeros_like(opened), 0, merged=False)
    own = max([group for group in free if _lies_on(group, phalanx)] or free, key=grid.area_of)
    new = _union([group for group in free if group is not own], opened)
    return Parts(own, new, opened & ~own & ~new, _count(own), merged=False)


def later_parts(grid: Footprint, footprint: Mask, others: Sequence[Mask]) -> Parts:
    """Tell an ulcer's parts at a later visit.

    A part within `NEAR_MM` of the ulcer's footprint, and no farther from it than from another's, is its own.
    A part that covers both is shared out, each cell to the nearer footprint. What is as near to two goes to
    the one that begins first from the tip, whichever was photographed: no cell is measured twice.

    Parameters
    ----------
    grid : Footprint
        All that is open.
    footprint : NDArray[np.bool_], shape (rows, columns)
        The ulcer's own at the baseline, carried onto this grid.
    others : sequence of NDArray[np.bool_]
        The same of the digit's other ulcers.
    """
    opened = grid.open
    claimed, to_own = _union(others, opened), _distance_mm(grid, footprint)
    rivals = [(_distance_mm(grid, other), _nearer_by(other, footprint)) for other in others]
    own, taken, merged = np.zeros_like(opened), np.zeros_like(opened), False
    for part in _separate(opened):
        if (part & footprint).any() and (part & claimed).any():
            theirs = part & _union([nearer(away, to_own) for away, nearer in rivals], opened)
            own, taken, merged = own | (part & ~theirs), taken | theirs, True
            continue
        own_mm, rivals_mm = to_own[part].min(), [(away[part].min(), nearer) for away, nearer in rivals]
        if min([own_mm, *(mm for mm, _ in rivals_mm)]) > NEAR_MM:
            continue
        if any(nearer(mm, own_mm) for mm, nearer in rivals_mm):
            taken = taken | part
        else:
            own = own | part
    return Parts(own, opened & ~own & ~taken, taken, _count(own), merged)


def unclaimed_parts(opened: Mask, others: Sequence[Mask]) -> Parts:
    """Where the ulcer's own footprint was not found again: all that no other ulcer's footprint claims."""
    claimed = _union(others, opened)
    taken = _union([part for part in _separate(opened) if (part & claimed).any()], opened)
    own = opened & ~taken
    return Parts(own, np.zeros_like(opened), taken, _count(own), merged=False)


def perimeter_mm(mask: Mask) -> float:
    """Length of a mask's borders on the grid: for shares of a perimeter, too long by its steps."""
    rings, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    return float(sum(cv2.arcLength(ring, closed=True) for ring in rings)) / GRID_PX_PER_MM


def borders(mask: Mask) -> list[NDArray[np.float64]]:
    """A mask's borders as rings of places (n, 2: column, row), the steps of its cells smoothed away."""
    from skimage.measure import find_contours  # noqa: PLC0415  (half a second to import)

    soft = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), BORDER_SMOOTHING_CELLS)
    rings = find_contours(np.pad(soft, 1), 0.5)  # type: ignore[no-untyped-call]
    return [np.asarray(ring[:, ::-1] - 1, np.float64) for ring in rings]


def _separate(mask: Mask) -> list[Mask]:
    count, labels = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)
    return [np.asarray(labels == label) for label in range(1, count)]


def _count(mask: Mask) -> int:
    return int(cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)[0]) - 1


def _groups(grid: Footprint) -> list[Mask]:
    """Parts with all that lie within `NEAR_MM` of them, and so on."""
    groups: list[Mask] = []
    for part in _separate(grid.open):
        away = _distance_mm(grid, part)
        near = [bool(away[group].min() <= NEAR_MM) for group in groups]
        apart = [group for group, joins in zip(groups, near, strict=True) if not joins]
        joined = [group for group, joins in zip(groups, near, strict=True) if joins]
        groups = [*apart, _union([*joined, part], part)]
    return groups


def _distance_mm(grid: Footprint, mask: Mask) -> NDArray[np.float64]:
    """Straight distance of every open cell to a mask; infinite elsewhere and without one."""
    away = np.full(mask.shape, np.inf)
    if mask.any() and grid.open.any():
        found = cKDTree(grid.places_mm[mask]).query(grid.places_mm[grid.open])[0]
        away[grid.open] = np.round(found, TIE_DIGITS)
    return away


def _nearer_by(other: Mask, footprint: Mask) -> np.ufunc:
    """How another ulcer's distance is held against the own one: it wins a tie if it begins first."""
    if not other.any():
        return np.less
    first = not footprint.any() or np.flatnonzero(other)[0] < np.flatnonzero(footprint)[0]
    return np.less_equal if first else np.less


def _union(masks: Sequence[Mask], like: Mask) -> Mask:
    union = np.zeros_like(like)
    for mask in masks:
        union = union | mask
    return union


def _lies_on(group: Mask, phalanx: str | None) -> bool:
    low, high = PHALANX_MM.get(phalanx or "", (0.0, np.inf))
    middle_mm = float(np.flatnonzero(group.any(axis=1)).mean()) / GRID_PX_PER_MM
    return low <= middle_mm <= high
