"""What dents, crusts, bent and neighbouring fingers, long nails and contracted digits do to an area.

Run: python benchmarks/surface_truth.py [--count 12] [--hazards relief nail] [--skin true network]

Each scene is measured with the true outline of its ulcer, the digit's skin as the renderer knows it (`true`)
or as the network sees it (`network`). The same number is the same scene without the hazard, in the first row.
The photographs are kept, so that a second run only measures.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import cv2
import numpy as np
from numpy.typing import NDArray
from rich import box
from rich.console import Console
from rich.progress import track
from rich.table import Table
from surface_scenes import Hazard, HazardPhoto, HazardPhotos

from app.measuring import measure_photo
from calibration.camera import estimate_camera
from calibration.capture_gate import GateLimits
from calibration.find_card import CardNotFound, find_markers
from calibration.phantom import Ranges
from calibration.pose import FLAT, Pose, inclined_pose
from calibration.rectify import rectify_mask
from calibration.uncertainty import COVERAGE_FACTOR
from models.registry import load_segmenter
from models.segmenter import Segmentation, Segmenter
from models.weights_info import WeightsInfo

LEVELS: dict[Hazard, tuple[float, ...]] = {
    "none": (0.0,),
    "relief": (-0.8, 0.8),
    "neighbour": (0.0, 1.5),
    "nail": (3.0,),
    "bent": (10.0,),
    "inclined": (10.0, 20.0, 30.0),
}
"""mm of height, gap and length; degrees of bend and rise."""

LIMITS = GateLimits(minimum_scale_px_per_mm=6.0)
"""Small pictures, so that they render quickly; the gate's other limits hold."""

Row = dict[str, Any]


@dataclass(frozen=True)
class TrueSkin:
    """A segmenter that sees the skin as it is, on one photograph."""

    weights: WeightsInfo
    seen: Segmentation

    def segment(self, rgb: NDArray[np.uint8]) -> Segmentation:
        """What was seen, whatever the colours."""
        return self.seen


def seeing(photo: HazardPhoto, network: Segmenter) -> Segmenter:
    """The segmenter that knows this photograph's masks."""
    try:
        camera = estimate_camera(photo.photo, find_markers(photo.photo))
    except CardNotFound:
        return network
    ulcer, skin = (rectify_mask(mask, camera) for mask in (photo.ulcer, photo.skin))
    return TrueSkin(network.weights, Segmentation(ulcer=ulcer, skin=skin))


def row_of(photo: HazardPhoto, segmenter: Segmenter, pose: Pose) -> Row:
    """Error, stated uncertainty and kind of surface of one photograph."""
    report = measure_photo(photo.photo, segmenter, outline=photo.ulcer, limits=LIMITS, pose=pose)
    if report.measurement is None:
        return {"reasons": [reason.code for reason in report.reasons]}
    found, true_mm2 = report.measurement, photo.truth["area_mm2"]
    return {
        "surface": found.surface,
        "error_percent": 100 * (found.area_mm2 / true_mm2 - 1),
        "u_percent": 100 * found.u_area_mm2 / true_mm2,
    }


def poses_of(hazard: Hazard, level: float) -> dict[str, Pose]:
    """How the digit is said to lie: level, and for a digit that rises also as it does."""
    return {"": FLAT} | ({"stated": inclined_pose(level)} if hazard == "inclined" else {})


def add_row(table: Table, name: str, rows: list[Row]) -> None:
    """Bias, SD and coverage of what was measured, and what became of the rest."""
    measured = [row for row in rows if "surface" in row]
    error = np.array([row["error_percent"] for row in measured])
    allowed = np.array([COVERAGE_FACTOR * row["u_percent"] for row in measured])
    refused = sorted({code for row in rows if "reasons" in row for code in row["reasons"]})
    kinds = [sum(row["surface"] == kind for row in measured) for kind in ("distal", "plane")]
    figures = ["–"] * 5
    if len(measured) > 1:
        values = (error.mean(), error.std(ddof=1), np.abs(error).max(), np.mean(allowed) / COVERAGE_FACTOR)
        figures = [f"{value:.1f}" for value in values] + [f"{100 * np.mean(np.abs(error) <= allowed):.0f}"]
    lost = f"{len(rows) - len(measured)} {', '.join(refused)}".strip()
    table.add_row(name, str(len(rows)), *figures, *(str(kind) for kind in kinds), lost)


def main() -> None:
    """Render what is missing, measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--hazards", nargs="*", choices=get_args(Hazard), default=list(get_args(Hazard)))
    parser.add_argument("--skin", nargs="*", choices=("true", "network"), default=["true", "network"])
    parser.add_argument("--width", type=int, default=1600, help="of the photographs, in pixels")
    parser.add_argument("--photos", type=Path, default=Path("runs/surface_truth"), help="where they are kept")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    photos = HazardPhotos(arguments.photos, _ranges(arguments.width))
    network = load_segmenter(threads=1)
    table = Table(box=box.SIMPLE_HEAD)
    for heading in (
        "hazard",
        "n",
        "bias %",
        "SD %",
        "max %",
        "u %",
        "coverage %",
        "distal",
        "plane",
        "refused",
    ):
        table.add_column(heading, justify="left" if heading in ("hazard", "refused") else "right")
    cases = [(hazard, level) for hazard in arguments.hazards for level in LEVELS[hazard]]
    for hazard, level in track(cases, "Measuring", console=Console(stderr=True), transient=True):
        seen = [photos.photo(hazard, level, number) for number in range(arguments.count)]
        for skin in arguments.skin:
            for how, pose in poses_of(hazard, level).items():
                rows = [
                    row_of(photo, seeing(photo, network) if skin == "true" else network, pose)
                    for photo in seen
                ]
                add_row(table, f"{hazard} {level:g} {how} ({skin} skin)", rows)
    Console(width=140).print(table)


def _ranges(width_px: int) -> Ranges:
    """Close, inside the gate, nothing on the card but the digit."""
    return Ranges(
        width_px=width_px,
        height_px=width_px * 3 // 4,
        distance_mm=(130.0, 160.0),
        tilt_deg=(0.0, 20.0),
        obliquity_deg=(0.0, 28.0),
        area_mm2=(5.0, 40.0),
        cover=0.0,
        hand=0.0,
        blur_px=(0.5, 1.2),
    )


if __name__ == "__main__":
    main()
