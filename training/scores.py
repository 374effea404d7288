"""Dice and IoU, by image and pooled, with bootstrap intervals over groups of photographs."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

BOOTSTRAP_DRAWS = 2000
"""Resamplings for an interval; its ends then move by less than 0.002 from seed to seed."""

BOOTSTRAP_SEED = 7

INTERVAL_PERCENT = (2.5, 97.5)
"""Ends of a 95 % interval among the resamplings."""

Figure = tuple[float, float, float]
"""A value with the lower and upper end of its 95 % interval; NaN where there is nothing to tell."""

NO_FIGURE: Figure = (float("nan"),) * 3


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

    @property
    def area_bias(self) -> float:
        """Found over true area, minus 1; NaN where the truth is empty."""
        return self.found / self.truth - 1 if self.truth else float("nan")


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


def ratio(numerators: ArrayLike, denominators: ArrayLike, groups: Sequence[Hashable] | None = None) -> Figure:
    """Sum of the images' numerators over the sum of their denominators, with its bootstrap interval.

    Parameters
    ----------
    numerators, denominators : array_like, shape (n,)
        Of each image.
    groups : sequence of length n, optional
        Images of one group (one patient's photographs, say) are drawn together: they are alike, and drawn
        apart they would make the interval too narrow. Each image is its own group if left out.

    Returns
    -------
    (float, float, float)
        As `Figure`; `NO_FIGURE` where the denominators sum to zero.
    """
    above, below = np.asarray(numerators, dtype=np.float64), np.asarray(denominators, dtype=np.float64)
    if not below.sum():
        return NO_FIGURE
    above, below = (_by_group(values, groups) for values in (above, below))
    draws = np.random.default_rng(BOOTSTRAP_SEED).integers(len(below), size=(BOOTSTRAP_DRAWS, len(below)))
    drawn_above, drawn_below = above[draws].sum(axis=1), below[draws].sum(axis=1)
    drawn = drawn_above[drawn_below != 0] / drawn_below[drawn_below != 0]
    low, high = np.percentile(drawn, INTERVAL_PERCENT).tolist()
    return float(above.sum() / below.sum()), low, high


def mean(values: ArrayLike, groups: Sequence[Hashable] | None = None) -> Figure:
    """Mean of the images' values, those that are NaN left out, with its interval as in `ratio`."""
    array = np.asarray(values, dtype=np.float64)
    told = np.isfinite(array)
    return ratio(np.where(told, array, 0.0), told, groups)


def _by_group(values: NDArray[np.float64], groups: Sequence[Hashable] | None) -> NDArray[np.float64]:
    """Sums over groups, in the order in which the groups first come."""
    if groups is None:
        return values
    number = {group: position for position, group in enumerate(dict.fromkeys(groups))}
    sums = np.bincount([number[group] for group in groups], weights=values)
    return np.asarray(sums, dtype=np.float64)


def summary(overlaps: list[Overlap], groups: Sequence[Hashable] | None = None) -> dict[str, Figure]:
    """Image-mean and pooled figures, each with its bootstrap 95 % interval.

    Parameters
    ----------
    overlaps : list of Overlap
        Counts of each image.
    groups : sequence, optional
        As in `ratio`.

    Returns
    -------
    dict of str to Figure
        dice_image_mean, dice_image_mean_shown (only images whose truth is not empty), dice_pooled,
        iou_image_mean, iou_pooled, area_bias_mean (mean over images of found over true area, minus 1; images
        whose truth is empty left out), area_bias_pooled (all found over all true area, minus 1).
    """
    both, truth, found = np.array([(item.both, item.truth, item.found) for item in overlaps], float).T
    dice = np.array([item.dice for item in overlaps])
    return {
        "dice_image_mean": mean(dice, groups),
        "dice_image_mean_shown": mean(np.where(truth > 0, dice, np.nan), groups),
        "dice_pooled": ratio(2 * both, truth + found, groups),
        "iou_image_mean": mean([item.iou for item in overlaps], groups),
        "iou_pooled": ratio(both, truth + found - both, groups),
        "area_bias_mean": mean([item.area_bias for item in overlaps], groups),
        "area_bias_pooled": ratio(found - truth, truth, groups),
    }
