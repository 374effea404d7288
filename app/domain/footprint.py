"""The ulcer in the digit's own frame.

The frame is the length of the meridian from the tip and the angle round the axis, so that a footprint can be
laid over another visit's photograph whatever the camera did.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

GRID_PX_PER_MM = 10.0
"""Resolution at which footprints are compared: 0.1 mm, the resolution that the gate asks of the
photograph."""

GRID_HEIGHT_MM = 55.0
"""Length of the meridian that is kept: from the tip past the proximal interphalangeal joint, which lies 42 to
48 mm from it."""

GRID_HALF_ARC_MM = 14.0
"""Arc kept on either side of the digit's top line: a quarter turn of a thick thumb."""

PLACE_STEP = 8
"""Cells between those whose place in the picture is kept: between them it bends by less than a pixel."""

FOOTPRINT_VERSION = 3
"""Version 1 knew only unrolled digits, their weights one to a row; 2 did not know its picture."""

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
    places_px : NDArray[np.float32], shape (rows / PLACE_STEP + 1, columns / PLACE_STEP + 1, 2)
        x, y in the visit's picture for readers of every `PLACE_STEP`th cell; empty where it was not kept.
    """

    open: NDArray[np.bool_]
    texture: NDArray[np.uint8]
    radius_mm: float
    weight: NDArray[np.float32]
    chart: Chart = "unrolled"
    places_px: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0, 2), np.float32))

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
            places_px=self.places_px,
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
            if not 1 <= version <= FOOTPRINT_VERSION:
                raise ValueError(f"footprint version {version} is none of 1 to {FOOTPRINT_VERSION}")
            shape = tuple(int(side) for side in stored["shape"])
            bits = np.unpackbits(stored["open"], count=math.prod(shape)).reshape(shape).astype(bool)
            weight = stored["weight"] if version > 1 else stored["weight"][:, None]
            chart: Chart = "tip" if version > 1 and str(stored["chart"]) == "tip" else "unrolled"
            known = {"places_px": stored["places_px"]} if version > 2 else {}  # noqa: PLR2004
            return cls(bits, stored["texture"], float(stored["radius_mm"]), weight, chart, **known)

    @property
    def area_mm2(self) -> float:
        """Open area on the grid."""
        return self.area_of(self.open)

    def area_of(self, part: NDArray[np.bool_]) -> float:
        """Area of a part of the grid, mm²."""
        return float((part * self.weight.astype(np.float64)).sum() / GRID_PX_PER_MM**2)

    @cached_property
    def places_mm(self) -> NDArray[np.float64]:
        """Where the grid's cells lie in space, shape (rows, columns, 3), the axis last.

        Towards the tip the cells of a row lie closer than on the grid: distances on the grid are too long.
        """
        rows, columns = self.open.shape
        row_mm, column_mm = ((np.arange(count) + 0.5) / GRID_PX_PER_MM for count in (rows, columns))
        column_mm = column_mm - columns / GRID_PX_PER_MM / 2
        if self.chart == "unrolled":
            ring_mm = np.broadcast_to(self.weight[:, :1] * self.radius_mm, (rows, columns))
            turn, depth_mm = column_mm / self.radius_mm, _depth_mm(row_mm, ring_mm[:, 0])[:, None]
        else:
            along_mm = row_mm[:, None] - rows / GRID_PX_PER_MM / 2
            meridian_mm = np.hypot(along_mm, column_mm)
            ring_mm, turn = self.weight * meridian_mm, np.arctan2(column_mm, along_mm)
            # the middle column, from the top outwards
            down, ring = (each[rows // 2 :, columns // 2] for each in (meridian_mm, ring_mm))
            depth_mm = np.interp(meridian_mm, down, _depth_mm(down, ring))
        places = (ring_mm * np.cos(turn), ring_mm * np.sin(turn), np.broadcast_to(depth_mm, (rows, columns)))
        return np.stack(places, axis=-1)

    def in_picture(self, cells: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where the visit's picture for readers shows places of the grid.

        Parameters
        ----------
        cells : NDArray[np.float64], shape (n, 2)
            Column, row.

        Returns
        -------
        NDArray[np.float64], shape (n, 2)
            x, y in pixels.

        Raises
        ------
        ValueError
            If the footprint does not know its picture.
        """
        if not self.places_px.size:
            raise ValueError("a footprint of an earlier version does not know its picture")
        where = (cells / PLACE_STEP).astype(np.float32)
        found = cv2.remap(
            self.places_px, where[:, 0], where[:, 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        return np.asarray(found.reshape(-1, 2), np.float64)


def _depth_mm(meridian_mm: NDArray[np.floating], ring_mm: NDArray[np.floating]) -> NDArray[np.float64]:
    """How far along the axis from the first each ring of a meridian lies."""
    squares = np.diff(meridian_mm) ** 2 - np.diff(ring_mm) ** 2
    steps = np.sqrt(np.maximum(squares, 0.0))
    return np.concatenate([[0.0], np.cumsum(steps)])
