"""From what random scenes are drawn."""

from __future__ import annotations

from dataclasses import dataclass

from calibration.phantom.look import View

Range = tuple[float, float]


@dataclass(frozen=True)
class Ranges:
    """From what a random scene is drawn; each range is uniform between its ends unless said otherwise.

    Attributes
    ----------
    width_px, height_px : int
        Size of the photograph.
    distance_mm, tilt_deg, obliquity_deg, radius_mm : (float, float)
    area_mm2 : (float, float)
        Uniform in its logarithm.
    ulcers : (int, int)
        Least and most ulcers; beyond the first they stand anywhere in view.
    healed : float
        Share of ulcers drawn as a later state: margin moved in, new skin round the open rest.
    closed : float
        Share of ulcers healed over: a scar, area 0.
    tones : tuple of int
    views : tuple of {"dorsal", "pulp"}
    cover : float
        Share of photographs in which a cloth covers part of the card.
    hand : float
        Share of photographs that show the rest of the hand.
    inclination_deg : (float, float)
    k1 : (float, float)
    blur_px : (float, float)
    shade : (float, float)
    blemishes : (int, int)
    """

    width_px: int = 2592
    height_px: int = 1944
    distance_mm: Range = (130.0, 320.0)
    tilt_deg: Range = (0.0, 40.0)
    obliquity_deg: Range = (0.0, 50.0)
    radius_mm: Range = (5.5, 11.0)
    area_mm2: Range = (1.5, 60.0)
    ulcers: tuple[int, int] = (1, 1)
    healed: float = 0.3
    closed: float = 0.0
    tones: tuple[int, ...] = (1, 2, 3, 4, 5, 6)
    views: tuple[View, ...] = ("dorsal", "pulp")
    cover: float = 0.2
    hand: float = 0.6
    inclination_deg: Range = (0.0, 0.0)
    k1: Range = (-0.03, 0.03)
    blur_px: Range = (0.5, 1.5)
    shade: Range = (0.0, 0.35)
    blemishes: tuple[int, int] = (0, 3)
