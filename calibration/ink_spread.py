"""How much larger the markers came out than they were drawn: ink that spreads, halos that a phone adds.

Both move every side of every marker by the same small way, so that the corners of each marker contradict the
distances between markers. Left in, the contradiction is taken for lens distortion.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.edges import CORNER_SD_PX
from calibration.lens import K1_SD

SPREAD_SD_MM = 0.05
"""Office printers spread ink by 0 to 0.1 mm, and halos move an edge by up to a pixel (0.06–0.1 mm)."""

CORNERS = 4
"""Of a square marker."""


def outwards(corners_mm: NDArray[np.float64]) -> NDArray[np.float64]:
    """The way each corner of axis-parallel squares moves when their sides move out by 1.

    Parameters
    ----------
    corners_mm : NDArray[np.float64], shape (4 n, 2)
        Four to a square.

    Returns
    -------
    NDArray[np.float64], shape (4 n, 2)
        Of −1 and 1.
    """
    squares = corners_mm.reshape(-1, CORNERS, 2)
    return np.asarray(np.sign(squares - squares.mean(axis=1, keepdims=True)).reshape(-1, 2))


def ink_spread_mm(
    corners_px: NDArray[np.float64],
    corners_mm: NDArray[np.float64],
    focal_px: float,
    principal_px: tuple[float, float],
) -> float:
    """Estimate by how much the sides of the markers lie outside the drawn ones.

    Parameters
    ----------
    corners_px, corners_mm : NDArray[np.float64], shape (4 n, 2)
        Corners as seen and as drawn, four to a marker.
    focal_px : float
        Roughly the focal length: gives the lens's distortion its unit.
    principal_px : tuple of float
        Middle of the photograph.

    Returns
    -------
    float
        Millimetres, drawn towards 0 by `SPREAD_SD_MM`; negative where the markers came out smaller.

    Notes
    -----
    Plane, lens and spread are solved for together in one linear step from the best plane: all corrections are
    far below a marker's side.
    """
    found, _ = cv2.findHomography(corners_mm, corners_px)
    if found is None:
        return 0.0
    plane = np.asarray(found / found[2, 2], dtype=np.float64)
    seen = np.asarray(cv2.perspectiveTransform(corners_mm[None], plane)[0], dtype=np.float64)
    depth = corners_mm @ plane[2, :2] + 1.0
    spread = np.einsum("nij,nj->ni", _slopes(plane, seen, depth), outwards(corners_mm))
    radius = (seen - np.array(principal_px)) / focal_px
    lens = focal_px * radius * (radius**2).sum(axis=1, keepdims=True)
    columns = np.column_stack([spread.ravel(), lens.ravel(), _plane_columns(corners_mm, seen, depth)])
    columns = columns / CORNER_SD_PX
    prior = np.zeros((2, columns.shape[1]))
    prior[0, 0], prior[1, 1] = 1 / SPREAD_SD_MM, 1 / K1_SD
    rest = (corners_px - seen).ravel() / CORNER_SD_PX
    size = np.linalg.norm(columns, axis=0)
    solution = np.linalg.lstsq(np.vstack([columns, prior]) / size, np.append(rest, [0.0, 0.0]), rcond=None)[0]
    return float(solution[0] / size[0])


def _slopes(
    plane: NDArray[np.float64], seen: NDArray[np.float64], depth: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Pixels to a millimetre along x and y at each corner, shape (n, 2, 2)."""
    return np.asarray((plane[:2, :2] - seen[:, :, None] * plane[2, :2]) / depth[:, None, None])


def _plane_columns(
    corners_mm: NDArray[np.float64], seen: NDArray[np.float64], depth: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Change of the corners with the plane's eight numbers, shape (2 n, 8)."""
    ones = np.column_stack([corners_mm, np.ones(len(corners_mm))]) / depth[:, None]
    columns = np.zeros((len(seen), 2, 8))
    columns[:, 0, :3] = columns[:, 1, 3:6] = ones
    columns[:, :, 6:] = -seen[:, :, None] * ones[:, None, :2]
    return columns.reshape(-1, 8)
