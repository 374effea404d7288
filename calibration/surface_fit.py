"""The digit as a surface of revolution, fixed by its two silhouettes and the table it rests on.

A silhouette point and the camera's centre make a ray that touches the digit without entering it. Seen
across the axis, the two tangents and
the table are three sides of a triangle, and the digit's section is its inscribed circle: the cylinder in
closed form. Where the digit tapers, the radius
at a place on the axis is the least distance at which any ray passes it: the lower envelope of the rays'
distances.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from calibration.axis import Axis
from calibration.digit_card import in_world
from calibration.digit_mask import DigitNotFound
from calibration.fingertip import Cap, fit_cap
from calibration.radius_profile import PROFILE_STEP_MM, TIP_SMOOTHING_MM, RadiusProfile, radius_profile
from calibration.silhouette import Silhouette
from calibration.surface import Surface

RAY_SAMPLES = 96
"""Heights at which each silhouette ray is followed; a radius of 8 mm is then met within 0.002 mm."""

TOP_MARGIN = 1.1
"""Rays are followed a tenth higher than the digit's top."""

CONTACT_PERCENTILE = 95
"""Of the heights at which single places would rest on the table, the one that does: not quite the highest,
which noise decides."""

STRAIGHT_FROM_TIP_MM = 7.0
"""From here on towards the hand both sides say where the axis is; nearer, the tip rounds off."""

TIP_POINTS = 130
"""Outline points on either side of the tip that bear on its cap: 13 mm along the outline, past any
fingertip's rounding."""

END_MARGIN_MM = 0.5
"""Left out at the hand's end, where smoothing reaches over the cut."""

AXIS_ROUNDS = 8
"""Alternations between axis and profile; the axis moves by less than 0.01 mm after five on phantoms."""

TOUCH_ROUNDS = 4
"""Alternations between a place on an inclined axis and its height: each leaves a tenth of the error."""

REFIT_ROUNDS = 3
"""The same, from a fit that differs by an uncertainty: the axis then moves by less than 0.01 mm."""

LEAST_BELIEVED = 0.5
"""Share of the length behind the tip along which both sides must agree on the radius."""

STEEPEST = 0.2
"""Change of the radius along the axis: digits taper by 2 to 12 % of their radius over some 40 mm, a fortieth
of this."""

RADIUS_LIMITS_MM = (3.5, 16.0)
"""A digit's half width (adult fingers 6–11 mm, thumbs to 13): what lies outside is no digit."""


def _closed_form_cylinder(silhouette: Silhouette, camera_mm: NDArray[np.float64]) -> tuple[Axis, float]:
    """Axis and radius of the cylinder that touches table and both tangent planes."""
    lines = []
    for side in (silhouette.left_mm, silhouette.right_mm):
        straight = side[side[:, 1] > side[:, 1].min() + STRAIGHT_FROM_TIP_MM]
        if len(straight) < 2 * STRAIGHT_FROM_TIP_MM:
            raise DigitNotFound("digit_not_found")
        slope, offset = np.polyfit(straight[:, 1], straight[:, 0], 1)
        lines.append((slope, offset))
    direction = np.array([(lines[0][0] + lines[1][0]) / 2, 1.0])
    direction /= np.linalg.norm(direction)
    side = np.array([-direction[1], direction[0]])
    y_mm = float(np.median(silhouette.left_mm[:, 1]))
    feet = np.array([[slope * y_mm + offset, y_mm] for slope, offset in lines]) @ side
    # The triangle across the axis: two feet on the table, and the camera.
    apex = np.array([camera_mm[:2] @ side, -camera_mm[2]])
    corners = np.array([[feet[0], 0.0], [feet[1], 0.0], apex])
    opposite = np.linalg.norm(np.roll(corners, -1, axis=0) - np.roll(corners, -2, axis=0), axis=1)
    centre = (opposite[:, None] * corners).sum(axis=0) / opposite.sum()
    radius_mm = float(centre[1])
    return Axis(side * centre[0] + direction * (direction[1] * y_mm), direction, radius_mm), radius_mm


def _courses(
    side_mm: NDArray[np.float64], axis: Axis, camera_mm: NDArray[np.float64], top_mm: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Place along the axis and distance from it of every silhouette ray up to a height, (rays, samples)."""
    target = in_world(side_mm)
    shares = 1 - np.linspace(0.0, top_mm, RAY_SAMPLES) / -camera_mm[2]
    along, lateral, above = axis.coordinates(
        camera_mm + (target[:, None] - camera_mm) * shares[None, :, None]
    )
    return along, np.hypot(lateral, above)


def _top_mm(axis: Axis, grid_mm: NDArray[np.float64]) -> float:
    """No place of a digit on this axis is higher than this."""
    lying_mm = axis.height_mm - min(0.0, float(axis.height_at(grid_mm[0]) - axis.height_mm))
    return TOP_MARGIN * (float(axis.height_at(grid_mm[-1])) + lying_mm)


def _envelope(
    side_mm: NDArray[np.float64], axis: Axis, camera_mm: NDArray[np.float64], grid_mm: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Least distance from the axis, at each grid place, at which any ray of one side passes."""
    along, distance = _courses(side_mm, axis, camera_mm, _top_mm(axis, grid_mm))
    place = np.rint((along - grid_mm[0]) / PROFILE_STEP_MM).astype(int)
    inside = (place >= 0) & (place < len(grid_mm))
    least = np.full(len(grid_mm), np.inf)
    np.minimum.at(least, place[inside], distance[inside])
    known = np.isfinite(least)
    return np.asarray(np.interp(grid_mm, grid_mm[known], least[known], left=np.nan, right=np.nan))


def _recentred(axis: Axis, grid_mm: NDArray[np.float64], shift_mm: NDArray[np.float64]) -> Axis:
    """Move and turn the axis by the lateral shift wanted at each place, fitted by a robust line."""
    weights = np.ones(len(grid_mm))
    slope = offset = 0.0
    for _ in range(5):
        slope, offset = np.polyfit(grid_mm, shift_mm, 1, w=weights)
        residual = np.abs(shift_mm - slope * grid_mm - offset)
        weights = np.sqrt(np.minimum(1.0, 0.1 / np.maximum(residual, 1e-9)))
    side = np.array([-axis.direction[1], axis.direction[0]])
    direction = axis.direction + slope * side
    return replace(
        axis, point_mm=axis.point_mm + offset * side, direction=direction / np.linalg.norm(direction)
    )


def _resting(axis: Axis, grid_mm: NDArray[np.float64], radius_mm: NDArray[np.float64]) -> Axis:
    """The axis at the height at which the digit rests on the table."""
    rise = np.radians(axis.inclination_deg)
    wanted_mm = radius_mm * np.cos(rise) - grid_mm * np.sin(rise)
    # Lying flat, the digit rests on its thick part; inclined, on its end.
    bearing = grid_mm > grid_mm[0] + (0.0 if axis.inclination_deg else STRAIGHT_FROM_TIP_MM)
    return replace(axis, height_mm=float(np.percentile(wanted_mm[bearing], CONTACT_PERCENTILE)))


def fit_surface(
    silhouette: Silhouette, camera_mm: NDArray[np.float64], inclination_deg: float = 0.0
) -> Surface:
    """Fit axis and radius profile to the two silhouettes, the thickest place resting on the table.

    Parameters
    ----------
    silhouette : Silhouette
        Outline on the card's plane, as the camera sees it.
    camera_mm : NDArray[np.float64], shape (3,)
        Centre of projection in the world (z negative: above the table).
    inclination_deg : float
        Rise of the digit from the tip to the hand. Two silhouettes cannot tell it from a taper: it is stated.

    Returns
    -------
    Surface
        The digit.

    Raises
    ------
    DigitNotFound
        If the outline is no digit's.
    """
    axis, radius = _closed_form_cylinder(silhouette, camera_mm)
    if not RADIUS_LIMITS_MM[0] <= radius <= RADIUS_LIMITS_MM[1]:
        raise DigitNotFound("digit_not_found")
    axis = replace(axis, inclination_deg=inclination_deg)
    return _fitted(silhouette, camera_mm, axis, AXIS_ROUNDS)


def refit_surface(
    surface: Surface, silhouette: Silhouette, camera_mm: NDArray[np.float64], inclination_deg: float
) -> Surface:
    """The same digit under slightly other assumptions, from where the first fit ended.

    Parameters
    ----------
    surface : Surface
        As fitted to the same silhouette.
    silhouette, camera_mm, inclination_deg
        As in `fit_surface`.

    Raises
    ------
    DigitNotFound
        If the outline is no digit's.
    """
    axis = replace(surface.axis, inclination_deg=inclination_deg)
    return _fitted(silhouette, camera_mm, axis, REFIT_ROUNDS, surface.cap)


def _fitted(
    silhouette: Silhouette,
    camera_mm: NDArray[np.float64],
    axis: Axis,
    rounds: int,
    near: Cap | None = None,
) -> Surface:
    """Axis and profile in turn, then the cap."""
    for _ in range(rounds):
        grid, left, right = _both_envelopes(silhouette, axis, camera_mm)
        straight = grid > grid[0] + STRAIGHT_FROM_TIP_MM
        if straight.sum() < STRAIGHT_FROM_TIP_MM / PROFILE_STEP_MM:
            raise DigitNotFound("digit_not_found")
        # `coordinates` counts the side to the left of the walk from tip to hand as positive.
        axis = _recentred(axis, grid[straight], (_towards(axis, silhouette) * (left - right) / 2)[straight])
        axis = _resting(axis, grid, radius_profile(grid, left, right).radius_mm)
    grid, left, right = _both_envelopes(silhouette, axis, camera_mm)
    profile = radius_profile(grid, left, right)
    smooth = profile.radius_mm
    behind = (grid > grid[0] + STRAIGHT_FROM_TIP_MM) & (grid < grid[0] + 3 * STRAIGHT_FROM_TIP_MM)
    slope, offset = np.polyfit(grid[behind], smooth[behind], 1)
    body = (float(slope), float(offset))
    if near is None:
        # Under other assumptions a digit that was believed stays one.
        _check(profile, body)
    outline = np.concatenate([side[:TIP_POINTS] for side in (silhouette.left_mm, silhouette.right_mm)])
    cap = fit_cap(*_courses(outline, axis, camera_mm, _top_mm(axis, grid)), body, float(grid[0]), near)
    return Surface(axis, *_profile(grid, smooth, body, cap), camera_mm, cap)


def _check(profile: RadiusProfile, body: tuple[float, float]) -> None:
    """Refuse sides that are no digit's: they disagree, or the radius is none."""
    behind = profile.grid_mm > profile.grid_mm[0] + STRAIGHT_FROM_TIP_MM
    both = np.minimum(profile.left_weight, profile.right_weight)[behind] > 0
    radius_mm = float(np.median(profile.radius_mm[behind]))
    within = RADIUS_LIMITS_MM[0] <= radius_mm <= RADIUS_LIMITS_MM[1]
    if both.mean() < LEAST_BELIEVED or abs(body[0]) > STEEPEST or not within:
        raise DigitNotFound("digit_not_found")


def _profile(
    grid: NDArray[np.float64], smooth: NDArray[np.float64], body: tuple[float, float], cap: Cap
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Even grid from the tip, and the radius on it: the envelope along the body, the cap at the end."""
    places = np.concatenate([[cap.tip_mm], np.arange(cap.tip_mm + 0.02, grid[-1], PROFILE_STEP_MM / 2)])
    capped = (body[0] * places + body[1]) * cap.share_of_radius(places)
    # The cap hands over to the envelope where it has its full radius, over one smoothing length.
    turn = cap.tip_mm + cap.length_mm
    share = np.clip((places - turn) / (2 * TIP_SMOOTHING_MM), 0.0, 1.0)
    radius = (1 - share) * capped + share * np.interp(places, grid, smooth)
    return places, radius


def _towards(axis: Axis, silhouette: Silhouette) -> float:
    """+1 when the left silhouette lies on the axis' positive side, else −1."""
    side = np.array([-axis.direction[1], axis.direction[0]])
    return float(np.sign(((silhouette.left_mm - axis.point_mm) @ side).mean()))


def _both_envelopes(
    silhouette: Silhouette, axis: Axis, camera_mm: NDArray[np.float64]
) -> tuple[NDArray[np.float64], ...]:
    """Grid from the tip towards the hand, and the envelope of either side on it."""
    everything = np.concatenate([silhouette.left_mm, silhouette.right_mm])
    along = (everything - axis.point_mm) @ axis.direction
    margin_mm = 2.5 * axis.height_mm
    grid = np.arange(along.min() - margin_mm, along.max() + margin_mm, PROFILE_STEP_MM)
    left = _envelope(silhouette.left_mm, axis, camera_mm, grid)
    right = _envelope(silhouette.right_mm, axis, camera_mm, grid)
    # Beyond the tip the least distance grows again: the tip is where the envelope is smallest.
    known = np.flatnonzero(np.isfinite(left) & np.isfinite(right))
    if not len(known):
        raise DigitNotFound("digit_not_found")
    both = (left + right)[known]
    tip = int(known[0] + np.argmin(both[: max(1, len(both) // 2)]))
    # Past the place that the outline's last rays touch, no ray bounds the digit any more.
    last_mm = min(
        _touched_mm(side[-1], axis, camera_mm) for side in (silhouette.left_mm, silhouette.right_mm)
    )
    end = int(np.searchsorted(grid, last_mm - END_MARGIN_MM))
    if end - tip < 2 * STRAIGHT_FROM_TIP_MM / PROFILE_STEP_MM:
        raise DigitNotFound("digit_not_found")
    return grid[tip:end], left[tip:end], right[tip:end]


def _touched_mm(card_mm: NDArray[np.float64], axis: Axis, camera_mm: NDArray[np.float64]) -> float:
    """Place along the axis where the ray through a point of the card passes at the axis' height."""
    target, place = np.array([*card_mm, 0.0]), 0.0
    for _ in range(TOUCH_ROUNDS):
        share = 1 - float(axis.height_at(place)) / -camera_mm[2]
        place = float(axis.coordinates(camera_mm + (target - camera_mm) * share)[0])
    return place
