"""The capture gate on one photograph: what calibration and planimetry found, held against the limits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.digit import Digit
from app.domain.planimetry import Planimetry
from calibration.camera import Camera
from calibration.capture_gate import (
    Criterion,
    GateLimits,
    at_least,
    at_most,
    criterion,
    exposure_percent,
)
from calibration.find_card import MarkerCorners
from calibration.gate_focus import digit_blur_mm
from calibration.gate_light import PaperLight, glare_percent
from calibration.gate_place import digit_place, ulcer_margin_percent
from calibration.gate_shade import shade_percent
from calibration.photo import Photo
from calibration.rectify import ReadingImage
from calibration.surface import Surface


@dataclass(frozen=True)
class DigitView:
    """One digit as one photograph shows it.

    Attributes
    ----------
    photo : Photo
    camera : Camera
    paper : PaperLight
        The photograph, the camera over its card, and the light on the card.
    reading : ReadingImage
    skin : NDArray[np.float32], shape (height, width)
        The card's plane, and the probability of skin in it.
    digit : Digit
        The digit.
    """

    photo: Photo
    camera: Camera
    paper: PaperLight
    reading: ReadingImage
    skin: NDArray[np.float32]
    digit: Digit


def card_criteria(
    corners: MarkerCorners, camera: Camera, paper: PaperLight, limits: GateLimits
) -> tuple[Criterion, ...]:
    """What the card alone tells; a photograph that fails here need not be segmented."""
    return (
        *sheet_criteria(corners, camera, limits),
        *_lens_criteria(camera, limits),
        at_least("even_light_percent", paper.even_percent, limits.minimum_even_light_percent),
    )


def sheet_criteria(corners: MarkerCorners, camera: Camera, limits: GateLimits) -> tuple[Criterion, ...]:
    """What a flat print must meet, whatever lies on it."""
    middle_mm = np.array([corners.corners_mm[:, 0].mean(), corners.corners_mm[:, 1].mean(), 0.0])
    blur_mm = corners.edge_blur_px / camera.scale_px_per_mm(middle_mm)
    return (
        at_least("too_few_markers", len(corners.ids), limits.minimum_markers),
        at_most("tilt_deg", camera.tilt_deg, limits.maximum_tilt_deg),
        at_most("card_bend_mm", camera.card_bend_mm, limits.maximum_card_bend_mm),
        at_most("blur_mm", blur_mm, limits.maximum_blur_mm),
    )


def _lens_criteria(camera: Camera, limits: GateLimits) -> tuple[Criterion, ...]:
    """Whether the photograph is what the camera took, and the lens known well enough."""
    return (
        criterion("photo_altered", None, None, passed=camera.lens != "altered"),
        at_most("lens_mismatch_sd", camera.lens_mismatch_sd, limits.maximum_lens_mismatch_sd),
        at_most("focal_sd_percent", 100 * camera.focal_relative_sd, limits.maximum_focal_sd_percent),
    )


def digit_criteria(
    view: DigitView, planimetry: Planimetry, scale_px_per_mm: float, limits: GateLimits
) -> tuple[Criterion, ...]:
    """What the digit and its ulcer tell.

    Parameters
    ----------
    view : DigitView
        The digit.
    planimetry : Planimetry
        Its ulcer, as measured.
    scale_px_per_mm : float
        Of the photograph on the digit.
    limits : GateLimits
        Of the study's protocol.

    Returns
    -------
    tuple of Criterion
    """
    scale = at_least("scale_px_per_mm", scale_px_per_mm, limits.minimum_scale_px_per_mm)
    return (
        scale,
        *_place_criteria(view, limits),
        *_sight_criteria(view, limits),
        *_ulcer_criteria(view, planimetry, limits),
    )


def _place_criteria(view: DigitView, limits: GateLimits) -> tuple[Criterion, ...]:
    """Whether the digit lies along the slot, or stands far enough from the camera; of a plane nothing is
    told."""
    digit = view.digit
    if digit.pose.name == "tip":
        distance_mm = view.camera.distance_mm
        return (at_least("tip_distance_mm", distance_mm, limits.minimum_tip_distance_mm),)
    if digit.silhouette is None or not isinstance(digit.surface, Surface):
        return ()
    place = digit_place(digit.silhouette, digit.surface)
    return (
        at_least("tip_inside_mm", place.tip_inside_mm, limits.minimum_tip_inside_mm),
        at_least("digit_on_card_mm", place.on_card_mm, limits.minimum_digit_on_card_mm),
        at_most("digit_aside_mm", place.aside_mm, limits.maximum_digit_aside_mm),
        at_most("digit_askew_deg", place.askew_deg, limits.maximum_digit_askew_deg),
    )


def _sight_criteria(view: DigitView, limits: GateLimits) -> tuple[Criterion, ...]:
    """Whether the digit is sharp and well lit."""
    clipped, dark = exposure_percent(view.reading.rgb, view.digit.mask)
    blur_mm = digit_blur_mm(view.reading, view.digit.lines_mm)
    return (
        at_most("digit_blur_mm", blur_mm, limits.maximum_digit_blur_mm),
        at_most("clipped_percent", clipped, limits.maximum_clipped_percent),
        at_most("dark_percent", dark, limits.maximum_dark_percent),
        *_shade_criteria(view, limits),
    )


def _shade_criteria(view: DigitView, limits: GateLimits) -> tuple[Criterion, ...]:
    """Whether a shadow falls over the digit; a standing tip and a plane have no sides along which to tell."""
    digit = view.digit
    if digit.silhouette is None or not isinstance(digit.surface, Surface):
        return ()
    shade = shade_percent(view.photo, view.camera, view.paper, view.skin, digit.silhouette, digit.surface)
    return (at_most("shade_percent", shade, limits.maximum_shade_percent),)


def _ulcer_criteria(view: DigitView, planimetry: Planimetry, limits: GateLimits) -> tuple[Criterion, ...]:
    """Whether the ulcer faces the camera, whole, in the middle, and without a highlight over it."""
    obliquity = planimetry.obliquity_deg
    if obliquity is None and not planimetry.mask.any():
        obliquity = 0.0
    glare = glare_percent(view.reading, planimetry.mask, view.paper)
    margin = ulcer_margin_percent(view.photo, view.camera, view.reading, planimetry.mask)
    return (
        at_most("obliquity_deg", obliquity, limits.maximum_obliquity_deg),
        at_most("glare_percent", glare, limits.maximum_glare_percent),
        at_least("ulcer_margin_percent", margin, limits.minimum_ulcer_margin_percent),
        criterion("ulcer_cut_off", None, None, passed=not planimetry.touches_edge),
    )
