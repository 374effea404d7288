"""Two readers and an adjudicator read a study's timepoints; what they may see and do."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa

from app.platform.keys import Keys, is_signed
from app.platform.tables import (
    accounts,
    assessments,
    captures,
    memberships,
    reading_cases,
    reading_records,
    signatures,
)
from tests.app.house import PASSWORD, House, photo

SQUARE = [[5.0, 5.0], [25.0, 5.0], [25.0, 25.0], [5.0, 25.0]]
"""20 × 20 pixels of 0.0025 mm²: 1 mm²."""

LARGER = [[4.0, 4.0], [27.0, 4.0], [27.0, 30.0], [4.0, 30.0]]
STEPS = {
    ("POST", "/v1/reading/cases/{reading_code}/opening"): "case.opened",
    ("PUT", "/v1/reading/cases/{reading_code}/draft"): "read.drafted",
    ("POST", "/v1/reading/cases/{reading_code}/own-outline"): "read.own_stands",
    ("POST", "/v1/reading/cases/{reading_code}/lock"): "read.locked",
    ("POST", "/v1/reading/timepoints/{capture_id}/reopening"): "timepoint.reopened",
}
"""Routes that change something, in the order of a reading, each with its event."""

A, B, JUDGE = "reader-one-a", "reader-one-b", "adjudicator-one"


def one_timepoint(house: House) -> str:
    centre = house.centres[0]
    capture = house.measured(centre.nurse, photo(9), ulcer_id=centre.ulcer_id)
    return str(capture["id"])


def cases(house: House, **wanted: Any) -> list[Any]:
    with house.services.database.read() as connection:
        rows = connection.execute(sa.select(reading_cases)).all()
    return [row for row in rows if all(getattr(row, name) == value for name, value in wanted.items())]


def account(house: House, who: str) -> str:
    return house.services.register.known(who).account_id


def primary(house: House, who: str) -> str:
    """Code of the account's primary case that is not locked."""
    house.get(who, "/v1/reading/queue")
    mine = cases(house, kind="primary", account_id=account(house, who))
    return next(str(row.code) for row in mine if row.state != "locked")


def chartered(house: House, **changed: Any) -> None:
    """A new version of the study's protocol with another charter."""
    protocol = house.services.studies.protocol(house.centres[0].study_id, 1)
    charter = protocol.reading_charter.model_copy(update=changed)
    house.services.studies.install(protocol.model_copy(update={"reading_charter": charter}))


def opened(house: House, who: str, code: str) -> dict[str, Any]:
    answer = house.request(who, "POST", f"/v1/reading/cases/{code}/opening")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def draft(house: House, who: str, code: str, number: int = 1, **said: Any) -> Any:
    body = {"number": number, "confidence": 4} | said
    return house.request(who, "PUT", f"/v1/reading/cases/{code}/draft", json=body)


def lock(house: House, who: str, code: str, password: str = PASSWORD) -> Any:
    body = {"password": password, "meaning_accepted": True}
    return house.request(who, "POST", f"/v1/reading/cases/{code}/lock", json=body)


def read_through(house: House, who: str, **said: Any) -> str:
    code = primary(house, who)
    opened(house, who, code)
    assert draft(house, who, code, **said).status_code == 200
    answer = lock(house, who, code)
    assert answer.status_code == 201, answer.text
    return code


def finals(house: House) -> list[Any]:
    with house.services.database.read() as connection:
        return list(connection.execute(sa.select(assessments).order_by(assessments.c.version)))


def test_two_concordant_readers_make_a_final(house: House) -> None:
    one_timepoint(house)
    read_through(house, A, category="open", rings=[SQUARE])
    assert finals(house) == []
    read_through(house, B, category="open", rings=[[[x, y - 1] for x, y in SQUARE]])
    (final,) = finals(house)
    assert (final.category, final.adjudicated, final.version) == ("open", False, 1)
    assert final.area_mm2 == pytest.approx(1.0, rel=1e-3)
    # 2 % of the skin's map, twice 0.1 % of the scale and 0.3 % of the print, and border pixels
    assert final.u_area_mm2 == pytest.approx(0.0222, abs=0.003)
    assert 0.7 < final.agreement["dice"] <= 1  # the two pictures are cut otherwise
    assert final.agreement["area_difference_percent"] < 1e-6


def test_a_discordant_pair_goes_to_the_adjudicator(house: House) -> None:
    one_timepoint(house)
    read_through(house, A, category="open", rings=[SQUARE])
    read_through(house, B, category="closed")
    assert finals(house) == []
    code = house.get(JUDGE, "/v1/reading/queue").json()["next_code"]
    case = opened(house, JUDGE, code)
    assert {side["category"] for side in case["sides"].values()} == {"open", "closed"}
    side = next(name for name, read in case["sides"].items() if read["category"] == "open")
    answer = draft(house, JUDGE, code, choice=side)
    assert answer.json()["choice"] == side
    assert lock(house, JUDGE, code).status_code == 201
    (final,) = finals(house)
    assert (final.category, final.adjudicated) == ("open", True)
    assert final.area_mm2 == pytest.approx(1.0, rel=1e-3)


def test_an_adjudicator_may_draw_anew(house: House) -> None:
    one_timepoint(house)
    read_through(house, A, category="open", rings=[SQUARE])
    read_through(house, B, category="open", rings=[LARGER])
    code = house.get(JUDGE, "/v1/reading/queue").json()["next_code"]
    opened(house, JUDGE, code)
    draft(house, JUDGE, code, choice="drawn", category="closed")
    assert lock(house, JUDGE, code).status_code == 201
    assert [(final.category, final.area_mm2) for final in finals(house)] == [("closed", 0.0)]


def test_drafts_are_kept_in_order_and_may_be_sent_twice(house: House) -> None:
    chartered(house, area_shown=False)
    one_timepoint(house)
    code = primary(house, A)
    assert draft(house, A, code).json()["code"] == "case_not_opened"
    opened(house, A, code)
    first = draft(house, A, code, category="open", rings=[SQUARE])
    again = draft(house, A, code, category="open", rings=[SQUARE])
    assert (first.status_code, again.json()) == (200, first.json())
    assert first.json()["rings"] == [SQUARE]
    assert first.json()["area_mm2"] is None  # the charter hides areas
    other = draft(house, A, code, category="closed")
    assert (other.status_code, other.json()["code"]) == (409, "draft_is_older")
    assert draft(house, A, code, 2, category="closed").status_code == 200
    case = house.get(A, f"/v1/reading/cases/{code}").json()
    assert (case["state"], case["draft"]["category"], case["draft"]["number"]) == ("drafted", "closed", 2)


def test_an_incomplete_draft_is_kept_but_cannot_be_signed(house: House) -> None:
    one_timepoint(house)
    code = primary(house, A)
    opened(house, A, code)
    assert lock(house, A, code).json()["code"] == "nothing_drafted"
    draft(house, A, code, rings=[SQUARE])
    assert lock(house, A, code).json()["code"] == "category_missing"
    draft(house, A, code, 2, category="closed", rings=[SQUARE])
    assert lock(house, A, code).json()["code"] == "outline_contradicts"
    draft(house, A, code, 3, category="not_assessable", reason="tired")
    assert lock(house, A, code).json()["code"] == "reason_missing"
    draft(house, A, code, 4, category="not_assessable", reason="blurred")
    assert lock(house, A, code).status_code == 201


def test_a_lock_needs_the_password_and_cannot_be_undone(house: House) -> None:
    one_timepoint(house)
    code = primary(house, A)
    opened(house, A, code)
    draft(house, A, code, category="open", rings=[SQUARE])
    refused = lock(house, A, code, password="another long password")
    assert refused.json()["code"] == "signature_refused"
    assert lock(house, A, code).status_code == 201
    assert draft(house, A, code, 3, category="closed").json()["code"] == "case_locked"
    assert lock(house, A, code).json()["code"] == "case_locked"
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), house.services.database.write() as connection:
        connection.execute(sa.update(reading_records).values(category="closed"))


def test_a_draft_that_was_kept_elsewhere_is_not_signed_unseen(house: House) -> None:
    one_timepoint(house)
    code = primary(house, A)
    opened(house, A, code)
    draft(house, A, code, category="open", rings=[SQUARE])
    draft(house, A, code, 2, category="closed")
    path, body = f"/v1/reading/cases/{code}/lock", {"password": PASSWORD, "meaning_accepted": True}
    early = house.request(A, "POST", path, json=body | {"number": 1})
    assert (early.status_code, early.json()["code"]) == (409, "draft_is_older")
    assert house.request(A, "POST", path, json=body | {"number": 2}).status_code == 201


def test_a_signature_holds_what_was_read(house: House) -> None:
    one_timepoint(house)
    read_through(house, A, category="open", rings=[SQUARE])
    with house.services.database.read() as connection:
        (seal,) = connection.execute(sa.select(signatures)).all()
    content = json.loads(seal.content)
    assert content["record"]["category"] == "open"
    assert content["username"] == A
    key = Keys(house.services.settings.secret_bytes).signer("readings").public_key
    assert is_signed(seal.content.encode(), seal.signature, key)
    assert not is_signed(seal.content.replace('"open"', '"closed"').encode(), seal.signature, key)


def test_nobody_reaches_anothers_cases(house: House) -> None:
    one_timepoint(house)
    code = primary(house, A)
    opened(house, A, code)
    for other in (B, JUDGE, "reader-two-a"):
        assert house.get(other, f"/v1/reading/cases/{code}").status_code == 404
        assert house.get(other, f"/v1/reading/cases/{code}/picture").status_code == 404
        assert draft(house, other, code, category="closed").status_code == 404
    for other in (house.centres[0].nurse, "manager-one"):
        assert house.get(other, f"/v1/reading/cases/{code}").status_code == 403


def test_a_repeat_looks_like_any_other_case_and_decides_nothing(house: House) -> None:
    chartered(house, hidden_repeats_percent=50.0)
    centre = house.centres[0]
    for number, visit in enumerate(("w0", "w2", "w4", "w8", "w12", "w16")):
        house.measured(centre.nurse, photo(9 + number), ulcer_id=centre.ulcer_id, visit=visit)
    queue = house.get(A, "/v1/reading/queue").json()
    assert cases(house, kind="repeat")
    mine = cases(house, account_id=account(house, A))
    assert queue["total"] == len(mine)
    for row in mine:
        case = opened(house, A, row.code)
        assert set(case) == set(opened(house, A, mine[0].code))
        draft(house, A, row.code, category="closed")
        assert lock(house, A, row.code).status_code == 201
    assert finals(house) == []


def test_a_data_manager_reopens_for_a_reason_and_the_final_stays(house: House) -> None:
    capture_id = one_timepoint(house)
    path = f"/v1/reading/timepoints/{capture_id}/reopening"
    early = house.request("manager-one", "POST", path, json={"reason": "The wrong finger was photographed."})
    assert early.json()["code"] == "not_final"
    for who in (A, B):
        read_through(house, who, category="open", rings=[SQUARE])
    for who, status in (("manager-two", 404), (A, 403)):
        assert house.request(who, "POST", path, json={"reason": "no"}).status_code == status
    again = house.request("manager-one", "POST", path, json={"reason": "The wrong finger was photographed."})
    assert (again.status_code, again.json()) == (201, {"round": 2})
    for who in (A, B):
        read_through(house, who, category="closed")
    assert [(final.version, final.category) for final in finals(house)] == [(1, "open"), (2, "closed")]


def test_each_step_leaves_one_event(house: House) -> None:
    chartered(house, machine_outline="after_own", hidden_repeats_percent=0.0)
    capture_id = one_timepoint(house)
    house.get(A, "/v1/reading/queue")
    read_through(house, B, category="closed")
    before = len(house.audit())
    code = primary(house, A)
    opened(house, A, code)
    opened(house, A, code)
    for _ in range(2):
        draft(house, A, code, category="closed")
    house.request(A, "POST", f"/v1/reading/cases/{code}/own-outline")
    lock(house, A, code)
    house.settle()
    reason = {"reason": "The wrong finger was photographed."}
    house.request("manager-one", "POST", f"/v1/reading/timepoints/{capture_id}/reopening", json=reason)
    actions = [event["action"] for event in house.audit()[before:]]
    assert [action for action in actions if action != "session.opened"] == list(STEPS.values())


def test_the_machines_outline_comes_after_the_own_where_the_charter_says_so(house: House) -> None:
    chartered(house, machine_outline="after_own", area_shown=True)
    one_timepoint(house)
    code = primary(house, A)
    case = opened(house, A, code)
    assert case["machine_rings"] is None
    early = house.request(A, "POST", f"/v1/reading/cases/{code}/own-outline")
    assert early.json()["code"] == "nothing_drafted"
    first = draft(house, A, code, category="open", rings=[SQUARE]).json()
    assert first["area_mm2"] == pytest.approx(1.0, abs=0.01)
    other = house.request(A, "POST", f"/v1/reading/cases/{code}/own-outline", json={"number": 2})
    assert (other.status_code, other.json()["code"]) == (409, "draft_is_older")
    own = house.request(A, "POST", f"/v1/reading/cases/{code}/own-outline", json={"number": 1})
    shown = own.json()
    crop = cases(house, code=code)[0].crop
    assert shown["own_stands"]
    assert shown["machine_rings"][0][0] == [10 - crop["left"], 10 - crop["top"]]
    draft(house, A, code, 3, category="open", rings=[LARGER])
    assert lock(house, A, code).status_code == 201
    with house.services.database.read() as connection:
        said = connection.execute(sa.select(reading_records).order_by(reading_records.c.number)).all()
    assert [record.kind for record in said] == ["draft", "own", "draft", "locked"]
    assert said[1].area_mm2 < said[3].area_mm2


def test_visits_are_read_in_order_where_the_charter_says_so(house: House) -> None:
    chartered(house, sequence="locked_sequential", hidden_repeats_percent=0.0)
    centre = house.centres[0]
    later = house.measured(centre.nurse, photo(4), ulcer_id=centre.ulcer_id, visit="w2")
    first = house.measured(centre.nurse, photo(9), ulcer_id=centre.ulcer_id, visit="w0")
    house.get(A, "/v1/reading/queue")
    codes = {row.capture_id: row.code for row in cases(house, account_id=account(house, A))}
    early = house.request(A, "POST", f"/v1/reading/cases/{codes[later['id']]}/opening")
    assert (early.status_code, early.json()["code"]) == (409, "earlier_visit_first")
    opened(house, A, codes[first["id"]])
    draft(house, A, codes[first["id"]], category="closed")
    assert lock(house, A, codes[first["id"]]).json()["next_code"] == codes[later["id"]]
    opened(house, A, codes[later["id"]])


def test_a_late_adjudicator_finds_what_waits(house: House) -> None:
    one_timepoint(house)
    with house.services.database.write() as connection:
        connection.execute(
            sa.update(accounts).where(accounts.c.username == JUDGE).values(role="data_manager")
        )
    read_through(house, A, category="open", rings=[SQUARE])
    read_through(house, B, category="closed")
    assert cases(house, kind="adjudication") == []
    with house.services.database.write() as connection:
        connection.execute(sa.update(accounts).where(accounts.c.username == JUDGE).values(role="adjudicator"))
    queue = house.get(JUDGE, "/v1/reading/queue").json()
    assert queue["total"] == 1
    assert house.get(JUDGE, "/v1/reading/queue").json() == queue


def test_the_assessment_carries_the_readers_values_and_the_machines_beside(house: House) -> None:
    centre = house.centres[0]
    for visit, area in (("w0", 9), ("w4", 4)):
        house.measured(centre.nurse, photo(area), ulcer_id=centre.ulcer_id, visit=visit)
    pipeline = "pipeline-one:assessments:read"
    (machine,) = house.get(pipeline, "/v1/assessments").json()["items"]
    assert (machine["source"], machine["area_mm2"], machine["category"]) == ("machine", 4.0, None)
    assert house.get(A, "/v1/assessments").json()["items"] == []  # not before it was read
    for who in (A, B):
        house.get(who, "/v1/reading/queue")
        for row in cases(house, kind="primary", account_id=account(house, who)):
            opened(house, who, row.code)
            crop = cases(house, code=row.code)[0].crop
            shape = LARGER if visit_of(house, row.capture_id) == "w0" else SQUARE
            rings = [[[x - crop["left"], y - crop["top"]] for x, y in shape]]
            draft(house, who, row.code, category="open", rings=rings)
            assert lock(house, who, row.code).status_code == 201
    house.settle()
    for user in (pipeline, A, JUDGE):
        (item,) = house.get(user, "/v1/assessments").json()["items"]
        assert (item["source"], item["category"], item["area_mm2"]) == ("readers", "open", 1.0)
        assert item["machine"]["area_mm2"] == 4.0
        assert item["agreement"] == {"categories_agree": True, "area_difference_percent": 0.0, "dice": 1.0}
        assert item["epithelialisation_percent"] > 20
        assert item["verdict"] == "smaller"


def visit_of(house: House, capture_id: str) -> str:
    with house.services.database.read() as connection:
        query = sa.select(captures.c.visit_code).where(captures.c.id == capture_id)
        return str(connection.scalars(query).one())


def test_a_queue_tells_how_far_it_is_and_goes_on_in_its_order(house: House) -> None:
    centre = house.centres[0]
    for visit, red in zip(("w0", "w2", "w4", "w8"), (9, 8, 7, 6), strict=True):
        house.measured(centre.nurse, photo(red), ulcer_id=centre.ulcer_id, visit=visit)
    house.get(A, "/v1/reading/queue")
    mine = sorted(cases(house, account_id=account(house, A)), key=lambda row: row.position)
    first, second, third = (str(row.code) for row in mine[:3])
    assert house.get(A, "/v1/reading/queue").json() == {
        "total": len(mine), "locked": 0, "drafted": 0, "next_code": first, "started": [],
    }  # fmt: skip
    for code in (third, second):
        opened(house, A, code)
    draft(house, A, second, category="closed")
    told = house.get(A, "/v1/reading/queue").json()
    assert (told["drafted"], told["next_code"], told["started"]) == (1, first, [second, third])
    opened(house, A, first)
    draft(house, A, first, category="closed")
    assert lock(house, A, first).json()["next_code"] == second
    told = house.get(A, "/v1/reading/queue").json()
    assert (told["locked"], told["next_code"], told["started"]) == (1, second, [second, third])


def test_readers_who_come_after_the_adjudicator_find_their_cases(house: House) -> None:
    one_timepoint(house)
    readers = [account(house, A), account(house, B)]
    of_readers = memberships.c.account_id.in_(readers)
    with house.services.database.write() as connection:
        kept = [dict(row._mapping) for row in connection.execute(sa.select(memberships).where(of_readers))]
        connection.execute(sa.delete(memberships).where(of_readers))
    assert house.get(JUDGE, "/v1/reading/queue").json()["total"] == 0
    assert house.get(A, "/v1/reading/queue").json()["total"] == 0
    with house.services.database.write() as connection:
        connection.execute(sa.insert(memberships), kept)
    assert house.get(A, "/v1/reading/queue").json()["total"] >= 1
