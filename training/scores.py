"""Dice and IoU, by image and pooled, with bootstrap intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BOOTSTRAP_DRAWS = 2000
"""Resamplings of the images for an interval; its ends then move by less than 0.002 from seed to seed."""

BOOTSTRAP_SEED = 7


@dataclass(frozen=True)
class Overlap:
    """Pixel counts of one image: in both masks, in the truth, in the prediction."""

    both: int
    truth: int
    found: int

    @property
    def dice(self) -> float:
        """Dice; where truth and prediction are both empty, 1; where only one is, 0."""
        total = self.truth + self.found
        return 2 * self.both / total if total else 1.0

    @property
    def iou(self) -> float:
        """Intersection over union; both empty, 1."""
        union = self.truth + self.found - self.both
        return self.both / union if union else 1.0


def overlap(
    found: NDArray[np.bool_], truth: NDArray[np.bool_], known: NDArray[np.bool_] | None = None
) -> Overlap:
    """Counts over the labelled pixels of one image.

    Parameters
    ----------
    found, truth : NDArray[np.bool_], shape (H, W)
        Predicted and true mask.
    known : NDArray[np.bool_], shape (H, W), optional
        Where the truth is known; everywhere if left out.
    """
    if known is not None:
        found, truth = found & known, truth & known
    return Overlap(int((found & truth).sum()), int(truth.sum()), int(found.sum()))


def image_mean_dice(overlaps: list[Overlap]) -> float:
    """Mean of the images' Dice."""
    return float(np.mean([item.dice for item in overlaps]))


def summary(overlaps: list[Overlap]) -> dict[str, tuple[float, float, float]]:
    """Image-mean and pooled figures, each with its bootstrap 95 % interval over images.

    Returns
    -------
    dict of str to (float, float, float)
        Value, lower and upper end of dice_image_mean, dice_image_mean_shown (only images whose truth is not
        empty), dice_pooled, iou_image_mean, iou_pooled, area_bias (found over true area in all, minus 1).
    """
    counts = np.array([(item.both, item.truth, item.found) for item in overlaps], dtype=np.float64)
    each = np.array([(item.dice, item.iou) for item in overlaps])
    draws = np.random.default_rng(BOOTSTRAP_SEED).integers(
        len(overlaps), size=(BOOTSTRAP_DRAWS, len(overlaps))
    )
    value = _figures(counts, each)
    drawn = [_figures(counts[draw], each[draw]) for draw in draws]
    return {
        name: (value[name], *np.nanpercentile([figures[name] for figures in drawn], (2.5, 97.5)).tolist())
        for name in value
    }


def _figures(counts: NDArray[np.float64], each: NDArray[np.float64]) -> dict[str, float]:
    both, truth, found = counts.sum(axis=0)
    shown = counts[:, 1] > 0
    nothing = float("nan")
    return {
        "dice_image_mean": float(each[:, 0].mean()),
        "dice_image_mean_shown": float(each[shown, 0].mean()) if shown.any() else nothing,
        "dice_pooled": 2 * both / (truth + found) if truth + found else 1.0,
        "iou_image_mean": float(each[:, 1].mean()),
        "iou_pooled": both / (truth + found - both) if truth + found else 1.0,
        "area_bias": found / truth - 1 if truth else nothing,
    }
