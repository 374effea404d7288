"""MobileNetV2's widest blocks as they are served: in parts that a processor's cache can hold.

Such a block widens its features sixfold, looks at the neighbours in each channel alone, and narrows them
again. What lies between takes 25 MB for 512 × 512 in the first of them and 9 MB in the second, and time goes
by waiting for memory. No channel between needs another: a part of them goes all the way, then the next.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from models.torchvision_operators import declare_torchvision_operators

declare_torchvision_operators()

from torchvision.models.mobilenetv2 import InvertedResidual  # noqa: E402  as in models.unet

WIDEST = 2
"""Blocks, from the first that widens on, that are taken in parts: those whose wide features do not fit."""

PART = 48
"""Wide channels in a part: thrice the sixteen that ONNX Runtime lays together; each block has whole parts."""


class PartedExpansion(nn.Module):
    """A block of MobileNetV2 whose wide features are never there all at once.

    The parameters keep the names and shapes that they have in the block it stands for.

    Parameters
    ----------
    block : InvertedResidual
        With its normalisations folded away; it widens its features.
    """

    def __init__(self, block: InvertedResidual) -> None:
        super().__init__()
        self.conv, self._adds_itself = block.conv, block.use_res_connect

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """As the block it stands for."""
        widen = self.conv[0][0]
        parts = [slice(first, first + PART) for first in range(0, widen.out_channels, PART)]
        found = self._through(features, parts[0], self.conv[2].bias)
        if self._adds_itself:
            found = found + features
        for part in parts[1:]:
            # ONNX Runtime adds within the convolution
            found = self._through(features, part, None) + found
        return found

    def _through(self, features: torch.Tensor, part: slice, bias: torch.Tensor | None) -> torch.Tensor:
        """What some of the wide channels add to the narrow ones."""
        (widen, _, bound), (look, _, _), narrow, _ = self.conv
        wide = bound(functional.conv2d(features, widen.weight[part], widen.bias[part]))
        weight = look.weight[part]
        seen = functional.conv2d(
            wide, weight, look.bias[part], look.stride, look.padding, groups=weight.shape[0]
        )
        return functional.conv2d(bound(seen), narrow.weight[:, part], bias)
