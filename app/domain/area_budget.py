"""The uncertainty of an area: each input moved by its standard uncertainty, the area computed again."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from calibration.surface import Surface, area_and_obliquity
from calibration.uncertainty import Budget, Component, from_change

PRINT_RELATIVE_SD = 0.003
"""The 100 mm check bar is accepted within ± 0.5 mm: 0.5 % / √3 on every length."""

AXIS_HEIGHT_SD_MM = 0.3
"""A digit seldom touches the table along its whole length, and pulp flattens where it does."""

RADIUS_SD_MM = 0.1
"""Outline points are good to about 0.05 mm a side on phantoms; skin is not a perfect circle across."""

AXIS_LATERAL_SD_MM = 0.2
"""A shift of the axis turns the normal under the ulcer: 0.2 mm at 8 mm is 1.4°."""

BAND_PROBABILITIES = (0.16, 0.84)
"""Of a calibrated border, these levels lie one standard deviation outside and inside."""

TRACED_BORDER_SD_PX = 0.25
"""A traced border follows the true one to about a quarter of a photo pixel on average along its length."""


@dataclass(frozen=True)
class Region:
    """The part of the ReadingImage round the ulcer: pixel centres on the card and coverage by the ulcer."""

    card_mm: NDArray[np.float64]
    probability: NDArray[np.float64]

    def area_mm2(self, surface: Surface, threshold: float) -> float:
        """Area behind the pixels, weighted by coverage at the border."""
        area, _ = area_and_obliquity(surface, self.card_mm)
        return float(np.nansum(area * coverage(self.probability, threshold)))


def coverage(probability: NDArray[np.float64], threshold: float) -> NDArray[np.float64]:
    """Share of each pixel inside the level set, to first order: distance to the level in pixels, cut at
    half a pixel."""
    rows, columns = np.gradient(probability)
    steepness = np.maximum(np.hypot(rows, columns), 1e-6)
    return np.asarray(np.clip(0.5 + (probability - threshold) / steepness, 0.0, 1.0))


def area_budget(
    region: Region,
    threshold: float,
    surface: Surface,
    focal_surface: Surface,
    area: float,
    perimeter: float,
    scale_relative_sd: float,
    photo_px_per_mm: float,
    traced: bool,
) -> Budget:
    """Uncertainty of one area, component by component.

    Parameters
    ----------
    region : Region
        The ulcer.
    threshold : float
        Level of its border.
    surface, focal_surface : Surface
        The digit, and the digit with the focal length one standard uncertainty longer.
    area, perimeter : float
        In mm² and mm.
    scale_relative_sd : float
        Of lengths on the card.
    photo_px_per_mm : float
        Resolution of the photograph at the digit.
    traced : bool
        Whether the outline was given.

    Returns
    -------
    Budget
    """
    axis = surface.axis
    side = np.array([-axis.direction[1], axis.direction[0]])
    raised = replace(surface, axis=replace(axis, height_mm=axis.height_mm + AXIS_HEIGHT_SD_MM))
    wider = replace(surface, radius_mm=surface.radius_mm * (1 + RADIUS_SD_MM / surface.radius_mm.max()))
    turned = replace(surface, axis=replace(axis, point_mm=axis.point_mm + AXIS_LATERAL_SD_MM * side))
    pixel_mm = 1 / photo_px_per_mm
    return Budget(
        (
            Component("scale", 2 * area * scale_relative_sd, "covariance of the camera given the corners"),
            Component("print", 2 * area * PRINT_RELATIVE_SD, "tolerance of the 100 mm check bar"),
            from_change(
                "focal length", area, region.area_mm2(focal_surface, threshold), "posterior of the camera"
            ),
            from_change("digit height", area, region.area_mm2(raised, threshold), "own choice, phantoms"),
            from_change("digit radius", area, region.area_mm2(wider, threshold), "spread of the outline"),
            from_change("obliquity", area, region.area_mm2(turned, threshold), "spread of the axis"),
            _border(region, threshold, surface, perimeter, pixel_mm, traced),
            Component(
                "resolution", pixel_mm**2 * np.sqrt(perimeter / pixel_mm / 12), "independent border pixels"
            ),
        )
    )


def _border(
    region: Region, threshold: float, surface: Surface, perimeter: float, pixel_mm: float, traced: bool
) -> Component:
    if traced:
        return Component("border", perimeter * TRACED_BORDER_SD_PX * pixel_mm, "traced outline")
    area, _ = area_and_obliquity(surface, region.card_mm)
    outside, inside = (
        float(np.nansum(area * coverage(region.probability, _level(level, threshold))))
        for level in BAND_PROBABILITIES
    )
    return Component("border", abs(outside - inside) / 2, "band of probability 16–84 %")


def _level(level: float, threshold: float) -> float:
    """The level as seen from the border's threshold: the band is centred on the border that is used."""
    odds = np.log(level / (1 - level)) + np.log(threshold / (1 - threshold))
    return float(1 / (1 + np.exp(-odds)))
