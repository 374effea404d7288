"""Captures on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field, computed_field

from app.domain.healing import minimal_detectable_change_mm2
from calibration.pose import PoseName
from calibration.surface import SurfaceKind
from calibration.uncertainty import COVERAGE_FACTOR

State = Literal["received", "measuring", "measured", "refused", "failed"]


class Receipt(BaseModel):
    """The service's word that it holds a photograph, on disk and in the audit trail."""

    id: str = Field(examples=["5f0c2d6e8b1a4c7f9e3d2b1a0c9f8e7d"])
    sha256: str
    size_bytes: int
    received_at: datetime
    state: State


class CriterionOut(BaseModel):
    """One criterion of the capture gate, in the unit that its code names."""

    code: str = Field(examples=["tilt_deg"])
    value: float | None
    limit: float | None
    passed: bool
    fr: str
    en: str


class MeasurementOut(BaseModel):
    """What was measured; lengths in mm, areas in mm² on the digit's surface, u a standard uncertainty."""

    area_mm2: float = Field(examples=[11.6])
    u_area_mm2: float = Field(examples=[0.4])
    perimeter_mm: float
    length_mm: float
    width_mm: float
    obliquity_deg: float | None
    digit_width_mm: float
    tilt_deg: float
    distance_mm: float
    scale_px_per_mm: float
    pose: PoseName
    surface: SurfaceKind = Field(
        description="The area lies on the digit's fitted surface (`revolution`), on that of its straight end"
        " where it is bent (`distal`), or on a plane at a stated height: its sides are not trusted (`plane`)."
    )
    budget: dict[str, float] = Field(
        description="Standard uncertainty of the area by component, mm².",
        examples=[{"border": 0.33, "focal length": 0.12, "digit height": 0.04}],
    )
    epithelialisation_percent: float | None
    epithelialisation_method: Literal["footprint", "area"] | None
    new_ulceration_mm2: float | None = Field(description="Open outside the baseline footprint.")
    registration_quality: float | None = Field(
        description="Correlation of the skin round the footprint with the baseline's, −1 to 1."
    )
    percent_area_reduction: float | None
    linear_healing_rate_mm_per_day: float | None = Field(
        description="Gilman's: area lost by mean perimeter and day since the baseline; negative grows."
    )
    verdict: Literal["smaller", "larger", "cannot tell"] | None
    elsewhere_mm2: float | None = Field(
        description="Open on the digit beside this ulcer, not in its area; null until there is a baseline."
    )
    parts: int | None = Field(description="Separate parts of this ulcer, whose areas are summed.")
    split: bool | None = Field(description="More parts than at the baseline.")
    merged: bool | None = Field(
        description="Grown into another known ulcer: shared out to the nearer baseline footprint."
    )
    has_comparison: bool = Field(description="Whether there is a picture with the baseline's outline.")
    model: str
    version: str

    @computed_field(description="Component of the uncertainty budget that weighs most.")  # type: ignore[prop-decorator]
    @property
    def dominant_component(self) -> str | None:
        """The largest of `budget`."""
        return max(self.budget, key=lambda name: self.budget[name]) if self.budget else None

    @computed_field(description="Expanded uncertainty of the area, k = 2, mm².")  # type: ignore[prop-decorator]
    @property
    def expanded_u_area_mm2(self) -> float:
        """JCGM 100, 6.2."""
        return COVERAGE_FACTOR * self.u_area_mm2

    @computed_field(  # type: ignore[prop-decorator]
        description="Least change of this area that would show against another as uncertain (95 %), mm²."
    )
    @property
    def minimal_detectable_change_mm2(self) -> float:
        """The verdicts' rule."""
        return minimal_detectable_change_mm2(self.u_area_mm2, self.u_area_mm2)


class CaptureOut(BaseModel):
    """A photograph received, and what became of it."""

    id: str
    ulcer_id: str
    visit_code: str
    state: State
    received_at: datetime
    size_bytes: int
    print_lot: str | None = Field(description="Measured print run of the card; null: nominal colours.")
    quality: list[CriterionOut]
    measurement: MeasurementOut | None = Field(
        description="Null until measured, and for site staff when the protocol hides areas from them."
    )
    accepted: bool = Field(
        description="Whether this photograph counts for its visit: the first one measured."
    )
