"""What turns the patches' light as seen into their light as stated: three models, from simple to free."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from calibration.patch_readings import LEAST_PATCHES, TINY, FloatArray, PatchReadings, ridge
from calibration.srgb import encoded

GROSS_DELTA_E = 20.0
"""ΔE2000 under a white balance by medians beyond which no camera's colours explain a patch (own choice)."""

INCONSISTENT_DELTA_E = 12.0
"""ΔE2000 from the colour that the other patches foretell. Prints that were never measured stray by 5 to 8."""

NOMINAL_RELATIVE_SD, MEASURED_RELATIVE_SD = 0.05, 0.02
"""Relative spread of a patch's light about its stated value: office printers against a measured lot."""

DARK_SD = 0.004
"""Spread of dark patches in linear light: one 8-bit code is worth 0.002 there, the ink's gloss as much."""

SCALE_SD, CROSSTALK_SD, VEIL_SD = 1.0, 0.1, 0.01
"""Priors of the correction: channels' scales free; exchange between channels as phones' own matrices and
saturation settings leave it; stray light of a clean phone lens, 0–2 % of white (own choice)."""


@dataclass(frozen=True)
class ColourChange:
    """From light as seen to light as stated, linear.

    Attributes
    ----------
    matrix : NDArray[np.float64], shape (3, 3)
    veil : NDArray[np.float64], shape (3,)
        Stray light, taken off after the matrix.
    """

    matrix: FloatArray
    veil: FloatArray

    def applied(self, light: FloatArray) -> FloatArray:
        """Light (n, 3) or (3,) after the change."""
        return np.asarray(light @ self.matrix.T - self.veil)


Fit = Callable[[FloatArray, FloatArray, float], ColourChange]
"""From patches as seen and as stated (n, 3), and the latter's relative spread."""


def _weights(stated: FloatArray, relative_sd: float) -> FloatArray:
    return 1.0 / (relative_sd * stated + DARK_SD)


def fit_exposure(seen: FloatArray, stated: FloatArray, relative_sd: float) -> ColourChange:
    """One factor for all channels."""
    squares = _weights(stated, relative_sd) ** 2
    return ColourChange(
        np.eye(3) * float((squares * seen * stated).sum() / (squares * seen**2).sum()), np.zeros(3)
    )


def fit_balance(seen: FloatArray, stated: FloatArray, relative_sd: float) -> ColourChange:
    """A factor for each channel."""
    squares = _weights(stated, relative_sd) ** 2
    return ColourChange(
        np.diag((squares * seen * stated).sum(axis=0) / (squares * seen**2).sum(axis=0)), np.zeros(3)
    )


def fit_matrix(seen: FloatArray, stated: FloatArray, relative_sd: float) -> ColourChange:
    """White balance, then small exchanges between channels that leave greys alone, and a veil.

    Each row of the matrix is a ridge regression on its own channel, the two others' differences to it, and
    the veil: greys have no differences, so exchange cannot shift them, and the priors decide how far colours
    may pull.
    """
    weights, gains = _weights(stated, relative_sd), np.diag(fit_balance(seen, stated, relative_sd).matrix)
    balanced, matrix, veil = seen * gains, np.zeros((3, 3)), np.zeros(3)
    prior_sd = np.array([SCALE_SD, CROSSTALK_SD, CROSSTALK_SD, VEIL_SD])
    for own, first, second in ((0, 1, 2), (1, 0, 2), (2, 0, 1)):
        light, weight = balanced[:, own], weights[:, own]
        terms = [light, balanced[:, first] - light, balanced[:, second] - light, -np.ones(len(light))]
        design, target = np.column_stack(terms) * weight[:, None], (stated[:, own] - light) * weight
        fit = ridge(design, target, prior_sd)
        if fit[3] < 0:  # stray light adds, it never takes away
            fit = np.append(ridge(design[:, :3], target, prior_sd[:3]), 0.0)
        matrix[own, [own, first, second]] = 1.0 + fit[0] - fit[1] - fit[2], fit[1], fit[2]
        veil[own] = fit[3]
    return ColourChange(matrix * gains, veil)


def foretold(fit: Fit, seen: FloatArray, stated: FloatArray, relative_sd: float) -> FloatArray:
    """ΔE2000 (n,) of each patch under the change that the others give."""
    others = ~np.eye(len(seen), dtype=bool)
    changes = [fit(seen[rest], stated[rest], relative_sd) for rest in others]
    return delta_e_2000(
        np.array([change.applied(one) for change, one in zip(changes, seen, strict=True)]), stated
    )


def without_strange_colour(
    readings: PatchReadings, seen: FloatArray, stated: FloatArray, relative_sd: float
) -> PatchReadings:
    """Name the patches that the others do not foretell: first against medians, then the worst, one by one."""
    usable = readings.usable
    balance = np.exp(np.median(np.log(stated[usable] / (seen[usable] + TINY)), axis=0))
    kept = usable & (delta_e_2000(seen * balance, stated) < GROSS_DELTA_E)
    while kept.sum() >= LEAST_PATCHES:
        strange = foretold(fit_matrix, seen[kept], stated[kept], relative_sd)
        if strange.max() <= INCONSISTENT_DELTA_E:
            break
        kept[np.flatnonzero(kept)[strange.argmax()]] = False
    return readings.named(usable & ~kept, "inconsistent")


def delta_e_2000(light: FloatArray, stated: FloatArray) -> FloatArray:
    """CIEDE2000 (n,) between two lists of linear light (n, 3), D65."""
    from skimage.color import deltaE_ciede2000, rgb2lab  # noqa: PLC0415  (slow to import: only where a card is)

    seen_lab, stated_lab = rgb2lab(encoded(light)), rgb2lab(encoded(stated))
    return np.asarray(deltaE_ciede2000(seen_lab, stated_lab))  # type: ignore[no-untyped-call]
