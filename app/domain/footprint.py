"""The ulcer in the digit's own frame, and how one visit's skin is found again on another's.

The frame is the length of the meridian from the tip and the angle round the axis, so that a footprint can be
laid over another visit's photograph whatever the camera did.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

GRID_PX_PER_MM = 10.0
"""Resolution at which footprints are compared: 0.1 mm, the resolution that the gate asks of the
photograph."""

GRID_HEIGHT_MM = 45.0
"""Length of the meridian that is kept: from the tip past the proximal interphalangeal joint's crease."""

GRID_HALF_ARC_MM = 14.0
"""Arc kept on either side of the digit's top line: a quarter turn of a thick thumb."""

SEARCH_MM = 3.0
"""Displacement between visits within which a match is looked for: the tip is found within 1 mm, the rest is
the finger's turn."""

WINDOW_MM = 7.0
"""Margin of skin round the baseline footprint whose texture is matched."""

OPEN_MARGIN_MM = 1.0
"""Skin this close to an open ulcer changes with it and is left out of the match."""

MATCH_QUALITY = 0.30
"""Correlation from which a match is believed; unrelated windows of finger texture stayed below 0.2 on
phantoms."""

FOOTPRINT_VERSION = 2
"""Version 1 knew only unrolled digits, their weights one to a row."""

Chart = Literal["unrolled", "tip"]
"""How the skin is laid out: round the axis over the length from the tip; or, for a tip seen from its end, by
distance and direction from its top."""


@dataclass(frozen=True)
class Footprint:
    """What one visit leaves behind for the next: the open area and the skin round it, unrolled.

    Attributes
    ----------
    open : NDArray[np.bool_], shape (rows, columns)
        Open ulcer on the unrolled grid; rows along the meridian from the tip, columns round the axis.
    texture : NDArray[np.uint8], shape (rows, columns)
        Grey skin; 0 where the camera did not see it.
    radius_mm : float
        Radius with which angles were turned into arcs.
    weight : NDArray[np.float32], shape (rows, 1) or (rows, columns)
        Area of a cell's skin against a cell of the grid.
    chart : {"unrolled", "tip"}
        How rows and columns lie on the digit.
    """

    open: NDArray[np.bool_]
    texture: NDArray[np.uint8]
    radius_mm: float
    weight: NDArray[np.float32]
    chart: Chart = "unrolled"

    def to_bytes(self) -> bytes:
        """Compact form for the blob store."""
        buffer = io.BytesIO()
        np.savez_compressed(
            buffer,
            version=np.array(FOOTPRINT_VERSION),
            open=np.packbits(self.open),
            shape=np.array(self.open.shape),
            texture=self.texture,
            radius_mm=np.array(self.radius_mm),
            weight=self.weight,
            chart=np.array(self.chart),
        )
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Footprint:
        """Read what `to_bytes` wrote.

        Raises
        ------
        ValueError
            If the bytes are of another version.
        """
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            version = int(stored["version"])
            if version not in (1, FOOTPRINT_VERSION):
                raise ValueError(f"footprint version {version} is none of 1 to {FOOTPRINT_VERSION}")
            shape = tuple(int(side) for side in stored["shape"])
            bits = np.unpackbits(stored["open"], count=math.prod(shape)).reshape(shape).astype(bool)
            weight = stored["weight"] if version > 1 else stored["weight"][:, None]
            chart: Chart = "tip" if version > 1 and str(stored["chart"]) == "tip" else "unrolled"
            return cls(bits, stored["texture"], float(stored["radius_mm"]), weight, chart)

    @property
    def area_mm2(self) -> float:
        """Open area on the grid."""
        return float((self.open * self.weight).sum() / GRID_PX_PER_MM**2)


def register(baseline: Footprint, later: Footprint) -> tuple[tuple[int, int] | None, float]:
    """Displacement (rows, columns) of the later visit's skin onto the baseline's, and the correlation there.

    Returns
    -------
    shift, quality
        Shift is None when the best correlation stays below `MATCH_QUALITY`, or where one visit's photograph
        shows the digit lying and the other's its tip.
    """
    if baseline.chart != later.chart:
        return None, 0.0
    rows, columns = np.flatnonzero(baseline.open.any(axis=1)), np.flatnonzero(baseline.open.any(axis=0))
    margin, reach = int(WINDOW_MM * GRID_PX_PER_MM), int(SEARCH_MM * GRID_PX_PER_MM)
    top, bottom = max(rows[0] - margin, reach), min(rows[-1] + margin, baseline.open.shape[0] - reach)
    left, right = max(columns[0] - margin, reach), min(columns[-1] + margin, baseline.open.shape[1] - reach)
    window = (slice(top, bottom), slice(left, right))
    first, first_valid = _detail(baseline)
    second, second_valid = _detail(later)
    best, best_quality = None, -1.0
    # Coarse to fine: every third step first, then all steps round the best.
    for spacing in (3, 1):
        around = best or (0, 0)
        span = reach if spacing > 1 else 3
        for row in range(around[0] - span, around[0] + span + 1, spacing):
            for column in range(around[1] - span, around[1] + span + 1, spacing):
                if max(abs(row), abs(column)) > reach:
                    continue
                other = (slice(top + row, bottom + row), slice(left + column, right + column))
                quality = _correlation(
                    first[window], second[other], first_valid[window] & second_valid[other]
                )
                if quality > best_quality:
                    best, best_quality = (row, column), quality
    return (best if best_quality >= MATCH_QUALITY else None), best_quality


def _detail(footprint: Footprint) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Skin detail without its shading, and where it may be trusted."""
    seen = (footprint.texture > 0).astype(np.float32)
    grey = footprint.texture.astype(np.float32)
    size = (0, 0)
    broad = cv2.GaussianBlur(grey, size, 12) / np.maximum(cv2.GaussianBlur(seen, size, 12), 1e-3)
    fine = cv2.GaussianBlur(grey, size, 1.5) / np.maximum(cv2.GaussianBlur(seen, size, 1.5), 1e-3)
    near = int(OPEN_MARGIN_MM * GRID_PX_PER_MM) * 2 + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (near, near))
    wound = cv2.dilate(footprint.open.astype(np.uint8), kernel).astype(bool)
    inside = cv2.erode(seen.astype(np.uint8), kernel).astype(bool)
    return ((fine - broad) / np.maximum(broad, 1.0)).astype(np.float32), inside & ~wound


def _correlation(first: NDArray[np.float32], second: NDArray[np.float32], valid: NDArray[np.bool_]) -> float:
    if valid.sum() < 0.2 * valid.size:
        return -1.0
    a, b = first[valid], second[valid]
    a, b = a - a.mean(), b - b.mean()
    return float(a @ b / np.sqrt(max(float(a @ a) * float(b @ b), 1e-12)))


def moved_back(mask: NDArray[np.bool_], shift: tuple[int, int]) -> NDArray[np.bool_]:
    """The later mask as it lies in the baseline's frame; what leaves the grid is lost."""
    rows, columns = mask.shape
    moved = np.zeros_like(mask)
    r0, c0 = max(0, -shift[0]), max(0, -shift[1])
    r1, c1 = min(rows, rows - shift[0]), min(columns, columns - shift[1])
    moved[r0:r1, c0:c1] = mask[r0 + shift[0] : r1 + shift[0], c0 + shift[1] : c1 + shift[1]]
    return moved
