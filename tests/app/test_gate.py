"""The gate as wired: every limit refuses by itself, photographs are refused for what is wrong with them."""

from __future__ import annotations

import json
import re
from dataclasses import fields, replace
from functools import lru_cache
from importlib import resources
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest

from app.digit import Digit
from app.gate import DigitView, card_criteria, digit_criteria
from app.measuring import measure_photo
from app.platform.images import decode_photo
from app.studies.schemas import GatePlan
from calibration.camera import estimate_camera
from calibration.capture_gate import Criterion, GateLimits
from calibration.find_card import find_markers
from calibration.gate_sentences import SENTENCES
from calibration.photo import Photo
from calibration.pose import FLAT, TIP
from models.registry import load_segmenter
from tests.calibration.digit_view import digit_view

SAMPLES = Path(str(resources.files("sample_images")))
PAGES = Path(__file__).parents[2] / "app" / "web" / "shared"
LIMIT_FIELDS = [field.name for field in fields(GateLimits)]
UNMEASURED = {"ulcer_cut_off", "photo_altered"}
WITHOUT_LIMIT = {
    "no_card",
    "two_cards",
    "reference_slip",
    "digit_not_found",
    "tip_not_found",
    "pose_mismatch",
} | UNMEASURED
LYING_ONLY = {"tip_inside_mm", "digit_on_card_mm", "digit_aside_mm", "digit_askew_deg", "shade_percent"}
STANDING_ONLY = {"tip_distance_mm"}


def code_of(limit: str) -> str:
    return {"minimum_markers": "too_few_markers"}.get(limit, limit.split("_", 1)[1])


def criteria(limits: GateLimits, *, standing: bool = False) -> dict[str, Criterion]:
    view = digit_view()
    row, column = view.silhouette.mask.shape[0] // 2, view.silhouette.mask.shape[1] // 2
    mask = np.zeros_like(view.silhouette.mask)
    mask[row - 30 : row + 30, column - 30 : column + 30] = True
    ulcer: Any = SimpleNamespace(mask=mask, obliquity_deg=12.0, touches_edge=False)
    sides = (view.silhouette.left_mm, view.silhouette.right_mm)
    if standing:
        digit = Digit(TIP, view.silhouette.mask, sides, None, view.surface, lambda _: ())
    else:
        digit = Digit(FLAT, view.silhouette.mask, sides, view.silhouette, view.surface, lambda _: ())
    seen = DigitView(view.photo, view.camera, view.paper, view.reading, view.skin, digit)
    found = (
        *card_criteria(find_markers(view.photo), view.camera, view.paper, limits),
        *digit_criteria(seen, ulcer, 11.0, limits),
    )
    return {item.code: item for item in found}


def test_a_good_photograph_meets_every_criterion_and_each_is_reported() -> None:
    found = criteria(GateLimits())
    assert {code for code, item in found.items() if not item.passed} == set()
    assert set(found) == (set(SENTENCES) - WITHOUT_LIMIT - STANDING_ONLY) | UNMEASURED
    assert {code for code, item in found.items() if item.value is None} == UNMEASURED


def test_a_standing_tip_is_judged_by_its_distance_instead_of_its_place() -> None:
    found = criteria(GateLimits(), standing=True)
    assert set(found) == (set(SENTENCES) - WITHOUT_LIMIT - LYING_ONLY) | UNMEASURED


@pytest.mark.parametrize("limit", LIMIT_FIELDS)
def test_each_limit_refuses_by_itself(limit: str) -> None:
    unreachable = 1e9 if limit.startswith("minimum_") else -1.0
    standing = code_of(limit) in STANDING_ONLY
    found = criteria(replace(GateLimits(), **{limit: unreachable}), standing=standing)
    assert [item.code for item in found.values() if not item.passed] == [code_of(limit)]
    assert found[code_of(limit)].limit == unreachable


def test_a_protocol_without_the_newer_limits_gets_the_defaults() -> None:
    old = {"minimum_markers": 4, "maximum_tilt_deg": 25.0}
    assert GateLimits(**GatePlan(**old).model_dump()) == GateLimits(**old)
    assert set(GatePlan.model_fields) == set(LIMIT_FIELDS)


@lru_cache(maxsize=1)
def sample() -> tuple[Photo, np.ndarray]:
    manifest = json.loads((SAMPLES / "manifest.json").read_text(encoding="utf-8"))
    item = next(item for item in manifest["photos"] if item["true_area_mm2"] > 8)
    outline = cv2.imread(str(SAMPLES / item["outline"]), cv2.IMREAD_GRAYSCALE) > 0
    return decode_photo((SAMPLES / item["file"]).read_bytes()), outline


def test_a_highlight_over_the_ulcer_is_refused_as_one() -> None:
    photo, outline = sample()
    rows = np.flatnonzero(outline.any(axis=1))
    lit = outline.copy()
    lit[round(rows.mean()) :] = False
    rgb = np.where(lit[..., None], np.uint8(252), photo.rgb)
    report = measure_photo(replace(photo, rgb=rgb), load_segmenter(), outline=outline)
    assert [reason.code for reason in report.reasons] == ["glare_percent"]
    assert report.reasons[0].value == pytest.approx(50, abs=10)


def test_a_shadow_over_the_digit_is_refused_as_one() -> None:
    photo, outline = sample()
    camera = estimate_camera(photo, find_markers(photo))
    band = np.array([[15.5, -20, 0], [64.5, -20, 0], [64.5, 90, 0], [15.5, 90, 0]], dtype=np.float64)
    shadow = np.zeros(outline.shape, np.float32)
    cv2.fillPoly(shadow, [np.rint(camera.project(band)).astype(np.int32)], 1.0)
    factor = 1 - 0.5 * cv2.GaussianBlur(shadow, (0, 0), 8)  # of codes: some three quarters of the light
    rgb = np.rint(photo.rgb * factor[..., None]).astype(np.uint8)
    report = measure_photo(replace(photo, rgb=rgb), load_segmenter(), outline=outline)
    assert [reason.code for reason in report.reasons] == ["shade_percent"]


def test_a_cropped_photograph_is_refused_as_one() -> None:
    photo, _ = sample()
    corners_px = find_markers(photo).corners_px
    (left, top), (right, bottom) = corners_px.min(axis=0).astype(int), corners_px.max(axis=0).astype(int)
    cut = np.ascontiguousarray(photo.rgb[top - 60 : bottom + 60, left - 60 : right + 60])
    report = measure_photo(replace(photo, rgb=cut), load_segmenter())
    assert [reason.code for reason in report.reasons] == ["lens_mismatch_sd"]
    assert estimate_camera(photo, find_markers(photo)).lens_mismatch_sd < 2


def test_a_photograph_whose_header_tells_of_another_is_refused() -> None:
    photo, _ = sample()
    report = measure_photo(replace(photo, size_differs=True), load_segmenter())
    assert [reason.code for reason in report.reasons] == ["photo_altered"]


def test_pages_have_words_for_every_code_and_know_which_limits_are_least_ones() -> None:
    for language in ("en", "fr"):
        words = (PAGES / f"words_{language}.ts").read_text(encoding="utf-8")
        assert set(re.findall(r'"criterion\.(\w+)": ".+"', words)) == set(SENTENCES)
    (listed,) = re.findall(
        r"const AT_LEAST = \[(.*?)\]", (PAGES / "gate_list.tsx").read_text(encoding="utf-8"), re.DOTALL
    )
    least = {code_of(limit) for limit in LIMIT_FIELDS if limit.startswith("minimum_")}
    assert set(re.findall(r'"(\w+)"', listed)) == least


def test_every_code_has_a_limit_or_needs_none() -> None:
    assert {code_of(limit) for limit in LIMIT_FIELDS} | WITHOUT_LIMIT == set(SENTENCES)
