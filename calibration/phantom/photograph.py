"""Photographs of a digit on the card with ulcers of known area: truth for tests, samples and training.

Heights count upwards from the table in the card's frame: x right, y towards the hand, h up, millimetres.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.phantom.nail import NailEnd
from calibration.phantom.rays import candidate_pixels, cast, subdivided
from calibration.phantom.scene import Scene, Truth, truth_of
from calibration.phantom.skin import SurfacePoints
from calibration.phantom.table import table_light
from calibration.phantom.wound import Body

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Render:
    """A rendered photograph.

    Attributes
    ----------
    rgb : NDArray[np.uint8], shape (height, width, 3)
        sRGB, upright, before JPEG.
    ulcer_labels : NDArray[np.uint8], shape (height, width)
        Number of the ulcer, from 1, whose true outline holds the pixel's centre; 0 elsewhere.
    digit_mask, nail_mask : NDArray[np.bool_], shape (height, width)
        Pixels whose centre sees the digit (its ulcers and nail included), and its nail.
    skin_mask : NDArray[np.bool_], shape (height, width)
        Pixels whose centre sees the digit or the rest of the hand.
    truth : Truth
    """

    rgb: NDArray[np.uint8]
    ulcer_labels: NDArray[np.uint8]
    digit_mask: NDArray[np.bool_]
    nail_mask: NDArray[np.bool_]
    skin_mask: NDArray[np.bool_]
    truth: Truth

    @property
    def ulcer_mask(self) -> NDArray[np.bool_]:
        """Pixels (height, width) within any open ulcer."""
        return self.ulcer_labels > 0


def render(scene: Scene, seed: int = 0) -> Render:
    """Photograph a scene.

    Parameters
    ----------
    scene : Scene
    seed : int
        Decides the sensor's noise; the same scene and seed give the same pixels.

    Returns
    -------
    Render

    Raises
    ------
    ValueError
        If the camera is not above the digit.

    Notes
    -----
    Every pixel's ray meets the digit exactly. Pixels on the silhouette average 4 × 4 rays; card edges are
    averaged from 2 × 2 rays. The masks are those of the pixel-centre rays, lens distortion included.
    """
    camera = scene.camera
    _check_height(scene)
    shape = (camera.height_px, camera.width_px)
    light = table_light(scene.table, scene.light, camera, (scene.digit, *scene.hand))
    nearest = np.full(shape, np.inf)
    for part in scene.hand:
        _paint(scene, Body(part, (), scene.look, plain=True), light, nearest)
    if scene.nail_beyond_mm > 0:
        _paint_nail(scene, NailEnd(scene.digit, scene.nail_beyond_mm), light, nearest)
    body = Body(scene.digit, scene.ulcers, scene.look)
    seen = _paint(scene, body, light, nearest)
    rows, columns = seen.pixels.T
    labels, nail, digit = np.zeros(shape, np.uint8), np.zeros(shape, bool), np.zeros(shape, bool)
    digit[rows, columns] = True
    labels[rows, columns] = body.labels(seen.at.points)
    nail[rows, columns] = (body.skin.nail_depth(seen.at) > 0) & (labels[rows, columns] == 0)
    skin = digit | np.isfinite(nearest)
    rgb = scene.sensor.develop(light, np.random.default_rng(seed))
    return Render(rgb, labels, digit, nail, skin, truth_of(scene))


@dataclass(frozen=True)
class _Seen:
    """Pixels (n, 2: row, column) whose centres see a body, and where they see it."""

    pixels: NDArray[np.intp]
    at: SurfacePoints


def _paint(scene: Scene, body: Body, light: NDArray[np.float32], nearest: FloatArray) -> _Seen:
    """Paint a body over what lies behind it; `nearest` keeps the depth of what is seen in each pixel."""
    camera = scene.camera
    pixels = np.argwhere(candidate_pixels(body.digit, camera))
    hits = cast(body.digit, camera.position, camera.rays(pixels[:, ::-1].astype(float)))
    rows, columns = pixels[hits.ray].T
    front = (hits.depth_mm < nearest[rows, columns]) & (hits.points[:, 2] > 0)
    rows, columns, points = rows[front], columns[front], hits.points[front]
    nearest[rows, columns] = hits.depth_mm[front]
    seen = np.zeros(nearest.shape, bool)
    seen[rows, columns] = True
    edge = _edge(seen)
    at = SurfacePoints.on(body.digit, points)
    inner = ~edge[rows, columns]
    light[rows[inner], columns[inner]] = scene.light.on_body(body, _chosen(at, inner), camera.position)
    _blend_edge(scene, body, light, edge)
    return _Seen(np.stack([rows, columns], axis=1), at)


def _paint_nail(scene: Scene, nail: NailEnd, light: NDArray[np.float32], nearest: FloatArray) -> None:
    """Paint a nail's free end, before the digit that hides its root."""
    camera = scene.camera
    rows, columns = nail.candidate_box(camera)
    grid = np.stack(np.meshgrid(np.arange(columns.start, columns.stop), np.arange(rows.start, rows.stop)), -1)
    pixels = grid.reshape(-1, 2)
    ray, depth, _ = nail.meet(camera.position, camera.rays(pixels.astype(float)))
    column, row = pixels[ray].T
    front = depth < nearest[row, column]
    nearest[row[front], column[front]] = depth[front]
    fine = subdivided(pixels.astype(float))
    samples = fine.shape[1]
    ray, _, points = nail.meet(camera.position, camera.rays(fine.reshape(-1, 2)))
    owner = ray // samples
    share = np.bincount(owner, minlength=len(pixels)) / samples
    colour = np.zeros((len(pixels), 3), np.float32)
    colour[owner] = nail.light(scene.light, points)
    column, row = pixels.T
    light[row, column] += share[:, None].astype(np.float32) * (colour - light[row, column])


def _check_height(scene: Scene) -> None:
    top = float(scene.digit.surface_point(np.linspace(0, 60, 61), scene.digit.ridge_rad)[:, 2].max())
    if scene.camera.position[2] < 2.0 * top:
        raise ValueError("the camera must be well above the digit")


def _chosen(at: SurfacePoints, which: NDArray[np.bool_]) -> SurfacePoints:
    return SurfacePoints(
        at.points[which],
        at.normal[which],
        at.place[which],
        at.facing[which],
        at.arc_mm[which],
        at.round_mm[which],
    )


def _edge(seen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Pixels at the silhouette, one on either side."""
    cross = cv2.getStructuringElement(cv2.MORPH_RECT, (3, 3))
    inside = seen.astype(np.uint8)
    return np.asarray(cv2.dilate(inside, cross) != cv2.erode(inside, cross, borderType=cv2.BORDER_REPLICATE))


def _blend_edge(scene: Scene, body: Body, light: NDArray[np.float32], edge: NDArray[np.bool_]) -> None:
    """Mix digit and table in the silhouette's pixels by the share of their rays that meet the digit."""
    pixels = np.argwhere(edge)
    if not len(pixels):
        return
    fine = subdivided(pixels[:, ::-1].astype(float))
    samples = fine.shape[1]
    hits = cast(body.digit, scene.camera.position, scene.camera.rays(fine.reshape(-1, 2)))
    above = hits.points[:, 2] > 0
    owner, points = hits.ray[above] // samples, hits.points[above]
    count = np.bincount(owner, minlength=len(pixels))
    first = np.unique(owner, return_index=True)[1]
    colour = np.zeros((len(pixels), 3), np.float32)
    middle = first + count[owner[first]] // 2
    at = SurfacePoints.on(body.digit, points[middle])
    colour[owner[middle]] = scene.light.on_body(body, at, scene.camera.position)
    share = (count / samples).astype(np.float32)[:, None]
    rows, columns = pixels.T
    light[rows, columns] += share * (colour - light[rows, columns])
