"""Milliseconds of the registered network, of usual networks, and of the floor, in one run on one machine.

`python benchmarks/network_speed.py [--threads 2] [--repeats 15] [--int8 FILE]`

Pictures of noise and, for the peers, random weights: the time does not depend on what is seen. Peers are
segmentation-models-pytorch U-Nets in torch eager, as its users run them. Contestants run one after the other,
in two rounds, so that a machine that slows down does so for all. The rate of matrix products is measured
before each round; the higher one counts.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from network_floor import matrix_rate, multiply_adds, torch_multiply_adds
from rich import box
from rich.console import Console
from rich.table import Table

from models.flips import FlippedSegmenter
from models.picture import as_batch, padded_size, reduce_picture
from models.registry import UnknownWeightsError, find_weights, verified_bytes
from models.runtime import OnnxRuntime, Runtime
from models.segmenter import NetworkSegmenter, Segmenter
from models.torch_runtime import TorchRuntime
from models.torchvision_operators import declare_torchvision_operators
from models.unet import UNet
from models.weights_info import QUANTISED, WeightsInfo

declare_torchvision_operators()

import segmentation_models_pytorch as smp  # noqa: E402  the operators must be declared first

PICTURES = {"512 × 512": (512, 512), "1320 × 1020": (1320, 1020)}
"""A photo as the data sets have them, and a reading image, which the network sees at half its size."""

PEERS = {
    "EfficientNet-B0": "efficientnet-b0",
    "EfficientNet-B3": "efficientnet-b3",
    "EfficientNet-B7": "efficientnet-b7",
    "MobileNetV2": "mobilenet_v2",
}
"""U-Nets with the library's default decoder, by encoder."""

OURS, OURS_IN_TORCH = "ours, ONNX Runtime fp32", "ours, torch eager"
ROUNDS = 2
WARM_UP_RUNS = 2

Work = Callable[[], object]
Contestant = Callable[[], list[Work]]
"""Makes itself ready; what it does with each of `PICTURES`."""


def main() -> None:
    """Time every contestant and print the table."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--repeats", type=int, default=15, help="timed runs in each of two rounds")
    parser.add_argument("--weights", help="registered name; the newest if left out")
    parser.add_argument("--int8", type=Path, help="quantised file; the registered one if left out")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    # random weights may run into numbers so small that processors compute them slowly
    torch.set_flush_denormal(True)
    weights = find_weights(arguments.weights)
    content = verified_bytes(weights)
    contestants = _ours(weights, content, _quantised(weights, arguments.int8), arguments.threads)
    contestants |= {f"U-Net {title}": _peer(encoder) for title, encoder in PEERS.items()}
    rates: list[tuple[float, str]] = []
    times = _timed(contestants, arguments.repeats, lambda: rates.append(matrix_rate(arguments.threads)))
    rate, where = max(rates)
    screen = Console()
    screen.print(
        f"{weights.label} on {_processor()}, {arguments.threads} threads, medians of "
        f"{ROUNDS * arguments.repeats}"
    )
    screen.print(f"matrix product: {rate / 1e9:.1f} thousand million multiply-adds a second ({where})")
    screen.print(_table(times, _multiply_adds(content), rate))
    done = multiply_adds(content, *padded_size(_pictures()[0]))
    share = 1e3 * done / rate / times[OURS][0]
    screen.print(f"The file of ours carries out {done / 1e9:.2f} × 10⁹: {share:.0%} of the rate.")


def _ours(
    weights: WeightsInfo, content: bytes, quantised: bytes | None, threads: int
) -> dict[str, Contestant]:
    """The network alone, then all of what `segment` does, by runtime."""

    def whole(wrap: Callable[[Segmenter], Segmenter]) -> Contestant:
        return lambda: _segmenting(wrap(NetworkSegmenter(weights, OnnxRuntime(content, threads=threads))))

    contestants: dict[str, Contestant] = {
        OURS: lambda: _running(OnnxRuntime(content, threads=threads)),
        "  picture to picture": whole(lambda segmenter: segmenter),
        "  picture to picture, --flips": whole(FlippedSegmenter),
    }
    if quantised is not None:
        contestants["ours, ONNX Runtime int8"] = lambda: _running(OnnxRuntime(quantised, threads=threads))
    return contestants | {OURS_IN_TORCH: lambda: _running(TorchRuntime(content, threads=threads))}


def _quantised(weights: WeightsInfo, file: Path | None) -> bytes | None:
    """The quantised file that is named, else the registered one beside the weights, if there is one."""
    if file is not None:
        return file.read_bytes()
    try:
        return verified_bytes(find_weights(f"{weights.label}{QUANTISED}"))
    except UnknownWeightsError:
        return None


def _pictures() -> list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]:
    rng = np.random.default_rng(0)
    return [rng.integers(0, 256, (*size, 3), dtype=np.uint8) for size in PICTURES.values()]


def _running(runtime: Runtime) -> list[Work]:
    batches = [as_batch([reduce_picture(rgb)]) for rgb in _pictures()]
    return [lambda batch=batch: runtime.run(batch) for batch in batches]  # type: ignore[misc]


def _segmenting(segmenter: Segmenter) -> list[Work]:
    return [lambda rgb=rgb: segmenter.segment(rgb) for rgb in _pictures()]  # type: ignore[misc]


def _build_peer(encoder: str) -> torch.nn.Module:
    network: torch.nn.Module = smp.Unet(encoder_name=encoder, encoder_weights=None, classes=2)
    return network.eval()


def _peer(encoder: str) -> Contestant:
    def ready() -> list[Work]:
        network = _build_peer(encoder)
        batches = [torch.from_numpy(as_batch([reduce_picture(rgb)])) for rgb in _pictures()]

        @torch.inference_mode()
        def run(batch: torch.Tensor) -> object:
            return torch.sigmoid(network(batch))

        return [lambda batch=batch: run(batch) for batch in batches]  # type: ignore[misc]

    return ready


def _timed(
    contestants: dict[str, Contestant], repeats: int, before: Callable[[], None]
) -> dict[str, list[float]]:
    """Median milliseconds by contestant, for each of `PICTURES`; something is done before each round."""
    times: dict[str, list[list[float]]] = {name: [[] for _ in PICTURES] for name in contestants}
    for _ in range(ROUNDS):
        before()
        for name, ready in contestants.items():
            for kept, work in zip(times[name], ready(), strict=True):
                for run in range(WARM_UP_RUNS + repeats):
                    started = time.perf_counter()
                    work()
                    if run >= WARM_UP_RUNS:
                        kept.append(1e3 * (time.perf_counter() - started))
    return {name: [statistics.median(each) for each in kept] for name, kept in times.items()}


def _multiply_adds(content: bytes) -> dict[str, int]:
    """Multiply-adds on a picture of 512 × 512, for those whose time is the network's alone and in fp32.

    All are counted as the networks are defined, layer by layer. The file of ours carries out fewer.
    """
    size = padded_size(_pictures()[0])
    architecture = OnnxRuntime(content).description.architecture
    own = torch_multiply_adds(lambda: UNet(architecture), *size)
    counted = {OURS: own, OURS_IN_TORCH: own}
    for title, encoder in PEERS.items():
        build = lambda encoder=encoder: _build_peer(encoder)  # noqa: E731
        counted[f"U-Net {title}"] = torch_multiply_adds(build, *size)
    return counted


def _table(times: dict[str, list[float]], counted: dict[str, int], rate: float) -> Table:
    table = Table(
        box=box.SIMPLE_HEAD, caption="U-Nets in torch eager, default decoder.", caption_justify="left"
    )
    table.add_column("", no_wrap=True)
    for title in (*(f"{size} ms" for size in PICTURES), "to ours", "10⁹ mult-adds", "share of rate"):
        table.add_column(title, justify="right")
    for name, kept in times.items():
        cells = [*(f"{each:.1f}" for each in kept), f"{kept[0] / times[OURS][0]:.2f}"]
        if name in counted:
            floor_ms = 1e3 * counted[name] / rate
            cells += [f"{counted[name] / 1e9:.2f}", f"{floor_ms / kept[0]:.0%}"]
        table.add_row(name, *cells)
    floor_ms = 1e3 * counted[OURS] / rate
    table.add_row("the floor of ours", f"{floor_ms:.1f}", "", f"{floor_ms / times[OURS][0]:.2f}")
    return table


def _processor() -> str:
    """The processor's name, as far as the machine tells it."""
    listing = Path("/proc/cpuinfo")
    lines = listing.read_text(encoding="utf-8").splitlines() if listing.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


if __name__ == "__main__":
    main()
