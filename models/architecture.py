"""What a network is made of and what its output means, as it is written into the exported file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

CHANNELS = ("ulcer", "skin", "fibrin", "granulation", "callus")
"""Channels of the network's output, in this order everywhere; those of the tissue are exploratory."""

TISSUES = CHANNELS[2:]
"""What the tissue's channels say of the pixel, in their order."""

CHANNELS_KEY, ARCHITECTURE_KEY, EQUALS_KEY = "channels", "architecture", "equals"
"""Entries of an ONNX file's metadata_props."""


@dataclass(frozen=True)
class Architecture:
    """What the network is made of.

    Attributes
    ----------
    encoder : str
        Name of a segmentation-models-pytorch encoder.
    decoder_channels : tuple of int
        Widths of the four decoder blocks, deepest first. The decoder is most of the arithmetic at the
        library's default widths (256, 128, 64, 32, 16).
    normalisation : str
        Of the pictures that the encoder was trained with: a key of models.unet.NORMALISATIONS.
    """

    encoder: str = "mobilenet_v2"
    decoder_channels: tuple[int, int, int, int] = (96, 48, 32, 16)
    normalisation: str = "imagenet"

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """From what JSON made of one."""
        return cls(**{**values, "decoder_channels": tuple(values["decoder_channels"])})


@dataclass(frozen=True)
class Description:
    """What an exported file says of itself.

    Attributes
    ----------
    channels : tuple of str
        What each output channel means; ulcer and skin come first.
    architecture : Architecture
        Of what network it is.
    equals : dict of str to str
        Weights that the file does not hold under their own name, by the name of one that is the same.
    """

    channels: tuple[str, ...]
    architecture: Architecture
    equals: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, metadata: Mapping[str, str]) -> Description:
        """From the metadata of an ONNX file.

        Parameters
        ----------
        metadata : mapping of str to str
            metadata_props by key.

        Raises
        ------
        ValueError
            If it does not say what it is, or the channels do not begin with ulcer and skin.
        """
        if not {CHANNELS_KEY, ARCHITECTURE_KEY} <= set(metadata):
            raise ValueError("the file does not say what its channels are and of what architecture it is")
        channels = tuple(json.loads(metadata[CHANNELS_KEY]))
        if channels[:2] != CHANNELS[:2]:
            raise ValueError(f"the channels {channels} do not begin with ulcer and skin")
        architecture = Architecture.of(json.loads(metadata[ARCHITECTURE_KEY]))
        return cls(channels, architecture, json.loads(metadata.get(EQUALS_KEY, "{}")))

    def metadata(self) -> dict[str, str]:
        """For the metadata of an ONNX file; `read` gives the same description back."""
        written = {
            CHANNELS_KEY: json.dumps(self.channels),
            ARCHITECTURE_KEY: json.dumps(asdict(self.architecture)),
        }
        if self.equals:
            written[EQUALS_KEY] = json.dumps(self.equals)
        return written

    def stored_as(self, name: str) -> str:
        """Under what name the file holds a weight."""
        return self.equals.get(name, name)

    @property
    def tissue(self) -> slice | None:
        """Where the tissue's channels stand in the output; None where there are none."""
        if TISSUES[0] not in self.channels:
            return None
        first = self.channels.index(TISSUES[0])
        place = slice(first, first + len(TISSUES))
        return place if self.channels[place] == TISSUES else None
