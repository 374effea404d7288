"""The registered network on the reported part of the split: `python -m training.evaluate --out
runs/evaluation`.

Prints Dice and IoU by image and pooled with bootstrap 95 % intervals, false alarms on clean hands and nails,
and writes figures.json and contact sheets of the worst.
"""

from __future__ import annotations

import argparse
import itertools
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.registry import find_weights, load_segmenter
from models.segmenter import Segmentation, Segmenter
from training.contact_sheet import draw_contact_sheet
from training.datasets import PhotoLibrary, default_data_folder
from training.exams import ALARM_PX, Exam, clean_exam, composite_exam, phantom_exam, wound_exam
from training.labels import UNLABELLED
from training.scores import Overlap, overlap, summary
from training.splits import Part

SHEET_ROWS = 10
"""Worst pictures on a contact sheet."""

SIZE_STRATA_PX = (0, 500, 1000, 2000, 1_000_000)
"""Bounds of the true wound's area, px, between which Dice is reported apart."""


@dataclass(frozen=True)
class Verdict:
    """An examined picture: its counts for ulcer and for skin, where labelled."""

    exam: Exam
    segmentation: Segmentation
    ulcer: Overlap
    skin: Overlap | None


def examine(segmenter: Segmenter, exams: list[Exam]) -> list[Verdict]:
    """Run the network over pictures and count."""
    return [_examine(segmenter, exam) for exam in exams]


def _examine(segmenter: Segmenter, exam: Exam) -> Verdict:
    found = segmenter.segment(exam.rgb)
    ulcer, skin = exam.labels[..., 0], exam.labels[..., 1]
    counts = overlap(found.ulcer >= segmenter.weights.ulcer_threshold, ulcer == 1, ulcer != UNLABELLED)
    # nails' photos know some skin but no background: overlap would mean nothing there
    skin_known = (skin == 0).any() and (skin == 1).any()
    skin_counts = overlap(found.skin >= 0.5, skin == 1, skin != UNLABELLED) if skin_known else None  # noqa: PLR2004
    return Verdict(exam, found, counts, skin_counts)


def figures(verdicts: list[Verdict]) -> dict[str, object]:
    """Figures of one examination with ulcers.

    Notes
    -----
    Image-mean figures count a picture in which neither truth nor network has an ulcer as 1, one in which
    only one of them has as 0; `dice_image_mean_shown` leaves pictures without a true ulcer out.
    """
    result: dict[str, object] = {"images": len(verdicts), **_rounded([item.ulcer for item in verdicts])}
    for low, high in itertools.pairwise(SIZE_STRATA_PX):
        stratum = [item.ulcer for item in verdicts if low < item.ulcer.truth <= high]
        if stratum:
            value = _rounded(stratum)["dice_image_mean"]
            result[f"dice_image_mean, {low} to {high} px"] = {"images": len(stratum), "value": value}
    hits = [item.ulcer.both > 0 for item in verdicts if item.ulcer.truth]
    result["hit_rate"] = round(float(np.mean(hits)), 4) if hits else None
    skin = [item.skin for item in verdicts if item.skin is not None]
    if skin:
        result["skin_dice_image_mean"] = _rounded(skin)["dice_image_mean"]
    return result


def alarms(verdicts: list[Verdict]) -> dict[str, object]:
    """Share of clean pictures with `ALARM_PX` or more found, and their names."""
    raised = [item.exam.name for item in verdicts if item.ulcer.found >= ALARM_PX]
    return {"images": len(verdicts), "share": round(len(raised) / len(verdicts), 4), "raised": raised}


def _rounded(overlaps: list[Overlap]) -> dict[str, list[float]]:
    return {name: [round(float(end), 4) for end in ends] for name, ends in summary(overlaps).items()}


def worst(verdicts: list[Verdict], count: int = SHEET_ROWS) -> list[Verdict]:
    """The pictures with the lowest Dice, the worst first."""
    return sorted(verdicts, key=lambda item: (item.ulcer.dice, -item.ulcer.found))[:count]


def main() -> None:
    """Examine the registered network."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument(
        "--data", type=Path, default=default_data_folder(), help="folder of the training data"
    )
    parser.add_argument("--weights", help="registered name; the newest if left out")
    parser.add_argument(
        "--phantoms", type=Path, default=Path("runs/phantoms"), help="folder of rendered scenes"
    )
    parser.add_argument("--part", choices=("select", "report"), default="report")
    parser.add_argument("--out", type=Path, default=Path("runs/evaluation"))
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    segmenter, library = load_segmenter(arguments.weights), PhotoLibrary(arguments.data)
    part: Part = arguments.part
    report: dict[str, object] = {"weights": find_weights(arguments.weights).label, "part": part}
    sets = {
        "wounds": wound_exam(library, part),
        "composites": composite_exam(library, part),
        "phantoms": phantom_exam(arguments.phantoms, part),
    }
    for title, exams in sets.items():
        verdicts = examine(segmenter, exams)
        report[title] = figures(verdicts)
        draw_contact_sheet(
            [_row(item, segmenter) for item in worst(verdicts)], arguments.out / f"{title}_worst.png"
        )
    clean = examine(segmenter, clean_exam(library, part))
    report["clean hands and nails"] = {**alarms(clean), "skin_dice_image_mean": _skin_dice(clean)}
    text = json.dumps(report, indent=2)
    (arguments.out / "figures.json").write_text(text + "\n", encoding="utf-8")
    print(text)


def _skin_dice(verdicts: list[Verdict]) -> list[float]:
    return _rounded([item.skin for item in verdicts if item.skin is not None])["dice_image_mean"]


def _row(
    item: Verdict, segmenter: Segmenter
) -> tuple[str, NDArray[np.uint8], NDArray[np.bool_], NDArray[np.bool_]]:
    title = f"{item.exam.name}: Dice {item.ulcer.dice:.2f}, {item.ulcer.truth} px, found {item.ulcer.found}"
    found = item.segmentation.ulcer >= segmenter.weights.ulcer_threshold
    return title, item.exam.rgb, item.exam.labels[..., 0] == 1, found


if __name__ == "__main__":
    main()
