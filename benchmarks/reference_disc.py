"""Error of the reference slip's area on re-photographed prints, one thing at a time and all together.

Run: python benchmarks/reference_disc.py [--views 3] [--together 30]

A card is printed, the slip is laid into its slot with a little play, and both are photographed at 10 to 16
px/mm (a 12-megapixel phone at 190 to 300 mm, cropped to the card) under a random pose. The true area is
known: it was drawn. Beside the area stands what the disc alone would give, and what it would give with the
ink spread that the card's markers tell taken off.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
from detector_truth import view_of
from numpy.random import default_rng
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from calibration.camera import estimate_camera
from calibration.find_card import CardNotFound, find_markers
from calibration.phantom import Camera
from calibration.phantom.recapture import Exposure, Recapture, expose
from calibration.phantom.sheet import Sheet, SlipPlace
from calibration.photo import Photo
from calibration.reference_disc import SlipNotFound, measure_slip
from calibration.reference_slip import REFERENCE_SLIP

SEED = 2026

PLAY_MM, PLAY_DEG = 0.4, 1.0
"""How far the slip may lie from its place: the slot is half a millimetre wider on each side."""


@dataclass(frozen=True)
class Trial:
    """One condition: what is changed of a good photograph, and of its camera."""

    name: str
    level: str
    sheet: Sheet
    recapture: Recapture
    distance_mm: float | None = None
    tilt_deg: float | None = None


@dataclass(frozen=True)
class Errors:
    """Errors of one photograph in percent of the true area."""

    area: float
    disc: float
    disc_mended: float


def trials() -> Iterator[Trial]:
    """One thing at a time, from hardly to badly."""
    sheet, usual = Sheet(), Recapture()
    sensor = usual.sensor
    yield Trial("none", "", sheet, usual)
    for distance in (150.0, 200.0, 250.0, 300.0):
        yield Trial("distance", f"{distance:.0f} mm", sheet, usual, distance_mm=distance)
    for tilt in (0.0, 10.0, 20.0, 30.0):
        yield Trial("tilt", f"{tilt:.0f}°", sheet, usual, tilt_deg=tilt)
    for blur in (1.5, 2.5):
        yield Trial("defocus", f"{blur} px", sheet, replace(usual, sensor=replace(sensor, blur_px=blur)))
    for motion in (3.0, 6.0):
        moved = replace(sensor, motion_px=motion, motion_deg=25.0)
        yield Trial("motion", f"{motion:.0f} px", sheet, replace(usual, sensor=moved))
    for factor in (4, 16):
        noisy = replace(sensor, read_noise=0.002 * factor, shot_noise=0.00008 * factor**2)
        yield Trial("noise", f"{factor} ×", sheet, replace(usual, sensor=noisy))
    for quality in (75, 60, 40):
        yield Trial("JPEG", f"{quality}", sheet, replace(usual, jpeg_quality=quality))
    for halo in (0.0, 1.0, 2.0):
        yield Trial("sharpening", f"{halo}", sheet, replace(usual, sensor=replace(sensor, sharpening=halo)))
    for gain in (0.0, 0.05, 0.1):
        yield Trial("ink spread", f"{gain} mm", replace(sheet, dot_gain_mm=gain), usual)
    for dpi in (150.0, 300.0):
        yield Trial("print", f"{dpi:.0f} dpi", replace(sheet, dpi=dpi), usual)
    yield Trial("raster", "0.25 mm", replace(sheet, grid="raster"), usual)
    for fall in (0.4, 0.8):
        yield Trial("uneven light", f"{fall:.0%} / 100 mm", sheet, replace(usual, fall_per_100mm=fall))
    yield Trial("exposure", "0.3", sheet, replace(usual, sensor=replace(sensor, exposure=0.3)))
    for radius in (2000.0, 1000.0):
        curled = replace(sheet, bend_radius_mm=radius)
        yield Trial("curled", f"{curled.sagitta_mm:.1f} mm", curled, usual)


def drawn_together(number: int) -> Trial:
    """A photograph as a site may send it: everything at once, each within what the gate lets pass."""
    rng = default_rng([SEED, number, 2])
    usual = Recapture()
    noise = float(rng.uniform(1, 6))
    sensor = replace(
        usual.sensor,
        blur_px=float(rng.uniform(0.4, 1.4)),
        motion_px=float(rng.uniform(0, 2)),
        motion_deg=float(rng.uniform(0, 180)),
        read_noise=0.002 * noise,
        shot_noise=0.00008 * noise**2,
        sharpening=float(rng.uniform(0, 1.2)),
        exposure=float(rng.uniform(0.45, 0.95)),
    )
    sheet = Sheet(
        dpi=float(rng.choice([300.0, 600.0])),
        dot_gain_mm=float(rng.uniform(0, 0.08)),
        bend_radius_mm=float(rng.choice([-1.0, 1.0]) * rng.uniform(1500, 6000)),
        bend_deg=float(rng.choice([0.0, 90.0])),
    )
    recapture = replace(
        usual,
        sensor=sensor,
        fall_per_100mm=float(rng.uniform(0, 0.4)),
        fall_deg=float(rng.uniform(0, 360)),
        jpeg_quality=int(rng.integers(70, 95)),
    )
    return Trial("all together", "", sheet, recapture)


@lru_cache(maxsize=2)
def _exposed(sheet: Sheet, camera: Camera) -> Exposure:
    """The same sheet under the same camera is looked at by most of the trials."""
    return expose(sheet, camera)


def errors_of(trial: Trial, number: int) -> Errors | None:
    """Photograph the slip in one view and measure it; None where card or slip is not found."""
    rng = default_rng([SEED, number, 3])
    x, y, turn = rng.uniform(-1, 1, 3)
    place = SlipPlace(PLAY_MM * x, PLAY_MM * (1 + y), PLAY_DEG * turn)
    camera = _camera(trial, number)
    exposure = _exposed(replace(trial.sheet, slip=place), camera)
    photo = Photo(trial.recapture.photograph(exposure, default_rng([SEED, number, 1])), camera.focal_35mm)
    try:
        corners = find_markers(photo)
        found = measure_slip(photo, estimate_camera(photo, corners))
    except (CardNotFound, SlipNotFound):
        return None
    mended_mm = np.sqrt(found.disc_mm2 / np.pi) - corners.ink_spread_mm
    areas = (found.area_mm2, found.disc_mm2, float(np.pi * mended_mm**2))
    return Errors(*(100 * (area / REFERENCE_SLIP.area_mm2 - 1) for area in areas))


def _camera(trial: Trial, number: int) -> Camera:
    camera = view_of(number)
    distance = trial.distance_mm if trial.distance_mm is not None else camera.distance_mm
    tilt = trial.tilt_deg if trial.tilt_deg is not None else camera.tilt_deg
    return replace(camera, distance_mm=distance, tilt_deg=tilt)


def row_of(name: str, level: str, found: list[Errors | None]) -> tuple[str, ...]:
    """One line of the table."""
    seen = [errors for errors in found if errors is not None]
    if not seen:
        return name, level, f"0 / {len(found)}", *["–"] * 5
    area, disc, mended = np.array([[one.area, one.disc, one.disc_mended] for one in seen]).T
    told = (f"{area.mean():+.3f}", f"{_sd(area):.3f}", f"{np.abs(area).max():.3f}")
    rest = (
        f"{disc.mean():+.2f} ± {_sd(disc):.2f}",
        f"{mended.mean():+.2f} ± {_sd(mended):.2f}",
    )
    return name, level, f"{len(seen)} / {len(found)}", *told, *rest


def _sd(values: NDArray[np.float64]) -> float:
    return float(values.std(ddof=1)) if len(values) > 1 else float("nan")


def main() -> None:
    """Photograph, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--views", type=int, default=3, help="photographs of each condition")
    parser.add_argument("--together", type=int, default=30, help="photographs with everything at once")
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    table = Table(
        "condition", "level", "measured", "bias %", "SD %", "largest %", "disc alone %", "less ink spread %",
        title=f"Area of the reference slip against the true {REFERENCE_SLIP.area_mm2:g} mm²",
    )  # fmt: skip
    every = list(trials()) if asked.views else []
    found: dict[int, list[Errors | None]] = {index: [] for index in range(len(every))}
    for number in range(asked.views):
        for index, trial in enumerate(every):
            found[index].append(errors_of(trial, number))
    for index, trial in enumerate(every):
        table.add_row(*row_of(trial.name, trial.level, found[index]))
    if asked.together:
        together = [errors_of(drawn_together(number), number) for number in range(asked.together)]
        table.add_row(*row_of("all together", "", together))
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
