"""What the page receives of the readers' agreement: whole, and without anything that tells a case or a
person."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from app.domain.agreement import agreement
from app.domain.agreement_estimates import Note
from app.domain.locked_reads import Adjudication, Read
from app.reading_room.agreement_schemas import (
    AgreementOut,
    EstimateOut,
    LimitsOut,
    MarkOut,
    PairOut,
    ReaderOut,
)
from tests.app.agreement_fixture import FIXTURE, told
from tests.app.domain.reading_studies import PLANS, simulated


def leaves(node: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(node, dict):
        for key, inner in node.items():
            yield from leaves(inner, key)
    elif isinstance(node, list):
        for inner in node:
            yield from leaves(inner, name)
    else:
        yield name, node


def test_the_pages_fixture_is_what_a_run_gives() -> None:
    kept, made = (list(leaves(json.loads(text))) for text in (FIXTURE.read_text(), told().model_dump_json()))
    assert [name for name, _ in kept] == [name for name, _ in made]
    for (name, known), (_, found) in zip(kept, made, strict=True):
        assert found == (pytest.approx(known, rel=1e-6) if isinstance(known, float) else known), name


@pytest.mark.parametrize("plan", PLANS)
def test_nothing_but_numbers_notes_categories_and_labels_of_readers_goes_out(plan: str) -> None:
    study = simulated(PLANS[plan])
    secret = {case: f"subject-{i} site-Lyon week-{i}" for i, case in enumerate({r.case for r in study.reads})}
    reads = [replace(read, case=secret[read.case]) for read in study.reads]
    adjudications = [replace(one, case=secret[one.case]) for one in study.adjudications]
    text = AgreementOut.of(agreement(reads, adjudications)).model_dump_json()
    strings = {value for _, value in leaves(json.loads(text)) if isinstance(value, str)}
    allowed = {
        "estimated",
        "too_few",
        "one_category",
        "all_agree",
        "no_spread",
        "open",
        "closed",
        "not_assessable",
    }
    assert strings <= allowed | {read.reader for read in reads}
    assert not any(math.isnan(value) for _, value in leaves(json.loads(text)) if isinstance(value, float))


def test_a_study_without_reads_can_be_told() -> None:
    told_of_none = AgreementOut.of(agreement([], []))
    assert (told_of_none.cases, told_of_none.pairs, told_of_none.readers) == (0, [], [])
    assert told_of_none.adjudication_centre is None


def test_a_study_with_one_case_can_be_told() -> None:
    reads = [Read("1", "a", False, "open", 4.0), Read("2", "a", False, "closed")]
    found = AgreementOut.of(agreement(reads, [Adjudication("a", "1")]))
    assert found.pairs[0].kappa_quadratic.note == "too_few"
    assert found.readers[1].disagreement.value == 1.0


@pytest.mark.parametrize("label", ["Dr Martin", "reader.one", "8f14e45fceea167a", ""])
def test_a_name_in_place_of_a_number_is_refused(label: str) -> None:
    reads = [Read("1", "a", False, "closed"), Read(label, "a", False, "closed")]
    with pytest.raises(ValidationError):
        AgreementOut.of(agreement(reads, []))


def test_no_number_and_no_unknown_field_passes() -> None:
    good = {"value": 0.5, "low": 0.4, "high": 0.6, "n": 9, "note": "estimated"}
    assert EstimateOut.model_validate(good).value == 0.5
    for bad in ({"value": math.nan}, {"high": math.inf}, {"subject": "S-01"}, {"note": "fine"}):
        with pytest.raises(ValidationError):
            EstimateOut.model_validate(good | bad)


def test_every_field_and_note_is_told_in_the_reference() -> None:
    text = (Path(__file__).parents[2] / "docs/reference/agreement-statistics.md").read_text(encoding="utf-8")
    models = (AgreementOut, PairOut, ReaderOut, LimitsOut, MarkOut, EstimateOut)
    for name in [*(field for model in models for field in model.model_fields), *get_args(Note)]:
        assert f"`{name}`" in text, name
