"""The figures of examined pictures, each with its interval, as they go into figures.json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from training.borders import Apart
from training.exams import ALARM_PX
from training.reliability import Tally, reliability, together
from training.scores import Figure, Overlap, mean, ratio, summary
from training.temperature import Temperature
from training.verdicts import Verdict

SIZE_STRATA_PX = {
    "under 500 px": (1, 500),
    "500 to 1,000 px": (500, 1000),
    "1,000 to 2,000 px": (1000, 2000),
    "2,000 px and more": (2000, 2**31),
}
"""From (including) and to (excluding) which true area, px, figures are told apart."""

NOT_APART = Apart(float("nan"), float("nan"))
"""Where truth or network has no ulcer there is no distance; means leave it out."""

DIGITS = 4
"""Decimals in figures.json: a tenth of the smallest difference that any interval could show."""

Told = list[float] | None
"""A figure as written: value, lower and upper end of its 95 % interval; nothing where nothing can be said."""


def told(figure: Figure) -> Told:
    """A figure as it is written."""
    return [round(float(end), DIGITS) for end in figure] if np.isfinite(figure[0]) else None


def groups_in(verdicts: Sequence[Verdict]) -> list[str]:
    """The group of every picture."""
    return [item.exam.group for item in verdicts]


def figures(verdicts: Sequence[Verdict]) -> dict[str, object]:
    """Figures of a set of pictures with ulcers.

    Notes
    -----
    Image-mean figures count a picture in which neither truth nor network has an ulcer as 1, one in which only
    one of them has as 0; `dice_image_mean_shown` leaves pictures without a true ulcer out. Border distances
    are means over the pictures in which both have an ulcer. Intervals come from drawing groups.
    """
    groups = groups_in(verdicts)
    clean = [item for item in verdicts if not item.ulcer.truth]
    result: dict[str, object] = {
        "images": len(verdicts),
        "groups": len(set(groups)),
        **_overlaps([item.ulcer for item in verdicts], groups),
        **_borders(verdicts),
        "images_hit": told(mean([_hit(item) for item in verdicts], groups)),
        "ulcers": sum(item.ulcers for item in verdicts),
        "ulcers_hit": told(
            ratio([item.hit for item in verdicts], [item.ulcers for item in verdicts], groups)
        ),
        "false_alarms_per_image": told(mean([item.alarms for item in verdicts], groups)),
        "by size": {
            name: brief([item for item in verdicts if low <= item.ulcer.truth < high])
            for name, (low, high) in SIZE_STRATA_PX.items()
        },
    }
    if clean:
        result["without an ulcer"] = alarms(clean)
    return {**result, "skin_dice_image_mean": skin_dice(verdicts)}


def skin_dice(verdicts: Sequence[Verdict]) -> Told:
    """Image-mean Dice of the skin over the pictures that know it; nothing where none does."""
    skin = [float("nan") if item.skin is None else item.skin.dice for item in verdicts]
    return told(mean(skin, groups_in(verdicts)))


def brief(verdicts: Sequence[Verdict]) -> dict[str, object]:
    """The figures of a stratum, pictures with an ulcer alone."""
    shown = [item for item in verdicts if item.ulcer.truth]
    if not shown:
        return {"images": 0}
    overlaps = _overlaps([item.ulcer for item in shown], groups_in(shown))
    kept = ("dice_image_mean", "dice_pooled", "area_bias_mean", "area_bias_pooled")
    return {"images": len(shown), **{name: overlaps[name] for name in kept}, **_borders(shown)}


def by_trait(verdicts: Sequence[Verdict], trait: str) -> dict[str, object]:
    """Brief figures for every value of a trait."""
    values = sorted({item.exam.traits[trait] for item in verdicts if trait in item.exam.traits})
    return {
        value: brief([item for item in verdicts if item.exam.traits.get(trait) == value]) for value in values
    }


def new_skin_called_ulcer(verdicts: Sequence[Verdict]) -> dict[str, object]:
    """How much of the bridges and islands of new skin within ulcers is called ulcer."""
    true, called = ([item.new_skin[place] for item in verdicts] for place in (0, 1))
    share = ratio(called, true, groups_in(verdicts))
    return {
        "images": sum(pixels > 0 for pixels in true),
        "pixels": sum(true),
        "share_called_ulcer": told(share),
    }


def alarms(verdicts: Sequence[Verdict]) -> dict[str, object]:
    """False alarms on pictures without an ulcer: a picture raises one with `ALARM_PX` found in all."""
    groups = groups_in(verdicts)
    raised = [item.ulcer.found >= ALARM_PX for item in verdicts]
    names = [item.exam.name for item, loud in zip(verdicts, raised, strict=True) if loud]
    return {
        "images": len(verdicts),
        "share": told(mean(raised, groups)),
        "false_alarms_per_image": told(mean([item.alarms for item in verdicts], groups)),
        "raised": names,
    }


def calibration_errors(sets: Mapping[str, Sequence[Verdict]], temperature: Temperature) -> dict[str, object]:
    """Expected calibration error before and after a temperature, everywhere and in the border band.

    Parameters
    ----------
    sets : dict of str to sequence of Verdict
        Pictures of each set; only those with a true ulcer count, as nothing is known of the others' border.
    temperature : Temperature
        Fitted on other pictures.
    """
    return {
        where: {
            title: {
                "before": round(reliability(tally).error, DIGITS),
                "after": round(temperature.reliability(tally).error, DIGITS),
            }
            for title, tally in tallies(sets, where).items()
        }
        for where in ("border band", "everywhere")
    }


def tallies(sets: Mapping[str, Sequence[Verdict]], where: str) -> dict[str, Tally]:
    """The pixels of each set, and of all sets together; pictures count alike within a set, sets alike."""
    each = {title: together(weighed) for title, weighed in _weighed(sets, where).items()}
    return {**each, "together": together(each.values())}


def _weighed(sets: Mapping[str, Sequence[Verdict]], where: str) -> dict[str, list[Tally]]:
    """A tally for each picture with an ulcer, so weighed that every set weighs one and its pictures alike."""
    shown = {title: [item for item in verdicts if item.ulcer.truth] for title, verdicts in sets.items()}
    return {
        title: [
            (item.band if where == "border band" else item.everywhere).weighing(1 / len(items))
            for item in items
        ]
        for title, items in shown.items()
        if items
    }


def picture_tallies(sets: Mapping[str, Sequence[Verdict]]) -> tuple[list[Tally], list[str]]:
    """The border bands from which a temperature is chosen: one weighed tally a picture, and its group."""
    weighed = _weighed(sets, "border band")
    groups = [
        f"{title} {item.exam.group}" for title, items in sets.items() for item in items if item.ulcer.truth
    ]
    return [tally for items in weighed.values() for tally in items], groups


def _overlaps(overlaps: list[Overlap], groups: Sequence[str]) -> dict[str, Told]:
    return {name: told(figure) for name, figure in summary(overlaps, groups).items()}


def _borders(verdicts: Sequence[Verdict]) -> dict[str, object]:
    distances = [item.apart or NOT_APART for item in verdicts]
    return {
        "border_mean_px": told(mean([item.mean_px for item in distances], groups_in(verdicts))),
        "border_p95_px": told(mean([item.far_px for item in distances], groups_in(verdicts))),
        "border_images": sum(item.apart is not None for item in verdicts),
    }


def _hit(item: Verdict) -> float:
    return float(item.ulcer.both > 0) if item.ulcer.truth else float("nan")
