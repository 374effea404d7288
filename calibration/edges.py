"""Straight edges between dark and light, located to a few hundredths of a pixel in linear light."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.srgb import SRGB_TO_LINEAR

EDGE_HALF_WIDTH_SHARE = 0.075
"""Half length of the profile across an edge, as a share of the marker's side: just under half a module
(1/12),
so that neither the first bit inside nor the card's ink outside comes into the profile."""

MINIMUM_HALF_WIDTH_PX = 3.0
"""Shorter profiles cannot hold the spread of a sharp edge."""

PROFILES_PER_EDGE = 48
"""Profiles along one side: enough that noise of one grey level in a hundred averages to 0.02 px."""

CORNER_MARGIN_SHARE = 0.12
"""Profiles stay this share of the side away from the corners, where two edges blur into each other."""

MINIMUM_CONTRAST = 0.08
"""Least step (linear light, 0–1) that counts as an edge of a printed marker."""

PLATEAU_SHARE = 0.2
"""Share of a profile at either end from which its dark and light levels are taken."""

CORNER_SD_PX = 0.12
"""Spread of a refined corner before the residuals have been seen; never taken smaller than half of this."""

HUBER_PX = 0.25
"""Residual from which a profile's weight falls: three times the spread seen on sharp phantoms."""


@dataclass(frozen=True)
class RefinedQuadrilateral:
    """A quadrilateral from its four fitted sides.

    Attributes
    ----------
    corners_px : NDArray[np.float64], shape (4, 2)
        x, y in pixels.
    blur_px : float
        Median standard deviation of the edge spread.
    """

    corners_px: NDArray[np.float64]
    blur_px: float


def profiles(
    grey: NDArray[np.uint8],
    points_px: NDArray[np.float64],
    normal: NDArray[np.float64],
    offsets_px: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Linear light along parallel lines.

    Parameters
    ----------
    grey : NDArray[np.uint8], shape (height, width)
        sRGB greys.
    points_px : NDArray[np.float64], shape (n, 2)
        Middle of each profile, x, y.
    normal : NDArray[np.float64], shape (2,)
        Unit direction.
    offsets_px : NDArray[np.float64], shape (m,)
        Positions along the direction.

    Returns
    -------
    NDArray[np.float64], shape (n, m)
        Linear light, 0–1; the border pixel repeats outside the picture.
    """
    where = points_px[:, None, :] + offsets_px[None, :, None] * normal
    # A window keeps the lookup small: OpenCV's remap cannot index pictures beyond 32,767 px, and need not
    # here.
    low = np.floor(where.min(axis=(0, 1))).astype(int) - 2
    high = np.ceil(where.max(axis=(0, 1))).astype(int) + 3
    low = np.clip(low, 0, [grey.shape[1] - 1, grey.shape[0] - 1])
    high = np.clip(high, low + 1, [grey.shape[1], grey.shape[0]])
    window = SRGB_TO_LINEAR[grey[low[1] : high[1], low[0] : high[0]]]
    local = (where - low).astype(np.float32)
    return cv2.remap(
        window, local[..., 0], local[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    ).astype(np.float64)


def step_position(
    values: NDArray[np.float64], offsets_px: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float, float]:
    """Where each profile rises through its step, and how spread the step is.

    Parameters
    ----------
    values : NDArray[np.float64], shape (n, m)
        Neighbouring profiles across one edge, from dark to light.
    offsets_px : NDArray[np.float64], shape (m,)
        Evenly spaced positions.

    Returns
    -------
    position_px : NDArray[np.float64], shape (n,)
        The edge on each profile.
    spread_px : float
        Standard deviation of the edge spread.
    contrast : float
        Height of the step in linear light.

    Notes
    -----
    Between two plateaus the area under a profile fixes its edge, whatever symmetric blur lies over it, and
    the area is linear in the
    pixels: noise averages out and no threshold cuts into a faint flank. Likewise the area between profile
    and ideal step is
    σ √(2/π) for a Gaussian spread σ.
    """
    plateau = max(2, round(PLATEAU_SHARE * len(offsets_px)))
    dark, light = _level_along(values[:, :plateau]), _level_along(values[:, -plateau:])
    contrast = float((light - dark).min())
    if contrast < MINIMUM_CONTRAST:
        return np.zeros(len(values)), 0.0, contrast
    share = (values - dark) / (light - dark)
    step = offsets_px[1] - offsets_px[0]
    position = offsets_px[-1] + step / 2 - share.sum(axis=1) * step
    beyond = offsets_px[None, :] > position[:, None]
    area = (np.where(beyond, 1 - share, share).sum(axis=1) * step).mean()
    return position, max(float(area), 0.0) * np.sqrt(np.pi / 2), contrast


def _level_along(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Level of a plateau at each profile, a straight line along the edge: light falls off across a card."""
    places = np.arange(len(values))
    slope, offset = np.polyfit(places, np.median(values, axis=1), 1)
    return np.asarray((slope * places + offset)[:, None])


def _fit_line(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Point and unit direction of the line through points, Huber-weighted, by orthogonal distance."""
    weights = np.ones(len(points))
    for _ in range(5):
        centre = (weights[:, None] * points).sum(axis=0) / weights.sum()
        spread = ((weights[:, None] * (points - centre)).T @ (points - centre)).astype(np.float64)
        direction = np.linalg.eigh(spread)[1][:, 1]
        residual = np.abs((points - centre) @ np.array([-direction[1], direction[0]]))
        weights = np.minimum(1.0, HUBER_PX / np.maximum(residual, 1e-9))
    return centre, direction


def _intersection(
    first: tuple[NDArray[np.float64], NDArray[np.float64]],
    second: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> NDArray[np.float64]:
    along = np.linalg.solve(np.column_stack([first[1], -second[1]]), second[0] - first[0])
    return np.asarray(first[0] + along[0] * first[1])


def refine_quadrilateral(
    grey: NDArray[np.uint8], corners_px: NDArray[np.float64], half_width_share: float
) -> RefinedQuadrilateral | None:
    """Fit lines to the four sides of a dark quadrilateral on light ground and intersect them.

    Parameters
    ----------
    grey : NDArray[np.uint8], shape (height, width)
        sRGB greys of the photograph at full resolution.
    corners_px : NDArray[np.float64], shape (4, 2)
        First guess, x, y, clockwise in the picture (or anticlockwise for a mirrored one).
    half_width_share : float
        Half length of the profiles as a share of the side.

    Returns
    -------
    RefinedQuadrilateral or None
        None when a side shows too little of an edge.
    """
    first = _fit_sides(grey, corners_px, half_width_share)
    # The detector's corners are good to a pixel or two; from the first fit's corners the profiles lie
    # centred on the edge.
    return _fit_sides(grey, first.corners_px, half_width_share) if first is not None else None


def _fit_sides(
    grey: NDArray[np.uint8], corners_px: NDArray[np.float64], half_width_share: float
) -> RefinedQuadrilateral | None:
    lines, blurs = [], []
    centre = corners_px.mean(axis=0)
    for start, end in zip(corners_px, np.roll(corners_px, -1, axis=0), strict=True):
        side_px = float(np.linalg.norm(end - start))
        along = (end - start) / side_px
        outward = np.array([along[1], -along[0]])
        if np.dot(outward, (start + end) / 2 - centre) < 0:
            outward = -outward
        half_px = max(MINIMUM_HALF_WIDTH_PX, half_width_share * side_px)
        offsets = np.arange(-half_px, half_px + 0.125, 0.25)
        shares = np.linspace(CORNER_MARGIN_SHARE, 1 - CORNER_MARGIN_SHARE, PROFILES_PER_EDGE)
        points = start + shares[:, None] * (end - start)
        position, spread_px, contrast = step_position(profiles(grey, points, outward, offsets), offsets)
        if contrast < MINIMUM_CONTRAST:
            return None
        lines.append(_fit_line(points + position[:, None] * outward))
        blurs.append(spread_px)
    corners = np.array([_intersection(lines[index - 1], lines[index]) for index in range(4)])
    return RefinedQuadrilateral(corners, float(np.median(blurs)))
