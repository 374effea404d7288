"""Ten thousand random tamperings of the trail, by the holder of the database: all found, first row named.

Found how: against the hashes of a signed export, every row is named exactly. Against one signed checkpoint
everything before it is found; a rewrite with fresh hashes is named at the checkpoint. The chain and its head
alone find everything but a rewrite that moves the head too.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path

import pytest

from app.audit.checkpoints import Checkpoints, marks_in
from app.audit.service import Trail
from app.domain.audit_chain import GENESIS, Event, canonical, sealed, verify
from app.domain.identity import Actor
from app.platform.database import Database
from app.platform.keys import Keys
from tests.app.house import SetClock

TAMPERINGS = 10_000
IN_A_FILE = 60
LENGTH = 16
COLUMNS = [field.name for field in fields(Event)]

Rows = list[Event]


@dataclass(frozen=True)
class Tampered:
    """Rows and head afterwards."""

    rows: Rows
    seq: int
    hash: str


def trail(length: int = LENGTH) -> Rows:
    rows: Rows = []
    for seq in range(1, length + 1):
        previous = rows[-1].hash if rows else GENESIS
        event = Event(
            seq, f"2026-01-05T12:00:{seq:02}.000000+00:00", f"nurse-{seq % 3}", "site_staff",
            "capture.received", "capture", f"{seq:032x}", "s" * 32, None, "null",
            canonical({"visit": f"w{seq}"}), previous, "",
        )  # fmt: skip
        rows.append(sealed(event))
    return rows


WHOLE = trail()


def other(value: object, chance: random.Random) -> object:
    """Another value of the same kind."""
    if isinstance(value, int):
        return value + chance.choice([-chance.randint(1, 40), chance.randint(1, 40)])
    if value is None:
        return "x"
    text = str(value)
    place = chance.randrange(len(text))
    return text[:place] + chr(ord(text[place]) + 1) + text[place + 1 :]


def chained(rows: Rows, start: int) -> Rows:
    """Rows renumbered and hashed afresh from a place on."""
    done = list(rows[:start])
    for row in rows[start:]:
        previous = done[-1].hash if done else GENESIS
        done.append(sealed(replace(row, seq=len(done) + 1, previous_hash=previous)))
    return done


def with_own_head(rows: Rows) -> Tampered:
    return Tampered(rows, len(rows), rows[-1].hash if rows else GENESIS)


def with_old_head(rows: Rows) -> Tampered:
    return Tampered(rows, WHOLE[-1].seq, WHOLE[-1].hash)


def edit(chance: random.Random) -> Tampered:
    place, name = chance.randrange(LENGTH), chance.choice(COLUMNS)
    rows = list(WHOLE)
    rows[place] = replace(rows[place], **{name: other(getattr(rows[place], name), chance)})
    return with_old_head(sorted(rows, key=lambda row: row.seq))


def edit_with_fresh_hash(chance: random.Random) -> Tampered:
    place, name = chance.randrange(LENGTH), chance.choice(COLUMNS[1:-2])
    rows = list(WHOLE)
    rows[place] = sealed(replace(rows[place], **{name: other(getattr(rows[place], name), chance)}))
    return with_old_head(rows)


def delete(chance: random.Random) -> Tampered:
    place = chance.randrange(LENGTH)
    return with_old_head(WHOLE[:place] + WHOLE[place + chance.randint(1, 4) :])


def insert(chance: random.Random) -> Tampered:
    place = chance.randrange(LENGTH + 1)
    forged = sealed(
        replace(
            WHOLE[place - 1],
            seq=place + 1,
            actor="x",
            previous_hash=WHOLE[place - 1].hash if place else GENESIS,
        )
    )
    rows = [*WHOLE[:place], forged, *WHOLE[place:]]
    return with_old_head(rows if chance.random() < 0.5 else chained(rows, place))


def swap(chance: random.Random) -> Tampered:
    first, second = sorted(chance.sample(range(LENGTH), 2))
    rows = list(WHOLE)
    rows[first], rows[second] = rows[second], rows[first]
    if chance.random() < 0.5:  # each in the other's place, under its number
        rows[first], rows[second] = replace(rows[first], seq=first + 1), replace(rows[second], seq=second + 1)
    return with_old_head(rows)


def cut(chance: random.Random) -> Tampered:
    rows = WHOLE[: chance.randrange(LENGTH)]
    return with_own_head(rows) if chance.random() < 0.5 else with_old_head(rows)


def replay(chance: random.Random) -> Tampered:
    again, place = WHOLE[chance.randrange(LENGTH)], chance.randrange(LENGTH + 1)
    rows = [*WHOLE[:place], again, *WHOLE[place:]]
    return with_old_head(rows if chance.random() < 0.5 else chained(rows, place))


def rewrite(chance: random.Random) -> Tampered:
    """From a row on, everything anew with fresh hashes, and the head moved along."""
    place = chance.randrange(LENGTH)
    rows = list(WHOLE)
    rows[place] = replace(rows[place], after=canonical({"visit": "another"}))
    kind = chance.choice(["changed", "one less", "one more"])
    if kind == "one less":
        rows = WHOLE[:place] + WHOLE[place + 1 :]
    elif kind == "one more":
        rows = [*WHOLE[:place], rows[place], *WHOLE[place:]]
    return with_own_head(chained(rows, place))


def rewrite_but_for_the_head(chance: random.Random) -> Tampered:
    return with_old_head(rewrite(chance).rows)


def head(chance: random.Random) -> Tampered:
    if chance.random() < 0.5:
        return Tampered(WHOLE, LENGTH + chance.choice([-1, 1, 5]), WHOLE[-1].hash)
    return Tampered(WHOLE, LENGTH, str(other(WHOLE[-1].hash, chance)))


KINDS: list[Callable[[random.Random], Tampered]] = [
    edit, edit_with_fresh_hash, delete, insert, swap, cut, replay, rewrite, rewrite_but_for_the_head, head,
]  # fmt: skip


def first_bad(done: Tampered) -> int:
    """Place of the first row that is not what it was; of the head, the last event it speaks of."""
    for place, (now, was) in enumerate(zip(done.rows, WHOLE, strict=False), 1):
        if now != was:
            return place
    if len(done.rows) != LENGTH:
        return min(len(done.rows), LENGTH) + 1
    return LENGTH if done.seq == LENGTH else min(done.seq, LENGTH) + 1


def hides_in_the_chain(done: Tampered) -> bool:
    """Whether rows and head agree with each other, so that only what is kept outside tells."""
    return verify(done.rows, done.seq, done.hash).ok


def test_ten_thousand_tamperings_are_found_and_the_first_bad_row_is_named() -> None:
    chance = random.Random(20_260_105)
    export = {row.seq: row.hash for row in WHOLE}
    checkpoint = {LENGTH: WHOLE[-1].hash}
    assert verify(WHOLE, LENGTH, WHOLE[-1].hash, export).ok
    tried: Counter[str] = Counter()
    hidden: Counter[str] = Counter()
    for number in range(TAMPERINGS):
        kind = KINDS[number % len(KINDS)]
        done = kind(chance)
        name, bad = kind.__name__, first_bad(done)
        tried[name] += 1
        report = verify(done.rows, done.seq, done.hash, export)
        assert (report.first_broken, report.checked) == (bad, bad - 1), (name, report, done)
        assert str(bad) in report.sentence
        report = verify(done.rows, done.seq, done.hash, checkpoint)
        assert report.first_broken is not None, (name, done)
        assert bad <= report.first_broken <= LENGTH + 1
        if hides_in_the_chain(done):
            hidden[name] += 1
    print(f"\n{tried.total()} tamperings, all found: {dict(tried)}")
    print(f"agreeing with a head that was moved along, found by checkpoint alone: {dict(hidden)}")
    assert tried.total() == TAMPERINGS
    assert set(hidden) == {"rewrite", "cut"}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, bytes]:
    """A database with a trail, its export, and the public key."""
    folder = tmp_path_factory.mktemp("trail")
    database = Database(f"sqlite:///{folder / 'trail.db'}")
    database.migrate()
    clock = SetClock()
    trail = Trail(database, clock)
    with database.write() as connection:
        for number in range(LENGTH):
            trail.record(
                connection, Actor(f"nurse-{number % 3}", "site_staff"), "capture.received",
                ("capture", str(number)), before=None, after={"visit": f"w{number}"},
            )  # fmt: skip
    checkpoints = Checkpoints(database, clock, trail, Keys(b"k" * 32).signer("test"))
    checkpoints.export(folder / "trail.jsonl")
    database.close()
    return folder / "trail.db", folder / "trail.jsonl", checkpoints.public_key


def _in_file(connection: sqlite3.Connection, chance: random.Random) -> int:
    """Tamper with the file as its owner could; the first row that is not what it was."""
    rows = [
        Event(*row)
        for row in connection.execute(f"SELECT {', '.join(COLUMNS)} FROM audit_events ORDER BY seq")
    ]
    place = chance.randrange(LENGTH)
    kind = chance.choice(["edit", "delete", "cut", "swap", "rewrite"])
    if kind == "edit":
        name = chance.choice(COLUMNS[1:])
        value = other(getattr(rows[place], name), chance)
        connection.execute(f"UPDATE audit_events SET {name} = ? WHERE seq = ?", (value, place + 1))
    elif kind == "delete":
        connection.execute("DELETE FROM audit_events WHERE seq = ?", (place + 1,))
    elif kind == "cut":
        connection.execute("DELETE FROM audit_events WHERE seq > ?", (place,))
        last = rows[place - 1].hash if place else GENESIS
        connection.execute("UPDATE audit_head SET seq = ?, hash = ?", (place, last))
    elif kind == "swap":
        second = (place + 1) % LENGTH
        for seq, to in ((place + 1, -1), (second + 1, place + 1), (-1, second + 1)):
            connection.execute("UPDATE audit_events SET seq = ? WHERE seq = ?", (to, seq))
        return min(place, second) + 1
    else:
        rows[place] = replace(rows[place], actor="somebody else")
        fresh = chained(rows, place)
        connection.execute("DELETE FROM audit_events")
        marks = ", ".join("?" * len(COLUMNS))
        for row in fresh:
            values = tuple(getattr(row, name) for name in COLUMNS)
            connection.execute(f"INSERT INTO audit_events ({', '.join(COLUMNS)}) VALUES ({marks})", values)
        connection.execute("UPDATE audit_head SET seq = ?, hash = ?", (len(fresh), fresh[-1].hash))
    return place + 1


def test_tamperings_of_a_real_file_are_found_by_its_export(
    kept: tuple[Path, Path, bytes], tmp_path: Path
) -> None:
    file, export, key = kept
    marks = marks_in(export, key)
    assert set(marks) == set(range(1, LENGTH + 1))
    chance = random.Random(7)
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for number in range(IN_A_FILE):
        copy = tmp_path / f"{number}.db"
        shutil.copy(file, copy)
        with sqlite3.connect(copy) as connection:
            names = [
                row[0]
                for row in connection.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit_%'"
                )
            ]
            assert len(names) == 6
            for name in names:
                connection.execute(f"DROP TRIGGER {name}")
            bad = _in_file(connection, chance)
        database = Database(f"sqlite:///{copy}")
        report = Trail(database, SetClock()).verify(marks)
        database.close()
        assert (report.first_broken, report.checked) == (bad, bad - 1), (number, report)
