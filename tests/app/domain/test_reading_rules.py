"""What a read must say, and when two disagree."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import CodedError
from app.domain.reading_rules import Charter, Finding, check_finding, consensus, disagreements

CHARTER = Charter()
OPEN = Finding("open", 10.0, confidence=4)
CLOSED = Finding("closed", confidence=5)
BLURRED = Finding("not_assessable", reason="blurred", confidence=3)


@pytest.mark.parametrize(
    ("finding", "code"),
    [
        (replace(OPEN, area_mm2=None), "outline_missing"),
        (replace(OPEN, area_mm2=0.0), "outline_missing"),
        (replace(CLOSED, area_mm2=2.0), "outline_contradicts"),
        (replace(BLURRED, area_mm2=2.0), "outline_contradicts"),
        (replace(BLURRED, reason=None), "reason_missing"),
        (replace(BLURRED, reason="tired"), "reason_missing"),
        (replace(OPEN, confidence=None), "confidence_missing"),
        (replace(OPEN, confidence=6), "confidence_missing"),
    ],
)
def test_an_incomplete_or_contradictory_read_is_refused(finding: Finding, code: str) -> None:
    with pytest.raises(CodedError) as refusal:
        check_finding(finding, CHARTER)
    assert refusal.value.code == code


@pytest.mark.parametrize("finding", [OPEN, CLOSED, BLURRED, replace(CLOSED, area_mm2=0.0)])
def test_a_complete_read_is_taken(finding: Finding) -> None:
    check_finding(finding, CHARTER)


def test_confidence_is_asked_only_where_the_charter_asks() -> None:
    check_finding(replace(OPEN, confidence=None), replace(CHARTER, asks_confidence=False))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (OPEN, CLOSED, ("category",)),
        (CLOSED, BLURRED, ("category",)),
        (CLOSED, CLOSED, ()),
        (BLURRED, replace(BLURRED, reason="glare"), ()),
        (OPEN, replace(OPEN, area_mm2=13.5), ()),
        (OPEN, replace(OPEN, area_mm2=13.6), ("area",)),
    ],
)
def test_disagreement(first: Finding, second: Finding, expected: tuple[str, ...]) -> None:
    assert disagreements(first, second, CHARTER) == expected


areas = st.floats(0.3, 80)


@given(areas, areas, st.floats(1, 100))
def test_disagreement_does_not_depend_on_who_is_first(one: float, other: float, limit: float) -> None:
    charter = replace(CHARTER, area_limit_percent=limit)
    first, second = replace(OPEN, area_mm2=one), replace(OPEN, area_mm2=other)
    assert disagreements(first, second, charter) == disagreements(second, first, charter)


@given(areas, areas)
def test_consensus_lies_between_the_reads(one: float, other: float) -> None:
    together = consensus((replace(OPEN, area_mm2=one), replace(OPEN, area_mm2=other)))
    assert together.area_mm2 is not None
    assert min(one, other) - 1e-9 <= together.area_mm2 <= max(one, other) + 1e-9
