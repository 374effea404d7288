"""What a member of the reading committee receives: these fields and no others."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class AssessmentOut(BaseModel):
    """One blinded healing assessment; areas in mm², u a standard uncertainty."""

    model_config = ConfigDict(extra="forbid")

    case_code: str = Field(examples=["0b9f6d5c4e3a2b1c0d9e8f7a6b5c4d3e"])
    status: Literal["measured"]
    source: Literal["machine"] = Field(description="Whose outline: the machine's, until readers drew theirs.")
    area_mm2: float = Field(examples=[11.6])
    u_area_mm2: float = Field(examples=[0.41])
    epithelialisation_percent: float | None = Field(examples=[37.5])
    verdict: Literal["smaller", "larger", "cannot tell"] = Field(description="Against the baseline.")
    overlay_url: str = Field(examples=["/v1/assessments/0b9f6d5c4e3a2b1c0d9e8f7a6b5c4d3e/overlay"])
    comparison_url: str | None = Field(
        description="The same with the baseline's outline dashed; null where its skin was not found again.",
        examples=["/v1/assessments/0b9f6d5c4e3a2b1c0d9e8f7a6b5c4d3e/comparison"],
    )
    model: str
    version: str


class AssessmentPage(BaseModel):
    """Cases in this account's own random order."""

    model_config = ConfigDict(extra="forbid")

    items: list[AssessmentOut]
    next_cursor: str | None
