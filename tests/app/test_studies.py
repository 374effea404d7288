"""Protocols and their versions, subjects and ulcers."""

from __future__ import annotations

import pytest

from app.demo import PROTOCOL_FILE, demo_protocol
from app.studies.service import read_protocol
from calibration.capture_gate import GateLimits
from tests.app.house import ELIGIBLE, PLACE, House, lot_toml

TEXT = PROTOCOL_FILE.read_text(encoding="utf-8")


def test_demo_protocol() -> None:
    protocol = demo_protocol()
    assert [visit.day for visit in protocol.visits] == [0, 14, 28, 56, 84, 112]
    assert len(protocol.sites) == 2
    assert GateLimits(**protocol.gate.model_dump()) == GateLimits()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (TEXT + "\narm = 'verum'", "arm"),
        (TEXT.replace('baseline_visit = "w0"', 'baseline_visit = "w9"'), "baseline visit"),
        (TEXT.replace('code = "w2"', 'code = "w0"'), "visit code appears twice"),
        (TEXT.replace('code = "LIL"', 'code = "LYO"'), "site code appears twice"),
        (TEXT.replace("day = 28", "day = 14"), "order of their days"),
        (TEXT.replace('method = "footprint"', 'method = "guess"'), "footprint"),
        (TEXT.replace("maximum_tilt_deg = 30.0", "maximum_tilt_deg = 80.0"), "60"),
        (TEXT.replace("confirm_after_days = 14", ""), "confirm_after_days"),
        (TEXT.replace("reduction_percent = 50.0", "confirm_after_days = 5"), "belongs to"),
        (TEXT.replace('name = "Lyon"', 'name = "Lyon"\nprint_lot = "2026-03"'), "not among the print lots"),
        (TEXT + lot_toml("2026-03") + lot_toml("2026-03"), "print lot code appears twice"),
        (TEXT + lot_toml("2026-03", white=None), "one value for each patch .*: white"),
        (TEXT + lot_toml("2026-03", pink=(250, 180, 190)), "one value for each patch .*: pink"),
        (TEXT + lot_toml("2026-03", white=(256, 240, 240)), "255"),
        (TEXT + lot_toml("2026-03", white=(240, 240)), "white"),
        ("not toml", "Expected"),
    ],
)
def test_wrong_protocol_is_refused(wrong: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_protocol(wrong)


def test_print_lots_are_offered_with_the_one_that_each_site_uses(house: House) -> None:
    plan = house.with_print_lots("ONE", site_code="LYO", in_force="2026-03")
    assert plan.print_lots[0].measured().srgb["white"] == (240.5, 239.0, 236.25)
    study = house.get("manager-one", "/v1/studies").json()[0]
    assert study["print_lots"] == ["2026-03", "2026-09"]
    assert {site["code"]: site["print_lot"] for site in study["sites"]} == {"LYO": "2026-03", "LIL": None}


def test_changed_protocol_is_a_new_version(house: House) -> None:
    study = house.get("manager-one", "/v1/studies").json()[0]
    plan = read_protocol(TEXT.replace('code = "DEMO"', 'code = "ONE"'))
    assert house.services.studies.install(plan) == study["id"]
    assert house.get("manager-one", "/v1/studies").json()[0]["protocol_version"] == 1
    house.services.studies.install(plan.model_copy(update={"title_en": "Another title"}))
    changed = house.get("manager-one", "/v1/studies").json()[0]
    assert (changed["protocol_version"], changed["title_en"]) == (2, "Another title")
    events = house.audit(action="protocol.installed", study_id=study["id"])
    assert [event["before"] == "null" for event in events] == [True, False]


def test_ulcer_tells_whether_it_is_eligible_and_why_not(house: House) -> None:
    centre = house.centres[0]
    answer = house.request(
        centre.nurse,
        "POST",
        f"/v1/subjects/{centre.subject_id}/ulcers",
        json=PLACE
        | {"surface": "tip", "eligibility": ELIGIBLE | {"infected": True, "weeks_of_standard_care": 4}},
    )
    ulcer = answer.json()
    assert answer.status_code == 201
    assert (ulcer["code"], ulcer["pose"], ulcer["eligible"]) == ("U2", "tip", False)
    assert [reason["code"] for reason in ulcer["ineligible_because"]] == [
        "infected",
        "standard_care_duration",
    ]


def test_codes_are_unique(house: House) -> None:
    centre = house.centres[0]
    subject = {
        "site_code": centre.site_code,
        "subject_code": centre.subject_code,
        "baseline_on": "2026-01-05",
    }
    answer = house.request(centre.nurse, "POST", f"/v1/studies/{centre.study_id}/subjects", json=subject)
    assert (answer.status_code, answer.json()["code"]) == (409, "code_taken")
    ulcer = PLACE | {"code": "U1", "eligibility": ELIGIBLE}
    answer = house.request(centre.nurse, "POST", f"/v1/subjects/{centre.subject_id}/ulcers", json=ulcer)
    assert (answer.status_code, answer.json()["code"]) == (409, "code_taken")


def test_place_must_be_on_the_hand_map(house: House) -> None:
    centre = house.centres[0]
    for field in ("hand", "digit", "phalanx", "surface", "side"):
        answer = house.request(
            centre.nurse,
            "POST",
            f"/v1/subjects/{centre.subject_id}/ulcers",
            json=PLACE | {field: "elsewhere", "eligibility": ELIGIBLE},
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request"), field
        assert "elsewhere" not in answer.text, "what was sent is not sent back"
