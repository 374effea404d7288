"""The score that stops training early and picks the best weights: from the selection part alone."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.random import default_rng
from numpy.typing import NDArray
from torch.nn import functional

from models.picture import STRIDE_PX
from models.unet import UNet
from training.datasets import LabelledPhoto, PhotoLibrary
from training.labels import UNLABELLED
from training.phantoms import COUNTS, PhantomStore
from training.scores import image_mean_dice, overlap
from training.splits import names_of
from training.synthesis import Compositor

logger = logging.getLogger(__name__)

COMPOSITES = 80
"""Composited fingers that join the score, always the same."""

WEIGHTS = {"wounds": 0.5, "composites": 0.2, "phantoms": 0.3}
"""Shares of the score: real wounds decide; phantoms alone are at the service's scale, their truth known."""


@dataclass
class Selection:
    """Image-mean Dice of the ulcer on real wounds, composited fingers and phantoms of the selection part.

    Parameters
    ----------
    library : PhotoLibrary
        Where photos are read.
    phantoms : Path
        Folder of rendered scenes.
    """

    library: PhotoLibrary
    phantoms: Path
    _fingers: dict[str, list[LabelledPhoto]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """Compose and render the fingers once."""
        compositor = Compositor(self.library, names_of("hands", "select"), names_of("fuseg", "select"))
        store = PhantomStore(self.phantoms, "select")
        self._fingers = {
            "composites": [compositor.compose(default_rng([99, number])) for number in range(COMPOSITES)],
            "phantoms": [store.scene(number) for number in range(COUNTS["select"])],
        }

    def __call__(self, network: UNet) -> float:
        """The score: 1 is perfect."""
        dice = self.dice(network)
        logger.info("selection: %s", {name: round(value, 4) for name, value in dice.items()})
        return weighed(dice)

    def dice(self, network: UNet) -> dict[str, float]:
        """Image-mean Dice of each set; the network is left in evaluation mode."""
        network.train()  # attention forgets what it made of earlier weights when it is told to train
        wounds = [self.library.load("fuseg", name) for name in names_of("fuseg", "select")]
        return {
            name: photo_dice(network, photos) for name, photos in {"wounds": wounds, **self._fingers}.items()
        }


def weighed(dice: dict[str, float]) -> float:
    """The score of the sets' Dice, by `WEIGHTS`."""
    return sum(WEIGHTS[name] * value for name, value in dice.items())


def photo_dice(network: UNet, photos: list[LabelledPhoto]) -> float:
    """Image-mean Dice of the ulcer at probability 0.5 over photos."""
    overlaps = []
    for photo in photos:
        ulcer = predict(network, photo.rgb)[0]
        label = photo.labels[..., 0]
        overlaps.append(overlap(ulcer > 0.5, label == 1, label != UNLABELLED))  # noqa: PLR2004
    return image_mean_dice(overlaps)


@torch.inference_mode()
def predict(network: UNet, rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Probabilities of one photo by the torch network.

    Parameters
    ----------
    network : UNet
        The network.
    rgb : NDArray[np.uint8], shape (H, W, 3)
        sRGB.

    Returns
    -------
    NDArray[np.float32], shape (2, H, W)
        Ulcer and skin.
    """
    network.eval()
    device = next(network.parameters()).device
    height, width = rgb.shape[:2]
    image = torch.from_numpy(rgb).permute(2, 0, 1)[None].to(device).float() / 255
    image = functional.pad(image, (0, -width % STRIDE_PX, 0, -height % STRIDE_PX), mode="reflect")
    image = image.to(memory_format=torch.channels_last)
    with torch.autocast(device.type, torch.bfloat16):
        logits = network(image)
    probability = torch.sigmoid(logits.float())[0, :, :height, :width]
    return np.asarray(probability.cpu().numpy(), dtype=np.float32)
