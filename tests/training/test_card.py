from pathlib import Path
from typing import Any

from models.unet import Architecture
from training.card import ROWS, SETS, bias, card, figures_part, number, percent
from training.recipe import Recipe
from training.runs import RECIPE
from training.seeds import over_seeds


def _entry(value: float, images: int = 12) -> dict[str, Any]:
    told = {name: [value, value - 0.05, value + 0.05] for _, name, _ in ROWS}
    return {"images": images, **told}


def _report(value: float = 0.871) -> dict[str, Any]:
    sets = {
        name: {
            **_entry(value),
            "by size": {"under 500 px": _entry(0.734), "2,000 px and more": {"images": 0}},
        }
        for name in SETS
    }
    sets["wounds"]["skin_dice_image_mean"] = None
    return {
        "weights": "ulcer-unet-9.9.9",
        "sha256": "ab" * 32,
        "counting": {"threshold": 0.45, "certainty": 0.9},
        "digit_certainty": 0.8,
        "part": "report",
        "note on wounds": "Stated twice.",
        **sets,
        "phantoms by": {
            "skin tone": {"I": _entry(0.91), "VI": _entry(0.642)},
            "tissue": {"fibrin": _entry(0.8)},
            "pose": {"standing": _entry(0.7)},
            "new skin": {"bridge": _entry(0.6)},
        },
        "new skin on phantoms": {"images": 9, "pixels": 1234, "share_called_ulcer": [0.21, 0.1, 0.3]},
        "clean hands and nails": {
            "images": 49, "share": [0.0204, 0.0, 0.06], "raised": ["nails 7"], "skin_dice_image_mean": None,
        },
        "calibration": {
            "note": "Weighed.",
            "temperature": {"temperature": 1.31, "offset": 0.0},
            "expected calibration error": {"border band": {"together": {"before": 0.072, "after": 0.018}}},
        },
        "tissue": {
            "note": "exploratory", "images": 11,
            "callus": {"images": 3, "dice_image_mean": [0.3, 0.1, 0.5], "dice_pooled": None},
        },
    }  # fmt: skip


def test_figures_are_shown_with_their_intervals() -> None:
    assert number([0.8712, 0.8, 0.93]) == "0.871 (0.800 to 0.930)"
    assert percent([0.08, 0.02, 0.1649]) == "8.0 % (2.0 to 16.5)"
    assert bias([0.046, -0.002, 0.116]) == "+4.6 % (-0.2 to +11.6)"
    assert number(None) == "–"


def test_every_figure_comes_from_the_report() -> None:
    text = figures_part(_report())
    assert text.count("0.871 (0.821 to 0.921)") == len(SETS) * 6 - 1  # six rows are plain; skin once not told
    assert "| under 500 px | 12 | 0.734" in text
    assert "2,000 px and more" not in text  # nothing to tell
    assert "| VI | 12 | 0.642" in text
    assert "| standing | 12 | 0.700" in text
    assert "1,234 px on 9 phantoms): 21.0 % (10.0 to 30.0) called ulcer" in text
    assert "2.0 % (0.0 to 6.0) of pictures (nails 7)" in text
    assert "| border band, together | 0.072 | 0.018 |" in text
    assert "| callus | 3 | 0.300 (0.100 to 0.500) | – |" in text
    assert text.endswith("One seed.")


def test_seeds_are_told_where_there_are_some() -> None:
    seeds = over_seeds([_report(0.85), _report(0.87)])
    text = figures_part(_report(), seeds)
    assert "Over 2 seeds" in text
    assert "| wounds, outlined · dice_image_mean | 0.860 | 0.850 to 0.870 |" in text


def test_the_card_names_weights_network_and_data(tmp_path: Path) -> None:
    recipe = Recipe(Architecture(decoder_channels=(32, 24, 16, 16)), seed=5, steps=1234)
    recipe.write(tmp_path / RECIPE)
    text = card(_report(), tmp_path)
    assert "$" not in text
    for part in (
        "# ulcer-unet-9.9.9",
        "ab" * 32,
        "32-24-16-16",
        "1,234 steps",
        "seed 5",
        "| fuseg | 607 | 81 | 122 |",
    ):
        assert part in text
