"""Every statistic of a study of reads: against a second implementation on three simulated studies, by
rule."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from app.domain.agreement import Agreement, OwnAgreement, PairAgreement, agreement
from app.domain.agreement_categories import CATEGORIES, CategoryAgreement, Weighting
from app.domain.agreement_estimates import SEED, Estimate
from app.domain.agreement_outlines import Outline
from app.domain.locked_reads import Adjudication, Read
from tests.app.domain import second_opinion as second
from tests.app.domain.reading_studies import PLANS, SMALL, Study, disc, simulated

AGREE = 1e-6
"""Absolute and relative."""


@pytest.fixture(scope="module", params=list(PLANS))
def told(request: pytest.FixtureRequest) -> tuple[Study, Agreement]:
    study = simulated(PLANS[request.param])
    return study, agreement(study.reads, study.adjudications)


def same(found: Estimate, expected: tuple[float, tuple[float, float]], n: int) -> None:
    assert found.note == "estimated"
    assert found.n == n
    assert (found.value, *(found.interval or ())) == pytest.approx(
        (expected[0], *expected[1]), rel=AGREE, abs=AGREE
    )


def first_reads(study: Study, label: str) -> dict[str, Read]:
    return {read.case: read for read in study.reads if read.reader == label and not read.repeat}


def both(study: Study, pair: PairAgreement) -> list[tuple[Read, Read]]:
    one, other = (first_reads(study, label) for label in pair.readers)
    return [(one[case], other[case]) for case in one if case in other]


def repeated(study: Study, own: OwnAgreement) -> list[tuple[Read, Read]]:
    first = first_reads(study, own.reader)
    again = [read for read in study.reads if read.reader == own.reader and read.repeat]
    return [(first[read.case], read) for read in again if read.case in first]


def areas_of(reads: Sequence[tuple[Read, Read]]) -> list[tuple[float, float]]:
    return [(a.area_mm2, b.area_mm2) for a, b in reads if a.area_mm2 is not None and b.area_mm2 is not None]


def logs_of(areas: Sequence[float]) -> list[float]:
    return [math.log(area) for area in areas]


def categories_agree(found: CategoryAgreement, reads: Sequence[tuple[Read, Read]]) -> int:
    """Compare every coefficient that can be told; how many that were."""
    pairs = [(CATEGORIES.index(a.category), CATEGORIES.index(b.category)) for a, b in reads]
    if len(pairs) < 2:
        return 0
    hits = sum(i == j for i, j in pairs)
    same(found.observed, (hits / len(pairs), second.wilson(hits, len(pairs))), len(pairs))
    assert [list(row) for row in found.counts] == [[pairs.count((i, j)) for j in range(3)] for i in range(3)]
    compared = 0
    named: list[tuple[Estimate, Estimate, Weighting]] = [
        (found.kappa, found.ac1, "plain"),
        (found.kappa_linear, found.ac2_linear, "linear"),
        (found.kappa_quadratic, found.ac2_quadratic, "quadratic"),
    ]
    for kappa, gwet, weighting in named:
        for one, of in ((kappa, second.kappa_of), (gwet, second.gwet_of)):
            if one.note != "estimated":
                one_category = min(len(set(column)) for column in zip(*pairs, strict=True)) == 1
                assert one_category if one.note == "one_category" else hits == len(pairs)
                continue
            same(one, second.coefficient(of, pairs, weighting), len(pairs))
            compared += 1
    return compared


def test_categories_agree_with_the_second_implementation(told: tuple[Study, Agreement]) -> None:
    study, found = told
    compared = [categories_agree(pair.categories, both(study, pair)) for pair in found.pairs]
    assert min(compared) >= 3  # κ of a reader who used one category only is not told, AC is
    assert max(compared) == 6
    assert sum(categories_agree(own.repeat_categories, repeated(study, own)) for own in found.own) >= 6


def test_areas_agree_with_the_second_implementation(told: tuple[Study, Agreement]) -> None:
    study, found = told
    for pair in found.pairs:
        areas = areas_of(both(study, pair))
        assert len(areas) >= 5
        same(pair.areas.icc, second.icc_agreement(areas, SEED), len(areas))
        first, other = zip(*areas, strict=True)
        plain, logs = second.limits(first, other), second.limits(logs_of(first), logs_of(other))
        for side in ("bias", "lower", "upper"):
            same(getattr(pair.areas.limits_mm2, side), plain[side], len(areas))
            value, (low, high) = logs[side]
            ratio = float(np.exp(value)), (float(np.exp(low)), float(np.exp(high)))
            same(getattr(pair.areas.ratio_limits, side), ratio, len(areas))


def test_repeats_agree_with_the_second_implementation(told: tuple[Study, Agreement]) -> None:
    study, found = told
    for own in found.own:
        areas = areas_of(repeated(study, own))
        assert len(areas) >= 3
        same(own.repeat_areas.icc, second.icc_one_way(areas), len(areas))
        first, again = zip(*areas, strict=True)
        same(own.repeat_areas.repeatability_mm2, second.repeatability(first, again), len(areas))
        value, (low, high) = second.repeatability(logs_of(first), logs_of(again))
        ratio = float(np.exp(value)), (float(np.exp(low)), float(np.exp(high)))
        same(own.repeat_areas.repeatability_ratio, ratio, len(areas))


def test_dice_agrees_with_the_second_implementation(told: tuple[Study, Agreement]) -> None:
    study, found = told
    for pair in found.pairs:
        values = [
            second.dice(
                study.masks[(a.reader, a.case, False)].final, study.masks[(b.reader, b.case, False)].final
            )
            for a, b in both(study, pair)
            if a.category == b.category == "open"
        ]
        ends = second.bootstrapped(
            [(value, 1.0) for value in values], lambda drawn: sum(v for v, _ in drawn) / len(drawn), SEED
        )
        same(pair.outlines.mean, (sum(values) / len(values), ends), len(values))
        edges = [round(i / 20 - 1e-9, 12) for i in range(20)] + [1.1]
        assert list(pair.outlines.bins) == [
            sum(low <= v < high for v in values) for low, high in pairwise(edges)
        ]


def test_shift_agrees_with_the_second_implementation(told: tuple[Study, Agreement]) -> None:
    study, found = told

    def slope(drawn: Sequence[tuple[float, float]]) -> float:
        return sum(a for a, _ in drawn) / sum(b for _, b in drawn)

    for own in found.own:
        by_area, by_dice = [], []
        for read in study.reads:
            if read.reader != own.reader or read.category != "open":
                continue
            masks = study.masks[(read.reader, read.case, read.repeat)]
            start, goal, end = (np.log(mask.sum()) for mask in (masks.first, masks.machine, masks.final))
            if goal != start:
                by_area.append(((end - start) * (goal - start), (goal - start) ** 2))
            before, after = second.dice(masks.first, masks.machine), second.dice(masks.final, masks.machine)
            if before < 1:
                by_dice.append((after - before, 1 - before))
        same(own.shift.area, (slope(by_area), second.bootstrapped(by_area, slope, SEED)), len(by_area))
        same(own.shift.dice, (slope(by_dice), second.bootstrapped(by_dice, slope, SEED)), len(by_dice))


def test_adjudication_agrees_with_counts_by_hand(told: tuple[Study, Agreement]) -> None:
    study, found = told
    read_by = {
        case: {r.reader for r in study.reads if r.case == case} for case in {r.case for r in study.reads}
    }
    complete = [case for case, readers in read_by.items() if len(readers) > 1]
    assert found.cases == len(complete)
    hits_of_all = n_of_all = 0
    for point, index in zip(found.adjudication.points, found.disagreement, strict=True):
        sent = [a for a in study.adjudications if point.label in read_by[a.case]]
        n = sum(point.label in read_by[case] for case in complete)
        same(point.share, (len(sent) / n, second.wilson(len(sent), n)), n)
        waiting = sum(not a.signed for a in sent)
        against = sum(a.signed and a.chosen != point.label for a in sent)
        read = n - waiting
        same(index.index, (against / read, second.wilson(against, read)), read)
        same(
            index.of_adjudicated,
            (against / (len(sent) - waiting), second.wilson(against, len(sent) - waiting)),
            len(sent) - waiting,
        )
        hits_of_all, n_of_all = hits_of_all + len(sent), n_of_all + n
    centre = hits_of_all / n_of_all
    assert found.adjudication.centre == pytest.approx(centre, abs=AGREE)
    for point in found.adjudication.points:
        half = 3 * (centre * (1 - centre) / point.share.n) ** 0.5
        assert (point.lower, point.upper) == pytest.approx((max(0, centre - half), min(1, centre + half)))
        assert point.out_of_control == (not centre - half <= (point.share.value or 0) <= centre + half)


def test_the_order_of_reads_changes_nothing() -> None:
    study = simulated(SMALL)
    mixed = list(study.reads)
    random.Random(5).shuffle(mixed)
    one, other = (agreement(reads, study.adjudications) for reads in (study.reads, mixed))
    assert one.pairs[0].outlines.mean.interval == pytest.approx(
        other.pairs[0].outlines.mean.interval, abs=1e-12
    )
    assert one.pairs[0].areas.icc.value == pytest.approx(other.pairs[0].areas.icc.value, abs=1e-12)
    assert one.pairs[0].categories == other.pairs[0].categories
    assert one.disagreement == other.disagreement


def test_a_study_without_reads_says_so_of_nothing() -> None:
    assert agreement([], []) == Agreement(0, (), (), agreement([], []).adjudication, ())
    assert agreement([], []).adjudication.centre is None


def test_one_reader_alone_has_no_pair_and_no_rate() -> None:
    found = agreement([Read("1", "a", False, "open", 4.0), Read("1", "b", False, "closed")], [])
    assert (found.cases, found.pairs) == (0, ())
    assert found.adjudication.points[0].share == Estimate.missing(0)
    assert found.own[0].repeat_areas.icc == Estimate.missing(0)


def test_a_repeat_is_no_read_of_another_reader_and_no_case_of_its_own() -> None:
    reads = [Read("1", "a", False, "open", 4.0), Read("2", "a", False, "open", 5.0)]
    plain = agreement(reads, [])
    with_repeat = agreement([*reads, Read("1", "a", True, "closed")], [])
    assert with_repeat.pairs == plain.pairs
    assert with_repeat.cases == 1
    assert with_repeat.own[0].repeat_categories.counts[0][2] == 1


def test_readers_come_by_number() -> None:
    reads = [Read(label, "a", False, "closed") for label in ("10", "2", "1")]
    found = agreement(reads, [])
    assert [own.reader for own in found.own] == ["1", "2", "10"]
    assert [pair.readers for pair in found.pairs] == [("1", "2"), ("1", "10"), ("2", "10")]


def test_a_case_waiting_for_the_adjudicator_is_sent_but_not_decided() -> None:
    reads = [Read(label, case, False, "closed") for label in ("1", "2") for case in ("a", "b")]
    found = agreement(reads, [Adjudication("a", None, signed=False)])
    assert found.adjudication.points[0].share.value == 0.5
    assert (found.disagreement[0].index.value, found.disagreement[0].index.n) == (0.0, 1)


def test_an_outline_drawn_anew_counts_against_both() -> None:
    reads = [Read(label, "a", False, "closed") for label in ("1", "2")]
    found = agreement(reads, [Adjudication("a", None)])
    assert [one.index.value for one in found.disagreement] == [1.0, 1.0]


OPEN = Read("1", "a", False, "open", 4.0, Outline.of(disc((30, 40), 6)))


@pytest.mark.parametrize(
    ("reads", "adjudications", "message"),
    [
        ([OPEN, OPEN], [], "once"),
        ([replace(OPEN, repeat=True)] * 2, [], "once"),
        ([replace(OPEN, area_mm2=0.0)], [], "positive"),
        ([replace(OPEN, area_mm2=float("nan"))], [], "positive"),
        ([OPEN], [Adjudication("a", "1")], "between the readers"),
        ([OPEN, replace(OPEN, reader="2")], [Adjudication("a", "3")], "between the readers"),
        ([OPEN, replace(OPEN, reader="2")], [Adjudication("b", "1")], "between the readers"),
        (
            [OPEN, replace(OPEN, reader="2")],
            [Adjudication("a", "1"), Adjudication("a", "2")],
            "adjudicated once",
        ),
    ],
)
def test_rows_that_contradict_each_other_are_refused(
    reads: list[Read], adjudications: list[Adjudication], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        agreement(reads, adjudications)
