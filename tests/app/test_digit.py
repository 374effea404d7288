"""Both poses through the whole pipeline, with the registered network."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources

import numpy as np
import pytest

from app.digit import find_digit
from app.domain.parts import borders
from app.measuring import PhotoReport, measure_photo
from app.platform.images import decode_photo
from calibration.capture_gate import GateLimits
from calibration.digit_mask import DigitNotFound
from calibration.phantom import Camera, DigitShape, Look, Render, Scene, UlcerShape, render
from calibration.photo import Photo
from calibration.plane import Plane
from calibration.pose import FLAT, TIP, Pose, inclined_pose
from models.registry import load_segmenter
from models.segmenter import Segmentation
from tests.calibration.digit_view import digit_view

COARSE = GateLimits(minimum_scale_px_per_mm=8.0)
"""A standing tip 205 mm away in a picture of 5 megapixels, so that the test renders quickly."""

NEAR_THE_HAND_MM = 42.0
"""From the tip to an ulcer at the card's lower edge."""


@pytest.fixture(scope="module")
def standing() -> Render:
    digit = DigitShape(
        radius_mm=8.0, tip_length_mm=9.6, tip_exponent=2.0, tip_y_mm=34.0, inclination_deg=-88.0,
        protrusion_mm=12.0,
    )  # fmt: skip
    ulcer = UlcerShape(s_mm=0.6, phi_deg=40.0, mean_radius_mm=1.7, elongation=1.3)
    camera = Camera(distance_mm=205.0, tilt_deg=4.0, azimuth_deg=60.0, aim_y_mm=34.0)
    return render(Scene(digit, (ulcer,), Look(view="pulp", tissue="granulation"), camera=camera), seed=3)


def measured(picture: Render, *, traced: bool) -> PhotoReport:
    outline = picture.ulcer_mask if traced else None
    return measure_photo(Photo(picture.rgb, 26.0), load_segmenter(), outline=outline, limits=COARSE, pose=TIP)


@pytest.mark.parametrize("traced", [True, False], ids=["true outline", "network"])
def test_a_standing_tip_is_measured(standing: Render, traced: bool) -> None:
    report = measured(standing, traced=traced)
    found = report.measurement
    assert found is not None, [reason.code for reason in report.reasons]
    assert found.pose == "tip"
    assert found.area_mm2 == pytest.approx(standing.truth.area_mm2[0], rel=0.05 if traced else 0.15)
    assert abs(found.area_mm2 - standing.truth.area_mm2[0]) < 2 * found.u_area_mm2
    assert {"digit height", "lean sideways", "lean lengthways", "tip length"} < set(found.budget)
    assert report.reading is not None
    assert report.reading.footprint.chart == "tip"
    assert report.reading.footprint.area_mm2 == pytest.approx(found.area_mm2, rel=0.05)


def test_each_pose_refuses_the_other(standing: Render) -> None:
    lying = decode_photo(
        resources.files("sample_images").joinpath("50779b6f5a37b48c61433590c710dfe2.jpg").read_bytes()
    )
    as_tip = measure_photo(lying, load_segmenter(), pose=TIP)
    assert [reason.code for reason in as_tip.reasons] == ["pose_mismatch"]
    as_flat = measure_photo(Photo(standing.rgb, 26.0), load_segmenter(), limits=COARSE, pose=FLAT)
    assert [reason.code for reason in as_flat.reasons] == ["digit_not_found"]


def seen() -> Segmentation:
    skin = digit_view().skin
    return Segmentation(ulcer=np.zeros_like(skin), skin=skin)


def test_a_digit_whose_sides_cannot_be_trusted_is_a_plane_and_said_to_be() -> None:
    view = digit_view()
    good = find_digit(view.reading, seen(), view.camera.centre_mm, FLAT)
    assert good.kind == "revolution"
    # A picture without edges: the mask alone says where the digit is.
    blank = replace(view.reading, rgb=np.full_like(view.reading.rgb, 128))
    found = find_digit(blank, seen(), view.camera.centre_mm, FLAT)
    assert found.kind == "plane"
    assert isinstance(found.surface, Plane)
    assert found.silhouette is None
    names = {variant.name for variant in found.variants(view.camera.centre_mm)}
    assert names == {"focal length", "plane height", "lean sideways", "lean lengthways"}


def test_no_digit_in_the_slot_is_refused_rather_than_taken_for_a_plane() -> None:
    view = digit_view()
    nothing = np.zeros_like(view.skin)
    with pytest.raises(DigitNotFound):
        find_digit(view.reading, Segmentation(ulcer=nothing, skin=nothing), view.camera.centre_mm, FLAT)


def test_a_stated_rise_is_taken_over() -> None:
    view = digit_view()
    found = find_digit(view.reading, seen(), view.camera.centre_mm, inclined_pose(15.0))
    assert found.surface.axis.inclination_deg == 15.0
    assert found.pose.inclination_sd_deg > FLAT.inclination_sd_deg
    assert inclined_pose(0.0) is FLAT
    with pytest.raises(ValueError, match="within"):
        inclined_pose(60.0)


@pytest.mark.parametrize("pose", [FLAT, TIP], ids=["flat", "tip"])
def test_the_footprint_knows_where_its_picture_shows_the_ulcer(standing: Render, pose: Pose) -> None:
    """The way from the grid into the picture is the way from the picture onto the grid, backwards."""
    if pose is TIP:
        report = measured(standing, traced=True)
    else:
        name = "50779b6f5a37b48c61433590c710dfe2.jpg"
        photo = decode_photo(resources.files("sample_images").joinpath(name).read_bytes())
        report = measure_photo(photo, load_segmenter())
    assert report.reading is not None
    footprint = report.reading.footprint
    found = np.concatenate([footprint.in_picture(ring) for ring in borders(footprint.open)])
    drawn = np.concatenate(report.reading.contours_px)
    away = np.linalg.norm(found[:, None] - drawn[None], axis=2).min(axis=1)
    assert np.median(away) < 1.0
    assert away.max() < 4.0


def test_the_footprint_holds_an_ulcer_near_the_hand() -> None:
    """Beyond the last place where both sides were seen the surface goes on, and so does the grid."""
    digit = DigitShape(radius_mm=8.0, tip_y_mm=18.0)
    ulcer = UlcerShape(s_mm=NEAR_THE_HAND_MM, phi_deg=5.0, mean_radius_mm=2.4)
    picture = render(Scene(digit, (ulcer,), Look(tissue="granulation"), camera=Camera(distance_mm=205.0)), 4)
    report = measure_photo(
        Photo(picture.rgb, 26.0), load_segmenter(), outline=picture.ulcer_mask, limits=COARSE, pose=FLAT
    )
    assert report.measurement is not None, [reason.code for reason in report.reasons]
    assert report.reading is not None
    assert report.reading.footprint.area_mm2 == pytest.approx(report.measurement.area_mm2, rel=0.03)
