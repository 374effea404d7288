"""Edges at known sub-pixel places."""

from __future__ import annotations

import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.edges import SRGB_TO_LINEAR, refine_quadrilateral, step_position


@settings(max_examples=50, deadline=None)
@given(edge=st.floats(-1.0, 1.0), sd=st.floats(0.3, 1.3), dark=st.floats(0.0, 0.3), light=st.floats(0.5, 1.0))
def test_blurred_step_is_found_where_it_is(edge: float, sd: float, dark: float, light: float) -> None:
    offsets = np.arange(-6, 6.01, 0.25)
    share = 0.5 * (1 + np.vectorize(_erf)((offsets - edge) / sd / np.sqrt(2)))
    position, spread, contrast = step_position(np.tile(dark + (light - dark) * share, (20, 1)), offsets)
    assert abs(position[0] - edge) < 0.02
    assert abs(spread - sd) < 0.1
    assert abs(contrast - (light - dark)) < 0.02


def _erf(value: float) -> float:
    from math import erf

    return erf(value)


def test_flat_ground_has_no_corners() -> None:
    grey = np.full((200, 200), 128, np.uint8)
    square = np.array([[50.0, 50], [150, 50], [150, 150], [50, 150]])
    assert refine_quadrilateral(grey, square, 0.075) is None


def test_square_is_found_in_linear_light() -> None:
    """Blurred in linear light and stored as sRGB, the half-way grey is not the edge; the fit still is."""
    linear = np.ones((400, 400), np.float32) * 0.9
    linear[100:300, 120:320] = 0.02
    linear = cv2.GaussianBlur(linear, (0, 0), 2.0)
    grey = np.interp(linear, SRGB_TO_LINEAR, np.arange(256)).round().astype(np.uint8)
    truth = np.array([[119.5, 99.5], [319.5, 99.5], [319.5, 299.5], [119.5, 299.5]])
    found = refine_quadrilateral(grey, truth + [[1.0, -1.2], [0.4, 0.8], [-1.1, 0.3], [0.7, 0.9]], 0.075)
    assert found is not None
    np.testing.assert_allclose(found.corners_px, truth, atol=0.05)
