"""A digit bent sideways at a joint: where the straight part that holds the tip ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from calibration.silhouette import Silhouette
from calibration.surface_fit import STRAIGHT_FROM_TIP_MM

GRID_MM = 0.5
KINK_FROM_TIP_MM = (16.0, 32.0)
"""Distal joints lie 22 to 28 mm from the tip (own measurements of hand photographs), give or take a
quarter."""

LARGEST_BEND_DEG = 4.0
"""A bend up to this moves the axis by less than 1 mm over the 15 mm beyond the joint; larger ones are
believed when the middle line shows them."""

CLEARER = 0.25
"""A bent line must leave less than this share of the straight line's squared residuals."""

MARGIN_MM = 2.0
"""Left out before the joint: there the two parts round into each other."""


def straight_part(silhouette: Silhouette) -> Silhouette:
    """The silhouette as far as the digit is straight, counted from its tip.

    Parameters
    ----------
    silhouette : Silhouette
        Both sides on the card's plane.

    Returns
    -------
    Silhouette
        The same where no bend is seen.
    """
    y_mm, middle = _middle_line(silhouette)
    if len(y_mm) < 2 * STRAIGHT_FROM_TIP_MM / GRID_MM:
        return silhouette
    tip_mm = y_mm[0] - STRAIGHT_FROM_TIP_MM
    places = np.arange(
        tip_mm + KINK_FROM_TIP_MM[0], min(tip_mm + KINK_FROM_TIP_MM[1], y_mm[-1] - 4.0), GRID_MM
    )
    if not len(places):
        return silhouette
    straight, _ = _residual(y_mm, middle, np.inf)
    fits = [_residual(y_mm, middle, place) for place in places]
    best = int(np.argmin([fit[0] for fit in fits]))
    bend_deg = abs(float(np.degrees(np.arctan(fits[best][1]))))
    if bend_deg <= LARGEST_BEND_DEG or fits[best][0] > CLEARER * straight:
        return silhouette
    end_mm = places[best] - MARGIN_MM
    left, right = (side[side[:, 1] < end_mm] for side in (silhouette.left_mm, silhouette.right_mm))
    return replace(silhouette, left_mm=left, right_mm=right)


def _middle_line(silhouette: Silhouette) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Places along the slot and the middle between both sides there."""
    sides = [side[np.argsort(side[:, 1])] for side in (silhouette.left_mm, silhouette.right_mm)]
    first = max(side[0, 1] for side in sides) + STRAIGHT_FROM_TIP_MM
    y_mm = np.arange(first, min(side[-1, 1] for side in sides), GRID_MM)
    return y_mm, np.mean([np.interp(y_mm, side[:, 1], side[:, 0]) for side in sides], axis=0)


def _residual(y_mm: NDArray[np.float64], middle: NDArray[np.float64], kink_mm: float) -> tuple[float, float]:
    """Sum of squares about a line bent at a place, and the change of its slope there."""
    columns = [np.ones_like(y_mm), y_mm - y_mm[0]]
    if np.isfinite(kink_mm):
        columns.append(np.maximum(y_mm - kink_mm, 0.0))
    design = np.stack(columns, axis=1)
    solution = np.linalg.lstsq(design, middle, rcond=None)[0]
    return float(((design @ solution - middle) ** 2).sum()), float(solution[-1])
