"""Photographs of phantoms drawn at random, kept in a folder with all that is true of them."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator, default_rng
from numpy.typing import NDArray
from truth_scenes import draw_scene, obliquity_sd_deg

from calibration.digit_card import DIGIT_CARD, in_world
from calibration.phantom import Header, Ranges, Scene, encode_jpeg, render
from calibration.pose import PoseName
from calibration.rectify import READING_AREA

FOCAL_ERROR = 0.03
"""The header is wrong by up to this share: rounding to whole millimetres, and breathing at close focus."""

PRINT_TOLERANCE = 0.005
"""A printed card's 100 mm bar is accepted within half a millimetre."""

JPEG_QUALITY = (75, 95)

TIP_SHARE = 0.8
"""An ulcer nearer to the tip than this share of the tip's length stands on the tip."""

SIDE_DEG = 35.0
"""Round the axis from the top: beyond, an ulcer stands on the side."""

NAIL_ENDS_MM = 16.0
"""A dorsal ulcer nearer to the tip than this, and not on its side, lies beside or behind the nail."""


@dataclass(frozen=True)
class TruthPhoto:
    """A photograph, the true outline of its ulcer, and the truth.

    Attributes
    ----------
    jpeg : bytes
        As a phone would send it.
    outline : NDArray[np.bool_], shape (height, width)
        Open ulcer in the photograph's pixels.
    truth : dict
        `area_mm2`, `obliquity_deg`, `tilt_deg`, `distance_mm`, `radius_mm`, `scale_px_per_mm`, `markers`
        and what strata are made of.
    """

    jpeg: bytes
    outline: NDArray[np.bool_]
    truth: dict[str, Any]


@dataclass(frozen=True)
class TruthPhotos:
    """Photographs by number: a pure function of ranges, pose and seed, rendered once and kept.

    Parameters
    ----------
    folder : Path
        Where they are kept.
    ranges : Ranges
        From what scenes are drawn.
    pose : {"flat", "tip"}
    seed : int
        Of all of them.
    """

    folder: Path
    ranges: Ranges
    pose: PoseName
    seed: int

    def photo(self, number: int) -> TruthPhoto:
        """One photograph, rendered when it is not there yet."""
        name = self.folder / f"{self.pose}-{self.seed}-{number}"
        if not is_kept(name):
            keep_photo(name, draw_photo(self.scene(number), default_rng([1, self.seed, number]), number))
        return kept_photo(name)

    def scene(self, number: int) -> Scene:
        """What one photograph shows."""
        return draw_scene(default_rng([0, self.seed, number]), self.ranges, self.pose)


def is_kept(name: Path) -> bool:
    """Whether a photograph of that name is whole."""
    return name.with_suffix(".json").exists()


def kept_photo(name: Path) -> TruthPhoto:
    """A photograph as it was kept."""
    outline = cv2.imread(str(name.with_suffix(".png")), cv2.IMREAD_GRAYSCALE)
    if outline is None:
        raise FileNotFoundError(f"no outline at {name.with_suffix('.png')}")
    truth = json.loads(name.with_suffix(".json").read_text(encoding="utf-8"))
    return TruthPhoto(name.with_suffix(".jpg").read_bytes(), outline > 0, truth)


def keep_photo(name: Path, photo: TruthPhoto) -> None:
    """Write picture and outline, then the facts that say that both are there."""
    name.parent.mkdir(parents=True, exist_ok=True)
    name.with_suffix(".jpg").write_bytes(photo.jpeg)
    cv2.imwrite(
        str(name.with_suffix(".png")), photo.outline.astype(np.uint8) * 255, [cv2.IMWRITE_PNG_BILEVEL, 1]
    )
    partial = name.with_suffix(f".{os.getpid()}.partial")
    partial.write_text(json.dumps(photo.truth), encoding="utf-8")
    os.replace(partial, name.with_suffix(".json"))


def draw_photo(scene: Scene, rng: Generator, seed: int) -> TruthPhoto:
    """A scene photographed, its header's focal length and its card's print as wrong as practice allows."""
    photo = render(scene, seed)
    stated = scene.camera.focal_35mm * (1 + rng.uniform(-FOCAL_ERROR, FOCAL_ERROR))
    quality = int(rng.integers(*JPEG_QUALITY))
    printed = 1 + rng.uniform(-PRINT_TOLERANCE, PRINT_TOLERANCE)
    jpeg = encode_jpeg(photo.rgb, quality=quality, header=Header(focal_35mm=stated))
    return TruthPhoto(jpeg, photo.ulcer_mask, _truth(scene, photo.truth.__dict__, printed))


def _truth(scene: Scene, truth: dict[str, Any], printed: float) -> dict[str, Any]:
    """`printed` is the card's size against its drawing: millimetres of the scene are the card's own, so
    the skin measures so much more, and the card's ruler does not show it."""
    ulcer = scene.ulcers[0]
    return {
        "area_mm2": truth["area_mm2"][0] * printed**2,
        "obliquity_deg": truth["obliquity_deg"][0],
        "obliquity_sd_deg": obliquity_sd_deg(scene),
        "scale_px_per_mm": truth["digit_scale_px_per_mm"],
        "tilt_deg": scene.camera.tilt_deg,
        "distance_mm": scene.camera.distance_mm,
        "camera_height_mm": truth["camera_height_mm"],
        "radius_mm": scene.digit.radius_mm,
        "inclination_deg": scene.digit.inclination_deg,
        "digit_width_mm": truth["digit_width_mm"],
        "place": _place(scene),
        "s_mm": ulcer.s_mm,
        "phi_deg": ulcer.phi_deg,
        "tone": scene.look.tone,
        "tissue": scene.look.tissue,
        "view": scene.look.view,
        "covered": scene.table.cover != "none",
        "markers": visible_markers(scene),
        "blur_px": scene.sensor.blur_px + scene.sensor.motion_px / 2,
    }


def _place(scene: Scene) -> str:
    ulcer, digit = scene.ulcers[0], scene.digit
    if digit.protrusion_mm is not None:
        return "standing tip"
    if ulcer.s_mm < TIP_SHARE * digit.tip_length_mm:
        return "tip"
    if abs(ulcer.phi_deg) > SIDE_DEG:
        return "side"
    return "beside the nail" if scene.look.view == "dorsal" and ulcer.s_mm < NAIL_ENDS_MM else "flat part"


def share_in_reading(scene: Scene, outline: NDArray[np.bool_]) -> float:
    """Share of the ulcer that lies where the reading image reaches, as the true camera sees it."""
    rows, columns = np.nonzero(outline)
    if not len(rows):
        return 0.0
    x, y = scene.camera.table_points(np.column_stack([columns, rows]).astype(float)).T
    area = READING_AREA
    held = (x > area.left) & (x < area.right) & (y > area.top) & (y < area.bottom)
    return float(held.mean())


def visible_markers(scene: Scene) -> int:
    """Markers whose four corners lie in the picture and under no cloth; shadows and hands not counted."""
    table, camera = scene.table, scene.camera
    reach = table.cover_mm if table.cover != "none" else 0.0
    seen = 0
    for marker in DIGIT_CARD.marker_top_left_mm:
        corners = DIGIT_CARD.marker_corners_mm(marker)
        free = {
            "none": True,
            "left": bool((corners[:, 0] > reach).all()),
            "right": bool((corners[:, 0] < DIGIT_CARD.width_mm - reach).all()),
            "below": bool((corners[:, 1] < DIGIT_CARD.height_mm - reach).all()),
        }[table.cover]
        pixels = camera.project(in_world(corners))
        inside = (pixels > 0).all() and (pixels < [camera.width_px - 1, camera.height_px - 1]).all()
        seen += bool(free and inside)
    return seen
