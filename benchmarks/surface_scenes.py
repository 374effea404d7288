"""Scenes with one hazard to the digit's silhouette each, rendered once and kept in a folder."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
from numpy.random import default_rng
from numpy.typing import NDArray

from calibration.phantom import Ranges, Scene, random_scene, render
from calibration.phantom.hazards import Side, bent, with_long_nail, with_neighbour, with_relief
from calibration.photo import Photo

Hazard = Literal["none", "relief", "neighbour", "nail", "bent", "inclined"]

SCENE_SEED, PLACE_SEED, AHEAD_SEED = 99, 98, 97

RELIEF_MM = (6.0, 24.0)
"""Distance of crusts and craters from the tip."""

AHEAD_MM = (-10.0, 8.0)
"""How far the neighbouring finger's tip lies beyond the digit's."""

BEND_CLEARANCE_MM = 17.0
"""On a bent digit ulcers farther from the tip are brought here, clear of the joint."""

JPEG_QUALITY = 95


@dataclass(frozen=True)
class HazardPhoto:
    """A photograph, its true masks and the truth.

    Attributes
    ----------
    photo : Photo
    skin, ulcer : NDArray[np.bool_], shape (height, width)
        Where the hand and the open ulcer are seen.
    truth : dict
        `area_mm2`, `radius_mm`, `inclination_deg`.
    """

    photo: Photo
    skin: NDArray[np.bool_]
    ulcer: NDArray[np.bool_]
    truth: dict[str, Any]


@dataclass(frozen=True)
class HazardPhotos:
    """Photographs by hazard, level and number; the same number is the same scene but for the hazard.

    Parameters
    ----------
    folder : Path
        Where they are kept.
    ranges : Ranges
        From what scenes are drawn.
    """

    folder: Path
    ranges: Ranges

    def photo(self, hazard: Hazard, level: float, number: int) -> HazardPhoto:
        """One photograph, rendered when it is not there yet."""
        name = self.folder / f"{hazard}-{level:g}-{number}"
        facts = name.with_name(f"{name.name}.json")
        if not facts.exists():
            self._keep(name, hazard_scene(self.ranges, hazard, level, number), number)
        truth = json.loads(facts.read_text(encoding="utf-8"))
        rgb = cv2.imread(f"{name}.jpg", cv2.IMREAD_COLOR)
        masks = cv2.imread(f"{name}.png", cv2.IMREAD_GRAYSCALE)
        if rgb is None or masks is None:
            raise FileNotFoundError(f"no pictures at {name}")
        photo = Photo(cv2.cvtColor(rgb, cv2.COLOR_BGR2RGB).astype(np.uint8), truth["focal_35mm"])
        return HazardPhoto(photo, masks > 0, masks > 1, truth)

    def _keep(self, name: Path, scene: Scene, seed: int) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        seen = render(scene, seed)
        bgr = cv2.cvtColor(seen.rgb, cv2.COLOR_RGB2BGR)
        cv2.imwrite(f"{name}.jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
        cv2.imwrite(f"{name}.png", seen.skin_mask.astype(np.uint8) + seen.ulcer_mask)
        truth = {
            "area_mm2": seen.truth.area_mm2[0],
            "radius_mm": scene.digit.radius_mm,
            "inclination_deg": scene.digit.inclination_deg,
            "focal_35mm": scene.camera.focal_35mm,
        }
        name.with_name(f"{name.name}.json").write_text(json.dumps(truth), encoding="utf-8")


def hazard_scene(ranges: Ranges, hazard: Hazard, level: float, number: int) -> Scene:
    """A scene with one hazard; `level` is its size in the unit of the hazard (mm or degrees)."""
    if hazard == "inclined":
        ranges = replace(ranges, inclination_deg=(level, level))
    scene = random_scene(default_rng([SCENE_SEED, number]), ranges)
    side: Side = 1 if number % 2 else -1
    if hazard == "relief":
        place_mm = float(default_rng([PLACE_SEED, number]).uniform(*RELIEF_MM))
        return with_relief(scene, level, place_mm, side)
    if hazard == "neighbour":
        ahead_mm = float(default_rng([AHEAD_SEED, number]).uniform(*AHEAD_MM))
        return with_neighbour(scene, level, side, ahead_mm)
    if hazard == "nail":
        return with_long_nail(scene, level)
    if hazard == "bent":
        (ulcer,) = scene.ulcers
        moved = replace(ulcer, s_mm=min(ulcer.s_mm, BEND_CLEARANCE_MM))
        return bent(replace(scene, ulcers=(moved,)), level * side)
    return scene
