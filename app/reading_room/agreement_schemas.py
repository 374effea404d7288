"""What the data manager's page receives of the readers' agreement: statistics and marks to draw, no
identifier."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.domain.agreement import Agreement, OwnAgreement, PairAgreement
from app.domain.agreement_areas import Limits
from app.domain.agreement_categories import CATEGORIES, Category
from app.domain.agreement_estimates import Estimate, Note
from app.domain.p_chart import ChartPoint
from app.domain.reader_disagreement import Disagreement

MARK_DECIMALS = 3
"""Of marks on charts: a thousandth of a square millimetre is finer than a screen draws."""

ReaderLabel = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,3}$")]
"""A number that stands for a reader: no name, user name or key of a row passes."""


class Told(BaseModel):
    """Nothing but what is declared, and no number that is none."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class EstimateOut(Told):
    """One statistic with its 95 % interval."""

    value: float | None = Field(description="null where the reads do not give it; `note` says why.")
    low: float | None
    high: float | None
    n: int = Field(description="Cases or reads it rests on.")
    note: Note = Field(description="Key of the sentence that the page says of it.")

    @classmethod
    def of(cls, estimate: Estimate) -> EstimateOut:
        """As the rules tell it."""
        low, high = estimate.interval or (None, None)
        return cls(value=estimate.value, low=low, high=high, n=estimate.n, note=estimate.note)


class MarkOut(Told):
    """One case on a Bland–Altman plot."""

    mean_mm2: float = Field(description="Mean of the two areas; geometric where ratios are drawn.")
    apart: float = Field(description="Difference in mm², or ratio: first reader against second.")


class LimitsOut(Told):
    """Bland and Altman's comparison, as differences in mm² or as ratios."""

    bias: EstimateOut
    lower: EstimateOut
    upper: EstimateOut
    marks: list[MarkOut] = Field(description="By rising mean, whatever the order of the cases.")

    @classmethod
    def of(cls, limits: Limits) -> LimitsOut:
        """As the rules tell it."""
        return cls(
            bias=EstimateOut.of(limits.bias),
            lower=EstimateOut.of(limits.lower),
            upper=EstimateOut.of(limits.upper),
            marks=[
                MarkOut(mean_mm2=round(mean, MARK_DECIMALS), apart=round(apart, MARK_DECIMALS))
                for mean, apart in limits.points
            ],
        )


class PairOut(Told):
    """Two readers on the cases that both read."""

    readers: tuple[ReaderLabel, ReaderLabel]
    counts: list[list[int]] = Field(description="First reader's category by row, second's by column.")
    observed: EstimateOut
    kappa: EstimateOut
    kappa_linear: EstimateOut
    kappa_quadratic: EstimateOut
    ac1: EstimateOut
    ac2_linear: EstimateOut
    ac2_quadratic: EstimateOut
    icc: EstimateOut
    differences: LimitsOut
    ratios: LimitsOut
    dice: EstimateOut
    dice_bins: list[int] = Field(description="Cases by Dice, in even bins from 0 to 1.")

    @classmethod
    def of(cls, pair: PairAgreement) -> PairOut:
        """As the rules tell it."""
        categories = pair.categories
        return cls(
            readers=pair.readers,
            counts=[list(row) for row in categories.counts],
            observed=EstimateOut.of(categories.observed),
            kappa=EstimateOut.of(categories.kappa),
            kappa_linear=EstimateOut.of(categories.kappa_linear),
            kappa_quadratic=EstimateOut.of(categories.kappa_quadratic),
            ac1=EstimateOut.of(categories.ac1),
            ac2_linear=EstimateOut.of(categories.ac2_linear),
            ac2_quadratic=EstimateOut.of(categories.ac2_quadratic),
            icc=EstimateOut.of(pair.areas.icc),
            differences=LimitsOut.of(pair.areas.limits_mm2),
            ratios=LimitsOut.of(pair.areas.ratio_limits),
            dice=EstimateOut.of(pair.outlines.mean),
            dice_bins=list(pair.outlines.bins),
        )


class ReaderOut(Told):
    """One reader: repeats, adjudication, disagreement index, shift toward the machine."""

    reader: ReaderLabel
    repeat_observed: EstimateOut
    repeat_kappa_quadratic: EstimateOut
    repeat_ac1: EstimateOut
    repeat_icc: EstimateOut
    repeatability_mm2: EstimateOut
    repeatability_ratio: EstimateOut
    adjudicated: EstimateOut
    adjudicated_lower_limit: float | None = Field(description="Control limit for this reader's own n.")
    adjudicated_upper_limit: float | None
    out_of_control: bool
    disagreement: EstimateOut = Field(description="Reader Disagreement Index, as a share of cases read.")
    disagreement_of_adjudicated: EstimateOut
    disagreement_others: float | None = Field(description="Index of all other readers together.")
    stands_out: bool | None = Field(description="Above mean + 1 SD of all readers; null below three readers.")
    shift_area: EstimateOut = Field(description="0: kept the own outline, 1: took the machine's.")
    shift_dice: EstimateOut

    @classmethod
    def of(cls, own: OwnAgreement, point: ChartPoint, index: Disagreement) -> ReaderOut:
        """As the rules tell it."""
        return cls(
            reader=own.reader,
            repeat_observed=EstimateOut.of(own.repeat_categories.observed),
            repeat_kappa_quadratic=EstimateOut.of(own.repeat_categories.kappa_quadratic),
            repeat_ac1=EstimateOut.of(own.repeat_categories.ac1),
            repeat_icc=EstimateOut.of(own.repeat_areas.icc),
            repeatability_mm2=EstimateOut.of(own.repeat_areas.repeatability_mm2),
            repeatability_ratio=EstimateOut.of(own.repeat_areas.repeatability_ratio),
            adjudicated=EstimateOut.of(point.share),
            adjudicated_lower_limit=point.lower,
            adjudicated_upper_limit=point.upper,
            out_of_control=point.out_of_control,
            disagreement=EstimateOut.of(index.index),
            disagreement_of_adjudicated=EstimateOut.of(index.of_adjudicated),
            disagreement_others=index.others,
            stands_out=index.stands_out,
            shift_area=EstimateOut.of(own.shift.area),
            shift_dice=EstimateOut.of(own.shift.dice),
        )


class AgreementOut(Told):
    """A study's readers."""

    cases: int = Field(description="Read by two readers at least.")
    categories: list[Category] = Field(description="Order of rows and columns of `counts`.")
    adjudication_centre: float | None = Field(description="Centre line of the p-chart.")
    pairs: list[PairOut]
    readers: list[ReaderOut]

    @classmethod
    def of(cls, agreement: Agreement) -> AgreementOut:
        """As the rules tell it."""
        rows = zip(agreement.own, agreement.adjudication.points, agreement.disagreement, strict=True)
        return cls(
            cases=agreement.cases,
            categories=list(CATEGORIES),
            adjudication_centre=agreement.adjudication.centre,
            pairs=[PairOut.of(pair) for pair in agreement.pairs],
            readers=[ReaderOut.of(*row) for row in rows],
        )
