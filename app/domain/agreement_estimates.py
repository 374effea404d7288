"""How a statistic of the reading room is told: its value, its 95 % interval, its n, and a word on both."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

CONFIDENCE = 0.95
"""Of every interval of the reading room."""

TAIL = (1 + CONFIDENCE) / 2
"""Probability below the upper end of a two-sided interval."""

Z = float(special.ndtri(TAIL))
"""Standard normal deviate of that end: 1.96."""

RESAMPLES = 2000
"""Of a bootstrap: its 2.5 % and 97.5 % points then rest on 50 resamples each (Efron & Tibshirani 1993, ch.
14, ask for 1000 and more)."""

SEED = 1979
"""Of the bootstrap. Any number does; a fixed one shows the same interval each time the page is opened."""

DRAWN_AT_ONCE = 2**17
"""Cases drawn into memory together: a megabyte of indices."""

FEWEST_RESAMPLED = 5
"""From five cases there are 126 different resamples; below, their 2.5 % point is one of the cases
themselves."""

Note = Literal["estimated", "too_few", "one_category", "all_agree", "no_spread"]
"""What may be said of an estimate, as the page's key for a sentence.

`estimated`: value and interval stand. `too_few`: not enough reads, for the value or for its interval.
`one_category`: a reader used one category only, so chance alone explains all agreement there is. `all_agree`:
the reads agree without exception, and an interval that rests on their scatter has no width. `no_spread`:
nothing varies, between the cases or between the reads, and there is nothing to divide by.
"""


@dataclass(frozen=True)
class Estimate:
    """One statistic.

    Attributes
    ----------
    value : float or None
        None where the reads do not give it.
    interval : (float, float) or None
        95 %, lower end first; None where the reads do not give it.
    n : int
        What it rests on: cases, or reads where the statistic says so.
    note : {"estimated", "too_few", "one_category", "all_agree", "no_spread"}
        See `Note`.
    """

    value: float | None
    interval: tuple[float, float] | None
    n: int
    note: Note

    @classmethod
    def of(cls, value: float, interval: tuple[float, float], n: int) -> Estimate:
        """With its interval."""
        return cls(float(value), (float(interval[0]), float(interval[1])), n, "estimated")

    @classmethod
    def cut(cls, value: float, low: float, high: float, n: int) -> Estimate:
        """With its interval cut at −1 and 1, but where the value itself lies beyond.

        Of very few cases an ICC, and Gwet's weighted coefficient, may be less than −1.
        """
        return cls.of(value, (min(max(low, -1.0), value), max(min(high, 1.0), value)), n)

    @classmethod
    def bare(cls, value: float, n: int, note: Note) -> Estimate:
        """Without an interval, and why."""
        return cls(float(value), None, n, note)

    @classmethod
    def missing(cls, n: int, note: Note = "too_few") -> Estimate:
        """Not told, and why."""
        return cls(None, None, n, note)

    def exponentiated(self) -> Estimate:
        """The same on the scale of ratios, for a statistic of logarithms."""
        if self.value is None:
            return self
        ends = None if self.interval is None else (math.exp(self.interval[0]), math.exp(self.interval[1]))
        return Estimate(math.exp(self.value), ends, self.n, self.note)


def share(hits: int, n: int) -> Estimate:
    """`hits` of `n` with Wilson's score interval, which keeps within 0 and 1 and has width at both ends
    (Wilson 1927; Newcombe 1998, Stat Med 17:857, method 3).

    Raises
    ------
    ValueError
        If there are more hits than tries, or fewer than none.
    """
    if not 0 <= hits <= n:
        raise ValueError(f"{hits} of {n} is no share")
    if n == 0:
        return Estimate.missing(0)
    p = hits / n
    middle = (p + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z * math.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2)) / (1 + Z**2 / n)
    low = 0.0 if hits == 0 else middle - half
    high = 1.0 if hits == n else middle + half
    return Estimate.of(p, (low, high), n)


def ratio_of_sums(numerators: NDArray[np.float64], denominators: NDArray[np.float64]) -> Estimate:
    """Σ numerators / Σ denominators with the percentile interval of a seeded bootstrap over cases (Efron &
    Tibshirani 1993, ch. 13), the same in whatever order the cases come. A mean is the ratio with denominators
    of 1.

    Parameters
    ----------
    numerators, denominators : NDArray[np.float64], shape (n,)
        One pair for each case; denominators positive.

    Raises
    ------
    ValueError
        If a denominator is not positive.
    """
    n = len(numerators)
    if np.any(denominators <= 0):
        raise ValueError("denominators must be positive")
    if n == 0:
        return Estimate.missing(0)
    value = float(numerators.sum() / denominators.sum())
    if n < FEWEST_RESAMPLED:
        return Estimate.bare(value, n, "too_few")
    order = np.lexsort((denominators, numerators))
    numerators, denominators = numerators[order], denominators[order]
    draw = np.random.default_rng(SEED)
    ratios = np.empty(RESAMPLES)
    at_once = max(1, DRAWN_AT_ONCE // n)
    for i in range(0, RESAMPLES, at_once):
        chosen = draw.integers(0, n, (min(at_once, RESAMPLES - i), n))
        ratios[i : i + at_once] = numerators[chosen].sum(axis=1) / denominators[chosen].sum(axis=1)
    low, high = np.quantile(ratios, [1 - TAIL, TAIL])
    return Estimate.of(value, (low, high), n)
