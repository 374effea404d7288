"""Cards printed and photographed again: corners, scale and bend at levels that practice brings."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from calibration.camera import Camera as FoundCamera
from calibration.camera import estimate_camera
from calibration.capture_gate import GateLimits
from calibration.find_card import CardNotFound, MarkerCorners, find_markers
from calibration.phantom.camera import Camera
from calibration.phantom.recapture import Exposure, Recapture, expose
from calibration.phantom.sensor import Sensor
from calibration.phantom.sheet import Sheet
from calibration.photo import Photo

CAMERA = Camera(1200, 900, focal_35mm=84.0, distance_mm=215.0, tilt_deg=12.0, azimuth_deg=50.0, roll_deg=5.0)
"""13 px/mm: a 12-megapixel phone at 215 mm, cropped to the card."""

SENSOR = Sensor(exposure=0.85, blur_px=0.6)


@lru_cache(maxsize=2)
def exposed(sheet: Sheet) -> Exposure:
    return expose(sheet, CAMERA)


def find(sheet: Sheet, recapture: Recapture) -> tuple[MarkerCorners, FoundCamera, float]:
    """What is found, and the root mean square error of its corners."""
    photo = Photo(recapture.photograph(exposed(sheet), np.random.default_rng(3)), CAMERA.focal_35mm)
    corners = find_markers(photo)
    error = corners.corners_px - CAMERA.project(sheet.points(corners.corners_mm))
    return corners, estimate_camera(photo, corners), float(np.sqrt((error**2).sum(axis=1).mean()))


@pytest.mark.parametrize(
    ("sheet", "recapture", "limit_px"),
    [
        (Sheet(), Recapture(), 0.12),
        (Sheet(), Recapture(sensor=replace(SENSOR, blur_px=2.0)), 0.12),
        (Sheet(), Recapture(sensor=replace(SENSOR, motion_px=6.0, motion_deg=25.0)), 0.12),
        (Sheet(), Recapture(sensor=replace(SENSOR, sharpening=1.5)), 0.20),
        (Sheet(), Recapture(sensor=replace(SENSOR, read_noise=0.008, shot_noise=0.001)), 0.20),
        (Sheet(), Recapture(jpeg_quality=40), 0.18),
        (Sheet(), Recapture(wobble_px=1.0), 0.25),
        (Sheet(), Recapture(fall_per_100mm=0.8), 0.15),
        (Sheet(dot_gain_mm=0.1), Recapture(), 0.12),
        (Sheet(dpi=150.0), Recapture(), 0.25),
        (Sheet(grid="raster", grid_mm=0.17), Recapture(), 0.15),
    ],
    ids=[
        *("as usual", "defocused", "moved", "sharpened", "noisy", "JPEG 40", "rolling shutter"),
        *("uneven light", "ink spread", "150 dpi", "raster"),
    ],
)
def test_corners_hold_against_what_printers_and_phones_do(
    sheet: Sheet, recapture: Recapture, limit_px: float
) -> None:
    corners, camera, error_px = find(sheet, recapture)
    assert corners.ids == (0, 1, 2, 3, 4, 5)
    assert error_px < limit_px
    assert -camera.centre_mm[2] == pytest.approx(CAMERA.position[2], rel=0.01)
    assert camera.card_bend_mm < 0.3


def test_ink_spread_is_told_as_it_is() -> None:
    thin, fat = (find(Sheet(dot_gain_mm=gain), Recapture())[0].ink_spread_mm for gain in (0.0, 0.1))
    assert fat - thin == pytest.approx(0.1, abs=0.01)


def test_glare_on_a_marker_and_a_cloth_cost_markers_but_no_corner() -> None:
    glared, _, error_px = find(Sheet(), Recapture(glare=2.0))
    assert 0 not in glared.ids
    assert len(glared.ids) >= 3
    assert error_px < 0.15
    covered, _, error_px = find(Sheet(), Recapture(cover_left_mm=8.0))
    assert covered.ids == (1, 3, 5)
    assert error_px < 0.25


def test_a_card_covered_beyond_recognition_is_refused() -> None:
    with pytest.raises(CardNotFound) as finding:
        find(Sheet(), Recapture(cover_left_mm=8.0, cover_below_mm=40.0))
    assert finding.value.code in {"no_card", "too_few_markers"}


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_curled_card_is_beyond_the_gates_limit(sign: float) -> None:
    sheet = Sheet(bend_radius_mm=400.0 * sign)
    _, camera, _ = find(sheet, Recapture())
    assert camera.card_bend_mm == pytest.approx(abs(sheet.sagitta_mm), rel=0.2)
    assert camera.card_bend_mm > GateLimits().maximum_card_bend_mm
