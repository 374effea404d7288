"""The digit as it would be with one input larger by its standard uncertainty: what the budget is made of."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from calibration.plane import LENGTHWAYS_SD_DEG, PLANE_HEIGHT_SD_MM, SIDEWAYS_SD_DEG, Plane
from calibration.pose import Pose
from calibration.silhouette import Silhouette
from calibration.surface import DigitSurface, Surface
from calibration.surface_fit import refit_surface
from calibration.tip_fit import LENGTH_IN_RADII, LENGTH_IN_RADII_SD, fit_tip
from calibration.tip_outline import TipOutline

RADIUS_SD_MM = 0.1
"""Outline points are good to about 0.05 mm a side on phantoms; skin is not a perfect circle across."""

AXIS_LATERAL_SD_MM = 0.2
"""A shift of the axis turns the normal under the ulcer: 0.2 mm at 8 mm is 1.4°."""


@dataclass(frozen=True)
class Variant:
    """A surface with one input moved by its standard uncertainty.

    Attributes
    ----------
    name : str
        Of the input.
    surface : DigitSurface
        The digit as it would be.
    source : str
        How the uncertainty was had.
    """

    name: str
    surface: DigitSurface
    source: str


def flat_variants(
    surface: Surface, silhouette: Silhouette, pose: Pose, longer_focal_camera_mm: NDArray[np.float64]
) -> tuple[Variant, ...]:
    """Variants of a digit that lies on the table.

    Parameters
    ----------
    surface, silhouette : Surface, Silhouette
        As fitted.
    pose : Pose
        As stated.
    longer_focal_camera_mm : NDArray[np.float64], shape (3,)
        Centre of projection with the focal length one standard uncertainty longer.
    """
    return (
        longer_focal(surface, silhouette, pose, longer_focal_camera_mm),
        inclined(surface, silhouette, pose),
        *rigid_variants(surface, pose),
    )


def tip_variants(
    surface: Surface, outline: TipOutline, pose: Pose, longer_focal_camera_mm: NDArray[np.float64]
) -> tuple[Variant, ...]:
    """Variants of a fingertip that stands in the slot.

    Parameters
    ----------
    surface, outline : Surface, TipOutline
        As fitted.
    pose : Pose
        As stated.
    longer_focal_camera_mm : NDArray[np.float64], shape (3,)
        Centre of projection with the focal length one standard uncertainty longer.
    """
    points, camera_mm = outline.points_mm, surface.camera_mm
    higher = replace(pose, height_mm=pose.height_mm + pose.height_sd_mm)
    lean = float(np.tan(np.radians(pose.inclination_sd_deg)))
    longer = LENGTH_IN_RADII + LENGTH_IN_RADII_SD
    return (
        Variant("focal length", fit_tip(points, longer_focal_camera_mm, pose), "posterior of the camera"),
        Variant("digit height", fit_tip(points, camera_mm, higher), "pose as stated"),
        Variant("lean sideways", fit_tip(points, camera_mm, pose, lean=(lean, 0.0)), "pose as stated"),
        Variant("lean lengthways", fit_tip(points, camera_mm, pose, lean=(0.0, lean)), "pose as stated"),
        Variant("tip length", fit_tip(points, camera_mm, pose, longer), "57 fingertips in photographs"),
        wider(surface),
    )


def plane_variants(plane: Plane, longer_focal_camera_mm: NDArray[np.float64]) -> tuple[Variant, ...]:
    """Variants of a plane in the digit's place.

    Parameters
    ----------
    plane : Plane
        In the digit's place.
    longer_focal_camera_mm : NDArray[np.float64], shape (3,)
        Centre of projection with the focal length one standard uncertainty longer.
    """
    higher = replace(plane.axis, height_mm=plane.axis.height_mm + PLANE_HEIGHT_SD_MM)
    return (
        Variant("focal length", replace(plane, camera_mm=longer_focal_camera_mm), "posterior of the camera"),
        Variant("plane height", replace(plane, axis=higher), "spread of digits"),
        Variant("lean sideways", replace(plane, sideways_deg=SIDEWAYS_SD_DEG), "gate's obliquity"),
        Variant("lean lengthways", replace(plane, lengthways_deg=LENGTHWAYS_SD_DEG), "own choice"),
    )


def rigid_variants(surface: Surface, pose: Pose) -> tuple[Variant, ...]:
    """Variants that need no new fit."""
    return raised(surface, pose), wider(surface), shifted(surface)


def longer_focal(
    surface: Surface, silhouette: Silhouette, pose: Pose, camera_mm: NDArray[np.float64]
) -> Variant:
    """Focal length, and with it the distance and the digit's height."""
    fitted = refit_surface(surface, silhouette, camera_mm, pose.inclination_deg)
    return Variant("focal length", fitted, "posterior of the camera")


def inclined(surface: Surface, silhouette: Silhouette, pose: Pose) -> Variant:
    """Rise of the axis."""
    rise_deg = pose.inclination_deg + pose.inclination_sd_deg
    return Variant(
        "inclination", refit_surface(surface, silhouette, surface.camera_mm, rise_deg), "pose as stated"
    )


def raised(surface: Surface, pose: Pose) -> Variant:
    """Height over the card."""
    axis = replace(surface.axis, height_mm=surface.axis.height_mm + pose.height_sd_mm)
    return Variant("digit height", replace(surface, axis=axis), "pose as stated")


def wider(surface: Surface) -> Variant:
    """Radius, and skin that is no perfect circle across."""
    radius_mm = surface.radius_mm * (1 + RADIUS_SD_MM / surface.radius_mm.max())
    return Variant("digit radius", replace(surface, radius_mm=radius_mm), "spread of the outline")


def shifted(surface: Surface) -> Variant:
    """Place of the axis, which turns the surface under the ulcer."""
    aside = surface.axis.point_mm + AXIS_LATERAL_SD_MM * surface.axis.frame[1, :2]
    axis = replace(surface.axis, point_mm=aside)
    return Variant("obliquity", replace(surface, axis=axis), "spread of the axis")
