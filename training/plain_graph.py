"""The network rewritten for export: nothing in its graph depends on the size of the picture.

As the libraries write them, padding and enlargement are computed from the picture's size in some two hundred
small operations, and ONNX Runtime can neither join the padding to its convolution nor enlarge in the layout
in which it convolves. Sides are multiples of 32, so all of it is constant; the file runs a sixth faster.
"""

from __future__ import annotations

import copy

import torch
from torch import nn
from torch.nn import functional

from models.torchvision_operators import declare_torchvision_operators
from models.unet import UNet

declare_torchvision_operators()

from segmentation_models_pytorch.decoders.unet.decoder import UnetDecoderBlock  # noqa: E402  as in models.unet
from timm.layers.conv2d_same import Conv2dSame  # noqa: E402

ENLARGEMENT = 2.0
"""Each decoder block works at twice the scale of the one before."""


class PaddedConvolution(nn.Sequential):
    """A convolution with TensorFlow's padding, for even sizes: kernel less stride, the odd one behind."""

    def __init__(self, convolution: Conv2dSame) -> None:
        kernel, stride = convolution.kernel_size[0], convolution.stride[0]
        before = (kernel - stride) // 2
        behind = kernel - stride - before
        fixed = nn.Conv2d(
            convolution.in_channels,
            convolution.out_channels,
            kernel,
            stride,
            groups=convolution.groups,
            bias=convolution.bias is not None,
        )
        fixed.load_state_dict(convolution.state_dict())
        super().__init__(nn.ZeroPad2d((before, behind, before, behind)), fixed)


class DoublingBlock(nn.Module):
    """A decoder block that enlarges by two, whatever size it is told."""

    def __init__(self, block: UnetDecoderBlock) -> None:
        super().__init__()
        self.conv1, self.conv2 = block.conv1, block.conv2

    def forward(
        self, features: torch.Tensor, _height: int, _width: int, skip_connection: torch.Tensor | None = None
    ) -> torch.Tensor:
        """As the block it stands for."""
        enlarged = functional.interpolate(features, scale_factor=ENLARGEMENT, mode="nearest")
        if skip_connection is not None:
            enlarged = torch.cat([enlarged, skip_connection], dim=1)
        convolved: torch.Tensor = self.conv2(self.conv1(enlarged))
        return convolved


def plain(network: UNet) -> UNet:
    """A copy of a network that says the same of every picture whose sides are multiples of 32."""
    network = copy.deepcopy(network)
    for module in list(network.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, Conv2dSame):
                setattr(module, name, PaddedConvolution(child))
            elif isinstance(child, UnetDecoderBlock):
                setattr(module, name, DoublingBlock(child))
    return network
