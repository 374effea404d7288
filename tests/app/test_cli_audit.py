"""planimeter audit: checkpoints and exports, verified by the public key alone, tell a trail written anew."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from app.demo import PROTOCOL_FILE
from app.domain.audit_chain import Event, sealed

SECRET = "s" * 40
COLUMNS = [field.name for field in fields(Event)]
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A trail of five events on SQLite; runs an audit command and gives its result."""
    monkeypatch.setenv("PLANIMETER_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PLANIMETER_SECRET_KEY", SECRET)
    monkeypatch.delenv("PLANIMETER_DATABASE_URL", raising=False)

    def invoke(*arguments: object) -> Result:
        return CliRunner().invoke(app, ["audit", *map(str, arguments)])

    CliRunner().invoke(app, ["studies", "install", str(PROTOCOL_FILE)])
    for number in range(4):
        name = f"pipeline-{number}"
        CliRunner().invoke(app, ["users", "add", name, "--role", "pipeline", "--study", "DEMO"])
    return invoke


def rewrite(folder: Path, place: int, length: int | None = None) -> None:
    """As somebody who holds the database: change one event, hash all afresh, move the head."""
    with sqlite3.connect(folder / "planimeter.db") as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        found = connection.execute(f"SELECT {', '.join(COLUMNS)} FROM audit_events ORDER BY seq").fetchall()
        rows = [Event(*row) for row in found][:length]
        if place < len(rows):
            rows[place] = replace(rows[place], actor="somebody else")
        connection.execute("DELETE FROM audit_events")
        previous = "0" * 64
        for row in rows:
            fresh = sealed(replace(row, previous_hash=previous))
            values = tuple(getattr(fresh, name) for name in COLUMNS)
            marks = ", ".join("?" * len(COLUMNS))
            connection.execute(f"INSERT INTO audit_events ({', '.join(COLUMNS)}) VALUES ({marks})", values)
            previous = fresh.hash
        connection.execute("UPDATE audit_head SET seq = ?, hash = ?", (len(rows), previous))


def test_a_trail_written_anew_is_told_by_its_checkpoint(run: Run, tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    assert run("checkpoint", "--out", kept).exit_code == 0
    assert run("checkpoint", "--out", kept).exit_code == 0, "checkpoints are added to the file"
    assert len(kept.read_text().splitlines()) == 2
    whole = run("verify", "--checkpoint", kept)
    assert (whole.exit_code, whole.stdout) == (
        0,
        "The audit trail holds: 7 events. Hashes kept outside agree up to event 6.\n",
    )
    rewrite(tmp_path, 3)
    assert run("verify").exit_code == 0, "fresh hashes and a fresh head: the chain alone cannot tell"
    told = run("verify", "--checkpoint", kept)
    assert told.exit_code == 1
    assert "broken at event 5: its hash is not the one that was signed" in told.stdout


def test_an_export_names_the_very_event(run: Run, tmp_path: Path) -> None:
    kept = tmp_path / "trail.jsonl"
    assert run("export", "--out", kept).exit_code == 0
    assert run("verify", "--checkpoint", kept).exit_code == 0
    rewrite(tmp_path, 3)
    told = run("verify", "--checkpoint", kept)
    assert told.exit_code == 1
    assert "broken at event 4: its hash is not the one" in told.stdout
    assert "agree up to event 3" in told.stdout


def test_a_trail_cut_short_is_told_by_its_checkpoint(run: Run, tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    run("checkpoint", "--out", kept)
    rewrite(tmp_path, 99, length=3)
    assert run("verify").exit_code == 0
    told = run("verify", "--checkpoint", kept)
    assert told.exit_code == 1
    assert "broken at event 4: it and what followed were cut off the end" in told.stdout


def test_exports_are_verified_offline_by_the_public_key_alone(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "trail.jsonl"
    run("export", "--out", kept)
    key = run("public-key").stdout.strip()
    monkeypatch.delenv("PLANIMETER_SECRET_KEY")
    monkeypatch.setenv("PLANIMETER_DATA_DIR", str(tmp_path / "elsewhere"))
    done = run("verify", "--file", kept, "--public-key", key)
    assert done.exit_code == 0
    assert done.stdout.startswith("The audit trail holds: 5 events.\nSigned at ")
    assert "not checked" in run("verify", "--file", kept).stdout
    wrong = run("verify", "--file", kept, "--public-key", "0" * 64)
    assert wrong.exit_code == 1
    assert "not signed by the key" in wrong.stdout
    assert not (tmp_path / "elsewhere").exists(), "offline: no database is made or asked"


def _altered(lines: list[str], number: int, **values: object) -> list[str]:
    line = json.loads(lines[number])
    inner = line.get("checkpoint", line)
    inner.update(values)
    return [*lines[:number], json.dumps(line), *lines[number:][1:]]


ALTERED: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "an event": (lambda lines: _altered(lines, 2, actor="x"), "broken at event 3: its content"),
    "one less": (lambda lines: lines[:1] + lines[2:], "broken at event 2: it is missing"),
    "end cut off": (lambda lines: lines[:3] + lines[-1:], "broken at event 4: it and what followed"),
    "no checkpoint": (lambda lines: lines[:-1], "ends without a checkpoint"),
    "another number signed": (lambda lines: _altered(lines, -1, seq=4), "is not signed by the key"),
    "another time signed": (lambda lines: _altered(lines, -1, at="2026"), "is not signed by the key"),
    "another count signed": (lambda lines: _altered(lines, -1, count=4), "is not signed by the key"),
    "no JSON": (lambda lines: ["{"], "line 1 is not JSON"),
    "no event": (lambda lines: ['{"a": 1}'], "line 1 is neither an event nor a checkpoint"),
    "a field of another kind": (lambda lines: _altered(lines, 0, seq="1"), "seq is not what it should be"),
}


@pytest.mark.parametrize("what", ALTERED)
def test_an_altered_file_is_told(run: Run, tmp_path: Path, what: str) -> None:
    kept = tmp_path / "trail.jsonl"
    run("export", "--out", kept)
    alter, told = ALTERED[what]
    kept.write_text("\n".join(alter(kept.read_text().splitlines())) + "\n")
    done = run("verify", "--file", kept)
    assert done.exit_code == 1
    assert told in done.stdout


def test_a_broken_trail_is_neither_signed_nor_vouched_for(run: Run, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "planimeter.db") as connection:
        connection.execute("DROP TRIGGER audit_events_no_update")
        connection.execute("UPDATE audit_events SET actor = 'x' WHERE seq = 3")
    for command in ("checkpoint", "export"):
        done = run(command, "--out", tmp_path / command)
        assert done.exit_code == 1
        assert "broken at event 3: its content is not what was hashed" in done.stdout
    assert not (tmp_path / "checkpoint").exists()
    assert "checkpoint" not in (tmp_path / "export").read_text().splitlines()[-1]


def test_signing_and_exporting_are_recorded(run: Run, tmp_path: Path) -> None:
    run("checkpoint", "--out", tmp_path / "a")
    run("export", "--out", tmp_path / "b")
    with sqlite3.connect(tmp_path / "planimeter.db") as connection:
        actions = [row[0] for row in connection.execute("SELECT action FROM audit_events ORDER BY seq")]
    assert actions[-2:] == ["audit.checkpoint_signed", "audit.exported"]


def test_signing_needs_the_secret_and_checking_a_key(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("checkpoint", "--out", tmp_path / "kept")
    monkeypatch.delenv("PLANIMETER_SECRET_KEY")
    for arguments in (
        ["checkpoint", "--out", tmp_path / "x"],
        ["export", "--out", tmp_path / "x"],
        ["public-key"],
    ):
        done = run(*arguments)
        assert done.exit_code == 2
        assert "PLANIMETER_SECRET_KEY" in done.output
    for arguments in (["--checkpoint", tmp_path / "kept"], ["--public-key", "x"]):
        assert run("verify", *arguments).exit_code == 2
    assert run("verify", "--checkpoint", tmp_path / "nowhere", "--public-key", "0" * 64).exit_code == 1
