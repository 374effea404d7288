"""What readers and adjudicators send and receive: these fields and no others.

Pictures and outlines are in pixels of the case's own picture, which is cut otherwise for every case.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

MOST_CORNERS = 3000
"""Of all lines of a drawing together: a corner a pixel round the largest ulcers."""

MOST_LINES = 60

FARTHEST_PX = 10_000.0

Coordinate = Annotated[float, Field(ge=-FARTHEST_PX, le=FARTHEST_PX, allow_inf_nan=False)]
Line = list[tuple[Coordinate, Coordinate]]

Category = Literal["open", "closed", "not_assessable"]
State = Literal["queued", "opened", "drafted", "locked"]


class Strict(BaseModel):
    """Refuses what it does not know."""

    model_config = ConfigDict(extra="forbid")


class TissueShares(Strict):
    """What covers the open ulcer, in per cent, as the reader sees it."""

    granulation: int = Field(ge=0, le=100)
    fibrin: int = Field(ge=0, le=100)
    necrosis: int = Field(ge=0, le=100)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.granulation + self.fibrin + self.necrosis != 100:  # noqa: PLR2004  (per cent)
            raise ValueError("the shares of tissue make 100 %")
        return self


class DraftIn(Strict):
    """A drawing and what is said of it; may be incomplete until it is signed."""

    number: int = Field(ge=1, description="One more than the draft it builds on: another tab cannot undo it.")
    category: Category | None = None
    rings: list[Line] = Field([], max_length=MOST_LINES, description="Closed lines; a hole is a line too.")
    reason: str | None = Field(None, max_length=40)
    confidence: int | None = Field(None, ge=1, le=5)
    tissue: TissueShares | None = None
    choice: Literal["A", "B", "drawn"] | None = Field(None, description="Of an adjudicator.")

    @model_validator(mode="after")
    def _not_too_long(self) -> Self:
        if sum(len(line) for line in self.rings) > MOST_CORNERS:
            raise ValueError(f"a drawing has at most {MOST_CORNERS} corners")
        return self


class SignatureIn(Strict):
    """The password again, and that its meaning was read."""

    password: str = Field(min_length=1, max_length=200)
    second_factor: str | None = Field(None, max_length=20)
    meaning_accepted: Literal[True]
    number: int | None = Field(
        None, ge=1, description="Of the draft that is signed: another one is not signed unseen."
    )


class OwnIn(Strict):
    """Which outline stands."""

    number: int | None = Field(
        None, ge=1, description="Of the draft that stands: another one does not stand unseen."
    )


class DraftOut(Strict):
    """The last draft, or the locked read."""

    number: int
    category: Category | None
    rings: list[Line]
    reason: str | None
    confidence: int | None
    tissue: TissueShares | None
    choice: Literal["A", "B", "drawn"] | None
    area_mm2: float | None = Field(description="Only where the charter shows it.")
    u_area_mm2: float | None


class SideOut(Strict):
    """One of the two reads that an adjudicator judges between."""

    category: Category
    rings: list[Line]
    reason: str | None
    area_mm2: float | None


class ReasonOut(Strict):
    """Why a photograph may be not assessable."""

    code: str
    label_fr: str
    label_en: str


class AsksOut(Strict):
    """What the charter asks and shows."""

    confidence: bool
    tissue: bool
    area_shown: bool
    machine_outline: Literal["hidden", "after_own", "shown"]
    reasons: list[ReasonOut]


class PictureOut(Strict):
    """The case's picture."""

    url: str
    width_px: int
    height_px: int
    scale_px_per_mm: float


class CaseOut(Strict):
    """One case as its reader sees it."""

    code: str
    state: State
    picture: PictureOut
    asks: AsksOut
    draft: DraftOut | None
    own_stands: bool
    machine_rings: list[Line] | None = Field(description="Where and when the charter shows them.")
    sides: dict[Literal["A", "B"], SideOut] | None = Field(description="For an adjudicator.")
    meaning_fr: str
    meaning_en: str


class QueueOut(Strict):
    """The reader's own progress, and the case to go on with."""

    total: int
    locked: int
    drafted: int
    next_code: str | None
    started: list[str] = Field(description="Codes of cases that were opened and are not locked.")


class LockOut(Strict):
    """The signature, and what comes next."""

    code: str
    signed_at: str
    sha256: str
    key_id: str
    signature: str
    next_code: str | None


class ReopeningIn(Strict):
    """Why a final timepoint is read again."""

    reason: str = Field(min_length=1, max_length=2000)


class VisitProgress(Strict):
    """One site at one visit."""

    site_code: str
    visit_code: str
    expected: int = Field(description="Ulcers whose visit has come.")
    received: int
    accepted: int
    read: int = Field(description="Final.")


class ReaderProgress(Strict):
    """One reader, by a number that stands for nobody by name."""

    reader: str
    cases: int
    locked: int


class ProgressOut(Strict):
    """How far a study's reading has come."""

    timepoints: int = Field(description="Accepted and readable.")
    reading: int
    adjudication: int
    final: int
    reopened: int
    visits: list[VisitProgress]
    readers: list[ReaderProgress]


class VoidSignature(Strict):
    """A read whose signature does not hold any more."""

    code: str
    capture_id: str
    why: Literal["missing", "content_altered", "not_signed_by_this_key", "record_altered"]


class SignaturesOut(Strict):
    """All signatures of a study, checked."""

    checked: int
    void: list[VoidSignature]
