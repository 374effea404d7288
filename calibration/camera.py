"""The camera over the card: focal length, lens and pose together, with what is known beforehand.

One least-squares problem: marker corners on one side, the header's focal length and the lenses of phones on
the other (`lens`, `pose_fit`). A card seen squarely tells nothing of the focal length, a tilted one a good
deal: the posterior weighs both as they deserve, and its covariance goes into the uncertainty of the area.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.digit_card import in_world
from calibration.find_card import MarkerCorners
from calibration.lens import LensSource, lens_prior
from calibration.lens_check import lens_mismatch_sd
from calibration.photo import Photo
from calibration.pose_fit import LENS, POSE, fit_pose


@dataclass(frozen=True)
class Camera:
    """A pinhole with one radial term, posed over the card.

    World frame: the card's (x right, y down, z into the table), millimetres; heights are −z.

    Attributes
    ----------
    focal_px : float
        Focal length in photo pixels.
    principal_px : tuple of float
        x, y of the principal point: near the picture's centre.
    k1 : float
        Radial distortion, Brown's first term.
    rotation_vector, translation_mm : NDArray[np.float64], shape (3,)
        World to camera.
    covariance : NDArray[np.float64], shape (10, 10)
        Of (rotation vector, translation, log focal length, k1, principal point).
    residual_rms_px : float
        Root mean square distance between seen and projected corners, the card taken as flat.
    lens : {"header", "zoom", "typical", "altered"}
        What was known of the focal length beforehand.
    lens_mismatch_sd : float
        Standard deviations between that and what the card shows.
    card_bend_mm : float
        Height between the card's middle and its edges, of the stronger of the bends across and along it.
    """

    focal_px: float
    principal_px: tuple[float, float]
    k1: float
    rotation_vector: NDArray[np.float64]
    translation_mm: NDArray[np.float64]
    covariance: NDArray[np.float64]
    residual_rms_px: float
    lens: LensSource
    lens_mismatch_sd: float
    card_bend_mm: float

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
        """The vector that the covariance belongs to, shape (10,)."""
        lens = [np.log(self.focal_px), self.k1, *self.principal_px]
        return np.concatenate([self.rotation_vector, self.translation_mm, lens])

    def lens_record(self) -> dict[str, Any]:
        """The lens as JSON holds it, to be stored with a measurement."""
        return {
            "source": self.lens,
            "focal_px": self.focal_px,
            "focal_sd_percent": 100 * self.focal_relative_sd,
            "principal_px": list(self.principal_px),
            "k1": self.k1,
            "mismatch_sd": self.lens_mismatch_sd,
        }

    def scale_px_per_mm(self, point_mm: NDArray[np.float64]) -> float:
        """Photo pixels to a millimetre at a world point, across the line of sight."""
        depth_mm = float(self.rotation[2] @ point_mm + self.translation_mm[2])
        return self.focal_px / depth_mm


def project(
    parameters: NDArray[np.float64], points_mm: NDArray[np.float64], principal_px: tuple[float, float]
) -> NDArray[np.float64]:
    """Project world points with a parameter vector (rotation, translation, log focal length, k1 …)."""
    rotation = np.asarray(cv2.Rodrigues(parameters[:3])[0])
    in_camera = points_mm @ rotation.T + parameters[3:6]
    plane = in_camera[:, :2] / in_camera[:, 2:]
    bent = plane * (1 + parameters[7] * (plane**2).sum(axis=1, keepdims=True))
    return np.asarray(np.exp(parameters[6]) * bent + np.array(principal_px))


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
        The most probable camera, with the covariance of its parameters.
    """
    prior = lens_prior(photo, focal_px)
    fitted = fit_pose(corners, prior)
    parameters = fitted.parameters[: POSE + LENS]
    principal_px = (float(parameters[8]), float(parameters[9]))
    left = project(parameters, in_world(corners.corners_mm), principal_px) - corners.corners_px
    return Camera(
        focal_px=float(np.exp(parameters[6])),
        principal_px=principal_px,
        k1=float(parameters[7]),
        rotation_vector=parameters[:3],
        translation_mm=parameters[3:6],
        covariance=fitted.covariance[: POSE + LENS, : POSE + LENS],
        residual_rms_px=float(np.sqrt((left**2).sum(axis=1).mean())),
        lens=prior.source,
        lens_mismatch_sd=lens_mismatch_sd(fitted),
        card_bend_mm=fitted.bend_mm,
    )
