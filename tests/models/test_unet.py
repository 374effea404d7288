import pytest
import torch

from models.unet import CHANNELS, NORMALISATIONS, Architecture, UNet

SMALL = (32, 24, 16, 16)


@torch.no_grad()
def test_the_normalisation_is_part_of_the_network() -> None:
    torch.manual_seed(1)
    lite = UNet(Architecture(decoder_channels=SMALL, normalisation="tensorflow")).eval()
    other = UNet(Architecture(decoder_channels=SMALL)).eval()
    other.load_state_dict(lite.state_dict())  # the weights do not say it
    rgb = torch.rand(1, 3, 64, 96)
    mean, std = (torch.tensor(values)[:, None, None] for values in NORMALISATIONS["imagenet"])
    assert not torch.allclose(other(rgb), lite(rgb), atol=1e-4)
    assert torch.allclose(other(rgb), lite((rgb - mean) / std * 0.5 + 0.5), atol=1e-4)


@pytest.mark.parametrize("encoder", ["mobilenet_v2", "tu-tiny_vit_5m_224"])
@torch.no_grad()
def test_other_encoders_end_at_the_pictures_own_scale(encoder: str) -> None:
    network = UNet(Architecture(encoder, SMALL, "imagenet")).eval()
    assert network(torch.rand(1, 3, 64, 96)).shape == (1, len(CHANNELS), 64, 96)
