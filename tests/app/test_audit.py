"""The trail: one event per change, append-only in the database, and broken wherever it is touched."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from app.audit import store
from app.domain.audit_chain import verify
from app.domain.identity import SYSTEM
from app.platform.tables import audit_events, audit_head
from tests.app.house import House, photo

COPY = "SELECT {} FROM audit_events WHERE seq = 3"
COLUMNS = [column.name for column in audit_events.columns]


def _insert(verb: str, **other: str) -> str:
    """An event's copy put in once more, with other values."""
    chosen = ", ".join(other.get(name, name) for name in COLUMNS)
    return f"{verb} INTO audit_events ({', '.join(COLUMNS)}) {COPY.format(chosen)}"


def test_database_refuses_changes(house: House) -> None:
    last = house.audit()[-1]["seq"]
    statements = [
        "UPDATE audit_events SET actor = 'somebody else'",
        "UPDATE audit_events SET seq = seq + 1000",
        "DELETE FROM audit_events",
        f"DELETE FROM audit_events WHERE seq = {last}",
        _insert("INSERT", seq=str(last + 2)),
        _insert("INSERT", seq=str(last + 1)),
        _insert("INSERT", seq="0"),
        "UPDATE audit_head SET seq = seq - 1",
        "UPDATE audit_head SET hash = 'x'",
        "DELETE FROM audit_head",
        "INSERT INTO audit_head (id, seq, hash) VALUES (2, 9, 'x')",
    ]
    if house.services.database.is_sqlite:
        # These would take the old row away without asking a trigger that refuses to delete.
        statements += [_insert("INSERT OR REPLACE", actor="'x'"), _insert("REPLACE", actor="'x'")]
        statements += ["UPDATE OR REPLACE audit_events SET seq = 4 WHERE seq = 3"]
    else:
        statements += [f"{_insert('INSERT')} ON CONFLICT (seq) DO UPDATE SET actor = 'x'"]
    for statement in statements:
        with pytest.raises(DBAPIError, match="append-only"), house.services.database.write() as connection:
            connection.execute(sa.text(statement))
    assert house.services.trail.verify().ok


def test_postgresql_refuses_to_empty_it(house: House) -> None:
    if house.services.database.is_sqlite:
        pytest.skip("SQLite has no TRUNCATE")
    for table in ("audit_events", "audit_head"):
        with pytest.raises(DBAPIError, match="append-only"), house.services.database.write() as connection:
            connection.execute(sa.text(f"TRUNCATE {table}"))


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


def test_trail_is_narrowed_to_what_is_wanted(house: House) -> None:
    centre = house.centres[0]
    house.clock.moment += timedelta(hours=1)
    then = house.clock.moment.isoformat()
    house.put(centre.nurse, b"", ulcer_id=centre.ulcer_id)

    def found(**wanted: str) -> set[tuple[str, str]]:
        items = house.get("manager-one", "/v1/audit", **wanted).json()["items"]
        return {(item["actor"], item["action"]) for item in items}

    everything = found()
    assert {action for _, action in everything} >= {"ulcer.drawn", "session.opened", "account.created"}
    assert {name for name, _ in found(actor=centre.nurse)} == {centre.nurse}
    assert {action for _, action in found(action="subject")} == {"subject.enrolled"}
    assert {action for _, action in found(action="subject.enrolled")} == {"subject.enrolled"}
    assert found(action="%") == found(action="_") == found(actor="no such") == set()
    assert found(subject=centre.ulcer_id, action="ulcer") == {(centre.nurse, "ulcer.drawn")}
    assert {action for _, action in found(subject="session")} == {"session.opened"}
    assert (centre.nurse, "capture.turned_away") in found(since=then)
    assert "ulcer.drawn" not in {action for _, action in found(since=then)}
    assert found(until=then) >= {(centre.nurse, "ulcer.drawn")}
    assert (centre.nurse, "capture.turned_away") not in found(until=then)
    assert found(until=then, since=then) == set()
    assert house.get("manager-one", "/v1/audit", since="yesterday").status_code == 422
    strangers = [centre for centre in house.centres if centre.nurse.startswith("nurse-two")]
    assert found(subject=strangers[0].ulcer_id) == set(), "narrowing never widens the reach"


def test_pages_of_a_narrowed_trail_go_on_where_they_stopped(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.audit.service.PAGE", 2)
    seen: list[int] = []
    cursor: dict[str, str] = {}
    while True:
        page = house.get("manager-one", "/v1/audit", action="account.created", **cursor).json()
        seen += [item["seq"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert seen == [event["seq"] for event in house.audit(action="account.created")]


def test_verification_sees_one_moment_while_others_append(house: House) -> None:
    """Head and events are of one moment, though an event comes between the two."""
    trail, database = house.services.trail, house.services.database
    with database.read() as connection:
        store.hold_still(connection)
        seq, last = store.head(connection)
        trail.record_refusal(SYSTEM, "login.refused", ("test", "x"), "between")
        assert verify(store.events(connection), seq, last).ok
    assert trail.verify().checked == seq + 1


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
