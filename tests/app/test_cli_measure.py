"""The commands that independent checks call, on the sample photographs, as a shell would call them."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner, Result

from app.cli import app

SAMPLES = Path(str(resources.files("sample_images")))
MANIFEST = json.loads((SAMPLES / "manifest.json").read_text(encoding="utf-8"))
FIELDS = [
    "file",
    "status",
    "reasons",
    "area_mm2",
    "u_area_mm2",
    "perimeter_mm",
    "length_mm",
    "width_mm",
    "obliquity_deg",
    "digit_width_mm",
    "tilt_deg",
    "distance_mm",
    "scale_px_per_mm",
    "model",
    "version",
]


def planimeter(*arguments: object) -> Result:
    return CliRunner(env={"COLUMNS": "160"}).invoke(app, [str(argument) for argument in arguments])


def listed(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


@pytest.fixture(scope="module")
def photo() -> dict[str, Any]:
    """The first open ulcer of the sample study."""
    return next(item for item in MANIFEST["photos"] if item["true_area_mm2"] > 8)


def test_measuring_with_the_true_outline_gives_the_true_area(photo: dict[str, Any], tmp_path: Path) -> None:
    overlay = tmp_path / "seen.png"
    result = planimeter(
        "measure",
        SAMPLES / photo["file"],
        "--json",
        "--outline",
        SAMPLES / photo["outline"],
        "--overlay",
        overlay,
    )
    (record,) = listed(result)
    assert [name for name in FIELDS if name not in record] == []
    assert record["status"] == "measured"
    assert record["model"] == "outline"
    assert record["surface"] == "revolution"
    assert record["area_mm2"] == pytest.approx(photo["true_area_mm2"], rel=0.03)
    assert record["u_area_mm2"] > 0
    drawn = cv2.imread(str(overlay))
    assert drawn is not None
    assert (np.abs(drawn.astype(int) - (255, 229, 0)).max(axis=2) < 12).sum() > 50


def test_measuring_with_the_network_names_its_weights(photo: dict[str, Any]) -> None:
    (record,) = listed(planimeter("measure", SAMPLES / photo["file"], "--json"))
    assert record["status"] == "measured"
    assert record["model"].startswith("ulcer-unet-")
    assert abs(record["area_mm2"] - photo["true_area_mm2"]) < 4 * record["u_area_mm2"]


def test_an_outline_beside_the_digit_is_refused(photo: dict[str, Any], tmp_path: Path) -> None:
    """What would not be counted must not come back as closed."""
    picture = cv2.imread(str(SAMPLES / photo["file"]))
    beside = np.zeros(picture.shape[:2], np.uint8)
    beside[:60, :60] = 255
    path = tmp_path / "beside.png"
    cv2.imwrite(str(path), beside)
    (record,) = listed(planimeter("measure", SAMPLES / photo["file"], "--outline", path, "--json"))
    assert [reason["code"] for reason in record["reasons"]] == ["ulcer_cut_off"]


def test_what_else_is_open_on_the_digit_is_told_apart(photo: dict[str, Any]) -> None:
    (record,) = listed(planimeter("measure", SAMPLES / photo["file"], "--json"))
    assert record["elsewhere_mm2"] == 0.0
    assert record["area_mm2"] == pytest.approx(photo["true_area_mm2"], rel=0.15)


def test_people_read_a_table(photo: dict[str, Any]) -> None:
    result = planimeter("measure", SAMPLES / photo["file"])
    assert result.exit_code == 0
    assert photo["file"][:12] in result.stdout
    assert "mm²" in result.stdout


def test_refused_photos_say_why_in_two_languages_and_exit_0(tmp_path: Path) -> None:
    blank = tmp_path / "blank.png"
    cv2.imwrite(str(blank), np.full((600, 800, 3), 200, np.uint8))
    (record,) = listed(planimeter("measure", blank, "--json"))
    assert (record["status"], record["area_mm2"]) == ("refused", None)
    (reason,) = record["reasons"]
    assert reason["code"] == "no_card"
    assert reason["fr"] != reason["en"]
    shown = planimeter("measure", blank)
    assert shown.exit_code == 0
    assert reason["en"][:30] in shown.output


@pytest.mark.parametrize("content", [b"", b"not a photo", b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_files_that_are_no_photos_exit_2_with_a_sentence(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(content)
    result = planimeter("measure", path, "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout) == []
    assert "photo.jpg: " in result.stderr


def test_missing_file_exits_2(tmp_path: Path) -> None:
    result = planimeter("measure", tmp_path / "nowhere.jpg")
    assert result.exit_code == 2
    assert "nowhere.jpg" in result.stderr


def test_outline_of_another_size_is_refused(photo: dict[str, Any], tmp_path: Path) -> None:
    wrong = tmp_path / "mask.png"
    cv2.imwrite(str(wrong), np.zeros((10, 10), np.uint8))
    result = planimeter("measure", SAMPLES / photo["file"], "--outline", wrong)
    assert result.exit_code == 2
    assert "10 × 10" in result.stderr


def test_target_is_80_by_60_mm_at_600_dpi(tmp_path: Path) -> None:
    assert planimeter("target", "--card-only", "--dpi", 600, "--out", tmp_path / "card.png").exit_code == 0
    card = cv2.imread(str(tmp_path / "card.png"))
    assert card.shape[:2] == (round(60 / 25.4 * 600), round(80 / 25.4 * 600))
    assert planimeter("target", "--out", tmp_path / "card.pdf").exit_code == 0
    assert (tmp_path / "card.pdf").read_bytes().startswith(b"%PDF")


def test_an_inclination_is_stated_for_a_lying_digit_alone(photo: dict[str, Any]) -> None:
    result = planimeter("measure", SAMPLES / photo["file"], "--pose", "tip", "--inclination", 20)
    assert result.exit_code == 2
    assert "--inclination" in result.output
