"""Counts and figures of pictures whose right answer is known."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.counting import Counting
from models.segmenter import Segmentation
from models.weights_info import WeightsInfo
from training.contact_sheet import FOUND_COLOUR, TRUE_COLOUR, Row, draw_contact_sheet
from training.datasets import read_rgb
from training.evaluate import TRAITS, named, report_of
from training.exams import Exam
from training.figures import (
    alarms,
    brief,
    by_trait,
    calibration_errors,
    figures,
    new_skin_called_ulcer,
    picture_tallies,
    tallies,
)
from training.temperature import Temperature
from training.verdicts import Verdict, examine

SIDE_PX = 80


class RedIsUlcer:
    """A segmenter that takes red at its word: the red channel is the ulcer's probability."""

    weights = WeightsInfo("red", "1", "", Path(), Counting(0.5))

    def segment(self, rgb: NDArray[np.uint8]) -> Segmentation:
        red = rgb[..., 0].astype(np.float32) / 255
        return Segmentation(ulcer=red, skin=np.ones_like(red))


def _squares(*places: tuple[int, int, int]) -> NDArray[np.bool_]:
    mask = np.zeros((SIDE_PX, SIDE_PX), bool)
    for top, left, side in places:
        mask[top : top + side, left : left + side] = True
    return mask


def _exam(truth: NDArray[np.bool_], red: NDArray[np.bool_], name: str = "a", **more: object) -> Exam:
    rgb = np.full((SIDE_PX, SIDE_PX, 3), 60, np.uint8)
    rgb[red, 0] = 230
    labels = np.zeros((SIDE_PX, SIDE_PX, 3), np.uint8)
    labels[..., 0], labels[..., 1] = truth, 1
    return Exam(name, rgb, labels, str(more.pop("group", name)), **more)  # type: ignore[arg-type]


def _verdict(truth: NDArray[np.bool_], red: NDArray[np.bool_], name: str = "a", **more: object) -> Verdict:
    return examine(RedIsUlcer(), [_exam(truth, red, name, **more)])[0]


def test_a_picture_is_counted() -> None:
    truth = _squares((10, 10, 20), (50, 50, 10))
    found = _squares((10, 12, 20), (60, 5, 9))
    verdict = _verdict(truth, found)
    assert (verdict.ulcer.both, verdict.ulcer.truth, verdict.ulcer.found) == (18 * 20, 500, 481)
    assert (verdict.ulcers, verdict.hit, verdict.alarms) == (2, 1, 1)
    assert verdict.skin is None  # nothing is known not to be skin
    assert verdict.everywhere.mass.sum() == SIDE_PX**2
    assert verdict.everywhere.ulcer.sum() == 500
    assert 0 < verdict.band.mass.sum() < SIDE_PX**2


def test_padding_and_what_is_not_known_are_left_out_of_the_tally() -> None:
    exam = _exam(_squares((10, 10, 20)), _squares((10, 10, 20)))
    exam.rgb[70:] = 0
    exam.labels[:5, :, 0] = 255
    assert examine(RedIsUlcer(), [exam])[0].everywhere.mass.sum() == 65 * SIDE_PX


def test_figures_of_a_shift_are_the_known_ones() -> None:
    shown = _verdict(_squares((10, 10, 20)), _squares((10, 20, 20)), "shifted")
    missed = _verdict(_squares((10, 10, 30)), _squares(), "missed")
    quiet = _verdict(_squares(), _squares(), "quiet")
    found = figures([shown, missed, quiet])
    assert found["dice_image_mean"][0] == pytest.approx((0.5 + 0 + 1) / 3, abs=1e-4)  # type: ignore[index]
    assert found["dice_image_mean_shown"][0] == pytest.approx(0.25)  # type: ignore[index]
    assert found["dice_pooled"][0] == pytest.approx(2 * 200 / (800 + 900), abs=1e-4)  # type: ignore[index]
    assert found["area_bias_mean"][0] == pytest.approx(-0.5)  # type: ignore[index]
    assert found["ulcers_hit"][0] == found["images_hit"][0] == 0.5  # type: ignore[index]
    assert found["border_images"] == 1
    sizes = {name: row["images"] for name, row in found["by size"].items()}  # type: ignore[attr-defined]
    assert list(sizes.values()) == [1, 1, 0, 0]
    assert found["without an ulcer"] == alarms([quiet])
    json.dumps(found, allow_nan=False)


def test_alarms_are_pictures_with_enough_found() -> None:
    loud, specks = _squares((10, 10, 10), (40, 40, 8)), _squares((10, 10, 7))
    found = alarms([_verdict(_squares(), loud, "loud"), _verdict(_squares(), specks, "specks")])
    assert found["raised"] == ["loud"]
    assert found["share"][0] == 0.5  # type: ignore[index]
    assert found["false_alarms_per_image"][0] == 1.0  # type: ignore[index]


def test_new_skin_that_is_called_ulcer_is_told() -> None:
    truth = _squares((10, 10, 30))
    island = _squares((20, 20, 10))
    truth &= ~island
    filled = _verdict(truth, truth | island, "filled", new_skin=island)
    kept = _verdict(truth, truth, "kept", new_skin=island)
    found = new_skin_called_ulcer([filled, kept, _verdict(truth, truth, "unknown")])
    assert (found["images"], found["pixels"]) == (2, 200)
    assert found["share_called_ulcer"][0] == 0.5  # type: ignore[index]


def test_traits_are_told_apart() -> None:
    square, half = _squares((10, 10, 20)), _squares((10, 10, 10))
    exams = [("IV", square), ("IV", square), ("VI", half)]
    verdicts = [
        _verdict(square, found, str(number), traits={"skin tone": tone})
        for number, (tone, found) in enumerate(exams)
    ]
    found = by_trait([*verdicts, _verdict(square, square)], "skin tone")
    assert found["IV"] == brief(verdicts[:2])
    assert found["VI"]["dice_image_mean"][0] == pytest.approx(2 * 100 / 500)  # type: ignore[index]


def test_pictures_and_sets_count_alike_in_the_calibration() -> None:
    large, small = _squares((5, 5, 60)), _squares((30, 30, 6))
    sets = {
        "wounds": [_verdict(large, large, "w", group="1"), _verdict(_squares(), large, "none")],
        "phantoms": [_verdict(small, small, "p"), _verdict(large, small, "q")],
    }
    together = tallies(sets, "border band")
    assert together["together"].mass.sum() == pytest.approx(2)
    each, groups = picture_tallies(sets)
    assert [item.mass.sum() for item in each] == pytest.approx([1, 0.5, 0.5])
    assert groups == ["wounds 1", "phantoms p", "phantoms q"]
    errors = calibration_errors(sets, Temperature(0.5))
    assert errors["border band"]["wounds"]["after"] < errors["border band"]["wounds"]["before"]  # type: ignore[index]


def test_the_report_states_wounds_twice_and_can_be_written() -> None:
    square, island = _squares((10, 10, 20)), _squares((18, 18, 4))
    traits = dict.fromkeys(TRAITS, "some")
    sets = {
        "wounds": [_verdict(square, square, "w"), _verdict(_squares(), square, "nothing outlined")],
        "composites": [_verdict(square, square, "c")],
        "phantoms": [_verdict(square & ~island, square, "p", traits=traits, new_skin=island)],
    }
    clean = [_verdict(_squares(), _squares(), "hands")]
    report = {**named(RedIsUlcer.weights, "report"), **report_of(sets, clean, Temperature())}
    assert report["wounds"]["dice_image_mean"][0] == 0.5  # type: ignore[index]
    assert report["wounds, outlined"]["dice_image_mean"][0] == 1.0  # type: ignore[index]
    assert report["new skin on phantoms"]["share_called_ulcer"][0] == 1.0  # type: ignore[index]
    assert json.loads(json.dumps(report, allow_nan=False))["weights"] == "red-1"


def test_a_sheet_shows_both_outlines_and_the_holes(tmp_path: Path) -> None:
    truth = _squares((20, 20, 30)) & ~_squares((30, 30, 8))
    rgb = np.full((SIDE_PX, SIDE_PX, 3), 90, np.uint8)
    draw_contact_sheet([Row("one", "Dice 1", rgb, truth, _squares((20, 40, 30)))] * 3, tmp_path / "sheet.png")
    sheet = read_rgb(tmp_path / "sheet.png")
    green, blue = ((sheet == colour).all(axis=2) for colour in (TRUE_COLOUR, FOUND_COLOUR))
    assert green.sum() > 500
    assert blue.sum() > 500
    first = green[: sheet.shape[0] // 2, : sheet.shape[1] // 2]
    middle = np.argwhere(first).mean(axis=0).round().astype(int)
    assert first[middle[0] - 60 : middle[0] + 60, middle[1] - 60 : middle[1] + 60].any()
