"""Where rays meet the digit: Newton's method on the surface of revolution, vectorised over pixels."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.phantom.camera import Camera
from calibration.phantom.digit import DigitShape, Profile
from calibration.phantom.relief import Relief

FloatArray = NDArray[np.float64]

STEPS = 24
"""Newton steps; a grazing ray halves its error with each, so the silhouette is exact to 1e-5 mm."""

SETTLED_MM2 = 1e-8
"""Difference of squared distance and squared radius at which a ray counts as arrived: 1e-9 mm on a digit."""

GRAZING_MM2 = 1e-6
"""A ray still this close to the surface after all steps touches it."""

EDGE_SAMPLES = 4
"""Edge pixels are divided into 4 × 4 rays."""

RELIEF_STEPS = 256
RELIEF_HALVINGS = 24
"""Places on a ray at which the displaced surface is looked for, and halvings of the last step: what a ray
misses between two places, 0.05 mm apart, is less than 1e-4 mm deep."""

HULL_MARGIN_PX = 6.0
"""Margin round the projected outline, for the lens's bending of straight edges between its corners."""


@dataclass(frozen=True)
class Hits:
    """Rays that met the digit: which they were, and where they met it.

    Attributes
    ----------
    ray : NDArray[np.intp], shape (n,)
        Index of the ray.
    depth_mm : NDArray[np.float64], shape (n,)
        Depth along the optical axis.
    points : NDArray[np.float64], shape (n, 3)
        x, y, h in mm.
    """

    ray: NDArray[np.intp]
    depth_mm: FloatArray
    points: FloatArray


def cast(digit: DigitShape, origin: FloatArray, directions: FloatArray) -> Hits:
    """First meeting of rays with the digit.

    Parameters
    ----------
    digit : DigitShape
    origin : NDArray[np.float64], shape (3,)
        The lens, outside the digit.
    directions : NDArray[np.float64], shape (n, 3)
        Directions as from `Camera.rays`.

    Returns
    -------
    Hits
        Only the rays that meet the surface.
    """
    local_origin = _to_local(digit, origin - digit.tip)
    local = _to_local(digit, directions)
    ray, start, end = _enter(digit.profile, local_origin, local)
    depth, met = _newton(digit.profile, local_origin, local[ray], start, end)
    ray, depth = ray[met], depth[met]
    if digit.relief is not None:
        ray, depth = _displaced(digit, digit.relief, origin, directions, ray, depth)
    return Hits(ray, depth, origin + depth[:, None] * directions[ray])


def _displaced(
    digit: DigitShape,
    relief: Relief,
    origin: FloatArray,
    directions: FloatArray,
    ray: NDArray[np.intp],
    depth: FloatArray,
) -> tuple[NDArray[np.intp], FloatArray]:
    """The meetings with the round digit corrected where rays pass a crust or a crater."""
    depths = np.full(len(directions), np.inf)
    depths[ray] = depth
    middle = origin - digit.surface_point(relief.s_mm, np.radians(relief.phi_deg))
    square, half = (directions**2).sum(axis=1), directions @ middle
    root = half**2 - square * (middle @ middle - relief.reach_mm**2)
    near = np.flatnonzero(root > 0)
    spread = np.sqrt(root[near])
    start, end = (-half[near] - spread) / square[near], (-half[near] + spread) / square[near]
    # What lies before the place of the relief hides it.
    free = depths[near] > start
    near, start, end = near[free], start[free], end[free]
    found = _march(digit, relief, origin, directions[near], start, end)
    behind = depths[near] > end
    depths[near] = np.where(np.isfinite(found) | ~behind, found, depths[near])
    met = np.flatnonzero(np.isfinite(depths))
    return met, depths[met]


def _march(
    digit: DigitShape,
    relief: Relief,
    origin: FloatArray,
    directions: FloatArray,
    start: FloatArray,
    end: FloatArray,
) -> FloatArray:
    """Depth (n,) of the first meeting with the displaced surface between start and end; infinite if none."""

    def gap(depth: FloatArray, which: NDArray[np.intp]) -> FloatArray:
        s, phi, distance = digit.coordinates(origin + depth[:, None] * directions[which])
        radius = digit.profile.radius_at(s)
        inside = (s > 0) & (s < digit.length_mm)
        return np.where(inside, distance - radius - relief.height_at(s, phi, radius), 1.0)

    found = np.full(len(start), np.inf)
    looking, step = np.arange(len(start)), (end - start) / RELIEF_STEPS
    for number in range(1, RELIEF_STEPS + 1):
        met = gap(start[looking] + number * step[looking], looking) < 0
        found[looking[met]] = number
        looking = looking[~met]
    hit = np.flatnonzero(np.isfinite(found))
    high = start[hit] + found[hit] * step[hit]
    low = high - step[hit]
    for _ in range(RELIEF_HALVINGS):
        middle = (low + high) / 2
        inside = gap(middle, hit) < 0
        low, high = np.where(inside, low, middle), np.where(inside, middle, high)
    found[hit] = high
    return found


def _to_local(digit: DigitShape, vectors: FloatArray) -> FloatArray:
    return np.asarray(vectors @ np.stack([digit.axis, digit.side, digit.up], axis=1))


def _enter(
    profile: Profile, origin: FloatArray, directions: FloatArray
) -> tuple[NDArray[np.intp], FloatArray, FloatArray]:
    """Rays that cross the bounding cylinder between its ends, with the depths of entry and exit."""
    greatest = float(profile.radius_mm.max()) * (1.0 + 1e-9)
    a = directions[:, 1] ** 2 + directions[:, 2] ** 2
    b = directions[:, 1] * origin[1] + directions[:, 2] * origin[2]
    c = origin[1] ** 2 + origin[2] ** 2 - greatest**2
    root = b**2 - a * c
    crosses = np.flatnonzero((root > 0) & (a > 0))
    a, b, root = a[crosses], b[crosses], np.sqrt(root[crosses])
    start, end = (-b - root) / a, (-b + root) / a
    along = directions[crosses, 0]
    safe = np.where(np.abs(along) < 1e-12, 1e-12, along)  # noqa: PLR2004
    ends = np.sort(np.stack([-origin[0] / safe, (profile.length_mm - origin[0]) / safe]), axis=0)
    start, end = np.maximum(np.maximum(start, ends[0]), 0.0), np.minimum(end, ends[1])
    kept = end > start
    return crosses[kept], start[kept], end[kept]


def _newton(
    profile: Profile, origin: FloatArray, directions: FloatArray, start: FloatArray, end: FloatArray
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Depth of the first root of distance² − radius² from the outside, and whether there is one.

    The function is convex along a ray but for the joint's slight bulge, so Newton's steps come from the
    outside without overshooting; a ray that passes by runs past the least distance and is dropped.
    """
    depth, met, active = start.copy(), np.zeros(len(start), bool), np.arange(len(start))
    for _ in range(STEPS):
        if not len(active):
            break
        value, slope = _excess(profile, origin, directions[active], depth[active])
        arrived = np.abs(value) <= SETTLED_MM2
        met[active[arrived]] = True
        going = ~arrived & (slope < 0)
        active, value, slope = active[going], value[going], slope[going]
        depth[active] = depth[active] - value / slope
        active = active[depth[active] <= end[active]]
    value, _ = _excess(profile, origin, directions[active], depth[active])
    met[active[value <= GRAZING_MM2]] = True
    return depth, met


def _excess(
    profile: Profile, origin: FloatArray, directions: FloatArray, depth: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Squared distance from the axis less the squared radius, and its derivative along the ray."""
    s = origin[0] + depth * directions[:, 0]
    right = origin[1] + depth * directions[:, 1]
    above = origin[2] + depth * directions[:, 2]
    index, share = profile.place(s)
    before = profile.square_mm2[index]
    square = before + share * (profile.square_mm2[index + 1] - before)
    slope = profile.square_slope_mm[index]
    slope = slope + share * (profile.square_slope_mm[index + 1] - slope)
    value = right**2 + above**2 - square
    derivative = 2 * (right * directions[:, 1] + above * directions[:, 2]) - slope * directions[:, 0]
    return value, derivative


def candidate_pixels(digit: DigitShape, camera: Camera) -> NDArray[np.bool_]:
    """Pixels (height, width) that may see the digit: the hull of its bounding rings."""
    greatest = float(digit.profile.radius_mm.max()) * 1.01
    if digit.relief is not None:
        greatest += max(0.0, digit.relief.height_mm)
    s = np.concatenate([[-0.1], np.linspace(0.0, digit.length_mm, 40)])
    phi = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    ring = np.cos(phi)[:, None] * digit.up + np.sin(phi)[:, None] * digit.side
    corners = (digit.tip + s[:, None, None] * digit.axis + greatest / np.cos(np.pi / 24) * ring).reshape(
        -1, 3
    )
    region = np.zeros((camera.height_px, camera.width_px), np.uint8)
    ahead = camera.depth_mm(corners) > 0.1 * camera.distance_mm
    pixels = camera.project(corners[ahead])
    spread = np.array([camera.width_px, camera.height_px], float)
    pixels = np.clip(pixels, -3 * spread, 4 * spread)
    hull = cv2.convexHull(pixels.astype(np.float32))
    cv2.fillConvexPoly(region, np.rint(hull).astype(np.int32), 1)
    side = 2 * int(HULL_MARGIN_PX) + 1
    return cv2.dilate(region, np.ones((side, side), np.uint8)).astype(bool)


def subdivided(pixels: FloatArray, samples: int = EDGE_SAMPLES) -> FloatArray:
    """Sub-pixel positions (n, samples², 2) evenly within each pixel (n, 2)."""
    step = (np.arange(samples) + 0.5) / samples - 0.5
    offsets = np.stack(np.meshgrid(step, step), axis=-1).reshape(-1, 2)
    return np.asarray(pixels[:, None, :] + offsets[None, :, :])
