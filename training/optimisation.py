"""A training run in a folder: steps, a running average, a log, a checkpoint from which it goes on."""

from __future__ import annotations

import copy
import csv
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from models.unet import UNet
from training.depthwise import keep_depthwise_in_fp32
from training.losses import masked_loss
from training.recipe import Recipe
from training.runs import BEST, CHECKPOINT, LOG, RECIPE
from training.teachers import taught_loss

LOG_COLUMNS = ("step", "loss", "rate", "select_score", "seconds")
LOG_EVERY = 25
SAVE_EVERY = 50

Batch = tuple[torch.Tensor, torch.Tensor]
Score = Callable[[UNet], float]


@dataclass
class Fit:
    """A training run in a folder.

    Parameters
    ----------
    recipe : Recipe
        What is trained and how.
    batches : callable
        From a step's number to its batch on the device; a pure function, so that a resumed run repeats.
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
    batches: Callable[[int], Batch]
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
    _means: list[torch.Tensor] = field(init=False, repr=False)
    _values: list[torch.Tensor] = field(init=False, repr=False)

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
        self._means, self._values = _floats(self.average), _floats(self.network)
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
        return torch.optim.AdamW(
            groups,
            lr=self.recipe.peak_rate,
            weight_decay=self.recipe.weight_decay,
            fused=self.device.type == "cuda",
        )

    def run(self, until: int | None = None) -> None:
        """Train to the recipe's last step, to `until`, or until the score no longer rises."""
        last = min(self.recipe.steps, until if until is not None else self.recipe.steps)
        started = time.monotonic()
        for rgb, labels in self._coming(last):
            if self._stale():
                break
            self._enter_stage()
            loss = self._learn(rgb, labels)
            self.step += 1
            self._keep_books(loss, time.monotonic() - started)
        self._save()

    def _coming(self, last: int) -> Iterator[Batch]:
        """The batches up to a step; the next is made beside the network, on a GPU in a stream of its own."""
        gpu = self.device.type == "cuda"
        beside = torch.cuda.Stream(self.device) if gpu else None  # type: ignore[no-untyped-call]
        with ThreadPoolExecutor(max_workers=1) as ahead:
            coming = None
            for step in range(self.step, last):
                ready, coming = coming, ahead.submit(self._made, step, beside)
                if ready is not None:
                    yield _taken(ready.result(), beside)
            if coming is not None:
                yield _taken(coming.result(), beside)

    def _made(self, step: int, beside: torch.cuda.Stream | None) -> Batch:
        with torch.cuda.stream(beside):  # no stream, no difference
            batch = self.batches(step)
        if beside is not None:
            beside.synchronize()
        return batch

    def _stale(self) -> bool:
        return self.step - self.best_step > self.recipe.patience * self.recipe.check_every

    def _enter_stage(self) -> None:
        """At a new stage the best of the earlier ones is forgotten: it has not seen what this stage shows."""
        if self.step in {stage.until for stage in self.recipe.stages}:
            self.best_score, self.best_step = float("-inf"), self.step

    def _learn(self, rgb: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """One optimiser step; returns the loss, which is not waited for."""
        for group in self.optimiser.param_groups:
            group["lr"] = self.recipe.peak_rate * self.recipe.rate(self.step) * group["share"]
        self.network.train()
        inputs = rgb.to(memory_format=torch.channels_last)
        with torch.autocast(self.device.type, torch.bfloat16):
            logits = self.network(inputs)
        loss = masked_loss(logits.float(), labels)
        if self.recipe.listens(self.step):
            loss = loss + self.recipe.teachers_weight * taught_loss(logits.float(), labels)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self.optimiser.step()
        self._follow()
        return loss.detach()

    @torch.no_grad()
    def _follow(self) -> None:
        """Move the running average towards the weights; early on it follows faster."""
        decay = min(self.recipe.average_decay, (1 + self.step) / (10 + self.step))
        torch._foreach_lerp_(self._means, self._values, 1 - decay)  # one kernel in place of hundreds

    def _keep_books(self, loss: torch.Tensor, seconds: float) -> None:
        score: float | None = None
        if self.step % self.recipe.check_every == 0 or self.step == self.recipe.steps:
            score = self.score(self.average)
            if score > self.best_score:
                self.best_score, self.best_step = score, self.step
                torch.save(self.average.state_dict(), self.folder / BEST)
        if score is not None or self.step % LOG_EVERY == 0:
            self._log(float(loss), score, seconds)
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


def _taken(batch: Batch, beside: torch.cuda.Stream | None) -> Batch:
    """A batch made in another stream, whose memory is kept until the network is done with it."""
    if beside is not None:
        for part in batch:
            part.record_stream(torch.cuda.current_stream())
    return batch


def _floats(network: UNet) -> list[torch.Tensor]:
    """A network's weights and statistics; counters of batches are left out, for nothing reads them."""
    return [value for value in network.state_dict().values() if value.dtype.is_floating_point]
