"""Pictures for docs/explanation/measurement.md: one phantom's photograph on its way to an area.

Run: python benchmarks/measurement_pictures.py [--folder docs/pictures]
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from picture_walk import PHOTO_PX, ULCER_MM2, Walk, walk_of
from PIL import Image

from calibration.camera import Camera
from calibration.digit_card import DIGIT_CARD, in_world
from calibration.rectify import ReadingImage
from calibration.surface import DigitSurface, area_and_obliquity

mpl.use("Agg")

FloatArray = NDArray[np.float64]

COLOURS = 160
"""Of the palette that keeps a picture below 250 kB."""

DPI = 100
PHOTO_STEP, READING_STEP = 3, 2
"""Every picture is shown at a third or half of its pixels: it is looked at, not measured."""

MAP_STEP_MM = 0.1
MARGIN_SHARE = 0.12
INK, ACCENT = "#1f77b4", "#e8590c"
LABEL = {"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "none"}

NAMES = ("markers", "silhouette", "surface", "area", "budget")
"""Files `measurement_NAME.png`, in the order of the page."""


def markers_picture(walk: Walk) -> Figure:
    """The photograph, its markers' corners, and what they say of the camera."""
    photo, corners, camera = walk.photo, walk.corners, walk.camera
    figure, axes = plt.subplots(figsize=(7.0, 5.6), layout="constrained")
    axes.imshow(photo.rgb[::PHOTO_STEP, ::PHOTO_STEP], extent=_extent(photo.width_px, photo.height_px))
    for marker, quad in zip(corners.ids, corners.corners_px.reshape(-1, 4, 2), strict=True):
        axes.plot(*quad[[0, 1, 2, 3, 0]].T, color=ACCENT, linewidth=1.4)
        axes.plot(*quad.T, "o", color="white", markersize=3.5, markeredgecolor=ACCENT)
        x, y = quad.mean(axis=0)
        axes.text(x, y, str(marker), color=ACCENT, ha="center", va="center", weight="bold", bbox=LABEL)
    card = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]]) * [DIGIT_CARD.width_mm, DIGIT_CARD.height_mm]
    low, high = _bounds(camera.project(in_world(card)), MARGIN_SHARE)
    axes.set(xlim=(low[0], high[0]), ylim=(high[1], low[1]))
    axes.set_title(
        f"tilt {camera.tilt_deg:.1f}° · {camera.distance_mm:.0f} mm · "
        f"corners fit to {camera.residual_rms_px:.2f} px",
        fontsize=10,
    )
    axes.axis("off")
    return figure


def silhouette_picture(walk: Walk) -> Figure:
    """The ReadingImage with the digit's sides and the ulcer's border."""
    figure, axes = plt.subplots(figsize=(4.6, 5.6), layout="constrained")
    _show_reading(axes, walk.reading)
    for line in walk.digit.lines_mm:
        axes.plot(*line.T, color=INK, linewidth=1.8)
    for line in walk.ulcer_lines_mm():
        axes.plot(*np.vstack([line, line[:1]]).T, color="white", linewidth=1.8)
    axes.set_xlabel("mm on the card")
    return figure


def surface_picture(walk: Walk) -> Figure:
    """Meridians and rings of the fitted surface in the photograph."""
    photo, camera, surface = walk.photo, walk.camera, walk.digit.surface
    figure, axes = plt.subplots(figsize=(5.2, 5.2), layout="constrained")
    axes.imshow(photo.rgb[::PHOTO_STEP, ::PHOTO_STEP], extent=_extent(photo.width_px, photo.height_px))
    reach = float(surface.meridian_mm[-1])
    places, angles = np.linspace(0.05, reach, 240), np.radians(np.linspace(-175, 175, 240))
    lines = [np.column_stack([places, np.full(240, turn)]) for turn in np.radians(np.arange(-150, 165, 15))]
    lines += [np.column_stack([np.full(240, place), angles]) for place in np.arange(2.0, reach, 2.0)]
    for line in lines:
        axes.plot(*_seen(surface, camera, line).T, color=INK, linewidth=0.7)
    low, high = _window(camera.project(surface.roll(np.column_stack([places, np.zeros(240)]))))
    axes.set(xlim=(low[0], high[0]), ylim=(high[1], low[1]))
    axes.axis("off")
    return figure


def _seen(surface: DigitSurface, camera: Camera, frame: FloatArray) -> FloatArray:
    """A line on the surface in the photograph; NaN where the digit hides it."""
    points = surface.roll(frame)
    facing = ((surface.camera_mm - points) * surface.normals(points)).sum(axis=1) > 0
    return np.where(facing[:, None], camera.project(points), np.nan)


def _window(pixels: FloatArray) -> tuple[FloatArray, FloatArray]:
    """A square round the digit's ridge."""
    low, high = _bounds(pixels, 0.0)
    middle, half = (low + high) / 2, 0.62 * float((high - low).max())
    return middle - half, middle + half


def _bounds(pixels: FloatArray, margin: float) -> tuple[FloatArray, FloatArray]:
    """Least and largest coordinates, with a share of their range round them."""
    low, high = pixels.min(axis=0), pixels.max(axis=0)
    return low - margin * (high - low), high + margin * (high - low)


def area_picture(walk: Walk) -> Figure:
    """Area and obliquity of every place of the ReadingImage, the ulcer's border laid over."""
    lines = np.concatenate(walk.digit.lines_mm)
    x = np.arange(lines[:, 0].min(), lines[:, 0].max(), MAP_STEP_MM)
    y = np.arange(lines[:, 1].min(), lines[:, 1].max(), MAP_STEP_MM)
    area, obliquity = area_and_obliquity(walk.digit.surface, np.stack(np.meshgrid(x, y), axis=-1))
    figure, both = plt.subplots(1, 2, figsize=(7.2, 4.8), layout="constrained", sharey=True)
    maps = (
        (area / MAP_STEP_MM**2, "surface behind 1 mm² of the card (mm²)", "viridis", (0.6, 2.0)),
        (obliquity, "obliquity (°)", "magma_r", (0.0, 70.0)),
    )
    for axes, (values, title, colours, limits) in zip(both, maps, strict=True):
        shown = axes.imshow(
            values, extent=(x[0], x[-1], y[-1], y[0]), cmap=colours, vmin=limits[0], vmax=limits[1]
        )
        figure.colorbar(shown, ax=axes, shrink=0.8, extend="max")
        for line in walk.ulcer_lines_mm():
            axes.plot(*np.vstack([line, line[:1]]).T, color="white", linewidth=1.5)
        axes.set_title(title, fontsize=10)
        axes.set_xlabel("mm on the card")
    return figure


def budget_picture(walk: Walk) -> Figure:
    """Components of the area's uncertainty, largest first, and what they make together."""
    found = walk.measurement
    parts = sorted(found.budget.items(), key=lambda part: part[1])
    names = ["combined", *(name for name, _ in parts)]
    values = [found.u_area_mm2, *(value for _, value in parts)]
    figure, axes = plt.subplots(figsize=(7.2, 3.6), layout="constrained")
    bars = axes.barh(names, values, color=[ACCENT, *[INK] * len(parts)])
    axes.bar_label(bars, [f"{100 * value / found.area_mm2:.1f} %" for value in values], padding=3, fontsize=8)
    axes.set_xlabel("standard uncertainty (mm²)")
    axes.set_title(
        f"{found.area_mm2:.1f} mm², u = {found.u_area_mm2:.2f} mm² (true area {ULCER_MM2:.1f} mm²)",
        fontsize=10,
    )
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(x=0.12)
    return figure


def _show_reading(axes: Axes, reading: ReadingImage) -> None:
    rows, columns = reading.rgb.shape[:2]
    (left, top), scale = reading.origin_mm, reading.scale_px_per_mm
    extent = (left, left + columns / scale, top + rows / scale, top)
    axes.imshow(reading.rgb[::READING_STEP, ::READING_STEP], extent=extent)


def _extent(width_px: int, height_px: int) -> tuple[float, float, float, float]:
    """Pixel centres of a photograph at whole numbers, rows downwards."""
    return (-0.5, width_px - 0.5, height_px - 0.5, -0.5)


def draw(folder: Path, photo_px: tuple[int, int] = PHOTO_PX) -> list[Path]:
    """Render, measure, and draw every picture.

    Parameters
    ----------
    folder : Path
        Where they go.
    photo_px : (int, int)
        Size of the photograph; smaller is faster.

    Returns
    -------
    list of Path
        As `NAMES` has them.
    """
    walk = walk_of(photo_px)
    makers = (markers_picture, silhouette_picture, surface_picture, area_picture, budget_picture)
    return [
        _save(make(walk), folder / f"measurement_{name}.png")
        for make, name in zip(makers, NAMES, strict=True)
    ]


def _save(figure: Figure, path: Path) -> Path:
    buffer = io.BytesIO()
    figure.savefig(buffer, dpi=DPI)
    plt.close(figure)
    Image.open(buffer).convert("RGB").quantize(COLOURS, kmeans=2).save(path, optimize=True)
    return path


def main() -> None:
    """Draw into the documentation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("docs/pictures"))
    parser.add_argument("--width", type=int, default=PHOTO_PX[0], help="of the photograph, in pixels")
    arguments = parser.parse_args()
    width_px = arguments.width
    for path in draw(arguments.folder, (width_px, 3 * width_px // 4)):
        print(f"{path} {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
