"""A scene for the phantom's camera, and the truth about it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from calibration.phantom.camera import Camera
from calibration.phantom.digit import DigitShape
from calibration.phantom.light import Light
from calibration.phantom.look import Look
from calibration.phantom.outline import UlcerShape
from calibration.phantom.sensor import Sensor
from calibration.phantom.table import Table
from calibration.phantom.ulcer import ulcer_area_mm2

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Scene:
    """Everything that decides a photograph but the noise.

    `hand` is the rest of the hand, without ulcers; `nail_beyond_mm` how far a long nail reaches beyond the
    tip.
    """

    digit: DigitShape = field(default_factory=DigitShape)
    ulcers: tuple[UlcerShape, ...] = ()
    look: Look = field(default_factory=Look)
    light: Light = field(default_factory=Light)
    table: Table = field(default_factory=Table)
    camera: Camera = field(default_factory=Camera)
    sensor: Sensor = field(default_factory=Sensor)
    hand: tuple[DigitShape, ...] = ()
    nail_beyond_mm: float = 0.0


@dataclass(frozen=True)
class Truth:
    """What a perfect measurement would find.

    Attributes
    ----------
    area_mm2 : tuple of float
        True surface area of each open ulcer; 0 when closed.
    obliquity_deg : tuple of float
        Angle between the line of sight and the surface's normal at each ulcer's middle.
    scale_px_per_mm : tuple of float
        Pixels per millimetre across the line of sight at each ulcer's middle.
    digit_scale_px_per_mm : float
        The same on the digit's ridge, 10 mm from the tip.
    digit_width_mm : float
        Diameter of the digit 10 mm from the tip.
    tilt_deg, distance_mm, camera_height_mm, focal_px : float
        Of the camera; the distance runs along its axis to the table.
    camera_position_mm : tuple of float
        x, y, h of the lens.
    """

    area_mm2: tuple[float, ...]
    obliquity_deg: tuple[float, ...]
    scale_px_per_mm: tuple[float, ...]
    digit_scale_px_per_mm: float
    digit_width_mm: float
    tilt_deg: float
    distance_mm: float
    camera_height_mm: float
    focal_px: float
    camera_position_mm: tuple[float, float, float]


def truth_of(scene: Scene) -> Truth:
    """What a perfect measurement of the scene would find."""
    camera, digit = scene.camera, scene.digit
    middles = [digit.surface_point(u.s_mm, np.radians(u.phi_deg)) for u in scene.ulcers]
    normals = [digit.normal(u.s_mm, np.radians(u.phi_deg)) for u in scene.ulcers]
    ridge = digit.surface_point(10.0, digit.ridge_rad)
    x, y, h = camera.position
    return Truth(
        area_mm2=tuple(ulcer_area_mm2(digit, ulcer) for ulcer in scene.ulcers),
        obliquity_deg=tuple(
            _angle_deg(camera.position - m, n) for m, n in zip(middles, normals, strict=True)
        ),
        scale_px_per_mm=tuple(camera.focal_px / float(camera.depth_mm(m)) for m in middles),
        digit_scale_px_per_mm=camera.focal_px / float(camera.depth_mm(ridge)),
        digit_width_mm=2.0 * float(digit.profile.radius_at(np.array(10.0))),
        tilt_deg=camera.tilt_deg,
        distance_mm=camera.distance_mm,
        camera_height_mm=float(h),
        focal_px=camera.focal_px,
        camera_position_mm=(float(x), float(y), float(h)),
    )


def _angle_deg(first: FloatArray, second: FloatArray) -> float:
    cosine = first @ second / (np.linalg.norm(first) * np.linalg.norm(second))
    return float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))
