"""The outline against a rendered digit whose true mask is known."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.camera import estimate_camera
from calibration.digit_mask import DigitNotFound
from calibration.find_card import find_markers
from calibration.phantom import Camera, DigitShape, Look, Scene, render
from calibration.photo import Photo
from calibration.rectify import ReadingImage, rectify, rectify_mask
from calibration.silhouette import find_silhouette

HALF = 0.5


@lru_cache(maxsize=4)
def digit(tone: int) -> tuple[ReadingImage, NDArray[np.float32]]:
    """A digit near the slot's edge, so that card, slot and shadow all lie beside it, and its true mask."""
    scene = Scene(
        camera=Camera(width_px=1600, height_px=1200, distance_mm=140.0, tilt_deg=12.0, azimuth_deg=0.0),
        digit=DigitShape(radius_mm=9.0, yaw_deg=3.0, lateral_mm=1.5),
        look=Look(tone=tone),
    )
    seen = render(scene, 1)
    photo = Photo(seen.rgb)
    camera = estimate_camera(photo, find_markers(photo), focal_px=seen.truth.focal_px)
    return rectify(photo, camera), rectify_mask(seen.digit_mask, camera)


def distance_mm(
    points_mm: NDArray[np.float64], reading: ReadingImage, truth: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Signed distance of points from the border of the true mask; positive outside."""
    inside = (truth > HALF).astype(np.uint8)
    signed = cv2.distanceTransform(1 - inside, cv2.DIST_L2, 5) - cv2.distanceTransform(inside, cv2.DIST_L2, 5)
    where = reading.from_card_mm(points_mm).astype(np.float32)[None]
    values = cv2.remap(signed, where[..., 0], where[..., 1], cv2.INTER_LINEAR)
    return np.asarray(values[0] / reading.scale_px_per_mm, dtype=np.float64)


@pytest.mark.parametrize("tone", [1, 3, 6])
@pytest.mark.parametrize(("shift_px", "limit_mm"), [(0, 0.12), (6, 0.30), (-6, 0.30)])
def test_a_rough_mask_is_drawn_to_the_true_edge(tone: int, shift_px: int, limit_mm: float) -> None:
    reading, truth = digit(tone)
    rough = np.roll(cv2.GaussianBlur(truth, (0, 0), 5), shift_px, axis=1)
    found = find_silhouette(reading, rough, np.zeros_like(rough))
    for side in (found.left_mm, found.right_mm):
        error = distance_mm(side, reading, truth)
        # From a mask 0.3 mm off the outline never ends further away; beside a white card it may end as far.
        assert np.sqrt(np.mean(error**2)) < limit_mm
        assert abs(np.median(error)) < limit_mm
    assert found.left_mm[:, 0].mean() < found.right_mm[:, 0].mean()
    assert found.left_mm[0, 1] < found.left_mm[-1, 1]


def test_an_ulcer_on_the_flank_belongs_to_the_digit() -> None:
    reading, truth = digit(3)
    ulcer = np.zeros_like(truth)
    edge = int(np.flatnonzero(truth[700] > HALF)[0])
    ulcer[660:740, edge : edge + 40] = truth[660:740, edge : edge + 40]
    found = find_silhouette(reading, np.where(ulcer > HALF, 0, truth).astype(np.float32), ulcer)
    assert found.mask[700, edge + 20]
    assert np.abs(distance_mm(found.left_mm, reading, truth)).max() < 0.6


@pytest.mark.parametrize("kind", ["nothing", "speck", "not from below"])
def test_no_digit_is_said(kind: str) -> None:
    reading, truth = digit(3)
    skin = np.zeros_like(truth)
    if kind == "speck":
        skin[1100:1160, 500:560] = 1
    if kind == "not from below":
        skin[200:700, 400:600] = 1
    with pytest.raises(DigitNotFound):
        find_silhouette(reading, skin, np.zeros_like(skin))
