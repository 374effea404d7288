"""The decoder as it is served: the same sums with fewer multiplications, and without copies between them.

A 3 × 3 convolution of a picture that was enlarged by two, nearest pixel, multiplies the same values four
times by each of its nine weights. Here a place is multiplied once by each, and its four pixels add what they
see.
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
    """As `torch.nn.PixelShuffle(2)`, faster: ONNX Runtime moves blocks of columns, a product sorts them.

    Parameters
    ----------
    columns : int
        Columns that are moved together; the features' width is a multiple of it.
    """

    order: torch.Tensor

    def __init__(self, columns: int = 1) -> None:
        super().__init__()
        self.columns = columns
        # a block's left pixels, then its right ones, to left and right in turn
        places = torch.arange(ENLARGEMENT * columns).reshape(ENLARGEMENT, columns).T.flatten()
        self.register_buffer("order", torch.eye(ENLARGEMENT * columns)[:, places], persistent=False)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Shape (N, 4 C, H, W) to (N, C, 2 H, 2 W)."""
        count, channels, height, width = features.shape
        each = channels // ENLARGEMENT**2
        blocks = features.reshape(count * each, ENLARGEMENT, ENLARGEMENT, height, -1, self.columns)
        moved = blocks.permute(0, 3, 1, 4, 2, 5)
        if self.columns > 1:
            moved = torch.mm(moved.reshape(-1, ENLARGEMENT * self.columns), self.order)
        return moved.reshape(count, each, ENLARGEMENT * height, ENLARGEMENT * width)


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
            # each is convolved by its own weights: the two need not be laid side by side
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
        pixels = torch.stack(four_pixels(features, weight), dim=2)
        interleaved: torch.Tensor = self._interleave(pixels.flatten(1, 2))
        return interleaved


def four_pixels(features: torch.Tensor, weight: torch.Tensor) -> list[torch.Tensor]:
    """What a convolution sees on features enlarged by two, nearest pixel, without enlarging them.

    Parameters
    ----------
    features : torch.Tensor, shape (N, C, H, W)
        Before they are enlarged.
    weight : torch.Tensor, shape (O, C, 3, 3)
        Of the convolution, which pads by one pixel.

    Returns
    -------
    list of torch.Tensor, shape (N, O, H, W)
        The upper left, upper right, lower left and lower right pixel of every place.
    """
    count = weight.shape[0]
    products = functional.conv2d(features, weight.permute(2, 3, 0, 1).reshape(9 * count, -1, 1, 1))
    rows = _two_pixels(products, 3 * count, (0, 0, 1, -1))
    return [pixels for row in rows for pixels in _two_pixels(row, count, (1, -1))]


def _two_pixels(
    products: torch.Tensor, each: int, behind: tuple[int, ...]
) -> tuple[torch.Tensor, torch.Tensor]:
    """Along one axis: the first pixel sees the place before and twice its own, the second the one behind.

    Products lie one after the other, `each` channels by the first, second and third weight along the axis;
    `behind` pads so that everything moves one place on.
    """
    first, second, third = torch.split(products, each, dim=1)
    ahead = tuple(-step for step in behind)
    moved_on, moved_back = functional.pad(first, behind), functional.pad(third, ahead)
    return moved_on + (second + third), (first + second) + moved_back
