"""Crops and zooms against photographs as the camera took them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.camera import estimate_camera
from calibration.capture_gate import GateLimits
from calibration.phantom.camera import Camera

from .card_corners import ALL_MARKERS, blank, corners_of

LIMIT_SD = GateLimits().maximum_lens_mismatch_sd


@settings(max_examples=60, deadline=None)
@given(
    tilt_deg=st.floats(0, 30),
    azimuth_deg=st.floats(0, 360),
    distance_mm=st.floats(130, 320),
    k1=st.floats(-0.03, 0.03),
    error=st.floats(-0.03, 0.03),
    noise_px=st.floats(0.06, 0.12),
    ids=st.sampled_from([ALL_MARKERS, (0, 1, 2, 3), (0, 1, 2), (1, 2, 5)]),
    seed=st.integers(0, 999),
)
def test_a_photograph_as_taken_is_believed(
    tilt_deg: float,
    azimuth_deg: float,
    distance_mm: float,
    k1: float,
    error: float,
    noise_px: float,
    ids: tuple[int, ...],
    seed: int,
) -> None:
    camera = Camera(4000, 3000, distance_mm=distance_mm, tilt_deg=tilt_deg, azimuth_deg=azimuth_deg, k1=k1)
    corners = corners_of(camera, ids, noise_px=noise_px, seed=seed)
    assert estimate_camera(blank(4000, 3000, 26 * (1 + error)), corners).lens_mismatch_sd < LIMIT_SD


@pytest.mark.parametrize("tilt_deg", [15, 25])
@pytest.mark.parametrize("start_px", [(667, 500), (200, 700)], ids=["middle kept", "aside"])
def test_a_crop_of_a_tilted_card_is_noticed(tilt_deg: float, start_px: tuple[float, float]) -> None:
    camera = Camera(4000, 3000, distance_mm=220, tilt_deg=tilt_deg, azimuth_deg=70)
    corners = corners_of(camera, start_px=start_px)
    assert estimate_camera(blank(2667, 2000), corners).lens_mismatch_sd > LIMIT_SD


def test_a_zoom_that_the_header_keeps_to_itself_is_noticed() -> None:
    camera = Camera(4000, 3000, focal_35mm=39.0, distance_mm=300, tilt_deg=15, azimuth_deg=20)
    assert estimate_camera(blank(4000, 3000, 26.0), corners_of(camera)).lens_mismatch_sd > LIMIT_SD


def test_a_card_seen_squarely_tells_nothing_of_the_lens() -> None:
    camera = Camera(4000, 3000, focal_35mm=39.0, distance_mm=300)
    assert estimate_camera(blank(4000, 3000, 26.0), corners_of(camera)).lens_mismatch_sd < LIMIT_SD / 2


@pytest.mark.parametrize("tilt_deg", [0, 20])
@pytest.mark.parametrize("kept_by_header", [26.0, 39.0])
def test_a_stated_zoom_is_measured_on_a_tilted_card_and_unsure_on_a_square_one(
    tilt_deg: float, kept_by_header: float
) -> None:
    camera = Camera(4000, 3000, focal_35mm=39.0, distance_mm=300, tilt_deg=tilt_deg, azimuth_deg=20)
    found = estimate_camera(blank(4000, 3000, kept_by_header, zoom=1.5), corners_of(camera))
    assert found.lens == "zoom"
    sure = 100 * found.focal_relative_sd < GateLimits().maximum_focal_sd_percent
    assert sure == (tilt_deg > 0)
    if sure:
        assert found.focal_px == pytest.approx(camera.focal_px, rel=0.02)
        assert found.lens_mismatch_sd < LIMIT_SD
