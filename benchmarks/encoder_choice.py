"""Which encoder and decoder: Dice against milliseconds, each network trained alike for a short while.

Run: python benchmarks/encoder_choice.py --weights FOLDER [--steps 913] [--run runs/encoder_choice]

Every network sees the same batches (same seed, same order) from its own pretrained encoder, gets training's
own score on the selection part, and is timed at 512 × 512 on two threads, all in one sitting. Started again,
it goes on where it was; times are taken anew. So short a training ranks the networks, it does not say what
they reach.
"""

from __future__ import annotations

import argparse
import json
import logging
import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cv2
import matplotlib as mpl
import numpy as np
import onnxruntime
import torch
from torch.utils.flop_counter import FlopCounterMode

from models.unet import Architecture, UNet
from training.batches import Batches
from training.datasets import PhotoLibrary, default_data_folder
from training.export import export_onnx
from training.fit import choose_device
from training.optimisation import Fit
from training.recipe import Recipe
from training.selection import Selection, weighed
from training.sources import all_sources
from training.starts import start_from_encoder

mpl.use("Agg")
from matplotlib import pyplot as plt

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Encoder:
    """A pretrained encoder: its name, its file, and the normalisation that it was trained with."""

    name: str
    file: str
    normalisation: str


ENCODERS = (
    Encoder("tu-tf_efficientnet_lite0", "tu-tf_efficientnet_lite0.safetensors", "tensorflow"),
    Encoder("tu-tf_efficientnet_lite2", "tu-tf_efficientnet_lite2.safetensors", "tensorflow"),
    Encoder("mobilenet_v2", "mobilenet_v2.safetensors", "imagenet"),
    Encoder("tu-tiny_vit_5m_224", "tu-tiny_vit_5m_224.mobilesam.safetensors", "imagenet"),
)

DECODERS: dict[str, tuple[int, int, int, int]] = {"narrow": (96, 48, 32, 16), "wide": (256, 128, 64, 32)}
"""The recipe's widths, and the library's default ones."""

STEPS, BATCH, CROP_PX = 913, 16, 320
"""Of each network: 6,100 crops of the 607 wounds, 4,500 of rendered fingers; less than half of a run. An odd
number of steps, because it is what eight networks and two more seeds together made in the time that a GPU was
lent for."""

PEAK_RATE = 8e-4
"""Learning rate; smaller than the recipe's, as its batch is."""

SIDE_PX = 512
WARM_UP_RUNS, TIMED_RUNS = 3, 15

RESULTS = "encoder_choice.json"
PICTURE = Path("docs/pictures/encoder_choice.png")

COLOURS = ("#1f77b4", "#2b8a3e", "#e8590c", "#862e9c")
MARKERS = {"narrow": "o", "wide": "s"}
NAME_ABOVE_PT = {"narrow": 5, "wide": -12}
"""Where a point's name stands: those of one encoder's two decoders must not lie on each other."""


@dataclass(frozen=True)
class Setting:
    """What all networks share: recipe (but for the architecture), photos, pictures that judge, folders."""

    recipe: Recipe
    library: PhotoLibrary
    selection: Selection
    encoders: Path
    phantoms: Path
    folder: Path
    device: torch.device


def scored(setting: Setting, architecture: Architecture, name: str) -> dict[str, Any]:
    """Dice on the selection part by set, and training's score, after the setting's steps."""
    recipe = Recipe(**{**setting.recipe.__dict__, "architecture": architecture})
    sources = all_sources(setting.library, "train", setting.phantoms)
    batches = Batches(recipe, sources, setting.device)
    file = next(encoder.file for encoder in ENCODERS if encoder.name == architecture.encoder)
    fit = Fit(
        recipe, batches, lambda _: 0.0, setting.folder / name.replace(" ", "-"), setting.device,
        lambda network: start_from_encoder(network, setting.encoders / file),
    )  # fmt: skip
    fit.run()
    dice = setting.selection.dice(fit.average)
    return {"score": round(weighed(dice), 4), "dice": {key: round(value, 4) for key, value in dice.items()}}


def exported(architecture: Architecture) -> bytes:
    """An untrained network as it would be served: how long it takes does not depend on its weights."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "network.onnx"
        export_onnx(UNet(architecture).eval(), path)
        return path.read_bytes()


def size_of(architecture: Architecture) -> dict[str, float]:
    """Parameters in millions, and multiply-adds of a 512 × 512 picture in billions; the decoder's share."""
    network = UNet(architecture).eval()
    picture = torch.zeros(1, 3, SIDE_PX, SIDE_PX)
    with torch.inference_mode():
        with FlopCounterMode(display=False) as whole:
            network(picture)
        with FlopCounterMode(display=False) as deep:
            network.body.encoder(picture)
    parameters = sum(item.numel() for item in network.parameters())
    both, alone = whole.get_total_flops() / 2, deep.get_total_flops() / 2
    return {
        "parameters_millions": round(parameters / 1e6, 2),
        "multiply_adds_billions": round(both / 1e9, 2),
        "decoder_share": round(1 - alone / both, 3),
    }


def timed(content: bytes, threads: int) -> dict[str, float]:
    """Median and least wall time of one 512 × 512 picture in ONNX Runtime, in milliseconds."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    picture = np.random.default_rng(0).random((1, 3, SIDE_PX, SIDE_PX), dtype=np.float32)
    times = []
    for run in range(WARM_UP_RUNS + TIMED_RUNS):
        started = time.perf_counter()
        session.run(None, {session.get_inputs()[0].name: picture})
        if run >= WARM_UP_RUNS:
            times.append(1e3 * (time.perf_counter() - started))
    return {"median_ms": round(statistics.median(times), 1), "least_ms": round(min(times), 1)}


def networks() -> dict[str, Architecture]:
    """Every encoder with every decoder, by name."""
    return {
        f"{encoder.name} {widths}": Architecture(encoder.name, DECODERS[widths], encoder.normalisation)
        for encoder in ENCODERS
        for widths in DECODERS
    }


def run(setting: Setting, threads: int) -> dict[str, Any]:
    """Train and score what is missing, one network after another, then time all; returns what is written."""
    path = setting.folder / RESULTS
    rows: dict[str, dict[str, Any]] = json.loads(path.read_text())["networks"] if path.exists() else {}
    for name, architecture in networks().items():
        if name not in rows:
            rows[name] = scored(setting, architecture, name)
            logger.info("%s: %s", name, rows[name])
            _write(setting, rows, path, threads)
    for name, architecture in networks().items():
        rows[name].update(size_of(architecture), **timed(exported(architecture), threads))
    return _write(setting, rows, path, threads)


def _write(setting: Setting, rows: dict[str, dict[str, Any]], path: Path, threads: int) -> dict[str, Any]:
    recipe = {name: getattr(setting.recipe, name) for name in ("steps", "batch", "crop_px", "seed")}
    result = {**recipe, "threads": threads, "decoders": DECODERS, "networks": rows}
    path.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return result


def draw(result: dict[str, Any], picture: Path) -> None:
    """Score over milliseconds, a point and a name for each network."""
    figure, axes = plt.subplots(figsize=(7.2, 4.6), layout="constrained")
    for encoder, colour in zip(ENCODERS, COLOURS, strict=True):
        rows = [result["networks"][f"{encoder.name} {widths}"] for widths in DECODERS]
        times, scores = [row["median_ms"] for row in rows], [row["score"] for row in rows]
        axes.plot(times, scores, color=colour, linewidth=0.8, alpha=0.6)
        for widths, x, y in zip(DECODERS, times, scores, strict=True):
            axes.plot(x, y, MARKERS[widths], color=colour)
            short = encoder.name.removeprefix("tu-").removeprefix("tf_efficientnet_").removesuffix("_224")
            name = f"{short}, {widths}"
            axes.annotate(
                name, (x, y), (6, NAME_ABOVE_PT[widths]), textcoords="offset points", fontsize=8, color=colour
            )
    axes.set_xlabel(f"milliseconds, {SIDE_PX} × {SIDE_PX}, {result['threads']} threads, ONNX Runtime fp32")
    axes.set_ylabel("Dice on the selection part (weighed mean)")
    axes.set_title(f"after {result['steps']} steps of {result['batch']} crops", fontsize=10)
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(0.22, 0.12)
    picture.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(picture, dpi=110)
    plt.close(figure)


def main() -> None:
    """Train, score, time and draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True, help="folder of pretrained encoders")
    parser.add_argument("--data", type=Path, default=default_data_folder())
    parser.add_argument("--phantoms", type=Path, default=Path("runs/phantoms"))
    parser.add_argument("--run", type=Path, default=Path("runs/encoder_choice"), help="folder of the runs")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--crop", type=int, default=CROP_PX, help="side of a crop, px")
    parser.add_argument("--seed", type=int, default=Recipe.seed)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--picture", type=Path, default=PICTURE)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(arguments.threads)
    cv2.setNumThreads(1)
    steps, library = arguments.steps, PhotoLibrary(arguments.data)
    recipe = Recipe(
        seed=arguments.seed, steps=steps, batch=arguments.batch, crop_px=arguments.crop,
        warm_up=min(Recipe.warm_up, steps // 6), cool_down=7 * steps // 10, check_every=steps,
        peak_rate=PEAK_RATE,
    )  # fmt: skip
    setting = Setting(
        recipe, library, Selection(library, arguments.phantoms), arguments.weights, arguments.phantoms,
        arguments.run, choose_device(arguments.device),
    )  # fmt: skip
    arguments.run.mkdir(parents=True, exist_ok=True)
    result = run(setting, arguments.threads)
    draw(result, arguments.picture)
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
