"""The digit's surface: what every ray of the camera meets, and at what angle."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from calibration.axis import Axis
from calibration.digit_card import in_world
from calibration.fingertip import Cap

SurfaceKind = Literal["revolution", "distal", "plane"]
"""`distal`: a surface of revolution fitted to the part beyond a bend; `plane` stands for a digit whose sides
cannot be trusted."""

BEYOND_MM = 20.0
"""How far past the last place seen the surface is still met: the reading image ends 8 mm beyond the card."""

SCAN_STEPS = 48
BISECTIONS = 14
"""Halvings of the bracket on each ray: 16 mm / 48 / 2¹⁴ is 20 nm."""


@dataclass(frozen=True)
class DigitSurface(ABC):
    """What stands for the digit's skin: points seen by the camera, their normals, and a frame of the digit's
    own.

    Attributes
    ----------
    axis : Axis
        Its axis.
    along_mm : NDArray[np.float64], shape (n,)
        Even grid along the axis; the first entry is the tip.
    radius_mm : NDArray[np.float64], shape (n,)
        Radius at each grid place.
    camera_mm : NDArray[np.float64], shape (3,)
        Centre of projection in the world.
    """

    axis: Axis
    along_mm: NDArray[np.float64]
    radius_mm: NDArray[np.float64]
    camera_mm: NDArray[np.float64]

    @property
    def digit_width_mm(self) -> float:
        """Twice the radius of the thickest place seen."""
        return 2 * float(np.percentile(self.radius_mm, 95))

    def radius_at(self, along_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Radius at places along the axis; −1 beyond the tip, the last radius towards the hand."""
        return np.interp(along_mm, self.along_mm, self.radius_mm, left=-1.0)

    def onto_card(self, points_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where the camera sees world points (n, 3) on the card's plane, shape (n, 2)."""
        share = self.camera_mm[2] / (self.camera_mm[2] - points_mm[:, 2])
        return np.asarray((self.camera_mm + (points_mm - self.camera_mm) * share[:, None])[:, :2])

    @property
    @abstractmethod
    def meridian_mm(self) -> NDArray[np.float64]:
        """Length along the skin from the tip at each grid place, shape (n,)."""

    @abstractmethod
    def locate(self, card_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """First meeting of the rays through points of the card's plane with the surface.

        Parameters
        ----------
        card_mm : NDArray[np.float64], shape (n, 2)
            Points x, y on the card's plane, as the camera sees them.

        Returns
        -------
        NDArray[np.float64], shape (n, 3)
            World points; NaN where the ray passes the digit.
        """

    @abstractmethod
    def normals(self, points_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Outward unit normals at points of the surface, shape (n, 3), world frame."""

    @abstractmethod
    def unroll(self, points_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """The digit's own frame.

        Parameters
        ----------
        points_mm : NDArray[np.float64], shape (n, 3)
            World points of the surface.

        Returns
        -------
        NDArray[np.float64], shape (n, 2)
            Length along the skin from the tip (mm), and the angle round the axis (radians; 0 at the top,
            growing clockwise as seen from beyond the tip).
        """

    @abstractmethod
    def roll(self, frame: NDArray[np.float64]) -> NDArray[np.float64]:
        """Inverse of `unroll`: (length, angle) of shape (n, 2) to world points of shape (n, 3)."""


@dataclass(frozen=True)
class Surface(DigitSurface):
    """A surface of revolution over the table, seen from the camera; its radius is 0 at the tip.

    Attributes
    ----------
    axis, along_mm, radius_mm, camera_mm
        As of every `DigitSurface`.
    cap : Cap
        The rounded end that the profile begins with.
    flattening : float
        Extent across the axis towards its upper side, as a share of the extent sideways: 1 is round.
    """

    cap: Cap
    flattening: float = 1.0

    def slope_at(self, along_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Change of the radius along the axis."""
        return np.interp(along_mm, self.along_mm, np.gradient(self.radius_mm, self.along_mm))

    def _gap(self, points_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        along, lateral, above = self._round(points_mm)
        return np.hypot(lateral, above) - self.radius_at(along)

    def _round(self, points_mm: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
        """Coordinates in the axis' frame, stretched so that the section is a circle."""
        along, lateral, above = self.axis.coordinates(points_mm)
        return along, lateral, above / self.flattening

    def locate(self, card_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where rays through points of the card (n, 2) meet it first, shape (n, 3); NaN where none does."""
        target = in_world(card_mm)
        # Beyond the last place seen, a digit that rises is higher still.
        along = np.append(self.along_mm, self.along_mm[-1] + BEYOND_MM)
        top_mm = float((self.axis.height_at(along) + self.radius_at(along)).max()) + 0.1
        shares = 1 - np.linspace(top_mm, 0.0, SCAN_STEPS) / -self.camera_mm[2]
        found = np.full(len(target), -1)
        for index in range(SCAN_STEPS):
            open_rays = np.flatnonzero(found < 0)
            points = self.camera_mm + (target[open_rays] - self.camera_mm) * shares[index]
            found[open_rays[self._gap(points) < 0]] = index
        hit = found > 0
        near, far = shares[np.maximum(found[hit] - 1, 0)], shares[found[hit]]
        rays = target[hit] - self.camera_mm
        for _ in range(BISECTIONS):
            middle = (near + far) / 2
            inside = self._gap(self.camera_mm + rays * middle[:, None]) < 0
            near, far = np.where(inside, near, middle), np.where(inside, middle, far)
        world = np.full((len(target), 3), np.nan)
        world[hit] = self.camera_mm + rays * ((near + far) / 2)[:, None]
        return world

    def normals(self, points_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Outward unit normals at points of the surface, shape (n, 3), world frame."""
        along, lateral, above = self._round(points_mm)
        distance = np.hypot(lateral, above) + 1e-12
        forward, side, up = self.axis.frame
        normal = (
            (lateral / distance)[:, None] * side
            + (above / distance / self.flattening)[:, None] * up
            - self.slope_at(along)[:, None] * forward
        )
        return np.asarray(normal / np.linalg.norm(normal, axis=1, keepdims=True))

    @property
    def meridian_mm(self) -> NDArray[np.float64]:
        """Length of the meridian from the tip at each grid place, shape (n,)."""
        steps = np.hypot(np.diff(self.along_mm), np.diff(self.radius_mm))
        return np.concatenate([[0.0], np.cumsum(steps)])

    def unroll(self, points_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Meridian from the tip (mm) and angle round the axis (radians) of points (n, 3), shape (n, 2)."""
        along, lateral, above = self._round(points_mm)
        beyond = np.maximum(along - self.along_mm[-1], 0.0)  # where the last radius is held
        meridian = np.interp(along, self.along_mm, self.meridian_mm) + beyond
        return np.column_stack([meridian, np.arctan2(lateral, above)])

    def roll(self, frame: NDArray[np.float64]) -> NDArray[np.float64]:
        """Inverse of `unroll`: (meridian, angle) of shape (n, 2) to world points (n, 3)."""
        meridian = self.meridian_mm
        beyond = np.maximum(frame[:, 0] - meridian[-1], 0.0)
        along = np.interp(frame[:, 0], meridian, self.along_mm) + beyond
        radius = np.maximum(self.radius_at(along), 0.0)
        above = self.flattening * radius * np.cos(frame[:, 1])
        local = np.column_stack([along, radius * np.sin(frame[:, 1]), above])
        return np.asarray(self.axis.reference_mm + local @ self.axis.frame)


def area_and_obliquity(
    surface: DigitSurface, card_mm: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Area of the surface behind every pixel of a grid, and the angle at which it is seen.

    Parameters
    ----------
    surface : DigitSurface
        The digit.
    card_mm : NDArray[np.float64], shape (rows, columns, 2)
        Pixel centres on the card's plane, evenly spaced.

    Returns
    -------
    area_mm2, obliquity_deg : NDArray[np.float64], shape (rows, columns)
        NaN where the ray passes the digit.
    """
    rows, columns = card_mm.shape[:2]
    flat = surface.locate(card_mm.reshape(-1, 2))
    world = flat.reshape(rows, columns, 3)
    area = np.linalg.norm(np.cross(np.gradient(world, axis=1), np.gradient(world, axis=0)), axis=2)
    sight = surface.camera_mm - flat
    sight /= np.linalg.norm(sight, axis=1, keepdims=True)
    cosine = np.einsum("nk,nk->n", surface.normals(flat), sight)
    return area, np.degrees(np.arccos(np.clip(cosine, -1, 1))).reshape(rows, columns)
