import itertools
from collections import defaultdict

import cv2
import numpy as np

from training.datasets import PhotoLibrary, read_duplicates
from training.splits import NEAR_BITS, assign_parts, group_photos, make_split, perceptual_hash, read_split


def _pattern(seed: int) -> np.ndarray:
    coarse = np.random.default_rng(seed).integers(40, 255, (6, 6, 3)).astype(np.uint8)
    return cv2.resize(coarse, (240, 180), interpolation=cv2.INTER_CUBIC)


def test_the_hash_knows_a_photo_after_compression_reduction_and_padding() -> None:
    photo = _pattern(1)
    _, data = cv2.imencode(".jpg", photo, [cv2.IMWRITE_JPEG_QUALITY, 40])
    smaller = cv2.resize(cv2.imdecode(data, cv2.IMREAD_COLOR), (160, 120), interpolation=cv2.INTER_AREA)
    padded = cv2.copyMakeBorder(smaller, 0, 40, 0, 0, cv2.BORDER_CONSTANT)
    assert (perceptual_hash(photo) != perceptual_hash(padded)).sum() <= NEAR_BITS
    assert (perceptual_hash(photo) != perceptual_hash(_pattern(2))).sum() > NEAR_BITS


def test_groups_hang_together_through_twins_and_near_duplicates() -> None:
    hashes = np.zeros((5, 63), dtype=bool)
    hashes[1, :5] = True  # near 0
    hashes[2:, 20:] = True
    hashes[3, :20] = True
    hashes[4, 40:] = False
    groups = group_photos(hashes, ["a", "b", "c", "d", "e"], {"d": ("b",), "b": ("d",)})
    assert groups[0] == groups[1] == groups[3]
    assert len({groups[0], groups[2], groups[4]}) == 3


def test_a_group_gets_one_part_and_twins_are_trained_on() -> None:
    groups = [number // 2 for number in range(200)]
    parts = assign_parts(groups, {"select": 0.1, "report": 0.2}, trained_on={0, 1})
    assert all(len({parts[2 * group], parts[2 * group + 1]}) == 1 for group in range(100))
    assert parts[:4] == ["train"] * 4
    assert 20 <= parts.count("select") <= 22
    assert 40 <= parts.count("report") <= 42


def test_no_group_of_the_committed_split_straddles() -> None:
    parts = defaultdict(set)
    for item in read_split():
        source = "fuseg" if item.source == "tissue" else item.source  # tissue crops are cut from FUSeg photos
        parts[source, item.group].add(item.part)
    assert parts
    assert all(len(found) == 1 for found in parts.values())


def test_the_committed_split_is_the_one_that_the_data_give(library: PhotoLibrary) -> None:
    made = sorted(make_split(library), key=lambda item: (item.source, item.name))
    assert made == sorted(read_split(), key=lambda item: (item.source, item.name))


def test_neither_twins_nor_near_duplicates_straddle(library: PhotoLibrary) -> None:
    part = {item.name: item.part for item in read_split() if item.source == "fuseg"}
    for name, twins in read_duplicates(library.folder / "fuseg_train" / "duplicates.csv").items():
        assert {part[twin] for twin in twins} == {part[name]} == {"train"}
    names = sorted(part)
    hashes = np.stack([perceptual_hash(library.rgb("fuseg", name)) for name in names])
    near = [
        (first, second)
        for first, second in itertools.combinations(range(len(names)), 2)
        if (hashes[first] != hashes[second]).sum() <= NEAR_BITS
    ]
    assert near
    assert all(part[names[first]] == part[names[second]] for first, second in near)
