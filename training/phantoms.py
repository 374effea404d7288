"""Rendered fingers with known ulcers, as the network meets them: reading images at the network's scale.

`python -m training.phantoms --out runs/phantoms` renders those that training and evaluation use; what is
missing is rendered when it is first needed.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from numpy.random import Generator, default_rng
from numpy.typing import NDArray

from calibration.phantom import Camera, DigitShape, Light, Look, Scene, Sensor, Table, UlcerShape, render
from calibration.phantom.outline import Bridge, Island
from calibration.phantom.table import MATERIALS
from calibration.phantom.ulcer import advanced_to_area, random_outline, scaled_to_area, ulcer_area_mm2
from calibration.rectify import READING_AREA
from training.datasets import LabelledPhoto
from training.splits import Part

SCALE_PX_PER_MM = 10.0
"""The network's scale on reading images: half of the reading image's own."""

COUNTS: dict[Part, int] = {"select": 24, "train": 900, "report": 40}
"""Scenes of each part."""

SEEDS: dict[Part, int] = {"train": 11, "select": 12, "report": 13}

MARGIN_PX = 60
"""Photo beyond the reading area on every side, so that a tilted camera still sees all of it."""

AREA_MM2 = (1.0, 60.0)
"""Ulcers from a pinhead to the largest digital ulcers; half of those drawn are below 9 mm²."""

LATER_EVERY = 3
"""Every third scene shows a later state: margins moved in, islands and bridges of new skin, thick rims."""

OPEN_LEFT = (0.12, 0.9)
"""Share of the footprint that is still open in a later state."""

BRIDGED, ISLAND = 0.3, 0.2
"""Shares of later states that a bridge of new skin splits, and that hold an island of it."""

Which = Literal["dorsal", "pulp"]


@dataclass(frozen=True)
class PhantomStore:
    """Rendered scenes in a folder; a pure function of part and number.

    Parameters
    ----------
    folder : Path
        Where scenes are kept once rendered.
    part : Part
        Part of the split: each has scenes of its own.
    """

    folder: Path
    part: Part

    def __call__(self, rng: Generator) -> LabelledPhoto:
        """A random scene of the part."""
        return self.scene(int(rng.integers(COUNTS[self.part])))

    def scene(self, number: int) -> LabelledPhoto:
        """One scene: reading image at `SCALE_PX_PER_MM`, ulcer and skin labelled everywhere."""
        path = self.folder / f"{self.part}-{number}.npz"
        if not path.exists():
            self._keep(path, reading_phantom(drawn_scene(self.part, number), number))
        with np.load(path) as stored:
            return LabelledPhoto(stored["rgb"], stored["labels"])

    def _keep(self, path: Path, photo: LabelledPhoto) -> None:
        """Write a scene whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}.partial")
        with partial.open("wb") as file:
            np.savez_compressed(file, rgb=photo.rgb, labels=photo.labels)
        os.replace(partial, path)


def drawn_scene(part: Part, number: int) -> Scene:
    """The scene of a number: fresh ulcers, or a later state of them."""
    rng = default_rng([SEEDS[part], number])
    scene = random_scene(rng)
    return later_state(rng, scene) if number % LATER_EVERY == LATER_EVERY - 1 else scene


def later_state(rng: Generator, scene: Scene) -> Scene:
    """The same digit weeks later: its ulcers smaller and split, their rims macerated or callous."""
    look = replace(scene.look, maceration=rng.uniform(0.2, 1.0), callus=rng.uniform(0.0, 1.0))
    ulcers = tuple(ulcer if ulcer.closed else _healing(rng, scene.digit, ulcer) for ulcer in scene.ulcers)
    return replace(scene, look=look, ulcers=ulcers)


def _healing(rng: Generator, digit: DigitShape, ulcer: UlcerShape) -> UlcerShape:
    radius_mm = ulcer.mean_radius_mm
    later = ulcer
    if rng.random() < BRIDGED:
        offset_mm = rng.uniform(-0.4, 0.4) * radius_mm
        later = replace(later, bridge=Bridge(rng.uniform(0, 180), offset_mm, rng.uniform(0.4, 1.2)))
    if rng.random() < ISLAND:
        along_mm, across_mm = rng.uniform(-0.4, 0.4, 2) * radius_mm
        later = replace(later, islands=(Island(along_mm, across_mm, rng.uniform(0.15, 0.35) * radius_mm),))
    open_mm2 = rng.uniform(*OPEN_LEFT) * ulcer_area_mm2(digit, later)
    return advanced_to_area(digit, later, max(open_mm2, AREA_MM2[0]))


def random_scene(rng: Generator) -> Scene:
    """A scene drawn widely: every skin, tissue, light and pose that a study may show, and a little beyond."""
    digit = _digit(rng)
    return Scene(
        digit=digit,
        ulcers=tuple(_ulcer(rng, digit) for _ in range(rng.choice(3, p=[0.12, 0.73, 0.15]))),
        look=_look(rng),
        light=_light(rng),
        table=_table(rng),
        camera=_camera(rng),
        sensor=Sensor(
            exposure=rng.uniform(0.65, 1.05), blur_px=rng.uniform(0.4, 1.3),
            motion_px=max(0.0, rng.normal(-0.5, 1)), motion_deg=rng.uniform(0, 180),
            sharpening=rng.uniform(0, 0.5), vignetting=0.0,
        ),
    )  # fmt: skip


def _digit(rng: Generator) -> DigitShape:
    return DigitShape(
        radius_mm=rng.uniform(5.8, 11.5), taper=rng.uniform(0.0, 0.18), joint_bulge=rng.uniform(0, 0.06),
        tip_length_mm=rng.uniform(6.5, 12), tip_exponent=rng.uniform(1.9, 2.7), tip_y_mm=rng.uniform(16, 32),
        lateral_mm=rng.normal(0, 1.5), yaw_deg=rng.normal(0, 4), inclination_deg=max(0.0, rng.normal(0, 4)),
    )  # fmt: skip


def _ulcer(rng: Generator, digit: DigitShape) -> UlcerShape:
    outline = random_outline(rng, rng.uniform(2.5, 24), rng.uniform(-55, 55), rng.uniform(0.03, 0.16))
    area_mm2 = float(np.clip(np.exp(rng.normal(np.log(9), 0.85)), *AREA_MM2))
    ulcer = scaled_to_area(digit, outline, area_mm2)
    if rng.random() < 0.1:  # noqa: PLR2004
        return UlcerShape(**{**ulcer.__dict__, "closed": True})
    return ulcer


def _look(rng: Generator) -> Look:
    return Look(
        tone=int(rng.integers(1, 7)), view=_either(rng, "dorsal", "pulp"),
        tissue=("granulation", "fibrin", "eschar", "mixed")[rng.integers(4)], redness=rng.uniform(-0.2, 0.4),
        erythema=rng.uniform(0, 1), maceration=rng.uniform(0, 0.8), callus=rng.uniform(0, 0.8),
        depth_mm=rng.uniform(0.1, 0.9), border_mm=rng.uniform(0.08, 0.4), wetness=rng.uniform(0, 1),
        gloss=rng.uniform(0, 0.8), texture=rng.uniform(0.3, 1.3), blemishes=int(rng.integers(0, 8)),
        pattern=rng.uniform(0, 1000),
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


def reading_phantom(scene: Scene, seed: int) -> LabelledPhoto:
    """A scene as a reading image at `SCALE_PX_PER_MM`, rectified with the camera's true pose."""
    photo = render(scene, seed)
    where = _reading_map(scene.camera)
    rgb = cv2.remap(photo.rgb, where[..., 0], where[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    labels = np.dstack([_carried(mask, where) for mask in (photo.ulcer_mask, photo.digit_mask)])
    return LabelledPhoto(np.asarray(rgb, dtype=np.uint8), labels)


def _carried(mask: NDArray[np.bool_], where: NDArray[np.float32]) -> NDArray[np.uint8]:
    share = cv2.remap(mask.astype(np.float32), where[..., 0], where[..., 1], cv2.INTER_LINEAR)
    return np.asarray(share > 0.5, dtype=np.uint8)  # noqa: PLR2004


def _reading_map(camera: Camera) -> NDArray[np.float32]:
    """Where the reading image's pixels lie in the photo: (height, width, 2), column and row."""
    columns = np.arange(READING_AREA.left, READING_AREA.right, 1 / SCALE_PX_PER_MM) + 0.5 / SCALE_PX_PER_MM
    rows = np.arange(READING_AREA.top, READING_AREA.bottom, 1 / SCALE_PX_PER_MM) + 0.5 / SCALE_PX_PER_MM
    x_mm, y_mm = np.meshgrid(columns, rows)
    return camera.project(np.dstack([x_mm, y_mm, np.zeros_like(x_mm)])).astype(np.float32)


def main() -> None:
    """Render the scenes of all parts that are not there yet."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--out", type=Path, default=Path("runs/phantoms"))
    cv2.setNumThreads(1)
    folder = parser.parse_args().out
    for part, count in COUNTS.items():
        store = PhantomStore(folder, part)
        for number in range(count):
            store.scene(number)


if __name__ == "__main__":
    main()
