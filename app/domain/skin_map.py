"""How much skin lies behind the readers' picture, so that any outline drawn on it becomes an area.

The machine measures its own outline pixel by pixel on the digit's surface. Readers draw later, elsewhere, and
many times over: for them the surface is kept as a coarse map of mm² a pixel, once as found and once with each
uncertain input moved, so that an outline's area has the same budget as the machine's, but for the border: a
drawn outline is what its reader holds to be the border.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.area_budget import Basis, printing_component, resolution_component, scale_component
from app.domain.planimetry import CONTOUR_SMOOTHING_MM, smooth_ring
from calibration.digit_card import in_world
from calibration.rectify import ReadingImage
from calibration.surface import DigitSurface
from calibration.uncertainty import Budget, from_changes

STEP_PX = 20
"""Pixels between nodes, 1 mm: on a digit of 8 mm radius, seen at 35°, a cubic between them errs by less than
a thousandth."""

SUB_ROWS = 8
"""Lines across each row of pixels along which an outline's share of them is taken, exactly along the line."""

FEWEST_CORNERS = 3
"""Two corners enclose nothing."""

LEAST_FACING = 0.2
"""Cosine of the angle of view below which skin is a streak, and its area a pixel no longer means anything:
78°."""

SKIN_MAP_VERSION = 1
"""Of the stored form; another is refused rather than misread."""

Ring = NDArray[np.float64]
"""Corners of a closed line, shape (n, 2): x, y in the picture's pixels, pixel centres at whole numbers."""


@dataclass(frozen=True)
class SkinMap:
    """Skin behind each pixel of a picture.

    Attributes
    ----------
    shape : tuple of int
        Height and width of the picture.
    area : NDArray[np.float32], shape (rows, columns)
        mm² a pixel at every `STEP_PX`th pixel.
    moved : NDArray[np.float32], shape (k, rows, columns)
        The same with one uncertain input moved by its standard uncertainty.
    names, sources : tuple of str, length k
        Which input, and how its uncertainty was had; an input that was moved both ways stands there twice.
    scale_relative_sd : float
        Of lengths on the card.
    photo_px_per_mm : float
        Resolution of the photograph at the digit.
    """

    shape: tuple[int, int]
    area: NDArray[np.float32]
    moved: NDArray[np.float32]
    names: tuple[str, ...]
    sources: tuple[str, ...]
    scale_relative_sd: float
    photo_px_per_mm: float

    def measure(self, rings: Sequence[Ring]) -> tuple[float, Budget]:
        """Area within closed lines and its uncertainty, mm².

        Parameters
        ----------
        rings : sequence of Ring
            Where two overlap, or one lies within another, the common part is outside: holes are rings too.
        """
        drawn = [ring for ring in rings if len(ring) >= FEWEST_CORNERS]
        window = window_of(drawn, self.shape)
        share = coverage_of(drawn, window)
        if not share.any():
            return 0.0, Budget(())
        area_mm2 = float((share * self._at_pixels(self.area, window)).sum())
        moved = [float((share * self._at_pixels(layer, window)).sum()) for layer in self.moved]
        geometry = [
            from_changes(
                name,
                area_mm2,
                [value for value, of in zip(moved, self.names, strict=True) if of == name],
                self.sources[self.names.index(name)],
            )
            for name in dict.fromkeys(self.names)
        ]
        budget = Budget(
            (
                scale_component(self.scale_relative_sd, area_mm2),
                printing_component(area_mm2),
                *geometry,
                resolution_component(self.photo_px_per_mm, self.perimeter_mm(drawn)),
            )
        )
        return area_mm2, budget

    def perimeter_mm(self, rings: Sequence[Ring]) -> float:
        """Length of closed lines on the skin, smoothed as the machine's are.

        Every pixel counts as a square of its area: at 35° a line across the fall of the surface is 10 %
        longer, one along it 10 % shorter.
        """
        total = 0.0
        for line in rings:
            ring = smooth_ring(line, CONTOUR_SMOOTHING_MM / float(np.sqrt(self.area.min())))
            step = np.roll(ring, -1, axis=0) - ring
            middle = (ring + step / 2).astype(np.float32) / STEP_PX
            area = cv2.remap(
                self.area, middle[:, 0], middle[:, 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
            )
            total += float((np.linalg.norm(step, axis=1) * np.sqrt(np.maximum(area.ravel(), 0.0))).sum())
        return total

    @staticmethod
    def _at_pixels(layer: NDArray[np.float32], window: tuple[slice, slice]) -> NDArray[np.float64]:
        """A layer at every pixel of a part of the picture.

        What a pixel covers goes with one over the cosine of the angle of view, whose square on a round digit
        is a quadratic across it: interpolated so, a cubic errs nowhere but at the silhouette.
        """
        rows, columns = (np.arange(side.start, side.stop, dtype=np.float32) / STEP_PX for side in window)
        x, y = np.meshgrid(columns, rows)
        squared = np.asarray(layer, np.float64) ** -2
        found = cv2.remap(squared.astype(np.float32), x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(np.maximum(found.astype(np.float64), squared.min()) ** -0.5)

    def to_bytes(self) -> bytes:
        """Compact form for the blob store."""
        buffer = io.BytesIO()
        np.savez_compressed(
            buffer,
            version=np.array(SKIN_MAP_VERSION),
            shape=np.array(self.shape),
            area=self.area,
            moved=self.moved,
            names=np.array(self.names),
            sources=np.array(self.sources),
            sds=np.array([self.scale_relative_sd, self.photo_px_per_mm]),
        )
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> SkinMap:
        """Read what `to_bytes` wrote.

        Raises
        ------
        ValueError
            If the bytes are of another version.
        """
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            if int(stored["version"]) != SKIN_MAP_VERSION:
                raise ValueError(f"skin map version {int(stored['version'])} is not {SKIN_MAP_VERSION}")
            height, width = (int(side) for side in stored["shape"])
            scale_sd, px_per_mm = (float(value) for value in stored["sds"])
            return cls(
                (height, width),
                stored["area"],
                stored["moved"],
                tuple(str(name) for name in stored["names"]),
                tuple(str(source) for source in stored["sources"]),
                scale_sd,
                px_per_mm,
            )


def window_of(rings: Sequence[Ring], shape: tuple[int, int]) -> tuple[slice, slice]:
    """Rows and columns of a picture that closed lines reach; empty where there are none."""
    corners = np.concatenate([*rings, np.zeros((0, 2))])
    if not len(corners):
        return slice(0, 0), slice(0, 0)
    last = np.array(shape[::-1])
    left, top = np.clip(np.floor(corners.min(axis=0)).astype(int), 0, last)
    right, bottom = np.clip(np.ceil(corners.max(axis=0)).astype(int) + 1, 0, last)
    return slice(int(top), int(bottom)), slice(int(left), int(right))


def coverage_of(rings: Sequence[Ring], window: tuple[slice, slice]) -> NDArray[np.float64]:
    """Share of each pixel of a part of a picture that lies within closed lines (even-odd rule)."""
    rows, columns = window
    shape = (rows.stop - rows.start, columns.stop - columns.start)
    if not rings or 0 in shape:
        return np.zeros(shape)
    starts = np.concatenate(rings)
    ends = np.concatenate([np.roll(ring, -1, axis=0) for ring in rings])
    level = rows.start - 0.5 + (np.arange(shape[0] * SUB_ROWS) + 0.5) / SUB_ROWS
    crossed = (starts[:, 1] > level[:, None]) != (ends[:, 1] > level[:, None])
    rise = np.where(ends[:, 1] == starts[:, 1], 1.0, ends[:, 1] - starts[:, 1])
    where = starts[:, 0] + (level[:, None] - starts[:, 1]) * (ends[:, 0] - starts[:, 0]) / rise
    # Crossings of each line from left to right: into the outline, out of it, in again …
    sorted_x = np.sort(np.where(crossed, where, np.inf), axis=1)[:, : int(crossed.sum(axis=1).max(initial=0))]
    edges = columns.start - 0.5 + np.arange(shape[1])
    share = np.zeros((len(level), shape[1]))
    for place in range(sorted_x.shape[1]):
        x = np.where(np.isfinite(sorted_x[:, place]), sorted_x[:, place], edges[-1] + 1)
        share += (1.0 if place % 2 else -1.0) * np.clip(x[:, None] - edges, 0.0, 1.0)
    return np.asarray(share.reshape(shape[0], SUB_ROWS, shape[1]).mean(axis=1))


def skin_map(
    reading: ReadingImage, offset_px: NDArray[np.intp], shape: tuple[int, int], basis: Basis
) -> SkinMap:
    """The map of a picture cut out of a reading image.

    Parameters
    ----------
    reading : ReadingImage
    offset_px : NDArray[np.intp], shape (2,)
        Column and row at which the picture begins.
    shape : tuple of int
        Height and width of the picture.
    basis : Basis
        The digit's surface, and how well it is known.
    """
    rows, columns = (np.arange(0, side + STEP_PX, STEP_PX) for side in shape)
    nodes = np.stack(np.meshgrid(columns, rows), axis=-1) + offset_px
    card_mm = reading.to_card_mm(nodes.reshape(-1, 2).astype(np.float64)).reshape(*nodes.shape)
    layers = [(variant, surface) for variant in basis.variants for surface in variant.surfaces]
    return SkinMap(
        shape,
        _layer(basis.surface, card_mm, reading.scale_px_per_mm),
        np.stack([_layer(surface, card_mm, reading.scale_px_per_mm) for _, surface in layers]),
        tuple(variant.name for variant, _ in layers),
        tuple(variant.source for variant, _ in layers),
        basis.scale_relative_sd,
        basis.photo_px_per_mm,
    )


def _layer(
    surface: DigitSurface, card_mm: NDArray[np.float64], scale_px_per_mm: float
) -> NDArray[np.float32]:
    """mm² a pixel at the nodes; beyond the digit that of the nearest node on it.

    What a pixel covers of the card and of the skin fills the same solid angle: areas go with the squares of
    the distances and inversely with the cosines.
    """
    shape, flat = card_mm.shape[:2], card_mm.reshape(-1, 2)
    world = surface.locate(flat)
    sight = surface.camera_mm - world
    distance = np.linalg.norm(sight, axis=1)
    cosine = np.einsum("nk,nk->n", surface.normals(world), sight) / distance
    on_card = np.linalg.norm(surface.camera_mm - in_world(flat), axis=1)
    card_cosine = abs(surface.camera_mm[2]) / on_card
    area = ((distance / on_card) ** 2 * card_cosine / np.maximum(cosine, LEAST_FACING)).reshape(shape)
    known = np.isfinite(area)
    if not known.all() and known.any():
        _, nearest = cv2.distanceTransformWithLabels(
            (~known).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
        )
        by_label = np.zeros(int(nearest.max()) + 1)
        by_label[nearest[known]] = area[known]
        area = by_label[nearest]
    return np.asarray(np.nan_to_num(area) / scale_px_per_mm**2, np.float32)


def share_of_picture(rings: Sequence[Ring], shape: tuple[int, int]) -> NDArray[np.float64]:
    """Share of each pixel of a whole picture that lies within closed lines; taken where they are alone."""
    share, window = np.zeros(shape), window_of(rings, shape)
    share[window] = coverage_of(rings, window)
    return share


def dice_of(one: Sequence[Ring], other: Sequence[Ring], shape: tuple[int, int]) -> float | None:
    """Dice of two outlines on one picture; None where neither encloses anything."""
    both = window_of([*one, *other], shape)
    first, second = (coverage_of(rings, both) for rings in (one, other))
    total = float(first.sum() + second.sum())
    return 2 * float(np.minimum(first, second).sum()) / total if total else None
