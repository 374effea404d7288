"""Subjects and ulcers on the wire."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.studies.schemas import Code
from calibration.pose import PoseName

Hand = Literal["left", "right"]
Digit = Literal["thumb", "index", "middle", "ring", "little"]
Phalanx = Literal["distal", "middle", "proximal"]
Surface = Literal["pulp", "tip", "palmar", "dorsal", "periungual"]
Side = Literal["radial", "central", "ulnar"]


class NewSubject(BaseModel):
    """A subject to enrol, by pseudonym."""

    model_config = ConfigDict(extra="forbid")

    site_code: Code = Field(examples=["LYO"])
    subject_code: Code = Field(examples=["LYO-001"])
    baseline_on: date = Field(examples=["2026-01-05"])


class SubjectOut(BaseModel):
    """A subject."""

    id: str
    study_id: str
    site_code: str
    subject_code: str
    baseline_on: date


class Eligibility(BaseModel):
    """The trial's questions about an ulcer."""

    model_config = ConfigDict(extra="forbid")

    ischaemic: bool
    distal_to_pip: bool
    over_calcification: bool
    over_bone_relief: bool
    infected: bool
    weeks_of_standard_care: float = Field(ge=0, le=520, examples=[10.0])


class NewUlcer(BaseModel):
    """An ulcer on the hand map, with the trial's questions answered."""

    model_config = ConfigDict(extra="forbid")

    code: Code | None = Field(None, description="U1, U2, … when left out.", examples=["U1"])
    hand: Hand
    digit: Digit
    phalanx: Phalanx
    surface: Surface
    side: Side = "central"
    onset_on: date | None = None
    eligibility: Eligibility


class Unmet(BaseModel):
    """A criterion that an ulcer does not meet."""

    code: str
    fr: str
    en: str


class Timepoint(BaseModel):
    """One visit of an ulcer: the photograph that counts, or the last one sent."""

    visit_code: str
    due_on: date
    window_from: date
    window_to: date = Field(description="Last day of the window; both days belong to it.")
    capture_id: str | None
    state: str | None


class UlcerOut(BaseModel):
    """An ulcer and its visits."""

    id: str
    subject_code: str
    site_code: str
    code: str
    hand: Hand
    digit: Digit
    phalanx: Phalanx
    surface: Surface
    side: Side
    pose: PoseName
    eligible: bool
    ineligible_because: list[Unmet]
    timepoints: list[Timepoint]
