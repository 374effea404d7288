"""Networks too slow to serve that teach one that serves (after Hinton et al. 2015, Distilling the Knowledge).

People who outline one wound twice agree to a Dice of 0.93: where they would not, an outline is one of several
that are as good. What several large networks say there, taken together, is nearer to the middle of these than
the one outline that was drawn. Only foot photos are taught so: on rendered and composited fingers the truth
is known.

Teachers are asked once of every photo, as it is and mirrored, and what they said is kept in their runs'
folders: asked of every crop, one costs as much as its pupil.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from models.flips import MIRRORINGS, mirrored
from models.unet import UNet
from training.datasets import LabelledPhoto
from training.kept import whole_file
from training.labels import SAID, UNLABELLED
from training.runs import load_best
from training.selection import predict
from training.sources import Source

SAID_LEVELS = 254
"""Steps in which a probability is kept as a label; the value above says that nothing was said."""

KEPT = "said"
"""Folder, in a teacher's run, of what it said."""


@dataclass(frozen=True)
class Teacher:
    """A trained network that is asked about photos.

    Attributes
    ----------
    network : UNet
        On the device that works.
    folder : Path
        Where what it said is kept.
    """

    network: UNet
    folder: Path

    def says(self, name: str, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Ulcer and skin, shape (H, W, 2), in `SAID_LEVELS` steps, of the photo of a name."""
        path = self.folder / f"{name}.png"
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            said = np.rint(SAID_LEVELS * self._asked(rgb)).astype(np.uint8)
            with whole_file(path) as partial:
                partial.write_bytes(cv2.imencode(".png", np.dstack([said, said[..., :1]]))[1].tobytes())
        return np.asarray(cv2.imread(str(path), cv2.IMREAD_COLOR), dtype=np.uint8)[..., :2]

    def _asked(self, rgb: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Mean probabilities over `MIRRORINGS`, shape (H, W, 2)."""
        looks = [predict(self.network, mirrored(rgb, axes))[:2].transpose(1, 2, 0) for axes in MIRRORINGS]
        each = [mirrored(look, axes) for look, axes in zip(looks, MIRRORINGS, strict=True)]
        return np.asarray(np.mean(each, axis=0), dtype=np.float64)


def read_teachers(runs: Sequence[Path], device: torch.device) -> list[Teacher]:
    """The best networks of runs' folders."""
    return [
        Teacher(load_best(run).to(device, memory_format=torch.channels_last), run / KEPT)  # type: ignore[call-overload]
        for run in runs
    ]


def taught(source: Source, names: Sequence[str], teachers: Sequence[Teacher]) -> Source:
    """Photos with what teachers say of them as further labels, on average.

    Parameters
    ----------
    source : Source
        The photos.
    names : sequence of str
        Their names, by number.
    teachers : sequence of Teacher
        At least one.
    """

    def scene(number: int) -> LabelledPhoto:
        photo = source.scene(number)
        said = np.mean([teacher.says(names[number], photo.rgb) for teacher in teachers], axis=0)
        return LabelledPhoto(photo.rgb, np.dstack([photo.labels, np.rint(said).astype(np.uint8)]))

    return Source(source.count, scene)


def taught_loss(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Cross-entropy against what teachers said.

    Parameters
    ----------
    logits : torch.Tensor, shape (N, 5, H, W)
        The learning network's output.
    labels : torch.Tensor, shape (N, 5, H, W), uint8
        As `training.views.see` gives them.

    Returns
    -------
    torch.Tensor, shape ()
        Mean over the photos of which something was said, of the mean over its pixels and ulcer and skin; zero
        where nothing was said.
    """
    said = labels[:, SAID]
    told = said != UNLABELLED
    target = said.float() / SAID_LEVELS
    entropy = functional.binary_cross_entropy_with_logits(logits[:, :2], target, reduction="none") * told
    spoken_of = told.sum(dim=(1, 2, 3))
    each = entropy.sum(dim=(1, 2, 3)) / spoken_of.clamp(min=1)
    return each.sum() / (spoken_of > 0).sum().clamp(min=1)
