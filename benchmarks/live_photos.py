"""Photographs on both sides of the gate's limits, and what the service's gate says of each.

Phantoms as `area_truth` draws them, a part of them spoilt as practice spoils photographs: out of focus,
of a camera with fewer pixels, card covered. Both photographs and verdicts are kept.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
from numpy.random import Generator, default_rng
from numpy.typing import NDArray
from truth_photos import TruthPhotos

from app.gate import card_criteria
from app.measuring import measure_photo
from app.platform.images import decode_photo
from calibration.camera import estimate_camera
from calibration.capture_gate import Criterion, GateLimits
from calibration.digit_card import DIGIT_CARD, in_world
from calibration.find_card import CardNotFound, find_markers
from calibration.gate_light import paper_light
from calibration.phantom import Header, encode_jpeg
from calibration.photo import Photo
from calibration.srgb import SRGB_TO_LINEAR, encoded
from models.segmenter import Segmenter

Kind = Literal["as rendered", "out of focus", "fewer pixels", "card covered"]

KINDS: tuple[Kind, ...] = ("as rendered", "as rendered", "out of focus", "fewer pixels", "card covered")
"""By number, in turn: as rendered, tilt and distance lie on both sides of the limits."""

ADDED_BLUR_MM = (0.03, 0.30)
"""Spread of the blur laid over a photograph: the limit is 0.15 mm."""

SCALE_PX_PER_MM = (6.0, 13.0)
"""Scale on the digit to which photographs are made smaller: the limit is 10 px/mm."""

COVERED_MARKERS = (1, 6)
COVER_SHARE = (0.25, 1.2)
"""How many of the six are covered, and how much of each: three have to be free."""

COVER_COLOURS = ((196, 156, 138), (120, 84, 70), (238, 238, 236), (40, 70, 120), (30, 30, 32))
"""Skin, dressing, cloth and glove (sRGB)."""

COVER_EDGE_SD_PX = 1.2

ON_THE_DIGIT: tuple[Kind, ...] = ("as rendered", "fewer pixels")
"""Only of these is the digit measured too, for its scale: the network takes most of the time."""

SURROUNDINGS_MM = 12.0
"""What is spoilt with the card."""

CODES: NDArray[np.uint8] = np.rint(255 * encoded(np.linspace(0.0, 1.0, 1 << 16))).astype(np.uint8)
"""8-bit sRGB of evenly spaced light, fine enough for the darkest code."""

JPEG_QUALITY = 90

_NO_LIMIT: dict[str, Any] = {
    item.name: 1e9 if item.name.startswith("maximum") else -1e9
    for item in fields(GateLimits)
    if item.name != "minimum_markers"
}
ALWAYS = replace(GateLimits(), **_NO_LIMIT)
"""Limits that nothing fails, so that every criterion of every photograph is measured."""


@dataclass(frozen=True)
class LivePhotos:
    """Photographs by number, kept in a folder with the service's verdict.

    Parameters
    ----------
    folder : Path
        Where they are kept.
    truth : TruthPhotos
        The renderings that they are made from.
    """

    folder: Path
    truth: TruthPhotos

    def jpeg(self, number: int) -> Path:
        """The photograph's file, made when it is not there yet."""
        path = self.folder / f"{self.truth.seed}-{number}.jpg"
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            partial = path.with_suffix(f".{os.getpid()}.partial")
            partial.write_bytes(self._made(number))
            os.replace(partial, path)
        return path

    def verdict(self, number: int, segmenter: Segmenter) -> dict[str, Any]:
        """What the service measures of each criterion: values by code, markers found, the kind."""
        path = self.jpeg(number).with_suffix(".json")
        if not path.exists():
            photo = decode_photo(self.jpeg(number).read_bytes())
            found = told(photo, segmenter, kind_of(number))
            path.write_text(json.dumps(found | {"kind": kind_of(number)}), encoding="utf-8")
        verdict: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return verdict

    def _made(self, number: int) -> bytes:
        rendered = self.truth.photo(number)
        if kind_of(number) == "as rendered":
            return rendered.jpeg
        photo = decode_photo(rendered.jpeg)
        rng = default_rng([2, self.truth.seed, number])
        rgb = spoilt(photo, kind_of(number), rng, rendered.truth["scale_px_per_mm"])
        return encode_jpeg(rgb, quality=JPEG_QUALITY, header=Header(focal_35mm=photo.focal_35mm))


def kind_of(number: int) -> Kind:
    """How the photograph of that number is spoilt."""
    return KINDS[number % len(KINDS)]


def told(photo: Photo, segmenter: Segmenter, kind: Kind) -> dict[str, Any]:
    """Values by code as the gate measures them, whatever it would refuse; and the markers."""
    try:
        corners = find_markers(photo)
    except CardNotFound as finding:
        return _seen(photo, finding.marker_count, ())
    camera = estimate_camera(photo, corners)
    card = card_criteria(corners, camera, paper_light(photo, camera, corners.ids), ALWAYS)
    if kind not in ON_THE_DIGIT:
        return _seen(photo, len(corners.ids), card)
    return _seen(photo, len(corners.ids), measure_photo(photo, segmenter, limits=ALWAYS).quality)


def _seen(photo: Photo, markers: int, quality: tuple[Criterion, ...]) -> dict[str, Any]:
    values = {item.code: item.value for item in quality}
    return {"values": values, "markers": markers, "width_px": photo.width_px, "height_px": photo.height_px}


def spoilt(photo: Photo, kind: Kind, rng: Generator, scale_px_per_mm: float) -> NDArray[np.uint8]:
    """The pixels of a photograph after what `kind` names."""
    if kind == "out of focus":
        return _blurred(photo, float(rng.uniform(*ADDED_BLUR_MM)) * scale_px_per_mm)
    if kind == "fewer pixels":
        share = min(1.0, float(rng.uniform(*SCALE_PX_PER_MM)) / scale_px_per_mm)
        size = (round(photo.width_px * share), round(photo.height_px * share))
        return np.asarray(cv2.resize(photo.rgb, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return _covered(photo, rng)


def _blurred(photo: Photo, sd_px: float) -> NDArray[np.uint8]:
    """The card and what lies round it blurred, as a lens blurs: light, not code values."""
    low, high = _round_card(photo)
    rgb = photo.rgb.copy()
    light = cv2.GaussianBlur(SRGB_TO_LINEAR[rgb[low[1] : high[1], low[0] : high[0]]], (0, 0), sd_px)
    steps = np.rint(np.clip(light, 0.0, 1.0) * (len(CODES) - 1)).astype(np.intp)
    rgb[low[1] : high[1], low[0] : high[0]] = CODES[steps]
    return rgb


def _round_card(photo: Photo) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First and last pixel (x, y) of the card with its surroundings."""
    camera = estimate_camera(photo, find_markers(photo))
    margin, width, height = SURROUNDINGS_MM, DIGIT_CARD.width_mm, DIGIT_CARD.height_mm
    across, down = (-margin, width + margin), (-margin, height + margin)
    corners = camera.project(in_world(np.array([[x, y] for x in across for y in down])))
    size = [photo.width_px, photo.height_px]
    low = np.clip(np.floor(corners.min(axis=0)), 0, size).astype(np.intp)
    return low, np.clip(np.ceil(corners.max(axis=0)), 0, size).astype(np.intp)


def _covered(photo: Photo, rng: Generator) -> NDArray[np.uint8]:
    """Lay something over some of the markers."""
    camera = estimate_camera(photo, find_markers(photo))
    markers = list(DIGIT_CARD.marker_top_left_mm)
    count = int(rng.integers(COVERED_MARKERS[0], COVERED_MARKERS[1] + 1))
    cover = np.zeros(photo.rgb.shape[:2], np.uint8)
    for marker in rng.permutation(markers)[:count]:
        corners_mm = DIGIT_CARD.marker_corners_mm(int(marker))
        # From the marker's outer side inwards, reaching a little beyond it all round.
        outer = corners_mm[:, 0].mean() < DIGIT_CARD.width_mm / 2
        reach = float(rng.uniform(*COVER_SHARE)) * DIGIT_CARD.marker_side_mm
        left, right = corners_mm[:, 0].min() - 2, corners_mm[:, 0].max() + 2
        low, high = (
            (left, corners_mm[:, 0].min() + reach) if outer else (corners_mm[:, 0].max() - reach, right)
        )
        top, bottom = corners_mm[:, 1].min() - 1, corners_mm[:, 1].max() + 1
        strip = np.array([[low, top], [high, top], [high, bottom], [low, bottom]])
        cv2.fillPoly(cover, [np.rint(camera.project(in_world(strip))).astype(np.int32)], 255)
    share = cv2.GaussianBlur(cover, (0, 0), COVER_EDGE_SD_PX)[..., None] / 255.0
    colour = np.array(COVER_COLOURS[int(rng.integers(len(COVER_COLOURS)))])
    return np.asarray(np.rint(photo.rgb * (1 - share) + colour * share), dtype=np.uint8)
