"""Colour correction of a photograph from the card's patches, with its ΔE2000 before and after.

Each patch is read in linear light and divided by the light on the white paper round it, so that neither the
light's fall across the card nor the digit's shadow passes for a colour. What remains is one matrix and one
veil of stray light for the whole picture.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.camera import Camera
from calibration.colour_fit import (
    MEASURED_RELATIVE_SD,
    NOMINAL_RELATIVE_SD,
    Fit,
    delta_e_2000,
    fit_balance,
    fit_exposure,
    fit_matrix,
    foretold,
    without_strange_colour,
)
from calibration.digit_card import DIGIT_CARD, PrintLot
from calibration.patch_readings import Flaw, FloatArray, evenly_lit, read_patches, without_strange_paper
from calibration.photo import Photo
from calibration.srgb import SRGB_TO_LINEAR, encoded

EXPOSURE_SHARE = 0.85
"""Share of the exposure that would show the card as bright as it is stated. Skin turned to a lamp is brighter
than paper lying flat: with this share at most 2 % of a finger's pixels come above `SHOULDER`, with the full
exposure 11 % on average and half of a pale finger (rendered study)."""

GREATEST_GAIN = 4.0
"""Two stops: beyond, 8-bit steps and noise of a dark photograph would show (own choice)."""

SHOULDER = 0.9
"""Linear light up to which colours are exact (the white patch comes to 0.76); brighter ones roll off."""

HEADROOM = 2.0
"""Largest linear value that the encoding table tells apart from white."""

GLARE_CODES = (235.0, 254.0)
"""Least channel from which a pixel goes over to neutral: a clipped highlight has no colour to correct."""

NOMINAL_LOT = "nominal"

Model = Literal["matrix", "white_balance", "exposure", "none"]


@dataclass(frozen=True)
class DeltaE:
    """ΔE2000 over the patches used."""

    mean: float
    maximum: float


@dataclass(frozen=True)
class ColourCorrection:
    """What turns a photograph's colours into the card's.

    Attributes
    ----------
    print_lot : str
        `nominal`, or the measured lot whose values were used.
    matrix : NDArray[np.float64], shape (3, 3)
        Linear light to linear light, exposure (`exposure_share`) included.
    veil : NDArray[np.float64], shape (3,)
        Stray light taken off after the matrix, linear, 0 or more.
    model : {"matrix", "white_balance", "exposure", "none"}
        The one that best foretells patches it has not seen.
    reason : str or None
        Why there is no correction: `too_few_patches`.
    used : tuple of str
        Patches that the correction rests on.
    left_out : dict of str to str
        Reason code by patch.
    delta_e_before : DeltaE or None
        With the best exposure alone, no colour changed. All three are taken with the light's fall across the
        card evened out, at the card's full exposure; None without a correction.
    delta_e_after, delta_e_held_out : DeltaE or None
        Of the fit; and of each patch as the others foretell it (leave one out).
    exposure_share : float
        Share of the card's full exposure that is given: `EXPOSURE_SHARE`, less where a dark photograph would
        need too much gain, 1 without a correction.
    """

    print_lot: str
    matrix: FloatArray = field(default_factory=lambda: np.eye(3))
    veil: FloatArray = field(default_factory=lambda: np.zeros(3))
    model: Model = "none"
    reason: str | None = "too_few_patches"
    used: tuple[str, ...] = ()
    left_out: dict[str, Flaw] = field(default_factory=dict)
    delta_e_before: DeltaE | None = None
    delta_e_after: DeltaE | None = None
    delta_e_held_out: DeltaE | None = None
    exposure_share: float = 1.0

    def corrected(self, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The picture in the card's colours.

        Parameters
        ----------
        rgb : NDArray[np.uint8], shape (height, width, 3)
            sRGB: the photograph or any resampling of it.

        Returns
        -------
        NDArray[np.uint8], shape (height, width, 3)
            sRGB; black stays black, bright light rolls off, clipped highlights stay neutral.
        """
        if self.model == "none":
            return rgb.copy()
        light = cv2.LUT(np.ascontiguousarray(rgb), LINEAR_CODES)
        change = np.column_stack([self.matrix, -self.veil * WHITE_CODE])
        light = _neutral_glare(rgb, np.asarray(cv2.transform(light, change), np.uint16))
        return np.asarray(np.take(SRGB_CODES, light))

    def to_record(self) -> dict[str, Any]:
        """All of it as JSON holds it, to be stored with a measurement."""
        steps = {
            "before": self.delta_e_before,
            "after": self.delta_e_after,
            "held_out": self.delta_e_held_out,
        }
        return {
            "card": f"{DIGIT_CARD.name}-{DIGIT_CARD.version}",
            "print_lot": self.print_lot,
            "model": self.model,
            "reason": self.reason,
            "matrix": self.matrix.tolist(),
            "veil": self.veil.tolist(),
            "exposure_share": self.exposure_share,
            "used": list(self.used),
            "left_out": dict(self.left_out),
            "delta_e_2000": {name: None if step is None else asdict(step) for name, step in steps.items()},
        }


def _rolled_off(light: FloatArray) -> FloatArray:
    """Light above the shoulder, bent so that it nears white without reaching it."""
    room = 1.0 - SHOULDER
    return np.where(
        light > SHOULDER, SHOULDER + room * (1.0 - np.exp(-np.maximum(light - SHOULDER, 0) / room)), light
    )


WHITE_CODE = 65535 / HEADROOM
"""16-bit code of white, below the top so that light brighter than the paper has codes as well."""

LINEAR_CODES = np.rint(SRGB_TO_LINEAR * WHITE_CODE).astype(np.uint16)
"""16-bit linear light of every sRGB code; half a step at the dark end is a twentieth of a code."""

SRGB_CODES = np.rint(255 * encoded(_rolled_off(np.arange(65536) / WHITE_CODE))).astype(np.uint8)
"""sRGB code of every 16-bit linear value."""


def _neutral_glare(rgb: NDArray[np.uint8], light: NDArray[np.uint16]) -> NDArray[np.uint16]:
    low, high = GLARE_CODES
    least = cv2.min(cv2.min(rgb[..., 0], rgb[..., 1]), rgb[..., 2])
    where = np.nonzero(least > low)
    if len(where[0]):
        share = np.clip((least[where].astype(np.float32) - low) / (high - low), 0.0, 1.0)[:, None]
        seen = light[where]
        light[where] = np.rint(seen + share * (seen.max(axis=1, keepdims=True) - seen)).astype(np.uint16)
    return light


def estimate_colour(photo: Photo, camera: Camera, lot: PrintLot | None = None) -> ColourCorrection:
    """Fit the correction to the patches that can be trusted.

    Parameters
    ----------
    photo : Photo
        The photograph, at full resolution.
    camera : Camera
        The camera over its card.
    lot : PrintLot, optional
        Measured values of the card's print run; the nominal ones otherwise.

    Returns
    -------
    ColourCorrection
        With model `none` when fewer than `LEAST_PATCHES` patches or `LEAST_GREYS` greys are left.

    Notes
    -----
    Where the print was never measured, ΔE tells how far print and nominal values agree, not how true the
    colours are.
    """
    stated, relative_sd = _stated(lot), NOMINAL_RELATIVE_SD if lot is None else MEASURED_RELATIVE_SD
    readings = without_strange_paper(read_patches(photo, camera))
    seen = readings.light
    if readings.enough:
        seen = evenly_lit(readings, stated)
        readings = without_strange_colour(readings, seen, stated, relative_sd)
    named = list(zip(DIGIT_CARD.patches, readings.flaws, strict=True))
    correction = ColourCorrection(
        print_lot=NOMINAL_LOT if lot is None else lot.name,
        used=tuple(patch.id for patch, flaw in named if flaw is None),
        left_out={patch.id: flaw for patch, flaw in named if flaw is not None},
    )
    usable = readings.usable
    return _fitted(correction, seen[usable], stated[usable], relative_sd) if readings.enough else correction


def _stated(lot: PrintLot | None) -> FloatArray:
    """Linear light (n, 3) of the patches as their lot was measured, else as they were meant."""
    measured = {} if lot is None else lot.srgb
    srgb = np.array([measured.get(patch.id, patch.srgb) for patch in DIGIT_CARD.patches], np.float64)
    return np.interp(srgb, np.arange(256), SRGB_TO_LINEAR)


def _fitted(
    correction: ColourCorrection, seen: FloatArray, stated: FloatArray, relative_sd: float
) -> ColourCorrection:
    """The model that best foretells unseen patches; the simpler one where two do equally well."""
    fits: dict[Model, Fit] = {"exposure": fit_exposure, "white_balance": fit_balance, "matrix": fit_matrix}
    held_out = {model: _summary(foretold(fit, seen, stated, relative_sd)) for model, fit in fits.items()}
    model = min(fits, key=lambda name: held_out[name].mean)
    changes = {name: fits[name](seen, stated, relative_sd) for name in ("exposure", model)}
    delta_e = {name: _summary(delta_e_2000(change.applied(seen), stated)) for name, change in changes.items()}
    change = changes[model]
    share = min(EXPOSURE_SHARE, GREATEST_GAIN / float(np.linalg.norm(change.matrix, axis=1).max()))
    return replace(
        correction,
        matrix=change.matrix * share,
        veil=change.veil * share,
        model=model,
        reason=None,
        delta_e_before=delta_e["exposure"],
        delta_e_after=delta_e[model],
        delta_e_held_out=held_out[model],
        exposure_share=share,
    )


def _summary(values: FloatArray) -> DeltaE:
    return DeltaE(float(values.mean()), float(values.max()))
