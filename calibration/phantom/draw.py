"""Scenes drawn at random over the ranges of practice, for tests, error budgets and training."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.random import Generator

from calibration.phantom.camera import Camera
from calibration.phantom.digit import DigitShape
from calibration.phantom.hand import hand_of
from calibration.phantom.light import Light
from calibration.phantom.look import TISSUES, Look, View
from calibration.phantom.outline import UlcerShape
from calibration.phantom.ranges import Ranges
from calibration.phantom.scene import Scene, truth_of
from calibration.phantom.sensor import Sensor
from calibration.phantom.table import MATERIALS, Material, Table
from calibration.phantom.ulcer import advanced_to_area, random_outline, scaled_to_area
from calibration.photo import FULL_FRAME_DIAGONAL_MM

PLACE_TRIES = 60
"""Draws of the ulcer's place before its obliquity range counts as out of reach for this camera."""

LARGEST_AREA_PER_RADIUS2 = 0.85
"""An ulcer covers at most this times the squared radius: 54 mm² on a digit of 8 mm."""

READING_PX_PER_MM = 20.0
"""Scale of the reading image, and so of the pictures that train the network."""


def random_scene(rng: Generator, ranges: Ranges | None = None) -> Scene:
    """A scene as practice might bring it.

    Parameters
    ----------
    rng : Generator
        The same state gives the same scene.
    ranges : Ranges or None
        Defaults to the full ranges.

    Returns
    -------
    Scene
    """
    ranges = ranges or Ranges()
    digit = random_digit(rng, ranges)
    look = random_look(rng, ranges)
    camera = _camera(rng, ranges, digit)
    ulcers = tuple(
        _ulcer(rng, ranges, digit, camera, look.view)
        for _ in range(rng.integers(ranges.ulcers[0], ranges.ulcers[1] + 1))
    )
    light, table = random_light(rng, ranges), random_table(rng, ranges)
    hand = hand_of(digit, int(rng.integers(4))) if rng.random() < ranges.hand else ()
    return Scene(digit, ulcers, look, light, table, camera, random_sensor(rng, ranges), hand)


def random_reading(rng: Generator, size_px: int = 640, ranges: Ranges | None = None) -> Scene:
    """A close view as the reading image shows it: about 20 px/mm, nearly straight from above, for training.

    Parameters
    ----------
    rng : Generator
    size_px : int
        Side of the square picture; 640 shows about 30 mm.
    ranges : Ranges or None
        Distance, tilt and size of the photograph are not taken from it.
    """
    ranges = ranges or Ranges(ulcers=(0, 2), closed=0.15, obliquity_deg=(0.0, 45.0), blemishes=(0, 4))
    scene = random_scene(rng, ranges)
    distance = float(rng.uniform(150, 280))
    scale = READING_PX_PER_MM * float(rng.uniform(0.9, 1.15))
    ridge = 2.0 * scene.digit.radius_mm
    focal_px = scale * (distance - ridge)
    place = scene.ulcers[0].s_mm if scene.ulcers else float(rng.uniform(4, 40))
    aim = scene.digit.surface_point(place, 0.0) + rng.normal(0, 3.5, 3)
    camera = Camera(
        width_px=size_px,
        height_px=size_px,
        focal_35mm=focal_px * FULL_FRAME_DIAGONAL_MM / float(np.hypot(size_px, size_px)),
        distance_mm=distance,
        tilt_deg=float(rng.uniform(0, 25)),
        azimuth_deg=float(rng.uniform(0, 360)),
        roll_deg=float(rng.normal(0, 4)),
        aim_x_mm=float(aim[0]),
        aim_y_mm=float(aim[1]),
    )
    camera = _raised(camera, scene.digit)
    return replace(scene, camera=camera, sensor=replace(scene.sensor, blur_px=float(rng.uniform(0.8, 2.2))))


def _raised(camera: Camera, digit: DigitShape) -> Camera:
    """Aim at the digit's ridge rather than at the table below, so that tilt does not move it out of view."""
    rise = 1.8 * digit.radius_mm
    shift = camera.axes[2][:2] / -camera.axes[2][2] * rise
    return replace(
        camera, aim_x_mm=camera.aim_x_mm + float(shift[0]), aim_y_mm=camera.aim_y_mm + float(shift[1])
    )


def random_digit(rng: Generator, ranges: Ranges) -> DigitShape:
    """A digit in the slot."""
    radius = float(rng.uniform(*ranges.radius_mm))
    free = max(0.0, 12.0 - radius)
    return DigitShape(
        radius_mm=radius,
        taper=float(rng.uniform(0.02, 0.12)),
        joint_bulge=float(rng.uniform(0.0, 0.05)),
        tip_length_mm=radius * float(rng.uniform(0.95, 1.4)),
        tip_exponent=float(rng.uniform(2.0, 2.7)),
        tip_y_mm=float(rng.uniform(18.0, 30.0)),
        lateral_mm=float(rng.uniform(-0.5, 0.5)) * free,
        yaw_deg=float(rng.normal(0.0, 3.0)),
        inclination_deg=float(rng.uniform(*ranges.inclination_deg)),
    )


def random_look(rng: Generator, ranges: Ranges) -> Look:
    """Skin, tissue and rim."""
    return Look(
        tone=int(rng.choice(ranges.tones)),
        view=ranges.views[rng.integers(len(ranges.views))],
        tissue=TISSUES[rng.integers(len(TISSUES))],
        redness=float(rng.uniform(-0.15, 0.35)),
        erythema=float(rng.beta(1.3, 1.8)),
        maceration=float(rng.beta(0.8, 1.8)),
        callus=float(rng.beta(0.8, 1.8)),
        depth_mm=float(rng.uniform(0.1, 0.8)),
        border_mm=float(rng.uniform(0.1, 0.3)),
        wetness=float(rng.uniform(0.1, 1.0)),
        gloss=float(rng.uniform(0.0, 1.0)),
        texture=float(rng.uniform(0.3, 1.4)),
        blemishes=int(rng.integers(ranges.blemishes[0], ranges.blemishes[1] + 1)),
        pattern=float(rng.uniform(0, 500)),
    )


def random_light(rng: Generator, ranges: Ranges) -> Light:
    """Lamps, windows, phone's shadow."""
    warm = float(rng.normal(0.0, 0.08))
    return Light(
        azimuth_deg=float(rng.uniform(0, 360)),
        elevation_deg=float(rng.uniform(32, 80)),
        key_share=float(rng.uniform(0.25, 0.75)),
        softness=float(rng.uniform(0.06, 0.5)),
        gradient_per_100mm=float(rng.uniform(0.0, 0.3)),
        gradient_deg=float(rng.uniform(0, 360)),
        cast=(1.0 + warm, 1.0 + float(rng.normal(0, 0.015)), 1.0 - 1.3 * warm),
        shade=float(rng.uniform(*ranges.shade)),
        shade_x_mm=float(rng.uniform(-20, 100)),
        shade_y_mm=float(rng.uniform(-20, 100)),
        shade_mm=float(rng.uniform(30, 80)),
        glare=float(rng.uniform(0.3, 1.6)),
    )


def random_table(rng: Generator, ranges: Ranges) -> Table:
    """Table, paper, and at times a cloth over the card's edge."""
    materials: list[Material] = list(MATERIALS)
    sides: tuple[Literal["left", "right", "below"], ...] = ("left", "right", "below")
    covered = bool(rng.random() < ranges.cover)
    side, reach = sides[rng.integers(3)], float(rng.uniform(4.0, 16.0))
    return Table(
        material=materials[rng.integers(len(materials))],
        brightness=float(rng.uniform(0.7, 1.2)),
        pattern=float(rng.uniform(0, 500)),
        paper=(1.0, float(rng.uniform(0.985, 1.0)), float(rng.uniform(0.95, 1.0))),
        cover=side if covered else "none",
        cover_mm=reach,
    )


def random_sensor(rng: Generator, ranges: Ranges) -> Sensor:
    """Exposure, sharpness, noise."""
    return Sensor(
        exposure=float(rng.uniform(0.65, 1.0)),
        blur_px=float(rng.uniform(*ranges.blur_px)),
        motion_px=float(rng.uniform(0.0, 2.0)) if rng.random() < 0.15 else 0.0,  # noqa: PLR2004
        motion_deg=float(rng.uniform(0, 180)),
        read_noise=float(rng.uniform(0.0008, 0.004)),
        shot_noise=float(rng.uniform(0.00002, 0.0002)),
        sharpening=float(rng.uniform(0.0, 0.5)),
        vignetting=float(rng.uniform(0.0, 0.2)),
    )


def _camera(rng: Generator, ranges: Ranges, digit: DigitShape) -> Camera:
    return Camera(
        width_px=ranges.width_px,
        height_px=ranges.height_px,
        focal_35mm=float(rng.uniform(23.5, 28.5)),
        distance_mm=float(rng.uniform(*ranges.distance_mm)),
        tilt_deg=float(rng.uniform(*ranges.tilt_deg)),
        azimuth_deg=float(rng.uniform(0, 360)),
        roll_deg=float(rng.normal(0, 6) + (90 * rng.integers(-1, 2) if rng.random() < 0.3 else 0)),  # noqa: PLR2004
        aim_x_mm=40.0 + float(rng.normal(0, 4)),
        aim_y_mm=digit.tip_y_mm + 12.0 + float(rng.normal(0, 4)),
        k1=float(rng.uniform(*ranges.k1)),
    )


def _ulcer(rng: Generator, ranges: Ranges, digit: DigitShape, camera: Camera, view: View) -> UlcerShape:
    """An ulcer in view whose obliquity lies in its range, where the camera allows."""
    largest = LARGEST_AREA_PER_RADIUS2 * digit.radius_mm**2
    low, high = min(ranges.area_mm2[0], largest), min(ranges.area_mm2[1], largest)
    area = float(np.exp(rng.uniform(np.log(low), np.log(high))))
    outline = random_outline(rng, *_place(rng, ranges, digit, camera, view))
    ulcer, fate = scaled_to_area(digit, outline, area), rng.random()
    if fate < ranges.closed:
        return replace(ulcer, closed=True)
    if fate < ranges.closed + ranges.healed:
        rest = max(low, area * float(rng.uniform(0.25, 0.9)))
        return advanced_to_area(digit, ulcer, rest) if rest < area else ulcer
    return ulcer


def _place(
    rng: Generator, ranges: Ranges, digit: DigitShape, camera: Camera, view: View
) -> tuple[float, float]:
    """Distance from the tip (mm) and angle from the top (degrees)."""
    s, phi, least = 12.0, 0.0, np.inf
    low, high = ranges.obliquity_deg
    for _ in range(PLACE_TRIES):
        near = (13.5, 40.0) if view == "dorsal" and rng.random() < 0.75 else (3.0, 30.0)  # noqa: PLR2004
        new_s, new_phi = float(rng.uniform(*near)), float(rng.uniform(-65, 65))
        truth = truth_of(Scene(digit, (UlcerShape(new_s, new_phi, 1.0, closed=True),), camera=camera))
        miss = max(low - truth.obliquity_deg[0], truth.obliquity_deg[0] - high, 0.0)
        if miss < least:
            s, phi, least = new_s, new_phi, miss
        if miss == 0.0:
            break
    return s, phi
