import numpy as np

from models.padding import valid_area
from training.datasets import LabelledPhoto, PhotoLibrary, hand_label
from training.labels import UNLABELLED
from training.splits import names_of
from training.synthesis import Compositor, Donor, lay_wound, placeable


def _finger(side_px: int = 300) -> LabelledPhoto:
    rgb = np.full((side_px, side_px, 3), 240, np.uint8)
    labels = np.zeros((side_px, side_px, 4), np.uint8)
    rgb[100:200, 60:], labels[100:200, 60:, 1] = (200, 160, 140), 1
    labels[..., 3] = placeable(labels[..., 1])
    return LabelledPhoto(rgb, labels)


def _donor() -> Donor:
    rows, columns = np.mgrid[0:80, 0:80]
    mask = (np.hypot(rows - 40, columns - 40) < 22).astype(np.uint8)
    rgb = np.full((80, 80, 3), (190, 150, 130), np.uint8)
    rgb[mask == 1] = (150, 20, 20)
    return Donor(rgb, mask)


def test_wounds_lie_on_skin_right_of_the_nails() -> None:
    place = _finger().labels[..., 3]
    assert place[150, 200] == 1
    assert not place[:, :134].any()
    assert not place[:100].any()


def test_a_laid_wound_is_labelled_where_it_is_red() -> None:
    for seed in range(12):
        finger = lay_wound(np.random.default_rng(seed), _finger(), _donor())
        ulcer = finger.labels[..., 0] == 1
        assert ulcer.sum() > 60
        assert (finger.labels[..., 1][ulcer] == 1).all()
        redness = finger.rgb[..., 0].astype(int) - finger.rgb[..., 1]
        assert redness[ulcer].mean() > redness[(finger.labels[..., 1] == 1) & ~ulcer].mean() + 20
        off_the_finger = finger.labels[..., 1] == 0
        assert (finger.rgb[off_the_finger][:, 0] > 170).mean() > 0.97


def test_padding_is_cut_off() -> None:
    rgb = np.zeros((100, 120, 3), np.uint8)
    rgb[:80, 10:90] = 130
    rows, columns = valid_area(rgb)
    assert (rows.start, rows.stop, columns.start, columns.stop) == (0, 80, 10, 90)
    assert valid_area(np.zeros((5, 7, 3), np.uint8)) == (slice(0, 5), slice(0, 7))


def test_spurs_of_a_hand_mask_count_as_unlabelled() -> None:
    mask = np.zeros((300, 400), bool)
    mask[60:200, 150:] = True
    mask[280:284, 100:] = True
    label = hand_label(mask)
    assert (label[280:284, 150:300] == UNLABELLED).all()
    assert label[100, 300] == 1
    assert label[20, 20] == 0


def test_composites_of_the_real_sets(library: PhotoLibrary) -> None:
    compositor = Compositor(library, library.names("hands")[:5], library.names("fuseg")[:20])
    photos = [compositor.compose(np.random.default_rng(seed)) for seed in range(12)]
    assert sum((photo.labels[..., 0] == 1).any() for photo in photos) >= 6
    for photo in photos:
        assert (photo.labels[..., 1][photo.labels[..., 0] == 1] == 1).all()


def test_twins_that_disagree_are_unlabelled_where_they_do(library: PhotoLibrary) -> None:
    label = library.load("fuseg", "0087").labels[..., 0]
    assert (label == UNLABELLED).any()
    assert (label == 1).any()


def test_examined_fingers_are_never_before_a_cluttered_ground(library: PhotoLibrary) -> None:
    hands, wounds = names_of("hands", "select"), names_of("fuseg", "select")
    plain, none = Compositor(library, hands, wounds), Compositor(library, hands, wounds, 0.0)
    always = Compositor(library, hands, wounds, 1.0)
    finger = plain.compose(np.random.default_rng(4))
    assert (finger.rgb == none.compose(np.random.default_rng(4)).rgb).all()
    assert (finger.rgb != always.compose(np.random.default_rng(4)).rgb).any()
