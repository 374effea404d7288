"""The documentation says what the code does."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.main import get_command

from app.cli import app
from app.cli_measure import MEASUREMENT_FIELDS
from app.demo import PROTOCOL_FILE
from app.settings import Settings
from app.studies.schemas import CapturePlan, ReadingCharter
from benchmarks.constants_page import PAGE, constants_of, page, sections
from benchmarks.limits_truth import CAMERA_MM, PLACES, cases, error_percent, silhouette_of
from calibration.capture_gate import GateLimits
from calibration.gate_sentences import SENTENCES
from calibration.surface_fit import fit_surface

DOCS = Path(__file__).resolve().parents[1] / "docs"
PICTURE_LIMIT_BYTES = 250_000
LEAST_CONTRAST = 10


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


def test_every_setting_of_the_charter_is_told_with_its_default() -> None:
    text = (DOCS / "reference/reading-charter.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+?) \| .+ \| .+ \|$", text, flags=re.MULTILINE))
    charter = ReadingCharter().model_dump()
    charter["not_assessable_reasons"] = ", ".join(r["code"] for r in charter["not_assessable_reasons"])
    assert rows == {name: str(value) for name, value in charter.items()}


def test_every_setting_of_the_capture_plan_is_told_with_its_default() -> None:
    text = (DOCS / "reference/capture-plan.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+?) \| .+ \| .+ \|$", text, flags=re.MULTILINE))
    plan = CapturePlan().model_dump()
    plan["visit_questions"] = ", ".join(plan["visit_questions"])
    assert rows == {name: str(value) for name, value in plan.items()}


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


def test_every_constant_of_the_measurement_is_told_with_its_reason() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python benchmarks/constants_page.py"
    untold = [f"{module}: {one.name}" for module, found in sections() for one in found if not one.reason]
    assert untold == []


def test_a_constant_without_a_docstring_has_no_reason() -> None:
    source = 'LEAST = 0.2\nMOST = 2.0\n"""Own choice."""\n\nBARE = 3\n\nNAMES = ("a",)\nA, B = 1, "b"\n'
    told = [(one.name, one.value, one.reason) for one in constants_of(source)]
    assert told == [
        ("LEAST", "0.2", "Own choice."), ("MOST", "2.0", "Own choice."), ("BARE", "3", ""), ("A", "1", "")
    ]  # fmt: skip


def test_demo_protocol_states_each_limit_of_the_gate_with_its_source() -> None:
    text = PROTOCOL_FILE.read_text(encoding="utf-8")
    for name, default in asdict(GateLimits()).items():
        assert re.search(rf"^# .+\n{name} = {re.escape(str(default))}$", text, flags=re.MULTILINE), name


def test_links_between_documents_lead_somewhere() -> None:
    root = DOCS.parent
    for text in [*DOCS.rglob("*.md"), root / "README.md", root / "CONTRIBUTING.md"]:
        for link in re.findall(r"\]\((?!http|#)([^)#]+)", text.read_text(encoding="utf-8")):
            assert (text.parent / link).exists(), f"{text.relative_to(root)} links to {link}"


def test_pictures_of_the_documents_are_small_and_told_of() -> None:
    pages = [*DOCS.rglob("*.md"), DOCS.parent / "README.md"]
    text = "".join(page.read_text(encoding="utf-8") for page in pages)
    for picture in (DOCS / "pictures").iterdir():
        assert picture.name in text
        assert picture.stat().st_size < PICTURE_LIMIT_BYTES


def test_pictures_of_the_measurement_are_drawn_by_the_code(tmp_path: Path) -> None:
    command = [sys.executable, "benchmarks/measurement_pictures.py", "--width", "1600", "--folder", tmp_path]
    subprocess.run(command, cwd=DOCS.parent, check=True, env=os.environ | {"PYTHONPATH": str(DOCS.parent)})
    page = (DOCS / "explanation/measurement.md").read_text(encoding="utf-8")
    named = re.findall(r"\(\.\./pictures/(measurement_\w+\.png)\)", page)
    assert sorted(named) == sorted(path.name for path in tmp_path.iterdir())
    for path in tmp_path.iterdir():
        picture = np.asarray(Image.open(path).convert("RGB"))
        assert picture.shape == np.asarray(Image.open(DOCS / "pictures" / path.name)).shape[:2] + (3,)
        assert picture.std() > LEAST_CONTRAST


def test_limits_cite_what_the_benchmark_computes() -> None:
    """Two rows of the page's table, computed again."""
    page = (DOCS / "explanation/limits.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| (.+?) \| (.+?) \| .+ \| .+ \|$", page, flags=re.MULTILINE))
    for row in ("15 % flatter than wide", "hovering 2 mm over the table"):
        digit = cases()[row]
        surface = fit_surface(silhouette_of(digit), CAMERA_MM)
        cited = float(told[row].removesuffix(" %").replace("−", "-"))
        assert error_percent(digit, surface, PLACES["on top"]) == pytest.approx(cited, abs=0.1)
