"""A network on the reported part of the split: `python -m training.evaluate --out runs/evaluation`.

Prints and writes figures.json (Dice and IoU by image and pooled, border distances, area bias, false alarms,
each with a bootstrap 95 % interval over groups of photographs; strata; calibration; tissue), a reliability
diagram, and contact sheets of the worst.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from models.segmenter import Segmenter
from models.weights_info import WeightsInfo
from training.candidates import find_candidate
from training.contact_sheet import Row, draw_contact_sheet
from training.counting import fit_on_selection
from training.curves import draw_reliability
from training.datasets import PhotoLibrary, default_data_folder
from training.exams import clean_exam, composite_exam, wound_exam
from training.figures import (
    alarms,
    by_trait,
    calibration_errors,
    figures,
    new_skin_called_ulcer,
    skin_dice,
    tallies,
)
from training.phantom_truth import described_phantoms
from training.splits import Part
from training.temperature import Temperature
from training.tissue_exam import tissue_figures, tissue_reader
from training.verdicts import Verdict, examine

SHEET_ROWS = 10
"""Worst pictures on a contact sheet."""

FIGURES = "figures.json"

TRAITS = ("skin tone", "tissue", "pose", "new skin")
"""By what phantoms are told apart."""

NOTHING_OUTLINED = (
    "Stated twice. FUSeg stores some photos with nothing outlined. The 13 of them outside the report part, "
    "looked at one by one, all show wounds, so that nothing outlined is taken to mean: not outlined. "
    "'wounds' counts these photos by the stored outline (nothing found: Dice 1, anything found: Dice 0); "
    "'wounds, outlined' leaves them out."
)

WEIGHING = (
    "15 bins of equal mass; pixels within 5 px of the true or found border, or all pixels inside padding. "
    "Pictures with an ulcer count alike within their set, sets count alike in 'together'. The temperature is "
    "fitted on the border bands of the selection part, weighed in the same way; it leaves pixels far from "
    "any border less sure than they could be, but a measurement reads probabilities near found borders alone."
)

Sets = Mapping[str, Sequence[Verdict]]


def evaluate(
    segmenter: Segmenter, library: PhotoLibrary, phantoms: Path, part: Part, out: Path
) -> dict[str, object]:
    """Examine a network on a part of the split, and write what was seen.

    Parameters
    ----------
    segmenter : Segmenter
        The network.
    library : PhotoLibrary
        Training data.
    phantoms : Path
        Folder of rendered scenes.
    part : Part
        "report", or "select" for a look that decides something.
    out : Path
        Folder for figures, diagram and contact sheets.

    Returns
    -------
    dict
        What figures.json holds.
    """
    out.mkdir(parents=True, exist_ok=True)
    temperature = fit_on_selection(segmenter, library, phantoms)
    sets: Sets = {
        "wounds": examine(segmenter, wound_exam(library, part)),
        "composites": examine(segmenter, composite_exam(library, part)),
        "phantoms": examine(segmenter, described_phantoms(phantoms, part)),
    }
    clean = examine(segmenter, clean_exam(library, part))
    report = {**named(segmenter.weights, part), **report_of(sets, clean, temperature)}
    reader = tissue_reader(segmenter)
    if reader is not None:
        report["tissue"] = tissue_figures(reader, library, part)
    (out / FIGURES).write_text(json.dumps(report, indent=2, allow_nan=False) + "\n", encoding="utf-8")
    _draw(sets, clean, temperature, out)
    return report


def named(weights: WeightsInfo, part: Part) -> dict[str, object]:
    """What was examined, on which part of the split."""
    return {
        "weights": weights.label,
        "sha256": weights.sha256,
        "part": part,
        "counting": asdict(weights.counting),
        "digit_certainty": weights.digit_counting.certainty,
    }


def report_of(sets: Sets, clean: Sequence[Verdict], temperature: Temperature) -> dict[str, object]:
    """The figures of examined pictures.

    Parameters
    ----------
    sets : dict of str to sequence of Verdict
        Wounds, composites and phantoms.
    clean : sequence of Verdict
        Pictures without ulcers.
    temperature : Temperature
        Fitted on the selection part.
    """
    outlined = [item for item in sets["wounds"] if item.ulcer.truth]
    return {
        "note on wounds": NOTHING_OUTLINED,
        **{title: figures(verdicts) for title, verdicts in sets.items()},
        "wounds, outlined": figures(outlined),
        "phantoms by": {trait: by_trait(sets["phantoms"], trait) for trait in TRAITS},
        "new skin on phantoms": new_skin_called_ulcer(sets["phantoms"]),
        "clean hands and nails": {**alarms(clean), "skin_dice_image_mean": skin_dice(clean)},
        "calibration": {
            "note": WEIGHING,
            "temperature": {name: round(value, 4) for name, value in asdict(temperature).items()},
            "expected calibration error": calibration_errors(sets, temperature),
        },
    }


def _draw(sets: Sets, clean: Sequence[Verdict], temperature: Temperature, out: Path) -> None:
    """The reliability diagram, and a contact sheet of the worst of each set."""
    bands = tallies(sets, "border band")
    draw_reliability(
        {
            title: (Temperature().reliability(tally), temperature.reliability(tally))
            for title, tally in bands.items()
        },
        out / "reliability.png",
    )
    for title, verdicts in sets.items():
        _sheet(verdicts, lambda item: (item.ulcer.dice, -item.ulcer.found), out / f"{title}_worst.png")
    _sheet(clean, lambda item: (-item.ulcer.found, item.ulcer.found), out / "clean_worst.png")


def _sheet(
    verdicts: Sequence[Verdict], badness: Callable[[Verdict], tuple[float, float]], path: Path
) -> None:
    draw_contact_sheet([_row(item) for item in sorted(verdicts, key=badness)[:SHEET_ROWS]], path)


def _row(item: Verdict) -> Row:
    traits = ", ".join(f"{name} {value}" for name, value in item.exam.traits.items())
    counts = item.ulcer
    return Row(
        f"{item.exam.name}   {traits}",
        f"Dice {counts.dice:.2f}   true {counts.truth} px   found {counts.found} px",
        item.exam.rgb,
        item.exam.ulcer,
        item.found,
    )


def main() -> None:
    """Examine a network."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument(
        "--data", type=Path, default=default_data_folder(), help="folder of the training data"
    )
    parser.add_argument(
        "--weights", help="registered name, ONNX file or run's folder; the newest registered if left out"
    )
    parser.add_argument(
        "--phantoms", type=Path, default=Path("runs/phantoms"), help="folder of rendered scenes"
    )
    parser.add_argument("--part", choices=("select", "report"), default="report")
    parser.add_argument("--out", type=Path, default=Path("runs/evaluation"))
    arguments = parser.parse_args()
    segmenter = find_candidate(arguments.weights, arguments.data, arguments.phantoms)
    library = PhotoLibrary(arguments.data)
    report = evaluate(segmenter, library, arguments.phantoms, arguments.part, arguments.out)
    print(json.dumps(report, indent=2, allow_nan=False))


if __name__ == "__main__":
    main()
