"""Healing as readers see it: their outlines of a visit against their outlines of the baseline.

Two concordant readers give two outlines each. Every outline of the visit is held against every outline of the
baseline on the skin that registration found again, and the mean is taken: a union of outlines would make
every ulcer large, an intersection small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from statistics import fmean

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.footprint import PLACE_STEP, Footprint
from app.domain.healing import Method, Verdict, epithelialisation, percent_area_reduction, verdict
from app.domain.planimetry import DETECTION_SD_MM2
from app.domain.reading_rules import Category
from app.domain.registration import register
from app.domain.skin_map import Ring, share_of_picture

Outline = Sequence[Ring]


@dataclass(frozen=True)
class ReadVisit:
    """A final read of one visit.

    Attributes
    ----------
    category : {"open", "closed", "not_assessable"}
    area_mm2, u_area_mm2 : float or None
        Of the final; None where not assessable.
    outlines : tuple of Outline
        In pixels of the readers' picture: each reader's, or the adjudicator's alone; none when closed.
    footprint : Footprint
        The machine's of the same photograph: where each place of the skin lies in the picture.
    picture_px : tuple of int
        Height and width of the picture.
    """

    category: Category
    area_mm2: float | None
    u_area_mm2: float | None
    outlines: tuple[Outline, ...]
    footprint: Footprint
    picture_px: tuple[int, int]

    def drawn(self) -> list[Footprint]:
        """The footprint with each outline open in the machine's place."""
        return [
            replace(self.footprint, open=open_cells(self.footprint, outline, self.picture_px))
            for outline in self.outlines
        ]


@dataclass(frozen=True)
class ReadHealing:
    """A read visit against the read baseline; `method` as in `app.domain.healing.Healing`."""

    epithelialisation_percent: float
    method: Method
    percent_area_reduction: float
    verdict: Verdict


def open_cells(footprint: Footprint, outline: Outline, picture_px: tuple[int, int]) -> NDArray[np.bool_]:
    """Cells of the digit's own grid that lie within an outline drawn on the readers' picture."""
    inside = share_of_picture(outline, picture_px).astype(np.float32)
    rows, columns = footprint.open.shape
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32) / np.float32(PLACE_STEP)
    places = cv2.remap(footprint.places_px, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    share = cv2.remap(inside, places[..., 0], places[..., 1], cv2.INTER_LINEAR)
    return np.asarray((share > 0.5) & (footprint.texture > 0))  # noqa: PLR2004  (the border of a mask)


def read_healing(baseline: ReadVisit, later: ReadVisit) -> ReadHealing | None:
    """Healing from one final read to another.

    Returns
    -------
    ReadHealing or None
        None where one of the two is not assessable, or the baseline was not open.
    """
    if baseline.category != "open" or baseline.area_mm2 is None or later.area_mm2 is None:
        return None
    change = verdict(baseline.area_mm2, _known(baseline), later.area_mm2, _known(later))
    reduction = percent_area_reduction(baseline.area_mm2, later.area_mm2)
    if later.category == "closed":
        return ReadHealing(100.0, "footprint", reduction, change)
    percent = _epithelialised(baseline.drawn(), later.drawn(), later.area_mm2)
    if percent is None:
        return ReadHealing(reduction, "area", reduction, change)
    return ReadHealing(percent, "footprint", reduction, change)


def _known(visit: ReadVisit) -> float:
    """Standard uncertainty of a read area; of a closed ulcer's that of the smallest finding."""
    return DETECTION_SD_MM2 if visit.u_area_mm2 is None else visit.u_area_mm2


def _epithelialised(baselines: list[Footprint], laters: list[Footprint], area_mm2: float) -> float | None:
    """Mean over all pairs of outlines, per cent; None where the skin was not found again."""
    drawn = [one for one in baselines if one.open.any()]
    if not drawn or not laters:
        return None
    together = np.logical_or.reduce([one.open for one in drawn])
    registration = register(replace(drawn[0], open=together), laters[0])
    if not registration.is_believed:
        return None
    return fmean(
        epithelialisation(one, other, registration, area_mm2).epithelialisation_percent
        for one, other in product(drawn, laters)
    )
