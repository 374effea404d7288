import cv2
import numpy as np

from training.datasets import PhotoLibrary
from training.labels import CALLUS, FIBRIN, GRANULATION, TISSUES, UNLABELLED
from training.splits import names_of
from training.tissue import lift_tissue, read_tissue_matches


def test_a_crop_is_found_where_it_was_cut() -> None:
    noise = np.random.default_rng(4).integers(0, 256, (30, 30, 3), dtype=np.uint8)
    photo = cv2.resize(noise, (300, 300), interpolation=cv2.INTER_CUBIC)
    small = cv2.resize(photo, None, fx=1 / 1.2, fy=1 / 1.2, interpolation=cv2.INTER_AREA)
    crop, mask = small[40:140, 90:170], np.zeros((100, 80), np.uint8)
    mask[20:60, 10:50] = GRANULATION
    lifted = lift_tissue(photo, crop, mask, 1.2)
    rows, columns = np.nonzero(lifted == GRANULATION)
    assert abs(rows.mean() - 1.2 * (40 + 39.5)) < 1.5
    assert abs(columns.mean() - 1.2 * (90 + 29.5)) < 1.5
    assert (lifted == UNLABELLED).mean() > 0.8


def test_the_tissue_of_real_photos_lies_in_their_wounds(library: PhotoLibrary) -> None:
    crops = read_tissue_matches(library.folder / "tissue" / "match.csv")
    names = [name for name in names_of("fuseg", "report") if name in crops]
    assert names
    labels = [library.load("fuseg", name).labels for name in names]
    wound, tissue = (np.concatenate([label[..., plane].ravel() for label in labels]) for plane in (0, 2))
    assert set(np.unique(tissue)) == {0, *TISSUES, UNLABELLED}
    assert (wound[np.isin(tissue, (FIBRIN, GRANULATION))] == 1).mean() > 0.6  # two groups of annotators
    assert (wound[tissue == CALLUS] == 1).mean() < 0.2
