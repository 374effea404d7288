"""The camera over the card: focal length, lens and pose together, with what is known beforehand.

One least-squares problem: marker corners on one side, the header's focal length and the lenses of phones on
the other. A card seen
squarely tells nothing of the focal length, a tilted one a good deal: the posterior weighs both as they
deserve, and its covariance
goes into the uncertainty of the area.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from calibration.digit_card import in_world
from calibration.find_card import MarkerCorners
from calibration.photo import Photo

TYPICAL_FOCAL_35MM = 26.5
"""Main cameras of phones and tablets state 23 to 30 mm (median near 26); used when the header is silent."""

TYPICAL_FOCAL_RELATIVE_SD = 0.12
"""Spread of those values, widened for cropped pictures."""

STATED_FOCAL_RELATIVE_SD = 0.02
"""The header rounds to whole millimetres (± 2 % at 26 mm), and breathing at close focus adds about as
much."""

K1_SD = 0.05
"""Residual radial distortion of phone pictures after their own correction, in units of (radius / focal
length)²."""

CORNER_SD_PX = 0.12
"""Spread of a refined corner before the residuals have been seen; never taken smaller than half of this."""

HELD_RELATIVE_SD = 1e-6
"""A focal length that is held is a prior this narrow."""

PARAMETERS = 8
"""Rotation vector (3), translation (3), logarithm of the focal length, k1."""


@dataclass(frozen=True)
class Camera:
    """A pinhole with one radial term, posed over the card.

    World frame: the card's (x right, y down, z into the table), millimetres; heights are −z.

    Attributes
    ----------
    focal_px : float
        Focal length in photo pixels.
    principal_px : tuple of float
        x, y of the principal point: the picture's centre.
    k1 : float
        Radial distortion, Brown's first term.
    rotation_vector, translation_mm : NDArray[np.float64], shape (3,)
        World to camera.
    covariance : NDArray[np.float64], shape (8, 8)
        Of (rotation vector, translation, log focal length, k1).
    residual_rms_px : float
        Root mean square distance between seen and projected corners.
    focal_from_header : bool
        Whether the header stated the focal length.
    """

    focal_px: float
    principal_px: tuple[float, float]
    k1: float
    rotation_vector: NDArray[np.float64]
    translation_mm: NDArray[np.float64]
    covariance: NDArray[np.float64]
    residual_rms_px: float
    focal_from_header: bool

    @property
    def matrix(self) -> NDArray[np.float64]:
        """Intrinsic matrix, shape (3, 3)."""
        return np.array(
            [[self.focal_px, 0, self.principal_px[0]], [0, self.focal_px, self.principal_px[1]], [0, 0, 1.0]]
        )

    @property
    def rotation(self) -> NDArray[np.float64]:
        """World-to-camera rotation, shape (3, 3)."""
        return np.asarray(cv2.Rodrigues(self.rotation_vector)[0], dtype=np.float64)

    @property
    def centre_mm(self) -> NDArray[np.float64]:
        """Centre of projection in the world, shape (3,)."""
        return np.asarray(-self.rotation.T @ self.translation_mm)

    @property
    def distance_mm(self) -> float:
        """From the lens to the card along the optical axis' foot: distance to the point it looks at on the
        card."""
        axis = self.rotation[2]
        return float(-self.centre_mm[2] / axis[2])

    @property
    def tilt_deg(self) -> float:
        """Angle between the optical axis and the card's normal."""
        return float(np.degrees(np.arccos(np.clip(self.rotation[2, 2], -1.0, 1.0))))

    @property
    def focal_relative_sd(self) -> float:
        """Standard uncertainty of the focal length, relative."""
        return float(np.sqrt(self.covariance[6, 6]))

    def project(self, points_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """World points to photo pixels.

        Parameters
        ----------
        points_mm : NDArray[np.float64], shape (n, 3)
            World points.

        Returns
        -------
        NDArray[np.float64], shape (n, 2)
            x, y in photo pixels.
        """
        return project(self.parameters, points_mm, self.principal_px)

    @property
    def parameters(self) -> NDArray[np.float64]:
        """The vector that the covariance belongs to, shape (8,)."""
        return np.concatenate([self.rotation_vector, self.translation_mm, [np.log(self.focal_px), self.k1]])

    def scale_px_per_mm(self, point_mm: NDArray[np.float64]) -> float:
        """Photo pixels to a millimetre at a world point, across the line of sight."""
        depth_mm = float(self.rotation[2] @ point_mm + self.translation_mm[2])
        return self.focal_px / depth_mm


def project(
    parameters: NDArray[np.float64], points_mm: NDArray[np.float64], principal_px: tuple[float, float]
) -> NDArray[np.float64]:
    """Project world points with a parameter vector (rotation, translation, log focal length, k1)."""
    rotation = np.asarray(cv2.Rodrigues(parameters[:3])[0])
    in_camera = points_mm @ rotation.T + parameters[3:6]
    plane = in_camera[:, :2] / in_camera[:, 2:]
    bent = plane * (1 + parameters[7] * (plane**2).sum(axis=1, keepdims=True))
    return np.asarray(np.exp(parameters[6]) * bent + np.array(principal_px))


def _start(corners: MarkerCorners, focal_px: float, principal_px: tuple[float, float]) -> NDArray[np.float64]:
    matrix = np.array([[focal_px, 0, principal_px[0]], [0, focal_px, principal_px[1]], [0, 0, 1.0]])
    flat = in_world(corners.corners_mm)
    _, rotation, translation, _ = cv2.solvePnPGeneric(
        flat, corners.corners_px, matrix, None, flags=cv2.SOLVEPNP_IPPE
    )
    return np.concatenate([rotation[0].ravel(), translation[0].ravel(), [np.log(focal_px), 0.0]])


def estimate_camera(photo: Photo, corners: MarkerCorners, focal_px: float | None = None) -> Camera:
    """Pose, focal length and distortion by penalised least squares.

    Parameters
    ----------
    photo : Photo
        Size and, where stated, focal length.
    corners : MarkerCorners
        Marker corners.
    focal_px : float, optional
        Held instead of the header's value (used for sensitivity).

    Returns
    -------
    Camera
        The most probable camera, with the covariance of its parameters (Gauss–Newton approximation).
    """
    principal_px = ((photo.width_px - 1) / 2, (photo.height_px - 1) / 2)
    stated_px = focal_px or photo.focal_px
    prior = np.array([np.log(stated_px or photo.focal_px_of(TYPICAL_FOCAL_35MM)), 0.0])
    focal_sd = STATED_FOCAL_RELATIVE_SD if stated_px else TYPICAL_FOCAL_RELATIVE_SD
    prior_sd = np.array([HELD_RELATIVE_SD if focal_px else focal_sd, K1_SD])
    points_mm = in_world(corners.corners_mm)
    parameters = _start(corners, float(np.exp(prior[0])), principal_px)
    corner_sd_px = CORNER_SD_PX
    for _ in range(2):  # the second round weighs the corners by the residuals of the first

        def residuals(values: NDArray[np.float64], corner_sd_px: float = corner_sd_px) -> NDArray[np.float64]:
            seen = (project(values, points_mm, principal_px) - corners.corners_px).ravel()
            return np.concatenate([seen / corner_sd_px, (values[6:] - prior) / prior_sd])

        solution = least_squares(residuals, parameters, method="lm", x_scale="jac")
        parameters = solution.x
        left = project(parameters, points_mm, principal_px) - corners.corners_px
        freedom = max(left.size - PARAMETERS, 1)
        corner_sd_px = max(float(np.sqrt((left**2).sum() / freedom)), CORNER_SD_PX / 2)
    return Camera(
        focal_px=float(np.exp(parameters[6])),
        principal_px=principal_px,
        k1=float(parameters[7]),
        rotation_vector=parameters[:3],
        translation_mm=parameters[3:6],
        covariance=np.linalg.inv(solution.jac.T @ solution.jac),
        residual_rms_px=float(np.sqrt((left**2).sum(axis=1).mean())),
        focal_from_header=photo.focal_px is not None,
    )
