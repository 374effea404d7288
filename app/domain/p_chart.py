"""A p-chart: shares of unequal samples round their common share, with 3-sigma limits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.agreement_estimates import Estimate, share

SIGMAS = 3.0
"""Shewhart's limits: of points under control, about one in 370 lies outside (Montgomery 2013, ch. 7)."""


@dataclass(frozen=True)
class Sample:
    """`hits` of `n` under one label."""

    label: str
    hits: int
    n: int


@dataclass(frozen=True)
class ChartPoint:
    """One sample on the chart.

    Attributes
    ----------
    label : str
        As given.
    hits : int
        Of `share.n`.
    share : Estimate
        With Wilson's interval.
    lower, upper : float or None
        Control limits for this sample's size, cut at 0 and 1; None for a sample of none.
    out_of_control : bool
        Whether the share lies outside its limits.
    """

    label: str
    hits: int
    share: Estimate
    lower: float | None
    upper: float | None
    out_of_control: bool


@dataclass(frozen=True)
class PChart:
    """The chart.

    Attributes
    ----------
    centre : float or None
        Share of all samples together; None when they are empty.
    points : tuple of ChartPoint
        In the order given.
    """

    centre: float | None
    points: tuple[ChartPoint, ...]


def p_chart(samples: Sequence[Sample]) -> PChart:
    """Chart the samples: centre line p̄ = Σ hits / Σ n, limits p̄ ± 3 √(p̄ (1 − p̄) / n) for each sample's
    own n (Shewhart 1931; Montgomery 2013, Introduction to Statistical Quality Control, 7.2).

    Raises
    ------
    ValueError
        If a sample has more hits than tries, or fewer than none.
    """
    shares = [share(sample.hits, sample.n) for sample in samples]
    total = sum(sample.n for sample in samples)
    centre = sum(sample.hits for sample in samples) / total if total else None
    points = (_point(sample, told, centre) for sample, told in zip(samples, shares, strict=True))
    return PChart(centre, tuple(points))


def _point(sample: Sample, told: Estimate, centre: float | None) -> ChartPoint:
    if centre is None or told.value is None:
        return ChartPoint(sample.label, sample.hits, told, None, None, False)
    half = SIGMAS * math.sqrt(centre * (1 - centre) / sample.n)
    lower, upper = max(0.0, centre - half), min(1.0, centre + half)
    return ChartPoint(sample.label, sample.hits, told, lower, upper, not lower <= told.value <= upper)
