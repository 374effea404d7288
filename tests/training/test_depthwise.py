import copy

import torch

from models.unet import Architecture, UNet
from training.depthwise import keep_depthwise_in_fp32

SMALL = Architecture(decoder_channels=(32, 24, 16, 16))


def test_a_network_says_the_same_and_keeps_its_names() -> None:
    torch.manual_seed(3)
    network = UNet(SMALL).eval()
    faster = copy.deepcopy(network)
    keep_depthwise_in_fp32(faster)
    assert list(faster.state_dict()) == list(network.state_dict())
    rgb = torch.rand(1, 3, 64, 96)
    with torch.no_grad():
        assert torch.equal(faster(rgb), network(rgb))


def test_a_copy_follows_its_own_weights() -> None:
    torch.manual_seed(3)
    network = UNet(SMALL).eval()
    keep_depthwise_in_fp32(network)
    twin = copy.deepcopy(network)
    rgb = torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        before = twin(rgb)
        for parameter in network.parameters():
            parameter.zero_()
        assert torch.equal(twin(rgb), before)


def test_depthwise_gradients_are_those_of_fp32() -> None:
    torch.manual_seed(3)
    depthwise = torch.nn.Conv2d(16, 16, 5, padding=2, groups=16)
    twin = copy.deepcopy(depthwise)
    keep_depthwise_in_fp32(depthwise)
    features = torch.rand(2, 16, 24, 24)
    with torch.autocast("cpu", torch.bfloat16):
        answer = depthwise(features.bfloat16())
    answer.float().square().sum().backward()
    twin(features.bfloat16().float()).bfloat16().float().square().sum().backward()
    assert answer.dtype == torch.bfloat16
    assert torch.allclose(depthwise.weight.grad, twin.weight.grad, rtol=1e-5)
