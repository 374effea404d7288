"""Curves as pictures: training, and how reliable probabilities are."""

from __future__ import annotations

import csv
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt

from training.reliability import Reliability


def draw_curves(log: Path, picture: Path) -> None:
    """Draw loss over steps, and the selection score where the run looked at it.

    Parameters
    ----------
    log : Path
        CSV written by `training.fit`.
    picture : Path
        PNG to write.
    """
    with log.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    scored = [row for row in rows if row["select_score"]]
    panels = 2 if scored else 1
    figure, axes = plt.subplots(1, panels, figsize=(4.5 * panels, 3.2), layout="constrained", squeeze=False)
    left, right = axes[0, 0], axes[0, -1]
    left.plot([int(row["step"]) for row in rows], [float(row["loss"]) for row in rows], linewidth=0.8)
    left.set(xlabel="step", ylabel="loss of the batch", yscale="log")
    if scored:
        scores = [float(row["select_score"]) for row in scored]
        right.plot([int(row["step"]) for row in scored], scores, marker=".")
        right.set(xlabel="step", ylabel="score on the selection part")
    figure.savefig(picture, dpi=110)
    plt.close(figure)


def draw_reliability(sets: dict[str, tuple[Reliability, Reliability]], picture: Path) -> None:
    """Draw what is true over what is said, for each set of pictures before and after a temperature.

    Parameters
    ----------
    sets : dict of str to (Reliability, Reliability)
        By the set's name; sets without pixels are left out.
    picture : Path
        PNG to write.
    """
    shown = {title: pair for title, pair in sets.items() if len(pair[0].share)}
    figure, row = plt.subplots(
        1, max(1, len(shown)), figsize=(3.1 * max(1, len(shown)), 3.4), layout="constrained", squeeze=False
    )
    for axes, (title, pair) in zip(row[0], shown.items(), strict=False):
        axes.plot([0, 1], [0, 1], color="0.6", linewidth=0.8)
        for label, colour, found in zip(("before", "after"), ("#1f77b4", "#e8590c"), pair, strict=True):
            line = f"{label}: error {found.error:.3f}"
            axes.plot(found.said, found.true, marker="o", markersize=3, color=colour, label=line)
        axes.set(title=title, xlabel="probability of ulcer", xlim=(0, 1), ylim=(0, 1), aspect="equal")
        axes.legend(fontsize=8, frameon=False, loc="upper left")
    row[0, 0].set_ylabel("share that is ulcer, border band")
    figure.savefig(picture, dpi=110)
    plt.close(figure)
