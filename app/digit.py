"""The digit on one photograph, in the pose that it was meant to be in: outline, surface, and its variants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.pose import Pose
from calibration.rectify import ReadingImage
from calibration.silhouette import Silhouette, find_silhouette
from calibration.surface import Surface
from calibration.surface_fit import fit_surface
from calibration.surface_variants import Variant, flat_variants, tip_variants
from calibration.tip_fit import fit_tip
from calibration.tip_outline import find_tip_outline
from models.segmenter import Segmentation


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
        The two sides of a digit that lies; None where the tip stands.
    surface : Surface
        What was fitted.
    variants : callable
        From the camera's centre with a longer focal length to the surface's variants.
    """

    pose: Pose
    mask: NDArray[np.bool_]
    lines_mm: tuple[NDArray[np.float64], ...]
    silhouette: Silhouette | None
    surface: Surface
    variants: Callable[[NDArray[np.float64]], tuple[Variant, ...]]


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
        `digit_not_found`, or `pose_mismatch` where it is in the other pose.
    """
    if pose.name == "tip":
        return _standing(reading, segmentation, camera_mm, pose)
    silhouette = find_silhouette(reading, segmentation.skin, segmentation.ulcer)
    surface = fit_surface(silhouette, camera_mm, pose.inclination_deg)
    return Digit(
        pose=pose,
        mask=silhouette.mask,
        lines_mm=(silhouette.left_mm, silhouette.right_mm),
        silhouette=silhouette,
        surface=surface,
        variants=lambda longer_mm: flat_variants(surface, silhouette, pose, longer_mm),
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
