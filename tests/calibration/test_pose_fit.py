"""Pose and lens fitted to corners that are known exactly."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.lens import lens_prior
from calibration.phantom.camera import Camera
from calibration.pose_fit import POSE, _project, fit_pose

from .card_corners import blank, corners_of


def test_slopes_are_those_of_the_projection() -> None:
    camera = Camera(tilt_deg=20, azimuth_deg=50, k1=0.02)
    fitted = fit_pose(corners_of(camera, bow_mm=0.3), lens_prior(blank(2592, 1944)))
    corners_mm = fitted.corners.corners_mm
    _, slopes = _project(fitted.parameters, corners_mm)
    for number, step in enumerate([1e-6] * 3 + [1e-4] * 3 + [1e-6] * 2 + [1e-3] * 2 + [1e-4] * 3):
        move = step * np.eye(13)[number]
        there, back = (_project(fitted.parameters + sign * move, corners_mm)[0] for sign in (1, -1))
        assert slopes[:, number] == pytest.approx((there - back).ravel() / (2 * step), rel=1e-3, abs=1e-3)


def test_a_bowed_card_does_not_pass_for_another_lens() -> None:
    camera = Camera(width_px=4000, height_px=3000, tilt_deg=20, azimuth_deg=30, distance_mm=180)
    for bow_mm in (-0.3, 0.3):
        fitted = fit_pose(corners_of(camera, bow_mm=bow_mm), lens_prior(blank(4000, 3000, None)))
        assert np.exp(fitted.parameters[POSE]) == pytest.approx(camera.focal_px, rel=0.02)
        assert fitted.parameters[-3] == pytest.approx(-bow_mm, abs=0.06)


def test_spread_of_the_corners_is_read_from_what_is_left() -> None:
    camera = Camera(width_px=4000, height_px=3000, tilt_deg=10)
    rough, fine = (
        fit_pose(corners_of(camera, noise_px=noise_px), lens_prior(blank(4000, 3000)))
        for noise_px in (0.4, 0.1)
    )
    assert rough.covariance[-3, -3] > 4 * fine.covariance[-3, -3]
