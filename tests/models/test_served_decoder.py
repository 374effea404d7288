import pytest
import torch
from segmentation_models_pytorch.decoders.unet.decoder import UnetDecoderBlock
from torch.nn import functional

from models.served_decoder import MANY_FEATURES, DoublingBlock, Interleaving, four_pixels


@pytest.mark.parametrize("columns", [1, 2, 16])
def test_interleaving_is_a_pixel_shuffle(columns: int) -> None:
    features = torch.rand(3, 20, 6, 32)
    assert torch.equal(Interleaving(columns)(features), functional.pixel_shuffle(features, 2))


@torch.no_grad()
@pytest.mark.parametrize("size", [(7, 6), (1, 4), (3, 1)])
def test_four_pixels_see_what_the_enlarged_picture_shows(size: tuple[int, int]) -> None:
    features, weight = torch.rand(2, 5, *size), torch.randn(4, 5, 3, 3)
    enlarged = functional.interpolate(features, scale_factor=2.0, mode="nearest")
    expected = functional.conv2d(enlarged, weight, padding=1)
    near = {"atol": 1e-5, "rtol": 1e-5}
    upper_left, upper_right, lower_left, lower_right = four_pixels(features, weight)
    assert torch.allclose(upper_left, expected[..., ::2, ::2], **near)
    assert torch.allclose(upper_right, expected[..., ::2, 1::2], **near)
    assert torch.allclose(lower_left, expected[..., 1::2, ::2], **near)
    assert torch.allclose(lower_right, expected[..., 1::2, 1::2], **near)


@torch.no_grad()
@pytest.mark.parametrize("skipped", [0, 8])
@pytest.mark.parametrize("features", [MANY_FEATURES, MANY_FEATURES // 2])
def test_a_doubling_block_says_what_the_block_says(features: int, skipped: int) -> None:
    block = UnetDecoderBlock(features, skipped, 12, use_norm=False).eval()
    small = torch.rand(2, features, 5, 7)
    skip = torch.rand(2, skipped, 10, 14) if skipped else None
    expected = block(small, 10, 14, skip_connection=skip)
    found = DoublingBlock(block, features)(small, 10, 14, skip_connection=skip)
    assert torch.allclose(found, expected, atol=1e-5, rtol=1e-5)
