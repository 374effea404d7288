import numpy as np
import pytest

from training.datasets import LabelledPhoto
from training.distractors import bracelet, distract, glow, moles, nodule, redden, ring, spots, wart


def _finger() -> LabelledPhoto:
    rgb = np.full((200, 220, 3), 235, np.uint8)
    labels = np.zeros((200, 220, 2), np.uint8)
    rgb[60:150, 30:], labels[60:150, 30:, 1] = (200, 160, 140), 1
    return LabelledPhoto(rgb, labels)


@pytest.mark.parametrize("paint", [redden, moles, nodule, wart, ring, glow])
@pytest.mark.parametrize("seed", range(3))
def test_what_is_on_the_skin_changes_the_skin_alone(paint, seed: int) -> None:
    finger = _finger()
    skin = finger.labels[..., 1] == 1
    painted = paint(np.random.default_rng(seed), finger.rgb, skin)
    change = np.abs(painted.astype(int) - finger.rgb).max(axis=2)
    assert change[skin].max() > 5
    assert change[~skin].mean() < 0.5


def test_a_band_lies_on_the_hand_and_some_have_a_dial() -> None:
    finger = _finger()
    skin = finger.labels[..., 1] == 1
    beyond = []
    for seed in range(12):
        change = np.abs(bracelet(np.random.default_rng(seed), finger.rgb, skin).astype(int) - finger.rgb)
        assert (change.max(axis=2)[skin] > 20).mean() > 0.02
        beyond.append((np.delete(change, slice(52, 158), axis=0) > 20).any())
    assert 2 <= sum(beyond) <= 10  # a dial is broader than the finger


def test_spots_lie_beside_the_hand() -> None:
    finger = _finger()
    skin = finger.labels[..., 1] == 1
    painted = spots(np.random.default_rng(0), finger.rgb, ~skin)
    assert (painted[skin] == finger.rgb[skin]).all()
    assert (painted[~skin] != finger.rgb[~skin]).any()


def test_distractors_leave_the_labels_and_the_original() -> None:
    finger = _finger()
    before = finger.rgb.copy()
    for seed in range(10):
        assert (distract(np.random.default_rng(seed), finger).labels == finger.labels).all()
    assert (finger.rgb == before).all()


def test_no_skin_no_distractor() -> None:
    blank = LabelledPhoto(np.full((40, 40, 3), 90, np.uint8), np.full((40, 40, 2), 255, np.uint8))
    assert (distract(np.random.default_rng(1), blank).rgb == 90).all()
