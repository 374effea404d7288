"""Series of photographs of phantoms whose healing is known: one digit, one ulcer, three visits.

Every visit has its own camera, light and table; the finger is turned about its axis and laid a little further
in or out. What changes between visits is the ulcer, and how its rim and ground look.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator, default_rng
from truth_photos import FOCAL_ERROR, JPEG_QUALITY, TruthPhoto, is_kept, keep_photo, kept_photo

from calibration.phantom import (
    Camera,
    DigitShape,
    Header,
    Look,
    Ranges,
    Scene,
    UlcerShape,
    encode_jpeg,
    random_scene,
    render,
    truth_of,
)
from calibration.phantom.hand import hand_of
from calibration.phantom.outline import Bridge, Island
from calibration.phantom.ulcer import (
    advanced_to_area,
    random_outline,
    scaled_to_area,
    still_open_mm2,
    ulcer_area_mm2,
)

VISITS = 3

KINDS = ("unchanged", "margin", "bridge", "islands", "closed", "grown", "slight", "elsewhere")
"""What becomes of the ulcer; series take turns."""

SHARES = {
    "unchanged": (1.0, 1.0),
    "margin": (0.65, 0.3),
    "bridge": (0.75, 0.5),
    "islands": (0.8, 0.5),
    "closed": (0.35, 0.0),
    "grown": (1.3, 1.7),
    "slight": (0.9, 0.75),
    "elsewhere": (0.6, 0.3),
}
"""Open area at the second and the third visit as a share of the baseline's."""

TIP_EVERY = 5
"""Every fifth series shows a standing tip."""

LARGEST_TURN_DEG = 8.0
"""A finger laid down again by hand comes back within this turn about its axis (own choice)."""

LARGEST_OBLIQUITY_DEG = 32.0
"""Just inside the gate: visits beyond it are photographed again."""

SCALE_PX_PER_MM = (10.8, 14.0)
"""At the digit; the gate wants 10."""

ELSEWHERE_MM2 = 3.0
ELSEWHERE_GAP_MM = 3.0
"""Size of a new ulcer, and the skin between it and the first one."""

RANGES = Ranges(
    width_px=1728,
    height_px=1296,
    hand=0.3,
    tilt_deg=(0.0, 20.0),
    obliquity_deg=(0.0, 22.0),
    area_mm2=(4.0, 40.0),
    healed=0.0,
    shade=(0.0, 0.25),
    blur_px=(0.5, 1.1),
)
"""Inside the gate, which asks for another photograph otherwise; the picture just holds the card."""

LENS = 1.5
"""Factor on a phone's usual focal length: such a picture is the middle of a larger one."""

TIP_TILT_DEG = 8.0
TIP_DISTANCE_MM = (208.0, 212.0)
TIP_FOCAL_35MM = (28.0, 29.0)
"""The gate wants a standing tip 200 mm away, by a header up to 3 % wrong, and 10 px/mm there."""

TRIES = 60


@dataclass(frozen=True)
class HealingSeries:
    """Series by number: a pure function of the seed, rendered once and kept in a folder."""

    folder: Path
    seed: int

    def photos(self, number: int) -> tuple[TruthPhoto, ...]:
        """The photographs of one series, in the order of its visits."""
        names = [self.folder / f"{self.seed}-{number}-{visit}" for visit in range(VISITS)]
        if not all(is_kept(name) for name in names):
            scenes = draw_series(default_rng([self.seed, number]), number)
            for visit, (name, scene) in enumerate(zip(names, scenes, strict=True)):
                if not is_kept(name):
                    keep_photo(name, _photo(scene, scenes[0], number, visit, self.seed))
        return tuple(kept_photo(name) for name in names)


def kind_of(number: int) -> str:
    """What becomes of the ulcer of one series."""
    return KINDS[number % len(KINDS)]


def is_tip(number: int) -> bool:
    """Whether a series shows a standing tip."""
    return number % TIP_EVERY == TIP_EVERY - 1


def draw_series(rng: Generator, number: int) -> tuple[Scene, ...]:
    """The scenes of one series."""
    first = random_scene(rng, RANGES)
    if is_tip(number):
        first = _standing(rng, first)
    states = (first.ulcers, *_later(rng, first.digit, first.ulcers[0], kind_of(number)))
    return tuple(_visit(rng, first, state) for state in states)


def _standing(rng: Generator, scene: Scene) -> Scene:
    """The same finger on end; its ulcer near the top, where the camera looks."""
    digit = replace(scene.digit, inclination_deg=-90.0, protrusion_mm=12.0, tip_y_mm=34.0, lateral_mm=0.0)
    place = float(rng.uniform(0.3, 1.5)), float(rng.uniform(0, 360))
    area = min(ulcer_area_mm2(scene.digit, scene.ulcers[0]), 0.3 * digit.radius_mm**2)
    ulcer = scaled_to_area(digit, random_outline(rng, *place), area)
    return replace(scene, digit=digit, ulcers=(ulcer,), look=replace(scene.look, view="pulp"), hand=())


def _later(rng: Generator, digit: DigitShape, ulcer: UlcerShape, kind: str) -> list[tuple[UlcerShape, ...]]:
    area, size = ulcer_area_mm2(digit, ulcer), ulcer.mean_radius_mm
    cut = ulcer
    if kind == "bridge":
        bridge = Bridge(float(rng.uniform(0, 180)), float(rng.uniform(-0.25, 0.25)) * size, 0.3 + 0.15 * size)
        cut = replace(ulcer, bridge=bridge)
    if kind == "islands":
        place = rng.uniform(-0.3, 0.3, 2) * size
        cut = replace(ulcer, islands=(Island(float(place[0]), float(place[1]), 0.3 * size),))
    extra = (_elsewhere(rng, digit, ulcer),) if kind == "elsewhere" else ()
    if kind == "unchanged":
        return [(ulcer,)] * len(SHARES[kind])
    return [(advanced_to_area(digit, cut, share * area), *extra) for share in SHARES[kind]]


def _elsewhere(rng: Generator, digit: DigitShape, ulcer: UlcerShape) -> UlcerShape:
    """A new ulcer up or down the finger, with skin between."""
    step = ulcer.greatest_radius_mm + ELSEWHERE_GAP_MM + 1.3 * float(np.sqrt(ELSEWHERE_MM2 / np.pi))
    place = ulcer.s_mm - step if ulcer.s_mm - step > 4.0 else ulcer.s_mm + step
    return scaled_to_area(digit, random_outline(rng, place, ulcer.phi_deg), ELSEWHERE_MM2)


def _visit(rng: Generator, first: Scene, ulcers: tuple[UlcerShape, ...]) -> Scene:
    """Photograph one state: drawn again while the ulcer faces away from the camera."""
    for _ in range(TRIES):
        fresh = random_scene(rng, RANGES)
        standing = first.digit.protrusion_mm is not None
        digit = _held(rng, first.digit) if standing else _laid(rng, first.digit)
        camera = _above(rng, fresh.camera, digit) if standing else _over(rng, fresh.camera, digit)
        hand = hand_of(digit, int(rng.integers(4))) if fresh.hand and not standing else ()
        look = _look(rng, first.look, fresh.look)
        scene = replace(fresh, digit=digit, ulcers=ulcers, look=look, camera=camera, hand=hand)
        scene = replace(scene, sensor=replace(scene.sensor, motion_px=0.0))
        open_now = [replace(ulcer, closed=False) for ulcer in ulcers]
        if max(truth_of(replace(scene, ulcers=tuple(open_now))).obliquity_deg) < LARGEST_OBLIQUITY_DEG:
            break
    return scene


def _laid(rng: Generator, digit: DigitShape) -> DigitShape:
    return replace(
        digit,
        turn_deg=float(rng.uniform(-LARGEST_TURN_DEG, LARGEST_TURN_DEG)),
        tip_y_mm=float(np.clip(digit.tip_y_mm + rng.uniform(-2, 2), 18, 30)),
        lateral_mm=digit.lateral_mm + float(rng.uniform(-0.8, 0.8)),
        yaw_deg=digit.yaw_deg + float(rng.normal(0, 1.5)),
    )


def _held(rng: Generator, digit: DigitShape) -> DigitShape:
    return replace(
        digit,
        turn_deg=float(rng.uniform(-LARGEST_TURN_DEG, LARGEST_TURN_DEG)),
        inclination_deg=-90.0 + float(rng.uniform(-4, 4)),
        tip_y_mm=34.0 + float(rng.uniform(-2, 2)),
        lateral_mm=float(rng.uniform(-1.5, 1.5)),
        protrusion_mm=float(rng.uniform(9, 15)),
    )


def _over(rng: Generator, camera: Camera, digit: DigitShape) -> Camera:
    camera = replace(camera, focal_35mm=LENS * camera.focal_35mm)
    distance_mm = camera.focal_px / float(rng.uniform(*SCALE_PX_PER_MM)) + 1.8 * digit.radius_mm
    aim_mm = digit.tip_y_mm + 12.0 + float(rng.normal(0, 3))
    return replace(camera, distance_mm=max(130.0, distance_mm), aim_y_mm=aim_mm)


def _above(rng: Generator, camera: Camera, digit: DigitShape) -> Camera:
    return replace(
        camera,
        focal_35mm=LENS * float(rng.uniform(*TIP_FOCAL_35MM)),
        distance_mm=float(rng.uniform(*TIP_DISTANCE_MM)),
        tilt_deg=float(rng.uniform(0, TIP_TILT_DEG)),
        aim_y_mm=digit.tip_y_mm + float(rng.normal(0, 2)),
    )


def _look(rng: Generator, first: Look, fresh: Look) -> Look:
    """The same skin; rim, redness and moisture as they are on the day."""
    return replace(
        first,
        redness=first.redness + float(rng.normal(0, 0.05)),
        erythema=fresh.erythema,
        maceration=fresh.maceration,
        callus=fresh.callus,
        wetness=fresh.wetness,
        gloss=fresh.gloss,
    )


def _photo(scene: Scene, first: Scene, number: int, visit: int, seed: int) -> TruthPhoto:
    rng = default_rng([seed, number, visit])
    picture = render(scene, int(rng.integers(2**31)))
    stated = scene.camera.focal_35mm * (1 + rng.uniform(-FOCAL_ERROR, FOCAL_ERROR))
    jpeg = encode_jpeg(
        picture.rgb, quality=int(rng.integers(*JPEG_QUALITY)), header=Header(focal_35mm=stated)
    )
    return TruthPhoto(jpeg, picture.ulcer_mask, _truth(scene, first, number, picture.truth.area_mm2))


def _truth(scene: Scene, first: Scene, number: int, areas_mm2: tuple[float, ...]) -> dict[str, Any]:
    baseline = ulcer_area_mm2(first.digit, first.ulcers[0])
    left = still_open_mm2(first.digit, first.ulcers[0], scene.ulcers)
    return {
        "kind": kind_of(number),
        "pose": "tip" if is_tip(number) else "flat",
        "area_mm2": sum(areas_mm2),
        "own_mm2": areas_mm2[0],
        "baseline_mm2": baseline,
        "still_open_mm2": left,
        "epithelialisation_percent": 100.0 * (1.0 - left / baseline),
        "outside_mm2": sum(areas_mm2) - left,
        "turn_deg": scene.digit.turn_deg,
        "tip_y_mm": scene.digit.tip_y_mm,
        "tone": scene.look.tone,
        "texture": scene.look.texture,
        "view": scene.look.view,
        "s_mm": first.ulcers[0].s_mm,
    }
