"""A fingertip that stands up through the slot: an ellipsoidal cap of the outline's width.

Seen from above, every direction along the card has one ring of the tip that reaches farthest: the outline
is the envelope of the rings' shadows. A ring's shadow is an ellipse whose reach in a direction is known in
closed form, so the outline's reach is the largest of them, and eight numbers follow by least squares: the
tip's place and height, the section's matrix, the axis' lean. Of height and lean the photograph shows
little: they are stated with their uncertainty, and improved on where a tilted camera allows.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from calibration.digit_mask import DigitNotFound
from calibration.fingertip import Cap
from calibration.pose import Pose
from calibration.surface import Axis, Surface
from calibration.surface_fit import RADIUS_LIMITS_MM

LENGTH_IN_RADII = 1.2
"""Length over which a fingertip closes, in mean radii, as an ellipsoid: median of 57 fingertips seen from the
back of the hand (the hand photographs used for training; widths 0.05 to 0.3 radii from the tip)."""

LENGTH_IN_RADII_SD = 0.15
"""Spread of the same: 16th to 84th percentile of the widths."""

EXPONENT = 2.0
"""An ellipsoid."""

ASPECT_LOG_SD = 0.15
"""Spread of the logarithm of thickness over width of fingertips, about round: 0.75 to 1.35 (own choice)."""

DIRECTIONS = 72
"""Directions in which the outline's reach is compared: every 5°."""

RINGS = 40
"""Rings of the tip between its top and the card."""

REACH_SD_MM = 0.1
HUBER = 2.0
"""Residuals beyond twice the spread of the outline count less: a shadow, a neighbouring finger."""

LEAST_FLATTENING = 0.5
"""A section flatter than this is no fingertip that stands upright."""

PROFILE_PLACES = 400

UPRIGHT = 1e-6
"""Lean (tangent) below which it has no direction."""


def fit_tip(
    outline_mm: NDArray[np.float64],
    camera_mm: NDArray[np.float64],
    pose: Pose,
    length_in_radii: float = LENGTH_IN_RADII,
    lean: tuple[float, float] = (0.0, 0.0),
) -> Surface:
    """Fit the cap to the outline.

    Parameters
    ----------
    outline_mm : NDArray[np.float64], shape (n, 2)
        Closed outline of the tip on the card's plane, as the camera sees it.
    camera_mm : NDArray[np.float64], shape (3,)
        Centre of projection in the world.
    pose : Pose
        With the height of the tip above the card, and its uncertainty.
    length_in_radii : float
        Over which the tip closes.
    lean : (float, float)
        Expected lean of the axis towards x and y of the card: tangents, from the tip downwards.

    Returns
    -------
    Surface
        Upright; its upper side points along the section's shorter axis.

    Raises
    ------
    DigitNotFound
        If the outline is no fingertip's.
    """
    angle = np.arange(DIRECTIONS) * 2 * np.pi / DIRECTIONS
    towards = np.column_stack([np.cos(angle), np.sin(angle)])
    seen = (outline_mm @ towards.T).max(axis=0)
    middle = outline_mm.mean(axis=0)
    half_mm = float((seen - towards @ middle).mean())

    def residuals(values: NDArray[np.float64]) -> NDArray[np.float64]:
        reach = _reach(values, towards, camera_mm, length_in_radii)
        height = (values[5] - pose.height_mm) / pose.height_sd_mm
        beliefs = [height, *_aspect(values) / ASPECT_LOG_SD, *(values[6:] - lean) / lean_sd]
        return np.concatenate([(reach - seen) / REACH_SD_MM, beliefs])

    lean_sd = np.tan(np.radians(pose.inclination_sd_deg))
    start = np.array([*middle, half_mm**2, 0.0, half_mm**2, pose.height_mm, *lean])
    scales = np.array([1.0, 1.0, half_mm, half_mm, half_mm, pose.height_sd_mm, lean_sd, lean_sd])
    values = least_squares(residuals, start, loss="huber", f_scale=HUBER, x_scale=scales).x
    return _surface(values, camera_mm, length_in_radii)


def _surface(values: NDArray[np.float64], camera_mm: NDArray[np.float64], length_in_radii: float) -> Surface:
    """The fitted numbers as a surface."""
    squares, axes = np.linalg.eigh(_matrix(values))
    if squares[0] < RADIUS_LIMITS_MM[0] ** 2 or squares[1] > RADIUS_LIMITS_MM[1] ** 2:
        raise DigitNotFound("digit_not_found")
    thick_mm, wide_mm = np.sqrt(squares)
    if thick_mm < LEAST_FLATTENING * wide_mm:
        raise DigitNotFound("digit_not_found")
    cap = Cap(0.0, length_in_radii * float(np.sqrt(thick_mm * wide_mm)), EXPONENT)
    height_mm, lean = float(values[5]), float(np.hypot(values[6], values[7]))
    along = height_mm * np.linspace(0.0, 1.0, PROFILE_PLACES) ** 2
    upright = Axis(
        point_mm=values[:2],
        direction=values[6:] / lean if lean > UPRIGHT else np.array([0.0, 1.0]),
        height_mm=height_mm,
        inclination_deg=float(np.degrees(np.arctan(lean))) - 90.0,
    )
    # The section's shorter axis becomes its upper side.
    side, above = upright.frame[1:, :2] @ axes[:, 0]
    axis = replace(upright, roll_deg=float(np.degrees(np.arctan2(side, above))))
    radius = wide_mm * cap.share_of_radius(along)
    return Surface(axis, along, radius, camera_mm, cap, float(thick_mm / wide_mm))


def _matrix(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The section's matrix: the reach of the full section in a direction u is √(uᵀ M u)."""
    return np.array([[values[2], values[3]], [values[3], values[4]]])


def _aspect(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far from round the section is, along and between the card's sides; 0 is round."""
    mean = max((values[2] + values[4]) / 2, 1e-6)
    return np.array([(values[2] - values[4]) / mean / 2, values[3] / mean])


def _reach(
    values: NDArray[np.float64],
    towards: NDArray[np.float64],
    camera_mm: NDArray[np.float64],
    length_in_radii: float,
) -> NDArray[np.float64]:
    """Farthest reach, in each direction on the card, of the tip's shadow as cast from the camera."""
    matrix, foot, height_mm = _matrix(values), camera_mm[:2], float(values[5])
    half = np.sqrt(np.maximum(np.einsum("ki,ij,kj->k", towards, matrix, towards), 1e-6))
    radius_mm = max(float(np.linalg.det(matrix)), 1e-6) ** 0.25
    cap = Cap(0.0, length_in_radii * radius_mm, EXPONENT)
    down = height_mm * np.linspace(0.0, 1.0, RINGS)
    stretch = -camera_mm[2] / (-camera_mm[2] - (height_mm - down))
    share = cap.share_of_radius(down)
    centres = values[:2] + down[:, None] * values[6:] - foot
    reach = stretch[:, None] * (centres @ towards.T + share[:, None] * half)
    return np.asarray(reach.max(axis=0) + towards @ foot)
