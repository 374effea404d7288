"""The documentation says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from typer.main import get_command

from app.cli import app
from app.cli_measure import MEASUREMENT_FIELDS
from app.settings import Settings

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


def test_links_between_documents_lead_somewhere() -> None:
    root = DOCS.parent
    for page in [*DOCS.rglob("*.md"), root / "README.md", root / "CONTRIBUTING.md"]:
        for link in re.findall(r"\]\((?!http|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.relative_to(root)} links to {link}"
