"""What the card tells of the lens: false alarms and power of the check for crops and zooms, accuracy of the
camera.

No pictures: the card's corners are projected by the phantom's camera, with noise as the detector has it.

Run: python benchmarks/lens_truth.py [--draws 2000] [--seed 5]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator, default_rng
from numpy.typing import NDArray

from calibration.camera import Camera, estimate_camera
from calibration.capture_gate import GateLimits
from calibration.digit_card import DIGIT_CARD
from calibration.find_card import MarkerCorners
from calibration.phantom.camera import Camera as TrueCamera
from calibration.photo import Photo

FloatArray = NDArray[np.float64]

WIDTH_PX, HEIGHT_PX = 4000, 3000
SIZE_PX = np.array([WIDTH_PX, HEIGHT_PX])
CORNER_SD_PX = (0.06, 0.12)
FOCAL_35MM = (23.0, 30.0)
FOCAL_ERROR = 0.03
DISTANCE_MM = (130.0, 320.0)
TILT_DEG = (0.0, 30.0)
K1 = (-0.03, 0.03)
AIM_OFF_MM = 8.0
"""The ranges of benchmarks/area_truth.py, as far as a card alone has them."""

POINT_MM = np.array([40.0, 35.0, -14.0])
"""On top of a digit, 14 mm over the card."""

LEANS_DEG = (0.0, 20.0)
"""Skin that lies level, and skin that leans to the digit's side."""

TILTS_DEG = (0, 5, 10, 15, 20, 30)
BORDER_PX = 5.0


@dataclass(frozen=True)
class Case:
    """What is done to a photograph, and what its header says.

    Attributes
    ----------
    name : str
    crop : float
        The picture's width over that of the part kept.
    aside : float
        How far the part kept lies from the middle: 0 not at all, 1 at the picture's edge.
    zoom : float
        Digital zoom that the header keeps to itself.
    stated_zoom : float
        Digital zoom that the header states, the focal length left as it was.
    silent : bool
        Whether the header states no focal length.
    markers : int
    focal_error : float
        Of the header's focal length, up to this share.
    principal_off : float
        Standard deviation of the lens's middle from the picture's, of the diagonal.
    bow_mm : float
        How far the card bends out of its plane.
    tilt_deg : (float, float)
    """

    name: str
    crop: float = 1.0
    aside: float = 0.0
    zoom: float = 1.0
    stated_zoom: float = 1.0
    silent: bool = False
    markers: int = 6
    focal_error: float = FOCAL_ERROR
    principal_off: float = 0.0
    bow_mm: float = 0.0
    tilt_deg: tuple[float, float] = TILT_DEG


@dataclass(frozen=True)
class View:
    """A true camera, and the picture's pixels after the edit: `(pixel − start) × enlarged`."""

    camera: TrueCamera
    start_px: FloatArray
    enlarged: float

    def project(self, points_mm: FloatArray) -> FloatArray:
        """Pixels (n, 2) of points (n, 3; z into the table)."""
        pixels = self.camera.project(points_mm * np.array([1.0, 1.0, -1.0]))
        return np.asarray((pixels - self.start_px) * self.enlarged)

    @property
    def focal_px(self) -> float:
        """Focal length in pixels after the edit."""
        return self.camera.focal_px * self.enlarged


def draw(rng: Generator, case: Case) -> dict[str, float]:
    """One photograph of a case: what the check says, and how wrong the camera is."""
    while True:
        view, size_px = edited(rng, case)
        corners = seen_corners(rng, case, view)
        inside = corners.corners_px
        if (inside > BORDER_PX).all() and (inside < size_px - BORDER_PX).all():
            break
    width, height = (int(side) for side in size_px)
    stated = view.camera.focal_35mm * (1 + rng.uniform(-case.focal_error, case.focal_error))
    photo = Photo(
        np.broadcast_to(np.uint8(0), (height, width, 3)), None if case.silent else stated, case.stated_zoom
    )
    camera = estimate_camera(photo, corners)
    return {
        "mismatch": camera.lens_mismatch_sd,
        "focal": camera.focal_px / view.focal_px - 1,
        "focal u": camera.focal_relative_sd,
        "k1": camera.k1 - view.camera.k1,
        "k1 u": float(np.sqrt(camera.covariance[7, 7])),
        "distance": _height_mm(camera) / float(view.camera.position[2]) - 1,
        **{f"area {lean:.0f}": area_factor(view, camera, lean) - 1 for lean in LEANS_DEG},
    }


def _height_mm(camera: Camera) -> float:
    return -float(camera.centre_mm[2])


def edited(rng: Generator, case: Case) -> tuple[View, FloatArray]:
    """A random camera, the edit, and the size of the picture that is left."""
    camera = TrueCamera(
        width_px=WIDTH_PX,
        height_px=HEIGHT_PX,
        focal_35mm=rng.uniform(*FOCAL_35MM),
        distance_mm=rng.uniform(*DISTANCE_MM),
        tilt_deg=rng.uniform(*case.tilt_deg),
        azimuth_deg=rng.uniform(0, 360),
        roll_deg=rng.uniform(0, 360),
        aim_x_mm=DIGIT_CARD.width_mm / 2 + rng.uniform(-AIM_OFF_MM, AIM_OFF_MM),
        aim_y_mm=DIGIT_CARD.height_mm / 2 + rng.uniform(-AIM_OFF_MM, AIM_OFF_MM),
        k1=rng.uniform(*K1),
    )
    off_px = rng.normal(0, case.principal_off, 2) * np.hypot(*SIZE_PX)
    zoom = case.zoom * case.stated_zoom
    kept_px = np.floor(SIZE_PX / (case.crop * zoom))
    direction = rng.uniform(-1, 1, 2)
    play_px = (SIZE_PX - kept_px) / 2
    start_px = play_px * (1 + case.aside * direction / np.abs(direction).max()) - off_px
    return View(camera, start_px, zoom), np.floor(kept_px * zoom)


def seen_corners(rng: Generator, case: Case, view: View) -> MarkerCorners:
    """Corners of some markers of a card that may be bowed, with the detector's noise."""
    ids = sorted(int(marker) for marker in rng.choice(6, case.markers, replace=False))
    corners_mm = np.concatenate([DIGIT_CARD.marker_corners_mm(marker) for marker in ids])
    along = int(rng.integers(2))
    half_mm = (DIGIT_CARD.width_mm, DIGIT_CARD.height_mm)[along] / 2
    bent_mm = case.bow_mm * rng.choice([-1, 1]) * (corners_mm[:, along] / half_mm - 1) ** 2
    pixels = view.project(np.column_stack([corners_mm, bent_mm]))
    noise_px = rng.normal(0, rng.uniform(*CORNER_SD_PX), pixels.shape)
    return MarkerCorners(tuple(ids), pixels + noise_px, corners_mm, 1.0)


def area_factor(view: View, camera: Camera, lean_deg: float) -> float:
    """Area that the estimated camera would give to a small true area on the digit."""
    lean = np.radians(lean_deg)
    across = np.array([np.cos(lean), 0.0, np.sin(lean)])
    along = np.array([0.0, 1.0, 0.0])
    points_mm = POINT_MM + 0.5 * np.array([across, -across, along, -along])
    return _spanned(view.project(points_mm)) / _spanned(camera.project(points_mm))


def _spanned(pixels: FloatArray) -> float:
    (ax, ay), (bx, by) = pixels[0] - pixels[1], pixels[2] - pixels[3]
    return abs(float(ax * by - ay * bx))


def draws(case: Case, count: int, seed: int) -> dict[str, FloatArray]:
    """Many photographs of a case, by column."""
    rng = default_rng([seed, case.markers])
    rows = [draw(rng, case) for _ in range(count)]
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def noticed(found: dict[str, FloatArray]) -> NDArray[np.bool_]:
    """Which photographs the gate refuses for their lens."""
    limits = GateLimits()
    mismatch = found["mismatch"] > limits.maximum_lens_mismatch_sd
    return np.asarray(mismatch | (100 * found["focal u"] > limits.maximum_focal_sd_percent))


def print_false_alarms(count: int, seed: int) -> None:
    """Photographs as the camera took them."""
    print(f"\nFalse alarms, {count} photographs a line, as the camera took them")
    print(f"  {'':44}{'refused':>9}{'99.5 % below':>14}")
    for case in honest_cases():
        found = draws(case, count, seed)
        high = np.quantile(found["mismatch"], 0.995)
        print(f"  {case.name:<44}{100 * noticed(found).mean():8.2f}%{high:11.1f} SD")


def honest_cases() -> Iterable[Case]:
    """The whole ranges; then what the ranges leave out."""
    for markers in (6, 5, 4, 3):
        for silent in (False, True):
            words = "silent" if silent else "stated"
            yield Case(f"header {words}, {markers} markers", silent=silent, markers=markers)
    for markers in (6, 3):
        yield Case(f"middle off by 0.5 %, {markers} markers", principal_off=0.005, markers=markers)
        yield Case(f"card bowed by 0.2 mm, {markers} markers", bow_mm=0.2, markers=markers)
        yield Case(f"card bowed by 0.5 mm, {markers} markers", bow_mm=0.5, markers=markers)
        yield Case(f"header wrong by up to 6 %, {markers} markers", focal_error=0.06, markers=markers)


def edits() -> Iterable[Case]:
    """Crops and zooms."""
    for factor in (1.25, 1.5, 2.0):
        yield Case(f"zoomed {factor}, unsaid", zoom=factor)
        yield Case(f"cropped {factor}, middle kept", crop=factor)
        yield Case(f"cropped {factor}, half-way aside", crop=factor, aside=0.5)
    yield Case("zoomed 1.5, header silent", zoom=1.5, silent=True)
    yield Case("cropped 1.5, aside, header silent", crop=1.5, aside=0.5, silent=True)
    yield Case("zoomed 1.3, as the header says", stated_zoom=1.3)
    yield Case("zoomed 2, as the header says", stated_zoom=2.0)


def print_power(count: int, seed: int) -> None:
    """Share refused, and what the others cost."""
    print(f"\nRefused, % of {count} photographs, by tilt in degrees; RMS error of the area of the others")
    print(f"  {'':36}" + "".join(f"{tilt:>16}" for tilt in TILTS_DEG))
    for case in edits():
        cells = [_power(replace(case, tilt_deg=(tilt, tilt)), count, seed) for tilt in TILTS_DEG]
        print(f"  {case.name:<36}" + "".join(f"{cell:>16}" for cell in cells))


def _power(case: Case, count: int, seed: int) -> str:
    found = draws(case, count, seed)
    refused = noticed(found)
    if refused.all():
        return "100"
    level, leaning = (100 * np.sqrt(np.mean(found[f"area {lean:.0f}"][~refused] ** 2)) for lean in LEANS_DEG)
    return f"{100 * refused.mean():.0f} ({level:.1f}/{leaning:.1f}%)"


def print_accuracy(count: int, seed: int) -> None:
    """Bias and SD of what the camera is used for."""
    print(f"\nBias ± SD in %, {count} photographs a line; u: stated; in: % of focal lengths within 1.96 u")
    heads = ("focal length", "u", "in", "camera height", "area, level", "area, 20° aside", "k1 × 100", "u")
    print(f"  {'':30}" + "".join(f"{head:>16}" for head in heads))
    for case in accuracy_cases():
        for tilt in TILTS_DEG:
            _print_accuracy(replace(case, tilt_deg=(tilt, tilt)), tilt, count, seed)


def accuracy_cases() -> Iterable[Case]:
    """As taken, and two edits measured as though they had not been noticed."""
    yield Case("header stated")
    yield Case("header silent", silent=True)
    yield Case("silent, middle off by 0.5 %", silent=True, principal_off=0.005)
    yield Case("zoomed 1.5, unsaid", zoom=1.5)
    yield Case("cropped 1.5, aside", crop=1.5, aside=0.5)


def _print_accuracy(case: Case, tilt: int, count: int, seed: int) -> None:
    found = draws(case, count, seed)
    inside = np.abs(np.log1p(found["focal"])) < 1.96 * found["focal u"]
    areas = (_spread(found[f"area {lean:.0f}"]) for lean in LEANS_DEG)
    cells = (
        _spread(found["focal"]),
        f"{100 * np.median(found['focal u']):.1f}",
        f"{100 * inside.mean():.0f}",
        _spread(found["distance"]),
        *areas,
        _spread(found["k1"]),
        f"{100 * np.median(found['k1 u']):.2f}",
    )
    print(f"  {case.name + f', {tilt}°':<30}" + "".join(f"{cell:>16}" for cell in cells))


def _spread(values: FloatArray) -> str:
    return f"{100 * values.mean():+.2f} ± {100 * values.std():.2f}"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=5)
    arguments = parser.parse_args()
    print_false_alarms(arguments.draws, arguments.seed)
    print_power(arguments.draws // 10, arguments.seed)
    print_accuracy(arguments.draws // 10, arguments.seed)


if __name__ == "__main__":
    main()
