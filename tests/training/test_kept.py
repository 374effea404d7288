from pathlib import Path

import numpy as np
import pytest

from training.datasets import LabelledPhoto
from training.kept import KeptScenes
from training.labels import UNLABELLED


def _scene(number: int) -> LabelledPhoto:
    rng = np.random.default_rng(number)
    rgb = np.full((40, 56, 3), 150, np.uint8) + rng.integers(0, 9, (40, 56, 1), dtype=np.uint8)
    labels = rng.choice(np.array([0, 1, UNLABELLED], np.uint8), (40, 56, 3))
    return LabelledPhoto(rgb, labels)


@pytest.mark.parametrize("exact", [True, False])
def test_a_scene_is_made_once(tmp_path: Path, exact: bool) -> None:
    made: list[int] = []

    def make(number: int) -> LabelledPhoto:
        made.append(number)
        return _scene(number)

    kept = KeptScenes(tmp_path / "new", "train-1", make, exact)
    first, again = kept.scene(3), kept.scene(3)
    assert made == [3]
    assert (first.rgb == again.rgb).all()
    assert (first.labels == _scene(3).labels).all()
    assert np.abs(first.rgb.astype(int) - _scene(3).rgb).max() <= (0 if exact else 12)


def test_nothing_half_written_is_taken_for_a_scene(tmp_path: Path) -> None:
    def broken(number: int) -> LabelledPhoto:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        KeptScenes(tmp_path, "train-1", broken, False).scene(0)
    assert not list(tmp_path.iterdir())
