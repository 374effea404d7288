"""The picture of docs/explanation/reference-slip.md: a check photo, its circles' edges, two sites' drift.

Run: python benchmarks/slip_picture.py [--out docs/pictures/reference_slip.png]
"""

from __future__ import annotations

import argparse
import json
from importlib import resources
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from numpy.typing import NDArray

from app.cards.measuring import measure_slip_photo
from app.domain.site_drift import drift_chart
from app.platform.images import decode_photo
from calibration.camera import Camera, estimate_camera
from calibration.capture_gate import GateLimits
from calibration.digit_card import DIGIT_CARD, in_world
from calibration.find_card import find_markers
from calibration.photo import Photo
from calibration.rectify import ReadingImage, rectify
from calibration.reference_disc import ReferenceReading, measure_slip
from calibration.reference_slip import REFERENCE_SLIP
from calibration.srgb import SRGB_TO_LINEAR

mpl.use("Agg")

SHOTS = Path(str(resources.files("sample_images"))) / "shots"
SHOWN_SITE, SHOWN_WEEK = "LIL", 12
DPI = 100
COLOURS = ("#0b5c6b", "#e8590c")
ANGLES, STEP_MM, REACH_MM = 720, 0.02, 1.2


def entries() -> list[dict[str, object]]:
    """The demo's shots, oldest first."""
    listed: list[dict[str, object]] = json.loads((SHOTS / "shots.json").read_text(encoding="utf-8"))
    return listed


def opened(entry: dict[str, object]) -> Photo:
    """One shot's photograph."""
    return decode_photo((SHOTS / str(entry["file"])).read_bytes())


def slot_picture(axes: Axes, slot: ReadingImage, found: ReferenceReading) -> None:
    """The rectified slot with both circles as they were measured."""
    area = DIGIT_CARD.slot
    axes.imshow(slot.rgb, extent=(area.left, area.right, area.bottom, area.top))
    circles = ((found.disc_mm2, found.disc_middle_mm), (found.hole_mm2, found.hole_middle_mm))
    for (area_mm2, middle), colour in zip(circles, COLOURS, strict=True):
        radius = float(np.sqrt(area_mm2 / np.pi))
        axes.add_patch(
            mpl.patches.Circle((middle[0], middle[1]), radius, fill=False, color=colour, linewidth=2)
        )
        axes.text(middle[0], middle[1] + 7.4, f"{area_mm2:.2f} mm²", color=colour, ha="center", va="top",
                  bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5})  # fmt: skip
    axes.set(title=f"between both: {found.area_mm2:.2f} mm²", xlabel="mm on the card", ylabel="mm")


def edge_picture(axes: Axes, photo: Photo, camera: Camera, found: ReferenceReading) -> None:
    """Light along the radius, mean of all directions: the ink has moved both edges into the white."""
    light = SRGB_TO_LINEAR[photo.rgb].mean(axis=2)
    names = ("disc", "hole")
    middles = (found.disc_middle_mm, found.hole_middle_mm)
    r_mm = np.arange(REFERENCE_SLIP.radius_mm - REACH_MM, REFERENCE_SLIP.radius_mm + REACH_MM, STEP_MM)
    for name, middle, colour in zip(names, middles, COLOURS, strict=True):
        axes.plot(r_mm, _light_round(light, camera, middle, r_mm), color=colour, label=name)
    axes.axvline(REFERENCE_SLIP.radius_mm, color="black", linestyle=":", label="as drawn")
    radii = np.sqrt(np.array([found.disc_mm2, found.hole_mm2]) / np.pi)
    for radius, colour in zip(radii, COLOURS, strict=True):
        axes.axvline(radius, color=colour, linewidth=1)
    axes.set(title=f"ink moved the edges by {found.spread_mm:.3f} mm", xlabel="distance from the middle, mm",
             ylabel="light (linear)", xlim=(r_mm[0], r_mm[-1]))  # fmt: skip
    axes.legend(frameon=False, loc="center right")


def _light_round(
    light: NDArray[np.float32], camera: Camera, middle: NDArray[np.float64], r_mm: NDArray[np.float64]
) -> NDArray[np.float64]:
    turn = 2 * np.pi * np.arange(ANGLES) / ANGLES
    rings = r_mm[:, None, None] * np.stack([np.cos(turn), np.sin(turn)], axis=-1) + middle
    x, y = np.rint(camera.project(in_world(rings.reshape(-1, 2)))).astype(int).T
    return np.asarray(light[y, x].reshape(len(r_mm), ANGLES).mean(axis=1), np.float64)


def drift_picture(axes: Axes) -> None:
    """Both sites' shots on their charts."""
    for site, colour in zip(("LYO", "LIL"), COLOURS, strict=True):
        weeks, deviations = [], []
        for entry in entries():
            if entry["site"] != site:
                continue
            area = measure_slip_photo(opened(entry), GateLimits()).area_mm2
            if area is not None:
                weeks.append(-int(str(entry["weeks_ago"])))
                deviations.append(100 * (area / REFERENCE_SLIP.area_mm2 - 1))
        chart = drift_chart(deviations)
        axes.plot(weeks, deviations, "o-", color=colour, label=site, markersize=4)
        for limit in (chart.lower_percent, chart.upper_percent):
            if limit is not None:
                axes.axhline(limit, color=colour, linestyle="--", linewidth=0.8)
    axes.set(title="a card printed anew at 98 %, the slip an old one", xlabel="weeks", ylabel="deviation, %")
    axes.legend(frameon=False, loc="upper left")


def main() -> None:
    """Draw and save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/pictures/reference_slip.png"))
    out = parser.parse_args().out
    (entry,) = [one for one in entries() if (one["site"], one["weeks_ago"]) == (SHOWN_SITE, SHOWN_WEEK)]
    photo = opened(entry)
    camera = estimate_camera(photo, find_markers(photo))
    found = measure_slip(photo, camera)
    figure, axes = plt.subplots(
        1, 3, figsize=(13, 4.4), layout="constrained", gridspec_kw={"width_ratios": [0.75, 1, 1.25]}
    )
    slot_picture(axes[0], rectify(photo, camera, DIGIT_CARD.slot), found)
    edge_picture(axes[1], photo, camera, found)
    drift_picture(axes[2])
    figure.savefig(out, dpi=DPI)


if __name__ == "__main__":
    main()
