"""The model card, its figures from figures.json: `python -m training.card --run runs/network`.

The text stays in card_template.md; no figure is copied by hand.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from string import Template
from typing import Any

from models.unet import UNet
from models.weights_info import CARDS_FOLDER
from training.card_data import data_part, table
from training.commands import commands
from training.evaluate import FIGURES, TRAITS
from training.exams import ALARM_PX
from training.figures import Told
from training.recipe import Recipe
from training.runs import RECIPE
from training.seeds import ON_THE_CARD
from training.splits import read_split

TEMPLATE = Path(__file__).with_name("card_template.md")

SETS = {
    "wounds, outlined": "Real foot wounds, outlined",
    "wounds": "Real foot wounds, as stored",
    "composites": "Wounds on real fingers (composites)",
    "phantoms": "Phantoms on the card",
}
"""Sets of figures.json, and their headings."""

Show = Callable[[Told], str]


def number(figure: Told, form: str = ".3f", factor: float = 1.0, unit: str = "") -> str:
    """A figure with its interval; a dash where nothing could be told."""
    if figure is None:
        return "–"
    value, low, high = (f"{factor * end:{form}}" for end in figure)
    return f"{value}{unit} ({low} to {high})"


percent: Show = partial(number, form=".1f", factor=100, unit=" %")
bias: Show = partial(number, form="+.1f", factor=100, unit=" %")
pixels: Show = partial(number, form=".2f")

ROWS: tuple[tuple[str, str, Show], ...] = (
    ("Dice, image-mean", "dice_image_mean", number),
    ("Dice, image-mean, pictures with an ulcer", "dice_image_mean_shown", number),
    ("Dice, pooled", "dice_pooled", number),
    ("IoU, image-mean", "iou_image_mean", number),
    ("IoU, pooled", "iou_pooled", number),
    ("Border distance, mean, px", "border_mean_px", pixels),
    ("Border distance, 95th percentile, px", "border_p95_px", pixels),
    ("Area, mean relative difference", "area_bias_mean", bias),
    ("Area, all found over all true", "area_bias_pooled", bias),
    ("Ulcers hit", "ulcers_hit", percent),
    ("Skin Dice, image-mean", "skin_dice_image_mean", number),
)
"""Rows of the first table: heading, name in figures.json, how it is shown."""

STRATUM_ROWS = (ROWS[0], ROWS[2], ROWS[5], ROWS[7])
"""Columns of the tables by size and trait."""


def figures_part(report: dict[str, Any], seeds: dict[str, Any] | None = None) -> str:
    """The card's figures.

    Parameters
    ----------
    report : dict
        What figures.json holds.
    seeds : dict, optional
        What seeds.json holds.
    """
    shown = [report[name] for name in SETS]
    first = [("Pictures", *(str(entry["images"]) for entry in shown))]
    rows = [(title, *(show(entry[name]) for entry in shown)) for title, name, show in ROWS]
    sections = [
        table(("", *SETS.values()), [*first, *rows]),
        report["note on wounds"],
        "A picture in which neither truth nor network has an ulcer counts as Dice 1, one in which only one "
        "has one as 0. Border distances are means over pictures in which both have one.",
        _strata("Real foot wounds by true size", report["wounds, outlined"]["by size"]),
        _strata("Phantoms by true size (100 px = 1 mm² on the card's plane)", report["phantoms"]["by size"]),
        *(_strata(f"Phantoms by {trait}", report["phantoms by"][trait]) for trait in TRAITS),
        _new_skin(report["new skin on phantoms"]),
        _alarms(report["clean hands and nails"]),
        _calibration(report["calibration"]),
        *([_tissue(report["tissue"])] if "tissue" in report else []),
        _seeds(seeds) if seeds else "One seed.",
    ]
    return "\n\n".join(sections)


def _strata(title: str, strata: dict[str, Any]) -> str:
    rows = [
        (name, str(entry["images"]), *(show(entry[key]) for _, key, show in STRATUM_ROWS))
        for name, entry in strata.items()
        if entry["images"]
    ]
    return f"{title}:\n\n{table(('', 'Pictures', *(head for head, _, _ in STRATUM_ROWS)), rows)}"


def _new_skin(entry: dict[str, Any]) -> str:
    return (
        f"Bridges and islands of new skin within ulcers ({entry['pixels']:,} px on {entry['images']} "
        f"phantoms): {percent(entry['share_called_ulcer'])} called ulcer."
    )


def _alarms(entry: dict[str, Any]) -> str:
    raised = ", ".join(entry["raised"]) or "none"
    return (
        f"False alarms ({ALARM_PX} px or more in all) on {entry['images']} clean hands and nails: "
        f"{percent(entry['share'])} of pictures ({raised}). Skin Dice there: "
        f"{number(entry['skin_dice_image_mean'])}."
    )


def _calibration(entry: dict[str, Any]) -> str:
    errors, fitted = entry["expected calibration error"], entry["temperature"]
    rows = [
        (f"{where}, {name}", f"{error['before']:.3f}", f"{error['after']:.3f}")
        for where, sets in errors.items()
        for name, error in sets.items()
    ]
    after = f"After a temperature of {fitted['temperature']:.2f}, offset {fitted['offset']:.2f}"
    return f"Expected calibration error. {entry['note']}\n\n{table(('', 'As served', after), rows)}"


def _tissue(entry: dict[str, Any]) -> str:
    rows = [
        (name, str(found["images"]), number(found["dice_image_mean"]), number(found["dice_pooled"]))
        for name, found in entry.items()
        if isinstance(found, dict)
    ]
    heads = ("", "Pictures that show it", "Dice, image-mean", "Dice, pooled")
    return f"Tissue on {entry['images']} crops ({entry['note']}):\n\n{table(heads, rows)}"


def _seeds(seeds: dict[str, Any]) -> str:
    rows = []
    for place in ON_THE_CARD:
        entry: Any = seeds
        for name in place:
            entry = entry.get(name, {})
        if entry:
            spread = f"{entry['least']:.3f} to {entry['greatest']:.3f}"
            rows.append((" · ".join(place), f"{entry['mean']:.3f}", spread))
    title = f"Over {len(seeds['networks'])} seeds"
    return f"{title}:\n\n{table(('', 'Mean', 'Least to greatest'), rows)}"


def card(report: dict[str, Any], run: Path, seeds: dict[str, Any] | None = None) -> str:
    """The whole card of the weights that a report speaks of, made by a run."""
    recipe = Recipe.read(run / RECIPE)
    made = recipe.architecture
    parameters = sum(item.numel() for item in UNet(made).parameters())
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        label=report["weights"],
        sha256=report["sha256"],
        threshold=report["counting"]["threshold"],
        certainty=report["counting"]["certainty"],
        digit_certainty=report["digit_certainty"],
        encoder=made.encoder,
        decoder="-".join(str(width) for width in made.decoder_channels),
        normalisation=made.normalisation,
        parameters=f"{parameters / 1e6:.1f}",
        data=data_part(),
        part=report["part"],
        figures=figures_part(report, seeds),
        tissue_crops=sum(item.source == "tissue" and item.part == "train" for item in read_split()),
        steps=f"{recipe.steps:,}",
        batch=recipe.batch,
        crop_px=recipe.crop_px,
        seed=recipe.seed,
        begun=f"from the run `{recipe.start}`" if recipe.start else "from the pretrained encoder",
        commands=", ".join(f"`{command}`" for command in commands(run)),
    )


def main() -> None:
    """Write the model card of evaluated weights."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--figures", type=Path, default=Path("runs/evaluation") / FIGURES)
    parser.add_argument("--run", type=Path, default=Path("runs/network"), help="folder of the run")
    parser.add_argument("--seeds", type=Path, help="seeds.json of several networks of the same recipe")
    parser.add_argument("--out", type=Path, default=CARDS_FOLDER)
    arguments = parser.parse_args()
    report = json.loads(arguments.figures.read_text(encoding="utf-8"))
    seeds = json.loads(arguments.seeds.read_text(encoding="utf-8")) if arguments.seeds else None
    path = arguments.out / f"{report['weights']}.md"
    path.write_text(card(report, arguments.run, seeds), encoding="utf-8")
    print(path)


if __name__ == "__main__":
    main()
