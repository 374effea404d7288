"""The digit's axis: a line in the world with a frame of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Axis:
    """The digit's axis.

    Attributes
    ----------
    point_mm : NDArray[np.float64], shape (2,)
        Foot on the card's plane (x, y) of the axis' point of reference.
    direction : NDArray[np.float64], shape (2,)
        Unit vector from the tip towards the hand, as seen from above.
    height_mm : float
        Height of the point of reference above the table.
    inclination_deg : float
        Rise of the axis from the tip towards the hand: 0 lies flat, −90 stands on its end, tip up.
    roll_deg : float
        Turn of the section about the axis, from its upper side towards its side; for sections that are not
        round.
    """

    point_mm: NDArray[np.float64]
    direction: NDArray[np.float64]
    height_mm: float
    inclination_deg: float = 0.0
    roll_deg: float = 0.0

    @property
    def frame(self) -> NDArray[np.float64]:
        """Rows: unit vectors along the axis, to its side and across both, upwards; (x, y, z) of the world."""
        rise = np.radians(self.inclination_deg)
        along = np.array([*(np.cos(rise) * self.direction), -np.sin(rise)])
        above = np.array([*(-np.sin(rise) * self.direction), -np.cos(rise)])
        side = np.array([-self.direction[1], self.direction[0], 0.0])
        cosine, sine = np.cos(np.radians(self.roll_deg)), np.sin(np.radians(self.roll_deg))
        return np.stack([along, cosine * side - sine * above, cosine * above + sine * side])

    @property
    def reference_mm(self) -> NDArray[np.float64]:
        """The point of reference in the world, shape (3,)."""
        return np.array([*self.point_mm, -self.height_mm])

    def coordinates(self, points_mm: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
        """World points (..., 3) in the axis' frame.

        Returns
        -------
        along_mm, lateral_mm, above_mm : NDArray[np.float64], shape (...)
            Distance along the axis towards the hand, to its side, and above it.
        """
        along, lateral, above = np.moveaxis((points_mm - self.reference_mm) @ self.frame.T, -1, 0)
        return along, lateral, above

    def height_at(self, along_mm: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """Height of places along the axis above the table."""
        return np.asarray(self.height_mm + np.sin(np.radians(self.inclination_deg)) * np.asarray(along_mm))
