"""Error of the area on photographs of phantoms whose true areas are known, beside three rivals.

Run: python benchmarks/area_truth.py [--pose tip] [--count 400] [--processes 2] [--plot PICTURE.png]

Distance 130–320 mm, tilt 0–40°, obliquity 0–50°, radius 5.5–11 mm, 1.5–60 mm², every place on the digit,
six skin tones, four tissues, uneven light, blur, noise, focal length stated up to 3 % wrong, card partly
covered; and, each from the belief that the uncertainty budget holds of it: the digit's rise or lean, its
gap to the table or height above the card, the card's print. The photographs are kept (about 2.5 MB each),
so that a second run only measures.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
from area_tables import draw, print_tables
from rich.console import Console
from rich.progress import track
from rivals import rival_areas
from truth_photos import TruthPhoto, TruthPhotos, share_in_reading
from truth_scenes import TWELVE_MEGAPIXELS

from app.measuring import PhotoReport, measure_photo
from app.platform.images import decode_photo
from calibration.phantom import Ranges
from calibration.pose import POSES, Pose
from models.registry import load_segmenter
from models.segmenter import Segmenter

SEED = 2026

Row = dict[str, Any]


def told(report: PhotoReport) -> Row:
    """What one measurement says, flat."""
    found: Row = {"status": report.status, "reasons": [reason.code for reason in report.reasons]}
    found["quality"] = {item.code: item.value for item in report.quality}
    if report.measurement is None or report.lesion is None:
        return found
    own = report.lesion.visit
    elsewhere = {"elsewhere_mm2": own.footprint.area_of(report.lesion.parts.elsewhere)}
    return (
        found
        | asdict(report.measurement)
        | elsewhere
        | {
            "area_mm2": own.area_mm2,
            "u_area_mm2": own.u_area_mm2,
        }
    )


def row_of(photo: TruthPhoto, segmenter: Segmenter, pose: Pose) -> Row:
    """Truth, measurement with the true outline, measurement end to end, rivals."""
    decoded = decode_photo(photo.jpeg)
    traced = measure_photo(decoded, segmenter, outline=photo.outline, pose=pose)
    network = measure_photo(decoded, segmenter, pose=pose)
    row = {"truth": photo.truth, "traced": told(traced), "network": told(network)}
    if traced.measurement is not None:
        row["rivals"] = rival_areas(decoded, photo.outline, traced.measurement)
    return row


@lru_cache(maxsize=1)
def _segmenter() -> Segmenter:
    cv2.setNumThreads(1)
    return load_segmenter(threads=1)


def _work(task: tuple[TruthPhotos, int]) -> Row:
    photos, number = task
    photo = photos.photo(number)
    seen = {"in_reading": share_in_reading(photos.scene(number), photo.outline)}
    whole = replace(photo, truth=photo.truth | seen)
    return {"number": number} | row_of(whole, _segmenter(), POSES[photos.pose])


def rows_of(photos: TruthPhotos, count: int, processes: int) -> Iterator[Row]:
    """Rows of the first `count` photographs, in order."""
    tasks = [(photos, number) for number in range(count)]
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(_work, tasks)


def _kept(rows: Iterator[Row], path: Path | None) -> Iterator[Row]:
    """The rows as they come; each is a line of the file at once, so that a long run can be looked into."""
    if path is None:
        yield from rows
        return
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            print(json.dumps(row), file=file, flush=True)
            yield row


def main() -> None:
    """Render what is missing, measure everything, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pose", choices=list(POSES), default="flat")
    parser.add_argument("--seed", type=int, default=SEED, help="of the photographs; another gives others")
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--photos", type=Path, default=Path("runs/area_truth"), help="where they are kept")
    parser.add_argument("--rows", type=Path, help="write a line of JSON for each photograph here")
    parser.add_argument("--plot", type=Path, help="draw the errors here")
    arguments = parser.parse_args()
    width, height = TWELVE_MEGAPIXELS
    ranges = Ranges(width_px=width, height_px=height)
    photos = TruthPhotos(arguments.photos, ranges, arguments.pose, arguments.seed)
    console = Console()
    measured = _kept(rows_of(photos, arguments.count, arguments.processes), arguments.rows)
    rows = list(
        track(measured, "Measuring", total=arguments.count, console=Console(stderr=True), transient=True)
    )
    print_tables(rows, console)
    if arguments.plot:
        draw(rows, arguments.plot)


if __name__ == "__main__":
    main()
