"""planimeter users: what whoever runs the service does with accounts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from app.demo import PROTOCOL_FILE
from tests.app.house import CHEAP

PASSWORD = "a long enough password"
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A study with a reader and a pipeline on SQLite; runs a command and gives its result."""
    monkeypatch.setenv("PLANIMETER_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("PLANIMETER_DATABASE_URL", raising=False)
    monkeypatch.delenv("PLANIMETER_SECRET_KEY", raising=False)
    monkeypatch.setattr("app.services.PasswordHash.recommended", lambda: CHEAP)

    def invoke(*arguments: str, text: str | None = None) -> Result:
        return CliRunner().invoke(app, list(arguments), input=text)

    assert invoke("studies", "install", str(PROTOCOL_FILE)).exit_code == 0
    asked = invoke(
        *["users", "add", "reader", "--role", "reader", "--study", "DEMO"], text=f"{PASSWORD}\n{PASSWORD}\n"
    )
    assert asked.exit_code == 0, asked.output
    assert PASSWORD not in asked.output, "what is typed is not shown"
    assert invoke("users", "add", "pipeline", "--role", "pipeline", "--study", "DEMO").exit_code == 0
    return invoke


def row(result: Result, word: str) -> list[str]:
    """Cells of the line of a table that holds a word."""
    (line,) = (line for line in result.stdout.splitlines() if word in line)
    return [cell.strip() for cell in line.strip("│ ").split("│")]


def test_no_command_takes_a_password_as_an_argument(run: Run) -> None:
    for name in ("add", "password"):
        assert "--password " not in run("users", name, "--help").stdout
    assert run("users", "password", "reader", PASSWORD).exit_code == 2


def test_passwords_are_asked_for_twice(run: Run) -> None:
    mistyped = run("users", "password", "reader", text=f"{PASSWORD}\nanother\n")
    assert mistyped.exit_code != 0
    told = run("users", "password", "reader", "--password-stdin", text="another long one\n")
    assert (told.exit_code, told.stdout) == (0, "reader: the password is set, and all sessions are ended.\n")


def test_list_shows_where_accounts_belong_and_how_they_stand(run: Run) -> None:
    run("users", "add", "nurse", "--role", "site_staff", "--study", "DEMO", "--site", "LYO", "--no-password")
    listed = run("users", "list")
    assert row(listed, "nurse") == ["nurse", "site_staff", "DEMO/LYO", "open", "no", "0"]
    assert row(listed, "reader") == ["reader", "reader", "DEMO", "open", "no", "0"]
    assert run("users", "lock", "nurse", "--reason", "on leave").exit_code == 0
    assert row(run("users", "list"), "nurse")[3] == "locked by command"
    assert run("users", "unlock", "nurse").exit_code == 0
    assert row(run("users", "list"), "nurse")[3] == "open"


def test_tokens_are_made_listed_and_revoked(run: Run) -> None:
    token = run("users", "token", "pipeline", "--scope", "series:read").stdout.strip()
    listed = run("users", "tokens")
    assert token not in listed.stdout
    name, user, scopes, _, standing = row(listed, "series:read")
    assert (user, scopes, standing) == ("pipeline", "series:read", "good")
    assert run("users", "revoke-token", name).exit_code == 0
    assert row(run("users", "tokens"), name)[-1] == "revoked"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["lock", "nobody", "--reason", "x"], "no account"),
        (["unlock", "nobody"], "no account"),
        (["password", "nobody"], "no account"),
        (["revoke-sessions", "nobody"], "no account"),
        (["second-factor", "nobody"], "no account"),
        (["second-factor", "reader", "--remove"], "no second factor"),
        (["revoke-token", "x"], "no token"),
    ],
)
def test_mistakes_are_told_in_a_sentence(run: Run, arguments: list[str], told: str) -> None:
    answer = run("users", *arguments)
    assert answer.exit_code == 2
    assert told in answer.output


def test_sessions_and_second_factor(run: Run) -> None:
    assert run("users", "revoke-sessions", "reader").stdout == "reader: 0 sessions ended.\n"
    assert run("users", "second-factor", "reader").stdout == "reader: no second factor.\n"
