"""What a measured photograph leaves behind: a picture for readers, an overlay, a footprint for the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.area_budget import Basis
from app.domain.footprint import (
    GRID_HALF_ARC_MM,
    GRID_HEIGHT_MM,
    GRID_PX_PER_MM,
    PLACE_STEP,
    Chart,
    Footprint,
)
from app.domain.planimetry import Planimetry
from app.domain.skin_map import SkinMap, skin_map
from app.reader_picture import cut_out
from calibration.rectify import ReadingImage
from calibration.surface import BEYOND_MM, DigitSurface, Surface

BASELINE_RGB = (255, 0, 200)
"""Magenta: as far from the overlay's cyan as from skin, ulcer and scab."""

FRACTION_BITS = 4
"""Lines are drawn to a sixteenth of a pixel."""

DASH_PX = 14
"""Length of a dash and of the gap after it: dashes tell the baseline's outline from the visit's without
colour."""

LEAST_FACING = 0.25
"""Cosine of the angle of view below which skin is a streak of a few pixels: 75°."""

UPRIGHT_DEG = -45.0
"""A digit whose axis falls more steeply from the tip stands."""

OVERLAY_RGB = (0, 229, 255)
"""Cyan: the colour that neither skin nor ulcer nor scab has."""


@dataclass(frozen=True)
class ReadingArtifacts:
    """What pages and later visits need of a measured photograph.

    Attributes
    ----------
    rgb : NDArray[np.uint8], shape (height, width, 3)
        The digit alone, at 20 px/mm of the card's plane.
    ulcer : NDArray[np.bool_], shape (height, width)
        What was counted.
    contours_px : tuple of NDArray[np.float64], each of shape (n, 2)
        Borders in the pixels of `rgb`.
    footprint : Footprint
        The unrolled open area.
    skin : SkinMap
        mm² behind the pixels of `rgb`.
    """

    rgb: NDArray[np.uint8]
    ulcer: NDArray[np.bool_]
    contours_px: tuple[NDArray[np.float64], ...]
    footprint: Footprint
    skin: SkinMap


def unroll_artifacts(
    reading: ReadingImage,
    digit: NDArray[np.bool_],
    planimetry: Planimetry,
    basis: Basis,
    *,
    trusted: bool,
) -> ReadingArtifacts:
    """Cut the digit out of the reading image and unroll it.

    Parameters
    ----------
    reading : ReadingImage
    digit : NDArray[np.bool_], shape (height, width)
        Where the digit is in the reading image.
    planimetry : Planimetry
    basis : Basis
        All of one photograph.
    trusted : bool
        Whether the digit's outline can be trusted.

    Returns
    -------
    ReadingArtifacts
    """
    rgb, window = cut_out(reading, digit, trusted=trusted)
    offset = np.array([window[1].start, window[0].start])
    return ReadingArtifacts(
        rgb=np.ascontiguousarray(rgb),
        ulcer=planimetry.mask[window],
        contours_px=tuple(contour.pixels - offset for contour in planimetry.contours),
        footprint=_footprint(reading, digit, basis.surface, planimetry, offset),
        skin=skin_map(reading, offset, (rgb.shape[0], rgb.shape[1]), basis),
    )


def _footprint(
    reading: ReadingImage,
    digit: NDArray[np.bool_],
    surface: DigitSurface,
    planimetry: Planimetry,
    offset_px: NDArray[np.intp],
) -> Footprint:
    """Lay open area and skin out on the digit's own grid; at `offset_px` the readers' picture begins."""
    chart: Chart = "tip" if surface.axis.inclination_deg < UPRIGHT_DEG else "unrolled"
    radius_mm = surface.digit_width_mm / 2
    frame = _tip_frame(surface) if chart == "tip" else _unrolled_frame(radius_mm)
    rows, columns = frame.shape[:2]
    world = surface.roll(frame.reshape(-1, 2))
    sight = surface.camera_mm - world
    facing = np.einsum("nk,nk->n", surface.normals(world), sight) / np.linalg.norm(sight, axis=1)
    pixels = reading.from_card_mm(surface.onto_card(world)).astype(np.float32).reshape(rows, columns, 2)
    on_surface = frame[..., 0] < surface.meridian_mm[-1] + BEYOND_MM
    visible = (facing > LEAST_FACING).reshape(rows, columns) & on_surface
    grey = cv2.cvtColor(reading.rgb, cv2.COLOR_RGB2GRAY)
    texture = cv2.remap(grey, pixels[..., 0], pixels[..., 1], cv2.INTER_LINEAR)
    on_digit = _look_up(digit, pixels) & visible
    return Footprint(
        open=_look_up(planimetry.mask, pixels) & visible,
        texture=np.where(on_digit, np.maximum(texture, 1), 0).astype(np.uint8),
        radius_mm=radius_mm,
        weight=_weight(surface, frame, chart).astype(np.float32),
        chart=chart,
        places_px=(pixels[::PLACE_STEP, ::PLACE_STEP] - offset_px).astype(np.float32),
    )


def _grid_mm() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Middles of the grid's rows from its first edge, and of its columns from its middle."""
    rows = (np.arange(int(GRID_HEIGHT_MM * GRID_PX_PER_MM)) + 0.5) / GRID_PX_PER_MM
    columns = (np.arange(int(2 * GRID_HALF_ARC_MM * GRID_PX_PER_MM)) + 0.5) / GRID_PX_PER_MM
    return np.asarray(rows, np.float64), np.asarray(columns - GRID_HALF_ARC_MM, np.float64)


def _unrolled_frame(radius_mm: float) -> NDArray[np.float64]:
    """Meridian and angle, shape (rows, columns, 2), of a lying digit's grid."""
    meridian, arc = _grid_mm()
    return np.stack(np.meshgrid(meridian, arc / radius_mm, indexing="ij"), axis=-1)


def _tip_frame(surface: DigitSurface) -> NDArray[np.float64]:
    """The same of a standing tip: its top in the grid's middle, rows along the card's long slot."""
    along, across = np.meshgrid(*_grid_mm(), indexing="ij")
    along = along - GRID_HEIGHT_MM / 2
    # The frame's own zero turns with the fitted lean; the card's direction does not.
    card_y = surface.axis.frame[:, 1]
    zero = np.arctan2(card_y[1], card_y[2])
    return np.stack([np.hypot(along, across), np.arctan2(across, along) + zero], axis=-1)


def _weight(surface: DigitSurface, frame: NDArray[np.float64], chart: Chart) -> NDArray[np.float64]:
    """Area of skin to a cell of the grid."""
    # On a lying digit all cells of a row lie on one circle.
    meridian = frame[..., 0] if chart == "tip" else frame[:, :1, 0]
    along = np.interp(meridian, surface.meridian_mm, surface.along_mm)
    radius_mm = np.maximum(surface.radius_at(along), 0.0)
    if isinstance(surface, Surface) and chart == "tip":
        mean_mm = radius_mm * np.sqrt(surface.flattening)
        return np.asarray(mean_mm / np.maximum(meridian, 0.5 / GRID_PX_PER_MM))
    return np.asarray(radius_mm / (surface.digit_width_mm / 2))


def _look_up(mask: NDArray[np.bool_], pixels: NDArray[np.float32]) -> NDArray[np.bool_]:
    values = cv2.remap(mask.astype(np.float32), pixels[..., 0], pixels[..., 1], cv2.INTER_LINEAR)
    return np.asarray(values > 0.5)  # noqa: PLR2004  (the border of a mask)


def render_overlay(artifacts: ReadingArtifacts) -> NDArray[np.uint8]:
    """The reading image with the counted outline drawn on it, shape (height, width, 3)."""
    canvas = artifacts.rgb.copy()
    _draw(canvas, artifacts.contours_px, OVERLAY_RGB, closed=True)
    return canvas


def render_comparison(
    overlay_png: bytes, baseline_rings_px: tuple[NDArray[np.float64], ...]
) -> NDArray[np.uint8]:
    """A visit's overlay with the baseline's outline dashed over it.

    Parameters
    ----------
    overlay_png : bytes
        As kept of the visit.
    baseline_rings_px : tuple of NDArray[np.float64], each of shape (n, 2)
        Closed borders in the overlay's pixels.

    Returns
    -------
    NDArray[np.uint8], shape (height, width, 3)

    Raises
    ------
    ValueError
        If the bytes are no picture.
    """
    canvas = read_picture(overlay_png)
    for ring in baseline_rings_px:
        _draw(canvas, _dashes(ring), BASELINE_RGB, closed=False)
    return canvas


def render_two_outlines(
    rgb: NDArray[np.uint8], mask: NDArray[np.bool_], other: NDArray[np.bool_]
) -> NDArray[np.uint8]:
    """A picture (H, W, 3) with the borders of two masks (H, W) drawn on it: a line, and dashes over it."""
    canvas = rgb.copy()
    _draw(canvas, _rings(mask), OVERLAY_RGB, closed=True)
    for ring in _rings(other):
        _draw(canvas, _dashes(ring), BASELINE_RGB, closed=False)
    return canvas


def _rings(mask: NDArray[np.bool_]) -> list[NDArray[np.float64]]:
    """Borders of a mask, (n, 2: x, y) each."""
    found, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    return [np.asarray(ring[:, 0], dtype=np.float64) for ring in found]


def read_picture(png: bytes) -> NDArray[np.uint8]:
    """One of the kept pictures, sRGB, shape (height, width, 3).

    Raises
    ------
    ValueError
        If the bytes are no picture.
    """
    decoded = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    if decoded is None:
        raise ValueError("these bytes are no picture")
    return np.ascontiguousarray(decoded[..., ::-1], dtype=np.uint8)


def _draw(
    canvas: NDArray[np.uint8], lines: Sequence[NDArray[np.float64]], rgb: tuple[int, int, int], closed: bool
) -> None:
    """Lines (n, 2: x, y) drawn to a fraction of a pixel."""
    for line in lines:
        points = np.rint(line * (1 << FRACTION_BITS)).astype(np.int32).reshape(-1, 1, 2)
        cv2.polylines(canvas, [points], closed, rgb, thickness=2, lineType=cv2.LINE_AA, shift=FRACTION_BITS)


def _dashes(ring: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Every other stretch of a closed line."""
    closed = np.concatenate([ring, ring[:1]])
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(closed, axis=0), axis=1))])
    starts = np.arange(0.0, along[-1], 2 * DASH_PX)
    places = starts[:, None] + np.linspace(0.0, DASH_PX, DASH_PX)
    return [np.column_stack([np.interp(one, along, closed[:, axis]) for axis in (0, 1)]) for one in places]
