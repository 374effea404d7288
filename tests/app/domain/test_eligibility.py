"""The trial's criteria for an ulcer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.eligibility import Answers, reasons_against

ELIGIBLE = Answers(
    ischaemic=True,
    distal_to_pip=True,
    over_calcification=False,
    over_bone_relief=False,
    infected=False,
    weeks_of_standard_care=10.0,
)


@pytest.mark.parametrize("weeks", [8.0, 10.0, 12.0])
def test_eligible(weeks: float) -> None:
    assert reasons_against(replace(ELIGIBLE, weeks_of_standard_care=weeks), "distal") == ()


@pytest.mark.parametrize(
    ("change", "phalanx", "code"),
    [
        ({"ischaemic": False}, "distal", "not_ischaemic"),
        ({"distal_to_pip": False}, "middle", "proximal_to_pip"),
        ({}, "proximal", "proximal_to_pip"),
        ({"over_calcification": True}, "distal", "over_calcification"),
        ({"over_bone_relief": True}, "distal", "over_bone_relief"),
        ({"infected": True}, "distal", "infected"),
        ({"weeks_of_standard_care": 7.9}, "distal", "standard_care_duration"),
        ({"weeks_of_standard_care": 12.1}, "distal", "standard_care_duration"),
    ],
)
def test_each_criterion_excludes(change: dict[str, object], phalanx: str, code: str) -> None:
    (reason,) = reasons_against(replace(ELIGIBLE, **change), phalanx)
    assert reason.code == code
    assert reason.fr != reason.en


def test_all_reasons_are_told() -> None:
    worst = Answers(False, False, True, True, True, 0.0)
    assert len(reasons_against(worst, "proximal")) == 6
