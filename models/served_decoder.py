"""The decoder as it is served: the same sums with fewer multiplications, and without copies between them.

A 3 × 3 convolution of a picture that was enlarged by two, nearest pixel, multiplies every value by up to four
weights that may as well be added first: each of the four pixels of an enlarged place sees 2 × 2 places and
not 3 × 3 pixels, four multiply-adds in place of nine.
"""

from __future__ import annotations

import torch
from segmentation_models_pytorch.decoders.unet.decoder import UnetDecoderBlock
from torch import nn
from torch.nn import functional

ENLARGEMENT = 2
"""Each decoder block works at twice the scale of the one before, and the head at twice the last one's."""

MANY_FEATURES = 256
"""From this many enlarged channels a block convolves before it enlarges. The four pixels must be sorted into
the larger picture afterwards: at 96 channels that costs as much time as is won."""


class Interleaving(nn.Module):
    """As `torch.nn.PixelShuffle(2)`, in two turns, in a third of the time: ONNX Runtime moves blocks."""

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Shape (N, 4 C, H, W) to (N, C, 2 H, 2 W)."""
        count, channels, height, width = features.shape
        columns = features.reshape(-1, ENLARGEMENT, height * width).transpose(1, 2)
        rows = columns.reshape(-1, ENLARGEMENT, height, ENLARGEMENT * width).transpose(1, 2)
        each = channels // ENLARGEMENT**2
        return rows.reshape(count, each, ENLARGEMENT * height, ENLARGEMENT * width)


class DoublingBlock(nn.Module):
    """A decoder block that enlarges by two, whatever size it is told.

    The parameters keep the names and shapes that they have in the block it stands for.

    Parameters
    ----------
    block : UnetDecoderBlock
        With its normalisations folded away.
    features : int
        Channels that it enlarges.
    """

    def __init__(self, block: UnetDecoderBlock, features: int) -> None:
        super().__init__()
        self.conv1, self.conv2, self._features = block.conv1, block.conv2, features
        self._interleave = Interleaving()

    def forward(
        self, features: torch.Tensor, _height: int, _width: int, skip_connection: torch.Tensor | None = None
    ) -> torch.Tensor:
        """As the block it stands for."""
        first, *then = self.conv1
        enlarged, skipped = first.weight[:, : self._features], first.weight[:, self._features :]
        convolved = self._convolved(features, enlarged)
        # TinyViT gives an empty picture at half scale
        if skip_connection is None or first.in_channels == self._features:
            convolved = convolved + first.bias[:, None, None]
        else:
            # ONNX Runtime adds within the second convolution; the two need not be laid side by side
            convolved = functional.conv2d(skip_connection, skipped, first.bias, padding=1) + convolved
        for layer in then:
            convolved = layer(convolved)
        result: torch.Tensor = self.conv2(convolved)
        return result

    def _convolved(self, features: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        """The enlarged features, convolved."""
        if self._features < MANY_FEATURES:
            enlarged = functional.interpolate(features, scale_factor=float(ENLARGEMENT), mode="nearest")
            return functional.conv2d(enlarged, weight, padding=1)
        together = functional.conv2d(features, four_pixels(weight), padding=1)
        # the width as the layer tells it: from a shape, the exported graph would compute it
        seen = torch.split(together, self.conv1[0].out_channels, dim=1)
        upper, lower = [each[:, :, :-1] for each in seen[:2]], [each[:, :, 1:] for each in seen[2:]]
        pixels = [upper[0][..., :-1], upper[1][..., 1:], lower[0][..., :-1], lower[1][..., 1:]]
        interleaved: torch.Tensor = self._interleave(torch.stack(pixels, dim=2).flatten(1, 2))
        return interleaved


def four_pixels(weight: torch.Tensor) -> torch.Tensor:
    """Weights by which a place's four pixels see the places about it.

    Parameters
    ----------
    weight : torch.Tensor, shape (O, C, 3, 3)
        Of a convolution of the picture enlarged by two, nearest pixel.

    Returns
    -------
    torch.Tensor, shape (4 O, C, 2, 2)
        Of the upper left, upper right, lower left and lower right pixel: the upper ones see the row before
        their place's and their own, the lower ones their own and the row behind; columns likewise.
    """
    before, own, behind = torch.split(weight, 1, dim=2)
    upper, lower = torch.cat([before, own + behind], 2), torch.cat([before + own, behind], 2)
    pixels = []
    for rows in (upper, lower):
        before, own, behind = torch.split(rows, 1, dim=3)
        pixels += [torch.cat([before, own + behind], 3), torch.cat([before + own, behind], 3)]
    return torch.cat(pixels)
