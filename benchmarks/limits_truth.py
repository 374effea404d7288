"""What an area loses where a real finger is not what the surface fit takes it for.

Run: python benchmarks/limits_truth.py

docs/explanation/limits.md cites the table. No picture is rendered: a mesh of the digit throws its exact
silhouette on the card, the surface is fitted to that silhouette, and a patch of the mesh is measured on the
fitted surface.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from calibration.digit_card import DIGIT_CARD
from calibration.silhouette import Silhouette
from calibration.surface import Surface
from calibration.surface_fit import fit_surface

FloatArray = NDArray[np.float64]

TIP_MM = np.array([DIGIT_CARD.width_mm / 2, 22.0])
"""Where the fingertip lies on the card."""

DIGIT_LENGTH_MM = 70.0
TIP_LENGTH_MM = 9.0
"""Length over which the tip closes, as an ellipsoid."""

CAMERA_MM = np.array([TIP_MM[0] + 4.0, TIP_MM[1] + 12.0, -200.0])
"""200 mm above the card, nearly over the ulcer."""

OUTLINE_STEP_MM = 0.1
SLICE_MM, SPOKE_DEG = 0.04, 0.5
"""Fineness of the mesh: its shadow's edge is exact to 0.001 mm."""

ULCER_MM = 3.4
"""Side of a square patch of about 11.6 mm², the mean ulcer at baseline (SALVE)."""

PLACES = {"on top": (14.0, 0.0), "30° aside": (14.0, 30.0), "at the tip": (5.0, 0.0)}
"""Middle of the patch: distance from the tip (mm), and angle from the top."""


@dataclass(frozen=True)
class Digit:
    """A digit that need not be what the fit takes it for.

    Attributes
    ----------
    radius_mm : float
        Half its breadth.
    depth_share : float
        Thickness over breadth; 1 is round.
    sunk_mm : float
        How far it lies below where it would rest on the table; negative hovers.
    rise_deg : float
        Inclination of its axis from the tip to the hand, about the tip.
    hang_deg : float
        The distal 25 mm bend down (or up, negative) by this at the joint.
    nail_mm : float
        Length of a nail beyond the tip, 9 mm wide.
    tape_mm : float
        Thickness of a strip of dressing along one side, from 10 to 20 mm behind the tip.
    """

    radius_mm: float = 8.0
    depth_share: float = 1.0
    sunk_mm: float = 0.0
    rise_deg: float = 0.0
    hang_deg: float = 0.0
    nail_mm: float = 0.0
    tape_mm: float = 0.0

    def points(self, along_mm: FloatArray, angle_rad: FloatArray) -> FloatArray:
        """World points of places along the axis and angles from the top, shapes broadcast, (..., 3)."""
        along, angle = np.broadcast_arrays(along_mm, angle_rad)
        rest = np.clip((TIP_LENGTH_MM - along) / TIP_LENGTH_MM, 0.0, 1.0)
        half = self.radius_mm * np.sqrt(1.0 - rest**2)
        height = self.depth_share * (self.radius_mm + half * np.cos(angle)) - self.sunk_mm
        height = height + self._axis_height(along)
        x, y = TIP_MM[0] + half * np.sin(angle), TIP_MM[1] + along
        return np.stack([x, y, -height], axis=-1)

    def _axis_height(self, along_mm: FloatArray) -> FloatArray:
        joint_mm = 25.0
        bent = np.tan(np.radians(self.hang_deg)) * np.minimum(along_mm - joint_mm, 0.0)
        lift = max(0.0, joint_mm * float(np.tan(np.radians(self.hang_deg))))
        return np.asarray(np.tan(np.radians(self.rise_deg)) * along_mm + bent + lift)


def shadow(points: FloatArray) -> FloatArray:
    """Where the camera sees world points (..., 3) on the card's plane, (..., 2)."""
    share = CAMERA_MM[2] / (CAMERA_MM[2] - points[..., 2])
    return np.asarray((CAMERA_MM + (points - CAMERA_MM) * share[..., None])[..., :2])


def silhouette_of(digit: Digit) -> Silhouette:
    """Outermost points of the digit's shadow, row by row of the card."""
    near = TIP_LENGTH_MM * np.linspace(0, 1, 600, endpoint=False) ** 2
    along = np.concatenate([near, np.arange(TIP_LENGTH_MM, DIGIT_LENGTH_MM, SLICE_MM)])
    angle = np.radians(np.arange(-180.0, 180.0, SPOKE_DEG))
    seen = shadow(digit.points(along[:, None], angle[None, :])).reshape(-1, 2)
    if digit.nail_mm:
        seen = np.concatenate([seen, _nail(digit)])
    rows = np.arange(seen[:, 1].min() + OUTLINE_STEP_MM / 5, DIGIT_CARD.height_mm - 0.6, OUTLINE_STEP_MM)
    index = np.rint((seen[:, 1] - rows[0]) / OUTLINE_STEP_MM).astype(int)
    inside = (index >= 0) & (index < len(rows))
    low, high = np.full(len(rows), np.inf), np.full(len(rows), -np.inf)
    np.minimum.at(low, index[inside], seen[inside, 0])
    np.maximum.at(high, index[inside], seen[inside, 0])
    behind = rows - rows[0]
    low = low - digit.tape_mm * ((behind > 10.0) & (behind < 20.0))
    left, right = np.column_stack([low, rows]), np.column_stack([high, rows])
    return Silhouette(left, right, np.ones((2, 2), dtype=bool), 1.0)


def _nail(digit: Digit) -> FloatArray:
    """Shadow of a nail's plate at the height of the tip's upper third."""
    x, y = np.meshgrid(np.linspace(-4.5, 4.5, 200), np.linspace(-digit.nail_mm, 4.0, 200))
    height = np.full_like(x, 1.3 * digit.radius_mm * digit.depth_share - digit.sunk_mm)
    return shadow(np.stack([TIP_MM[0] + x, TIP_MM[1] + y, -height], axis=-1)).reshape(-1, 2)


def area_mm2(points: FloatArray) -> float:
    """Area of a grid of points (rows, columns, 3)."""
    across, down = np.diff(points, axis=1)[:-1], np.diff(points, axis=0)[:, :-1]
    return float(np.linalg.norm(np.cross(across, down), axis=2).sum())


def error_percent(digit: Digit, surface: Surface, place: tuple[float, float]) -> float:
    """Error of the area of a patch of the digit, as measured on the fitted surface."""
    middle_mm, middle_deg = place
    half_rad = ULCER_MM / 2 / digit.radius_mm
    along = np.linspace(middle_mm - ULCER_MM / 2, middle_mm + ULCER_MM / 2, 60)
    angle = np.radians(middle_deg) + np.linspace(-half_rad, half_rad, 60)
    patch = digit.points(along[:, None], angle[None, :])
    own = surface.locate(shadow(patch).reshape(-1, 2)).reshape(patch.shape)
    return 100 * (area_mm2(own) / area_mm2(patch) - 1)


def cases() -> dict[str, Digit]:
    """What differs from the digit that the fit expects."""
    usual = Digit()
    return {
        "as the fit expects": usual,
        "15 % flatter than wide": replace(usual, depth_share=0.85),
        "10 % flatter than wide": replace(usual, depth_share=0.9),
        "5 % thicker than wide": replace(usual, depth_share=1.05),
        "sunk 0.5 mm into a soft pad": replace(usual, sunk_mm=0.5),
        "hovering 2 mm over the table": replace(usual, sunk_mm=-2.0),
        "nail 2 mm beyond the tip": replace(usual, nail_mm=2.0),
        "nail 4 mm beyond the tip": replace(usual, nail_mm=4.0),
        "axis rises by 5°": replace(usual, rise_deg=5.0),
        "axis rises by 10°": replace(usual, rise_deg=10.0),
        "distal phalanx hangs by 10°": replace(usual, hang_deg=10.0),
        "distal phalanx hangs by 20°": replace(usual, hang_deg=20.0),
        "dressing 0.5 mm thick on one side": replace(usual, tape_mm=0.5),
        "dressing 1.5 mm thick on one side": replace(usual, tape_mm=1.5),
    }


def rows() -> list[tuple[str, dict[str, float]]]:
    """Error in percent of every case at every place."""
    found = []
    for name, digit in cases().items():
        surface = fit_surface(silhouette_of(digit), CAMERA_MM)
        found.append((name, {where: error_percent(digit, surface, at) for where, at in PLACES.items()}))
    return found


def main() -> None:
    """Print the table that limits.md cites."""
    table = Table(
        "the finger is", *PLACES, title="Error of the area of an 11.6 mm² ulcer, measured all the same"
    )
    for name, errors in rows():
        table.add_row(name, *(f"{error:+.1f} %" for error in errors.values()))
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
