"""The network as it is served: normalisations folded away, and convolutions do not depend on the size.

Training needs batch normalisations, serving does not: each is a factor and a shift of the convolution before
it. And as the libraries write them, padding and enlargement are computed from the picture's size in some two
hundred small operations, which ONNX Runtime can neither join to a convolution nor run in the layout in which
it convolves. Sides are multiples of 32, so all of it is constant; the file runs a sixth faster. Only windows
of attention are still cut by the size.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from itertools import pairwise

import torch
from torch import nn
from torch.nn import functional

from models.torchvision_operators import declare_torchvision_operators
from models.unet import UNet

declare_torchvision_operators()

from timm.layers.conv2d_same import Conv2dSame  # noqa: E402  as in models.unet
from timm.models.tiny_vit import TinyVitStage  # noqa: E402
from torchvision.models.mobilenetv2 import InvertedResidual  # noqa: E402

from models.served_attention import ServedStage  # noqa: E402
from models.served_decoder import DoublingBlock, Interleaving  # noqa: E402
from models.served_expansion import WIDEST, PartedExpansion  # noqa: E402

EXAMPLE_PX = 64
"""Side of the picture that is sent through the network to learn the order of its layers."""

COLUMNS = 16
"""Places of a row whose pixels the head sorts at a time: half a side of the smallest picture."""


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


class FirstConvolution(nn.Module):
    """The convolution that meets the picture, and scales it too: by its weights, which are far fewer.

    The scale is multiplied in when the exported file is loaded; the parameters stay what they were.
    """

    scale: torch.Tensor

    def __init__(self, convolution: nn.Conv2d, scale: torch.Tensor) -> None:
        super().__init__()
        self.weight, self.bias = convolution.weight, convolution.bias
        self.stride, self.padding = convolution.stride, convolution.padding
        self.register_buffer("scale", scale, persistent=False)

    def forward(self, rgb: torch.Tensor) -> torch.Tensor:
        """As the convolution of the picture over its scale; padding is zero in both."""
        return functional.conv2d(rgb, self.weight / self.scale, self.bias, self.stride, self.padding)


def served(network: UNet) -> UNet:
    """A copy of a network for pictures whose sides are multiples of 32; it says the same of them.

    Parameters
    ----------
    network : UNet
        Trained, or fresh where its weights are to be laid in afterwards: names and shapes are the same.

    Returns
    -------
    UNet
        On the processor, in evaluation mode, without gradients.
    """
    # attention keeps what it made of its weights until it is told to train
    copied = copy.deepcopy(network).cpu().float().train().eval().requires_grad_(False)
    _fold(copied)
    _replace(copied, _for_constant_sizes)
    _part(copied)
    _double(copied)
    _scale(copied)
    return copied.train().eval()


def _replace(network: UNet, instead: Callable[[nn.Module], nn.Module | None]) -> None:
    """Put in the place of every module what is given instead of it, where something is."""
    for module in list(network.modules()):
        for name, child in list(module.named_children()):
            if (other := instead(child)) is not None:
                setattr(module, name, other)


def _for_constant_sizes(module: nn.Module) -> nn.Module | None:
    """What stands for a module that works things out from the picture's size."""
    if isinstance(module, Conv2dSame):
        return PaddedConvolution(module)
    if isinstance(module, nn.PixelShuffle):
        return Interleaving(COLUMNS)
    return ServedStage(module) if isinstance(module, TinyVitStage) else None


def _part(network: UNet) -> None:
    """Put a `PartedExpansion` in the place of the widest blocks, where the encoder has such."""
    blocks = [module for module in network.modules() if isinstance(module, InvertedResidual)]
    widening = [block for block in blocks if block.conv[0][0].out_channels > block.conv[0][0].in_channels]
    widest = widening[:WIDEST]
    _replace(network, lambda module: PartedExpansion(module) if module in widest else None)


def _double(network: UNet) -> None:
    """Put a `DoublingBlock` in the place of each of the decoder's."""
    features, blocks = network.body.encoder.out_channels[-1], network.body.decoder.blocks
    for number, block in enumerate(blocks):
        blocks[number] = DoublingBlock(block, features)
        features = block.conv2[0].out_channels


def _scale(network: UNet) -> None:
    """Leave the picture's scale to the first convolution."""
    first = _in_order_of_use(network)[0]
    if not isinstance(first, nn.Conv2d):
        raise TypeError("the picture does not meet a convolution first")
    scaled = FirstConvolution(first, network.std)
    _replace(network, lambda module: scaled if module is first else None)
    # a single one, which the exported graph need not divide by
    network.std = torch.ones(())


def _fold(network: UNet) -> None:
    """Fold every batch normalisation into the convolution that is run just before it."""
    run = _in_order_of_use(network)
    for before, norm in pairwise(run):
        if isinstance(norm, nn.BatchNorm2d):
            if not isinstance(before, nn.Conv2d):
                raise TypeError("a normalisation does not follow a convolution")
            _fold_into(before, norm)
    _replace(network, _left_of_normalisation)


def _left_of_normalisation(module: nn.Module) -> nn.Module | None:
    """What a normalisation still does once it is folded: timm's hold the activation that comes after them."""
    return getattr(module, "act", nn.Identity()) if isinstance(module, nn.BatchNorm2d) else None


@torch.no_grad()
def _in_order_of_use(network: UNet) -> list[nn.Conv2d | nn.BatchNorm2d]:
    """Convolutions and normalisations as one picture meets them."""
    seen: list[nn.Conv2d | nn.BatchNorm2d] = []
    layers = [module for module in network.modules() if isinstance(module, nn.Conv2d | nn.BatchNorm2d)]
    handles = [layer.register_forward_pre_hook(lambda module, _: seen.append(module)) for layer in layers]
    try:
        network(torch.zeros(1, 3, EXAMPLE_PX, EXAMPLE_PX))
    finally:
        for handle in handles:
            handle.remove()
    return seen


@torch.no_grad()
def _fold_into(layer: nn.Conv2d, norm: nn.BatchNorm2d) -> None:
    if norm.running_mean is None or norm.running_var is None:
        raise TypeError("a normalisation has no statistics")
    factor = norm.weight / (norm.running_var + norm.eps).sqrt()
    shift = norm.bias - norm.running_mean * factor
    if layer.bias is not None:
        shift = shift + layer.bias * factor
    layer.weight = nn.Parameter(layer.weight * factor[:, None, None, None], requires_grad=False)
    layer.bias = nn.Parameter(shift, requires_grad=False)
