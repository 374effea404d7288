import numpy as np

from training.new_skin import BRIDGED, ISLAND, SMALLEST_PX, new_skin


def _wound(diameter_px: float) -> np.ndarray:
    rows, columns = np.mgrid[0:120, 0:120]
    return (np.hypot(rows - 60, columns - 60) < diameter_px / 2).astype(np.float32)


def test_some_wounds_are_split_and_none_is_closed() -> None:
    wound = _wound(60)
    left_open = [
        float((wound * (1 - new_skin(np.random.default_rng(seed), wound)) > 0.5).sum() / wound.sum())
        for seed in range(200)
    ]
    cut = np.mean(np.array(left_open) < 0.999)
    assert abs(cut - (1 - (1 - BRIDGED) * (1 - ISLAND))) < 0.12
    assert min(left_open) > 0.4


def test_specks_are_left_whole() -> None:
    wound = _wound(0.8 * SMALLEST_PX)
    assert not any(new_skin(np.random.default_rng(seed), wound).any() for seed in range(40))
