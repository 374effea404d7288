"""What the data manager sees of the reading room."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.platform.tables import reading_records, signatures
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
    for path in ("/v1/reading/progress", "/v1/reading/agreement", "/v1/reading/signatures"):
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


def altered(house: House, table: sa.Table, **values: object) -> None:
    """Change rows behind the service's back, as somebody who holds the database could."""
    with house.services.database.write() as connection:
        sqlite = house.services.database.is_sqlite
        triggers = connection.execute(
            sa.text(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :name"
                if sqlite
                else "SELECT tgname FROM pg_trigger WHERE tgrelid = CAST(:name AS regclass) "
                "AND NOT tgisinternal"
            ),
            {"name": table.name},
        ).scalars()
        for trigger in list(triggers):
            connection.execute(sa.text(f"DROP TRIGGER {trigger}" + ("" if sqlite else f" ON {table.name}")))
        where = table.c.kind == "locked" if "kind" in table.c else sa.true()
        connection.execute(sa.update(table).where(where).values(**values))


@pytest.mark.parametrize(
    ("table", "values", "why"),
    [
        (reading_records, {"category": "closed"}, "record_altered"),
        (reading_records, {"rings": [[[1, 1], [2, 1], [2, 2]]]}, "record_altered"),
        (signatures, {"content": "{}"}, "content_altered"),
        (signatures, {"signature": "AAAA"}, "not_signed_by_this_key"),
    ],
)
def test_a_signature_is_void_once_anything_was_altered(
    house: House, table: sa.Table, values: dict[str, object], why: str
) -> None:
    house.measured(house.centres[0].nurse, photo(9), ulcer_id=house.centres[0].ulcer_id)
    code = read_through(house, A, category="open", rings=[SQUARE])
    study_id = house.centres[0].study_id
    assert house.get(MANAGER, "/v1/reading/signatures", study_id=study_id).json() == {
        "checked": 1,
        "void": [],
    }
    altered(house, table, **values)
    found = house.get(MANAGER, "/v1/reading/signatures", study_id=study_id).json()
    assert [(void["code"], void["why"]) for void in found["void"]] == [(code, why)]
