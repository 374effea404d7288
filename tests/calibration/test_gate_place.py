"""The digit's place from outlines drawn by hand, and the ulcer's from a camera that is known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.capture_gate import GateLimits
from calibration.gate_place import DigitPlace, digit_place, ulcer_margin_percent
from calibration.photo import Photo
from calibration.silhouette import Silhouette
from calibration.surface_fit import fit_surface
from tests.calibration.digit_view import digit_view

LIMITS = GateLimits()
CAMERA_MM = np.array([40.0, 30.0, -2000.0])
"""So far away that an outline is as wide as its digit."""

RADIUS_MM = 8.0


def outline(tip_mm: float, aside_mm: float, askew_deg: float) -> Silhouette:
    """A rod with a round end: both sides from the tip to the card's lower edge."""
    turn = np.radians(np.arange(0.0, 90.0, 0.7))
    body = np.arange(RADIUS_MM, 75.0, 0.1)
    along = np.concatenate([RADIUS_MM * (1 - np.cos(turn)), body])
    half = np.concatenate([RADIUS_MM * np.sin(turn), np.full(len(body), RADIUS_MM)])
    yaw = np.radians(askew_deg)
    axis, side = np.array([np.sin(yaw), np.cos(yaw)]), np.array([np.cos(yaw), -np.sin(yaw)])
    tip = np.array([40.0 + aside_mm - np.tan(yaw) * (60.0 - tip_mm) / 2, tip_mm])
    sides = [tip + along[:, None] * axis + way * half[:, None] * side for way in (-1, 1)]
    left, right = ([side for side in points if side[1] < 59.4] for points in sides)
    return Silhouette(np.array(left), np.array(right), np.ones((2, 2), dtype=bool), 1.0)


def place(tip_mm: float = 20.0, aside_mm: float = 0.0, askew_deg: float = 0.0) -> DigitPlace:
    silhouette = outline(tip_mm, aside_mm, askew_deg)
    return digit_place(silhouette, fit_surface(silhouette, CAMERA_MM))


@pytest.mark.parametrize("askew_deg", [-32.0, 0.0, 12.0])
@pytest.mark.parametrize("aside_mm", [-14.0, 3.0])
def test_the_axis_is_told_where_it_was_drawn(aside_mm: float, askew_deg: float) -> None:
    found = place(aside_mm=aside_mm, askew_deg=askew_deg)
    assert found.aside_mm == pytest.approx(abs(aside_mm), abs=0.4)
    assert found.askew_deg == pytest.approx(abs(askew_deg), abs=1.0)
    assert found.on_card_mm == pytest.approx(40.0 / np.cos(np.radians(askew_deg)), abs=0.7)
    assert (found.aside_mm > LIMITS.maximum_digit_aside_mm) == (abs(aside_mm) > 13)
    assert (found.askew_deg > LIMITS.maximum_digit_askew_deg) == (abs(askew_deg) > 30)


def test_a_digit_too_far_in_or_out_is_beyond_a_limit() -> None:
    assert place(tip_mm=3.0).tip_inside_mm == pytest.approx(3.0, abs=0.1)
    assert place(tip_mm=3.0).tip_inside_mm < LIMITS.minimum_tip_inside_mm
    assert place(tip_mm=43.0).on_card_mm == pytest.approx(17.0, abs=0.7)
    assert place(tip_mm=43.0).on_card_mm < LIMITS.minimum_digit_on_card_mm


def ulcer_at(x_mm: float, y_mm: float) -> NDArray[np.bool_]:
    mask = np.zeros(digit_view().skin.shape, dtype=bool)
    column, row = np.rint(digit_view().reading.from_card_mm(np.array([[x_mm, y_mm]])))[0].astype(int)
    mask[row - 20 : row + 21, column - 20 : column + 21] = True
    return mask


def test_the_ulcers_margin_is_the_nearest_border_of_the_photograph() -> None:
    view = digit_view()
    margin = ulcer_margin_percent(view.photo, view.camera, view.reading, ulcer_at(40.0, 34.0))
    assert margin is not None
    assert margin > 3 * LIMITS.minimum_ulcer_margin_percent
    edge_x = view.camera.project(np.array([[41.0, 34.0, 0.0]]))[0, 0]
    cut = Photo(np.ascontiguousarray(view.photo.rgb[:, : round(edge_x) + 61]), 26.0)
    margin = ulcer_margin_percent(cut, view.camera, view.reading, ulcer_at(40.0, 34.0))
    assert margin == pytest.approx(100 * 60 / min(cut.width_px, cut.height_px), abs=0.3)
    gone = Photo(np.ascontiguousarray(view.photo.rgb[:, : round(edge_x) - 10]), 26.0)
    assert ulcer_margin_percent(gone, view.camera, view.reading, ulcer_at(40.0, 34.0)) == 0.0
    assert ulcer_margin_percent(gone, view.camera, view.reading, ulcer_at(40.0, 34.0) & False) is None
