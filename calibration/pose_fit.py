"""Pose and lens fitted to marker corners: penalised least squares with what is known beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from calibration.digit_card import DIGIT_CARD, in_world
from calibration.edges import CORNER_SD_PX
from calibration.find_card import MarkerCorners
from calibration.lens import LensPrior

FloatArray = NDArray[np.float64]

POSE = 6
"""Rotation vector (3) and translation (3) lead the parameters."""

LENS = 4
"""Logarithm of the focal length, k1, x and y of the principal point follow."""

BOW = 3
"""Last, how far a card that does not lie flat bends out of its plane, mm: along x, twisted, along y."""

SEEN = 12
"""Numbers that corners of one plane can tell: a homography (8), k1 and the bow."""

BOW_SD_MM = 0.2
"""Paper on a table bows by a few tenths of a millimetre. Left out of the fit, a bow of 0.1 mm passes in
5 of 100 simulated photographs for a lens that differs from the stated one by more than 4 SD; fitted, it costs
next to no power."""

CONVERGED = 1e-6
"""Relative change of the sum of squares, or of the parameters, at which a fit ends."""


@dataclass(frozen=True)
class Linear:
    """A problem as it looks near its minimum.

    Attributes
    ----------
    left_px : NDArray[np.float64], shape (2 n,)
        Projected less seen coordinates.
    slopes : NDArray[np.float64], shape (2 n, 13)
        Of them, by every parameter.
    off : NDArray[np.float64], shape (7,)
        Lens and bow less what was expected of them.
    """

    left_px: FloatArray
    slopes: FloatArray
    off: FloatArray

    def solve(self, corner_sd_px: float, sd: FloatArray) -> tuple[float, FloatArray]:
        """The least sum of squares, and the residuals (2 n,) in pixels there, with other spreads."""
        penalty = np.hstack([np.zeros((LENS + BOW, POSE)), np.diag(1 / sd)])
        design = np.vstack([self.slopes / corner_sd_px, penalty])
        target = np.concatenate([self.left_px / corner_sd_px, self.off / sd])
        # In units of each column, or millimetres and radians would not go together.
        size = np.linalg.norm(design, axis=0)
        step = -np.linalg.lstsq(design / size, target, rcond=None)[0] / size
        squares = float(((design @ step + target) ** 2).sum())
        return squares, self.left_px + self.slopes @ step


@dataclass(frozen=True)
class PoseFit:
    """The most probable pose and lens.

    Attributes
    ----------
    corners : MarkerCorners
    prior : LensPrior
        What was fitted, and what was known.
    parameters : NDArray[np.float64], shape (13,)
        Rotation vector, translation in mm, logarithm of the focal length, k1, principal point in pixels, bow
        in mm.
    covariance : NDArray[np.float64], shape (13, 13)
        Of the parameters (Gauss–Newton approximation).
    """

    corners: MarkerCorners
    prior: LensPrior
    parameters: FloatArray
    covariance: FloatArray

    @property
    def sd(self) -> FloatArray:
        """Spread of lens and bow beforehand, shape (7,)."""
        return np.append(self.prior.sd, np.full(BOW, BOW_SD_MM))

    @property
    def bend_mm(self) -> float:
        """Height between the card's middle and its edges, of the stronger of the bends across and along
        it."""
        across, _, along = self.parameters[POSE + LENS :]
        return float(max(abs(across), abs(along)))

    @cached_property
    def linear(self) -> Linear:
        """The problem near its minimum."""
        pixels, slopes = _project(self.parameters, self.corners.corners_mm)
        off = self.parameters[POSE:] - np.append(self.prior.lens, np.zeros(BOW))
        return Linear((pixels - self.corners.corners_px).ravel(), slopes, off)


def fit_pose(corners: MarkerCorners, prior: LensPrior) -> PoseFit:
    """Pose, lens and bow of the card by penalised least squares.

    Parameters
    ----------
    corners : MarkerCorners
        Marker corners.
    prior : LensPrior
        What is known of the lens.

    Returns
    -------
    PoseFit
    """
    first = _fit(corners, prior, _start(corners, prior), CORNER_SD_PX)
    # The second round weighs the corners by the residuals of the first.
    return _fit(corners, prior, first.parameters, corner_sd_px(first.linear.left_px))


def corner_sd_px(left_px: FloatArray) -> float:
    """Spread of a corner's coordinate as its residuals tell it."""
    freedom = max(left_px.size - SEEN, 1)
    return max(float(np.sqrt((left_px**2).sum() / freedom)), CORNER_SD_PX / 2)


def _start(corners: MarkerCorners, prior: LensPrior) -> FloatArray:
    """Pose of the flat card seen through the prior's lens, shape (13,)."""
    focal_px, (x, y) = float(np.exp(prior.lens[0])), prior.lens[2:]
    matrix = np.array([[focal_px, 0, x], [0, focal_px, y], [0, 0, 1.0]])
    _, rotation, translation, _ = cv2.solvePnPGeneric(
        in_world(corners.corners_mm), corners.corners_px, matrix, None, flags=cv2.SOLVEPNP_IPPE
    )
    return np.concatenate([rotation[0].ravel(), translation[0].ravel(), prior.lens, np.zeros(BOW)])


def _fit(corners: MarkerCorners, prior: LensPrior, start: FloatArray, spread_px: float) -> PoseFit:
    sd = np.append(prior.sd, np.full(BOW, BOW_SD_MM))
    expected = np.append(prior.lens, np.zeros(BOW))
    penalty = np.hstack([np.zeros((LENS + BOW, POSE)), np.diag(1 / sd)])

    def residuals(values: FloatArray) -> FloatArray:
        left = _project(values, corners.corners_mm)[0] - corners.corners_px
        return np.concatenate([left.ravel() / spread_px, (values[POSE:] - expected) / sd])

    def slopes(values: FloatArray) -> FloatArray:
        return np.vstack([_project(values, corners.corners_mm)[1] / spread_px, penalty])

    solution = least_squares(
        residuals, start, slopes, method="lm", x_scale="jac", ftol=CONVERGED, xtol=CONVERGED
    )
    return PoseFit(corners, prior, solution.x, np.linalg.inv(solution.jac.T @ solution.jac))


def _project(values: FloatArray, points_mm: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Pixels (n, 2) of points of the card (n, 2), and their slopes by every parameter (2 n, 13)."""
    focal_px, k1, x, y = float(np.exp(values[6])), values[7], values[8], values[9]
    matrix = np.array([[focal_px, 0, x], [0, focal_px, y], [0, 0, 1.0]])
    bends = _bends(points_mm)
    bent = np.column_stack([points_mm, bends @ values[POSE + LENS :]])
    pixels, by = cv2.projectPoints(bent, values[:3], values[3:6], matrix, np.array([k1, 0, 0, 0]))
    # OpenCV's columns: rotation, translation, both focal lengths, principal point, k1 …
    by_focal = focal_px * by[:, 6:8].sum(axis=1)
    by_height = by[:, 3:6] @ cv2.Rodrigues(values[:3])[0][:, 2]
    by_bow = by_height[:, None] * np.repeat(bends, 2, axis=0)
    slopes = np.column_stack([by[:, :6], by_focal, by[:, 10], by[:, 8:10], by_bow])
    return pixels[:, 0].astype(np.float64), slopes.astype(np.float64)


def _bends(points_mm: FloatArray) -> FloatArray:
    """Shapes (n, 3) of a bent card, their mean over it about nil: one millimetre from middle to rim."""
    size = np.array([DIGIT_CARD.width_mm, DIGIT_CARD.height_mm])
    u, v = (2 * points_mm / size - 1).T
    return np.stack([u**2 - 1 / 3, u * v, v**2 - 1 / 3], axis=1)
