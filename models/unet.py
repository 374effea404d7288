"""The network in torch: a U-Net for ulcer, skin and the ulcer's tissue. ONNX Runtime serves without it."""

from __future__ import annotations

import torch
from torch import nn

from models.architecture import CHANNELS, Architecture
from models.torchvision_operators import declare_torchvision_operators

declare_torchvision_operators()

import segmentation_models_pytorch as smp  # noqa: E402  the operators must be declared first

__all__ = ["CHANNELS", "Architecture", "Probabilities", "UNet"]

SUB_PIXELS = 2
"""The decoder ends at half the picture's scale; its head gives each place 2 × 2 pixels."""

NORMALISATIONS = {
    "tensorflow": ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
    "imagenet": ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
}
"""Mean and standard deviation of red, green and blue on a 0–1 scale that encoders were trained with: the
EfficientNet-lite ones with TensorFlow's, most others with ImageNet's, Segment Anything's among them."""


class SubPixelHead(nn.Sequential):
    """From features at half scale to logits at the picture's own scale (after Shi et al. 2016).

    The library's last decoder block works at full scale without a skip connection: it has nothing to add to
    what lies at half scale, and a third of the arithmetic. Here every place gives its own 2 × 2 pixels.

    Parameters
    ----------
    features : int
        Channels that come in.
    classes : int
        Channels of logits.
    """

    def __init__(self, features: int, classes: int) -> None:
        spread = nn.Conv2d(features, classes * SUB_PIXELS**2, kernel_size=3, padding=1)
        # all four pixels of a place start alike: otherwise the first pictures are chequered
        with torch.no_grad():
            first = spread.weight[:: SUB_PIXELS**2]
            spread.weight.copy_(first.repeat_interleave(SUB_PIXELS**2, dim=0))
            spread.bias.zero_()  # type: ignore[union-attr]
        super().__init__(spread, nn.PixelShuffle(SUB_PIXELS))


class UNet(nn.Module):
    """U-Net from RGB in 0–1 to logits of its channels.

    The normalisation is part of the network, so that whoever runs the exported file cannot get it wrong.

    Parameters
    ----------
    architecture : Architecture
        Encoder and widths.
    channels : tuple of str
        What it gives.
    """

    mean: torch.Tensor
    std: torch.Tensor

    def __init__(self, architecture: Architecture, channels: tuple[str, ...] = CHANNELS) -> None:
        super().__init__()
        self.architecture, self.channels = architecture, channels
        width = architecture.decoder_channels[-1]
        self.body = smp.Unet(
            encoder_name=architecture.encoder,
            encoder_weights=None,
            decoder_channels=(*architecture.decoder_channels, width),
            classes=len(channels),
        )
        self.body.segmentation_head = SubPixelHead(width, len(channels))
        self.body.decoder.blocks = self.body.decoder.blocks[:-1]
        for name, values in zip(("mean", "std"), NORMALISATIONS[architecture.normalisation], strict=True):
            # known from the architecture, so that no weights need to say it
            self.register_buffer(name, torch.tensor(values)[None, :, None, None], persistent=False)

    def forward(self, rgb: torch.Tensor) -> torch.Tensor:
        """Logits.

        Parameters
        ----------
        rgb : torch.Tensor, shape (N, 3, H, W), float
            sRGB on a 0–1 scale; H and W multiples of 32.

        Returns
        -------
        torch.Tensor, shape (N, channels, H, W)
            Logits in the order of the channels; a sigmoid makes a probability of each.
        """
        logits: torch.Tensor = self.body((rgb - self.mean) / self.std)
        return logits

    @torch.no_grad()
    def calibrate(self, channel: int, temperature: float, offset: float) -> None:
        """Make a channel's logits z / temperature + offset, within the head's own weights.

        Parameters
        ----------
        channel : int
            Place among `channels`.
        temperature, offset : float
            Above 1 where the channel is too sure of itself; above 0 where it finds too little.
        """
        spread = self.body.segmentation_head[0]
        own = slice(channel * SUB_PIXELS**2, (channel + 1) * SUB_PIXELS**2)
        spread.weight[own] /= temperature
        spread.bias[own] = spread.bias[own] / temperature + offset


class Probabilities(nn.Module):
    """The network as it is exported: probabilities instead of logits."""

    def __init__(self, network: UNet) -> None:
        super().__init__()
        self.network = network

    def forward(self, rgb: torch.Tensor) -> torch.Tensor:
        """Probabilities, shape (N, channels, H, W), in the network's order, for RGB in 0–1."""
        return torch.sigmoid(self.network(rgb))
