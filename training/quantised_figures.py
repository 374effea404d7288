"""What quantised weights cost: how their outlines and areas differ from those they were made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich import box
from rich.table import Table

from models.segmenter import Segmenter
from training.exams import Exam
from training.labels import UNLABELLED
from training.scores import image_mean_dice, overlap


@dataclass(frozen=True)
class Figures:
    """Exact against quantised weights over the pictures of a set.

    Attributes
    ----------
    pictures : int
    dice_exact, dice_quantised : float
        Image-mean Dice against the truth.
    dice_between : float
        Image-mean Dice of the quantised outline against the exact one.
    area_bias : float
        Area that the quantised weights find in all over that of the exact ones, minus 1.
    worst_area_change : float
        Largest change of a picture's area, as a share of it, where the exact weights find `LEAST_AREA_PX` or
        more.
    agreement : float
        Share of all pixels on which both decide alike.
    """

    pictures: int
    dice_exact: float
    dice_quantised: float
    dice_between: float
    area_bias: float
    worst_area_change: float
    agreement: float


LEAST_AREA_PX = 200
"""Smaller areas (2 mm² on a reading image) change by large shares for a few pixels."""


def compare(exact: Segmenter, quantised: Segmenter, exams: Sequence[Exam]) -> Figures:
    """Run both over pictures with a truth.

    Parameters
    ----------
    exact, quantised : Segmenter
        With the same threshold.
    exams : sequence of Exam
        Pictures and what is known of them.
    """
    rows = [_masks(exact, quantised, exam) for exam in exams]
    areas = np.array([(one.sum(), other.sum()) for one, other in rows], dtype=np.float64)
    large = areas[:, 0] >= LEAST_AREA_PX
    return Figures(
        pictures=len(rows),
        dice_exact=_dice([one for one, _ in rows], exams),
        dice_quantised=_dice([other for _, other in rows], exams),
        dice_between=image_mean_dice([overlap(other, one) for one, other in rows]),
        area_bias=float(areas[:, 1].sum() / areas[:, 0].sum() - 1),
        worst_area_change=float(np.abs(areas[large, 1] / areas[large, 0] - 1).max(initial=0.0)),
        agreement=float(np.mean([(one == other).mean() for one, other in rows])),
    )


def _dice(found: Sequence[NDArray[np.bool_]], exams: Sequence[Exam]) -> float:
    """Image-mean Dice against the truth, where it is known."""
    labels = [exam.labels[..., 0] for exam in exams]
    return image_mean_dice(
        [overlap(mask, label == 1, label != UNLABELLED) for mask, label in zip(found, labels, strict=True)]
    )


def _masks(exact: Segmenter, quantised: Segmenter, exam: Exam) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    one, other = (each.segment(exam.rgb).open_ulcer(each.weights.counting) for each in (exact, quantised))
    return one, other


def figures_table(sets: Mapping[str, Figures]) -> Table:
    """For people: a row for each set of pictures."""
    table = Table(box=box.SIMPLE_HEAD, title="Selection part", title_justify="left")
    table.add_column("")
    headings = (
        "pictures", "Dice fp32", "Dice int8", "int8 to fp32: Dice", "area", "largest change", "pixels alike",
    )  # fmt: skip
    for heading in headings:
        table.add_column(heading, justify="right")
    for name, row in sets.items():
        table.add_row(
            name,
            f"{row.pictures}",
            f"{row.dice_exact:.4f}",
            f"{row.dice_quantised:.4f}",
            f"{row.dice_between:.4f}",
            f"{row.area_bias:+.2%}",
            f"{row.worst_area_change:.1%}",
            f"{row.agreement:.3%}",
        )
    return table
