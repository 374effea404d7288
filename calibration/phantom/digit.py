"""The phantom's digit: a surface of revolution lying on the table, known exactly."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from calibration.digit_card import DIGIT_CARD
from calibration.phantom.relief import Relief

FloatArray = NDArray[np.float64]

PROFILE_NODES = 8001
"""Nodes along the axis, denser towards the tip; linear interpolation errs by less than 1e-5 mm."""

TAPER_ENDS_MM = 48.0
"""Distance from the tip behind which the radius stays constant: about the proximal phalanx's middle."""

JOINT_MM = 25.0
"""Distance of the distal joint from the tip; 22–28 mm in adults (own measurements of hand photographs)."""

JOINT_WIDTH_MM = 5.0
"""Standard deviation of the joint's bulge along the axis (own choice)."""

MIDDLE_OF_SLOT_MM = (DIGIT_CARD.slot.left + DIGIT_CARD.slot.right) / 2


@dataclass(frozen=True)
class DigitShape:
    """Shape and place of a digit on the card (card frame: x right, y towards the hand, h up; mm).

    Attributes
    ----------
    radius_mm : float
        Radius of the proximal part, which rests on the table.
    taper : float
        Share of the radius lost between the proximal part and the tip.
    joint_bulge : float
        Thickening at the distal joint as a share of the radius.
    tip_length_mm : float
        Length over which the tip closes.
    tip_exponent : float
        Exponent of the superellipse that closes the tip: 2 an ellipsoid, larger blunter.
    tip_y_mm, lateral_mm : float
        Place of the tip: along the slot, and to the right of the slot's middle.
    yaw_deg : float
        Direction of the axis from the tip to the hand, turned from y towards x.
    inclination_deg : float
        Rise of the axis from the tip to the hand (a contracted finger); 0 lies flat, −90 stands tip up.
    protrusion_mm : float or None
        Height of the tip above the card where the digit stands up through the slot; None where it rests on
        the table.
    length_mm : float
        Length from the tip to the cut end.
    end_length_mm : float
        Length over which the far end closes, for bodies that are no digits; 0 leaves it cut.
    sunk_mm : float
        Depth below the table of the lowest point, for bodies that are no digits.
    relief : Relief or None
        A crust or a crater that displaces the surface.
    turn_deg : float
        Turn of the finger about its own axis, its upper side to the right; nail, skin and ulcers turn with
        it.
    """

    radius_mm: float = 8.0
    taper: float = 0.05
    joint_bulge: float = 0.02
    tip_length_mm: float = 9.0
    tip_exponent: float = 2.2
    tip_y_mm: float = 22.0
    lateral_mm: float = 0.0
    yaw_deg: float = 0.0
    inclination_deg: float = 0.0
    protrusion_mm: float | None = None
    length_mm: float = 110.0
    end_length_mm: float = 0.0
    sunk_mm: float = 0.0
    relief: Relief | None = None
    turn_deg: float = 0.0

    @cached_property
    def profile(self) -> Profile:
        """The meridian as a table."""
        return _tabulate(self)

    @cached_property
    def axis(self) -> FloatArray:
        """Unit vector (x, y, h) from the tip to the hand."""
        yaw, rise = np.radians([self.yaw_deg, self.inclination_deg])
        return np.array([np.cos(rise) * np.sin(yaw), np.cos(rise) * np.cos(yaw), np.sin(rise)])

    @cached_property
    def across(self) -> FloatArray:
        """Horizontal unit vector across the digit, to the right (x) for yaw 0."""
        yaw = np.radians(self.yaw_deg)
        return np.array([np.cos(yaw), -np.sin(yaw), 0.0])

    @cached_property
    def above(self) -> FloatArray:
        """Unit vector across the axis that points away from the table, or towards the hand's side of the card
        where the digit stands."""
        return np.cross(self.across, self.axis)

    @cached_property
    def side(self) -> FloatArray:
        """`across`, turned with the finger: a quarter turn round the digit."""
        turn = np.radians(self.turn_deg)
        return np.asarray(np.cos(turn) * self.across - np.sin(turn) * self.above)

    @cached_property
    def up(self) -> FloatArray:
        """`above`, turned with the finger: angle 0 round the digit."""
        turn = np.radians(self.turn_deg)
        return np.asarray(np.cos(turn) * self.above + np.sin(turn) * self.across)

    @property
    def ridge_rad(self) -> float:
        """Angle round the digit of its topmost line, however it is turned."""
        return -float(np.radians(self.turn_deg))

    @cached_property
    def tip(self) -> FloatArray:
        """Foremost point on the axis (x, y, h), as high as lets the digit touch the table and no more."""
        place = [MIDDLE_OF_SLOT_MM + self.lateral_mm, self.tip_y_mm]
        if self.protrusion_mm is not None:
            return np.array([*place, self.protrusion_mm])
        lowest = self.profile.s_mm * self.axis[2] - self.profile.radius_mm * self.above[2]
        return np.array([*place, -float(lowest.min()) - self.sunk_mm])

    def surface_point(self, s_mm: FloatArray | float, phi_rad: FloatArray | float) -> FloatArray:
        """Point of the surface.

        Parameters
        ----------
        s_mm : array
            Distance from the tip along the axis, mm.
        phi_rad : array
            Angle round the axis from the finger's upper side, positive to its right, radians.

        Returns
        -------
        NDArray[np.float64], shape (..., 3)
            x, y, h in millimetres.
        """
        s, phi = np.broadcast_arrays(np.asarray(s_mm, float), np.asarray(phi_rad, float))
        radius = self.profile.radius_at(s)
        round_axis = np.cos(phi)[..., None] * self.up + np.sin(phi)[..., None] * self.side
        return np.asarray(self.tip + s[..., None] * self.axis + radius[..., None] * round_axis)

    def normal(self, s_mm: FloatArray | float, phi_rad: FloatArray | float) -> FloatArray:
        """Outward unit normal (..., 3) at the point with these coordinates."""
        s, phi = np.broadcast_arrays(np.asarray(s_mm, float), np.asarray(phi_rad, float))
        along, across = self.profile.slope_at(s)
        round_axis = np.cos(phi)[..., None] * self.up + np.sin(phi)[..., None] * self.side
        return np.asarray(along[..., None] * round_axis - across[..., None] * self.axis)

    def coordinates(self, points: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Distance from the tip along the axis (mm), angle from the upper side (rad), and distance from the
        axis (mm)."""
        offset = points - self.tip
        s, right, above = offset @ self.axis, offset @ self.side, offset @ self.up
        return s, np.arctan2(right, above), np.hypot(right, above)


@dataclass(frozen=True)
class Profile:
    """The meridian, tabulated evenly in the square root of the distance from the tip.

    Attributes
    ----------
    s_mm, radius_mm : NDArray[np.float64], shape (n,)
        Distance from the tip along the axis, and the radius there.
    cos_slope, sin_slope : NDArray[np.float64], shape (n,)
        The meridian's tangent along the axis and away from it.
    arc_mm : NDArray[np.float64], shape (n,)
        Length of the meridian from the tip.
    """

    s_mm: FloatArray
    radius_mm: FloatArray
    cos_slope: FloatArray
    sin_slope: FloatArray
    arc_mm: FloatArray

    @cached_property
    def square_mm2(self) -> FloatArray:
        """Radius squared: smoother at the tip than the radius itself."""
        return self.radius_mm**2

    @cached_property
    def square_slope_mm(self) -> FloatArray:
        """Derivative of the squared radius along the axis."""
        slope = np.gradient(self.square_mm2[1:], self.s_mm[1:])
        return np.concatenate([slope[:1], slope])

    @property
    def length_mm(self) -> float:
        """Where the table ends."""
        return float(self.s_mm[-1])

    def place(self, s_mm: FloatArray) -> tuple[NDArray[np.intp], FloatArray]:
        """Index of the node before each place, and the share of the way to the next."""
        position = np.sqrt(np.clip(s_mm / self.length_mm, 0.0, 1.0)) * (len(self.s_mm) - 1)
        index = np.minimum(position.astype(np.intp), len(self.s_mm) - 2)
        share = (s_mm - self.s_mm[index]) / (self.s_mm[index + 1] - self.s_mm[index])
        return index, np.clip(share, 0.0, 1.0)

    def radius_at(self, s_mm: FloatArray) -> FloatArray:
        """Radius in mm; 0 before the tip."""
        return np.sqrt(_between(self.square_mm2, *self.place(s_mm)))

    def slope_at(self, s_mm: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Unit tangent of the meridian: along the axis, away from the axis."""
        where = self.place(s_mm)
        along, across = _between(self.cos_slope, *where), _between(self.sin_slope, *where)
        length = np.hypot(along, across)
        return along / length, across / length

    def arc_at(self, s_mm: FloatArray) -> FloatArray:
        """Length of the meridian from the tip, mm."""
        return _between(self.arc_mm, *self.place(s_mm))

    def s_of_arc(self, arc_mm: FloatArray) -> FloatArray:
        """Distance along the axis of a place known by its length along the meridian."""
        return np.interp(arc_mm, self.arc_mm, self.s_mm)


def _between(table: FloatArray, index: NDArray[np.intp], share: FloatArray) -> FloatArray:
    before = table[index]
    return np.asarray(before + share * (table[index + 1] - before))


def _tabulate(shape: DigitShape) -> Profile:
    root = np.linspace(0.0, 1.0, PROFILE_NODES)
    s = shape.length_mm * root**2
    radius = shape.radius_mm * _thickness(shape, s) * _closing(shape, s)
    ds, dr = 2 * shape.length_mm * root, np.gradient(radius, root)
    step = np.hypot(ds, dr)
    arc = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(s), np.diff(radius)))])
    return Profile(s, radius, ds / step, dr / step, arc)


def _closing(shape: DigitShape, s: FloatArray) -> FloatArray:
    """Superellipse from 0 at the tip to 1 at the tip's length; the same at the far end where that closes."""
    exponent = shape.tip_exponent
    open_share = np.clip(1.0 - s / shape.tip_length_mm, 0.0, 1.0)
    closing = (1.0 - open_share**exponent) ** (1.0 / exponent)
    if shape.end_length_mm:
        open_share = np.clip(1.0 - (shape.length_mm - s) / shape.end_length_mm, 0.0, 1.0)
        closing = closing * (1.0 - open_share**exponent) ** (1.0 / exponent)
    return np.asarray(closing)


def _thickness(shape: DigitShape, s: FloatArray) -> FloatArray:
    """Taper towards the tip and the bulge at the distal joint, as a share of the radius."""
    share = np.clip(s / TAPER_ENDS_MM, 0.0, 1.0)
    tapered = 1.0 - shape.taper * (1.0 - share**2 * (3.0 - 2.0 * share))
    return tapered + shape.joint_bulge * np.exp(-0.5 * ((s - JOINT_MM) / JOINT_WIDTH_MM) ** 2)
