"""Depthwise convolutions kept in fp32 where the rest trains in bfloat16 on a processor.

On processors oneDNN's backward pass of a depthwise convolution takes 3 to 6 times as long in bfloat16 as in
fp32 (measured layer by layer on the EfficientNet-lite encoder); a whole step takes 1.0 s instead of 1.4 s.
"""

from __future__ import annotations

import torch
from torch import nn


class _InFp32(nn.Module):
    """Mixed into a convolution's class: computes in fp32, answers in the type it was asked in."""

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Features, shape (N, C, H, W), convolved."""
        with torch.autocast(features.device.type, enabled=False):
            convolved: torch.Tensor = super().forward(features.float())
        return convolved.to(features.dtype)


def keep_depthwise_in_fp32(network: nn.Module) -> None:
    """Take the depthwise convolutions of a network out of autocast; weights and their names stay."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d) and module.groups > 1 and not isinstance(module, _InFp32):
            module.__class__ = type(f"Fp32{type(module).__name__}", (_InFp32, type(module)), {})
