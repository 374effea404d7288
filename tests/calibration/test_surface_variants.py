"""One input moved at a time; the refit against a fresh fit, and against a digit that does rise."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.pose import FLAT, TIP
from calibration.surface_fit import fit_surface, refit_surface
from calibration.surface_variants import flat_variants, inclined, raised, rigid_variants
from tests.calibration.test_surface import mesh, silhouette_of

CAMERA_MM = np.array([52.0, 45.0, -190.0])
RADIUS_MM = 8.0


def risen(inclination_deg: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The mesh turned about a line across its tip, then let down until it touches the table."""
    points, along, radius = mesh(RADIUS_MM, 0.0, taper=0.06)
    rise = np.radians(inclination_deg)
    back, height = points[..., 1] - 20.0, -points[..., 2]
    turned = np.dstack(
        [
            points[..., 0],
            20.0 + back * np.cos(rise) - height * np.sin(rise),
            height * np.cos(rise) + back * np.sin(rise),
        ]
    )
    turned[..., 2] = -(turned[..., 2] - turned[..., 2].min())
    return turned, along, radius


def radius_error_mm(
    points: np.ndarray, along: np.ndarray, radius: np.ndarray, inclination_deg: float
) -> float:
    """Largest error of the fitted radius between 10 and 25 mm from the tip."""
    surface = fit_surface(silhouette_of(points, CAMERA_MM), CAMERA_MM, inclination_deg)
    places = np.arange(10.0, 25.0, 1.0)
    fitted = surface.radius_at(surface.along_mm[0] + places)
    return float(np.abs(fitted - np.interp(places, along, radius)).max())


@pytest.mark.parametrize("inclination_deg", [6.0, 14.0])
def test_a_stated_rise_gives_back_the_radius(inclination_deg: float) -> None:
    digit = risen(inclination_deg)
    stated, ignored = (radius_error_mm(*digit, angle) for angle in (inclination_deg, 0.0))
    assert stated < 0.12
    assert ignored > 2 * stated


def test_a_refit_ends_where_a_fresh_fit_does() -> None:
    silhouette = silhouette_of(mesh(RADIUS_MM, 3.0, taper=0.06)[0], CAMERA_MM)
    surface = fit_surface(silhouette, CAMERA_MM)
    again = refit_surface(surface, silhouette, CAMERA_MM, 3.0)
    fresh = fit_surface(silhouette, CAMERA_MM, 3.0)
    places = surface.along_mm[0] + np.arange(3.0, 25.0, 1.0)
    assert again.radius_at(places) == pytest.approx(fresh.radius_at(places), abs=0.02)


def test_variants_move_one_input_each() -> None:
    silhouette = silhouette_of(mesh(RADIUS_MM, 0.0)[0], CAMERA_MM)
    surface = fit_surface(silhouette, CAMERA_MM)
    variants = flat_variants(surface, silhouette, FLAT, CAMERA_MM * np.array([1.0, 1.0, 1.02]))
    assert [variant.name for variant in variants] == [
        "focal length",
        "inclination",
        "digit height",
        "digit radius",
        "obliquity",
    ]
    assert rigid_variants(surface, FLAT)[0].surfaces[0].radius_mm is surface.radius_mm
    assert raised(surface, TIP).surfaces[0].axis.height_mm == pytest.approx(surface.axis.height_mm + 3.0)
    rises = [one.axis.inclination_deg for one in inclined(surface, silhouette, FLAT).surfaces]
    assert rises == [FLAT.inclination_sd_deg, -FLAT.inclination_sd_deg]


def test_a_rising_digit_is_met_past_the_last_place_that_its_sides_show() -> None:
    points = risen(20.0)[0]
    surface = fit_surface(silhouette_of(points, CAMERA_MM), CAMERA_MM, 20.0)
    top = surface.roll(np.array([[surface.meridian_mm[-1], 0.0]]))
    beyond = top + 8.0 * surface.axis.frame[0]
    assert np.isfinite(surface.locate(surface.onto_card(beyond))).all()
