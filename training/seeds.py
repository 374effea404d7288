"""The same recipe under several seeds: `python -m training.seeds runs/seed-1 runs/seed-2 runs/seed-3`.

Every network is examined as by `python -m training.evaluate`; printed and written is each figure's mean and
range over the networks. The split is nested: the selection part chose each run's epoch, threshold and
temperature, the report part is told.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from training.candidates import find_candidate
from training.datasets import PhotoLibrary, default_data_folder
from training.evaluate import FIGURES, evaluate
from training.figures import DIGITS

SEEDS_FIGURES = "seeds.json"

COUNTS = ("images", "groups", "ulcers", "pixels", "border_images")
"""Entries that count what was examined: the same for every seed, or no figure of the network."""

ON_THE_CARD = (
    ("wounds, outlined", "dice_image_mean"),
    ("wounds, outlined", "dice_pooled"),
    ("wounds, outlined", "border_mean_px"),
    ("wounds, outlined", "area_bias_pooled"),
    ("wounds", "dice_image_mean"),
    ("wounds", "dice_pooled"),
    ("composites", "dice_image_mean_shown"),
    ("composites", "ulcers_hit"),
    ("phantoms", "dice_image_mean_shown"),
    ("phantoms", "dice_pooled"),
    ("phantoms", "area_bias_pooled"),
    ("clean hands and nails", "share"),
    ("calibration", "expected calibration error", "border band", "together", "after"),
)
"""Figures that the model card tells; all are printed."""

Place = tuple[str, ...]
"""Names on the way to a figure."""


def leaves(report: dict[str, Any], above: Place = ()) -> Iterator[tuple[Place, float]]:
    """Every figure of a report with its place; of a figure with an interval, the value.

    Parameters
    ----------
    report : dict
        What `training.evaluate.evaluate` gives.
    above : tuple of str
        Place of the report itself.
    """
    for name, entry in report.items():
        place = (*above, name)
        if isinstance(entry, dict):
            yield from leaves(entry, place)
        elif name in COUNTS or isinstance(entry, str | bool) or entry is None:
            continue
        elif isinstance(entry, int | float):
            yield place, float(entry)
        elif entry and all(isinstance(end, int | float) for end in entry):
            yield place, float(entry[0])


def over_seeds(reports: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Mean, least and greatest of every figure that all reports have.

    Parameters
    ----------
    reports : sequence of dict
        What `training.evaluate.evaluate` gives, one for each seed.

    Returns
    -------
    dict
        Nested as the reports are; at the place of each figure {"mean", "least", "greatest"}.
    """
    each = [dict(leaves(report)) for report in reports]
    result: dict[str, Any] = {
        "networks": [report["weights"] for report in reports],
        "part": reports[0]["part"],
    }
    for place in each[0]:
        if not all(place in values for values in each):
            continue
        values = [found[place] for found in each]
        below = result
        for name in place[:-1]:
            below = below.setdefault(name, {})
        spread = {"mean": float(np.mean(values)), "least": min(values), "greatest": max(values)}
        below[place[-1]] = {name: round(value, DIGITS) for name, value in spread.items()}
    return result


def lines(combined: dict[str, Any], above: Place = ()) -> Iterator[str]:
    """Every figure of `over_seeds`, one a line: mean (least to greatest)."""
    for name, entry in combined.items():
        if not isinstance(entry, dict):
            continue
        if set(entry) == {"mean", "least", "greatest"}:
            spread = f"{entry['mean']:.4f} ({entry['least']:.4f} to {entry['greatest']:.4f})"
            yield f"{' · '.join((*above, name))}: {spread}"
        else:
            yield from lines(entry, (*above, name))


def main() -> None:
    """Examine several networks of one recipe."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("networks", nargs="+", help="runs' folders, ONNX files or registered names")
    parser.add_argument(
        "--data", type=Path, default=default_data_folder(), help="folder of the training data"
    )
    parser.add_argument(
        "--phantoms", type=Path, default=Path("runs/phantoms"), help="folder of rendered scenes"
    )
    parser.add_argument("--out", type=Path, default=Path("runs/seeds"))
    arguments = parser.parse_args()
    library, reports = PhotoLibrary(arguments.data), []
    for number, name in enumerate(arguments.networks, start=1):
        segmenter = find_candidate(name, arguments.data, arguments.phantoms)
        folder = arguments.out / str(number)
        reports.append(evaluate(segmenter, library, arguments.phantoms, "report", folder))
        print(f"{name}: {folder / FIGURES}", flush=True)
    combined = over_seeds(reports)
    text = json.dumps(combined, indent=2, allow_nan=False)
    (arguments.out / SEEDS_FIGURES).write_text(text + "\n", encoding="utf-8")
    print("\n".join(lines(combined)))


if __name__ == "__main__":
    main()
