"""Training by one command, `python -m training.fit --encoder FILE`; run again, it goes on where it was."""

from __future__ import annotations

import argparse
import copy
import csv
import logging
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import torch

from models.registry import find_weights
from models.unet import NORMALISATIONS, Architecture, UNet
from training.batches import Batches, all_sources
from training.curves import draw_curves
from training.datasets import PhotoLibrary, default_data_folder
from training.depthwise import keep_depthwise_in_fp32
from training.losses import masked_loss
from training.recipe import Recipe
from training.selection import Selection
from training.warm_start import warm_start

CHECKPOINT = "checkpoint.pt"
BEST = "best.pt"
LOG = "log.csv"
RECIPE = "recipe.json"
LOG_COLUMNS = ("step", "loss", "rate", "select_score", "seconds")
LOG_EVERY = 25
SAVE_EVERY = 50

WARM_BATCHES = 16
"""Batches, of steps that the run does not reach, whose statistics the normalisations start from."""

Score = Callable[[UNet], float]


@dataclass
class Fit:
    """A training run in a folder.

    Parameters
    ----------
    recipe : Recipe
        What is trained and how.
    batches : callable
        From a step's number to its batch; a pure function, so that a resumed run repeats.
    score : callable
        From a network to its score on the selection part; higher is better.
    folder : Path
        Checkpoint, best weights, log and curves.
    device : torch.device
        Where the arithmetic is done.
    start : callable, optional
        Gives a new network its first weights; a resumed run does not call it.
    """

    recipe: Recipe
    batches: Callable[[int], tuple[torch.Tensor, torch.Tensor]]
    score: Score
    folder: Path
    device: torch.device
    start: Callable[[UNet], None] | None = None
    step: int = 0
    best_score: float = float("-inf")
    best_step: int = 0
    network: UNet = field(init=False)
    average: UNet = field(init=False)
    optimiser: torch.optim.AdamW = field(init=False)

    def __post_init__(self) -> None:
        """Make the network, or take up the checkpoint in the folder."""
        torch.manual_seed(self.recipe.seed)
        self.folder.mkdir(parents=True, exist_ok=True)
        network = UNet(self.recipe.architecture)
        resumed = (self.folder / CHECKPOINT).exists()
        if self.start is not None and not resumed:
            self.start(network)
        if self.device.type == "cpu":
            keep_depthwise_in_fp32(network)
        self.network = network.to(self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = copy.deepcopy(self.network).eval().requires_grad_(False)
        self.optimiser = self._optimiser()
        if resumed:
            self._resume()
        self.recipe.write(self.folder / RECIPE)

    def _optimiser(self) -> torch.optim.AdamW:
        encoder = list(self.network.body.encoder.parameters())
        known = {id(parameter) for parameter in encoder}
        others = [parameter for parameter in self.network.parameters() if id(parameter) not in known]
        groups: list[dict[str, Any]] = [
            {"params": others, "share": 1.0},
            {"params": encoder, "share": self.recipe.encoder_rate},
        ]
        return torch.optim.AdamW(groups, lr=self.recipe.peak_rate, weight_decay=self.recipe.weight_decay)

    def run(self, until: int | None = None) -> None:
        """Train to the recipe's last step, to `until`, or until the score no longer rises."""
        last = min(self.recipe.steps, until if until is not None else self.recipe.steps)
        started = time.monotonic()
        with ThreadPoolExecutor(max_workers=1) as ahead:
            coming = ahead.submit(self.batches, self.step)
            while self.step < last and not self._stale():
                self._enter_stage()
                rgb, labels = coming.result()
                coming = ahead.submit(self.batches, self.step + 1)
                loss = self._learn(rgb, labels)
                self.step += 1
                self._keep_books(loss, time.monotonic() - started)
        self._save()

    def _stale(self) -> bool:
        return self.step - self.best_step > self.recipe.patience * self.recipe.check_every

    def _enter_stage(self) -> None:
        """At a new stage the best of the earlier ones is forgotten: it has not seen what this stage shows."""
        if self.step in {stage.until for stage in self.recipe.stages}:
            self.best_score, self.best_step = float("-inf"), self.step

    def _learn(self, rgb: torch.Tensor, labels: torch.Tensor) -> float:
        """One optimiser step; returns the loss."""
        for group in self.optimiser.param_groups:
            group["lr"] = self.recipe.peak_rate * self.recipe.rate(self.step) * group["share"]
        self.network.train()
        inputs = rgb.to(self.device, memory_format=torch.channels_last)
        with torch.autocast(self.device.type, torch.bfloat16):
            logits = self.network(inputs)
        loss = masked_loss(logits.float(), labels.to(self.device))
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self.optimiser.step()
        self._follow()
        return float(loss.detach())

    @torch.no_grad()
    def _follow(self) -> None:
        """Move the running average towards the weights; early on it follows faster."""
        decay = min(self.recipe.average_decay, (1 + self.step) / (10 + self.step))
        for mean, now in zip(
            self.average.state_dict().values(), self.network.state_dict().values(), strict=True
        ):
            if mean.dtype.is_floating_point:
                mean.lerp_(now, 1 - decay)
            else:
                mean.copy_(now)

    def _keep_books(self, loss: float, seconds: float) -> None:
        score: float | None = None
        if self.step % self.recipe.check_every == 0 or self.step == self.recipe.steps:
            score = self.score(self.average)
            if score > self.best_score:
                self.best_score, self.best_step = score, self.step
                torch.save(self.average.state_dict(), self.folder / BEST)
        if score is not None or self.step % LOG_EVERY == 0:
            self._log(loss, score, seconds)
        if self.step % SAVE_EVERY == 0:
            self._save()

    def _log(self, loss: float, score: float | None, seconds: float) -> None:
        path = self.folder / LOG
        new = not path.exists()
        with path.open("a", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            if new:
                writer.writerow(LOG_COLUMNS)
            rate = self.recipe.peak_rate * self.recipe.rate(self.step)
            shown = "" if score is None else f"{score:.4f}"
            writer.writerow((self.step, f"{loss:.4f}", f"{rate:.2e}", shown, f"{seconds:.0f}"))

    def _save(self) -> None:
        """Write the checkpoint whole or not at all."""
        partial = self.folder / f"{CHECKPOINT}.partial"
        state = {
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "step": self.step,
            "best_score": self.best_score,
            "best_step": self.best_step,
        }
        torch.save(state, partial)
        os.replace(partial, self.folder / CHECKPOINT)

    def _resume(self) -> None:
        state = torch.load(self.folder / CHECKPOINT, map_location=self.device, weights_only=True)
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step, self.best_score, self.best_step = state["step"], state["best_score"], state["best_step"]


def choose_device(name: str) -> torch.device:
    """The device of a name; "auto" takes a GPU where there is one."""
    if name != "auto":
        return torch.device(name)
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def first_weights(
    encoder: Path | None, registered: str | None, batches: Batches
) -> Callable[[UNet], None] | None:
    """What gives a new network its first weights.

    Parameters
    ----------
    encoder : Path, optional
        Pretrained encoder.
    registered : str, optional
        Name of registered weights of the same architecture, in place of an encoder.
    batches : Batches
        Where the pictures for the normalisations' statistics come from.
    """
    if encoder is not None:
        return lambda network: network.load_encoder(encoder)
    if registered is None:
        return None
    exported = find_weights(registered).path

    def go_on(network: UNet) -> None:
        pictures = torch.cat([batches(batches.recipe.steps + number)[0] for number in range(WARM_BATCHES)])
        warm_start(network, exported, pictures)

    return go_on


def main() -> None:
    """Train the network, or go on with a run that was stopped."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument(
        "--data", type=Path, default=default_data_folder(), help="folder of the training data"
    )
    first = parser.add_mutually_exclusive_group()
    first.add_argument("--encoder", type=Path, help="start from a pretrained encoder (safetensors)")
    first.add_argument("--weights", help="start from registered weights, such as ulcer-unet-0.4.0")
    parser.add_argument("--architecture", default=Architecture.encoder, help="the encoder's name")
    parser.add_argument("--decoder", type=int, nargs=4, default=Architecture.decoder_channels, help="widths")
    parser.add_argument("--normalisation", choices=NORMALISATIONS, default=Architecture.normalisation)
    parser.add_argument("--run", type=Path, default=Path("runs/network"), help="folder of checkpoint and log")
    parser.add_argument(
        "--phantoms", type=Path, default=Path("runs/phantoms"), help="folder of rendered scenes"
    )
    parser.add_argument("--seed", type=int, default=Recipe.seed, help="another gives another network")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--until", type=int, help="stop at this step; started again, the run goes on")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(arguments.threads)
    cv2.setNumThreads(1)  # batches are made in one thread beside the network's
    architecture = Architecture(arguments.architecture, tuple(arguments.decoder), arguments.normalisation)
    recipe, library = Recipe(architecture, arguments.seed), PhotoLibrary(arguments.data)
    batches = Batches(recipe, all_sources(library, "train", arguments.phantoms))
    fit = Fit(
        recipe,
        batches,
        Selection(library, arguments.phantoms),
        arguments.run,
        choose_device(arguments.device),
        first_weights(arguments.encoder, arguments.weights, batches),
    )
    fit.run(arguments.until)
    draw_curves(arguments.run / LOG, arguments.run / "curves.png")


if __name__ == "__main__":
    main()
