"""A crust on the phantom's digit or a crater in it, deep enough to displace its silhouette."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

BRINK_SHARE = 0.35
"""Share of the way from the edge to the middle over which a crust or crater gains its full height."""


@dataclass(frozen=True)
class Relief:
    """A plateau raised above the surface of revolution or sunk into it, its outline an ellipse.

    Attributes
    ----------
    s_mm, phi_deg : float
        The middle: distance from the tip along the axis, and angle from the top.
    height_mm : float
        Of the plateau above the surface; negative for a crater.
    length_mm, width_mm : float
        Extent along the axis and round it.
    """

    s_mm: float
    phi_deg: float
    height_mm: float
    length_mm: float
    width_mm: float

    @property
    def reach_mm(self) -> float:
        """Nothing is displaced farther than this from the middle, as a chord."""
        return float(np.hypot(self.length_mm, self.width_mm)) / 2 + abs(self.height_mm)

    def height_at(self, s_mm: FloatArray, phi_rad: FloatArray, radius_mm: FloatArray) -> FloatArray:
        """Displacement (n,) away from the axis at places of the surface, mm."""
        turn = np.angle(np.exp(1j * (phi_rad - np.radians(self.phi_deg))))
        along, across = (s_mm - self.s_mm) / self.length_mm, radius_mm * turn / self.width_mm
        inwards = np.clip((1.0 - 2.0 * np.hypot(along, across)) / BRINK_SHARE, 0.0, 1.0)
        return np.asarray(self.height_mm * inwards**2 * (3.0 - 2.0 * inwards))
