"""Whether the card lies flat: a curled sheet puts its markers where no plane and no lens would."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from calibration.camera import K1_SD, STATED_FOCAL_RELATIVE_SD, TYPICAL_FOCAL_RELATIVE_SD, Camera
from calibration.digit_card import DIGIT_CARD, in_world
from calibration.find_card import MarkerCorners

BEND_SD_MM = 1.0
"""How much the middle of a printed sheet may stand off its edges before anything is seen (own choice): what
the markers cannot tell stays near 0."""

CORNER_SD_PX = 0.15
"""Spread of a corner on a flat card, lens and paper included (benchmarks/detector_truth.py)."""

STEP = 1e-4
"""Relative step of the differences."""

HALF_SIZE_MM = np.array([DIGIT_CARD.width_mm, DIGIT_CARD.height_mm]) / 2


def bend_mm(corners: MarkerCorners, camera: Camera) -> float:
    """Height between the middle and the edges of a card bent like a cylinder's wall.

    Parameters
    ----------
    corners : MarkerCorners
        As found.
    camera : Camera
        As estimated on a flat card.

    Returns
    -------
    float
        Millimetres, of the stronger of the bends across and along the card.

    Notes
    -----
    The residuals are explained by two bends and by what the bends made the camera believe: one linear step
    over pose, focal length, lens and both bends, each with its prior.
    """
    points_mm = in_world(corners.corners_mm)
    left = (corners.corners_px - camera.project(points_mm)).ravel()
    columns = np.column_stack([_camera_columns(camera, points_mm), _bend_columns(camera, points_mm)])
    focal_sd = STATED_FOCAL_RELATIVE_SD if camera.focal_from_header else TYPICAL_FOCAL_RELATIVE_SD
    prior = np.diag(1 / np.array([focal_sd, K1_SD, BEND_SD_MM, BEND_SD_MM]))
    known = np.concatenate([np.zeros((4, columns.shape[1] - 4)), prior], axis=1)
    # The estimate already holds the pull of the lens's prior; the focal length's is taken as it stands.
    wanted = np.concatenate([left / CORNER_SD_PX, prior @ np.array([0.0, -camera.k1, 0.0, 0.0])])
    solution = np.linalg.lstsq(np.vstack([columns / CORNER_SD_PX, known]), wanted, rcond=None)[0]
    return float(np.abs(solution[-2:]).max())


def _camera_columns(camera: Camera, points_mm: NDArray[np.float64]) -> NDArray[np.float64]:
    """Change of the projected points with rotation, translation, log focal length and k1, shape (2 n, 8)."""
    moved = [
        *(replace(camera, rotation_vector=camera.rotation_vector + STEP * unit) for unit in np.eye(3)),
        *(replace(camera, translation_mm=camera.translation_mm + STEP * unit) for unit in np.eye(3)),
        replace(camera, focal_px=camera.focal_px * float(np.exp(STEP))),
        replace(camera, k1=camera.k1 + STEP),
    ]
    before = camera.project(points_mm)
    return np.column_stack([((other.project(points_mm) - before) / STEP).ravel() for other in moved])


def _bend_columns(camera: Camera, points_mm: NDArray[np.float64]) -> NDArray[np.float64]:
    """Change of the projected points with a bend of 1 mm across and along the card, shape (2 n, 2)."""
    share = ((points_mm[:, :2] - HALF_SIZE_MM) / HALF_SIZE_MM) ** 2
    before, columns = camera.project(points_mm), []
    for axis in range(2):
        lifted = points_mm.copy()
        lifted[:, 2] = -STEP * share[:, axis]
        columns.append(((camera.project(lifted) - before) / STEP).ravel())
    return np.column_stack(columns)
