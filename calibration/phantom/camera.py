"""The phantom's camera: a pinhole with radial distortion, placed by distance, tilt and aim."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from calibration.photo import FULL_FRAME_DIAGONAL_MM

FloatArray = NDArray[np.float64]

LENS_TABLE = 4096
"""Steps of the table that undoes the lens's distortion; errs by less than 1e-6 of the radius."""


@dataclass(frozen=True)
class Camera:
    """A phone's camera over the card (card frame: x right, y towards the hand, h up; mm).

    Attributes
    ----------
    width_px, height_px : int
        Size of the photograph.
    focal_35mm : float
        True focal length as its 35 mm equivalent, on the diagonal; the header rounds it.
    distance_mm : float
        From the lens to the aimed point, along the optical axis.
    tilt_deg, azimuth_deg : float
        Angle of the optical axis to the table's normal, and where it points (from x towards y).
    roll_deg : float
        Turn about the optical axis.
    aim_x_mm, aim_y_mm : float
        Point of the table in the photograph's middle.
    k1, k2 : float
        Radial distortion of normalised coordinates, as in OpenCV: x (1 + k1 r² + k2 r⁴).
    """

    width_px: int = 2592
    height_px: int = 1944
    focal_35mm: float = 26.0
    distance_mm: float = 200.0
    tilt_deg: float = 0.0
    azimuth_deg: float = 0.0
    roll_deg: float = 0.0
    aim_x_mm: float = 40.0
    aim_y_mm: float = 30.0
    k1: float = 0.0
    k2: float = 0.0

    @property
    def focal_px(self) -> float:
        """Focal length in pixels."""
        return self.focal_35mm * float(np.hypot(self.width_px, self.height_px)) / FULL_FRAME_DIAGONAL_MM

    @property
    def principal_px(self) -> FloatArray:
        """Principal point: the photograph's middle; the first pixel's centre is (0, 0)."""
        return np.array([(self.width_px - 1) / 2, (self.height_px - 1) / 2])

    @cached_property
    def axes(self) -> FloatArray:
        """Rows: unit vectors (x, y, h) to the photograph's right, down, and forward."""
        tilt, azimuth, roll = np.radians([self.tilt_deg, self.azimuth_deg, self.roll_deg])
        lean = np.array([np.cos(azimuth), np.sin(azimuth)])
        forward = np.array([*(np.sin(tilt) * lean), -np.cos(tilt)])
        right, down = (_tipped(unit, lean, tilt) for unit in np.eye(2))
        turned_right = np.cos(roll) * right + np.sin(roll) * down
        turned_down = np.cos(roll) * down - np.sin(roll) * right
        return np.stack([turned_right, turned_down, forward])

    @cached_property
    def position(self) -> FloatArray:
        """The lens (x, y, h)."""
        return np.asarray(np.array([self.aim_x_mm, self.aim_y_mm, 0.0]) - self.distance_mm * self.axes[2])

    def project(self, points: FloatArray) -> FloatArray:
        """Pixel coordinates (..., 2: column, row) of points (..., 3: x, y, h), lens distortion included."""
        seen = (points - self.position) @ self.axes.T
        flat = seen[..., :2] / seen[..., 2:]
        square = (flat**2).sum(axis=-1, keepdims=True)
        bent = flat * (1.0 + self.k1 * square + self.k2 * square**2)
        return np.asarray(bent * self.focal_px + self.principal_px)

    def depth_mm(self, points: FloatArray) -> FloatArray:
        """Distance along the optical axis of points (..., 3)."""
        return np.asarray((points - self.position) @ self.axes[2])

    def straightened(self, pixels: FloatArray) -> FloatArray:
        """Normalised undistorted coordinates (..., 2) of pixel coordinates (..., 2)."""
        bent = (pixels - self.principal_px) / self.focal_px
        if not (self.k1 or self.k2):
            return bent
        square, factor = self._lens
        return np.asarray(bent * np.interp((bent**2).sum(axis=-1), square, factor)[..., None])

    def rays(self, pixels: FloatArray) -> FloatArray:
        """Directions (..., 3: x, y, h; not of unit length: one unit is one millimetre of depth)."""
        straight = self.straightened(pixels)
        return np.asarray(straight @ self.axes[:2] + self.axes[2])

    def table_points(self, pixels: FloatArray) -> FloatArray:
        """Points (..., 2: x, y) of the table seen at pixel coordinates (..., 2)."""
        rays = self.rays(pixels)
        return np.asarray(self.position[:2] - rays[..., :2] * (self.position[2] / rays[..., 2:]))

    @cached_property
    def _lens(self) -> tuple[FloatArray, FloatArray]:
        """Squared distorted radius and the factor back to the undistorted one, from the exact model."""
        corner = float(np.hypot(*self.principal_px)) / self.focal_px
        radius = np.linspace(0.0, 1.6 * corner, LENS_TABLE)
        bend = 1.0 + self.k1 * radius**2 + self.k2 * radius**4
        bent = radius * bend
        if np.any(np.diff(bent) <= 0):
            raise ValueError("the lens's distortion folds the picture over")
        return bent**2, 1.0 / bend


def _tipped(unit: FloatArray, lean: FloatArray, tilt: float) -> FloatArray:
    """A horizontal unit vector after the camera is tipped in the direction of `lean`."""
    part = float(unit @ lean)
    flat = unit - part * lean + part * np.cos(tilt) * lean
    return np.array([*flat, part * np.sin(tilt)])
