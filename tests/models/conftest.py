"""A small network of today's kind with random weights, exported: fast, and with all channels."""

from pathlib import Path

import pytest
import torch

from models.counting import Counting
from models.unet import Architecture, UNet
from models.weights_info import WeightsInfo
from training.export import export_onnx

SMALL = Architecture(decoder_channels=(32, 24, 16, 16))
SPREAD = 8.0
"""Times the head's first weights, so that probabilities fill 0 to 1."""


@pytest.fixture(scope="session")
def small_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(2)
    network = UNet(SMALL).train()
    with torch.no_grad():
        for _ in range(3):  # the normalisations' own statistics
            network(torch.rand(2, 3, 64, 64))
        network.body.segmentation_head[0].weight.mul_(SPREAD)
    path = tmp_path_factory.mktemp("small") / "small.onnx"
    export_onnx(network.eval(), path)
    return path


@pytest.fixture(scope="session")
def small_weights(small_file: Path) -> WeightsInfo:
    return WeightsInfo("small", "0.0.1", "0" * 64, small_file, Counting(0.5))
