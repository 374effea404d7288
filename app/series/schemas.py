"""Series on the wire."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from app.captures.schemas import State


class SeriesItem(BaseModel):
    """One photograph in an ulcer's series."""

    ulcer_id: str
    subject_code: str = Field(examples=["LYO-001"])
    site_code: str = Field(examples=["LYO"])
    visit_code: str = Field(examples=["w4"])
    day: int = Field(description="Days since the baseline: of the photograph if known, else of the visit.")
    capture_id: str
    state: State
    accepted: bool = Field(description="Whether this photograph counts for its visit.")
    area_mm2: float | None
    u_area_mm2: float | None = Field(description="Standard uncertainty.")
    epithelialisation_percent: float | None
    epithelialisation_method: Literal["footprint", "area"] | None
    verdict: Literal["smaller", "larger", "cannot tell"] | None
    percent_area_reduction: float | None
    linear_healing_rate_mm_per_day: float | None = Field(description="Gilman's, since the baseline.")
    new_ulceration_mm2: float | None = Field(description="Open outside the baseline footprint.")
    elsewhere_mm2: float | None = Field(description="Open on the digit beside this ulcer.")
    parts: int | None = Field(description="Separate parts of this ulcer.")
    merged: bool | None = Field(description="Grown into another known ulcer of the digit.")
    model: str | None
    version: str | None


class SeriesPage(BaseModel):
    """Rows that changed since the cursor, in the order of their changes."""

    items: list[SeriesItem]
    next_cursor: str | None = Field(description="For the rows that follow, now or later.")


class EndpointOut(BaseModel):
    """One endpoint of one ulcer, from the machine's series."""

    ulcer_id: str
    subject_code: str
    site_code: str
    rule: str = Field(examples=["closed_w16"])
    rule_version: int
    reached: bool
    after_day: int | None = Field(description="Last day known not to have reached it.")
    by_day: int | None = Field(description="First day known to have reached it; null when not reached.")
