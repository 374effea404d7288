"""The tablet's guidance: frames a second, and agreement with the service's gate.

Run: python benchmarks/live_guidance.py [--count 240] [--photos runs/area_truth] [--kept runs/live_guidance]

Photographs as `area_truth` renders them, a part of them spoilt (`live_photos`), are judged by the service's
gate and, in headless Chromium, by the tablet: as a frame of the video (1920 px, without a header, the card
looked for at 640 px) and as the photograph itself. Constants of the tablet's were set on other photographs
(`--seed 7`).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
from live_photos import KINDS, LivePhotos
from playwright.sync_api import Page, sync_playwright
from rich.console import Console
from rich.progress import track
from rich.table import Table
from truth_photos import TruthPhotos
from truth_scenes import TWELVE_MEGAPIXELS

from calibration.capture_gate import GateLimits
from calibration.gate_sentences import SENTENCES
from calibration.phantom import Ranges
from models.registry import load_segmenter
from tests.browser.live_page.film import write_film
from tests.browser.live_page.serving import CAMERA_FLAGS, COUNT_ANSWERS, build_page, serving

SEED = 2026
GATE = GateLimits()

FRAME_PX = 1920
"""Longer side of the video's frames that the page asks a camera for."""

FRAME_QUALITY = 92

NEAR_SHARE = 0.05
"""A value this close to its limit, by the limit, lies near it."""

WARM_UP_S, COUNTED_S = 4.0, 15.0

FILMS_PX = ((640, 480), (1920, 1440))

Way = Literal["frame", "still"]
WAYS: tuple[Way, ...] = ("frame", "still")


@dataclass(frozen=True)
class Compared:
    """A criterion as the service and the tablet judge it; `limit` from `GATE`."""

    name: str
    code: str
    limit: float
    least: bool

    def met(self, value: float) -> bool:
        """Whether a value meets the limit."""
        return value >= self.limit if self.least else value <= self.limit


CRITERIA = (
    Compared("markers", "too_few_markers", GATE.minimum_markers, least=True),
    Compared("tilt", "tilt_deg", GATE.maximum_tilt_deg, least=False),
    Compared("resolution", "scale_px_per_mm", GATE.minimum_scale_px_per_mm, least=True),
    Compared("focus", "blur_mm", GATE.maximum_blur_mm, least=False),
)


def service_value(verdict: dict[str, Any], criterion: Compared) -> float | None:
    """What the service measured; None where it could not."""
    if criterion.name == "markers":
        return float(verdict["markers"])
    value: float | None = verdict["values"].get(criterion.code)
    return value


def tablet_value(judged: list[dict[str, Any]], criterion: Compared) -> float | None:
    """What the tablet measured; None where it could not."""
    found = {item["code"]: item["value"] for item in judged}
    if criterion.name == "markers" and criterion.code not in found:
        return 0.0
    value: float | None = found.get(criterion.code)
    return value


@contextmanager
def page_with(dist: Path, photos: Path, *flags: str) -> Iterator[Page]:
    """The live camera's page in headless Chromium."""
    chromium = shutil.which("chromium") or "/usr/bin/chromium"
    with serving(dist, photos) as address, sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", *flags]
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        page = browser.new_page(viewport={"width": 1180, "height": 820})
        page.add_init_script(COUNT_ANSWERS)
        page.goto(address)
        yield page
        browser.close()


def judged(page: Page, photo: Path, frames: Path, longer_px: int) -> dict[str, Any]:
    """The tablet's verdicts on one photograph, by way; `ms` of the still's."""
    gate = asdict(GATE)
    frame = _frame(photo, frames)
    seen = page.evaluate("told => window.frameAt(...told)", [f"/photos/{frame.name}", gate, longer_px])
    still = page.evaluate("told => window.judgeAt(...told)", [f"/photos/{photo.name}", gate])
    return {"frame": seen["criteria"], "still": still["criteria"], "ms": still["ms"]}


def _frame(photo: Path, frames: Path) -> Path:
    """The photograph as a video's frame shows it, beside it for the server to find."""
    path = frames / f"frame-{photo.name}"
    if not path.exists():
        write_frame(photo, path)
    return path


def write_frame(photo: Path, frame: Path) -> int:
    """A photograph as a video's frame shows it; returns the photograph's longer side, px."""
    picture = cv2.imread(str(photo))
    if picture is None:
        raise FileNotFoundError(photo)
    longer_px = int(max(picture.shape[:2]))
    share = min(1.0, FRAME_PX / longer_px)
    small = cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(frame), small, [cv2.IMWRITE_JPEG_QUALITY, FRAME_QUALITY])
    return longer_px


def rows_of(photos: LivePhotos, count: int, dist: Path) -> list[dict[str, Any]]:
    """Both verdicts on the first `count` photographs."""
    segmenter = load_segmenter()
    rows = []
    with page_with(dist, photos.folder) as page:
        for number in track(range(count), "Judging", console=Console(stderr=True), transient=True):
            verdict = photos.verdict(number, segmenter)
            longer_px = max(verdict["width_px"], verdict["height_px"])
            ours = judged(page, photos.jpeg(number), photos.folder, longer_px)
            rows.append({"number": number, "service": verdict} | ours)
    return rows


def print_agreement(rows: list[dict[str, Any]], way: Way, console: Console) -> None:
    """One line to a criterion; below, the photographs on which the two disagree."""
    table = Table(title=f"Agreement with the service's gate: {way}")
    for head in (
        "criterion",
        "photos",
        "met / not met",
        "agree",
        "wrong near the limit",
        "wrong far from it",
    ):
        table.add_column(head, justify="right")
    wrong = []
    for criterion in CRITERIA:
        pairs = [
            (row, theirs, ours)
            for row in rows
            if (theirs := service_value(row["service"], criterion)) is not None
            and (ours := tablet_value(row[way], criterion)) is not None
        ]
        off = [pair for pair in pairs if criterion.met(pair[1]) != criterion.met(pair[2])]
        near = [pair for pair in off if abs(pair[1] / criterion.limit - 1) <= NEAR_SHARE]
        met = sum(criterion.met(theirs) for _, theirs, _ in pairs)
        share = 100 * (1 - len(off) / len(pairs))
        cells = (f"{met} / {len(pairs) - met}", f"{share:.1f} %", str(len(near)), str(len(off) - len(near)))
        table.add_row(criterion.name, str(len(pairs)), *cells)
        wrong += [
            f"{criterion.name}: photo {row['number']} ({row['service']['kind']}), service {theirs:.3g}, "
            f"tablet {ours:.3g}"
            for row, theirs, ours in off
        ]
    console.print(table)
    for line in wrong:
        console.print(f"  {line}")


def print_sizes(rows: list[dict[str, Any]], console: Console) -> None:
    """How far the tablet's values lie from the service's, and what else it says of photographs."""
    for way in WAYS:
        for criterion in CRITERIA[1:]:
            off = [
                abs(ours - theirs)
                for row in rows
                if (theirs := service_value(row["service"], criterion)) is not None
                and (ours := tablet_value(row[way], criterion)) is not None
            ]
            median, worst = np.percentile(off, (50, 95))
            console.print(f"{way}, {criterion.code}: off by {median:.3g} (median), {worst:.3g} (95 %)")
        absent = sum(any(item["code"] == "digit_not_found" for item in row[way]) for row in rows)
        console.print(f"{way}: finger not seen on {absent} of {len(rows)} photographs, each of which has one")
    times = [row["ms"] for row in rows]
    console.print(f"still judged in {statistics.median(times):.0f} ms (median), {max(times):.0f} ms (worst)")


def frames_a_second(photo: Path, dist: Path, size_px: tuple[int, int]) -> float:
    """Frames that the live camera judges while the fake camera shows one photograph."""
    picture = cv2.imread(str(photo))
    if picture is None:
        raise FileNotFoundError(photo)
    rgb = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), dtype=np.uint8)
    sentences = {code: {"fr": fr, "en": en} for code, (fr, en) in SENTENCES.items()}
    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder) / "film.y4m"
        write_film(film, rgb, *size_px)
        flags = (*CAMERA_FLAGS, f"--use-file-for-fake-video-capture={film}")
        with page_with(dist, Path(folder), *flags) as page:
            shown = {"gate": asdict(GATE), "sentences": sentences, "language": "en"}
            page.evaluate("told => window.show(told)", shown)
            time.sleep(WARM_UP_S)
            before, start = page.evaluate("window.answers"), time.monotonic()
            time.sleep(COUNTED_S)
            return float((page.evaluate("window.answers") - before) / (time.monotonic() - start))


def main() -> None:
    """Print both tables and the frames a second."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=240)
    parser.add_argument("--seed", type=int, default=SEED, help="of the photographs; another gives others")
    parser.add_argument("--photos", type=Path, default=Path("runs/area_truth"), help="where renderings lie")
    parser.add_argument("--kept", type=Path, default=Path("runs/live_guidance"), help="what is made of them")
    parser.add_argument("--rows", type=Path, help="write a line of JSON for each photograph here")
    parser.add_argument("--frames-only", action="store_true", help="measure the frames a second alone")
    arguments = parser.parse_args()
    console = Console()
    width, height = TWELVE_MEGAPIXELS
    truth = TruthPhotos(arguments.photos, Ranges(width_px=width, height_px=height), "flat", arguments.seed)
    photos = LivePhotos(arguments.kept, truth)
    with tempfile.TemporaryDirectory() as folder:
        dist = Path(folder)
        build_page(dist)
        load = os.getloadavg()[0]
        for size_px in FILMS_PX:
            rate = frames_a_second(photos.jpeg(0), dist, size_px)
            console.print(
                f"camera of {size_px[0]} x {size_px[1]}: {rate:.1f} frames a second (load {load:.1f})"
            )
        if arguments.frames_only:
            return
        rows = rows_of(photos, arguments.count, dist)
    console.print(
        {kind: sum(row["service"]["kind"] == kind for row in rows) for kind in dict.fromkeys(KINDS)}
    )
    for way in WAYS:
        print_agreement(rows, way, console)
    print_sizes(rows, console)
    if arguments.rows:
        arguments.rows.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    main()
