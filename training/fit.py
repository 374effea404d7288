"""Training by one command, `python -m training.fit --encoder FILE`; run again, it goes on where it was."""

from __future__ import annotations

import argparse
import logging
import os
from pathlib import Path

import cv2
import torch

from models.unet import NORMALISATIONS, Architecture
from training.batches import Batches
from training.curves import draw_curves
from training.datasets import PhotoLibrary, default_data_folder
from training.optimisation import Fit
from training.recipe import Recipe, Stage
from training.runs import LOG
from training.selection import Selection
from training.sources import all_sources
from training.splits import names_of
from training.starts import start
from training.teachers import read_teachers, taught


def choose_device(name: str) -> torch.device:
    """The device of a name; "auto" takes a GPU where there is one."""
    if name != "auto":
        return torch.device(name)
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def share(text: str) -> tuple[str, float]:
    """A source and its share, written SOURCE=SHARE.

    Raises
    ------
    ValueError
        If it is written otherwise.
    """
    source, value = text.split("=")
    return source, float(value)


def main() -> None:
    """Train the network, or go on with a run that was stopped."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument(
        "--data", type=Path, default=default_data_folder(), help="folder of the training data"
    )
    parser.add_argument("--encoder", type=Path, help="start from a pretrained encoder (safetensors)")
    parser.add_argument("--architecture", default=Architecture.encoder, help="the encoder's name")
    parser.add_argument("--decoder", type=int, nargs=4, default=Architecture.decoder_channels, help="widths")
    parser.add_argument("--normalisation", choices=NORMALISATIONS, default=Architecture.normalisation)
    parser.add_argument("--start", type=Path, help="begin with the best weights of an earlier run")
    parser.add_argument("--run", type=Path, default=Path("runs/network"), help="folder of checkpoint and log")
    parser.add_argument(
        "--phantoms", type=Path, default=Path("runs/phantoms"), help="folder of rendered scenes"
    )
    parser.add_argument("--steps", type=int, default=Recipe.steps, help="optimiser steps in all")
    parser.add_argument("--batch", type=int, default=Recipe.batch, help="crops a step")
    parser.add_argument("--rate", type=float, default=Recipe.peak_rate, help="highest learning rate")
    parser.add_argument("--seed", type=int, default=Recipe.seed, help="another gives another network")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument(
        "--teachers", type=Path, nargs="*", default=(), help="folders of runs that teach this one"
    )
    parser.add_argument(
        "--taught-from", type=int, default=Recipe.taught_from, help="listen to them from here"
    )
    parser.add_argument(
        "--teachers-weight", type=float, default=Recipe.teachers_weight, help="of what they say, labels' is 1"
    )
    parser.add_argument(
        "--shares", type=share, nargs="*", metavar="SOURCE=SHARE", help="how often each source is drawn"
    )
    parser.add_argument("--until", type=int, help="stop at this step; started again, the run goes on")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(arguments.threads)
    torch.backends.cudnn.benchmark = True  # crops are all of one size
    cv2.setNumThreads(1)  # batches are made in one thread beside the network's
    architecture = Architecture(arguments.architecture, tuple(arguments.decoder), arguments.normalisation)
    taught_by = tuple(run.name for run in arguments.teachers)
    begun_with = arguments.start.name if arguments.start else ""
    recipe = Recipe(
        architecture,
        arguments.seed,
        batch=arguments.batch,
        peak_rate=arguments.rate,
        start=begun_with,
        teachers=taught_by,
        teachers_weight=arguments.teachers_weight,
        taught_from=arguments.taught_from,
        stages=(Stage(None, dict(arguments.shares)),) if arguments.shares else Recipe.stages,
    ).lasting(arguments.steps)
    library = PhotoLibrary(arguments.data)
    device = choose_device(arguments.device)
    sources = all_sources(library, "train", arguments.phantoms)
    if arguments.teachers:
        teachers = read_teachers(arguments.teachers, device)
        sources["fuseg"] = taught(sources["fuseg"], names_of("fuseg", "train"), teachers)
    fit = Fit(
        recipe,
        Batches(recipe, sources, device),
        Selection(library, arguments.phantoms),
        arguments.run,
        device,
        lambda network: start(network, arguments.encoder, arguments.start),
    )
    fit.run(arguments.until)
    draw_curves(arguments.run / LOG, arguments.run / "curves.png")


if __name__ == "__main__":
    main()
