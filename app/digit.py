"""The digit on one photograph, in the pose that it was meant to be in: outline, surface, and its variants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.bent_digit import straight_part
from calibration.digit_mask import DigitNotFound, digit_mask
from calibration.long_nail import without_long_nail
from calibration.plane import plane_in_place
from calibration.pose import Pose
from calibration.rectify import ReadingImage
from calibration.silhouette import Silhouette, border_of, outlined
from calibration.surface import DigitSurface, SurfaceKind
from calibration.surface_fit import fit_surface
from calibration.surface_variants import Variant, flat_variants, plane_variants, tip_variants
from calibration.tip_fit import fit_tip
from calibration.tip_outline import find_tip_outline
from models.segmenter import Segmentation

LEAST_EDGE_CONTRAST = 0.015
"""Median step of light across the digit's edge (square root of linear light) below which the edges are not
the digit's: a third of the step at which an edge counts half."""


@dataclass(frozen=True)
class Digit:
    """A digit as found.

    Attributes
    ----------
    pose : Pose
        As stated.
    mask : NDArray[np.bool_], shape (height, width)
        The digit in the ReadingImage.
    lines_mm : tuple of NDArray[np.float64], each of shape (n, 2)
        Its outline on the card's plane, in unbroken lines.
    silhouette : Silhouette or None
        The two sides of a digit that lies; None where the tip stands, or the sides cannot be trusted.
    surface : DigitSurface
        What was fitted, or a plane in its place.
    kind : {"revolution", "distal", "plane"}
        What the surface is.
    variants : callable
        From the camera's centre with a longer focal length to the surface's variants.
    """

    pose: Pose
    mask: NDArray[np.bool_]
    lines_mm: tuple[NDArray[np.float64], ...]
    silhouette: Silhouette | None
    surface: DigitSurface
    variants: Callable[[NDArray[np.float64]], tuple[Variant, ...]]
    kind: SurfaceKind = "revolution"


def find_digit(
    reading: ReadingImage, segmentation: Segmentation, camera_mm: NDArray[np.float64], pose: Pose
) -> Digit:
    """Find the digit and fit its surface.

    Parameters
    ----------
    reading : ReadingImage
        The card's plane.
    segmentation : Segmentation
        What the network saw in it.
    camera_mm : NDArray[np.float64], shape (3,)
        Centre of projection in the world.
    pose : Pose
        How the digit was to lie or to stand.

    Raises
    ------
    DigitNotFound
        `digit_not_found`; of a tip that is to stand `tip_not_found`, or `pose_mismatch` where a digit lies.
    """
    if pose.name == "tip":
        return _standing(reading, segmentation, camera_mm, pose)
    whole = digit_mask(reading, segmentation.skin, segmentation.ulcer)
    mask = without_long_nail(reading, whole, segmentation.ulcer)
    try:
        return _lying(reading, mask, camera_mm, pose)
    except DigitNotFound:
        return _as_plane(reading, mask, camera_mm, pose)


def _lying(
    reading: ReadingImage, mask: NDArray[np.bool_], camera_mm: NDArray[np.float64], pose: Pose
) -> Digit:
    whole = outlined(reading, mask)
    if whole.edge_contrast < LEAST_EDGE_CONTRAST:
        raise DigitNotFound("digit_not_found")
    silhouette = straight_part(whole)
    surface = fit_surface(silhouette, camera_mm, pose.inclination_deg)
    return Digit(
        pose=pose,
        mask=mask,
        lines_mm=(whole.left_mm, whole.right_mm),
        silhouette=silhouette,
        surface=surface,
        variants=lambda longer_mm: flat_variants(surface, silhouette, pose, longer_mm),
        kind="revolution" if silhouette is whole else "distal",
    )


def _as_plane(
    reading: ReadingImage, mask: NDArray[np.bool_], camera_mm: NDArray[np.float64], pose: Pose
) -> Digit:
    """A digit that comes in through the slot's open end, but whose sides say nothing of its shape."""
    plane = plane_in_place(reading, mask, camera_mm)
    return Digit(
        pose=pose,
        mask=mask,
        lines_mm=(reading.to_card_mm(border_of(mask)),),
        silhouette=None,
        surface=plane,
        variants=lambda longer_mm: plane_variants(plane, longer_mm),
        kind="plane",
    )


def _standing(
    reading: ReadingImage, segmentation: Segmentation, camera_mm: NDArray[np.float64], pose: Pose
) -> Digit:
    outline = find_tip_outline(reading, segmentation.skin, segmentation.ulcer)
    fit = fit_tip(outline.points_mm, camera_mm, pose)
    return Digit(
        pose=pose,
        mask=outline.mask,
        lines_mm=(outline.points_mm,),
        silhouette=None,
        surface=fit.surface,
        variants=lambda longer_mm: tip_variants(fit, outline, pose, longer_mm),
    )
