import numpy as np
import pytest
import torch

from training.looks import look


def _crops(count: int = 6) -> torch.Tensor:
    rng = np.random.default_rng(0)
    smooth = rng.uniform(0.2, 0.8, (count, 3, 1, 1)) * np.linspace(0.6, 1, 64)[None, None, None, :]
    return torch.from_numpy(np.broadcast_to(smooth, (count, 3, 64, 64)).astype(np.float32).copy())


@pytest.mark.parametrize("seed", range(6))
def test_looks_stay_pictures_and_repeat(seed: int) -> None:
    crops = _crops()
    one, again = (look(np.random.default_rng(seed), crops) for _ in range(2))
    assert one.shape == crops.shape
    assert torch.equal(one, again)
    assert float(one.min()) >= 0
    assert float(one.max()) <= 1


def test_each_crop_has_a_look_of_its_own() -> None:
    crops = _crops(1).expand(12, -1, -1, -1)
    looks = look(np.random.default_rng(3), crops)
    means = looks.mean(dim=(2, 3)).numpy()
    assert len(np.unique(means.round(4), axis=0)) > 6


def test_the_given_crops_are_left_as_they_were() -> None:
    crops = _crops()
    before = crops.clone()
    look(np.random.default_rng(1), crops)
    assert torch.equal(crops, before)
