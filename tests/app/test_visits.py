"""Visit notes: within the window and outside it, sent twice, corrected, and by whom."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from app.demo import PROTOCOL_FILE
from app.platform.tables import visit_notes
from app.studies.service import read_protocol
from tests.app.house import House, open_house

BASELINE = "2026-01-05T10:00:00+01:00"
WEEK_4 = "2026-02-02T10:00:00+01:00"
ANSWERS = {
    "pain": 4,
    "dressing_removed": True,
    "drainage": "serous",
    "infection_signs": False,
    "complication": "none",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("visits")
    house = open_house(folder, f"sqlite:///{folder / 'planimeter.db'}", measure_in_server=False)
    with house.client:
        house.furnish()
        yield house


def note(house: House, name: str | None = None, *, centre: int = 0, **said: Any) -> httpx.Response:
    of = house.centres[centre]
    body = {"ulcer_id": of.ulcer_id, "visit_code": "w4", "taken_at": WEEK_4} | said
    return house.request(of.nurse, "PUT", f"/v1/visit-notes/{name or secrets.token_hex(16)}", json=body)


def counting(house: House, user: str, centre: int = 0) -> httpx.Response:
    return house.get(user, f"/v1/ulcers/{house.centres[centre].ulcer_id}/visit-notes")


def test_a_note_is_kept_as_it_was_given(house: House) -> None:
    answer = note(house, **ANSWERS)
    assert answer.status_code == 201, answer.text
    (kept,) = counting(house, house.centres[0].nurse).json()
    assert kept == answer.json()
    assert {name: kept[name] for name in ANSWERS} == ANSWERS
    assert kept["taken_on"] == "2026-02-02"
    (event,) = house.audit(action="visit.noted", subject_id=kept["id"])
    assert '"pain":4' in event["after"]


def test_the_same_note_again_gives_the_same_answer_and_leaves_no_trace(house: House) -> None:
    name, before = secrets.token_hex(16), house.count(visit_notes)
    first, again = note(house, name, **ANSWERS), note(house, name, **ANSWERS)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert house.count(visit_notes) == before + 1
    assert len(house.audit(action="visit.noted", subject_id=name)) == 1
    other = note(house, name, **(ANSWERS | {"pain": 5}))
    assert (other.status_code, other.json()["code"]) == (409, "note_id_taken")
    elsewhere = note(house, name, centre=1, **ANSWERS)
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (409, "note_id_taken")


def test_the_last_note_of_a_visit_counts_and_the_earlier_ones_stay(house: House) -> None:
    before = house.count(visit_notes)
    first = note(house, centre=1, visit_code="w0", taken_at=BASELINE, pain=7)
    last = note(house, centre=1, visit_code="w0", taken_at=BASELINE, pain=3)
    of_week_4 = note(house, centre=1, pain=1)
    assert counting(house, house.centres[1].nurse, 1).json() == [last.json(), of_week_4.json()]
    assert first.json()["pain"] == 7
    assert house.count(visit_notes) == before + 3


@pytest.mark.parametrize(
    ("taken_at", "inside"),
    [
        ("2026-01-30T00:10:00+01:00", True),
        ("2026-01-29T23:50:00+01:00", False),
        ("2026-02-05T23:50:00+01:00", True),
        ("2026-02-06T00:10:00+01:00", False),
    ],
)
def test_outside_the_window_of_the_day_where_it_was_taken_a_reason_is_needed(
    house: House, taken_at: str, inside: bool
) -> None:
    """Week 4 is due on 2 February, three days either way; the tablet's day counts, not that of Greenwich."""
    without = note(house, taken_at=taken_at)
    assert without.status_code == (201 if inside else 422)
    if not inside:
        assert without.json()["code"] == "reason_needed"
        assert without.json()["details"] == {"window_from": "2026-01-30", "window_to": "2026-02-05"}
    assert note(house, taken_at=taken_at, out_of_window_reason="travel").status_code == 201


def test_timepoints_tell_their_windows_and_subjects_are_listed(house: House) -> None:
    centre = house.centres[0]
    (ulcer,) = house.get(centre.nurse, f"/v1/studies/{centre.study_id}/ulcers").json()
    week_4 = next(point for point in ulcer["timepoints"] if point["visit_code"] == "w4")
    assert (week_4["window_from"], week_4["due_on"], week_4["window_to"]) == (
        "2026-01-30", "2026-02-02", "2026-02-05",
    )  # fmt: skip
    (subject,) = house.get(centre.nurse, f"/v1/studies/{centre.study_id}/subjects").json()
    assert (subject["subject_code"], subject["baseline_on"]) == (centre.subject_code, "2026-01-05")
    seen = house.get("manager-one", f"/v1/studies/{centre.study_id}/subjects").json()
    assert [row["site_code"] for row in seen] == ["LIL", "LYO"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"pain": 11}, {"pain": -1}, {"pain": 4.5}, {"pain": True}, {"drainage": "plenty"},
        {"comment": "free"},
        {"taken_at": "2026-02-02T10:00:00"}, {"complication": "fever"}, {"out_of_window_reason": "forgot"},
    ],
)  # fmt: skip
def test_what_is_not_foreseen_is_refused(house: House, wrong: dict[str, Any]) -> None:
    answer = note(house, **wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_an_unknown_visit_is_refused(house: House) -> None:
    answer = note(house, visit_code="w99")
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_visit")


def test_questions_of_the_protocol_are_told_and_others_are_not_stored(house: House) -> None:
    text = PROTOCOL_FILE.read_text(encoding="utf-8").replace('code = "DEMO"', 'code = "TWO"')
    asked = 'visit_questions = ["pain", "dressing_removed", "drainage", "infection_signs", "complication"]'
    house.services.studies.install(read_protocol(text.replace(asked, 'visit_questions = ["pain"]')))
    (study,) = house.get(house.centres[2].nurse, "/v1/studies").json()
    assert study["visit_questions"] == ["pain"]
    assert (study["phantom_shot_every_days"], study["check_bar_tolerance_mm"]) == (7, 0.5)
    assert study["gate_sentences"]["tilt_deg"]["en"].startswith("The camera is tilted too far")
    assert note(house, centre=2, pain=2).status_code == 201
    answer = note(house, centre=2, pain=2, drainage="none")
    assert answer.json()["code"] == "question_not_asked"
    assert answer.json()["details"] == {"questions": ["drainage"]}


def test_managers_read_notes_and_do_not_write_them(house: House) -> None:
    assert counting(house, "manager-one").status_code == 200
    body = {"ulcer_id": house.centres[0].ulcer_id, "visit_code": "w4", "taken_at": WEEK_4}
    path = f"/v1/visit-notes/{secrets.token_hex(16)}"
    assert house.request("manager-one", "PUT", path, json=body).status_code == 403
