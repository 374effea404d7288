"""The demo's phantom shots: `python -m sample_images.shots [--out DIR]`.

Two sites photograph the reference slip every week. Lyon stays as it was; Lille prints its card anew at 98 %
in the ninth week and goes on with the old slip, and one of its photographs is taken askew.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import cv2
from numpy.random import default_rng

from calibration.phantom import Camera, Header, encode_jpeg
from calibration.phantom.recapture import Recapture, expose
from calibration.phantom.sheet import Sheet, SlipPlace

SEED = 2026
MANIFEST = "shots.json"
WEEKS = 12
SITES = ("LYO", "LIL")

NEW_CARD_WEEK, NEW_CARD_SCALE = 9, 0.98
"""From this week on Lille's card is a print that came out too small: a millimetre of it is 0.98 mm."""

ASKEW_WEEK, ASKEW_DEG = 4, 38.0
"""Lille's shot that the gate refuses: tilted beyond 30°."""

FOCAL_35MM = 52.0
"""A phone's second lens: 1600 × 1200 pixels then hold the card at 11 px/mm from 200 mm, in small files."""

JPEG_QUALITY = 72


@dataclass(frozen=True)
class Shot:
    """One photograph of the slip in its card: site, week, camera and print."""

    site: str
    week: int
    camera: Camera
    sheet: Sheet

    @property
    def name(self) -> str:
        """A file name that means nothing."""
        return hashlib.sha256(f"shot {SEED} {self.site} {self.week}".encode()).hexdigest()[:32]


def shots() -> Iterator[Shot]:
    """Every shot, week by week."""
    for week in range(WEEKS):
        for number, site in enumerate(SITES):
            rng = default_rng([SEED, number, week])
            askew = (site, week) == ("LIL", ASKEW_WEEK)
            camera = Camera(
                1600,
                1200,
                focal_35mm=FOCAL_35MM,
                distance_mm=float(rng.uniform(196, 212)),
                tilt_deg=ASKEW_DEG if askew else float(rng.uniform(0, 12)),
                azimuth_deg=float(rng.uniform(0, 360)),
                roll_deg=float(rng.normal(0, 4)),
            )
            reprinted = site == "LIL" and week >= NEW_CARD_WEEK
            place = SlipPlace(
                right_mm=float(rng.uniform(-0.4, 0.4)),
                down_mm=float(rng.uniform(0, 0.8)),
                turn_deg=float(rng.uniform(-0.8, 0.8)),
                print_scale=1 / NEW_CARD_SCALE if reprinted else 1.0,
            )
            gain_mm = 0.03 if reprinted or site == "LYO" else 0.05
            yield Shot(site, week, camera, Sheet(dot_gain_mm=gain_mm, slip=place))


def take(shot: Shot) -> bytes:
    """The JPEG file."""
    cv2.setNumThreads(1)
    rng = default_rng([SEED, SITES.index(shot.site), shot.week, 1])
    rgb = Recapture(jpeg_quality=95).photograph(expose(shot.sheet, shot.camera), rng)
    return encode_jpeg(rgb, JPEG_QUALITY, Header(focal_35mm=FOCAL_35MM))


def write_shots(folder: Path) -> None:
    """Render everything into a folder, replacing earlier shots there."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.jpg"):
        old.unlink()
    entries: list[dict[str, Any]] = []
    for shot in shots():
        content = take(shot)
        (folder / f"{shot.name}.jpg").write_bytes(content)
        facts = {"file": f"{shot.name}.jpg", "site": shot.site, "weeks_ago": WEEKS - shot.week}
        slip = shot.sheet.slip
        scale = slip.print_scale if slip is not None else 1.0
        facts |= {"print_scale": round(scale, 4), "tilt_deg": round(shot.camera.tilt_deg, 2)}
        entries.append(facts | {"sha256": hashlib.sha256(content).hexdigest()})
    (folder / MANIFEST).write_text(json.dumps(entries, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__)
    here = Path(str(resources.files("sample_images"))) / "shots"
    parser.add_argument("--out", type=Path, default=here, help="folder for photographs and manifest")
    write_shots(parser.parse_args().out)


if __name__ == "__main__":
    main()
