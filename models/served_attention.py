"""TinyViT's stages as they are served: the same arithmetic in a fifth of the operations.

As the library writes it, each of its blocks works out the windows anew from the picture's size, and lays
queries, keys and values out three times: some seventy small operations a block, a sixth of the time. Here a
stage works the windows out once; tokens lie in two axes, which lets a bias join its matrix product; and the
weights are ordered so that queries, keys and values come out in the order in which they are needed.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from timm.models.tiny_vit import Attention, TinyVitBlock, TinyVitStage
from torch import nn
from torch.nn import functional


class ServedAttention(nn.Module):
    """Attention among the places of each window.

    Parameters
    ----------
    attention : Attention
        The library's, whose values are as wide as its keys.
    """

    norm: nn.LayerNorm
    proj: nn.Linear
    offsets: torch.Tensor

    @torch.no_grad()
    def __init__(self, attention: Attention) -> None:
        super().__init__()
        self.heads, self.width = attention.num_heads, attention.key_dim
        self.norm, self.proj = attention.norm, attention.proj
        self.qkv = nn.Linear(attention.qkv.in_features, attention.qkv.out_features)
        self.qkv.weight.copy_(self._ordered(attention.qkv.weight, attention.scale))
        self.qkv.bias.copy_(self._ordered(attention.qkv.bias[:, None], attention.scale)[:, 0])
        self.attention_biases = nn.Parameter(attention.attention_biases.clone())
        offsets: torch.Tensor = attention.get_buffer("attention_bias_idxs")
        self.register_buffer("offsets", offsets.clone(), persistent=False)

    def _ordered(self, rows: torch.Tensor, scale: float) -> torch.Tensor:
        """Rows of all heads' queries, then keys, then values; queries scaled already."""
        by_head = rows.reshape(self.heads, 3, self.width, -1)
        scaled = torch.cat([by_head[:, :1] * scale, by_head[:, 1:]], dim=1)
        return scaled.transpose(0, 1).reshape(rows.shape)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Tokens that know of their window.

        Parameters
        ----------
        tokens : torch.Tensor, shape (N, channels)
            Window after window.
        """
        places = self.offsets.shape[0]
        three = self.qkv(self.norm(tokens)).reshape(-1, places, 3, self.heads, self.width)
        queries, keys, values = three.permute(2, 0, 3, 1, 4).unbind()
        likeness = queries @ keys.transpose(-2, -1) + self.attention_biases[:, self.offsets]
        found = likeness.softmax(dim=-1) @ values
        together = found.transpose(1, 2).reshape(-1, self.heads * self.width)
        projected: torch.Tensor = self.proj(together)
        return projected


@dataclass(frozen=True)
class Windows:
    """How a stage's map of features is cut; traced as numbers, these belong to the exported file's graph.

    Attributes
    ----------
    side, down, across : int
        Places along a window's side; windows below and beside one another.
    height, width : int
        Places of the map; what windows reach beyond them is padding.
    """

    side: int
    down: int
    across: int
    height: int
    width: int

    @classmethod
    def over(cls, x: torch.Tensor, side: int) -> Windows:
        """Windows over a map (N, height, width, channels)."""
        height, width = x.shape[1:3]
        return cls(side, (height + side - 1) // side, (width + side - 1) // side, height, width)

    def cut(self, x: torch.Tensor) -> torch.Tensor:
        """Tokens (places, channels) of a map, window after window."""
        below, right = self.down * self.side - self.height, self.across * self.side - self.width
        padded = functional.pad(x, (0, 0, 0, right, 0, below))
        channels = x.shape[3]
        windows = padded.reshape(-1, self.down, self.side, self.across, self.side, channels)
        return windows.transpose(2, 3).reshape(-1, channels)

    def joined(self, tokens: torch.Tensor) -> torch.Tensor:
        """The map of which `cut` made tokens."""
        channels = tokens.shape[1]
        windows = tokens.reshape(-1, self.down, self.across, self.side, self.side, channels)
        laid = windows.transpose(2, 3).reshape(-1, self.down * self.side, self.across * self.side, channels)
        return laid[:, : self.height, : self.width]


class ServedBlock(nn.Module):
    """Attention in windows, a convolution of neighbours, and a perceptron of each place.

    Parameters
    ----------
    block : TinyVitBlock
        The library's.
    """

    def __init__(self, block: TinyVitBlock) -> None:
        super().__init__()
        self.attn = ServedAttention(block.attn)
        self.local_conv, self.mlp = block.local_conv, block.mlp

    def forward(self, x: torch.Tensor, windows: Windows) -> torch.Tensor:
        """A map of the same shape."""
        x = x + windows.joined(self.attn(windows.cut(x)))
        x = self.local_conv(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
        tokens = x.reshape(-1, x.shape[3])
        known: torch.Tensor = tokens + self.mlp(tokens)
        return known.reshape(-1, windows.height, windows.width, tokens.shape[1])


class ServedStage(nn.Module):
    """A stage of blocks that attend in windows.

    Parameters
    ----------
    stage : TinyVitStage
        The library's.
    """

    def __init__(self, stage: TinyVitStage) -> None:
        super().__init__()
        self.downsample = stage.downsample
        blocks = [block for block in stage.blocks if isinstance(block, TinyVitBlock)]
        self.side = blocks[0].window_size
        self.blocks = nn.ModuleList(ServedBlock(block) for block in blocks)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Features (N, channels, h, w) of the stage."""
        x: torch.Tensor = self.downsample(features).permute(0, 2, 3, 1)
        windows = Windows.over(x, self.side)
        for block in self.blocks:
            x = block(x, windows)
        return x.permute(0, 3, 1, 2)
