"""Whether a photograph is what the camera took: the card against the lens that the header tells of."""

from __future__ import annotations

import numpy as np

from calibration.lens import K1_SD
from calibration.pose_fit import BOW, BOW_SD_MM, SEEN, PoseFit, corner_sd_px

FREE_FOCAL_RELATIVE_SD = 0.5
"""A picture cut to half of its width, or zoomed twofold, has a focal length of twice as many pixels as its
header tells for its size: 0.7 in the logarithm, one and a half of this."""

FREE_PRINCIPAL_SD_SHARE = 0.2
"""Of the diagonal: the middle of a picture cut to two thirds lies up to 0.25 of its diagonal aside."""


def lens_mismatch_sd(fitted: PoseFit) -> float:
    """How many standard deviations lie between the stated lens and the lens that the card shows.

    Parameters
    ----------
    fitted : PoseFit
        With the stated lens as its prior.

    Returns
    -------
    float
        Root of twice the logarithm of the likelihood ratio between a photograph with any focal length and
        any principal point and one as the camera took it.

    Notes
    -----
    The problem is solved again as it looks near the stated lens (a score test: Rao 1948), so nothing is
    fitted a second time. The corners' spread is unknown and taken from the free solution; without that the
    tails of three markers would be heavier. A plane seen squarely tells nothing, and the answer is then near
    nil. A plane tells two of three: focal length and principal point along the tilt stand for each other, so
    the true lens cannot be had from the same photograph.
    """
    linear, diagonal_px = fitted.linear, 2 * float(np.hypot(*fitted.prior.lens[2:]))
    free_principal = np.full(2, FREE_PRINCIPAL_SD_SHARE * diagonal_px)
    free = np.concatenate([[FREE_FOCAL_RELATIVE_SD, K1_SD], free_principal, np.full(BOW, BOW_SD_MM)])
    spread_px = corner_sd_px(linear.left_px)
    spread_px = corner_sd_px(linear.solve(spread_px, free)[1])
    gain = linear.solve(spread_px, fitted.sd)[0] - linear.solve(spread_px, free)[0]
    freedom = max(linear.left_px.size - SEEN, 1)
    return float(np.sqrt(freedom * np.log1p(max(gain, 0.0) / freedom)))
