import pytest
import torch
from torch import nn

from models.served import served
from models.unet import Architecture, UNet

SMALL = (32, 24, 16, 16)

ARCHITECTURES = (
    Architecture("tu-tf_efficientnet_lite0", SMALL, "tensorflow"),
    Architecture("mobilenet_v2", SMALL, "imagenet"),
    Architecture("tu-tiny_vit_5m_224", SMALL, "imagenet"),
)


def _network(architecture: Architecture) -> UNet:
    torch.manual_seed(2)
    network = UNet(architecture).train()
    with torch.no_grad():
        for _ in range(3):  # the normalisations' own statistics
            network(torch.rand(2, 3, 64, 64))
    return network.eval()


@torch.no_grad()
@pytest.mark.parametrize("architecture", ARCHITECTURES, ids=lambda architecture: architecture.encoder)
def test_the_served_network_says_what_the_network_says(architecture: Architecture) -> None:
    network = _network(architecture)
    small = served(network)
    assert not any(isinstance(module, nn.BatchNorm2d) for module in small.modules())
    for size in ((64, 96), (160, 128), (352, 320)):
        rgb = torch.rand(1, 3, *size)
        assert network(rgb).shape == (1, 5, *size)
        assert torch.allclose(small(rgb), network(rgb), atol=1e-3, rtol=1e-3)


@torch.no_grad()
def test_weights_can_be_laid_into_a_fresh_one() -> None:
    network = _network(ARCHITECTURES[2])
    fresh = served(UNet(ARCHITECTURES[2]))
    fresh.load_state_dict(served(network).state_dict())
    rgb = torch.rand(1, 3, 96, 64)
    assert torch.allclose(fresh.train().eval()(rgb), network(rgb), atol=1e-3, rtol=1e-3)


@torch.no_grad()
def test_the_given_network_is_left_as_it_was() -> None:
    network = _network(ARCHITECTURES[0])
    rgb = torch.rand(1, 3, 64, 64)
    before = network(rgb)
    served(network)
    assert torch.equal(network(rgb), before)
