from pathlib import Path

import pytest
import torch

from models.folded import OtherArchitectureError
from models.unet import Architecture, UNet
from training.export import export_onnx
from training.warm_start import warm_start

SMALL = Architecture(decoder_channels=(32, 24, 16, 16))


@pytest.fixture(scope="module")
def pictures() -> torch.Tensor:
    return torch.rand(6, 3, 96, 96, generator=torch.Generator().manual_seed(1))


@pytest.fixture(scope="module")
def trained(pictures: torch.Tensor) -> UNet:
    torch.manual_seed(2)
    network = UNet(SMALL).train()
    with torch.no_grad():
        for _ in range(40):  # the normalisations' own statistics, as training leaves them
            network(pictures)
    return network.eval()


@torch.no_grad()
def test_the_network_says_what_the_file_says(trained: UNet, pictures: torch.Tensor, tmp_path: Path) -> None:
    export_onnx(trained, tmp_path / "network.onnx")
    torch.manual_seed(9)
    again = UNet(SMALL)
    assert not torch.allclose(again.eval()(pictures), trained(pictures), atol=1e-2)
    warm_start(again, tmp_path / "network.onnx", pictures)
    assert torch.allclose(again(pictures), trained(pictures), atol=1e-3)
    # in training the batch's own statistics are those given, so nearly nothing changes
    assert torch.allclose(again.train()(pictures), trained(pictures), atol=5e-2)


def test_another_architecture_is_refused(trained: UNet, pictures: torch.Tensor, tmp_path: Path) -> None:
    export_onnx(trained, tmp_path / "network.onnx")
    with pytest.raises(OtherArchitectureError):
        warm_start(UNet(Architecture()), tmp_path / "network.onnx", pictures)
