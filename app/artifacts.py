"""What a measured photograph leaves behind: a picture for readers, an overlay, a footprint for the next."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.footprint import GRID_HALF_ARC_MM, GRID_HEIGHT_MM, GRID_PX_PER_MM, Footprint
from app.domain.planimetry import Planimetry
from calibration.rectify import ReadingImage
from calibration.silhouette import Silhouette
from calibration.surface import Surface

READING_MARGIN_MM = 4.0
"""Card kept round the digit in what readers see: enough to see the border of a lateral ulcer."""

BLANK = 128
"""Grey in place of everything that is not the digit."""

LEAST_FACING = 0.25
"""Cosine of the angle of view below which skin is a streak of a few pixels: 75°."""

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
    """

    rgb: NDArray[np.uint8]
    ulcer: NDArray[np.bool_]
    contours_px: tuple[NDArray[np.float64], ...]
    footprint: Footprint


def unroll_artifacts(
    reading: ReadingImage, silhouette: Silhouette, surface: Surface, planimetry: Planimetry
) -> ReadingArtifacts:
    """Cut the digit out of the reading image and unroll it.

    Parameters
    ----------
    reading : ReadingImage
    silhouette : Silhouette
    surface : Surface
    planimetry : Planimetry
        All of one photograph.

    Returns
    -------
    ReadingArtifacts
    """
    scale = reading.scale_px_per_mm
    size = 2 * round(READING_MARGIN_MM * scale) + 1
    near = cv2.dilate(
        silhouette.mask.astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    ).astype(bool)
    rows, columns = np.flatnonzero(near.any(axis=1)), np.flatnonzero(near.any(axis=0))
    window = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    rgb = np.where(near[..., None], reading.rgb, np.uint8(BLANK))[window]
    offset = np.array([columns[0], rows[0]])
    return ReadingArtifacts(
        rgb=np.ascontiguousarray(rgb),
        ulcer=planimetry.mask[window],
        contours_px=tuple(contour.pixels - offset for contour in planimetry.contours),
        footprint=_footprint(reading, silhouette, surface, planimetry),
    )


def _footprint(
    reading: ReadingImage, silhouette: Silhouette, surface: Surface, planimetry: Planimetry
) -> Footprint:
    """Unroll open area and skin onto the digit's own grid."""
    radius_mm = surface.digit_width_mm / 2
    rows, columns = int(GRID_HEIGHT_MM * GRID_PX_PER_MM), int(2 * GRID_HALF_ARC_MM * GRID_PX_PER_MM)
    meridian = (np.arange(rows) + 0.5) / GRID_PX_PER_MM
    angle = ((np.arange(columns) + 0.5) / GRID_PX_PER_MM - GRID_HALF_ARC_MM) / radius_mm
    frame = np.stack(np.meshgrid(meridian, angle, indexing="ij"), axis=-1).reshape(-1, 2)
    world = surface.roll(frame)
    sight = surface.camera_mm - world
    facing = np.einsum("nk,nk->n", surface.normals(world), sight) / np.linalg.norm(sight, axis=1)
    pixels = reading.from_card_mm(surface.onto_card(world)).astype(np.float32).reshape(rows, columns, 2)
    on_surface = frame[:, 0] < surface.meridian_mm[-1]
    visible = ((facing > LEAST_FACING) & on_surface).reshape(rows, columns)
    grey = cv2.cvtColor(reading.rgb, cv2.COLOR_RGB2GRAY)
    texture = cv2.remap(grey, pixels[..., 0], pixels[..., 1], cv2.INTER_LINEAR)
    on_digit = _look_up(silhouette.mask, pixels) & visible
    along = np.interp(meridian, surface.meridian_mm, surface.along_mm)
    weight = np.maximum(surface.radius_at(along), 0.0) / radius_mm
    return Footprint(
        open=_look_up(planimetry.mask, pixels) & visible,
        texture=np.where(on_digit, np.maximum(texture, 1), 0).astype(np.uint8),
        radius_mm=radius_mm,
        weight=weight.astype(np.float32),
    )


def _look_up(mask: NDArray[np.bool_], pixels: NDArray[np.float32]) -> NDArray[np.bool_]:
    values = cv2.remap(mask.astype(np.float32), pixels[..., 0], pixels[..., 1], cv2.INTER_LINEAR)
    return np.asarray(values > 0.5)  # noqa: PLR2004  (the border of a mask)


def render_overlay(artifacts: ReadingArtifacts) -> NDArray[np.uint8]:
    """The reading image with the counted outline drawn on it, shape (height, width, 3)."""
    canvas = artifacts.rgb.copy()
    for contour in artifacts.contours_px:
        points = np.rint(contour * 16).astype(np.int32).reshape(-1, 1, 2)
        cv2.polylines(
            canvas, [points], isClosed=True, color=OVERLAY_RGB, thickness=2, lineType=cv2.LINE_AA, shift=4
        )
    return canvas
