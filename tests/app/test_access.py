"""Two studies, sites, readers of each: nobody reaches what is not theirs, and every refusal is recorded."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from app.domain.permissions import ROLES
from tests.app.house import ELIGIBLE, PLACE, Centre, House, open_house, photo

NOTHING = "f" * 32


def test_health_tells_nothing_but_health(house: House) -> None:
    health = house.get(None, "/healthz").json()
    assert set(health) == {"status", "version"}
    assert health["status"] == "ok"


def test_figures_are_for_this_machine_or_the_token(tmp_path: Path) -> None:
    for number, (token, header, host, status) in enumerate(
        [
            ("", None, "127.0.0.1", 200),
            ("", None, "192.0.2.7", 404),
            ("figures", None, "127.0.0.1", 404),
            ("figures", "Bearer wrong", "127.0.0.1", 404),
            ("figures", "Bearer figures", "192.0.2.7", 200),
        ]
    ):
        url = f"sqlite:///{tmp_path / f'{number}.db'}"
        house = open_house(tmp_path, url, metrics_token=token, measure_in_server=False)
        with TestClient(house.client.app, client=(host, 50_000)) as client:
            answer = client.get("/metrics", headers={"Authorization": header} if header else {})
        assert answer.status_code == status, number
        assert ("planimeter_http_requests" in answer.text) == (status == 200)


FOR_ANYBODY = {
    "/v1/sessions", "/v1/demo/session", "/v1/tablets/enrolment", "/v1/tablet/sessions", "/v1/page-errors"
}  # fmt: skip
"""Their proof, or what they say, is in the body."""

TABLETS_OWN = "/v1/tablet"
"""Without a tablet's cookie it is no place."""


def test_nobody_is_asked_to_sign_in(house: House) -> None:
    for method, path in _routes(house):
        answer = house.request(None, method, path.format(**_ids(house.centres[0], NOTHING)))
        expected = {401, 422} if path in FOR_ANYBODY else {404} if path == TABLETS_OWN else {401}
        assert answer.status_code in expected, path


def _routes(house: House) -> list[tuple[str, str]]:
    paths: dict[str, Any] = house.client.get("/v1/openapi.json").json()["paths"]
    return [
        (method.upper(), path)
        for path, methods in paths.items()
        for method in methods
        if path.startswith("/v1")
    ]


def _ids(centre: Centre, capture_id: str) -> dict[str, str]:
    return {
        "study_id": centre.study_id,
        "subject_id": centre.subject_id,
        "capture_id": capture_id,
        "case_code": NOTHING,
        "reading_code": NOTHING,
        "session_id": NOTHING,
        "ulcer_id": centre.ulcer_id,
        "tablet_id": NOTHING,
        "shot_id": NOTHING,
        "note_id": NOTHING,
    }


def _statuses(house: House, user: str, centre: Centre, capture_id: str) -> dict[str, int]:
    """What a user is answered on every route that concerns a centre."""
    of = {"study_id": centre.study_id}
    new_subject = {
        "site_code": centre.site_code,
        "subject_code": f"X-{secrets.token_hex(4)}",
        "baseline_on": "2026-01-05",
    }
    asked = {
        "studies": house.get(user, "/v1/studies"),
        "ulcers": house.get(user, f"/v1/studies/{centre.study_id}/ulcers"),
        "enrol": house.request(user, "POST", f"/v1/studies/{centre.study_id}/subjects", json=new_subject),
        "draw": house.request(
            user, "POST", f"/v1/subjects/{centre.subject_id}/ulcers", json=PLACE | {"eligibility": ELIGIBLE}
        ),
        "put": house.put(user, photo(9, salt=secrets.randbelow(60_000)), ulcer_id=centre.ulcer_id),
        "capture": house.get(user, f"/v1/captures/{capture_id}"),
        "overlay": house.get(user, f"/v1/captures/{capture_id}/overlay"),
        "comparison": house.get(user, f"/v1/captures/{capture_id}/comparison"),
        "reading-image": house.get(user, f"/v1/captures/{capture_id}/reading-image"),
        "series": house.get(user, "/v1/series", **of),
        "endpoints": house.get(user, "/v1/endpoints", **of),
        "assessments": house.get(user, "/v1/assessments"),
        "audit": house.get(user, "/v1/audit"),
    }
    return {name: answer.status_code for name, answer in asked.items()}


STAFF_OWN = {
    "studies": 200, "ulcers": 200, "enrol": 201, "draw": 201, "put": 201, "capture": 200, "overlay": 200,
    "comparison": 200, "reading-image": 200, "series": 200,
    "endpoints": 403, "assessments": 403, "audit": 403,
}  # fmt: skip
HIDDEN = {"overlay": 403, "comparison": 403, "series": 403}
OTHER_SITE = {
    "enrol": 404, "draw": 404, "put": 404, "capture": 404, "overlay": 404, "comparison": 404,
    "reading-image": 404,
}  # fmt: skip
OTHER_STUDY = {"ulcers": 404, "series": 404}
BLIND = dict.fromkeys(STAFF_OWN, 403) | {"assessments": 200}
MANAGER = {
    "studies": 200, "ulcers": 200, "enrol": 403, "draw": 403, "put": 403, "capture": 200, "overlay": 200,
    "comparison": 200, "reading-image": 200, "series": 200,
    "endpoints": 200, "assessments": 403, "audit": 200,
}  # fmt: skip
MANAGER_ELSEWHERE = {
    "ulcers": 404,
    "capture": 404,
    "overlay": 404,
    "comparison": 404,
    "reading-image": 404,
    "series": 404,
    "endpoints": 404,
}
SERIES_TOKEN = dict.fromkeys(STAFF_OWN, 403) | {"series": 200, "endpoints": 200}

MATRIX = [
    ("nurse-one-lyo", 0, STAFF_OWN),
    ("nurse-one-lyo", 1, STAFF_OWN | OTHER_SITE),
    ("nurse-one-lyo", 2, STAFF_OWN | OTHER_SITE | OTHER_STUDY),
    ("nurse-two-lyo", 2, STAFF_OWN | HIDDEN),
    ("reader-one-a", 0, BLIND),
    ("reader-one-a", 2, BLIND),
    ("adjudicator-one", 0, BLIND),
    ("manager-one", 0, MANAGER),
    ("manager-one", 1, MANAGER),
    ("manager-one", 2, MANAGER | MANAGER_ELSEWHERE),
    ("manager-two", 2, MANAGER),
    ("pipeline-one:series:read", 0, SERIES_TOKEN),
    ("pipeline-one:series:read", 2, SERIES_TOKEN | {"series": 404, "endpoints": 404}),
    ("pipeline-one:assessments:read", 0, BLIND),
]


def test_matrix(house: House) -> None:
    place = {centre.nurse: number for number, centre in enumerate(house.centres)}
    centres = [house.centres[place[name]] for name in ("nurse-one-lyo", "nurse-one-lil", "nurse-two-lyo")]
    for number, centre in enumerate(centres):
        house.measured(centre.nurse, photo(20 + number), ulcer_id=centre.ulcer_id)
    captures = [
        house.put(centre.nurse, photo(10 + number), ulcer_id=centre.ulcer_id, visit="w4").json()["id"]
        for number, centre in enumerate(centres)
    ]
    house.settle()
    for user, number, expected in MATRIX:
        found = _statuses(house, user, centres[number], captures[number])
        assert found == expected, (user, number)
    refused = house.audit(action="access.refused")
    wanted = sum(status in {403, 404} for _, _, expected in MATRIX for status in expected.values())
    assert len(refused) == wanted
    assert {event["role"] for event in refused} == set(ROLES)


def test_lists_hold_own_rows_only(house: House) -> None:
    for number, centre in enumerate(house.centres):
        house.measured(centre.nurse, photo(5 + number), ulcer_id=centre.ulcer_id)
    for centre in house.centres:
        codes = {
            row["subject_code"]
            for row in house.get(centre.nurse, f"/v1/studies/{centre.study_id}/ulcers").json()
        }
        assert codes == {centre.subject_code}
        ulcers = {row["ulcer_id"] for row in house.get(centre.nurse, "/v1/captures").json()}
        assert ulcers == {centre.ulcer_id}
        sites = house.get(centre.nurse, "/v1/studies").json()[0]["sites"]
        assert [site["code"] for site in sites] == [centre.site_code]
    managed = house.get("manager-one", "/v1/captures").json()
    assert {row["ulcer_id"] for row in managed} == {
        centre.ulcer_id for centre in house.centres if centre.nurse.startswith("nurse-one")
    }


def test_areas_are_hidden_from_staff_where_the_protocol_says_so(house: House) -> None:
    shown = next(centre for centre in house.centres if centre.nurse == "nurse-one-lyo")
    hidden = next(centre for centre in house.centres if centre.nurse == "nurse-two-lyo")
    assert house.measured(shown.nurse, photo(8), ulcer_id=shown.ulcer_id)["measurement"]["area_mm2"] == 8
    capture = house.measured(hidden.nurse, photo(8), ulcer_id=hidden.ulcer_id)
    assert (capture["state"], capture["measurement"]) == ("measured", None)
    assert house.get("manager-two", f"/v1/captures/{capture['id']}").json()["measurement"]["area_mm2"] == 8


def test_data_managers_read_the_trail_of_their_own_study(house: House) -> None:
    items = house.get("manager-one", "/v1/audit").json()["items"]
    subjects = {item["subject_id"] for item in items}
    for centre in house.centres:
        assert (centre.ulcer_id in subjects) == centre.nurse.startswith("nurse-one")


def test_change_by_cookie_needs_the_header(house: House) -> None:
    centre = house.centres[0]
    cookie = {"Cookie": f"planimeter_session={house.session(centre.nurse)}"}
    house.client.cookies.clear()
    answer = house.client.post(
        f"/v1/subjects/{centre.subject_id}/ulcers", json=PLACE | {"eligibility": ELIGIBLE}, headers=cookie
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "change_header_missing")
    assert house.audit(action="access.refused")[-1]["reason"] == "change_header_missing"


def test_unknown_token_is_refused_and_recorded(house: House) -> None:
    for header in ("Bearer nonsense", "Basic bnVyc2U6eA==", "Bearer"):
        before = len(house.audit(reason="unknown_token"))
        answer = house.client.get("/v1/me", headers={"Authorization": header})
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
        assert len(house.audit(reason="unknown_token")) == before + 1
