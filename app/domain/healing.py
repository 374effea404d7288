"""One ulcer over time: epithelialisation of its baseline footprint, reduction, verdicts between visits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.domain.footprint import GRID_PX_PER_MM, Footprint, moved_back, register

MINIMUM_CONFIDENCE_Z = 1.96
"""Two areas differ when their difference exceeds 1.96 combined standard uncertainties (95 %)."""

Verdict = Literal["smaller", "larger", "cannot tell"]
Method = Literal["footprint", "area"]


@dataclass(frozen=True)
class Healing:
    """A later visit against the baseline.

    Attributes
    ----------
    epithelialisation_percent : float
        Share of the baseline footprint that is no longer open, or the percent area reduction when `method`
        is `area`.
    method : {"footprint", "area"}
        Which of the two it is.
    new_ulceration_mm2 : float or None
        Open area outside the footprint; None when the footprint could not be laid over.
    registration_quality : float
        Correlation of the skin round the footprint, −1 to 1; 1 for the baseline itself.
    """

    epithelialisation_percent: float
    method: Method
    new_ulceration_mm2: float | None
    registration_quality: float


def minimal_detectable_change_mm2(u_1_mm2: float, u_2_mm2: float) -> float:
    """Difference of two areas from which chance no longer explains it (95 %)."""
    return MINIMUM_CONFIDENCE_Z * math.hypot(u_1_mm2, u_2_mm2)


def verdict(area_1_mm2: float, u_1_mm2: float, area_2_mm2: float, u_2_mm2: float) -> Verdict:
    """Whether the second area differs from the first by more than their uncertainties explain."""
    band = minimal_detectable_change_mm2(u_1_mm2, u_2_mm2)
    if area_2_mm2 - area_1_mm2 > band:
        return "larger"
    if area_1_mm2 - area_2_mm2 > band:
        return "smaller"
    return "cannot tell"


def percent_area_reduction(baseline_mm2: float, later_mm2: float) -> float:
    """100 (A0 − At) / A0.

    Raises
    ------
    ValueError
        If the baseline is not open.
    """
    if baseline_mm2 <= 0:
        raise ValueError("a baseline without open area has no percent area reduction")
    return 100.0 * (baseline_mm2 - later_mm2) / baseline_mm2


def linear_healing_rate(
    baseline_mm2: float, later_mm2: float, mean_perimeter_mm: float, days: float
) -> float:
    """Gilman's linear rate: (A0 − At) / mean perimeter / days, in mm per day (Gilman 1990, Wounds 2:95).

    Raises
    ------
    ValueError
        If the perimeter or the time is not positive.
    """
    if mean_perimeter_mm <= 0 or days <= 0:
        raise ValueError("perimeter and time must be positive")
    return (baseline_mm2 - later_mm2) / mean_perimeter_mm / days


def epithelialisation(baseline: Footprint, later: Footprint, later_area_mm2: float) -> Healing:
    """Share of the baseline footprint that a later visit no longer finds open.

    Parameters
    ----------
    baseline, later : Footprint
        Of the two visits.
    later_area_mm2 : float
        Measured area of the later visit: 0 needs no registration.

    Returns
    -------
    Healing
        With method `area` when the skin round the footprint could not be recognised.

    Raises
    ------
    ValueError
        If the baseline is not open.
    """
    open_mm2 = baseline.area_mm2
    if open_mm2 <= 0:
        raise ValueError("a baseline without open area has no footprint")
    if later_area_mm2 == 0:
        return Healing(100.0, "footprint", 0.0, 1.0)
    shift, quality = register(baseline, later)
    if shift is None:
        return Healing(percent_area_reduction(open_mm2, later_area_mm2), "area", None, quality)
    moved = moved_back(later.open, shift)
    weight = baseline.weight.astype(np.float64) / GRID_PX_PER_MM**2
    still_open = float(((moved & baseline.open) * weight).sum())
    outside = float(((moved & ~baseline.open) * weight).sum())
    # A share: rounding must not make it less than nothing where the whole footprint is open still.
    return Healing(max(0.0, 100.0 * (1 - still_open / open_mm2)), "footprint", outside, quality)
