from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from models.unet import Architecture, UNet
from training.runs import BEST
from training.starts import start

SMALL = (32, 24, 16, 16)
TINY = "tu-tiny_vit_5m_224"
BIASES = "model.stages_3.blocks.0.attn.attention_biases"


def _biases(network: UNet, side: int) -> torch.Tensor:
    biases = network.body.encoder.get_parameter(BIASES)
    return biases.detach().reshape(-1, side, side)


@pytest.fixture(scope="module")
def earlier() -> UNet:
    torch.manual_seed(5)
    network = UNet(Architecture(TINY, SMALL, "imagenet"))
    with torch.no_grad():
        for name, weights in network.named_parameters():
            if name.endswith(".attention_biases"):
                weights.normal_()
    return network


@pytest.mark.parametrize(("window", "common"), [(5, 5), (10, 7)])
def test_biases_of_an_encoder_are_brought_to_other_windows(
    earlier: UNet, tmp_path: Path, window: int, common: int
) -> None:
    path = tmp_path / "encoder.safetensors"
    save_file(earlier.body.encoder.state_dict(), path)
    network = UNet(Architecture(TINY, SMALL, "imagenet", 62, window))
    start(network, path, None)
    known, brought = _biases(earlier, 7), _biases(network, window)
    assert torch.equal(brought[:, :common, :common], known[:, :common, :common])
    if window > common:
        assert torch.equal(brought[:, -1, 2], known[:, -1, 2])
    stem = "model.patch_embed.conv1.conv.weight"
    assert torch.equal(network.body.encoder.get_parameter(stem), earlier.body.encoder.get_parameter(stem))


def test_a_run_gives_all_that_the_new_network_has_too(earlier: UNet, tmp_path: Path) -> None:
    torch.save(earlier.state_dict(), tmp_path / BEST)
    network = UNet(Architecture(TINY, SMALL, "imagenet", 62, 10))
    head = network.body.segmentation_head[0].weight.detach().clone()
    start(network, None, tmp_path)
    given = earlier.state_dict()
    for name, weights in network.state_dict().items():
        if name in given and given[name].shape == weights.shape:
            assert torch.equal(weights, given[name]), name
    assert not torch.equal(network.body.segmentation_head[0].weight, head)


def test_another_encoder_is_refused(earlier: UNet, tmp_path: Path) -> None:
    torch.save(earlier.state_dict(), tmp_path / BEST)
    with pytest.raises(ValueError, match="another encoder"):
        start(UNet(Architecture(decoder_channels=SMALL)), None, tmp_path)


def test_one_start_at_a_time(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not from both"):
        start(UNet(Architecture(decoder_channels=SMALL)), tmp_path, tmp_path)
