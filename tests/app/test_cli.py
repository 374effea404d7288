"""The command line for whoever runs the service."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from app.demo import PROTOCOL_FILE


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PLANIMETER_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("PLANIMETER_DATABASE_URL", raising=False)
    monkeypatch.delenv("PLANIMETER_SECRET_KEY", raising=False)

    def invoke(*arguments: str, text: str | None = None) -> Result:
        return CliRunner().invoke(app, list(arguments), input=text)

    return invoke


def test_study_users_token_and_trail(run, tmp_path: Path) -> None:
    assert run("studies", "install", str(PROTOCOL_FILE)).exit_code == 0
    added = run(
        *["users", "add", "nurse", "--role", "site_staff"],
        *["--study", "DEMO", "--site", "LYO", "--password-stdin"],
        text="a long enough password\n",
    )
    assert added.exit_code == 0, added.output
    assert run("users", "add", "pipeline", "--role", "pipeline", "--study", "DEMO").exit_code == 0
    token = run("users", "token", "pipeline", "--scope", "series:read")
    assert token.exit_code == 0
    assert len(token.stdout.strip()) >= 40
    listed = run("users", "list").stdout
    assert all(name in listed for name in ("nurse", "site_staff", "pipeline"))
    assert run("audit", "verify").stdout == "The audit trail holds: 4 events.\n"
    with sqlite3.connect(tmp_path / "planimeter.db") as connection:
        connection.execute("DROP TRIGGER audit_events_no_update")
        connection.execute("UPDATE audit_events SET actor = 'x' WHERE seq = 3")
    broken = run("audit", "verify")
    assert broken.exit_code == 1
    assert "broken at event 3" in broken.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["users", "add", "x", "--role", "reader", "--study", "NONE", "--password-stdin"], "no study"),
        (["users", "add", "x", "--role", "king", "--study", "DEMO", "--password-stdin"], "unknown role"),
        (
            ["users", "add", "x", "--role", "site_staff", "--study", "DEMO", "--password-stdin"],
            "belong to a site",
        ),
        (
            ["users", "add", "x", "--role", "reader", "--study", "DEMO", "--site", "X", "--password-stdin"],
            "no site",
        ),
        (["users", "token", "x", "--scope", "series:read"], "no account"),
        (["users", "token", "x", "--scope", "all"], "unknown scopes"),
        (["studies", "install", "nowhere.toml"], "nowhere.toml"),
    ],
)
def test_mistakes_are_told_in_a_sentence(run, arguments: list[str], told: str) -> None:
    run("studies", "install", str(PROTOCOL_FILE))
    answer = run(*arguments, text="a long enough password\n")
    assert answer.exit_code == 2, answer.output
    assert told in answer.output


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_serve_and_worker_need_a_secret(run, command: str) -> None:
    refused = run(command)
    assert refused.exit_code == 2
    assert "PLANIMETER_SECRET_KEY" in refused.output
