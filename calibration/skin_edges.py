"""Where skin ends and anything else begins, looked for across a rough outline."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

STEP_MM = 0.1
"""Spacing of the outline's points."""

SEARCH_MM = 1.2
"""How far from the network's outline the edge is looked for: three times the error seen on phantoms."""

SEARCH_STEP_MM = 0.025
SEARCH_SD_MM = 0.4
"""Preference for edges near the network's outline; a cast shadow's edge mostly lies further out."""

SKIN_MM = (0.5, 1.6)
"""How deep inside the network's outline skin is looked at, to know its colour there."""

SKIN_SD_FLOOR = 0.02
SKIN_TOLERANCE = 3.0
"""Skin darkens towards its edge: colours up to some three spreads from the skin deeper in are still skin."""

INSIDE_MM = 0.3
STEP_SD_MM = 0.12
"""Scale of the edge filter: the spread of a sharp photograph's edges at 10 px/mm."""

CLEAR_STEP = 0.05
"""Step (square root of linear light) at which an edge counts half."""

PEAK_MM = 0.2
"""The edge lies at the centre of gravity of its filter's answer, taken this far to both sides."""


def skin_edges(
    light: NDArray[np.float32],
    points: NDArray[np.float64],
    normals: NDArray[np.float64],
    scale_px_per_mm: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Find the edge of the skin near each point of an outline.

    Parameters
    ----------
    light : NDArray[np.float32], shape (height, width, 3)
        Square root of linear light.
    points, normals : NDArray[np.float64], shape (n, 2)
        x, y in pixels, `STEP_MM` apart, and the outward unit normals there.
    scale_px_per_mm : float
        Of the picture.

    Returns
    -------
    offset_mm, contrast : NDArray[np.float64], shape (n,)
        Signed distance outwards to the edge, and the step of light across it.
    """
    reach_mm = SEARCH_MM + SKIN_MM[1]
    offsets = np.arange(-reach_mm, reach_mm + SEARCH_STEP_MM / 2, SEARCH_STEP_MM)
    where = (points[:, None] + offsets[None, :, None] * scale_px_per_mm * normals[:, None]).astype(np.float32)
    values: NDArray[np.float32] = np.asarray(
        cv2.remap(light, where[..., 0], where[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE),
        dtype=np.float32,
    )
    step = _step(values)
    strength = np.linalg.norm(step, axis=2)
    # A strong edge is no better than a clear one: the slot's and the patches' edges are stronger than any
    # skin's.
    clear = strength / (strength + CLEAR_STEP)
    nearness = np.exp(-0.5 * (offsets / SEARCH_SD_MM) ** 2)
    score = np.where(np.abs(offsets) <= SEARCH_MM, clear * nearness * _skin_likeness(values, offsets), 0.0)
    # Neighbouring places along the outline have neighbouring edges.
    score = cv2.GaussianBlur(score.astype(np.float32), (0, 0), sigmaX=1.0, sigmaY=0.3 / STEP_MM)
    best = score.argmax(axis=1)
    near = np.abs(np.arange(len(offsets))[None, :] - best[:, None]) <= PEAK_MM / SEARCH_STEP_MM
    weight = np.where(near, strength**2, 0) + 1e-12
    position = (weight * offsets).sum(axis=1) / weight.sum(axis=1)
    return position, np.take_along_axis(strength, best[:, None], axis=1)[:, 0]


def _step(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Derivative of Gaussian along each profile: colour just outside less colour just inside."""
    sd = STEP_SD_MM / SEARCH_STEP_MM
    reach = int(3 * sd)
    places = np.arange(-reach, reach + 1, dtype=np.float32)
    kernel = np.sign(places) * np.exp(-0.5 * (places / sd) ** 2)
    kernel /= np.abs(kernel).sum() / 2
    return np.asarray(
        np.stack([cv2.filter2D(channel, -1, kernel[None, :]) for channel in cv2.split(values)], axis=2)
    )


def _skin_likeness(values: NDArray[np.float32], offsets_mm: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much the colour just inside each place resembles the skin deeper in, 0–1."""
    deep = (offsets_mm > -SKIN_MM[1] - SEARCH_MM) & (offsets_mm < -SKIN_MM[0])
    skin = values[:, deep]
    local = cv2.blur(skin.mean(axis=1)[:, None], (1, int(2.0 / STEP_MM) | 1)).reshape(-1, 1, 3)
    spread = (skin - local).reshape(-1, 3)
    covariance = spread.T @ spread / len(spread) + SKIN_SD_FLOOR**2 * np.eye(3)
    shift = round(INSIDE_MM / SEARCH_STEP_MM)
    inside = np.roll(cv2.blur(values, (shift | 1, 1)), shift, axis=1) - local
    distance2 = np.einsum("pkc,cd,pkd->pk", inside, np.linalg.inv(covariance), inside)
    return np.asarray(np.exp(-0.5 * distance2 / SKIN_TOLERANCE**2))
