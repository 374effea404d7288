"""Scenes drawn widely for training: every skin, tissue, light and pose that a study may show, and a little
beyond; lying digits and standing tips, fresh ulcers and later states."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.random import Generator

from calibration.phantom import Camera, DigitShape, Light, Look, Scene, Sensor, Table, UlcerShape
from calibration.phantom.hand import hand_of
from calibration.phantom.look import TISSUES
from calibration.phantom.outline import Bridge, Island
from calibration.phantom.table import MATERIALS
from calibration.phantom.ulcer import advanced_to_area, random_outline, scaled_to_area, ulcer_area_mm2
from calibration.rectify import READING_AREA

SCALE_PX_PER_MM = 10.0
"""The network's scale on reading images: half of the reading image's own."""

MARGIN_PX = 60
"""Photo beyond the reading area on every side, so that a tilted camera still sees all of it."""

AREA_MM2 = (1.0, 60.0)
"""Ulcers from a pinhead to the largest digital ulcers; half of those drawn are below 9 mm²."""

LATER = 0.45
"""Share of scenes in a later state: margins moved in, islands and bridges of new skin, thick rims."""

OPEN_LEFT = (0.12, 0.9)
"""Share of the footprint that is still open in a later state."""


@dataclass(frozen=True)
class NewSkin:
    """How often there is new skin within an ulcer.

    Attributes
    ----------
    bridged : float
        Share of ulcers that a bridge splits.
    islands : tuple of float
        Shares of ulcers that hold no, one and two islands.
    """

    bridged: float
    islands: tuple[float, float, float]


SOME, MUCH = NewSkin(0.4, (0.55, 0.3, 0.15)), NewSkin(0.65, (0.35, 0.4, 0.25))
"""New skin in later states of all scenes, and in those that are drawn for its sake: it covers so few pixels
that a network can do without having learnt what it is."""

STANDING, HEALING_STANDING = 0.2, 0.35
"""Shares of scenes in which the tip stands up through the card: of all, and of those of new skin."""

LEAN_DEG = 12.0
"""Standing tips lean up to this in any direction, more than a nurse would leave them."""

PROTRUSION_MM = (5.0, 16.0)
"""Height of a standing tip above the card."""

TIP_RADII = (0.85, 1.65)
"""Length of a standing tip in radii: real ones lie between 0.9 and 1.6."""

NEIGHBOURS, LONG_NAIL = 0.4, 0.2
"""Shares of lying digits that show the rest of the hand, and a nail that reaches beyond the tip."""

TISSUE_SHARES = {"granulation": 0.25, "fibrin": 0.33, "eschar": 0.12, "mixed": 0.3}
"""Most digital ulcers are sloughy, and slough beside a pale rim is what is hardest to outline."""

Which = Literal["dorsal", "pulp"]


def random_scene(rng: Generator) -> Scene:
    """A scene: the same state of `rng` gives the same one."""
    scene = _fresh_scene(rng, STANDING)
    return later_state(rng, scene) if rng.random() < LATER else scene


def healing_scene(rng: Generator) -> Scene:
    """A scene in a later state with much new skin: the same state of `rng` gives the same one."""
    return later_state(rng, _fresh_scene(rng, HEALING_STANDING), MUCH)


def _fresh_scene(rng: Generator, standing_share: float) -> Scene:
    standing = rng.random() < standing_share
    digit = _standing_digit(rng) if standing else _lying_digit(rng)
    hand = hand_of(digit, int(rng.integers(4))) if not standing and rng.random() < NEIGHBOURS else ()
    return Scene(
        digit=digit,
        ulcers=tuple(_ulcer(rng, digit, standing) for _ in range(rng.choice(3, p=[0.12, 0.73, 0.15]))),
        look=_look(rng),
        light=_light(rng),
        table=_table(rng),
        camera=_camera(rng),
        sensor=Sensor(
            exposure=rng.uniform(0.65, 1.05), blur_px=rng.uniform(0.4, 1.3),
            motion_px=max(0.0, rng.normal(-0.5, 1)), motion_deg=rng.uniform(0, 180),
            sharpening=rng.uniform(0, 0.5), vignetting=0.0,
        ),
        hand=hand,
        nail_beyond_mm=rng.uniform(0.5, 3.0) if not standing and rng.random() < LONG_NAIL else 0.0,
    )  # fmt: skip


def later_state(rng: Generator, scene: Scene, new_skin: NewSkin = SOME) -> Scene:
    """The same digit weeks later: its ulcers smaller and split, their rims macerated or callous."""
    look = replace(scene.look, maceration=rng.uniform(0.2, 1.0), callus=rng.uniform(0.0, 1.0))
    ulcers = tuple(
        ulcer if ulcer.closed else _healing(rng, scene.digit, ulcer, new_skin) for ulcer in scene.ulcers
    )
    return replace(scene, look=look, ulcers=ulcers)


def _healing(rng: Generator, digit: DigitShape, ulcer: UlcerShape, new_skin: NewSkin) -> UlcerShape:
    radius_mm = ulcer.mean_radius_mm
    later = ulcer
    if rng.random() < new_skin.bridged:
        offset_mm = rng.uniform(-0.4, 0.4) * radius_mm
        later = replace(later, bridge=Bridge(rng.uniform(0, 180), offset_mm, rng.uniform(0.4, 1.2)))
    count = rng.choice(len(new_skin.islands), p=new_skin.islands)
    later = replace(later, islands=tuple(_island(rng, radius_mm) for _ in range(count)))
    open_mm2 = rng.uniform(*OPEN_LEFT) * ulcer_area_mm2(digit, later)
    return advanced_to_area(digit, later, max(open_mm2, AREA_MM2[0]))


def _island(rng: Generator, radius_mm: float) -> Island:
    along_mm, across_mm = rng.uniform(-0.5, 0.5, 2) * radius_mm
    return Island(along_mm, across_mm, rng.uniform(0.15, 0.35) * radius_mm)


def _lying_digit(rng: Generator) -> DigitShape:
    return DigitShape(
        radius_mm=rng.uniform(5.8, 11.5), taper=rng.uniform(0.0, 0.18), joint_bulge=rng.uniform(0, 0.06),
        tip_length_mm=rng.uniform(6.5, 12), tip_exponent=rng.uniform(1.9, 2.7), tip_y_mm=rng.uniform(16, 32),
        lateral_mm=rng.normal(0, 1.5), yaw_deg=rng.normal(0, 4), inclination_deg=max(0.0, rng.normal(0, 4)),
    )  # fmt: skip


def _standing_digit(rng: Generator) -> DigitShape:
    radius_mm = rng.uniform(5.8, 11.5)
    return DigitShape(
        radius_mm=radius_mm, taper=rng.uniform(0.0, 0.12), joint_bulge=rng.uniform(0, 0.06),
        tip_length_mm=radius_mm * rng.uniform(*TIP_RADII), tip_exponent=rng.uniform(1.9, 2.5),
        tip_y_mm=rng.uniform(26, 46), lateral_mm=rng.normal(0, 1), yaw_deg=rng.uniform(-180, 180),
        inclination_deg=-90 + LEAN_DEG * np.sqrt(rng.random()), protrusion_mm=rng.uniform(*PROTRUSION_MM),
        turn_deg=rng.uniform(-180, 180),
    )  # fmt: skip


def _ulcer(rng: Generator, digit: DigitShape, standing: bool) -> UlcerShape:
    far_mm, side_deg = (0.8 * digit.tip_length_mm, 180) if standing else (24, 58)
    place = rng.uniform(0.5 if standing else 2.5, far_mm), rng.uniform(-side_deg, side_deg)
    outline = random_outline(rng, *place, rng.uniform(0.03, 0.16))
    area_mm2 = float(np.clip(np.exp(rng.normal(np.log(9), 0.85)), *AREA_MM2))
    ulcer = scaled_to_area(digit, outline, area_mm2)
    if rng.random() < 0.1:  # noqa: PLR2004
        return UlcerShape(**{**ulcer.__dict__, "closed": True})
    return ulcer


def _look(rng: Generator) -> Look:
    return Look(
        tone=int(rng.integers(1, 7)), view=_either(rng, "dorsal", "pulp"),
        tissue=TISSUES[rng.choice(4, p=[TISSUE_SHARES[name] for name in TISSUES])],
        redness=rng.uniform(-0.2, 0.4), erythema=rng.uniform(0, 1), maceration=rng.uniform(0, 0.9),
        callus=rng.uniform(0, 0.8), depth_mm=rng.uniform(0.1, 0.9), border_mm=rng.uniform(0.08, 0.4),
        wetness=rng.uniform(0, 1), gloss=rng.uniform(0, 0.8), texture=rng.uniform(0.3, 1.3),
        blemishes=int(rng.integers(0, 8)), pattern=rng.uniform(0, 1000),
    )  # fmt: skip


def _either(rng: Generator, first: Which, second: Which) -> Which:
    return first if rng.random() < 0.5 else second  # noqa: PLR2004


def _light(rng: Generator) -> Light:
    warmth = rng.normal(0, 0.1)
    return Light(
        azimuth_deg=rng.uniform(0, 360), elevation_deg=rng.uniform(30, 80), key_share=rng.uniform(0.2, 0.8),
        softness=float(np.exp(rng.uniform(np.log(0.04), np.log(0.6)))),
        gradient_per_100mm=rng.uniform(0, 0.4), gradient_deg=rng.uniform(0, 360),
        cast=(1 + warmth, 1.0, 1 - warmth),
        shade=float(rng.choice([0.0, rng.uniform(0.1, 0.6)])), shade_x_mm=rng.uniform(0, 80),
        shade_y_mm=rng.uniform(0, 80), shade_mm=rng.uniform(25, 80), glare=rng.uniform(0.2, 1.5),
    )  # fmt: skip


def _table(rng: Generator) -> Table:
    return Table(
        material=list(MATERIALS)[rng.integers(len(MATERIALS))], brightness=rng.uniform(0.4, 1.4),
        pattern=rng.uniform(0, 1000),
        paper=(rng.uniform(0.93, 1), rng.uniform(0.93, 1), rng.uniform(0.88, 1)),
        cover="below" if rng.random() < 0.15 else "none",  # noqa: PLR2004
        cover_mm=rng.uniform(4, 16),
    )  # fmt: skip


def _camera(rng: Generator) -> Camera:
    """A camera whose picture is a crop round the reading area; distance and tilt are a phone's."""
    width = round((READING_AREA.right - READING_AREA.left) * SCALE_PX_PER_MM) + 2 * MARGIN_PX
    height = round((READING_AREA.bottom - READING_AREA.top) * SCALE_PX_PER_MM) + 2 * MARGIN_PX
    finer = rng.uniform(1.0, 1.3)
    size = round(width * finer), round(height * finer)
    distance_mm = rng.uniform(140, 330)
    unit = Camera(width_px=size[0], height_px=size[1], focal_35mm=1.0).focal_px
    return Camera(
        width_px=size[0], height_px=size[1], focal_35mm=SCALE_PX_PER_MM * finer * distance_mm / unit,
        distance_mm=distance_mm, tilt_deg=min(28.0, abs(rng.normal(0, 11))), azimuth_deg=rng.uniform(0, 360),
        roll_deg=rng.normal(0, 5), aim_x_mm=(READING_AREA.left + READING_AREA.right) / 2,
        aim_y_mm=(READING_AREA.top + READING_AREA.bottom) / 2,
    )  # fmt: skip
