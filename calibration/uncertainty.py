"""The uncertainty budget of an area (JCGM 100, GUM): components by name, combined in quadrature."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

COVERAGE_FACTOR = 2.0
"""k = 2: about 95 % for a normal quantity (JCGM 100, 6.3.3)."""


@dataclass(frozen=True)
class Component:
    """One standard uncertainty of an area.

    Attributes
    ----------
    name : str
        What it comes from.
    u_area_mm2 : float
        Standard uncertainty it brings to the area, in mm².
    source : str
        How the figure was had.
    """

    name: str
    u_area_mm2: float
    source: str


@dataclass(frozen=True)
class Budget:
    """All components of one area."""

    components: tuple[Component, ...]

    @property
    def combined_mm2(self) -> float:
        """Combined standard uncertainty u(A); the components are independent."""
        return math.sqrt(sum(component.u_area_mm2**2 for component in self.components))

    @property
    def expanded_mm2(self) -> float:
        """Expanded uncertainty U(A) with k = 2."""
        return COVERAGE_FACTOR * self.combined_mm2

    @property
    def dominant(self) -> str:
        """Name of the largest component."""
        return max(self.components, key=lambda component: component.u_area_mm2).name


def from_changes(name: str, area_mm2: float, changed_mm2: Sequence[float], source: str) -> Component:
    """A component from the area computed again with one input moved by its standard uncertainty.

    Moved both ways, the larger change counts: where the area bends, one way alone tells too little.
    """
    return Component(name, max(abs(changed - area_mm2) for changed in changed_mm2), source)
