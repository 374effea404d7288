"""The rendered photograph: areas that its masks imply, card corners, determinism, file header."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from PIL.ExifTags import IFD, Base

from calibration.digit_card import DIGIT_CARD
from calibration.find_card import find_markers
from calibration.phantom import (
    Camera,
    DigitShape,
    Header,
    Light,
    Look,
    Ranges,
    Render,
    Scene,
    Sensor,
    Table,
    encode_jpeg,
    random_reading,
    random_scene,
    render,
    truth_of,
)
from calibration.phantom.hand import hand_of
from calibration.phantom.rays import cast
from calibration.phantom.ulcer import random_outline, scaled_to_area
from calibration.photo import Photo

MASK_AREA_TOLERANCE = 0.01
"""A mask of some thousand pixels counts its area to about the square root of its border pixels: 0.5 %."""

CORNER_TOLERANCE_PX = 0.1
"""Corners in a sharp photograph without the phone's sharpening."""

SHARP = Sensor(blur_px=0.5, sharpening=0.0, read_noise=0.0005, shot_noise=1e-6, vignetting=0.0)


def close_camera(**changes: float) -> Camera:
    """A small photograph at about 17 px/mm of the digit's end."""
    camera = Camera(width_px=640, height_px=640, focal_35mm=150.0, distance_mm=200.0)
    return replace(camera, **changes)


def scene_with_ulcer(
    s_mm: float = 9.0, phi_deg: float = 0.0, area_mm2: float = 12.0, **changes: float
) -> Scene:
    digit = DigitShape(taper=0.06)
    ulcer = scaled_to_area(digit, random_outline(np.random.default_rng(1), s_mm, phi_deg), area_mm2)
    return Scene(digit, (ulcer,), camera=close_camera(**{"aim_y_mm": 22.0 + s_mm, **changes}), sensor=SHARP)


def area_seen_mm2(scene: Scene, photo: Render) -> float:
    """Area of the mask from its rays alone: depth² / focal² of each pixel, over the cosine to the surface."""
    pixels = np.argwhere(photo.ulcer_mask)[:, ::-1].astype(float)
    camera = scene.camera
    rays = camera.rays(pixels)
    hits = cast(scene.digit, camera.position, rays)
    s, phi, _ = scene.digit.coordinates(hits.points)
    cosine = -(scene.digit.normal(s, phi) * rays[hits.ray]).sum(axis=1)
    return float((hits.depth_mm**2 / camera.focal_px**2 / cosine).sum())


@pytest.mark.parametrize(
    ("s_mm", "phi_deg", "tilt_deg", "azimuth_deg"),
    [(9.0, 0.0, 0.0, 0.0), (25.0, 35.0, 0.0, 0.0), (4.0, -20.0, 20.0, 90.0), (15.0, 10.0, 35.0, 200.0)],
)
def test_the_mask_holds_the_true_area(
    s_mm: float, phi_deg: float, tilt_deg: float, azimuth_deg: float
) -> None:
    scene = scene_with_ulcer(s_mm, phi_deg, tilt_deg=tilt_deg, azimuth_deg=azimuth_deg)
    photo = render(scene)
    assert photo.truth.area_mm2[0] == pytest.approx(12.0, rel=1e-3)
    assert area_seen_mm2(scene, photo) == pytest.approx(12.0, rel=MASK_AREA_TOLERANCE)


def test_a_flat_ulcer_straight_below_counts_by_its_scale() -> None:
    """On a body so large that it is flat, pixels over the squared scale are square millimetres."""
    body = DigitShape(radius_mm=500.0, taper=0.0, joint_bulge=0.0, tip_length_mm=10.0, tip_exponent=8.0)
    ulcer = scaled_to_area(body, random_outline(np.random.default_rng(2), 40.0, 0.0), 15.0)
    middle = body.surface_point(40.0, 0.0)
    camera = Camera(
        width_px=300,
        height_px=300,
        focal_35mm=2500.0,
        distance_mm=3000.0,
        aim_x_mm=middle[0],
        aim_y_mm=middle[1],
    )
    photo = render(Scene(body, (ulcer,), camera=camera, sensor=SHARP, table=Table(card=False)))
    scale = camera.focal_px / (3000.0 - 1000.0)
    assert photo.truth.scale_px_per_mm[0] == pytest.approx(scale, rel=1e-9)
    assert photo.ulcer_mask.sum() / scale**2 == pytest.approx(15.0, rel=2 * MASK_AREA_TOLERANCE)


def test_obliquity_follows_the_angle_round_the_digit() -> None:
    scene = scene_with_ulcer(30.0, 30.0, distance_mm=2000.0, focal_35mm=1800.0)
    assert truth_of(scene).obliquity_deg[0] == pytest.approx(30.0, abs=1.0)


@pytest.mark.parametrize(("tilt_deg", "k1"), [(0.0, 0.0), (25.0, -0.03), (30.0, 0.03)])
def test_the_card_lies_where_the_camera_says(tilt_deg: float, k1: float) -> None:
    camera = Camera(
        width_px=1296, height_px=972, distance_mm=150.0, tilt_deg=tilt_deg, azimuth_deg=130.0, k1=k1
    )
    photo = render(Scene(camera=camera, sensor=SHARP))
    found = find_markers(Photo(photo.rgb))
    true = camera.project(np.column_stack([found.corners_mm, np.zeros(len(found.corners_mm))]))
    assert len(found.ids) == len(DIGIT_CARD.marker_top_left_mm)
    assert found.corners_px == pytest.approx(true, abs=CORNER_TOLERANCE_PX)


def test_the_soft_border_is_half_way_on_the_outline() -> None:
    """Inside the outline it looks like the ulcer, outside like skin: the mask's edge is the visible edge."""
    scene = scene_with_ulcer(15.0, 0.0, distance_mm=190.0)
    plain = Look(tone=1, tissue="eschar", erythema=0.0, maceration=0.0, callus=0.0, depth_mm=0.0, wetness=0.0)
    photo = render(replace(scene, look=plain))
    grey = photo.rgb.astype(float).mean(axis=2)
    near = photo.digit_mask & ~photo.nail_mask
    rows, columns = np.nonzero(photo.ulcer_mask)
    near[: rows.min() - 4], near[rows.max() + 5 :] = False, False
    near[:, : columns.min() - 4], near[:, columns.max() + 5 :] = False, False
    middle = (np.median(grey[photo.ulcer_mask]) + np.median(grey[near & ~photo.ulcer_mask])) / 2
    dark = near & (grey < middle)
    assert dark.sum() == pytest.approx(photo.ulcer_mask.sum(), rel=0.06)


def test_the_same_seed_gives_the_same_bytes() -> None:
    ranges = Ranges(width_px=324, height_px=243)
    first, again = (random_scene(np.random.default_rng(7), ranges) for _ in range(2))
    assert first == again
    assert np.array_equal(render(first, 3).rgb, render(again, 3).rgb)
    assert encode_jpeg(render(first, 3).rgb) == encode_jpeg(render(again, 3).rgb)
    assert not np.array_equal(render(first, 3).rgb, render(first, 4).rgb)
    assert random_scene(np.random.default_rng(8), ranges) != first


def test_random_scenes_keep_their_ranges() -> None:
    ranges = Ranges(
        distance_mm=(160.0, 200.0),
        tilt_deg=(5.0, 10.0),
        obliquity_deg=(0.0, 25.0),
        area_mm2=(4.0, 9.0),
        healed=0.0,
    )
    rng = np.random.default_rng(0)
    for _ in range(6):
        scene = random_scene(rng, ranges)
        assert 160.0 <= scene.camera.distance_mm <= 200.0
        assert 5.0 <= scene.camera.tilt_deg <= 10.0
        truth = truth_of(scene)
        assert 4.0 * 0.999 <= truth.area_mm2[0] <= 9.0 * 1.001
        assert truth.obliquity_deg[0] <= 25.0


def test_masks_agree_with_each_other() -> None:
    scene = scene_with_ulcer(14.0, 0.0)
    photo = render(replace(scene, hand=hand_of(scene.digit), camera=Camera(width_px=648, height_px=486)))
    assert photo.rgb.shape == (486, 648, 3)
    assert photo.rgb.dtype == np.uint8
    assert not (photo.ulcer_mask & ~photo.digit_mask).any()
    assert not (photo.nail_mask & ~photo.digit_mask).any()
    assert not (photo.digit_mask & ~photo.skin_mask).any()
    assert photo.skin_mask.sum() > 1.5 * photo.digit_mask.sum()
    assert photo.nail_mask.any()


def test_the_pulp_shows_no_nail_and_a_closed_ulcer_no_mask() -> None:
    scene = scene_with_ulcer()
    closed = replace(scene.ulcers[0], closed=True)
    photo = render(replace(scene, ulcers=(closed,), look=Look(view="pulp")))
    assert photo.truth.area_mm2 == (0.0,)
    assert not photo.ulcer_mask.any()
    assert not photo.nail_mask.any()


def test_a_camera_within_the_digit_is_refused() -> None:
    with pytest.raises(ValueError, match="above the digit"):
        render(Scene(camera=Camera(width_px=64, height_px=48, distance_mm=20.0)))


def test_a_reading_shows_the_ulcer_at_the_network_s_scale() -> None:
    scene = random_reading(np.random.default_rng(2), 256, Ranges(ulcers=(1, 1), obliquity_deg=(0.0, 30.0)))
    photo = render(scene)
    assert photo.rgb.shape == (256, 256, 3)
    assert 15.0 < photo.truth.digit_scale_px_per_mm < 26.0
    assert photo.ulcer_mask.any()


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_the_file_shows_upright_and_tells_what_phones_tell(orientation: int) -> None:
    rgb = np.zeros((48, 64, 3), np.uint8)
    rgb[:24, :32] = (200, 30, 30)
    header = Header(
        focal_35mm=25.7,
        orientation=orientation,
        make="Maker",
        model="M1",
        taken_at="2024:02:29 10:11:12",
        gps=(48.5, -3.25),
    )
    photo = Image.open(io.BytesIO(encode_jpeg(rgb, 95, header)))
    exif = photo.getexif()
    assert exif[Base.Orientation] == orientation
    assert exif.get_ifd(IFD.Exif)[Base.FocalLengthIn35mmFilm] == 26
    assert exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] == "2024:02:29 10:11:12"
    assert [float(part) for part in exif.get_ifd(IFD.GPSInfo)[4]] == [3.0, 15.0, 0.0]
    from PIL import ImageOps

    upright = np.asarray(ImageOps.exif_transpose(photo))
    assert upright.shape == rgb.shape
    assert upright[12, 16, 0] > 150
    assert upright[36, 48, 0] < 50


def test_a_cloth_hides_the_lower_markers_alone() -> None:
    camera = Camera(width_px=1296, height_px=972, distance_mm=170.0)
    table = Table(material="wood", cover="below", cover_mm=14.0)
    photo = render(Scene(camera=camera, sensor=SHARP, table=table))
    assert find_markers(Photo(photo.rgb)).ids == (0, 1, 2, 3)


def test_the_digit_throws_a_shadow_away_from_the_light() -> None:
    """Light from the left darkens the table to the right of the digit."""
    light = Light(azimuth_deg=180.0, elevation_deg=40.0, gradient_per_100mm=0.0, softness=0.1)
    table = Table(material="sheet", card=False)
    camera = Camera(width_px=324, height_px=243, distance_mm=200.0, aim_y_mm=60.0)
    photo = render(Scene(light=light, table=table, camera=camera, sensor=SHARP))
    left, right = (
        camera.project(np.array([[40.0 - 13.0, 60.0, 0.0], [40.0 + 13.0, 60.0, 0.0]])).round().astype(int)
    )
    assert int(photo.rgb[right[1], right[0]].mean()) < 0.85 * int(photo.rgb[left[1], left[0]].mean())
