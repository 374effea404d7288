"""The rendered study on disk: whole, small, true to its manifest, and made again from its seeds."""

from __future__ import annotations

import hashlib
import io
import json
from collections import Counter
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageOps
from PIL.ExifTags import IFD, Base

from calibration.phantom import truth_of
from sample_images.render import take
from sample_images.scenes import photographs, refusals
from sample_images.study import STORIES, VISITS

FOLDER = Path(str(resources.files("sample_images")))
MANIFEST: dict[str, Any] = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
PHOTOS: list[dict[str, Any]] = MANIFEST["photos"]
EVERYTHING = PHOTOS + MANIFEST["refusals"]

LARGEST_STUDY_BYTES = 40_000_000
"""The repository carries the study; this is what the project allows."""

MEAN_DIFFERENCE = 1.0
"""Grey levels. Another build of the JPEG library, or another processor's rounding, changes single pixels."""

MASK_COUNT_TOLERANCE = 0.03
"""The outline's pixels count the area to about this at 12 px/mm, after scale and obliquity are taken out."""


def test_six_subjects_eight_ulcers_six_visits() -> None:
    assert len(PHOTOS) == 48
    assert {(p["site"]) for p in PHOTOS} == {"LYO", "LIL"}
    assert len({p["subject"] for p in PHOTOS}) == 6
    visits = Counter((p["subject"], p["ulcer"]) for p in PHOTOS)
    assert len(visits) == 8
    assert set(visits.values()) == {6}
    assert {p["visit"] for p in PHOTOS} == set(VISITS)


def test_files_are_as_the_manifest_says_and_small_enough() -> None:
    total = 0
    for entry in EVERYTHING:
        photo, outline = ((FOLDER / entry[name]).read_bytes() for name in ("file", "outline"))
        assert hashlib.sha256(photo).hexdigest() == entry["sha256"]
        assert hashlib.sha256(outline).hexdigest() == entry["outline_sha256"]
        assert len(photo) == entry["size_bytes"]
        total += len(photo) + len(outline)
    assert total < LARGEST_STUDY_BYTES
    on_disk = {path.name for path in FOLDER.iterdir() if path.suffix in {".jpg", ".png"}}
    assert on_disk == {entry[name] for entry in EVERYTHING for name in ("file", "outline")}


def test_file_names_mean_nothing() -> None:
    for entry in EVERYTHING:
        stem = entry["file"].removesuffix(".jpg")
        assert len(stem) == 32
        assert int(stem, 16) >= 0
        assert entry["outline"] == f"{stem}.outline.png"


def test_outlines_fit_the_upright_photos_and_the_true_areas() -> None:
    for entry in PHOTOS:
        with Image.open(FOLDER / entry["file"]) as photo, Image.open(FOLDER / entry["outline"]) as outline:
            upright = ImageOps.exif_transpose(photo)
            assert upright.size == outline.size == (entry["camera"]["width_px"], entry["camera"]["height_px"])
            assert outline.mode == "1"
            pixels = int(np.asarray(outline).sum())
        if entry["true_area_mm2"] == 0:
            assert pixels == 0
            continue
        flat = entry["scale_px_per_mm"] ** 2 * np.cos(np.radians(entry["obliquity_deg"]))
        assert 0.8 < pixels / flat / entry["true_area_mm2"] < 1.15


def test_the_photos_keep_to_careful_practice() -> None:
    for entry in PHOTOS:
        assert 150 <= entry["distance_mm"] <= 260
        assert entry["tilt_deg"] <= 22
        assert entry["obliquity_deg"] <= 25
        assert entry["scale_px_per_mm"] >= 10
    assert np.median([entry["scale_px_per_mm"] for entry in PHOTOS]) >= 12


def test_the_stories_hold_healing_stalling_growing_and_new_ulceration() -> None:
    series = {
        (story.subject, story.ulcer): [
            entry for entry in PHOTOS if (entry["subject"], entry["ulcer"]) == (story.subject, story.ulcer)
        ]
        for story in STORIES
    }
    baselines = [entries[0]["true_area_mm2"] for entries in series.values()]
    assert min(baselines) >= 3
    assert max(baselines) <= 40
    assert 10 <= np.mean(baselines) <= 14
    ends = {key: entries[-1]["true_area_mm2"] for key, entries in series.items()}
    assert sum(area == 0 for area in ends.values()) >= 3
    assert any(entries[-1]["true_area_mm2"] > entries[0]["true_area_mm2"] for entries in series.values())
    assert any(entry["new_ulceration_mm2"] > 0 for entry in PHOTOS)
    for story, entries in zip(STORIES, series.values(), strict=True):
        for entry, area in zip(entries, story.areas_mm2, strict=True):
            assert entry["footprint_area_mm2"] == pytest.approx(area, rel=5e-3)


def test_refusable_photos_break_the_rule_they_name() -> None:
    reasons = {entry["reason"]: entry for entry in MANIFEST["refusals"]}
    assert reasons["tilt"]["tilt_deg"] > 30
    assert reasons["focus"]["sensor"]["blur_px"] > 3
    assert [reason for reason, _ in refusals()] == list(reasons)


def test_headers_hold_what_phones_write() -> None:
    """The study must be able to unblind a reader, or no test could show that it does not."""
    kinds = set()
    for entry in PHOTOS:
        with Image.open(FOLDER / entry["file"]) as photo:
            exif = photo.getexif()
            kinds.add((exif[Base.Orientation], bool(exif.get_ifd(IFD.GPSInfo))))
            assert (
                abs(exif.get_ifd(IFD.Exif)[Base.FocalLengthIn35mmFilm] - entry["camera"]["focal_35mm"]) <= 0.5
            )
            assert exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal].startswith("2025:")
    assert kinds == {(1, False), (6, True)}


def test_the_manifest_tells_the_scenes_truth() -> None:
    for entry, photograph in zip(PHOTOS[::7], photographs()[::7], strict=True):
        truth = truth_of(photograph.scene)
        assert entry["file"] == f"{photograph.name}.jpg"
        assert entry["true_area_mm2"] == pytest.approx(sum(truth.area_mm2), abs=1e-3)
        assert entry["camera"]["focal_px"] == pytest.approx(truth.focal_px, abs=1e-3)


def test_a_photo_is_made_again_from_its_seed() -> None:
    entry, photograph = PHOTOS[3], photographs()[3]
    file, outline, _ = take(photograph)
    again = np.asarray(Image.open(io.BytesIO(file)), np.int16)
    kept = np.asarray(Image.open(FOLDER / entry["file"]), np.int16)
    assert np.abs(again - kept).mean() < MEAN_DIFFERENCE
    new, old = np.asarray(Image.open(io.BytesIO(outline))), np.asarray(Image.open(FOLDER / entry["outline"]))
    assert (new != old).sum() <= 3
