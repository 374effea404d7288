"""Corners against a camera that is known exactly; refusals for what is no card."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest

from calibration.find_card import CardNotFound, find_markers
from calibration.photo import Photo

from .conftest import true_corners_px

Take = Callable[..., Any]


@pytest.mark.parametrize(
    ("case", "limit_px"),
    [
        ({}, 0.06),
        ({"tilt_deg": 30, "azimuth_deg": 60, "roll_deg": 20}, 0.08),
        ({"roll_deg": 180}, 0.06),
        ({"blur_px": 2.0}, 0.10),
        ({"noise": 6.0}, 0.15),
        ({"distance_mm": 320}, 0.10),
        ({"light": lambda x, y: 0.25 + 0.75 * x}, 0.08),
        ({"light": lambda x, y: np.where(x + 0.3 * y > 0.6, 0.3, 1.0)}, 0.25),
    ],
    ids=["square", "tilted", "upside down", "blurred", "noisy", "far", "uneven light", "hard shadow"],
)
def test_corners_are_found_to_a_fraction_of_a_pixel(
    photograph: Take, case: dict[str, Any], limit_px: float
) -> None:
    photo, parameters = photograph(**case)
    found = find_markers(photo)
    assert found.ids == (0, 1, 2, 3, 4, 5)
    error = found.corners_px - true_corners_px(parameters, found.corners_mm, photo)
    assert np.sqrt((error**2).sum(axis=1).mean()) < limit_px


def test_three_markers_suffice_and_two_do_not(photograph: Take) -> None:
    photo, parameters = photograph()
    rgb = photo.rgb.copy()
    below = true_corners_px(parameters, np.array([[0.0, 22.0], [80.0, 22.0]]), photo)[:, 1]
    rgb[int(below.min()) :] = 90
    with pytest.raises(CardNotFound) as two:
        find_markers(Photo(rgb))
    assert (two.value.code, two.value.marker_count) == ("too_few_markers", 2)
    rgb = photo.rgb.copy()
    lower = true_corners_px(parameters, np.array([[0.0, 44.0], [40.0, 22.0]]), photo)
    rgb[int(lower[0, 1]) :] = 90
    rgb[int(lower[1, 1]) :, int(lower[1, 0]) :] = 90
    assert find_markers(Photo(rgb)).ids == (0, 1, 2)


def test_two_cards_are_refused(photograph: Take) -> None:
    photo, _ = photograph(distance_mm=300)
    both = Photo(np.concatenate([photo.rgb, photo.rgb], axis=1))
    with pytest.raises(CardNotFound) as finding:
        find_markers(both)
    assert finding.value.code == "two_cards"


def test_no_card_is_told_apart_from_half_a_card() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (900, 1200, 3), dtype=np.uint8)
    with pytest.raises(CardNotFound) as finding:
        find_markers(Photo(cv2.GaussianBlur(noise, (0, 0), 3)))
    assert (finding.value.code, finding.value.marker_count) == ("no_card", 0)


def test_blur_is_measured(photograph: Take) -> None:
    sharp, soft, softer = (find_markers(photograph(blur_px=blur)[0]).edge_blur_px for blur in (0.0, 1.5, 3.0))
    assert sharp < 0.9
    assert soft == pytest.approx(np.hypot(1.5, sharp), abs=0.25)
    assert softer > 2.0  # the profile's length bounds what can be told; the gate's limit lies far below
