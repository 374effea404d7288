"""A study's protocol, as its TOML file says it, and on the wire."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from app.domain.reading_rules import Charter
from app.domain.visit_window import Window
from app.domain.visit_window import window_of as _window_of
from calibration.digit_card import DIGIT_CARD, PrintLot

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$")]


class Strict(BaseModel):
    """Refuses what it does not know: a misspelt setting must not be silently lost."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class VisitPlan(Strict):
    """A planned visit: days counted from the baseline, with its window."""

    code: Code
    label_fr: str = Field(max_length=80)
    label_en: str = Field(max_length=80)
    day: int
    window_before_days: int = Field(ge=0)
    window_after_days: int = Field(ge=0)


Channel = Annotated[float, Field(ge=0, le=255)]


class PrintLotPlan(Strict):
    """One print run of the card, as a spectrophotometer saw its patches: sRGB, 0–255, D65, fractions kept."""

    code: Code
    patches: dict[str, tuple[Channel, Channel, Channel]]

    @field_validator("patches")
    @classmethod
    def _every_patch(
        cls, patches: dict[str, tuple[float, float, float]]
    ) -> dict[str, tuple[float, float, float]]:
        wanted = {patch.id for patch in DIGIT_CARD.patches}
        if set(patches) != wanted:
            wrong = ", ".join(sorted(set(patches) ^ wanted))
            raise ValueError(f"a print lot has one value for each patch of the card, and no others: {wrong}")
        return patches

    def measured(self) -> PrintLot:
        """The lot as the colour correction takes it."""
        return PrintLot(self.code, dict(self.patches))


class SitePlan(Strict):
    """An investigating centre, and the print lot of the cards that it uses."""

    code: Code
    name: str = Field(max_length=200)
    print_lot: Code | None = None


class EpithelialisationRule(Strict):
    """How epithelialisation is computed.

    `footprint`: share of the registered baseline footprint that is no longer open; `area`, where registration
    fails: percent area reduction, and said so.
    """

    baseline_visit: Code
    method: Literal["footprint"]
    fallback: Literal["area"]


class GatePlan(Strict):
    """Limits of the capture gate (see calibration.capture_gate.GateLimits for units and sources)."""

    minimum_markers: int = Field(3, ge=3, le=6)
    maximum_tilt_deg: float = Field(30.0, gt=0, le=60)
    minimum_scale_px_per_mm: float = Field(10.0, gt=0)
    maximum_blur_mm: float = Field(0.15, gt=0)
    maximum_clipped_percent: float = Field(5.0, ge=0, le=100)
    maximum_dark_percent: float = Field(5.0, ge=0, le=100)
    maximum_obliquity_deg: float = Field(35.0, gt=0, le=60)
    minimum_even_light_percent: float = Field(40.0, ge=0, le=100)
    maximum_shade_percent: float = Field(40.0, ge=0, le=100)
    maximum_digit_blur_mm: float = Field(0.25, gt=0)
    minimum_tip_inside_mm: float = Field(4.0, ge=2)
    minimum_digit_on_card_mm: float = Field(20.0, ge=15, le=45)
    maximum_digit_aside_mm: float = Field(13.0, gt=0, le=20)
    maximum_digit_askew_deg: float = Field(30.0, gt=0, le=45)
    maximum_glare_percent: float = Field(20.0, ge=0, le=100)
    minimum_ulcer_margin_percent: float = Field(10.0, ge=0, lt=50)
    minimum_tip_distance_mm: float = Field(200.0, gt=0)
    maximum_lens_mismatch_sd: float = Field(4.0, gt=0)
    maximum_focal_sd_percent: float = Field(15.0, gt=0)
    maximum_card_bend_mm: float = Field(1.0, gt=0)


class EndpointRule(Strict):
    """One endpoint, as data: evaluated beside the others on the same series (see app.domain.endpoints)."""

    code: Code
    version: int = Field(ge=1)
    kind: Literal["closure", "confirmed_closure", "area_reduction"]
    label_fr: str = Field(max_length=120)
    label_en: str = Field(max_length=120)
    by_day: int | None = Field(None, ge=0, description="Counted when reached by this day.")
    confirm_after_days: int | None = Field(None, ge=1, description="Still closed this many days later.")
    reduction_percent: float | None = Field(None, gt=0, le=100)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.kind == "confirmed_closure") != (self.confirm_after_days is not None):
            raise ValueError("confirm_after_days belongs to confirmed_closure, and only there")
        if (self.kind == "area_reduction") != (self.reduction_percent is not None):
            raise ValueError("reduction_percent belongs to area_reduction, and only there")
        return self


class NotAssessableReason(Strict):
    """Why a photograph may be not assessable, as readers choose it."""

    code: Code
    label_fr: str = Field(max_length=80)
    label_en: str = Field(max_length=80)


DEFAULT_REASONS = (
    NotAssessableReason(code="blurred", label_fr="Floue", label_en="Blurred"),
    NotAssessableReason(code="glare", label_fr="Reflets ou lumière", label_en="Glare or light"),
    NotAssessableReason(code="covered", label_fr="Ulcère couvert", label_en="Ulcer covered"),
    NotAssessableReason(code="wrong_place", label_fr="Ulcère hors du cadre", label_en="Ulcer out of view"),
    NotAssessableReason(code="other", label_fr="Autre", label_en="Other"),
)


class ReadingCharter(Strict):
    """How the study's photographs are read (FDA, Clinical Trial Imaging Endpoint Process Standards, 2018).

    A timepoint is read to the end under the version of the protocol that was in force when its cases were
    assembled.
    """

    readers_per_case: int = Field(2, ge=2, le=4)
    hidden_repeats_percent: float = Field(
        10.0, ge=0, le=50, description="Of a reader's cases, read a second time without the reader's knowing."
    )
    discordance_area_percent: float = Field(
        30.0,
        gt=0,
        le=200,
        description="Two open reads farther apart than this, of their mean, are judged between.",
    )
    machine_outline: Literal["hidden", "after_own", "shown"] = Field(
        "hidden",
        description="Never before the lock; once the reader's own outline stands; or from the start.",
    )
    sequence: Literal["random", "locked_sequential"] = Field(
        "random",
        description="Across the whole study; or an ulcer's visits in order, each locked before the next.",
    )
    area_shown: bool = Field(False, description="Whether readers see the area of what they draw.")
    ask_confidence: bool = True
    ask_tissue: bool = False
    not_assessable_reasons: list[NotAssessableReason] = Field(list(DEFAULT_REASONS), min_length=1)

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        codes = [reason.code for reason in self.not_assessable_reasons]
        if len(set(codes)) < len(codes):
            raise ValueError("a reason's code appears twice")
        return self

    def rules(self) -> Charter:
        """What the reading rules need of it."""
        return Charter(
            readers=self.readers_per_case,
            area_limit_percent=self.discordance_area_percent,
            reasons=tuple(reason.code for reason in self.not_assessable_reasons),
            machine_outline=self.machine_outline,
            asks_confidence=self.ask_confidence,
        )


VisitQuestion = Literal["pain", "dressing_removed", "drainage", "infection_signs", "complication"]
VISIT_QUESTIONS: tuple[VisitQuestion, ...] = get_args(VisitQuestion)


class CapturePlan(Strict):
    """How photographs are taken at the sites, and what is asked beside them."""

    enrolled_tablets_only: bool = Field(
        False, description="Whether photographs are taken only from sessions opened on an enrolled tablet."
    )
    visit_questions: list[VisitQuestion] = Field(
        list(VISIT_QUESTIONS), description="Asked beside the photograph; each may be left unanswered."
    )
    phantom_shot_every_days: int | None = Field(
        None, ge=1, le=92, description="How often a site photographs the reference slip; null: not asked for."
    )
    check_bar_tolerance_mm: float = Field(
        0.5,
        gt=0,
        le=2,
        description="How far the 100 mm check bar may be off: 0.5 % of a length is 1 % of an area, as much as"
        " a flat card's own scale may err; a ruler is read to about half of it.",
    )

    @field_validator("visit_questions")
    @classmethod
    def _once_each(cls, questions: list[VisitQuestion]) -> list[VisitQuestion]:
        if len(set(questions)) < len(questions):
            raise ValueError("a question of the visit appears twice")
        return questions


class Protocol(Strict):
    """The configuration of a trial; the treatment arm has no place in it."""

    code: Code
    title_fr: str = Field(max_length=200)
    title_en: str = Field(max_length=200)
    site_staff_see_areas: bool
    sites: list[SitePlan] = Field(min_length=1)
    visits: list[VisitPlan] = Field(min_length=1)
    epithelialisation_rule: EpithelialisationRule
    gate: GatePlan = GatePlan()
    endpoint_rules: list[EndpointRule] = []
    print_lots: list[PrintLotPlan] = []
    reading_charter: ReadingCharter = ReadingCharter()
    capture: CapturePlan = CapturePlan()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for name, codes in (
            ("site", [site.code for site in self.sites]),
            ("visit", [visit.code for visit in self.visits]),
            ("endpoint rule", [rule.code for rule in self.endpoint_rules]),
            ("print lot", [lot.code for lot in self.print_lots]),
        ):
            if len(set(codes)) < len(codes):
                raise ValueError(f"a {name} code appears twice")
        days = [visit.day for visit in self.visits]
        if days != sorted(set(days)):
            raise ValueError("visits must be in the order of their days, each on a day of its own")
        if self.visit(self.epithelialisation_rule.baseline_visit) is None:
            raise ValueError("the baseline visit is not among the visits")
        for site in self.sites:
            if site.print_lot is not None and self.print_lot(site.print_lot) is None:
                raise ValueError(f"the print lot of site {site.code} is not among the print lots")
        return self

    def visit(self, code: str) -> VisitPlan | None:
        """The visit of that code."""
        return next((visit for visit in self.visits if visit.code == code), None)

    def print_lot(self, code: str) -> PrintLotPlan | None:
        """The print lot of that code."""
        return next((lot for lot in self.print_lots if lot.code == code), None)

    def lot_in_force(self, site_code: str) -> str | None:
        """Code of the print lot that a site uses; None where its cards were not measured."""
        return next((site.print_lot for site in self.sites if site.code == site_code), None)


class VisitOut(VisitPlan):
    """A planned visit."""


class StudySite(SitePlan):
    """An investigating centre."""


class Sentence(BaseModel):
    """What to do, in French and English."""

    fr: str
    en: str


class StudyOut(BaseModel):
    """A study, as far as its staff and managers see it."""

    id: str
    code: str
    title_fr: str
    title_en: str
    protocol_version: int
    visits: list[VisitOut]
    sites: list[StudySite]
    site_staff_see_areas: bool
    epithelialisation_rule: EpithelialisationRule
    gate: GatePlan
    gate_sentences: dict[str, Sentence] = Field(
        description="What to do where a criterion is not met, by code."
    )
    print_lots: list[Code] = Field(description="Measured print runs of the card that an upload may name.")
    visit_questions: list[VisitQuestion]
    phantom_shot_every_days: int | None
    check_bar_tolerance_mm: float


def window_of(baseline_on: date, visit: VisitPlan) -> Window:
    """Planned day and window of a visit."""
    return _window_of(baseline_on, visit.day, visit.window_before_days, visit.window_after_days)
