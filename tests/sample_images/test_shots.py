"""The demo's phantom shots on disk: as their manifest says, small, and made again from their seeds."""

from __future__ import annotations

import hashlib
import io
import json
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from sample_images.shots import SITES, WEEKS, shots, take

FOLDER = Path(str(resources.files("sample_images"))) / "shots"
ENTRIES: list[dict[str, Any]] = json.loads((FOLDER / "shots.json").read_text(encoding="utf-8"))

LARGEST_BYTES = 2_500_000
MEAN_DIFFERENCE = 1.0
"""Grey levels. Another build of the JPEG library, or another processor's rounding, changes single pixels."""


def test_files_are_as_the_manifest_says_and_small() -> None:
    assert {(entry["site"], entry["weeks_ago"]) for entry in ENTRIES} == {
        (site, week + 1) for site in SITES for week in range(WEEKS)
    }
    for entry in ENTRIES:
        assert hashlib.sha256((FOLDER / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
    on_disk = list(FOLDER.glob("*.jpg"))
    assert {path.name for path in on_disk} == {entry["file"] for entry in ENTRIES}
    assert sum(path.stat().st_size for path in on_disk) < LARGEST_BYTES


def test_a_shot_is_made_again_from_its_seed() -> None:
    shot = next(shot for shot in shots() if shot.site == "LIL" and shot.week == WEEKS - 1)
    again = np.asarray(Image.open(io.BytesIO(take(shot))), np.int16)
    kept = np.asarray(Image.open(FOLDER / f"{shot.name}.jpg"), np.int16)
    assert np.abs(again - kept).mean() < MEAN_DIFFERENCE
