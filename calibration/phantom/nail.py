"""The free end of a long nail: a thin level plate that reaches beyond the fingertip."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.phantom.camera import Camera
from calibration.phantom.digit import DigitShape
from calibration.phantom.light import Light
from calibration.phantom.look import NAIL_WHITE, Float32Array

FloatArray = NDArray[np.float64]

HALF_WIDTH_SHARE = 0.62
"""Half the width of the free end as a share of the digit's radius: a nail's chord as seen from above."""

HEIGHT_SHARE = 0.35
"""Height of the plate above the digit's axis as a share of the radius (own choice)."""

ROUNDING = 3.0
"""Exponent of the superellipse that ends the plate: between a square and a round cut."""

ROOT_SHARE = 0.8
"""How far behind the tip the plate begins, within the digit, in radii."""


@dataclass(frozen=True)
class NailEnd:
    """The part of a nail that reaches beyond the tip of a digit.

    Attributes
    ----------
    digit : DigitShape
        That wears it.
    length_mm : float
        From the tip to the nail's end.
    """

    digit: DigitShape
    length_mm: float

    @property
    def _height_mm(self) -> float:
        return float(self.digit.tip[2]) + HEIGHT_SHARE * self.digit.radius_mm

    def meet(
        self, origin: FloatArray, directions: FloatArray
    ) -> tuple[NDArray[np.intp], FloatArray, FloatArray]:
        """Rays that meet the plate: their indices (n,), depths (n,), and where they meet it (n, 3)."""
        depth = (self._height_mm - origin[2]) / directions[:, 2]
        points = origin + depth[:, None] * directions
        offset = points - self.digit.tip
        root_mm = ROOT_SHARE * self.digit.radius_mm
        ahead = (root_mm - offset @ self.digit.axis) / (root_mm + self.length_mm)
        aside = np.abs(offset @ self.digit.side) / (HALF_WIDTH_SHARE * self.digit.radius_mm)
        inside = (ahead > 0) & (np.clip(ahead, 0, 2) ** ROUNDING + aside**ROUNDING < 1)
        ray = np.flatnonzero(inside & (depth > 0))
        return ray, depth[ray], points[ray]

    def candidate_box(self, camera: Camera) -> tuple[slice, slice]:
        """Rows and columns of the photograph that may show the plate."""
        half_mm, root_mm = self.digit.radius_mm, self.digit.radius_mm
        places = [-self.length_mm - 1.0, root_mm]
        corners = np.array(
            [
                self.digit.tip + s * self.digit.axis + x * self.digit.side
                for s in places
                for x in (-half_mm, half_mm)
            ]
        )
        corners[:, 2] = self._height_mm
        pixels = camera.project(corners)
        (left, top), (right, bottom) = np.floor(pixels.min(axis=0)) - 3, np.ceil(pixels.max(axis=0)) + 4
        rows = slice(max(0, int(top)), min(camera.height_px, int(bottom)))
        return rows, slice(max(0, int(left)), min(camera.width_px, int(right)))

    def light(self, light: Light, points: FloatArray) -> Float32Array:
        """Light (n, 3) that the plate sends to the camera: matt, facing upwards."""
        even = light.evenness(points[:, 0], points[:, 1])[:, None]
        return np.asarray(NAIL_WHITE * even * np.array(light.cast, np.float32), np.float32)
