"""What the data manager sees of the reading room."""

from __future__ import annotations

from tests.app.house import House, photo
from tests.app.test_reading_room import (
    JUDGE,
    LARGER,
    SQUARE,
    A,
    B,
    account,
    cases,
    chartered,
    draft,
    lock,
    opened,
    read_through,
)

MANAGER = "manager-one"


def read_study(house: House) -> str:
    """Three timepoints of one ulcer: agreed, discordant and judged, one that waits for a second reader."""
    chartered(house, hidden_repeats_percent=0.0, machine_outline="after_own")
    centre = house.centres[0]
    for number, visit in enumerate(("w0", "w2", "w4")):
        house.measured(centre.nurse, photo(9 + number), ulcer_id=centre.ulcer_id, visit=visit)
    house.get(A, "/v1/reading/queue")
    order = sorted({row.capture_id for row in cases(house)})
    for place, capture_id in enumerate(order):
        for who in (A, B):
            (case,) = cases(house, capture_id=capture_id, account_id=account(house, who))
            if who == B and place == 2:
                continue
            opened(house, who, case.code)
            shape = LARGER if who == B and place == 1 else SQUARE
            draft(house, who, case.code, category="open", rings=[shape])
            house.request(who, "POST", f"/v1/reading/cases/{case.code}/own-outline")
            assert lock(house, who, case.code).status_code == 201
    (judgement,) = cases(house, kind="adjudication")
    case = opened(house, JUDGE, judgement.code)
    side = min(case["sides"], key=lambda name: case["sides"][name]["rings"][0][1][0])
    draft(house, JUDGE, judgement.code, choice=side)
    assert lock(house, JUDGE, judgement.code).status_code == 201
    return centre.study_id


def test_progress_and_agreement(house: House) -> None:
    study_id = read_study(house)
    progress = house.get(MANAGER, "/v1/reading/progress", study_id=study_id).json()
    counted = {
        name: progress[name] for name in ("timepoints", "reading", "adjudication", "final", "reopened")
    }
    assert counted == {"timepoints": 3, "reading": 1, "adjudication": 0, "final": 2, "reopened": 0}
    assert sorted((reader["cases"], reader["locked"]) for reader in progress["readers"]) == [(3, 2), (3, 3)]
    site = house.centres[0].site_code
    visits = {(row["site_code"], row["visit_code"]): row for row in progress["visits"]}
    assert visits[site, "w0"]["accepted"] == visits[site, "w0"]["expected"] == 1
    assert sum(row["read"] for row in progress["visits"]) == 2
    found = house.get(MANAGER, "/v1/reading/agreement", study_id=study_id).json()
    assert found["cases"] == 2
    (pair,) = found["pairs"]
    assert pair["observed"]["value"] == 1.0
    adjudicated = {reader["reader"]: reader["adjudicated"]["value"] for reader in found["readers"]}
    assert adjudicated == {"1": 0.5, "2": 0.5}
    against = sorted(reader["disagreement"]["value"] for reader in found["readers"])
    assert against == [0.0, 0.5]
    assert all(reader["shift_area"]["value"] == 0.0 for reader in found["readers"])


def test_nobody_else_oversees(house: House) -> None:
    study_id = house.centres[0].study_id
    for path in ("/v1/reading/progress", "/v1/reading/agreement"):
        for who in (A, JUDGE, house.centres[0].nurse, "pipeline-one:series:read"):
            assert house.get(who, path, study_id=study_id).status_code == 403, who
        assert house.get("manager-two", path, study_id=study_id).status_code == 404


def test_a_study_that_nobody_read_has_no_agreement_yet(house: House) -> None:
    found = house.get(MANAGER, "/v1/reading/agreement", study_id=house.centres[0].study_id).json()
    assert (found["cases"], found["pairs"], found["readers"]) == (0, [], [])
    one = house.measured(house.centres[0].nurse, photo(9), ulcer_id=house.centres[0].ulcer_id)
    read_through(house, A, category="closed")
    progress = house.get(MANAGER, "/v1/reading/progress", study_id=house.centres[0].study_id).json()
    assert (progress["timepoints"], progress["reading"], one["state"]) == (1, 1, "measured")
