"""The tablet's guidance where a fingertip is to stand up through the slot: agreement with the service's gate.

Run: python benchmarks/tip_guidance.py [--count 40] [--photos runs/area_truth]

Renderings of standing tips, and of lying fingers that the gate refuses in this pose, are judged by the
service's gate and, in headless Chromium, by the tablet: as a frame of the video and as the photograph itself.
Constants of the tablet's were set on other renderings (`--seed 11`).
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from live_guidance import GATE, SEED, WAYS, Compared, Way, page_with, write_frame
from live_photos import ALWAYS
from playwright.sync_api import Page
from rich.console import Console
from rich.progress import track
from rich.table import Table
from truth_photos import TruthPhotos
from truth_scenes import TWELVE_MEGAPIXELS

from app.measuring import measure_photo
from app.platform.images import decode_photo
from calibration.phantom import Ranges
from calibration.pose import TIP, PoseName
from models.registry import load_segmenter
from models.segmenter import Segmenter
from tests.browser.live_page.serving import build_page

CRITERIA = (
    Compared("distance", "tip_distance_mm", GATE.minimum_tip_distance_mm, least=True),
    Compared("resolution", "scale_px_per_mm", GATE.minimum_scale_px_per_mm, least=True),
    Compared("tilt", "tilt_deg", GATE.maximum_tilt_deg, least=False),
    Compared("focus", "blur_mm", GATE.maximum_blur_mm, least=False),
    Compared("exposure", "clipped_percent", GATE.maximum_clipped_percent, least=False),
    Compared("darkness", "dark_percent", GATE.maximum_dark_percent, least=False),
)

FINDINGS = ("pose_mismatch", "tip_not_found")

Values = dict[str, float | None]


def service_values(jpeg: bytes, segmenter: Segmenter) -> Values:
    """Every criterion of the service's gate in this pose, whatever it would refuse."""
    quality = measure_photo(decode_photo(jpeg), segmenter, limits=ALWAYS, pose=TIP).quality
    return {item.code: item.value for item in quality}


def tablet_values(page: Page, jpeg: bytes, folder: Path) -> dict[Way, Values]:
    """The same as the tablet judges the photograph, and the video's frame that shows it."""
    (folder / "still.jpg").write_bytes(jpeg)
    longer_px = write_frame(folder / "still.jpg", folder / "frame.jpg")
    told = [asdict(GATE)]
    still = page.evaluate("told => window.judgeAt(...told)", ["/photos/still.jpg", *told, "tip"])
    seen = page.evaluate("told => window.frameAt(...told)", ["/photos/frame.jpg", *told, longer_px, "tip"])
    judged: dict[Way, Any] = {"still": still["criteria"], "frame": seen["criteria"]}
    return {way: {item["code"]: item["value"] for item in judged[way]} for way in WAYS}


def rows_of(photos: list[TruthPhotos], count: int, dist: Path, folder: Path) -> list[dict[str, Any]]:
    """Both verdicts on the first `count` photographs of each kind; without card nothing is compared."""
    segmenter, rows = load_segmenter(), []
    numbers = [(kind, number) for kind in photos for number in range(count)]
    with page_with(dist, folder) as page:
        for kind, number in track(numbers, "Judging", console=Console(stderr=True), transient=True):
            jpeg = kind.photo(number).jpeg
            service = service_values(jpeg, segmenter)
            if "tilt_deg" in service:
                ours = tablet_values(page, jpeg, folder)
                rows.append({"name": f"{kind.pose} {number}", "service": service} | ours)
    return rows


def finding(values: Values) -> str:
    """Whether a tip stands, as the first code that says no."""
    return next((code for code in FINDINGS if code in values), "stands")


def print_agreement(rows: list[dict[str, Any]], way: Way, console: Console) -> None:
    """One line to a criterion; below, the photographs on which the two disagree."""
    table = Table(title=f"Agreement with the service's gate, tip standing: {way}")
    for head in ("criterion", "photos", "met / not met", "agree"):
        table.add_column(head, justify="right")
    wrong = []
    judged = [row for row in rows if "tilt_deg" in row[way]]
    for criterion in CRITERIA:
        pairs = [
            (row["name"], theirs, ours)
            for row in judged
            if (theirs := row["service"].get(criterion.code)) is not None
            and (ours := row[way].get(criterion.code)) is not None
        ]
        off = [pair for pair in pairs if criterion.met(pair[1]) != criterion.met(pair[2])]
        met = sum(criterion.met(theirs) for _, theirs, _ in pairs)
        share = f"{100 * (1 - len(off) / max(1, len(pairs))):.1f} %"
        table.add_row(criterion.name, str(len(pairs)), f"{met} / {len(pairs) - met}", share)
        wrong += [f"{criterion.name}: {name}, service {a:.4g}, tablet {b:.4g}" for name, a, b in off]
    found = [(row["name"], finding(row["service"]), finding(row[way])) for row in judged]
    differ = [one for one in found if one[1] != one[2]]
    stands = sum(theirs == "stands" for _, theirs, _ in found)
    share = f"{100 * (1 - len(differ) / len(found)):.1f} %"
    table.add_row("a tip stands", str(len(found)), f"{stands} / {len(found) - stands}", share)
    console.print(table)
    for line in (*wrong, *(f"{name}: service {theirs}, tablet {ours}" for name, theirs, ours in differ)):
        console.print(f"  {line}")


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=40, help="of each: standing tips, lying fingers")
    parser.add_argument("--seed", type=int, default=SEED, help="of the photographs; another gives others")
    parser.add_argument("--photos", type=Path, default=Path("runs/area_truth"), help="where renderings lie")
    parser.add_argument("--rows", type=Path, help="write a line of JSON for each photograph here")
    arguments = parser.parse_args()
    width, height = TWELVE_MEGAPIXELS
    ranges = Ranges(width_px=width, height_px=height)
    poses: tuple[PoseName, ...] = ("tip", "flat")
    photos = [TruthPhotos(arguments.photos, ranges, pose, arguments.seed) for pose in poses]
    with tempfile.TemporaryDirectory() as dist, tempfile.TemporaryDirectory() as folder:
        build_page(Path(dist))
        rows = rows_of(photos, arguments.count, Path(dist), Path(folder))
    for way in WAYS:
        print_agreement(rows, way, Console())
    if arguments.rows:
        arguments.rows.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    main()
