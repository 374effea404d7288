"""How the digit was laid or held for the photograph, and what that leaves open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

PoseName = Literal["flat", "tip"]


@dataclass(frozen=True)
class Pose:
    """One of the two standard poses, with what a photograph does not show, as stated, and how well.

    Attributes
    ----------
    name : {"flat", "tip"}
        `flat`: the digit lies along the slot; `tip`: the fingertip stands up through it.
    inclination_deg, inclination_sd_deg : float
        Rise of the axis from the tip towards the hand, and its standard uncertainty. Two silhouettes cannot
        tell a rise from a taper.
    height_mm, height_sd_mm : float
        `flat`: gap between the digit and the table; `tip`: how far the tip stands above the card.
    """

    name: PoseName
    inclination_deg: float
    inclination_sd_deg: float
    height_mm: float
    height_sd_mm: float


FLAT = Pose("flat", inclination_deg=0.0, inclination_sd_deg=3.0, height_mm=0.0, height_sd_mm=0.3)
"""A digit laid on the table: pulp and joints leave its axis level to about 3° (own choice; a contracted digit
rises more), and pulp flattens where it touches."""

TIP = Pose("tip", inclination_deg=-90.0, inclination_sd_deg=5.0, height_mm=12.0, height_sd_mm=3.0)
"""The card is held level round the last joint: the tip stands 12 ± 3 mm above it (measurement design),
upright to 5° either way: within 10° nine times in ten (own choice)."""

POSES: dict[PoseName, Pose] = {"flat": FLAT, "tip": TIP}

STEEPEST_STATED_DEG = 45.0
"""A distal phalanx that rises more neither lies along the slot nor stands in it."""

STATED_INCLINATION_SD_DEG = 5.0
"""Of an inclination judged by eye or against the card's edge (own choice): a nurse tells 20° from 30°."""


def inclined_pose(inclination_deg: float) -> Pose:
    """`flat` with the distal phalanx rising towards the hand, as stated.

    Parameters
    ----------
    inclination_deg : float
        0 is `FLAT` itself.

    Raises
    ------
    ValueError
        If it is steeper than `STEEPEST_STATED_DEG`.
    """
    if abs(inclination_deg) > STEEPEST_STATED_DEG:
        raise ValueError(f"an inclination lies within ± {STEEPEST_STATED_DEG:g}°")
    if inclination_deg == 0:
        return FLAT
    return replace(FLAT, inclination_deg=inclination_deg, inclination_sd_deg=STATED_INCLINATION_SD_DEG)
