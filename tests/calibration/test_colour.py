"""Colour correction against cards whose colours, light and flaws are known exactly."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from importlib import resources
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from skimage.color import deltaE_ciede2000, rgb2lab

from calibration.camera import Camera, estimate_camera
from calibration.colour import (
    EXPOSURE_SHARE,
    GREATEST_GAIN,
    ColourCorrection,
    estimate_colour,
)
from calibration.digit_card import DIGIT_CARD, PrintLot
from calibration.find_card import find_markers
from calibration.patch_readings import LEAST_PATCHES
from calibration.photo import Photo
from calibration.print_card import MM_PER_INCH, card_image
from calibration.srgb import SRGB_TO_LINEAR, encoded

SCALE_PX_PER_MM, MARGIN_MM, HEIGHT_MM = 6, 10.0, 200.0
PAPER, TABLE = 0.895, 0.2
PATCHES = {patch.id: patch for patch in DIGIT_CARD.patches}

FloatArray = NDArray[np.float64]
Alter = Callable[[FloatArray], None]


def square_camera(size: tuple[int, int]) -> Camera:
    """Straight above the card's middle, which lies in the picture's."""
    middle_mm = np.array([-DIGIT_CARD.width_mm / 2, -DIGIT_CARD.height_mm / 2, HEIGHT_MM])
    principal = ((size[0] - 1) / 2, (size[1] - 1) / 2)
    focal_px = SCALE_PX_PER_MM * HEIGHT_MM
    return Camera(focal_px, principal, 0.0, np.zeros(3), middle_mm, np.eye(10), 0.1, "header", 0.0, 0.0)


CAMERA = square_camera((600, 480))


def rectangle(left: float, top: float, right: float, bottom: float) -> tuple[slice, slice]:
    """Pixels of a rectangle on the card, mm."""
    left_px, top_px, right_px, bottom_px = (
        round((side + MARGIN_MM) * SCALE_PX_PER_MM) for side in (left, top, right, bottom)
    )
    return slice(top_px, bottom_px), slice(left_px, right_px)


def around(patch_id: str, margin_mm: float) -> tuple[slice, slice]:
    """Pixels of a patch and a margin round it; a negative margin keeps to the patch's inside."""
    area = PATCHES[patch_id].area
    return rectangle(
        area.left - margin_mm, area.top - margin_mm, area.right + margin_mm, area.bottom + margin_mm
    )


@lru_cache(maxsize=1)
def card_light() -> FloatArray:
    """Linear light (480, 600, 3) of the card on a grey table, evenly lit."""
    drawn = card_image(SCALE_PX_PER_MM * MM_PER_INCH)
    light = SRGB_TO_LINEAR[drawn].astype(np.float64)
    light[(drawn == 255).all(axis=2)] = PAPER
    slot = DIGIT_CARD.slot
    margin = round(MARGIN_MM * SCALE_PX_PER_MM)
    padded = np.full((light.shape[0] + 2 * margin, light.shape[1] + 2 * margin, 3), TABLE)
    padded[margin:-margin, margin:-margin] = light
    padded[rectangle(slot.left, slot.top, slot.right, slot.bottom)] = TABLE
    return padded


def photographed(
    cast: tuple[float, float, float] = (1.0, 1.0, 1.0),
    exposure: float = 0.9,
    alter: Alter | None = None,
    noise: float = 1.0,
    paint: dict[str, tuple[float, float, float]] | None = None,
) -> Photo:
    """The card under a light; `alter` works on linear light before clipping, `paint` prints other colours."""
    light = card_light().copy()
    for patch_id, srgb in (paint or {}).items():
        light[around(patch_id, 0.0)] = np.interp(srgb, np.arange(256), SRGB_TO_LINEAR)
    light *= np.array(cast) * exposure
    if alter is not None:
        alter(light)
    codes = 255 * encoded(light) + np.random.default_rng(0).normal(0, noise, light.shape)
    return Photo(np.clip(np.rint(codes), 0, 255).astype(np.uint8))


def patch_delta_e(
    correction: ColourCorrection, photo: Photo, patch_ids: tuple[str, ...] = tuple(PATCHES)
) -> FloatArray:
    """ΔE2000 of each patch in the corrected picture, its exposure made full, against its nominal colour."""
    light = SRGB_TO_LINEAR[correction.corrected(photo.rgb)] / correction.exposure_share
    seen = encoded(np.array([light[around(patch_id, -1.0)].mean(axis=(0, 1)) for patch_id in patch_ids]))
    stated = np.array([PATCHES[patch_id].srgb for patch_id in patch_ids]) / 255
    return deltaE_ciede2000(rgb2lab(seen), rgb2lab(stated))


CLEAN = estimate_colour(photographed(), CAMERA)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(red=st.floats(0.6, 1.4), blue=st.floats(0.6, 1.4), exposure=st.floats(0.45, 0.75))
def test_cast_and_exposure_are_undone(red: float, blue: float, exposure: float) -> None:
    photo = photographed((red, 1.0, blue), exposure)
    correction = estimate_colour(photo, CAMERA)
    assert correction.used == tuple(PATCHES)
    assert patch_delta_e(correction, photo).max() < 1.5
    assert correction.delta_e_after is not None
    assert correction.delta_e_before is not None
    assert correction.delta_e_after.mean <= correction.delta_e_before.mean
    assert correction.delta_e_after.maximum < 1.5


@pytest.mark.parametrize("exposure", [0.6, 1.3])
def test_falling_light_is_no_colour(exposure: float) -> None:
    """At 1.3 the paper is clipped almost everywhere, and the patches themselves must tell the fall."""

    def falling(light: FloatArray) -> None:
        height, width = light.shape[:2]
        across, down = np.linspace(0.3, -0.3, width), np.linspace(0.2, -0.2, height)
        light *= (1.0 + across[None, :] + down[:, None])[..., None]

    correction = estimate_colour(photographed((1.1, 1.0, 0.85), exposure, falling), CAMERA)
    assert len(correction.used) >= LEAST_PATCHES
    assert correction.delta_e_after is not None
    assert correction.delta_e_after.mean < 0.4
    white = correction.matrix @ np.array([1.1, 1.0, 0.85])
    np.testing.assert_allclose(white / white.mean(), 1.0, atol=0.01)


def shone_on(light: FloatArray) -> None:
    light[around("slough", 1.5)] += 1.0


def shaded(light: FloatArray) -> None:
    light[around("slough", 1.9)] *= 0.45


def clothed(light: FloatArray) -> None:
    light[around("slough", 1.9)] = SRGB_TO_LINEAR[[70, 118, 172]]


def half_shaded(light: FloatArray) -> None:
    rows, columns = around("slough", 0.9)
    light[rows, columns.start : (columns.start + columns.stop) // 2] *= 0.5


def misprinted(light: FloatArray) -> None:
    light[around("slough", 0.0)] *= np.array([0.5, 1.0, 2.0])


def glazed(light: FloatArray) -> None:
    light[around("eschar", 0.9)] += 0.12


@pytest.mark.parametrize(
    ("alter", "patch_id", "reason"),
    [
        (shone_on, "slough", "clipped"),
        (shaded, "slough", "shadow"),
        (clothed, "slough", "covered"),
        (half_shaded, "slough", "uneven"),
        (misprinted, "slough", "inconsistent"),
        (glazed, "eschar", "inconsistent"),
    ],
)
def test_bad_patch_is_left_out_and_named(alter: Alter, patch_id: str, reason: str) -> None:
    correction = estimate_colour(photographed(alter=alter), CAMERA)
    assert correction.left_out == {patch_id: reason}
    assert correction.used == tuple(name for name in PATCHES if name != patch_id)
    np.testing.assert_allclose(correction.matrix, CLEAN.matrix, atol=0.06)


def test_patches_beyond_the_picture_are_named() -> None:
    photo = photographed()
    narrow = Photo(photo.rgb[:, : rectangle(60, 0, 60, 0)[1].start])
    correction = estimate_colour(narrow, CAMERA)
    assert correction.left_out == dict.fromkeys(
        ("black", "light-skin", "dark-skin", "blue"), "out_of_picture"
    )
    assert correction.model != "none"


def test_patches_that_agree_outvote_several_that_do_not() -> None:
    def repainted(light: FloatArray) -> None:
        for patch_id in ("red", "slough", "light-skin", "blue"):
            light[around(patch_id, 0.0)] = 0.3

    correction = estimate_colour(photographed((1.2, 1.0, 0.8), alter=repainted), CAMERA)
    assert set(correction.left_out) == {"red", "slough", "light-skin", "blue"}
    white = correction.matrix @ np.array([1.2, 1.0, 0.8])
    np.testing.assert_allclose(white / white[1], 1.0, atol=0.03)


def covered_greys(light: FloatArray) -> None:
    for patch_id in ("white", "grey-1", "grey-3", "black"):
        light[around(patch_id, 0.4)] = np.array([0.05, 0.15, 0.4])


def covered_sides(light: FloatArray) -> None:
    light[rectangle(-10, 20, 90, 70)] = np.array([0.05, 0.15, 0.4])
    light[around("white", 0.4)] = np.array([0.05, 0.15, 0.4])


@pytest.mark.parametrize("alter", [covered_greys, covered_sides, lambda light: light.fill(0.0)])
def test_too_few_patches_change_nothing(alter: Alter) -> None:
    photo = photographed((1.2, 1.0, 0.8), alter=alter)
    correction = estimate_colour(photo, CAMERA)
    assert (correction.model, correction.reason) == ("none", "too_few_patches")
    assert set(correction.used) | set(correction.left_out) == set(PATCHES)
    assert correction.delta_e_after is None
    np.testing.assert_array_equal(correction.matrix, np.eye(3))
    np.testing.assert_array_equal(correction.corrected(photo.rgb), photo.rgb)


def test_overexposed_card_changes_nothing() -> None:
    correction = estimate_colour(Photo(np.full((480, 600, 3), 255, np.uint8)), CAMERA)
    assert correction.model == "none"
    assert set(correction.left_out.values()) == {"clipped"}


def test_stray_light_is_found_and_taken_off() -> None:
    photo = photographed((1.1, 1.0, 0.9), 0.8, lambda light: np.add(light, 0.015, out=light))
    correction = estimate_colour(photo, CAMERA)
    np.testing.assert_allclose(correction.veil, correction.matrix @ np.full(3, 0.015), atol=0.004)
    assert patch_delta_e(correction, photo, ("black", "eschar")).max() < 2.0


def test_crushed_shadows_do_not_lift_black() -> None:
    def crushed(light: FloatArray) -> None:
        np.maximum(light - 0.012, 0.0, out=light)

    correction = estimate_colour(photographed(exposure=0.8, alter=crushed), CAMERA)
    assert (correction.veil >= 0.0).all()
    assert correction.corrected(np.zeros((1, 1, 3), np.uint8)).max() == 0


def test_exchange_between_channels_is_undone_without_tinting_greys() -> None:
    exchange = np.array([[1.15, -0.1, -0.05], [-0.05, 1.12, -0.07], [-0.02, -0.12, 1.14]])

    def exchanged(light: FloatArray) -> None:
        light[:] = light @ exchange.T

    photo = photographed(exposure=0.7, alter=exchanged)
    correction = estimate_colour(photo, CAMERA)
    assert correction.model == "matrix"
    assert correction.delta_e_held_out is not None
    assert correction.delta_e_before is not None
    assert correction.delta_e_held_out.mean < 0.6 * correction.delta_e_before.mean
    np.testing.assert_allclose(correction.matrix.sum(axis=1) / correction.matrix.sum(), 1 / 3, atol=0.005)


def test_measured_lot_stands_in_for_nominal_values() -> None:
    measured = {"red": (160.0, 70.0, 66.0), "grey-3": (128.5, 124.0, 120.0), "blue": (110.0, 118.0, 140.0)}
    photo = photographed((0.9, 1.0, 1.1), 0.8, paint=measured)
    nominal = estimate_colour(photo, CAMERA)
    known = estimate_colour(photo, CAMERA, PrintLot("2026-03", measured))
    assert (nominal.print_lot, known.print_lot) == ("nominal", "2026-03")
    assert nominal.delta_e_after is not None
    assert known.delta_e_after is not None
    assert known.delta_e_after.maximum < 1.5 < nominal.delta_e_after.maximum


def test_photo_that_is_right_is_not_made_worse() -> None:
    assert CLEAN.delta_e_before is not None
    assert CLEAN.delta_e_after is not None
    assert CLEAN.delta_e_after.mean <= CLEAN.delta_e_before.mean < 0.5
    np.testing.assert_allclose(CLEAN.matrix, np.eye(3) * EXPOSURE_SHARE / 0.9, atol=0.03)


def test_model_is_no_richer_than_the_print_allows() -> None:
    """Prints astray at random foretell nothing about each other: a matrix would follow chance."""
    rng = np.random.default_rng(0)
    astray = {name: tuple(np.array(patch.srgb) + rng.normal(0, 6, 3)) for name, patch in PATCHES.items()}
    assert estimate_colour(photographed(paint=astray), CAMERA).model == "exposure"
    assert estimate_colour(photographed((1.4, 1.0, 0.6), 0.6, paint=astray), CAMERA).model == "white_balance"


def test_gain_ends_before_the_noise_shows() -> None:
    dark = estimate_colour(photographed((1.3, 1.0, 0.6), 0.2, noise=0.5), CAMERA)
    assert dark.exposure_share < EXPOSURE_SHARE
    assert np.linalg.norm(dark.matrix, axis=1).max() == pytest.approx(GREATEST_GAIN)
    assert CLEAN.exposure_share == EXPOSURE_SHARE


@pytest.fixture(scope="module")
def warm() -> ColourCorrection:
    return estimate_colour(photographed((1.35, 1.0, 0.6), 0.6), CAMERA)


def test_greys_keep_their_order_shape_and_black(warm: ColourCorrection) -> None:
    greys = np.repeat(np.arange(256, dtype=np.uint8)[:, None, None], 3, axis=2)
    out = warm.corrected(greys)
    assert out.shape == greys.shape
    assert out.dtype == np.uint8
    assert (np.diff(out[:, 0].astype(int), axis=0) >= 0).all()
    assert out[0].max() == 0


def test_any_picture_comes_back_in_its_own_shape(warm: ColourCorrection) -> None:
    rgb = np.random.default_rng(1).integers(0, 256, (31, 47, 3)).astype(np.uint8)
    before = rgb.copy()
    np.testing.assert_array_equal(warm.corrected(rgb[::-1, ::2]), warm.corrected(rgb)[::-1, ::2])
    np.testing.assert_array_equal(rgb, before)


def test_clipped_highlight_stays_white(warm: ColourCorrection) -> None:
    highlight = warm.corrected(np.full((2, 2, 3), 255, np.uint8))
    assert np.ptp(highlight) == 0
    assert highlight.min() >= 240


def test_same_photo_gives_the_same_record() -> None:
    photo = photographed((1.1, 1.0, 0.9), alter=clothed)
    first, second = (estimate_colour(photo, CAMERA).to_record() for _ in range(2))
    assert json.loads(json.dumps(first)) == first == second
    assert first["left_out"] == {"slough": "covered"}
    assert first["delta_e_2000"]["after"]["mean"] < first["delta_e_2000"]["before"]["mean"]


def sample_photos() -> list[dict[str, Any]]:
    """The first sample photograph of each skin type."""
    manifest = resources.files("sample_images").joinpath("manifest.json").read_text(encoding="utf-8")
    by_type = {entry["skin_type"]: entry for entry in reversed(json.loads(manifest)["photos"])}
    return [by_type[skin_type] for skin_type in sorted(by_type)]


@pytest.mark.parametrize("entry", sample_photos(), ids=lambda entry: f"type-{entry['skin_type']}")
def test_sample_photographs_come_near_the_card(entry: dict[str, Any]) -> None:
    data = np.frombuffer(resources.files("sample_images").joinpath(entry["file"]).read_bytes(), np.uint8)
    photo = Photo(cv2.cvtColor(cv2.imdecode(data, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB))
    correction = estimate_colour(photo, estimate_camera(photo, find_markers(photo)))
    assert len(correction.used) >= 9
    assert correction.delta_e_before is not None
    assert correction.delta_e_after is not None
    assert correction.delta_e_after.mean <= correction.delta_e_before.mean
    assert correction.delta_e_after.mean < 1.0
    light = np.array(entry["light"]["cast"])
    np.testing.assert_allclose(correction.matrix @ light / (correction.matrix @ light).mean(), 1.0, atol=0.03)
