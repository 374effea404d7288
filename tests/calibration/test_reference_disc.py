"""The reference slip's area on photographs of prints that are known exactly."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from calibration.camera import estimate_camera
from calibration.find_card import find_markers
from calibration.phantom import Camera, Sensor
from calibration.phantom.recapture import Exposure, Recapture, expose
from calibration.phantom.sheet import Sheet, SlipPlace
from calibration.photo import Photo
from calibration.reference_disc import ReferenceReading, SlipNotFound, measure_slip

GOOD_PERCENT = 0.3
"""Largest error on a photograph that the gate lets pass (benchmarks/reference_disc.py)."""

CAMERA = Camera(1300, 1000, focal_35mm=66.0, distance_mm=210.0, tilt_deg=12.0, azimuth_deg=40.0, roll_deg=4.0)
PLACE = SlipPlace(right_mm=0.3, down_mm=0.4, turn_deg=0.8)


@lru_cache(maxsize=4)
def exposed(sheet: Sheet) -> Exposure:
    return expose(sheet, CAMERA)


def photographed(sheet: Sheet, recapture: Recapture | None = None) -> Photo:
    rgb = (recapture or Recapture()).photograph(exposed(sheet), np.random.default_rng(1))
    return Photo(rgb, CAMERA.focal_35mm)


def measured(sheet: Sheet, recapture: Recapture | None = None) -> ReferenceReading:
    photo = photographed(sheet, recapture)
    return measure_slip(photo, estimate_camera(photo, find_markers(photo)))


def off_percent(reading: ReferenceReading) -> float:
    return 100 * (reading.area_mm2 / 50.0 - 1)


@pytest.mark.parametrize(
    "recapture",
    [
        Recapture(),
        Recapture(sensor=Sensor(exposure=0.85, blur_px=1.6)),
        Recapture(sensor=Sensor(exposure=0.85, sharpening=1.5)),
        Recapture(sensor=Sensor(exposure=0.6, read_noise=0.016, shot_noise=0.005), jpeg_quality=70),
        Recapture(fall_per_100mm=0.5),
    ],
    ids=["good", "blurred", "sharpened", "noisy", "uneven light"],
)
def test_the_area_is_found_whatever_the_camera_does_to_its_edge(recapture: Recapture) -> None:
    assert abs(off_percent(measured(Sheet(slip=PLACE), recapture))) < GOOD_PERCENT


def test_ink_that_spreads_makes_the_disc_larger_and_the_hole_smaller_and_leaves_their_middle() -> None:
    reading = measured(Sheet(dot_gain_mm=0.08, slip=PLACE))
    assert reading.disc_mm2 > 51.5
    assert reading.hole_mm2 < 48.5
    assert reading.spread_mm == pytest.approx(0.08, abs=0.015)
    assert abs(off_percent(reading)) < GOOD_PERCENT


def test_a_hand_over_the_hole_is_noticed() -> None:
    with pytest.raises(SlipNotFound):
        measured(Sheet(slip=PLACE), Recapture(cover_below_mm=18.0))
