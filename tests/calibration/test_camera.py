"""Pose, focal length and distortion against cameras that are known exactly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from calibration.camera import estimate_camera
from calibration.find_card import find_markers

Take = Callable[..., Any]


@pytest.mark.parametrize("tilt_deg", [0, 12, 30])
@pytest.mark.parametrize("k1", [0.0, -0.04])
def test_pose_is_recovered(photograph: Take, tilt_deg: float, k1: float) -> None:
    photo, truth = photograph(tilt_deg=tilt_deg, azimuth_deg=40, distance_mm=190, k1=k1)
    camera = estimate_camera(photo, find_markers(photo))
    assert camera.tilt_deg == pytest.approx(tilt_deg, abs=0.6)
    assert camera.distance_mm == pytest.approx(190, rel=0.012)
    assert camera.focal_px == pytest.approx(float(np.exp(truth[6])), rel=0.012)
    assert camera.residual_rms_px < 0.15


def test_tilted_card_tells_the_focal_length_and_a_square_one_does_not(photograph: Take) -> None:
    tilted, truth = photograph(tilt_deg=30, azimuth_deg=70, distance_mm=160, focal_35mm=None)
    square, _ = photograph(distance_mm=160, focal_35mm=None)
    known = estimate_camera(tilted, find_markers(tilted))
    unknown = estimate_camera(square, find_markers(square))
    assert known.focal_px == pytest.approx(float(np.exp(truth[6])), rel=0.03)
    assert known.focal_relative_sd < 0.03
    assert unknown.focal_relative_sd > 0.08
    assert known.lens == "typical"


def test_wrong_header_is_outvoted_by_a_tilted_card(photograph: Take) -> None:
    photo, truth = photograph(tilt_deg=35, azimuth_deg=70, distance_mm=150, focal_35mm=27.5)
    camera = estimate_camera(photo, find_markers(photo))
    stated = 27.5 / 26.0 * float(np.exp(truth[6]))
    assert abs(camera.focal_px - float(np.exp(truth[6]))) < 0.6 * abs(stated - float(np.exp(truth[6])))


def test_scale_at_a_point_above_the_card(photograph: Take) -> None:
    photo, truth = photograph(distance_mm=200)
    camera = estimate_camera(photo, find_markers(photo))
    expected = float(np.exp(truth[6])) / 185.0
    assert camera.scale_px_per_mm(np.array([40.0, 30.0, -15.0])) == pytest.approx(expected, rel=0.005)
