"""planimeter tablets: what whoever runs the service does with tablets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from app.demo import PROTOCOL_FILE
from app.domain.enrolment_code import normal
from tests.app.house import CHEAP

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The demo's study on SQLite; runs a command and gives its result."""
    monkeypatch.setenv("PLANIMETER_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("PLANIMETER_DATABASE_URL", raising=False)
    monkeypatch.delenv("PLANIMETER_SECRET_KEY", raising=False)
    monkeypatch.setattr("app.services.PasswordHash.recommended", lambda: CHEAP)

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(app, list(arguments))

    assert invoke("studies", "install", str(PROTOCOL_FILE)).exit_code == 0
    return invoke


def test_a_tablet_is_made_listed_and_revoked(run: Run) -> None:
    made = run("tablets", "enrol", "DEMO", "--site", "LYO", "--name", "Tablet 7")
    assert made.exit_code == 0, made.output
    assert normal(made.stdout.strip()) is not None
    (line,) = [line for line in run("tablets", "list", "DEMO").stdout.splitlines() if "Tablet 7" in line]
    tablet_id, site, _, enrolled, seen, revoked = (cell.strip() for cell in line.split("│")[1:-1])
    assert (site, enrolled, seen, revoked) == ("LYO", "", "", "")
    ended = run("tablets", "revoke", tablet_id, "--reason", "left on the tram")
    assert (ended.exit_code, ended.stdout) == (0, "LYO Tablet 7: revoked.\n")
    (line,) = [line for line in run("tablets", "list", "DEMO").stdout.splitlines() if "Tablet 7" in line]
    assert "UTC" in line


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("list", "NONE"), "there is no study 'NONE'"),
        (("enrol", "DEMO", "--site", "XXX", "--name", "T"), "the study has no site 'XXX'"),
        (("revoke", "0" * 32, "--reason", "lost"), "there is no tablet"),
        (("revoke", "0" * 32, "--reason", " "), "say why"),
    ],
)
def test_mistakes_are_told_in_a_sentence(run: Run, arguments: tuple[str, ...], sentence: str) -> None:
    told = run("tablets", *arguments)
    assert told.exit_code == 2
    assert sentence in told.output
