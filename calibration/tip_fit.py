"""A fingertip that stands up through the slot: an ellipsoidal cap of the outline's width.

Seen from above, every direction along the card has one ring of the tip that reaches farthest: the outline
is the envelope of the rings' shadows. A ring's shadow is an ellipse whose reach in a direction is known in
closed form, so the outline's reach is the largest of them, and nine numbers follow by least squares: the
tip's place and height, the section's matrix, the axis' lean, the length over which it closes. Of height,
lean and length the photograph shows little: they are stated with their uncertainty, and improved on where a
tilted camera allows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from calibration.axis import Axis
from calibration.digit_mask import DigitNotFound
from calibration.fingertip import Cap
from calibration.pose import Pose
from calibration.surface import Surface
from calibration.surface_fit import RADIUS_LIMITS_MM

LENGTH_IN_RADII = 1.3
"""Length over which a fingertip closes, in half widths, as an ellipsoid: 81 fingertips seen from the back of
the hand (the hand photographs used for training), by the depth at which they are half as wide."""

LENGTH_IN_RADII_SD = 0.25
"""Spread of the same: 16th to 84th percentile 0.97 to 1.49."""

EXPONENT = 2.0
"""An ellipsoid."""

ASPECT_LOG_SD = 0.15
"""Spread of the logarithm of thickness over width of fingertips, about round: 0.75 to 1.35 (own choice)."""

DIRECTIONS = 72
"""Directions in which the outline's reach is compared: every 5°."""

RINGS = 40
"""Rings of the tip between its top and the card."""

REACH_SD_MM = 0.3
"""No fingertip is an ellipsoid: the outline lies within 0.05 mm, the model does not. Of 100 simulated tips
the area errs least between 0.1 and 0.4."""

OVERCONFIDENCE = 1.3
"""What the fit's own standard uncertainties are short of: errors of 56 simulated tips inside the gate spread
1.2 times as wide, and the widest are those of pointed tips."""

HUBER = 2.0
"""Residuals beyond twice the spread of the outline count less: a shadow, a neighbouring finger."""

LEAST_FLATTENING = 0.5
"""A section flatter than this is no fingertip that stands upright."""

PROFILE_PLACES = 400
"""Rings that describe the digit below its cap, closer together towards the tip, where it bends."""

HEIGHT, LEAN_X, LEAN_Y, LENGTH = 5, 6, 7, 8
"""Places of the fitted values."""

SHORTEST = 0.5
"""Length in radii below which no fingertip closes."""

UPRIGHT = 1e-6
"""Lean (tangent) below which it has no direction."""


@dataclass(frozen=True)
class TipFit:
    """What the outline and what was stated say of a standing tip.

    Attributes
    ----------
    values : NDArray[np.float64], shape (9,)
        Place of the axis on the card (x, y; mm), the section's matrix (xx, xy, yy; mm²), height (mm), lean
        towards x and y (tangents, from the tip downwards), and length in radii.
    covariance : NDArray[np.float64], shape (9, 9)
        Of the same (Gauss–Newton approximation, widened by `OVERCONFIDENCE`).
    camera_mm : NDArray[np.float64], shape (3,)
        Centre of projection in the world.
    """

    values: NDArray[np.float64]
    covariance: NDArray[np.float64]
    camera_mm: NDArray[np.float64]

    @property
    def surface(self) -> Surface:
        """The most probable tip."""
        return _surface(self.values, self.camera_mm)

    def moved(self, *places: int) -> dict[int, Surface]:
        """The tip with one value after the other larger by its standard uncertainty.

        Parameters
        ----------
        *places : int
            Which values; each is moved as far as it is unknown once those before it are known, and the rest
            follow as the outline asks (a Cholesky factor's columns).

        Returns
        -------
        dict from place to Surface
        """
        order = [*places, *(place for place in range(len(self.values)) if place not in places)]
        factor = np.linalg.cholesky(self.covariance[np.ix_(order, order)])
        surfaces = {}
        for column, place in enumerate(places):
            step = np.zeros(len(self.values))
            step[order] = factor[:, column]
            surfaces[place] = _surface(self.values + step, self.camera_mm)
        return surfaces


def fit_tip(outline_mm: NDArray[np.float64], camera_mm: NDArray[np.float64], pose: Pose) -> TipFit:
    """Fit the cap to the outline.

    Parameters
    ----------
    outline_mm : NDArray[np.float64], shape (n, 2)
        Closed outline of the tip on the card's plane, as the camera sees it.
    camera_mm : NDArray[np.float64], shape (3,)
        Centre of projection in the world.
    pose : Pose
        With the height of the tip above the card, its lean (upright), and their uncertainties.

    Returns
    -------
    TipFit

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
    lean_sd = float(np.tan(np.radians(pose.inclination_sd_deg)))

    def residuals(values: NDArray[np.float64]) -> NDArray[np.float64]:
        reach = _reach(values, towards, camera_mm)
        height = (values[HEIGHT] - pose.height_mm) / pose.height_sd_mm
        length = (values[LENGTH] - LENGTH_IN_RADII) / LENGTH_IN_RADII_SD
        beliefs = [height, length, *_aspect(values) / ASPECT_LOG_SD, *values[LEAN_X : LEAN_Y + 1] / lean_sd]
        return np.concatenate([(reach - seen) / REACH_SD_MM, beliefs])

    start = np.array([*middle, half_mm**2, 0.0, half_mm**2, pose.height_mm, 0.0, 0.0, LENGTH_IN_RADII])
    spread = [half_mm] * 3 + [pose.height_sd_mm, lean_sd, lean_sd, LENGTH_IN_RADII_SD]
    fit = least_squares(residuals, start, loss="huber", f_scale=HUBER, x_scale=np.array([1.0, 1.0, *spread]))
    found = TipFit(fit.x, OVERCONFIDENCE**2 * np.linalg.inv(fit.jac.T @ fit.jac), camera_mm)
    squares = np.linalg.eigvalsh(_matrix(found.values))
    if squares[0] < RADIUS_LIMITS_MM[0] ** 2 or squares[1] > RADIUS_LIMITS_MM[1] ** 2:
        raise DigitNotFound("tip_not_found")
    if squares[0] < LEAST_FLATTENING**2 * squares[1]:
        raise DigitNotFound("tip_not_found")
    return found


def _surface(values: NDArray[np.float64], camera_mm: NDArray[np.float64]) -> Surface:
    """The numbers as a surface; its upper side points along the section's shorter axis."""
    squares, axes = np.linalg.eigh(_matrix(values))
    thick_mm, wide_mm = np.sqrt(np.maximum(squares, RADIUS_LIMITS_MM[0] ** 2))
    cap = Cap(0.0, max(values[LENGTH], SHORTEST) * float(np.sqrt(thick_mm * wide_mm)), EXPONENT)
    height_mm, lean = float(values[HEIGHT]), float(np.hypot(values[LEAN_X], values[LEAN_Y]))
    along = height_mm * np.linspace(0.0, 1.0, PROFILE_PLACES) ** 2
    upright = Axis(
        point_mm=values[:2],
        direction=values[LEAN_X : LEAN_Y + 1] / lean if lean > UPRIGHT else np.array([0.0, 1.0]),
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
    values: NDArray[np.float64], towards: NDArray[np.float64], camera_mm: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Farthest reach, in each direction on the card, of the tip's shadow as cast from the camera."""
    matrix, foot, height_mm = _matrix(values), camera_mm[:2], float(values[HEIGHT])
    half = np.sqrt(np.maximum(np.einsum("ki,ij,kj->k", towards, matrix, towards), 1e-6))
    radius_mm = max(float(np.linalg.det(matrix)), 1e-6) ** 0.25
    cap = Cap(0.0, max(values[LENGTH], SHORTEST) * radius_mm, EXPONENT)
    down = height_mm * np.linspace(0.0, 1.0, RINGS)
    stretch = -camera_mm[2] / (-camera_mm[2] - (height_mm - down))
    share = cap.share_of_radius(down)
    centres = values[:2] + down[:, None] * values[LEAN_X : LEAN_Y + 1] - foot
    reach = stretch[:, None] * (centres @ towards.T + share[:, None] * half)
    return np.asarray(reach.max(axis=0) + towards @ foot)
