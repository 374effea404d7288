"""Milliseconds for the registered network: `python benchmarks/network_speed.py [--threads 2]`.

Pictures of noise: the time does not depend on what is seen.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time

import numpy as np

from models.registry import find_weights, verified_bytes
from models.segmenter import OnnxSegmenter

PICTURES = {
    "photo 512 × 512": (512, 512),
    "reading image 1160 × 1020": (1160, 1020),
    "photo of 12 megapixels": (3000, 4000),
}
WARM_UP_RUNS = 3
TIMED_RUNS = 15


def main() -> None:
    """Time `segment` on pictures of the sizes that it meets."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--weights")
    arguments = parser.parse_args()
    weights = find_weights(arguments.weights)
    started = time.perf_counter()
    segmenter = OnnxSegmenter(weights, verified_bytes(weights), threads=arguments.threads)
    report: dict[str, object] = {
        "weights": weights.label,
        "threads": arguments.threads,
        "ready_ms": round(1e3 * (time.perf_counter() - started), 1),
    }
    for title, size in PICTURES.items():
        picture = np.random.default_rng(0).integers(0, 256, (*size, 3), dtype=np.uint8)
        report[title] = _timed(segmenter, picture)
    print(json.dumps(report, indent=2, ensure_ascii=False))


def _timed(
    segmenter: OnnxSegmenter, picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
) -> dict[str, float]:
    """Median and range of wall time, in milliseconds."""
    times = []
    for run in range(WARM_UP_RUNS + TIMED_RUNS):
        started = time.perf_counter()
        segmenter.segment(picture)
        if run >= WARM_UP_RUNS:
            times.append(1e3 * (time.perf_counter() - started))
    return {"median_ms": round(statistics.median(times), 1), "least_ms": round(min(times), 1)}


if __name__ == "__main__":
    main()
