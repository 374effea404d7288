"""The capture gate: each criterion measured, held against its limit, and worded for a nurse.

A refused photograph costs a minute while the finger is still there; an accepted bad one costs the visit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.gate_sentences import SENTENCES

FULL_SCALE = 254
"""8-bit code from which a channel is taken as clipped (JPEG rounding takes 255 to 254)."""

DARK_CODE = 8
"""Code up to which all three channels hold no texture any more."""


@dataclass(frozen=True)
class GateLimits:
    """Limits of the gate, each with its source.

    Attributes
    ----------
    minimum_markers : int
        Three markers fix the pose with corners to spare (measurement design).
    maximum_tilt_deg : float
        30°: beyond, the card's own foreshortening costs 13 % (measurement design; Davison 2022, target
        angle).
    minimum_scale_px_per_mm : float
        10 px/mm at the digit: 0.1 mm a pixel, where one pixel of border is a tenth of an 11.6 mm² ulcer
        (SALVE).
    maximum_blur_mm : float
        Standard deviation of the edge spread on the card; 0.15 mm is half the softest ulcer border that
        readers still place
        alike (own choice; Davison 2022, focus).
    maximum_clipped_percent : float
        Share of the digit's pixels with a channel at full scale; highlights on moist skin stay below this
        (own choice).
    maximum_dark_percent : float
        Share of the digit's pixels without any light (own choice; Davison 2022, shadow).
    maximum_obliquity_deg : float
        35°: the border beyond is foreshortened by more than a fifth (measurement design).
    minimum_even_light_percent : float
        Light round the dimmest marker as a share of that round the brightest. Of patients' photographs 17 %
        were evenly lit (Davison 2022), so only a fall to 40 %, more than a stop, is refused; on phantoms lit
        as rooms are it stays above 67 % (own choice).
    maximum_shade_percent : float
        Light that a shadow takes from a stretch of the digit, as the paper on both its sides and the skin
        tell. Of patients' photographs 81 % had some shadow (Davison 2022): only one that lies over the digit
        and takes 40 % of its light is refused; without one, phantoms stay below 25 % (own choice).
    maximum_digit_blur_mm : float
        Standard deviation of the edge spread of the digit's outline: wider than on the card, for the digit
        stands up to 16 mm nearer to the lens (0.1 mm of defocus) and skin's edge is softer than print's (own
        choice; Davison 2022, focus).
    minimum_tip_inside_mm : float
        The reading image begins 2 mm inside the card's upper edge, and the skin's edge is looked for 1.2 mm
        beyond the outline (rectify, skin_edges; Davison 2022, target location).
    minimum_digit_on_card_mm : float
        The digit's radius is fitted from 7 to 21 mm behind its tip (surface_fit): 20 mm hold nearly all of it
        (Davison 2022, target location).
    maximum_digit_aside_mm : float
        Half the slot's width: beyond, the digit's axis lies outside the slot (digit card; Davison 2022,
        target location).
    maximum_digit_askew_deg : float
        A thin digit (11 mm) may turn by 27° and still lie within the slot along 30 mm (digit card; Davison
        2022, target location).
    maximum_glare_percent : float
        Share of the ulcer that mirrors the lamp or is clipped. Highlights painted over a fifth of an ulcer
        moved the network's area by 4 %, over two fifths by 7 % (root mean square of 15 own trials).
    minimum_ulcer_margin_percent : float
        Distance of the ulcer from the photograph's border as a share of its shorter side: lenses are soft at
        the border, and the skin round the ulcer must be seen (own choice; Davison 2022, lesion centred).
    maximum_lens_mismatch_sd : float
        Standard deviations between the lens that the header tells of and the one that the card shows. Over
        thousands of simulated photographs as cameras take them, bowed cards and middles of the picture some
        25 px off included, 99.5 % stay below 3.0 (benchmarks/lens_truth.py).
    maximum_focal_sd_percent : float
        Standard uncertainty of the focal length. 15 % brings 2.3 % to the area at 200 mm; the typical lens
        taken for a silent header has 12 %, a digital zoom of 1.35 and more needs a tilted card.
    minimum_tip_distance_mm : float
        From the lens to the card where the tip stands: its height is known to 3 mm, 3 % of the area at 200 mm
        (measurement design).
    maximum_card_bend_mm : float
        Height between the middle and the edges of a curled card: a raised middle of 1 mm costs about
        1 % of an area, raised edges less, and flat cards stay below 0.4 mm (benchmarks/detector_truth.py).
    """

    minimum_markers: int = 3
    maximum_tilt_deg: float = 30.0
    minimum_scale_px_per_mm: float = 10.0
    maximum_blur_mm: float = 0.15
    maximum_clipped_percent: float = 5.0
    maximum_dark_percent: float = 5.0
    maximum_obliquity_deg: float = 35.0
    minimum_even_light_percent: float = 40.0
    maximum_shade_percent: float = 40.0
    maximum_digit_blur_mm: float = 0.25
    minimum_tip_inside_mm: float = 4.0
    minimum_digit_on_card_mm: float = 20.0
    maximum_digit_aside_mm: float = 13.0
    maximum_digit_askew_deg: float = 30.0
    maximum_glare_percent: float = 20.0
    minimum_ulcer_margin_percent: float = 10.0
    minimum_tip_distance_mm: float = 200.0
    maximum_lens_mismatch_sd: float = 4.0
    maximum_focal_sd_percent: float = 15.0
    maximum_card_bend_mm: float = 1.0


@dataclass(frozen=True)
class Criterion:
    """One criterion as measured on one photograph.

    Attributes
    ----------
    code : str
        Stable name.
    value, limit : float or None
        In the unit that the code names; None where nothing can be measured.
    passed : bool
        Whether the photograph meets it.
    fr, en : str
        What to do about it, in one sentence.
    """

    code: str
    value: float | None
    limit: float | None
    passed: bool
    fr: str
    en: str


def criterion(code: str, value: float | None, limit: float | None, passed: bool) -> Criterion:
    """Build a criterion with its sentences."""
    fr, en = SENTENCES[code]
    return Criterion(code, value, limit, passed, fr, en)


def refusal(code: str, value: float | None = None, limit: float | None = None) -> Criterion:
    """A criterion that is not met and after which nothing else can be measured."""
    return criterion(code, value, limit, passed=False)


def at_most(code: str, value: float | None, limit: float) -> Criterion:
    """A criterion that holds up to its limit, and where nothing can be measured."""
    return _bounded(code, value, limit, value is None or value <= limit)


def at_least(code: str, value: float | None, limit: float) -> Criterion:
    """A criterion that holds from its limit upwards, and where nothing can be measured."""
    return _bounded(code, value, limit, value is None or value >= limit)


def _bounded(code: str, value: float | None, limit: float, passed: bool) -> Criterion:
    return criterion(code, None if value is None else round(value, 4), limit, bool(passed))


def exposure_percent(rgb: NDArray[np.uint8], digit: NDArray[np.bool_]) -> tuple[float, float]:
    """Share of the digit's pixels that hold no tone.

    Parameters
    ----------
    rgb : NDArray[np.uint8], shape (height, width, 3)
        ReadingImage.
    digit : NDArray[np.bool_], shape (height, width)
        The digit.

    Returns
    -------
    clipped_percent, dark_percent : float
        With any channel at full scale; with all channels dark.
    """
    pixels = rgb[digit]
    if len(pixels) == 0:
        return 0.0, 0.0
    clipped = (pixels >= FULL_SCALE).any(axis=1).mean()
    dark = (pixels <= DARK_CODE).all(axis=1).mean()
    return 100 * float(clipped), 100 * float(dark)
