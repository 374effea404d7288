"""What lies in a run's folder, and the network that it ended with."""

from __future__ import annotations

from pathlib import Path

import torch

from models.unet import UNet
from training.recipe import Recipe

CHECKPOINT = "checkpoint.pt"
BEST = "best.pt"
LOG = "log.csv"
RECIPE = "recipe.json"


def load_best(run: Path) -> UNet:
    """The best weights of a run, as a torch network."""
    network = UNet(Recipe.read(run / RECIPE).architecture)
    network.load_state_dict(torch.load(run / BEST, map_location="cpu", weights_only=True))
    return network.eval()
