"""One visit of an ulcer against its baseline, the digit's other ulcers told apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.domain.footprint import Footprint
from app.domain.healing import (
    Healing,
    Verdict,
    by_area,
    epithelialisation,
    linear_healing_rate,
    percent_area_reduction,
    verdict,
)
from app.domain.parts import (
    Mask,
    Parts,
    baseline_parts,
    borders,
    later_parts,
    perimeter_mm,
    unclaimed_parts,
)
from app.domain.planimetry import DETECTION_SD_MM2
from app.domain.registration import UNRECOGNISED, Registration, register

LEAST_ON_GRID = 0.85
"""Share of the measured area that the grid must hold; its cells alone differ from it by a few percent."""


@dataclass(frozen=True)
class Visit:
    """What one photograph left behind: everything that is open on the digit, as measured together."""

    footprint: Footprint
    area_mm2: float
    u_area_mm2: float
    perimeter_mm: float

    @property
    def is_whole(self) -> bool:
        """Whether the grid holds what was measured: an ulcer near the hand may reach beyond its end, and
        what is left on it tells nothing of the rest."""
        return self.footprint.area_mm2 >= LEAST_ON_GRID * self.area_mm2


@dataclass(frozen=True)
class Lesion:
    """An ulcer at its baseline: the visit with the ulcer's own parts alone open, and those parts."""

    visit: Visit
    parts: Parts


@dataclass(frozen=True)
class Comparison:
    """A visit against the baseline.

    Attributes
    ----------
    own : Visit
        Of the ulcer's own parts.
    elsewhere_mm2 : float
        Open on the digit beside them: other ulcers and new ones.
    parts : int
        Separate parts of the ulcer.
    split, merged : bool
        More parts than at the baseline; a part covers another ulcer's footprint as well.
    healing : Healing or None
        None where the baseline was not open.
    registration : Registration
        Of the baseline's skin.
    baseline_rings_px : tuple of NDArray[np.float64], each of shape (n, 2)
        The baseline's borders in the visit's picture for readers; none for the baseline itself, nor where its
        skin was not found again.
    verdict : {"smaller", "larger", "cannot tell"} or None
        None for the baseline itself.
    percent_area_reduction, linear_healing_rate_mm_per_day : float or None
        None where the baseline was not open; the rate also where no day has passed.
    """

    own: Visit
    elsewhere_mm2: float
    parts: int
    split: bool
    merged: bool
    healing: Healing | None
    registration: Registration
    baseline_rings_px: tuple[NDArray[np.float64], ...]
    verdict: Verdict | None
    percent_area_reduction: float | None
    linear_healing_rate_mm_per_day: float | None


def lesions(baselines: Sequence[tuple[Visit, str | None]]) -> list[Lesion]:
    """Tell the ulcers of one digit at their baselines.

    Parameters
    ----------
    baselines : sequence of (Visit, phalanx)
        In the order in which they were photographed: what one ulcer has claimed is not the next one's. The
        phalanx is None where the hand map does not say.
    """
    found: list[Lesion] = []
    for visit, phalanx in baselines:
        grid = visit.footprint
        known = phalanx if grid.chart == "unrolled" else None
        parts = baseline_parts(grid, _carried(found, grid), known)
        found.append(Lesion(_of_parts(visit, parts), parts))
    return found


def whole_lesion(visit: Visit) -> Lesion:
    """Everything open on a visit as one ulcer."""
    opened = visit.footprint.open
    nothing = np.zeros_like(opened)
    return Lesion(visit, Parts(opened, nothing, nothing, 1, merged=False))


def compare(lesion: Lesion, later: Visit, neighbours: Sequence[Lesion], days: int) -> Comparison:
    """Follow an ulcer to a later visit.

    Parameters
    ----------
    lesion : Lesion
        At the baseline.
    later : Visit
        Everything open on the digit.
    neighbours : sequence of Lesion
        The digit's other ulcers at their baselines.
    days : int
        Between the two.
    """
    baseline = lesion.visit
    registration = register(baseline.footprint, later.footprint)
    others = _carried(neighbours, later.footprint)
    opened = later.footprint.open
    followed = baseline.is_whole and later.is_whole
    if followed and registration.is_believed:
        parts = later_parts(later.footprint, registration.carried(baseline.footprint.open), others)
    else:
        parts = unclaimed_parts(opened, others)
    own = _of_parts(later, parts)
    new_mm2 = later.footprint.area_of(parts.new)
    healing = reduction = rate = None
    if baseline.area_mm2 > 0:
        reduction = percent_area_reduction(baseline.area_mm2, own.area_mm2)
        healing = (
            epithelialisation(baseline.footprint, own.footprint, registration, own.area_mm2, new_mm2)
            if followed
            else by_area(baseline.area_mm2, own.area_mm2, registration.quality)
        )
        mean_mm = (baseline.perimeter_mm + own.perimeter_mm) / 2
        if days > 0 and mean_mm > 0:
            rate = linear_healing_rate(baseline.area_mm2, own.area_mm2, mean_mm, days)
    return Comparison(
        own=own,
        elsewhere_mm2=later.footprint.area_of(parts.elsewhere),
        parts=parts.count,
        split=parts.count > max(lesion.parts.count, 1),
        merged=parts.merged,
        healing=healing,
        registration=registration,
        baseline_rings_px=_laid_over(baseline.footprint, registration, later.footprint),
        verdict=verdict(baseline.area_mm2, baseline.u_area_mm2, own.area_mm2, own.u_area_mm2),
        percent_area_reduction=reduction,
        linear_healing_rate_mm_per_day=rate,
    )


def at_baseline(lesion: Lesion) -> Comparison:
    """The baseline against itself: by definition, not by registering a photograph with itself."""
    opened = lesion.visit.area_mm2 > 0
    return Comparison(
        own=lesion.visit,
        elsewhere_mm2=lesion.visit.footprint.area_of(lesion.parts.elsewhere),
        parts=lesion.parts.count,
        split=False,
        merged=False,
        healing=Healing(0.0, "footprint", None, 1.0) if opened else None,
        registration=UNRECOGNISED,
        baseline_rings_px=(),
        verdict=None,
        percent_area_reduction=0.0 if opened else None,
        linear_healing_rate_mm_per_day=None,
    )


def _laid_over(
    baseline: Footprint, registration: Registration, later: Footprint
) -> tuple[NDArray[np.float64], ...]:
    """The baseline's borders, carried onto the later visit's skin, as its picture shows them."""
    if not registration.is_believed or not later.places_px.size:
        return ()
    matrix = registration.matrix
    rings = [ring @ matrix[:, :2].T + matrix[:, 2] for ring in borders(baseline.open)]
    return tuple(later.in_picture(ring) for ring in rings)


def _carried(others: Sequence[Lesion], onto: Footprint) -> list[Mask]:
    """Other ulcers' footprints on this visit's grid, where their skin is found again."""
    found = [(register(other.visit.footprint, onto), other) for other in others]
    return [
        registration.carried(other.visit.footprint.open)
        for registration, other in found
        if registration.is_believed
    ]


def _of_parts(visit: Visit, parts: Parts) -> Visit:
    """The share of a visit that falls to an ulcer's own parts.

    Areas and perimeters as measured, shared out as the grid's cells tell. The uncertainty falls with the root
    of the share: that of a border goes with its length, every other component faster.
    """
    whole = visit.footprint
    footprint = replace(whole, open=parts.own)
    if not parts.elsewhere.any() or not visit.is_whole:
        return replace(visit, footprint=footprint)
    if not parts.own.any():
        return Visit(footprint, 0.0, DETECTION_SD_MM2, 0.0)
    share = footprint.area_mm2 / whole.area_mm2
    border = perimeter_mm(parts.own) / perimeter_mm(whole.open)
    return Visit(
        footprint, visit.area_mm2 * share, visit.u_area_mm2 * math.sqrt(share), visit.perimeter_mm * border
    )
