"""Networks too slow to serve that teach one that serves (after Hinton et al. 2015, Distilling the Knowledge).

People who outline one wound twice agree to a Dice of 0.93: where they would not, an outline is one of several
that are as good. What several large networks say there, taken together, is nearer to the middle of these than
the one outline that was drawn. Only foot photos are taught so: on rendered and composited fingers the truth
is known.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch.nn import functional

from models.unet import UNet
from training.labels import UNLABELLED
from training.runs import load_best

TAUGHT = 2
"""Channels that teachers speak of: ulcer and skin, the first two."""

LESSON_SHARE = 0.5
"""Of a batch, at most this share is taught: teachers cost more than their pupil, and fewer than half of the
crops show feet. A number that does not change with the batch spares a GPU the wait for it."""


@dataclass(frozen=True)
class Teachers:
    """Trained networks whose mean probability is a lesson.

    Parameters
    ----------
    networks : sequence of UNet
        In evaluation mode, on the device of the pictures.
    """

    networks: Sequence[UNet]

    @torch.no_grad()
    def __call__(self, rgb: torch.Tensor) -> torch.Tensor:
        """Mean probabilities of ulcer and skin.

        Parameters
        ----------
        rgb : torch.Tensor, shape (N, 3, H, W), float32
            sRGB in 0–1.

        Returns
        -------
        torch.Tensor, shape (N, 2, H, W), float32
            Ulcer and skin.
        """
        with torch.autocast(rgb.device.type, torch.bfloat16):
            said = [network(rgb)[:, :TAUGHT].float().sigmoid() for network in self.networks]
        return torch.stack(said).mean(dim=0)


def read_teachers(runs: Sequence[Path], device: torch.device) -> Teachers | None:
    """The best networks of runs' folders; none where no run is named."""
    networks = [load_best(run).to(device, memory_format=torch.channels_last).eval() for run in runs]  # type: ignore[call-overload]
    return Teachers(networks) if networks else None


def taught_loss(
    logits: torch.Tensor, teachers: Teachers, rgb: torch.Tensor, labels: torch.Tensor
) -> torch.Tensor:
    """Cross-entropy against what teachers say, on photos of feet alone.

    Parameters
    ----------
    logits : torch.Tensor, shape (N, 5, H, W)
        The learning network's output.
    teachers : Teachers
        Asked about the feet alone, at most about `LESSON_SHARE` of the batch.
    rgb : torch.Tensor, shape (N, 3, H, W), float32
        sRGB in 0–1.
    labels : torch.Tensor, shape (N, 3, H, W), uint8
        As in `LabelledPhoto`; photos of which skin is labelled nowhere are those of feet.

    Returns
    -------
    torch.Tensor, shape ()
        Mean over the pixels of these photos and both channels; zero where the batch has none.
    """
    of_feet = (labels[:, 1] == UNLABELLED).flatten(1).all(dim=1)
    places = of_feet.float().argsort(descending=True, stable=True)[: math.ceil(len(labels) * LESSON_SHARE)]
    said = teachers(rgb[places])
    entropy = functional.binary_cross_entropy_with_logits(logits[places, :TAUGHT], said, reduction="none")
    feet = of_feet[places]
    return (entropy.mean(dim=(1, 2, 3)) * feet).sum() / feet.sum().clamp(min=1)
