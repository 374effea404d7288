"""The uncertainty of an area: each input moved by its standard uncertainty, the area computed again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.surface import DigitSurface, area_and_obliquity
from calibration.surface_variants import Variant
from calibration.uncertainty import Budget, Component, from_changes

PRINT_RELATIVE_SD = 0.003
"""The 100 mm check bar is accepted within ± 0.5 mm: 0.5 % / √3 on every length."""

BAND_PROBABILITIES = (0.16, 0.84)
"""Of a calibrated border, these levels lie one standard deviation outside and inside."""

COMMON_SHARE = 0.35
"""Share of the band by which the border as a whole is off: with it, the stated 95 % interval holds the truth
on 97 % of 75 photographs of phantoms and errors over their uncertainties have a root mean square of 0.92
(0.25: 89 %, 0.3: 96 %, to 0.55: 97 %), none of them of those on which errors are reported. Measured with
version 0.6.0 of the network."""


@dataclass(frozen=True)
class Basis:
    """What an area is computed on, and how well each input is known.

    Attributes
    ----------
    surface : DigitSurface
        The digit.
    variants : tuple of Variant
        The digit as it would be with single inputs one standard uncertainty larger.
    scale_relative_sd : float
        Of lengths on the card, from the corners' residuals.
    photo_px_per_mm : float
        Resolution of the photograph at the digit.
    traced : bool
        Whether the outline was given rather than found.
    """

    surface: DigitSurface
    variants: tuple[Variant, ...]
    scale_relative_sd: float
    photo_px_per_mm: float
    traced: bool


@dataclass(frozen=True)
class Region:
    """The part of the ReadingImage round the ulcer, and the level of its border.

    Attributes
    ----------
    card_mm : NDArray[np.float64], shape (rows, columns, 2)
        Pixel centres on the card.
    probability : NDArray[np.float64], shape (rows, columns)
        Of ulcer; 0 away from the counted parts.
    threshold : float
        Level of the border.
    """

    card_mm: NDArray[np.float64]
    probability: NDArray[np.float64]
    threshold: float

    def area_mm2(self, surface: DigitSurface) -> float:
        """Area behind the pixels, weighted by coverage at the border."""
        area, _ = area_and_obliquity(surface, self.card_mm)
        return float(np.nansum(area * coverage(self.probability, self.threshold)))


def coverage(probability: NDArray[np.float64], threshold: float) -> NDArray[np.float64]:
    """Share of each pixel inside the level set, to first order: distance to the level in pixels, cut at
    half a pixel."""
    rows, columns = np.gradient(probability)
    steepness = np.maximum(np.hypot(rows, columns), 1e-6)
    return np.asarray(np.clip(0.5 + (probability - threshold) / steepness, 0.0, 1.0))


def area_budget(region: Region, basis: Basis, area_mm2: float, perimeter_mm: float) -> Budget:
    """Uncertainty of one area, component by component (JCGM 100, 5.1).

    Parameters
    ----------
    region : Region
        The ulcer.
    basis : Basis
        What it was computed on.
    area_mm2, perimeter_mm : float
        As computed.
    """
    return Budget(
        (
            scale_component(basis.scale_relative_sd, area_mm2),
            printing_component(area_mm2),
            *(geometry(region, variant, area_mm2) for variant in basis.variants),
            *(() if basis.traced else (border(region, basis),)),
            resolution_component(basis.photo_px_per_mm, perimeter_mm),
        )
    )


def scale_component(scale_relative_sd: float, area_mm2: float) -> Component:
    """Of lengths on the card: area goes with their square."""
    return Component("scale", 2 * area_mm2 * scale_relative_sd, "residuals of the card's corners")


def printing_component(area_mm2: float) -> Component:
    """Of the printed card against its drawing."""
    return Component("print", 2 * area_mm2 * PRINT_RELATIVE_SD, "tolerance of the 100 mm check bar")


def geometry(region: Region, variant: Variant, area_mm2: float) -> Component:
    """Of one input of the surface: the area computed again with it moved."""
    changed_mm2 = [region.area_mm2(surface) for surface in variant.surfaces]
    return from_changes(variant.name, area_mm2, changed_mm2, variant.source)


def border(region: Region, basis: Basis) -> Component:
    """Of where skin ends and ulcer begins, as the network sees it.

    A traced outline has none: it is what its reader holds to be the border, and how readers differ is seen
    from their repeated reads, not from one of them.
    """
    area, _ = area_and_obliquity(basis.surface, region.card_mm)
    outside, inside = (
        float(np.nansum(area * coverage(region.probability, _level(level, region.threshold))))
        for level in BAND_PROBABILITIES
    )
    half_band = abs(outside - inside) / 2
    return Component("border", COMMON_SHARE * half_band, "band of probability 16–84 %")


def _level(level: float, threshold: float) -> float:
    """The level as seen from the border's threshold: the band is centred on the border that is used."""
    odds = np.log(level / (1 - level)) + np.log(threshold / (1 - threshold))
    return float(1 / (1 + np.exp(-odds)))


def resolution_component(photo_px_per_mm: float, perimeter_mm: float) -> Component:
    """Of border pixels, each inside or outside: uniform within a pixel, independent along the border."""
    pixel_mm = 1 / photo_px_per_mm
    return Component(
        "resolution", pixel_mm**2 * np.sqrt(perimeter_mm / pixel_mm / 12), "independent border pixels"
    )
