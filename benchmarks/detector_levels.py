"""What printers, phones and hands do to a picture of the card, from hardly to badly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from calibration.phantom.recapture import Recapture
from calibration.phantom.sheet import Sheet


@dataclass(frozen=True)
class Level:
    """One degradation at one strength."""

    degradation: str
    strength: str
    sheet: Sheet
    recapture: Recapture


def levels() -> Iterator[Level]:
    """Every degradation from hardly to badly, the others as in a good photograph."""
    sheet, usual = Sheet(), Recapture()
    yield Level("none", "", sheet, usual)
    for dpi in (150.0, 300.0):
        yield Level("print", f"{dpi:.0f} dpi", replace(sheet, dpi=dpi), usual)
    for gain in (0.0, 0.05, 0.1):
        yield Level("ink spread", f"{gain} mm", replace(sheet, dot_gain_mm=gain), usual)
    yield Level("paper", "yellowish", replace(sheet, paper=(0.97, 0.92, 0.78)), usual)
    for pitch in (0.17, 0.25, 0.42):
        yield Level("moiré", f"raster {pitch} mm", replace(sheet, grid="raster", grid_mm=pitch), usual)
    for pitch in (0.096, 0.16):
        yield Level("moiré", f"screen {pitch} mm", replace(sheet, grid="screen", grid_mm=pitch), usual)
    for radius in (2000, 1000, 500, 250):
        for sign, middle in ((1, "down"), (-1, "up")):
            for turn in (0, 90):
                bent = replace(sheet, bend_radius_mm=sign * float(radius), bend_deg=float(turn))
                name = f"middle {middle}, {'xy'[turn // 90]}, {abs(bent.sagitta_mm):.1f} mm"
                yield Level("curled", name, bent, usual)
    yield from _sensor_levels(sheet, usual)
    yield from _light_levels(sheet, usual)


def _sensor_levels(sheet: Sheet, usual: Recapture) -> Iterator[Level]:
    sensor = usual.sensor
    for blur in (1.5, 2.5):
        yield Level("defocus", f"{blur} px", sheet, replace(usual, sensor=replace(sensor, blur_px=blur)))
    for motion in (3.0, 6.0, 10.0):
        moved = replace(sensor, motion_px=motion, motion_deg=25.0)
        yield Level("motion", f"{motion:.0f} px", sheet, replace(usual, sensor=moved))
    for wobble in (1.0, 2.0, 4.0):
        yield Level("rolling shutter", f"{wobble:.0f} px", sheet, replace(usual, wobble_px=wobble))
    for factor in (4, 16):
        noisy = replace(sensor, read_noise=0.002 * factor, shot_noise=0.00008 * factor**2)
        yield Level("noise", f"{factor} ×", sheet, replace(usual, sensor=noisy))
    for halo in (0.0, 1.0, 2.0):
        sharp = replace(sensor, sharpening=halo)
        yield Level("sharpening", f"{halo}", sheet, replace(usual, sensor=sharp))
    for quality in (95, 75, 60, 40):
        yield Level("JPEG", f"{quality}", sheet, replace(usual, jpeg_quality=quality))


def _light_levels(sheet: Sheet, usual: Recapture) -> Iterator[Level]:
    for fall in (0.4, 0.8):
        yield Level("uneven light", f"{fall:.0%} / 100 mm", sheet, replace(usual, fall_per_100mm=fall))
    for exposure in (0.2, 1.3):
        lit = replace(usual.sensor, exposure=exposure)
        yield Level("exposure", f"{exposure}", sheet, replace(usual, sensor=lit))
    for glare in (0.3, 1.0, 3.0):
        yield Level("glare", f"{glare} of paper", sheet, replace(usual, glare=glare))
    for cover in (3.0, 8.0, 15.0):
        yield Level("covered", f"left {cover:.0f} mm", sheet, replace(usual, cover_left_mm=cover))
    for cover in (8.0, 20.0):
        yield Level("covered", f"below {cover:.0f} mm", sheet, replace(usual, cover_below_mm=cover))
