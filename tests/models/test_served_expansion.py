import pytest
import torch

from models.served_expansion import PartedExpansion
from models.torchvision_operators import declare_torchvision_operators

declare_torchvision_operators()

from torchvision.models.mobilenetv2 import InvertedResidual  # noqa: E402


def _block(outputs: int, stride: int, ratio: int) -> InvertedResidual:
    """A block whose normalisations are folded away."""
    torch.manual_seed(3)
    block = InvertedResidual(16, outputs, stride, ratio, norm_layer=lambda _: torch.nn.Identity())
    for module in list(block.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, torch.nn.Conv2d):
                bias = torch.nn.Conv2d(
                    child.in_channels, child.out_channels, child.kernel_size, child.stride, child.padding,
                    groups=child.groups,
                )  # fmt: skip
                setattr(module, name, bias)
    return block.eval()


@torch.no_grad()
@pytest.mark.parametrize(("outputs", "stride"), [(24, 2), (16, 1), (24, 1)])
@pytest.mark.parametrize("ratio", [2, 6, 9])
def test_a_parted_block_says_what_the_block_says(outputs: int, stride: int, ratio: int) -> None:
    block = _block(outputs, stride, ratio)
    features = torch.randn(2, 16, 12, 10)
    found = PartedExpansion(block)(features)
    assert torch.allclose(found, block(features), atol=1e-5, rtol=1e-5)
    assert set(PartedExpansion(block).state_dict()) == set(block.state_dict())
