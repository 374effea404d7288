"""From a 12-megapixel JPEG to a measurement: median time by step, against the time of decoding the JPEG
alone.

Run: python benchmarks/photo_to_measurement.py [--repeats 15]
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from truth_scenes import TWELVE_MEGAPIXELS

from app.measuring import measure_photo
from app.platform.images import decode_photo
from calibration.camera import estimate_camera
from calibration.colour import estimate_colour
from calibration.find_card import find_markers
from calibration.gate_light import paper_light
from calibration.phantom import Ranges, encode_jpeg, random_scene, render
from calibration.photo import Photo
from calibration.pose import FLAT
from calibration.rectify import rectify
from calibration.silhouette import find_silhouette
from calibration.surface_fit import fit_surface
from calibration.surface_variants import flat_variants
from models.registry import load_segmenter

SEED = 12


def median_ms(work: Callable[[], Any], repeats: int) -> float:
    """Median wall time of `work` in milliseconds, after one warm-up."""
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times)


def twelve_megapixel_jpeg() -> bytes:
    """A phantom photograph as a phone would send it."""
    ranges = Ranges(
        width_px=TWELVE_MEGAPIXELS[0],
        height_px=TWELVE_MEGAPIXELS[1],
        distance_mm=(190, 200),
        tilt_deg=(8, 10),
        obliquity_deg=(5, 10),
    )
    scene = random_scene(np.random.default_rng(SEED), ranges)
    return encode_jpeg(render(scene, SEED).rgb, quality=92)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=15)
    repeats = parser.parse_args().repeats
    data = twelve_megapixel_jpeg()
    segmenter = load_segmenter()
    photo = decode_photo(data)
    corners = find_markers(photo)
    camera = estimate_camera(photo, corners)
    reading = rectify(photo, camera)
    segmentation = segmenter.segment(reading.rgb)
    silhouette = find_silhouette(reading, segmentation.skin, segmentation.ulcer)
    surface = fit_surface(silhouette, camera.centre_mm)
    steps: dict[str, Callable[[], Any]] = {
        "decode in the limited child process": lambda: decode_photo(data),
        "find the markers": lambda: find_markers(photo),
        "pose the camera": lambda: estimate_camera(photo, corners),
        "read the light on the card": lambda: paper_light(photo, camera, corners.ids),
        "rectify": lambda: rectify(photo, camera),
        "correct the colours": lambda: estimate_colour(photo, camera).corrected(reading.rgb),
        "segment (ONNX Runtime)": lambda: segmenter.segment(reading.rgb),
        "find the silhouette": lambda: find_silhouette(reading, segmentation.skin, segmentation.ulcer),
        "fit the surface": lambda: fit_surface(silhouette, camera.centre_mm),
        "fit it under other assumptions": lambda: flat_variants(surface, silhouette, FLAT, camera.centre_mm),
    }
    times = {name: median_ms(work, repeats) for name, work in steps.items()}
    whole = median_ms(lambda: _whole(data, segmenter), repeats)
    floor = median_ms(lambda: cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), repeats)
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, {len(data) / 1e6:.1f} MB JPEG, medians of {repeats}"
    )
    for name, taken in times.items():
        print(f"  {name:<38}{taken:9.0f} ms {100 * taken / whole:5.0f} %")
    rest = whole - sum(times.values())
    print(f"  {'planimetry, budget, gate, footprint':<38}{rest:9.0f} ms {100 * rest / whole:5.0f} %")
    print(f"  {'JPEG → measurement':<38}{whole:9.0f} ms")
    print(f"  {'floor: decoding the JPEG in process':<38}{floor:9.0f} ms   ratio {whole / floor:.1f}")


def _whole(data: bytes, segmenter: Any) -> Photo:
    photo = decode_photo(data)
    measure_photo(photo, segmenter)
    return photo


if __name__ == "__main__":
    main()
