"""What a member of the reading committee, or the pipeline, receives: these fields and no others."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Verdict = Literal["smaller", "larger", "cannot tell"]


class Strict(BaseModel):
    """Refuses what it does not know."""

    model_config = ConfigDict(extra="forbid")


class ValuesOut(Strict):
    """An area and its healing against the baseline."""

    area_mm2: float | None = Field(examples=[11.6])
    u_area_mm2: float | None = Field(examples=[0.41])
    epithelialisation_percent: float | None = Field(examples=[37.5])
    verdict: Verdict | None = Field(description="Against the baseline.")


class AgreementOut(Strict):
    """How the primary readers agreed."""

    categories_agree: bool
    area_difference_percent: float | None = Field(description="Of the mean of two open reads.")
    dice: float | None = Field(description="Of two open reads' outlines.")


class AssessmentOut(Strict):
    """One blinded healing assessment; areas in mm², u a standard uncertainty.

    The values are the readers' once the timepoint is final, and the machine's until then; the machine's stand
    beside them in `machine`.
    """

    case_code: str = Field(examples=["0b9f6d5c4e3a2b1c0d9e8f7a6b5c4d3e"])
    status: Literal["measured", "read"]
    source: Literal["machine", "readers"] = Field(description="Whose values these are.")
    category: Literal["open", "closed", "not_assessable"] | None = Field(description="The readers'.")
    area_mm2: float | None = Field(examples=[11.6], description="None where not assessable.")
    u_area_mm2: float | None = Field(examples=[0.41])
    epithelialisation_percent: float | None = Field(examples=[37.5])
    verdict: Verdict | None = Field(description="Against the baseline.")
    machine: ValuesOut
    adjudicated: bool | None
    agreement: AgreementOut | None
    overlay_url: str = Field(examples=["/v1/assessments/0b9f6d5c4e3a2b1c0d9e8f7a6b5c4d3e/overlay"])
    comparison_url: str | None = Field(
        description="The same with the baseline's outline dashed; null where its skin was not found again.",
        examples=["/v1/assessments/0b9f6d5c4e3a2b1c0d9e8f7a6b5c4d3e/comparison"],
    )
    model: str
    version: str
    assessment_version: int | None = Field(description="One more each time the timepoint was read again.")
    charter_version: int | None = Field(description="Of the protocol under which it was read.")


class AssessmentPage(Strict):
    """Cases in this account's own random order."""

    items: list[AssessmentOut]
    next_cursor: str | None
