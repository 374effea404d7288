"""The documentation says what the code does."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

from typer.main import get_command

from app.cli import app
from app.cli_measure import MEASUREMENT_FIELDS
from app.demo import PROTOCOL_FILE
from app.settings import Settings
from calibration.capture_gate import SENTENCES, GateLimits

DOCS = Path(__file__).resolve().parents[1] / "docs"


def test_every_setting_is_told_with_its_default() -> None:
    text = (DOCS / "reference/settings.md").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        (row,) = re.findall(
            rf"^\| `PLANIMETER_{name.upper()}` \| (.*?) \| (.*?) \|$", text, flags=re.MULTILINE
        )
        if name != "secret_key":
            assert row == (str(field.default) or "–", field.description)


def test_every_command_is_told() -> None:
    text = (DOCS / "reference/command-line.md").read_text(encoding="utf-8")
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        for inner in getattr(command, "commands", {"": None}):
            assert f"{name} {inner}".strip() in text


def test_every_field_of_a_measurement_is_told() -> None:
    text = (DOCS / "reference/command-line.md").read_text(encoding="utf-8")
    for field in (*MEASUREMENT_FIELDS, "budget", "model", "version"):
        assert f"`{field}`" in text


def test_every_limit_of_the_gate_is_told_with_its_default_and_source() -> None:
    text = (DOCS / "reference/capture-gate.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| `(\w+)` \| `(\w+)` \| (\S+) \|(?: \S+ \|| \|) .+ \| .+ \|$", text, flags=re.MULTILINE
    )
    assert {limit: default for _, limit, default in rows} == {
        name: str(default) for name, default in asdict(GateLimits()).items()
    }
    assert set(re.findall(r"`(\w+)`", text)) >= set(SENTENCES)
    for code, limit, _ in rows:
        assert code in SENTENCES
        assert limit.endswith(code.removeprefix("too_few_"))


def test_demo_protocol_states_each_limit_of_the_gate_with_its_source() -> None:
    text = PROTOCOL_FILE.read_text(encoding="utf-8")
    for name, default in asdict(GateLimits()).items():
        assert re.search(rf"^# .+\n{name} = {re.escape(str(default))}$", text, flags=re.MULTILINE), name


def test_links_between_documents_lead_somewhere() -> None:
    root = DOCS.parent
    for page in [*DOCS.rglob("*.md"), root / "README.md", root / "CONTRIBUTING.md"]:
        for link in re.findall(r"\]\((?!http|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.relative_to(root)} links to {link}"
