"""The trail: one event per change, append-only in the database, and broken wherever it is touched."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from app.platform.tables import audit_events, audit_head
from tests.app.house import House, photo


def test_database_refuses_changes(house: House) -> None:
    for statement in ("UPDATE audit_events SET actor = 'somebody else'", "DELETE FROM audit_events"):
        with pytest.raises(DBAPIError, match="append-only"), house.services.database.write() as connection:
            connection.execute(sa.text(statement))
    assert house.services.trail.verify().ok


def test_postgresql_refuses_to_empty_it(house: House) -> None:
    if house.services.database.is_sqlite:
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(DBAPIError, match="append-only"), house.services.database.write() as connection:
        connection.execute(sa.text("TRUNCATE audit_events"))


def _without_triggers(house: House, statement: sa.Executable) -> None:
    """As somebody with the database's own password could."""
    with house.services.database.write() as connection:
        if house.services.database.is_sqlite:
            triggers = connection.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
            for name in list(triggers):
                connection.execute(sa.text(f"DROP TRIGGER {name}"))
        else:
            for table in ("audit_events", "audit_head"):
                connection.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        connection.execute(statement)


def test_edited_event_is_named(house: House) -> None:
    (event,) = house.audit(seq=5)
    for column in (
        "at",
        "actor",
        "role",
        "action",
        "subject_kind",
        "subject_id",
        "study_id",
        "after",
        "hash",
    ):
        place = sa.update(audit_events).where(audit_events.c.seq == 5)
        _without_triggers(house, place.values({column: "x"}))
        report = house.services.trail.verify()
        assert (report.ok, report.first_broken, report.checked) == (False, 5, 4), column
        verdict = house.get("manager-one", "/v1/audit/verify").json()
        assert verdict == {"ok": False, "checked": 4, "first_broken": 5, "problem": "content"}, column
        _without_triggers(house, place.values({column: event[column]}))
    assert house.services.trail.verify().ok


def test_removed_event_is_named(house: House) -> None:
    _without_triggers(house, sa.delete(audit_events).where(audit_events.c.seq == 7))
    assert house.services.trail.verify().first_broken == 7


def test_end_cut_off_is_named(house: House) -> None:
    last = house.audit()[-1]["seq"]
    _without_triggers(house, sa.delete(audit_events).where(audit_events.c.seq >= last - 1))
    assert house.services.trail.verify().first_broken == last - 1


def test_head_alone_changed(house: House) -> None:
    _without_triggers(house, sa.update(audit_head).values(hash="0" * 64))
    assert not house.services.trail.verify().ok


def test_trail_is_read_in_pages(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.audit.service.PAGE", 4)
    page = house.get("manager-one", "/v1/audit").json()
    seen = page["items"]
    while page["next_cursor"]:
        page = house.get("manager-one", "/v1/audit", cursor=page["next_cursor"]).json()
        seen += page["items"]
    assert len(seen) > 4
    assert [item["seq"] for item in seen] == sorted({item["seq"] for item in seen})


def test_failed_change_leaves_no_event(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Photograph, row, event and job stand or fall together."""
    centre = house.centres[0]
    before = house.audit()
    monkeypatch.setattr(house.services.jobs, "enqueue", lambda *_: 1 / 0)
    answer = house.put(centre.nurse, photo(9), ulcer_id=centre.ulcer_id)
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert [event["action"] for event in house.audit()[len(before) :]] == []
    assert house.get(centre.nurse, "/v1/captures").json() == []


def test_every_change_of_state_leaves_one_event(house: House) -> None:
    centre = house.centres[0]
    before = len(house.audit())
    house.measured(centre.nurse, photo(9), ulcer_id=centre.ulcer_id)
    house.measured(centre.nurse, photo(9, card=False), ulcer_id=centre.ulcer_id, visit="w2")
    house.put(centre.nurse, b"", ulcer_id=centre.ulcer_id)
    house.get("reader-one-a", "/v1/assessments")
    events = [event["action"] for event in house.audit()[before:]]
    assert events == [
        "capture.received", "capture.measuring", "capture.measured", "healing.computed",
        "capture.received", "capture.measuring", "capture.refused",
        "capture.turned_away", "session.opened",
    ]  # fmt: skip
