"""Accuracy on the rendered sample study: areas with the true outlines, and end to end with the network.

Run: python benchmarks/sample_study.py [--limit N]
"""

from __future__ import annotations

import argparse
import json
from importlib import resources

import cv2
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from app.measuring import PhotoReport, measure_photo
from app.platform.images import decode_photo
from models.registry import load_segmenter

COVERAGE_Z = 1.96
Row = tuple[float, float, float]


def row(true_mm2: float, report: PhotoReport) -> Row | None:
    """True area, measured area and standard uncertainty; None when refused."""
    found = report.measurement
    return None if found is None else (true_mm2, found.area_mm2, found.u_area_mm2)


def summary(name: str, rows: list[Row | None]) -> str:
    """One line: refusals, share within limits, bias, spread, coverage; closed ulcers apart."""
    kept = np.array([item for item in rows if item is not None])
    is_open = kept[:, 0] > 0
    relative: NDArray[np.float64] = kept[is_open, 1] / kept[is_open, 0] - 1
    covered = np.abs(kept[:, 1] - kept[:, 0]) <= COVERAGE_Z * kept[:, 2]
    closed = kept[~is_open]
    return (
        f"{name:<14} n {len(rows)}, refused {len(rows) - len(kept)}; open {is_open.sum()}: "
        f"bias {100 * relative.mean():+.2f} %, SD {100 * relative.std(ddof=1):.2f} %, "
        f"largest {100 * np.abs(relative).max():.1f} %, "
        f"within 3 % {100 * (np.abs(relative) <= 0.03).mean():.0f} %, "
        f"within 10 % {100 * (np.abs(relative) <= 0.10).mean():.0f} %; "
        f"closed {len(closed)}: found closed {int((closed[:, 1] == 0).sum())}; "
        f"95 % interval holds the truth in {100 * covered.mean():.0f} %"
    )


def main() -> None:
    """Measure every photograph twice and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=int, default=None, help="only the first N photographs")
    limit = parser.parse_args().limit
    folder = resources.files("sample_images")
    manifest = json.loads(folder.joinpath("manifest.json").read_text(encoding="utf-8"))
    segmenter = load_segmenter()
    traced: list[Row | None] = []
    seen: list[Row | None] = []
    console = Console()
    for item in track(manifest["photos"][:limit], "Measuring", console=Console(stderr=True)):
        photo = decode_photo(folder.joinpath(item["file"]).read_bytes())
        raw = np.frombuffer(folder.joinpath(item["outline"]).read_bytes(), np.uint8)
        outline = cv2.imdecode(raw, cv2.IMREAD_GRAYSCALE)
        if outline is None:
            raise ValueError(f"{item['outline']} is not a picture")
        true_mm2 = float(item["true_area_mm2"])
        traced.append(row(true_mm2, measure_photo(photo, segmenter, outline=outline > 0)))
        report = measure_photo(photo, segmenter)
        seen.append(row(true_mm2, report))
        found = seen[-1]
        told = (
            ", ".join(reason.code for reason in report.reasons)
            if found is None
            else f"{found[1]:6.2f} ± {found[2]:.2f}"
        )
        console.print(f"{item['file'][:8]}  true {true_mm2:6.2f} mm²  network {told}", highlight=False)
    console.print(f"weights {segmenter.weights.name} {segmenter.weights.version}")
    console.print(summary("true outlines", traced), highlight=False)
    console.print(summary("network", seen), highlight=False)


if __name__ == "__main__":
    main()
