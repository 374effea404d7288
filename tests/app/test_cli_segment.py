"""The command that runs the network alone, as a shell would call it."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner, Result

from app.artifacts import BASELINE_RGB, OVERLAY_RGB, render_two_outlines
from app.cli import app
from app.cli_segment import Difference, Look
from models.registry import find_weights
from models.segmenter import CoarsePlanes, Segmentation

SAMPLES = Path(str(resources.files("sample_images")))
MANIFEST = json.loads((SAMPLES / "manifest.json").read_text(encoding="utf-8"))


def planimeter(*arguments: object) -> Result:
    return CliRunner(env={"COLUMNS": "160"}).invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def wound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first open ulcer of the sample study, smaller."""
    photo = next(item for item in MANIFEST["photos"] if item["true_area_mm2"] > 8)
    picture = cv2.imread(str(SAMPLES / photo["file"]))
    path = tmp_path_factory.mktemp("photos") / "wound.jpg"
    cv2.imwrite(str(path), cv2.resize(picture, (1001, 751), interpolation=cv2.INTER_AREA))
    return path


def square(first: int, side: int = 20) -> NDArray[np.bool_]:
    mask = np.zeros((64, 64), bool)
    mask[first : first + side, 10 : 10 + side] = True
    return mask


def test_segment_writes_mask_and_probability_of_the_images_size(wound: Path, tmp_path: Path) -> None:
    result = planimeter("segment", wound, "--out-dir", tmp_path)
    assert result.exit_code == 0, result.output
    mask = cv2.imread(str(tmp_path / "wound.png"), cv2.IMREAD_UNCHANGED)
    probability = cv2.imread(str(tmp_path / "wound.prob.png"), cv2.IMREAD_UNCHANGED)
    assert mask.shape == probability.shape == (751, 1001)
    assert set(np.unique(mask)) <= {0, 255}
    assert probability.dtype == np.uint8
    assert f"{(mask > 0).sum():,}" in result.stdout
    assert find_weights().label in result.stdout


def test_mirrorings_change_the_probability_a_little(wound: Path, tmp_path: Path) -> None:
    for folder, options in (("once", []), ("four", ["--flips"])):
        result = planimeter("segment", wound, "--out-dir", tmp_path / folder, *options)
        assert result.exit_code == 0, result.output
    once, four = (
        cv2.imread(str(tmp_path / folder / "wound.prob.png"), cv2.IMREAD_UNCHANGED) / 255
        for folder in ("once", "four")
    )
    assert 0 < np.abs(once - four).mean() < 0.02


def test_weights_compared_with_themselves_agree(wound: Path, tmp_path: Path) -> None:
    label = find_weights().label
    result = planimeter("segment", wound, "--out-dir", tmp_path, "--against", label)
    assert result.exit_code == 0, result.output
    assert "1.000" in result.stdout
    assert "0 px" in result.stdout
    picture = cv2.imread(str(tmp_path / "wound.compare.png"))
    assert picture.shape == (751, 1001, 3)


def test_difference_names_the_largest_patch_of_one_alone() -> None:
    difference = Difference.between(square(10), square(15))
    assert difference.dice == pytest.approx(0.75)
    assert difference.largest_px == 5 * 20
    nothing = np.zeros((64, 64), bool)
    assert Difference.between(nothing, nothing) == Difference(1.0, 0)
    assert Difference.between(square(10), nothing) == Difference(0.0, 400)


def test_both_outlines_can_be_seen_even_where_they_coincide() -> None:
    for other in (square(30), square(10)):
        drawn = render_two_outlines(np.full((64, 64, 3), 120, np.uint8), square(10), other)
        for colour in (OVERLAY_RGB, BASELINE_RGB):
            assert (np.abs(drawn.astype(int) - colour).max(axis=2) < 12).sum() > 20


def test_tissue_is_told_as_a_share_of_the_ulcer() -> None:
    ulcer = square(10)
    tissue = np.zeros((3, 64, 64), np.float32)
    tissue[0] = 0.9 * square(10, 5)
    tissue[1] = 0.9
    window = (slice(0, 64), slice(0, 64))
    found = Segmentation(ulcer.astype(np.float32), ulcer.astype(np.float32), CoarsePlanes(tissue, window))
    assert Look(ulcer, found).tissue_shares == pytest.approx({"fibrin": 25 / 400, "granulation": 1.0})
    assert Look(~(ulcer | ~ulcer), found).tissue_shares == {}
    assert Look(ulcer, Segmentation(found.ulcer, found.skin)).tissue_shares == {}


def test_unknown_weights_are_refused_with_a_sentence(wound: Path, tmp_path: Path) -> None:
    result = planimeter("segment", wound, "--out-dir", tmp_path, "--against", "no-such-network")
    assert result.exit_code == 2
    assert find_weights().label in result.stderr
    assert "no-such-network" in result.stderr
