"""Error of the card's corners, of the scale and of areas on re-photographed prints whose camera is known.

Run: python benchmarks/detector_truth.py [--views 4] [--negatives FOLDER]

Each card is printed, photographed at 10 to 16 px/mm (a 12-megapixel phone at 190 to 300 mm, cropped to the
card) under a random pose, and degraded in one way at a time, from hardly to badly. Pictures without a card
are looked at when a folder of them is given.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from time import process_time

import cv2
import numpy as np
from detector_levels import Level, levels
from numpy.random import default_rng
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from calibration.camera import Camera, estimate_camera
from calibration.digit_card import DIGIT_CARD
from calibration.find_card import CardNotFound, MarkerCorners, find_markers
from calibration.phantom import Camera as PhantomCamera
from calibration.phantom.recapture import Exposure, expose
from calibration.phantom.sheet import Sheet
from calibration.photo import Photo

FloatArray = NDArray[np.float64]

SEED = 2026
PHONE_FOCAL_35MM, PHONE_DIAGONAL_PX = 26.0, 5000.0
"""A 12-megapixel phone (4000 × 3000)."""

CROP_PX = (1600, 1200)
DIGIT_HEIGHT_MM = 14.0
"""Where an ulcer on top of a digit lies over the card: areas are compared there."""

WRONG_PX = 12.0
"""A marker none of whose corners lies within a module's width of its own place was read as another."""

MIDDLE_MM = np.array([DIGIT_CARD.width_mm / 2, DIGIT_CARD.height_mm / 2])


@dataclass(frozen=True)
class Finding:
    """What one photograph gave; errors in pixels and percent, None where no card was found."""

    refused: str | None
    ids: tuple[int, ...] = ()
    wrong_ids: int = 0
    corner_errors_px: FloatArray | None = None
    scale_percent: float = 0.0
    height_percent: float = 0.0
    area_percent: float = 0.0
    residual_px: float = 0.0
    bend_mm: float = 0.0
    seconds: float = 0.0


def view_of(number: int) -> PhantomCamera:
    """A random camera that sees the whole card."""
    rng = default_rng([SEED, number])
    return PhantomCamera(
        *CROP_PX,
        focal_35mm=PHONE_FOCAL_35MM * PHONE_DIAGONAL_PX / float(np.hypot(*CROP_PX)),
        distance_mm=float(rng.uniform(190, 300)),
        tilt_deg=float(rng.uniform(0, 25)),
        azimuth_deg=float(rng.uniform(0, 360)),
        roll_deg=float(rng.normal(0, 6)),
        aim_x_mm=MIDDLE_MM[0] + float(rng.normal(0, 2)),
        aim_y_mm=MIDDLE_MM[1] + float(rng.normal(0, 2)),
        k1=float(rng.uniform(-0.03, 0.03)),
    )


@lru_cache(maxsize=2)
def _exposed(sheet: Sheet, camera: PhantomCamera) -> Exposure:
    return expose(sheet, camera)


def found(level: Level, number: int) -> Finding:
    """Photograph a level in one view, and look for the card."""
    camera = view_of(number)
    rgb = level.recapture.photograph(_exposed(level.sheet, camera), default_rng([SEED, number, 1]))
    photo = Photo(rgb, camera.focal_35mm)
    start = process_time()
    try:
        corners = find_markers(photo)
    except CardNotFound as finding:
        return Finding(finding.code)
    seconds = process_time() - start
    seen = estimate_camera(photo, corners)
    errors_px = np.linalg.norm(_errors_px(level.sheet, camera, corners), axis=1)
    scale, area = (_area_percent(camera, seen, height) for height in (0.0, DIGIT_HEIGHT_MM))
    return Finding(
        refused=None,
        ids=corners.ids,
        wrong_ids=int((errors_px.reshape(-1, 4).min(axis=1) > WRONG_PX).sum()),
        corner_errors_px=errors_px,
        scale_percent=scale / 2,
        height_percent=100 * (-seen.centre_mm[2] / camera.position[2] - 1),
        area_percent=area,
        residual_px=seen.residual_rms_px,
        bend_mm=seen.card_bend_mm,
        seconds=seconds,
    )


def _errors_px(sheet: Sheet, camera: PhantomCamera, corners: MarkerCorners) -> FloatArray:
    """Seen less true corners: where the camera, held still, sees the points that `corners_mm` names."""
    return np.asarray(corners.corners_px - camera.project(sheet.points(corners.corners_mm)))


def _area_percent(camera: PhantomCamera, seen: Camera, height_mm: float) -> float:
    """Error of a small area in the card's middle at a height, as the estimated camera measures it."""
    points = np.array([[0.0, 0], [1, 0], [0, 1]]) + MIDDLE_MM
    true_px = camera.project(np.column_stack([points, np.full(3, height_mm)]))
    own_px = seen.project(np.column_stack([points, np.full(3, -height_mm)]))
    true, own = (abs(float(np.linalg.det(px[1:] - px[0]))) for px in (true_px, own_px))
    return 100 * (true / own - 1)


def false_cards(folder: Path) -> tuple[int, int, int]:
    """Pictures looked at, pictures taken for a card, and single markers seen in them."""
    pictures = [path for path in sorted(folder.rglob("*")) if path.suffix in {".jpg", ".jpeg", ".png"}]
    looked = cards = markers = 0
    for path in pictures:
        picture = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)
        if picture is None or path.parent.name == "masks":
            continue
        looked += 1
        try:
            find_markers(Photo(np.asarray(picture, np.uint8)))
            cards += 1
        except CardNotFound as finding:
            markers += finding.marker_count
    return looked, cards, markers


def row_of(level: Level, findings: list[Finding]) -> tuple[str, ...]:
    """One line of the table."""
    seen = [finding for finding in findings if finding.corner_errors_px is not None]
    share = f"{len(seen)} / {len(findings)}"
    if not seen:
        return (level.degradation, level.strength, share, *["–"] * 10)
    corners = np.concatenate([f.corner_errors_px for f in seen if f.corner_errors_px is not None])
    return (
        level.degradation,
        level.strength,
        share,
        f"{np.mean([len(finding.ids) for finding in seen]):.1f}",
        f"{sum(finding.wrong_ids for finding in seen)}",
        f"{corners.mean():.3f}",
        f"{corners.std():.3f}",
        f"{np.percentile(corners, 95):.3f}",
        f"{corners.max():.2f}",
        *(
            _signed([getattr(f, name) for f in seen])
            for name in ("scale_percent", "height_percent", "area_percent")
        ),
        f"{np.mean([finding.residual_px for finding in seen]):.2f}",
        f"{np.mean([finding.bend_mm for finding in seen]):.2f}",
    )


def _signed(values: list[float]) -> str:
    return f"{np.mean(values):+.2f} ± {np.std(values):.2f}"


def main() -> None:
    """Photograph, find, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--views", type=int, default=4)
    parser.add_argument("--negatives", type=Path, help="a folder of pictures without a card")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    console = Console(width=210)
    every = list(levels())
    findings: dict[int, list[Finding]] = {index: [] for index in range(len(every))}
    for number in range(arguments.views):
        for index, level in enumerate(every):
            findings[index].append(found(level, number))
    table = Table(
        *(
            "degradation",
            "level",
            "card found",
            "markers",
            "wrong ids",
            "corner error px: mean",
            "SD",
            "95 %",
            "max",
        ),
        *("scale %", "camera height %", "area at 14 mm %", "residual px", "bend mm"),
        title="Cards printed and photographed again",
    )
    for index, level in enumerate(every):
        table.add_row(*row_of(level, findings[index]))
    console.print(table)
    seconds = [f.seconds for group in findings.values() for f in group if f.seconds]
    own_ms = 1000 * float(np.median(seconds))
    console.print(f"find_markers: {own_ms:.0f} ms of one core (median)", highlight=False)
    if arguments.negatives:
        looked, cards, markers = false_cards(arguments.negatives)
        console.print(f"{looked} pictures without a card: {cards} cards, {markers} markers", highlight=False)


if __name__ == "__main__":
    main()
