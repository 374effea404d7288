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
from calibration.tip_fit import HEIGHT, LEAN_X, LEAN_Y, LENGTH, TipFit, fit_tip
from calibration.tip_outline import TipOutline

RADIUS_SD_MM = 0.1
"""Outline points are good to about 0.05 mm a side on phantoms; skin is not a perfect circle across."""

AXIS_LATERAL_SD_MM = 0.2
"""A shift of the axis turns the normal under the ulcer: 0.2 mm at 8 mm is 1.4°."""


@dataclass(frozen=True)
class Variant:
    """The surface with one input moved by its standard uncertainty.

    Attributes
    ----------
    name : str
        Of the input.
    surfaces : tuple of DigitSurface
        The digit as it would be with the input larger; then, where that is another matter, smaller.
    source : str
        How the uncertainty was had.
    """

    name: str
    surfaces: tuple[DigitSurface, ...]
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
    fit: TipFit, outline: TipOutline, pose: Pose, longer_focal_camera_mm: NDArray[np.float64]
) -> tuple[Variant, ...]:
    """Variants of a fingertip that stands in the slot.

    Parameters
    ----------
    fit, outline : TipFit, TipOutline
        As fitted.
    pose : Pose
        As stated.
    longer_focal_camera_mm : NDArray[np.float64], shape (3,)
        Centre of projection with the focal length one standard uncertainty longer.
    """
    longer = fit_tip(outline.points_mm, longer_focal_camera_mm, pose).surface
    names = {
        HEIGHT: "digit height",
        LEAN_X: "lean sideways",
        LEAN_Y: "lean lengthways",
        LENGTH: "tip length",
    }
    return (
        Variant("focal length", (longer,), "posterior of the camera"),
        *(
            Variant(names[place], (moved,), "posterior of the tip: pose as stated, and outline")
            for place, moved in fit.moved(*names).items()
        ),
        wider(fit.surface),
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
    sideways = tuple(replace(plane, sideways_deg=sign * SIDEWAYS_SD_DEG) for sign in (1, -1))
    lengthways = tuple(replace(plane, lengthways_deg=sign * LENGTHWAYS_SD_DEG) for sign in (1, -1))
    return (
        Variant(
            "focal length", (replace(plane, camera_mm=longer_focal_camera_mm),), "posterior of the camera"
        ),
        Variant("plane height", (replace(plane, axis=higher),), "spread of digits"),
        Variant("lean sideways", sideways, "gate's obliquity"),
        Variant("lean lengthways", lengthways, "own choice"),
    )


def rigid_variants(surface: Surface, pose: Pose) -> tuple[Variant, ...]:
    """Variants that need no new fit."""
    return raised(surface, pose), wider(surface), shifted(surface)


def longer_focal(
    surface: Surface, silhouette: Silhouette, pose: Pose, camera_mm: NDArray[np.float64]
) -> Variant:
    """Focal length, and with it the distance and the digit's height."""
    fitted = refit_surface(surface, silhouette, camera_mm, pose.inclination_deg)
    return Variant("focal length", (fitted,), "posterior of the camera")


def inclined(surface: Surface, silhouette: Silhouette, pose: Pose) -> Variant:
    """Rise of the axis, and its fall: a tip that points up stands off the table, one that points down does
    not."""
    risen, fallen = (
        refit_surface(surface, silhouette, surface.camera_mm, pose.inclination_deg + change_deg)
        for change_deg in (pose.inclination_sd_deg, -pose.inclination_sd_deg)
    )
    return Variant("inclination", (risen, fallen), "pose as stated")


def raised(surface: Surface, pose: Pose) -> Variant:
    """Height over the card."""
    axis = replace(surface.axis, height_mm=surface.axis.height_mm + pose.height_sd_mm)
    return Variant("digit height", (replace(surface, axis=axis),), "pose as stated")


def wider(surface: Surface) -> Variant:
    """Radius, and skin that is no perfect circle across."""
    radius_mm = surface.radius_mm * (1 + RADIUS_SD_MM / surface.radius_mm.max())
    return Variant("digit radius", (replace(surface, radius_mm=radius_mm),), "spread of the outline")


def shifted(surface: Surface) -> Variant:
    """Place of the axis, which turns the surface under the ulcer."""
    aside = surface.axis.point_mm + AXIS_LATERAL_SD_MM * surface.axis.frame[1, :2]
    axis = replace(surface.axis, point_mm=aside)
    return Variant("obliquity", (replace(surface, axis=axis),), "spread of the axis")
