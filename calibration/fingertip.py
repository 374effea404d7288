"""The rounded end of the digit: a superelliptic cap fitted so that every ray of the outline just touches it.

Looking from the hand or from beyond the tip, a camera sees the cap only from one side: part of the profile
bounds no ray, and a lower envelope alone
would leave it too long. A cap of few parameters carries the seen part over to the unseen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

CAP_PRIOR = np.array([0.0, 1.0, 2.0])
"""Start and prior: tip shift (mm), length in radii, and exponent; (0, 1, 2) is a hemisphere on a cylinder."""

CAP_PRIOR_SD = np.array([5.0, 0.35, 0.4])
"""Fingertips are blunter or more pointed than a hemisphere, but not by more than half its length (own
phantoms and hand photographs)."""

TOUCH_SD_MM = 0.05
"""Spread of a smoothed outline point, in millimetres at the digit."""

HUBER_MM = 0.15
CONVERGED_SHARE = 1e-4
"""Residual from which a touching ray's weight falls: three times its spread. And the change of the cost, as a
share, at which the fit has arrived."""

DIFFERENCE_SHARE = 0.01
"""The least gap jumps from sample to sample of a ray: differences are taken over a hundredth, not over
rounding."""

LENGTH_STARTS = (0.6, 1.1)
"""A blunt and a pointed start: a long cap of high exponent looks like a short round one, and one start can
stick there."""

LENGTH_LIMITS = (0.4, 2.5)
EXPONENT_LIMITS = (1.3, 4.0)
"""Length over radius, and exponent, that a fit may end at: from a tip as if cut off to one drawn out, beyond
every fingertip that was measured (own choice)."""


@dataclass(frozen=True)
class Cap:
    """The end of a surface of revolution.

    Attributes
    ----------
    tip_mm : float
        Place of the tip along the axis.
    length_mm : float
        From the tip to where the digit has its full radius.
    exponent : float
        Of the superellipse along the axis; across, the shape stays quadratic, so that the tip is round.
    """

    tip_mm: float
    length_mm: float
    exponent: float

    def share_of_radius(self, along_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Radius at places along the axis as a share of the full radius; 0 beyond the tip."""
        rest = np.clip((self.tip_mm + self.length_mm - along_mm) / self.length_mm, 0.0, 1.0)
        return np.asarray(np.sqrt(1.0 - rest**self.exponent))


def _cap(values: NDArray[np.float64], tip_mm: float, radius_mm: float) -> Cap:
    return Cap(
        tip_mm=tip_mm + float(values[0]),
        length_mm=radius_mm * float(np.clip(values[1], *LENGTH_LIMITS)),
        exponent=float(np.clip(values[2], *EXPONENT_LIMITS)),
    )


def fit_cap(
    along_mm: NDArray[np.float64],
    distance_mm: NDArray[np.float64],
    body: tuple[float, float],
    tip_mm: float,
    near: Cap | None = None,
) -> Cap:
    """Fit the cap to rays.

    Parameters
    ----------
    along_mm, distance_mm : NDArray[np.float64], shape (rays, samples)
        Each ray's course: place along the axis and distance from it.
    body : tuple of float
        Slope and offset of the radius of the digit behind the cap, a straight line along the axis.
    tip_mm : float
        First guess of the tip's place.
    near : Cap, optional
        The cap of nearly the same rays, to start from.

    Returns
    -------
    Cap
        Touched by the rays in the least-squares sense, with Huber weights.
    """
    radius_mm = float(body[0] * (tip_mm + 8.0) + body[1])

    def touch(values: NDArray[np.float64]) -> NDArray[np.float64]:
        cap = _cap(values, tip_mm, radius_mm)
        radius = (body[0] * along_mm + body[1]) * cap.share_of_radius(along_mm)
        # Beyond the tip there is no surface: there a ray is as far away as the tip itself.
        beyond = np.hypot(distance_mm, np.minimum(along_mm - cap.tip_mm, 0.0))
        gap = np.where(along_mm >= cap.tip_mm, distance_mm - radius, beyond)
        return np.asarray(gap.min(axis=1)) / TOUCH_SD_MM

    def residuals(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.concatenate([touch(values), (values - CAP_PRIOR) / CAP_PRIOR_SD])

    if near is None:
        starts = [np.array([0.0, length, CAP_PRIOR[2]]) for length in LENGTH_STARTS]
    else:
        starts = [np.array([near.tip_mm - tip_mm, near.length_mm / radius_mm, near.exponent])]
    fits = [
        least_squares(
            residuals,
            start,
            loss="huber",
            f_scale=HUBER_MM / TOUCH_SD_MM,
            diff_step=DIFFERENCE_SHARE,
            ftol=CONVERGED_SHARE,
            x_scale=CAP_PRIOR_SD,
        )
        for start in starts
    ]
    return _cap(min(fits, key=lambda fit: float(fit.cost)).x, tip_mm, radius_mm)
