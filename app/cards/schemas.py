"""Card prints and phantom shots on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.captures.schemas import CriterionOut
from app.domain.site_drift import Signal
from app.studies.schemas import Code

ShotState = Literal["measured", "refused"]


class NewCardPrint(BaseModel):
    """A printed sheet whose check bar was measured with a ruler."""

    model_config = ConfigDict(extra="forbid")

    site_code: Code = Field(examples=["LYO"])
    printer: str = Field(
        min_length=1,
        max_length=80,
        pattern=r"^\S",
        description="What the site calls the printer.",
        examples=["Ward 3"],
    )
    check_bar_mm: float = Field(ge=50, le=200, examples=[100.0])
    print_lot: Code | None = Field(None, description="One of the study's, where the patches were measured.")


class CardPrintOut(BaseModel):
    """A print that may be used."""

    id: str
    site_code: str
    printer: str
    check_bar_mm: float
    print_lot: str | None
    confirmed_at: datetime


class PhantomShotOut(BaseModel):
    """A photograph of the reference slip in the card's slot, and what it gave."""

    id: str
    site_code: str
    taken_at: datetime
    received_at: datetime
    state: ShotState
    area_mm2: float | None = Field(description="Null where refused.")
    true_area_mm2: float = Field(examples=[50.0])
    deviation_percent: float | None = Field(description="Of the area from the true one; null where refused.")
    quality: list[CriterionOut]


class DriftPointOut(BaseModel):
    """One measured shot on its site's control chart."""

    shot_id: str
    taken_at: datetime
    deviation_percent: float
    signals: list[Signal]


class SiteDrift(BaseModel):
    """A site's control chart; see app.domain.site_drift for its rules."""

    site_code: str
    site_name: str
    centre_percent: float | None
    lower_percent: float | None
    upper_percent: float | None
    points: list[DriftPointOut]
    refused: int = Field(description="Shots that were not measured.")
    next_due_on: date | None = Field(
        description="When the protocol wants the next one; null where it asks for none, or there is none yet."
    )
