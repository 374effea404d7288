"""One ulcer over time: epithelialisation of its baseline footprint, reduction, verdicts between visits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.footprint import GRID_PX_PER_MM, Footprint
from app.domain.registration import Registration

MINIMUM_CONFIDENCE_Z = 1.96
"""Two areas differ when their difference exceeds 1.96 combined standard uncertainties (95 %)."""

BORDER_MM = 0.3
"""Within this of the baseline's border, gained and lost cells are set off against each other before either
counts: borders found twice on the same ulcer differ by 0.1 to 0.2 mm, and so do registrations (own phantoms).
Counted as they are, such cells would make every ulcer heal, for a share of what is open can only be lost."""

Verdict = Literal["smaller", "larger", "cannot tell"]
Method = Literal["footprint", "area"]


@dataclass(frozen=True)
class Healing:
    """A later visit against the baseline.

    Attributes
    ----------
    epithelialisation_percent : float
        Share of the baseline footprint that is no longer open, or the percent area reduction when `method`
        is `area`, 0 where the ulcer grew: of a footprint no less than nothing can have closed.
    method : {"footprint", "area"}
        Which of the two it is.
    new_ulceration_mm2 : float or None
        Open area outside the footprint, other known ulcers left out; None when the footprint could not be
        laid over.
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


def epithelialisation(
    baseline: Footprint,
    later: Footprint,
    registration: Registration,
    later_area_mm2: float,
    new_mm2: float = 0.0,
) -> Healing:
    """Share of the baseline footprint that a later visit no longer finds open.

    Parameters
    ----------
    baseline, later : Footprint
        Of the two visits, the ulcer's own parts open.
    registration : Registration
        Of the two.
    later_area_mm2 : float
        Measured area of the later visit: 0 needs no registration.
    new_mm2 : float
        Open area of no known ulcer.

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
    quality = registration.quality
    if later_area_mm2 == 0:
        return Healing(100.0, "footprint", new_mm2, 1.0 if new_mm2 == 0 else quality)
    if not registration.is_believed:
        return by_area(open_mm2, later_area_mm2, quality)
    lost_mm2, gained_mm2 = _lost_and_gained(baseline, registration.moved_back(later.open))
    return Healing(100.0 * min(lost_mm2 / open_mm2, 1.0), "footprint", gained_mm2 + new_mm2, quality)


def by_area(baseline_mm2: float, later_mm2: float, quality: float) -> Healing:
    """What stands in where the baseline's skin was not found again."""
    return Healing(max(percent_area_reduction(baseline_mm2, later_mm2), 0.0), "area", None, quality)


def _lost_and_gained(baseline: Footprint, moved: NDArray[np.float32]) -> tuple[float, float]:
    """Area no longer open within the footprint, and area open outside of it, the border's share set off."""
    weight = baseline.weight.astype(np.float64) / GRID_PX_PER_MM**2
    inside = baseline.open.astype(np.float32)
    lost, gained = (np.maximum(part, 0.0) * weight for part in (inside - moved, moved - inside))
    within, beyond = (
        cv2.distanceTransform(side.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
        for side in (baseline.open, ~baseline.open)
    )
    near = np.maximum(within, beyond) <= BORDER_MM * GRID_PX_PER_MM
    set_off = min(float(lost[near].sum()), float(gained[near].sum()))
    # What is set off was summed in another order: rounding must not leave less than nothing.
    return max(float(lost.sum()) - set_off, 0.0), max(float(gained.sum()) - set_off, 0.0)
