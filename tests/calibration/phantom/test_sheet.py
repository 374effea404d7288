"""The sheet's geometry against itself, and its print against what ink does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.digit_card import DIGIT_CARD
from calibration.phantom.camera import Camera
from calibration.phantom.sheet import MIDDLE_MM, Sheet


@settings(max_examples=40, deadline=None)
@given(
    radius=st.sampled_from([150.0, -150.0, 600.0, -600.0, float("inf")]),
    turn=st.floats(0, 180),
    tilt=st.floats(0, 30),
    x=st.floats(1, 79),
    y=st.floats(1, 59),
)
def test_a_ray_to_a_point_of_the_sheet_meets_that_point(
    radius: float, turn: float, tilt: float, x: float, y: float
) -> None:
    sheet, camera = Sheet(bend_radius_mm=radius, bend_deg=turn), Camera(tilt_deg=tilt)
    printed = np.array([x, y])
    rays = camera.rays(camera.project(sheet.points(printed)))
    assert sheet.seen(camera.position, rays) == pytest.approx(printed, abs=1e-6)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_curled_sheet_keeps_its_length_and_stands_on_the_table(sign: float) -> None:
    sheet = Sheet(bend_radius_mm=200.0 * sign)
    line = sheet.points(np.column_stack([np.linspace(0, 80, 2001), np.full(2001, 30.0)]))
    assert np.linalg.norm(np.diff(line, axis=0), axis=1).sum() == pytest.approx(80.0, abs=1e-3)
    assert line[:, 2].min() == pytest.approx(0.0, abs=1e-9)
    middle, edge = sheet.points(MIDDLE_MM)[2], sheet.points(np.array([0.0, 30.0]))[2]
    assert edge - middle == pytest.approx(sheet.sagitta_mm)
    assert sheet.sagitta_mm == pytest.approx(sign * 200 * (1 - np.cos(0.2)))


def test_ink_spreads_by_as_much_as_it_should() -> None:
    """The dark run across a marker's border is longer by the spread on both its sides."""
    runs = []
    for gain in (0.0, 0.06):
        sheet = Sheet(dot_gain_mm=gain)
        row = sheet.texture[round(3.0 * sheet.texels_per_mm), : round(16 * sheet.texels_per_mm), 0]
        share = (row.max() - row) / (row.max() - row.min())
        runs.append(share.sum() / sheet.texels_per_mm)
    assert runs[0] == pytest.approx(DIGIT_CARD.marker_side_mm, abs=0.03)
    assert runs[1] - runs[0] == pytest.approx(0.12, abs=0.01)


def test_a_raster_leaves_its_share_of_white_and_a_screen_keeps_the_light() -> None:
    y, x = (np.mgrid[0:3:0.005, 0:3:0.005] + 0.0025).astype(np.float32)
    place = np.stack([x, y], axis=-1)
    black = np.full((*x.shape, 3), 0.03, np.float32)
    raster = Sheet(grid="raster", grid_mm=0.25).gridded(black, place)
    assert ((raster[..., 0] - 0.03) / (0.895 - 0.03)).mean() == pytest.approx(0.10, abs=0.03)
    screen = Sheet(grid="screen", grid_mm=0.15).gridded(black, place)
    assert screen.mean(axis=(0, 1)) == pytest.approx([0.03, 0.03, 0.03], rel=0.08)
