"""A plane in the digit's place, where its sides cannot be trusted: an area then, but a less certain one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from calibration.axis import Axis
from calibration.digit_card import in_world
from calibration.rectify import ReadingImage
from calibration.surface import DigitSurface

TYPICAL_DIAMETER_MM = 16.0
"""Of the digit that the measurement design reckons with; adults' fingers measure 11 to 22 mm (phantoms'
range)."""

PLANE_HEIGHT_MM = 15.0
"""Height at which an ulcer on a typical digit is taken to lie: somewhat below its top, for few lie right on
it."""

PLANE_HEIGHT_SD_MM = 3.5
"""Spread of the same over digits of 11 to 22 mm and ulcers up to the gate's 35° off the top."""

SIDEWAYS_SD_DEG = 20.0
"""Lean of the skin to the digit's side: ulcers lie anywhere up to the gate's 35° off the line of sight."""

LENGTHWAYS_SD_DEG = 15.0
"""Lean of the skin along the digit: towards the tip it falls away, and a contracted digit rises."""

GRID_STEP_MM = 0.1
"""Spacing of the plane's places along the digit, as of the fitted surface's."""


@dataclass(frozen=True)
class Plane(DigitSurface):
    """A plane that the camera sees where the digit is; its radius only turns arcs into angles.

    Attributes
    ----------
    axis, along_mm, radius_mm, camera_mm
        As of every `DigitSurface`; the axis lies in the plane.
    sideways_deg, lengthways_deg : float
        Lean: down towards the axis' side, and down towards the tip.
    """

    sideways_deg: float = 0.0
    lengthways_deg: float = 0.0

    @property
    def meridian_mm(self) -> NDArray[np.float64]:
        """Length in the plane from the tip at each grid place, shape (n,)."""
        return np.asarray(self.along_mm - self.along_mm[0])

    @cached_property
    def _frame(self) -> NDArray[np.float64]:
        """Rows: unit vectors in the plane along the digit and across it, and the upward normal."""
        along, side, up = self.axis.frame
        down_side, down_tip = np.tan(np.radians([self.sideways_deg, self.lengthways_deg]))
        along, side = along + down_tip * up, side - down_side * up
        along = along / np.linalg.norm(along)
        side = side - (side @ along) * along
        side = side / np.linalg.norm(side)
        normal = np.cross(along, side)
        return np.stack([along, side, normal * np.sign(normal @ up)])

    def locate(self, card_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where the rays through points of the card (n, 2) meet the plane, shape (n, 3); every ray does."""
        rays = in_world(card_mm) - self.camera_mm
        normal = self._frame[2]
        share = ((self.axis.reference_mm - self.camera_mm) @ normal) / (rays @ normal)
        return np.asarray(self.camera_mm + share[:, None] * rays)

    def normals(self, points_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """The plane's own normal at every point, shape (n, 3)."""
        return np.broadcast_to(self._frame[2], points_mm.shape)

    def unroll(self, points_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Length from the tip, and the distance aside as an angle at the typical radius, shape (n, 2)."""
        along, lateral, _ = ((points_mm - self.axis.reference_mm) @ self._frame.T).T
        return np.column_stack([along - self.along_mm[0], lateral / self.radius_mm[0]])

    def roll(self, frame: NDArray[np.float64]) -> NDArray[np.float64]:
        """Inverse of `unroll`: frame (n, 2) to world points (n, 3)."""
        local = np.column_stack([frame[:, 0] + self.along_mm[0], frame[:, 1] * self.radius_mm[0]])
        return np.asarray(self.axis.reference_mm + local @ self._frame[:2])


def plane_in_place(reading: ReadingImage, mask: NDArray[np.bool_], camera_mm: NDArray[np.float64]) -> Plane:
    """A level plane at the height of a typical digit's skin, along the slot, from the mask's tip.

    Parameters
    ----------
    reading : ReadingImage
        The card's plane.
    mask : NDArray[np.bool_], shape (height, width)
        The digit in it.
    camera_mm : NDArray[np.float64], shape (3,)
        Centre of projection in the world.
    """
    rows = np.flatnonzero(mask.any(axis=1))
    tip_px = [float(np.flatnonzero(mask[rows[0]]).mean()), float(rows[0])]
    end_px = [tip_px[0], float(rows[-1])]
    tip, end = reading.to_card_mm(np.array([tip_px, end_px]))
    nearer = 1.0 - PLANE_HEIGHT_MM / -camera_mm[2]
    foot = camera_mm[:2] + (tip - camera_mm[:2]) * nearer
    axis = Axis(foot, np.array([0.0, 1.0]), PLANE_HEIGHT_MM)
    along = np.arange(0.0, (end[1] - tip[1]) * nearer, GRID_STEP_MM)
    return Plane(axis, along, np.full(len(along), TYPICAL_DIAMETER_MM / 2), camera_mm)
