"""Visit notes on the wire; no free text anywhere, for it could name a person."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.studies.schemas import VISIT_QUESTIONS, Code

OutOfWindowReason = Literal["patient_unavailable", "illness", "travel", "site_closed", "other"]
Drainage = Literal["none", "serous", "bloody", "purulent"]
Complication = Literal["none", "infection", "gangrene", "amputation", "hospitalisation", "other"]


class VisitNote(BaseModel):
    """What was noted of one ulcer at one visit; null where a question was not asked or not answered."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ulcer_id: str
    visit_code: Code = Field(examples=["w4"])
    taken_at: AwareDatetime = Field(
        description="By the tablet's clock and zone: its date is held against the visit's window."
    )
    out_of_window_reason: OutOfWindowReason | None = None
    pain: Annotated[int, Field(ge=0, le=10, strict=True)] | None = Field(
        None, description="Numeric rating scale: 0 none, 10 the worst that can be imagined."
    )
    dressing_removed: bool | None = None
    drainage: Drainage | None = None
    infection_signs: bool | None = None
    complication: Complication | None = None

    @property
    def answered(self) -> frozenset[str]:
        """The questions with an answer."""
        return frozenset(name for name in VISIT_QUESTIONS if getattr(self, name) is not None)


class VisitNoteOut(BaseModel):
    """A visit note as stored."""

    id: str
    ulcer_id: str
    visit_code: str
    taken_at: datetime
    taken_on: date
    out_of_window_reason: OutOfWindowReason | None
    pain: int | None
    dressing_removed: bool | None
    drainage: Drainage | None
    infection_signs: bool | None
    complication: Complication | None
    recorded_at: datetime
