from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from models.unet import Architecture, UNet
from training.recipe import Recipe
from training.runs import BEST, RECIPE
from training.starts import start

SMALL = Architecture(decoder_channels=(32, 24, 16, 16))


@pytest.fixture
def earlier(tmp_path: Path) -> UNet:
    """A network whose run lies in the folder."""
    torch.manual_seed(5)
    network = UNet(SMALL)
    torch.save(network.state_dict(), tmp_path / BEST)
    Recipe(SMALL).write(tmp_path / RECIPE)
    return network


def _alike(one: torch.nn.Module, other: torch.nn.Module) -> list[bool]:
    pairs = zip(one.state_dict().values(), other.state_dict().values(), strict=True)
    return [torch.equal(mine, theirs) for mine, theirs in pairs]


def test_an_encoder_is_taken_whole_and_nothing_else(earlier: UNet, tmp_path: Path) -> None:
    path = tmp_path / "encoder.safetensors"
    save_file(earlier.body.encoder.state_dict(), path)
    network = UNet(SMALL)
    start(network, path, None)
    assert all(_alike(network.body.encoder, earlier.body.encoder))
    assert not all(_alike(network.body.decoder, earlier.body.decoder))


def test_a_run_gives_all_its_weights(earlier: UNet, tmp_path: Path) -> None:
    network = UNet(SMALL)
    start(network, None, tmp_path)
    assert all(_alike(network, earlier))


@pytest.mark.usefixtures("earlier")
@pytest.mark.parametrize(
    "other",
    [Architecture("resnet18", SMALL.decoder_channels), Architecture(decoder_channels=(24, 24, 16, 16))],
)
def test_another_network_is_refused(tmp_path: Path, other: Architecture) -> None:
    with pytest.raises(ValueError, match="another one"):
        start(UNet(other), None, tmp_path)


def test_one_start_at_a_time(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not from both"):
        start(UNet(SMALL), tmp_path, tmp_path)
