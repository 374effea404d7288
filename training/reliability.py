"""Whether a probability of 0.7 is right seven times in ten: pixels tallied by their logit, and the error."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

FloatArray = NDArray[np.float64]

BINS = 15
"""Bins of the expected calibration error, each with an equal share of the pixels (15 as in Guo 2017)."""

CELL = 0.01
"""Width of a cell of logits: a probability moves by at most 0.0025 within it."""

LARGEST_LOGIT = 17.0
"""Single precision tells no probability from 1 beyond it."""

LOGITS: FloatArray = np.arange(-LARGEST_LOGIT, LARGEST_LOGIT, CELL) + CELL / 2
"""Middles of the cells."""


@dataclass(frozen=True)
class Tally:
    """Labelled pixels by the logit that the network gave them.

    Attributes
    ----------
    ulcer, other : NDArray[np.float64], shape (len(LOGITS),)
        Pixels, or their weights, that are ulcer and that are not.
    """

    ulcer: FloatArray
    other: FloatArray

    @classmethod
    def of(cls, probability: NDArray[np.floating], truth: NDArray[np.bool_]) -> Tally:
        """Tally pixels of weight one.

        Parameters
        ----------
        probability : NDArray, any shape
            0 to 1.
        truth : NDArray[np.bool_], of that shape
            Whether the pixel is ulcer.
        """
        with np.errstate(divide="ignore"):
            place = (logit(probability.astype(np.float64)) + LARGEST_LOGIT) / CELL
        cells = np.clip(place, 0, len(LOGITS) - 1).astype(np.intp)
        ulcer, other = (np.bincount(cells[which], minlength=len(LOGITS)) for which in (truth, ~truth))
        return cls(ulcer.astype(np.float64), other.astype(np.float64))

    @property
    def mass(self) -> FloatArray:
        """Weight in every cell."""
        return self.ulcer + self.other

    def weighing(self, weight: float) -> Tally:
        """The same pixels, scaled so that together they have this weight; empty ones stay empty."""
        total = float(self.mass.sum())
        factor = weight / total if total else 0.0
        return Tally(self.ulcer * factor, self.other * factor)


def together(tallies: Iterable[Tally]) -> Tally:
    """All pixels of several tallies."""
    kept = list(tallies)
    empty = np.zeros(len(LOGITS))
    return Tally(sum((item.ulcer for item in kept), empty), sum((item.other for item in kept), empty))


@dataclass(frozen=True)
class Reliability:
    """What was said and what was true, bin by bin.

    Attributes
    ----------
    said : NDArray[np.float64], shape (n,)
        Mean probability of a bin's pixels.
    true : NDArray[np.float64], shape (n,)
        Share of them that are ulcer.
    share : NDArray[np.float64], shape (n,)
        The bin's share of all pixels.
    """

    said: FloatArray
    true: FloatArray
    share: FloatArray

    @property
    def error(self) -> float:
        """Expected calibration error: mean difference of what is said and what is true; NaN if empty."""
        if not len(self.share):
            return float("nan")
        return float((self.share * np.abs(self.said - self.true)).sum())


def reliability(tally: Tally, scale: float = 1.0, offset: float = 0.0, bins: int = BINS) -> Reliability:
    """Bins of equal mass, as nearly as whole cells allow.

    Parameters
    ----------
    tally : Tally
        Pixels.
    scale, offset : float
        Every logit z is read as scale · z + offset, the scale above 0.
    bins : int
        How many; fewer come back where many pixels share one logit.
    """
    mass = tally.mass
    total = float(mass.sum())
    if not total:
        return Reliability(np.empty(0), np.empty(0), np.empty(0))
    middle = (np.cumsum(mass) - mass / 2) / total
    number = np.minimum((middle * bins).astype(np.intp), bins - 1)
    weight, said, true = (
        np.bincount(number, weights=values, minlength=bins)
        for values in (mass, mass * expit(scale * LOGITS + offset), tally.ulcer)
    )
    shown = weight > 0
    return Reliability(said[shown] / weight[shown], true[shown] / weight[shown], weight[shown] / total)
