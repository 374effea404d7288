"""What practice brings before the camera: phantoms drawn at random, lying in the slot or standing in it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from calibration.phantom import DigitShape, Ranges, Scene, UlcerShape, random_scene, truth_of
from calibration.phantom.draw import LARGEST_AREA_PER_RADIUS2
from calibration.phantom.ulcer import advanced_to_area, random_outline, scaled_to_area
from calibration.pose import FLAT, POSES, TIP, PoseName
from calibration.tip_fit import LENGTH_IN_RADII, LENGTH_IN_RADII_SD

TWELVE_MEGAPIXELS = (4000, 3000)

SEEN_MM = 45.0
"""Length of a lying digit that the card shows, and that rests on the table."""

SLOT_PLACE_MM = (30.0, 42.0)
"""Where along the slot a standing tip comes up: its outline keeps clear of the slot's ends."""

TIP_DISTANCE_MM = (180.0, 320.0)
"""Where the tip stands, the nurse is asked for 200 mm; some will be nearer."""

LOWEST_TIP_MM = 5.0
"""A tip that stands lower than this does not stand through the card."""

TOP_OF_TIP = 0.7
"""Ulcers that face distally lie within this share of the tip's length."""

SHORTEST = 0.8
"""Least length of a tip in radii."""

PLACE_TRIES = 60
"""Draws of the ulcer's place before the obliquity that comes nearest to the range is taken."""

LATER_STATE_LEAST = 0.25
"""Least share of the area that a later state leaves open, as in the scenes that lie."""

OWN_OBLIQUITY_SD_DEG = 1.0
"""How well obliquity is measured where the axis is known."""


def draw_scene(rng: Generator, ranges: Ranges, pose: PoseName) -> Scene:
    """One scene: what the budget takes as unseen (rise, gap, height, lean) is drawn from the same beliefs."""
    scene = random_scene(rng, ranges)
    return _standing(rng, ranges, scene) if pose == "tip" else _lying(rng, scene)


def _lying(rng: Generator, scene: Scene) -> Scene:
    """Rises a little, presses into the table or stands off it."""
    inclination_deg = float(rng.normal(FLAT.inclination_deg, FLAT.inclination_sd_deg))
    gap_mm = float(rng.normal(FLAT.height_mm, FLAT.height_sd_mm))
    digit = replace(scene.digit, inclination_deg=inclination_deg, sunk_mm=0.0)
    return replace(scene, digit=replace(digit, sunk_mm=gap_mm + _lift_mm(digit)))


def _lift_mm(digit: DigitShape) -> float:
    """How far a straight digit whose tip points up would be held off the table by its hidden end alone.

    A finger bends: what is seen of it rests on the table.
    """
    profile = digit.profile
    lowest_mm = profile.s_mm * digit.axis[2] - profile.radius_mm * digit.up[2]
    return float(lowest_mm[profile.s_mm <= SEEN_MM].min() - lowest_mm.min())


def _standing(rng: Generator, ranges: Ranges, scene: Scene) -> Scene:
    """The digit stands up through the slot, its ulcer on top; the hand is under the card. Its tip is an
    ellipsoid, as real ones are within a third."""
    lean = rng.normal(0.0, TIP.inclination_sd_deg, 2)
    length = rng.normal(LENGTH_IN_RADII, LENGTH_IN_RADII_SD)
    digit = replace(
        scene.digit,
        inclination_deg=TIP.inclination_deg + float(np.hypot(*lean)),
        yaw_deg=float(np.degrees(np.arctan2(*lean))),
        protrusion_mm=max(LOWEST_TIP_MM, float(rng.normal(TIP.height_mm, TIP.height_sd_mm))),
        tip_length_mm=scene.digit.radius_mm * max(SHORTEST, float(length)),
        tip_exponent=2.0,
        tip_y_mm=float(rng.uniform(*SLOT_PLACE_MM)),
    )
    camera = replace(
        scene.camera,
        distance_mm=float(rng.uniform(*TIP_DISTANCE_MM)),
        aim_y_mm=digit.tip_y_mm + float(rng.normal(0, 4)),
    )
    bare = replace(scene, digit=digit, camera=camera, ulcers=(), hand=())
    return replace(bare, ulcers=(_ulcer_on_top(rng, ranges, bare),))


def _ulcer_on_top(rng: Generator, ranges: Ranges, scene: Scene) -> UlcerShape:
    """An ulcer that faces distally, its obliquity in range where the camera allows."""
    digit = scene.digit
    largest = LARGEST_AREA_PER_RADIUS2 * digit.radius_mm**2
    low, high = min(ranges.area_mm2[0], largest), min(ranges.area_mm2[1], largest)
    area = float(np.exp(rng.uniform(np.log(low), np.log(high))))
    outline = random_outline(rng, *_place_on_top(rng, ranges, scene))
    ulcer = scaled_to_area(digit, outline, area)
    if rng.random() >= ranges.healed:
        return ulcer
    rest = max(low, area * float(rng.uniform(LATER_STATE_LEAST, 1.0)))
    return advanced_to_area(digit, ulcer, rest) if rest < area else ulcer


def _place_on_top(rng: Generator, ranges: Ranges, scene: Scene) -> tuple[float, float]:
    best, least = (1.0, 0.0), np.inf
    low, high = ranges.obliquity_deg
    for _ in range(PLACE_TRIES):
        # Even over the top's area: the squared radius grows with the distance from the tip.
        place = TOP_OF_TIP * scene.digit.tip_length_mm * float(rng.uniform(0.001, 1.0))
        phi = float(rng.uniform(-180, 180))
        seen = _obliquity_deg(scene, UlcerShape(place, phi, 1.0, closed=True))
        miss = max(low - seen, seen - high, 0.0)
        if miss < least:
            best, least = (place, phi), miss
        if miss == 0.0:
            break
    return best


def _obliquity_deg(scene: Scene, ulcer: UlcerShape) -> float:
    return truth_of(replace(scene, ulcers=(ulcer,))).obliquity_deg[0]


def obliquity_sd_deg(scene: Scene) -> float:
    """How well the obliquity of the first ulcer can be known, the axis being stated and not seen."""
    straight = _obliquity_deg(scene, replace(scene.ulcers[0], closed=True))
    turned = [_obliquity_deg(other, other.ulcers[0]) - straight for other in _one_degree_off(scene)]
    pose: PoseName = "flat" if scene.digit.protrusion_mm is None else "tip"
    return float(np.hypot(OWN_OBLIQUITY_SD_DEG, POSES[pose].inclination_sd_deg * np.linalg.norm(turned)))


def _one_degree_off(scene: Scene) -> list[Scene]:
    """The digit inclined one degree more; where it stands, leaning one degree either way."""
    digit, ulcer = scene.digit, replace(scene.ulcers[0], closed=True)
    if digit.protrusion_mm is None:
        risen = replace(digit, inclination_deg=digit.inclination_deg + 1.0)
        return [replace(scene, digit=risen, ulcers=(ulcer,))]
    yaw = np.radians(digit.yaw_deg)
    lean = (digit.inclination_deg - TIP.inclination_deg) * np.array([np.sin(yaw), np.cos(yaw)])
    return [_leaning(scene, ulcer, lean + step) for step in np.eye(2)]


def _leaning(scene: Scene, ulcer: UlcerShape, lean_deg: NDArray[np.float64]) -> Scene:
    """The standing digit with another lean; its ulcer stays on the same side of the card."""
    yaw_deg = float(np.degrees(np.arctan2(*lean_deg)))
    digit = replace(
        scene.digit, inclination_deg=TIP.inclination_deg + float(np.hypot(*lean_deg)), yaw_deg=yaw_deg
    )
    # Angles round a standing digit count from the direction of its lean.
    kept = replace(ulcer, phi_deg=ulcer.phi_deg + scene.digit.yaw_deg - yaw_deg)
    return replace(scene, digit=digit, ulcers=(kept,))
