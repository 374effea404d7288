"""From a story to photographs: each visit's scene, drawn from a seed, the skin's pattern staying the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

import numpy as np
from numpy.random import Generator

from calibration.digit_card import DIGIT_CARD
from calibration.phantom import (
    Camera,
    DigitShape,
    Header,
    Light,
    Look,
    Scene,
    Sensor,
    Table,
    UlcerShape,
    truth_of,
)
from calibration.phantom.hand import hand_of
from calibration.phantom.outline import Bridge
from calibration.phantom.ulcer import advanced_to_area, random_outline, scaled_to_area
from sample_images.study import DAYS, SITES, STORIES, VISITS, Site, Story

STUDY_SEED = 20250113
BASELINE_AT = datetime(2025, 1, 13, 10, 20)
"""Date in the photographs' headers; nothing may ever read it."""

GREATEST_TILT_DEG = 22.0
GREATEST_OBLIQUITY_DEG = 24.0
LEAST_SCALE_PX_PER_MM = 11.0
FRAME_MARGIN_PX = 60.0
"""What a careful nurse keeps to: the card whole in the picture, the ulcer towards the camera."""

LOWEST_TIP_MM = 22.0
ULCER_ABOVE_MM = 46.0
"""The tip lies no lower in the slot than this, and the ulcer's middle stays above the card's lower edge."""

CAMERA_TRIES = 200

ORDER = ("index", "middle", "ring", "little")

JPEG_QUALITY = 91
"""48 photographs of 5 megapixels stay below 30 MB."""


@dataclass(frozen=True)
class Photograph:
    """A photograph to be taken: what is seen, the noise's seed, and the file's header."""

    story: Story
    visit: str
    scene: Scene
    seed: int
    header: Header
    name: str


@lru_cache(maxsize=1)
def photographs() -> tuple[Photograph, ...]:
    """The study's 48 photographs; the same every time."""
    names = np.random.default_rng(STUDY_SEED)
    found = []
    for number, story in enumerate(STORIES):
        for visit in range(len(VISITS)):
            found.append(_photograph(number, story, visit, names.bytes(16).hex()))
    return tuple(found)


def refusals() -> list[tuple[str, Photograph]]:
    """Two photographs that ought to be refused, and the criterion that they fail."""
    good = photographs()
    names = np.random.default_rng(STUDY_SEED + 1)
    tilted, blurred = good[0], good[6]
    camera = replace(tilted.scene.camera, tilt_deg=38.0, azimuth_deg=80.0, distance_mm=175.0)
    sensor = replace(blurred.scene.sensor, blur_px=4.0)
    return [
        ("tilt", replace(tilted, scene=replace(tilted.scene, camera=camera), name=names.bytes(16).hex())),
        ("focus", replace(blurred, scene=replace(blurred.scene, sensor=sensor), name=names.bytes(16).hex())),
    ]


def _photograph(number: int, story: Story, visit: int, name: str) -> Photograph:
    site = next(site for site in SITES if site.code == story.site)
    seed = STUDY_SEED + 100 * number + visit
    rng = np.random.default_rng(seed)
    digit = _laid(rng, story)
    ulcers = ulcers_at(story, visit, digit, np.random.default_rng(STUDY_SEED + 7000 + number))
    look = _look(rng, story, number, visit)
    light, table = _light(rng, site), _table(rng, site)
    scene = Scene(
        digit, ulcers, look, light, table, Camera(), _sensor(rng), hand_of(digit, neighbours(story))
    )
    scene = replace(scene, camera=_camera(rng, site, scene))
    return Photograph(story, VISITS[visit], scene, seed, _header(site, visit, number), name)


def ulcers_at(story: Story, visit: int, digit: DigitShape, rng: Generator) -> tuple[UlcerShape, ...]:
    """The ulcer at a visit, cut from its footprint, and the new ulceration where there is one."""
    outline = random_outline(rng, story.s_mm, story.phi_deg)
    baseline = scaled_to_area(digit, outline, story.areas_mm2[0])
    if story.bridge_from is not None and visit >= story.bridge_from:
        direction = baseline.orientation_deg + 90.0
        baseline = replace(baseline, bridge=Bridge(direction, 0.2, 0.5 + 0.25 * (visit - story.bridge_from)))
    current = baseline if visit == 0 else advanced_to_area(digit, baseline, story.areas_mm2[visit])
    beside = random_outline(rng, story.s_mm + baseline.greatest_radius_mm + 3.6, story.phi_deg + 8.0)
    if story.new_areas_mm2[visit] == 0.0:
        return (current,)
    return current, scaled_to_area(digit, beside, story.new_areas_mm2[visit])


def neighbours(story: Story) -> int:
    """How many of the hand's digits lie to the left of this one in the picture."""
    from_thumb = ORDER.index(story.digit.name)
    thumb_left = (story.digit.hand == "right") == (story.view == "dorsal")
    return from_thumb if thumb_left else len(ORDER) - 1 - from_thumb


def _laid(rng: Generator, story: Story) -> DigitShape:
    shape, lowest = story.digit, min(LOWEST_TIP_MM, ULCER_ABOVE_MM - story.s_mm)
    return DigitShape(
        radius_mm=shape.radius_mm,
        taper=shape.taper,
        joint_bulge=0.02,
        tip_length_mm=shape.tip_length_mm,
        tip_exponent=shape.tip_exponent,
        tip_y_mm=float(rng.uniform(lowest - 3.0, lowest)),
        lateral_mm=float(rng.uniform(-1.5, 1.5)),
        yaw_deg=float(rng.uniform(-4.0, 4.0)),
    )


def _look(rng: Generator, story: Story, number: int, visit: int) -> Look:
    """The skin's pattern belongs to the digit; redness and rim calm down as the ulcer heals."""
    calm = 1.0 - min(1.0, story.areas_mm2[visit] / story.areas_mm2[0])
    steady = np.random.default_rng(STUDY_SEED + 9000 + number)
    rim = steady.uniform(0.2, 0.8, 3)
    return Look(
        tone=story.skin_type,
        view=story.view,
        tissue=story.tissues[visit],
        redness=0.05 + float(rng.normal(0, 0.03)),
        erythema=float(rim[0] * (1.0 - 0.6 * calm)),
        maceration=float(rim[1] * (0.8 - 0.5 * calm)),
        callus=float(rim[2] * 0.8),
        depth_mm=0.55 - 0.35 * calm,
        border_mm=0.18,
        wetness=float(rng.uniform(0.4, 0.8)),
        gloss=float(rng.uniform(0.2, 0.5)),
        texture=story.texture,
        pattern=float(steady.uniform(0, 500)),
    )


def _light(rng: Generator, site: Site) -> Light:
    warmth = site.warmth + float(rng.normal(0, 0.02))
    return Light(
        azimuth_deg=float(rng.uniform(180, 320)),
        elevation_deg=float(rng.uniform(45, 70)),
        key_share=float(rng.uniform(0.3, 0.6)),
        softness=float(rng.uniform(0.2, 0.5)),
        gradient_per_100mm=float(rng.uniform(0.02, 0.15)),
        gradient_deg=float(rng.uniform(0, 360)),
        cast=(1.0 + warmth, 1.0, 1.0 - 1.3 * warmth),
        shade=float(rng.uniform(0.0, 0.2)),
        shade_x_mm=float(rng.uniform(0, 90)),
        shade_y_mm=float(rng.uniform(60, 110)),
        glare=float(rng.uniform(0.4, 1.0)),
    )


def _table(rng: Generator, site: Site) -> Table:
    return Table(
        material=site.material, brightness=float(rng.uniform(0.9, 1.1)), pattern=float(rng.uniform(0, 500))
    )


def _sensor(rng: Generator) -> Sensor:
    return Sensor(
        exposure=float(rng.uniform(0.82, 0.98)),
        blur_px=float(rng.uniform(0.6, 1.1)),
        read_noise=float(rng.uniform(0.0008, 0.0015)),
        shot_noise=float(rng.uniform(0.00002, 0.00006)),
        sharpening=float(rng.uniform(0.05, 0.25)),
        vignetting=float(rng.uniform(0.03, 0.1)),
    )


def _camera(rng: Generator, site: Site, scene: Scene) -> Camera:
    """The first of some tries that keeps to the rules of careful photographing."""
    for _ in range(CAMERA_TRIES):
        camera = Camera(
            width_px=site.width_px,
            height_px=site.height_px,
            focal_35mm=site.focal_35mm,
            distance_mm=float(rng.uniform(*site.distance_mm)),
            tilt_deg=float(min(abs(rng.normal(0, 11)), GREATEST_TILT_DEG)),
            azimuth_deg=float(rng.uniform(0, 360)),
            roll_deg=float(rng.normal(0, 4)),
            aim_x_mm=40.0 + float(rng.normal(0, 3)),
            aim_y_mm=32.0 + float(rng.normal(0, 3)),
            k1=site.k1,
        )
        if _is_careful(replace(scene, camera=camera)):
            return camera
    raise RuntimeError(f"no camera of site {site.code} sees the ulcer well enough")


def _is_careful(scene: Scene) -> bool:
    camera, truth = (
        scene.camera,
        truth_of(replace(scene, ulcers=tuple(replace(u, closed=True) for u in scene.ulcers))),
    )
    corners = np.array([[x, y, 0.0] for x in (0.0, DIGIT_CARD.width_mm) for y in (0.0, DIGIT_CARD.height_mm)])
    pixels = camera.project(corners)
    inside = (pixels > FRAME_MARGIN_PX) & (
        pixels < np.array([camera.width_px, camera.height_px]) - FRAME_MARGIN_PX
    )
    return bool(
        inside.all()
        and truth.obliquity_deg[0] <= GREATEST_OBLIQUITY_DEG
        and min(truth.scale_px_per_mm) >= LEAST_SCALE_PX_PER_MM
    )


def _header(site: Site, visit: int, number: int) -> Header:
    taken = BASELINE_AT + timedelta(days=DAYS[visit], minutes=17 * number)
    return Header(
        focal_35mm=site.focal_35mm,
        orientation=site.orientation,
        make=site.make,
        model=site.model,
        taken_at=taken.strftime("%Y:%m:%d %H:%M:%S"),
        gps=site.gps,
    )
