"""Error of epithelialisation and of verdicts on rendered series whose healing is known.

Run: python benchmarks/healing_truth.py [--first 6] [--count 40] [--processes 2]

Series of three visits, by turns unchanged, with margins moved in, bridges, islands, closed, grown, slightly
smaller, and with a new ulcer elsewhere; every fifth a standing tip. Every visit has its own camera and light,
the finger is turned and shifted. Truth is the share of the baseline footprint's surface no longer open, by
quadrature on the phantom. Fingers that do not belong together are registered too: none should be believed.
The registration's constants were chosen on the series before the first that is measured here.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from healing_series import HealingSeries
from rich.console import Console
from rich.progress import track
from rich.table import Table
from truth_photos import TruthPhoto

from app.domain.comparison import Comparison, Visit, compare, lesions
from app.domain.healing import minimal_detectable_change_mm2, verdict
from app.domain.registration import register
from app.measuring import measure_photo
from app.platform.images import decode_photo
from calibration.pose import POSES
from models.registry import load_segmenter
from models.segmenter import Segmentation, Segmenter

SEED = 2026

WAYS = ("traced", "network")
"""With the true outlines, and end to end."""

DAYS = 28
"""Between visits; no figure below depends on it."""

STRANGERS = 8
"""Other series' later visits against which each baseline is registered."""


@dataclass(frozen=True)
class Seen:
    """One photograph: its truth, and what each way left behind of it (None where refused)."""

    truth: dict[str, Any]
    visits: dict[str, Visit | None]
    refusals: tuple[str, ...]


class SameSegmentation:
    """A network that looks at a picture once, for both ways."""

    def __init__(self, network: Segmenter) -> None:
        self._network, self.weights = network, network.weights
        self._last: tuple[bytes, Segmentation] | None = None

    def segment(self, rgb: Any) -> Segmentation:
        """As the network's, or what it last said of the same picture."""
        key = rgb.tobytes()
        if self._last is None or self._last[0] != key:
            self._last = (key, self._network.segment(rgb))
        return self._last[1]


@lru_cache(maxsize=1)
def _segmenter() -> SameSegmentation:
    cv2.setNumThreads(1)
    return SameSegmentation(load_segmenter(threads=1))


def look(photo: TruthPhoto) -> Seen:
    """Measure a photograph both ways."""
    decoded, pose = decode_photo(photo.jpeg), POSES[photo.truth["pose"]]
    visits: dict[str, Visit | None] = {}
    refusals: tuple[str, ...] = ()
    for way, outline in (("traced", photo.outline), ("network", None)):
        report = measure_photo(decoded, _segmenter(), outline=outline, pose=pose)
        visits[way] = None
        if report.measurement is not None and report.reading is not None:
            found = report.measurement
            visits[way] = Visit(
                report.reading.footprint, found.area_mm2, found.u_area_mm2, found.perimeter_mm
            )
        refusals += tuple(reason.code for reason in report.reasons)
    return Seen(photo.truth, visits, refusals)


def _work(task: tuple[HealingSeries, int]) -> list[Seen]:
    series, number = task
    return [look(photo) for photo in series.photos(number)]


@dataclass(frozen=True)
class Followed:
    """A later visit beside its baseline, both measured."""

    first: Seen
    later: Seen
    baseline: Visit
    visit: Visit
    found: Comparison

    @property
    def error(self) -> float:
        """Of the epithelialisation, percentage points."""
        healing = self.found.healing
        if healing is None:
            raise ValueError("an open baseline always has a healing")
        return healing.epithelialisation_percent - float(self.later.truth["epithelialisation_percent"])

    @property
    def true_change_mm2(self) -> float:
        """Of the ulcer itself, without what is open elsewhere."""
        return float(self.later.truth["own_mm2"] - self.first.truth["own_mm2"])


def follow(series: Sequence[Seen], way: str) -> list[Followed]:
    """Every later visit of a series against its first one."""
    first = series[0]
    baseline = first.visits[way]
    if baseline is None:
        return []
    lesion = lesions([(baseline, None)])[0]
    return [
        Followed(first, later, lesion.visit, visit, compare(lesion, visit, (), DAYS))
        for later in series[1:]
        if (visit := later.visits[way]) is not None
    ]


def print_errors(pairs: Sequence[Followed], way: str, console: Console) -> None:
    """Epithelialisation by kind, pose and all together."""
    table = Table("", "pairs", "MAE, points", "bias", "SD", "worst", "registered", title=f"{way} outlines")
    groups = [("all", pairs)]
    for fact in ("kind", "pose"):
        for value in dict.fromkeys(pair.later.truth[fact] for pair in pairs):
            groups.append((value, [pair for pair in pairs if pair.later.truth[fact] == value]))
    for name, group in groups:
        errors = np.array([pair.error for pair in group])
        registered = [
            pair.found.healing is not None and pair.found.healing.method == "footprint" for pair in group
        ]
        table.add_row(
            name,
            str(len(group)),
            *(f"{value:.1f}" for value in (np.abs(errors).mean(), errors.mean(), errors.std())),
            f"{errors[np.abs(errors).argmax()]:.1f}",
            f"{100 * np.mean(registered):.0f} %",
        )
    console.print(table)
    qualities = [pair.found.registration.quality for pair in pairs if pair.visit.area_mm2 > 0]
    console.print(
        f"registration quality: least {min(qualities):.2f}, median {np.median(qualities):.2f}",
        highlight=False,
    )


def print_verdicts(
    pairs: Sequence[Followed], all_seen: Sequence[Sequence[Seen]], way: str, console: Console
) -> None:
    """Right where the change exceeds what can be detected; wrong where nothing changed."""
    changed = [
        pair
        for pair in pairs
        if abs(pair.true_change_mm2)
        > minimal_detectable_change_mm2(pair.baseline.u_area_mm2, pair.found.own.u_area_mm2)
    ]
    right = [pair.found.verdict == ("larger" if pair.true_change_mm2 > 0 else "smaller") for pair in changed]
    still = [
        verdict(a.area_mm2, a.u_area_mm2, b.area_mm2, b.u_area_mm2) != "cannot tell"
        for series in all_seen
        if series[0].truth["kind"] == "unchanged"
        for one, other in ((0, 1), (0, 2), (1, 2))
        if (a := series[one].visits[way]) is not None and (b := series[other].visits[way]) is not None
    ]
    console.print(
        f"verdict right where the change exceeds the minimal detectable one: {sum(right)} of {len(right)}; "
        f"smaller or larger where nothing changed: {sum(still)} of {len(still)}",
        highlight=False,
    )


def print_strangers(all_seen: Sequence[Sequence[Seen]], console: Console) -> None:
    """Registrations of fingers that do not belong together."""
    believed, qualities, times = 0, [], []
    first = [(index, series[0].visits["traced"]) for index, series in enumerate(all_seen)]
    for index, baseline in first:
        for step in range(1, min(STRANGERS + 1, len(all_seen))):
            other = all_seen[(index + step) % len(all_seen)][1 + step % 2].visits["traced"]
            if baseline is None or other is None or baseline.footprint.chart != other.footprint.chart:
                continue
            start = time.perf_counter()
            found = register(baseline.footprint, other.footprint)
            times.append(1e3 * (time.perf_counter() - start))
            qualities.append(found.quality)
            believed += found.is_believed
    console.print(
        f"unrelated fingers: {believed} of {len(qualities)} believed; quality 95 % below "
        f"{np.percentile(qualities, 95):.2f}, greatest {max(qualities):.2f}; "
        f"{np.median(times):.0f} ms a registration (median)",
        highlight=False,
    )


def main() -> None:
    """Render what is missing, measure everything, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=6, help="number of the first series")
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--photos", type=Path, default=Path("runs/healing_truth"), help="where they are kept")
    arguments = parser.parse_args()
    series = HealingSeries(arguments.photos, SEED)
    console = Console()
    with ProcessPoolExecutor(arguments.processes) as pool:
        numbers = range(arguments.first, arguments.first + arguments.count)
        measured = pool.map(_work, [(series, number) for number in numbers])
        seen = list(
            track(measured, "Measuring", arguments.count, console=Console(stderr=True), transient=True)
        )
    photos = [one for visits in seen for one in visits]
    refused = [one for one in photos if one.refusals]
    console.print(f"{len(photos)} photographs, {len(refused)} refused", highlight=False)
    for one in refused:
        console.print(
            f"  {one.truth['kind']}, {one.truth['pose']}: {sorted(set(one.refusals))}", highlight=False
        )
    for way in WAYS:
        pairs = [pair for visits in seen for pair in follow(visits, way)]
        print_errors(pairs, way, console)
        print_verdicts(pairs, seen, way, console)
    print_strangers(seen, console)


if __name__ == "__main__":
    main()
