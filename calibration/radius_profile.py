"""The radius along the axis from both sides' envelopes, dents and crusts of one side left out.

A body of revolution shows the same radius on both sides, and a digit's radius changes slowly along its axis.
An ulcer's crater or a crust displaces one side over a few millimetres: there the two sides disagree, and the
side that breaks with the radius before and behind it is the one that is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solveh_banded

PROFILE_STEP_MM = 0.1
"""Two pixels of a reading image: finer than any shape that the smoothing leaves."""

TIP_SMOOTHING_MM = 0.5
"""Shapes shorter than this are smoothed away at the tip: well below the tip's own radius."""

BODY_SMOOTHING_MM = 2.5
"""The same behind the tip: a joint's bulge is twice as long, a crust hardly longer."""

TIP_ENDS_MM = (8.0, 12.0)
"""From the tip: where the smoothing starts to grow, and where it has its full length. Tips close over 5 to 15
mm and are nearly straight over the last third."""

EVEN_MM = 0.03
"""Residuals up to this weigh alike while the start is found: the spread of a smoothed outline."""

START_ROUNDS = 4
REJECTED_MM = 0.3
"""A side that lies this far from the profile bears no weight on it: six spreads of a smoothed outline."""

ROUNDS = 4
"""Reweighted solutions: of least absolute distance to start with, then of bounded influence (own choice)."""


@dataclass(frozen=True)
class RadiusProfile:
    """Radius at even places along the axis.

    Attributes
    ----------
    grid_mm : NDArray[np.float64], shape (n,)
        Places, `PROFILE_STEP_MM` apart, from the tip.
    radius_mm : NDArray[np.float64], shape (n,)
        Radius there.
    left_weight, right_weight : NDArray[np.float64], shape (n,)
        How far either side is believed there, 0–1.
    """

    grid_mm: NDArray[np.float64]
    radius_mm: NDArray[np.float64]
    left_weight: NDArray[np.float64]
    right_weight: NDArray[np.float64]


def radius_profile(
    grid_mm: NDArray[np.float64], left_mm: NDArray[np.float64], right_mm: NDArray[np.float64]
) -> RadiusProfile:
    """Smooth radius that most of both sides agree on.

    Parameters
    ----------
    grid_mm : NDArray[np.float64], shape (n,)
        Even places from the tip.
    left_mm, right_mm : NDArray[np.float64], shape (n,)
        Envelope of either side.

    Returns
    -------
    RadiusProfile

    Notes
    -----
    Penalised least squares on the squared radius (near a round tip it is the square that runs straight to 0)
    by iterated weights: absolute residuals first, which a one-sided dent cannot pull, then Tukey's biweight.
    """
    sides = np.stack([left_mm, right_mm])
    penalty = _penalty(grid_mm)
    weights = np.ones_like(sides)
    radius = _smooth(sides, weights, penalty)
    for _ in range(START_ROUNDS):
        weights = EVEN_MM / np.maximum(np.abs(sides - radius), EVEN_MM)
        radius = _smooth(sides, weights, penalty)
    for _ in range(ROUNDS):
        weights = np.maximum(1 - ((sides - radius) / REJECTED_MM) ** 2, 0.0) ** 2
        radius = _smooth(sides, weights, penalty)
    return RadiusProfile(grid_mm, radius, *weights)


def _penalty(grid_mm: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weight of the squared second difference about each place but the ends, shape (n − 2,)."""
    share = np.clip((grid_mm[1:-1] - grid_mm[0] - TIP_ENDS_MM[0]) / (TIP_ENDS_MM[1] - TIP_ENDS_MM[0]), 0, 1)
    length_mm = TIP_SMOOTHING_MM + share * (BODY_SMOOTHING_MM - TIP_SMOOTHING_MM)
    return np.asarray((length_mm / PROFILE_STEP_MM) ** 4)


LEAST_WEIGHT = 1e-6
"""Keeps the equations solvable where neither side is believed: the profile then runs straight on."""


def _smooth(
    sides: NDArray[np.float64], weights: NDArray[np.float64], penalty: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Weighted mean of both sides' squares, bent as little as the penalty asks; its root."""
    total = weights.sum(axis=0) + LEAST_WEIGHT
    wanted = (weights * sides**2).sum(axis=0) + LEAST_WEIGHT * (sides**2).mean(axis=0)
    bands = np.zeros((3, len(total)))
    # Upper form of the pentadiagonal matrix Σ λ dᵀd with d = (1, −2, 1).
    bands[2] = total
    bands[2, :-2] += penalty
    bands[2, 1:-1] += 4 * penalty
    bands[2, 2:] += penalty
    bands[1, 1:-1] += -2 * penalty
    bands[1, 2:] += -2 * penalty
    bands[0, 2:] += penalty
    return np.asarray(np.sqrt(np.maximum(solveh_banded(bands, wanted), 0.0)))
