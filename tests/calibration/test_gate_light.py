"""Light on the card against a lamp that is known, and highlights painted on an ulcer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.camera import Camera, estimate_camera
from calibration.digit_card import DIGIT_CARD, in_world
from calibration.find_card import find_markers
from calibration.gate_light import PaperLight, glare_percent, light_at, paper_light, paper_places_mm
from calibration.photo import Photo
from calibration.rectify import ReadingImage

Take = Callable[..., tuple[Photo, NDArray[np.float64]]]
WHITE = 0.871
"""Linear light of the test card's paper (sRGB 240)."""


def seen(photo: Photo) -> tuple[Camera, tuple[int, ...]]:
    corners = find_markers(photo)
    return estimate_camera(photo, corners), corners.ids


def test_every_place_taken_for_paper_is_white_on_the_card(photograph: Take) -> None:
    photo, _ = photograph(noise=0.0)
    camera, _ = seen(photo)
    light = light_at(photo, camera.project(in_world(paper_places_mm())))
    beside_slot = np.abs(paper_places_mm()[:, 0] - 40) < 26
    assert light.min() > 0.95 * WHITE
    assert beside_slot.sum() > 1000
    for left, top in DIGIT_CARD.marker_top_left_mm.values():
        ring = np.abs(paper_places_mm() - [left + 6, top + 6]).max(axis=1) < 8
        assert ring.sum() > 100


@pytest.mark.parametrize("fall", [0.0, 0.5, 1.2])
def test_a_lamp_that_falls_off_is_followed(photograph: Take, fall: float) -> None:
    def lamp(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.exp(-fall * x - 0.3 * fall * y)

    photo, _ = photograph(tilt_deg=10.0, azimuth_deg=40.0, light=lamp)
    camera, ids = seen(photo)
    paper = paper_light(photo, camera, ids)
    places = np.array([[20.0, 20.0], [60.0, 50.0], [40.0, 12.0]])
    x, y = camera.project(in_world(places)).T
    expected = WHITE * lamp(x / photo.width_px, y / photo.height_px)
    assert paper.at(places) == pytest.approx(np.repeat(expected[:, None], 3, axis=1), rel=0.05)
    middles = np.array(list(DIGIT_CARD.marker_top_left_mm.values())) + 6
    x, y = camera.project(in_world(middles)).T
    levels = lamp(x / photo.width_px, y / photo.height_px)
    assert paper.even_percent == pytest.approx(100 * levels.min() / levels.max(), abs=6)


def test_a_steep_fall_is_uneven_and_a_sleeve_beside_a_marker_is_not(photograph: Take) -> None:
    photo, _ = photograph(light=lambda x, y: np.clip(2.0 - 2.9 * x, 0.05, 1.0))
    assert paper_light(photo, *seen(photo)).even_percent < 40
    photo, _ = photograph()
    camera, ids = seen(photo)
    rgb = photo.rgb.copy()
    sleeve_px = int(camera.project(in_world(np.array([[1.2, 8.0]])))[0, 0])
    rgb[:, :sleeve_px] = 20
    assert paper_light(Photo(rgb, 26.0), camera, ids).even_percent > 90


def test_markers_in_one_column_tell_nothing_of_the_light_across(photograph: Take) -> None:
    photo, _ = photograph(light=lambda x, y: 1.0 - 0.4 * x)
    camera, _ = seen(photo)
    paper = paper_light(photo, camera, (0, 2, 4))
    assert abs(paper.slope_per_mm[0]) < 1e-9
    assert paper.lowest_mm == 58.0
    assert paper_light(photo, camera, (0, 1, 2, 3)).lowest_mm == 36.0


def painted(share: float, colour: tuple[int, int, int]) -> tuple[ReadingImage, NDArray[np.bool_]]:
    """A square ulcer whose upper part has a colour of its own, which the mask leaves out."""
    rgb = np.full((200, 200, 3), (205, 150, 130), np.uint8)
    rgb[60:140, 60:140] = (160, 40, 40)
    rgb[60 : 60 + round(80 * share), 70:130] = colour
    ulcer = np.zeros((200, 200), dtype=bool)
    ulcer[60:140, 60:140] = True
    ulcer[60 : 60 + round(80 * share), 70:130] = False
    return ReadingImage(rgb, 20.0, (35.0, 30.0)), ulcer


PAPER = PaperLight(np.array([40.0, 30.0]), np.array([0.7, 0.7, 0.7]), np.zeros(2), 100.0, 58.0)


@pytest.mark.parametrize(
    ("colour", "glares"),
    [((250, 252, 253), True), ((255, 120, 110), True), ((214, 190, 120), False), ((225, 205, 190), False)],
    ids=["mirror", "clipped", "slough", "macerated"],
)
def test_highlights_count_and_pale_tissue_does_not(colour: tuple[int, int, int], glares: bool) -> None:
    reading, ulcer = painted(0.4, colour)
    expected = 100 * 0.4 * 60 / 80 if glares else 0.0
    assert glare_percent(reading, ulcer, PAPER) == pytest.approx(expected, abs=1.5)


def test_glare_is_that_of_the_ulcer_alone() -> None:
    reading, ulcer = painted(0.0, (0, 0, 0))
    reading.rgb[:50] = 255
    assert glare_percent(reading, ulcer, PAPER) == 0.0
    assert glare_percent(reading, np.zeros_like(ulcer), PAPER) is None
