"""The training curves as a picture."""

from __future__ import annotations

import csv
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt


def draw_curves(log: Path, picture: Path) -> None:
    """Draw loss and selection score over steps.

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
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2), layout="constrained")
    left.plot([int(row["step"]) for row in rows], [float(row["loss"]) for row in rows], linewidth=0.8)
    left.set(xlabel="step", ylabel="loss of the batch", yscale="log")
    right.plot(
        [int(row["step"]) for row in scored], [float(row["select_score"]) for row in scored], marker="."
    )
    right.set(xlabel="step", ylabel="score on the selection part")
    figure.savefig(picture, dpi=110)
    plt.close(figure)
