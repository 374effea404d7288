"""A site's phantom shots on a control chart: single values with 3-sigma limits, and long runs on one side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

SIGMAS = 3.0
"""Shewhart's limits: of points under control, about one in 370 lies outside (Montgomery 2013, 6.4)."""

MOVING_RANGE_D2 = 1.128
"""Mean range of two values of a normal distribution with standard deviation 1 (Montgomery 2013, app. VI)."""

FIRST_SHOTS = 8
"""Shots that set centre and limits: two months of weekly shots, and later drift does not widen them."""

LEAST_SD_PERCENT = 0.25
"""Standard deviation below which no site is taken to be: limits from shots that happen to agree would cry
wolf. Rendered prints scatter by 0.09 % (benchmarks/reference_disc.py); real paper and phones scatter more, by
how much has not been measured, and three times that is allowed for (own choice)."""

MOST_OFF_PERCENT = 3.0
"""Deviation from the true area that is told whatever the chart says: a site that was off from its first shot
has its centre there. Three times the 1 % of an area that the check bar's tolerance leaves, as when a card was
printed at 98.5 % and its slip at 100 %."""

RUN = 8
"""Shots in a row on one side of the centre: by chance once in 128 (Montgomery 2013, 5.3.3)."""

Signal = Literal["beyond_limits", "far_off", "run"]


@dataclass(frozen=True)
class DriftPoint:
    """One shot: its deviation from the true area, and what the chart says of it."""

    deviation_percent: float
    signals: tuple[Signal, ...]


@dataclass(frozen=True)
class DriftChart:
    """A site's chart.

    Attributes
    ----------
    centre_percent, lower_percent, upper_percent : float or None
        Centre and limits; None without a shot.
    points : tuple of DriftPoint
        In the order given.
    """

    centre_percent: float | None
    lower_percent: float | None
    upper_percent: float | None
    points: tuple[DriftPoint, ...]


def drift_chart(deviations_percent: Sequence[float]) -> DriftChart:
    """Chart a site's shots, in the order in which they were taken.

    Centre: mean of the first `FIRST_SHOTS`. Limits: 3 standard deviations, which the mean range of
    neighbours among those gives (individuals chart: Montgomery 2013, 6.4), at least `LEAST_SD_PERCENT`.
    """
    if not deviations_percent:
        return DriftChart(None, None, None, ())
    first = deviations_percent[:FIRST_SHOTS]
    centre, half = sum(first) / len(first), SIGMAS * _sd_percent(first)
    lower, upper = centre - half, centre + half
    points, run = [], 0
    for value in deviations_percent:
        side = (value > centre) - (value < centre)
        run = run + side if run * side >= 0 and side else side
        signals: list[Signal] = []
        if not lower <= value <= upper:
            signals.append("beyond_limits")
        if abs(value) > MOST_OFF_PERCENT:
            signals.append("far_off")
        if abs(run) >= RUN:
            signals.append("run")
        points.append(DriftPoint(value, tuple(signals)))
    return DriftChart(centre, lower, upper, tuple(points))


def _sd_percent(values: Sequence[float]) -> float:
    ranges = [abs(after - before) for before, after in pairwise(values)]
    mean = sum(ranges) / len(ranges) if ranges else 0.0
    return max(mean / MOVING_RANGE_D2, LEAST_SD_PERCENT)
