"""The network in torch: a U-Net with two outputs, ulcer and skin. Serving never imports this module."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from models.torchvision_operators import declare_torchvision_operators

declare_torchvision_operators()

import segmentation_models_pytorch as smp  # noqa: E402  the operators must be declared first

ULCER, SKIN = 0, 1
"""Channels of the network's output, in this order everywhere."""

CHANNELS = ("ulcer", "skin")

INPUT_MEAN = 0.5
INPUT_STD = 0.5
"""Normalisation on a 0–1 scale that the EfficientNet-lite encoders were trained with (TensorFlow's)."""


@dataclass(frozen=True)
class Architecture:
    """What the network is made of.

    Attributes
    ----------
    encoder : str
        Name of a segmentation-models-pytorch encoder.
    decoder_channels : tuple of int
        Widths of the five decoder blocks, deepest first. The decoder is most of the arithmetic at the
        library's default widths (256, 128, 64, 32, 16); half of them at the deep end costs little Dice.
    """

    encoder: str = "tu-tf_efficientnet_lite0"
    decoder_channels: tuple[int, ...] = (128, 64, 48, 32, 16)


class UNet(nn.Module):
    """U-Net from RGB in 0–1 to logits of ulcer and skin.

    The normalisation is part of the network, so that whoever runs the exported file cannot get it wrong.
    """

    def __init__(self, architecture: Architecture) -> None:
        super().__init__()
        self.body = smp.Unet(
            encoder_name=architecture.encoder,
            encoder_weights=None,
            decoder_channels=architecture.decoder_channels,
            classes=len(CHANNELS),
        )

    def forward(self, rgb: torch.Tensor) -> torch.Tensor:
        """Logits of ulcer and skin.

        Parameters
        ----------
        rgb : torch.Tensor, shape (N, 3, H, W), float
            sRGB on a 0–1 scale; H and W multiples of 32.

        Returns
        -------
        torch.Tensor, shape (N, 2, H, W)
            Logits; the sigmoid of channel 0 is the ulcer's probability, of channel 1 the skin's.
        """
        logits: torch.Tensor = self.body((rgb - INPUT_MEAN) / INPUT_STD)
        return logits

    def load_encoder(self, path: Path) -> None:
        """Start from a pretrained encoder.

        Parameters
        ----------
        path : Path
            safetensors file with the encoder's state dict, keys as in segmentation-models-pytorch.
        """
        from safetensors.torch import load_file  # noqa: PLC0415  needed for training only

        self.body.encoder.load_state_dict(load_file(path))


class Probabilities(nn.Module):
    """The network as it is exported: probabilities instead of logits."""

    def __init__(self, network: UNet) -> None:
        super().__init__()
        self.network = network

    def forward(self, rgb: torch.Tensor) -> torch.Tensor:
        """Probabilities, shape (N, 2, H, W), of ulcer and skin for RGB in 0–1."""
        return torch.sigmoid(self.network(rgb))
