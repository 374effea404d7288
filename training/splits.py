"""Who is trained on, who chooses, who is reported: groups of one photograph never straddle.

`python -m training.splits` writes splits.csv anew; the committed file is what training and evaluation read.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from models.padding import valid_area
from training.datasets import PhotoLibrary, default_data_folder, read_duplicates

Part = Literal["train", "select", "report"]

SPLIT_FILE = Path(__file__).with_name("splits.csv")

SEED = 20240
"""Seed of the assignment of groups to parts."""

HASH_SIDE = 32
HASH_KEPT = 8
"""The hash: signs of the 8 × 8 lowest cosine coefficients, without the mean, of a 32 × 32 picture."""

NEAR_BITS = 12
"""Photos whose 63-bit hashes differ in at most this many bits count as one group. By eye, pairs up to 12
share a scene or a pose; of all 327,645 pairs 57 lie below, and the count grows tenfold with the next four
bits."""

SHARES: dict[str, dict[Part, float]] = {
    "fuseg": {"select": 0.10, "report": 0.15},
    "hands": {"select": 0.12, "report": 0.16},
    "nails": {"select": 0.15, "report": 0.15},
}
"""Shares of photos for the parts that are not trained on; the rest is trained on."""


@dataclass(frozen=True)
class Assignment:
    """One photo's place: its set, its name, its group, its part."""

    source: str
    name: str
    group: int
    part: Part


def perceptual_hash(rgb: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Hash that hardly changes with size, compression and brightness.

    Parameters
    ----------
    rgb : NDArray[np.uint8], shape (H, W, 3)
        A photo; black padding is left out.

    Returns
    -------
    NDArray[np.bool_], shape (63,)
        Signs of low-frequency cosine coefficients against their median.
    """
    grey = cv2.cvtColor(np.ascontiguousarray(rgb[valid_area(rgb)]), cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (HASH_SIDE, HASH_SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = cv2.dct(small)[:HASH_KEPT, :HASH_KEPT].ravel()[1:]
    return np.asarray(low > np.median(low))


def group_photos(
    hashes: NDArray[np.bool_], names: list[str], twins: dict[str, tuple[str, ...]], near_bits: int = NEAR_BITS
) -> list[int]:
    """Group number of every photo: twins and near-duplicates, and whatever hangs together through them.

    Parameters
    ----------
    hashes : NDArray[np.bool_], shape (n, bits)
        Perceptual hashes, in the order of `names`.
    names : list of str
        Names of the photos.
    twins : dict
        Byte-identical photos of a photo.
    near_bits : int
        Largest number of differing bits within a group.
    """
    index = {name: position for position, name in enumerate(names)}
    parent = list(range(len(names)))

    def root(position: int) -> int:
        while parent[position] != position:
            position = parent[position]
        return position

    differing = (hashes[:, None, :] != hashes[None, :, :]).sum(axis=2)
    for first, second in np.argwhere(np.triu(differing <= near_bits, k=1)):
        parent[root(int(first))] = root(int(second))
    for name, others in twins.items():
        for other in others:
            parent[root(index[name])] = root(index[other])
    return [root(position) for position in range(len(names))]


def assign_parts(
    groups: list[int], shares: dict[Part, float], trained_on: set[int], seed: int = SEED
) -> list[Part]:
    """Give every group to one part.

    Parameters
    ----------
    groups : list of int
        Group of every photo.
    shares : dict
        Wanted share of photos for each part but the training part.
    trained_on : set of int
        Groups that must be trained on.
    seed : int
        Seed of the order in which groups are drawn.
    """
    members: dict[int, int] = defaultdict(int)
    for group in groups:
        members[group] += 1
    order = np.random.default_rng(seed).permutation(sorted(set(members) - trained_on))
    part_of: dict[int, Part] = dict.fromkeys(members, "train")
    position = 0
    for part, share in shares.items():
        filled = 0
        while filled < share * len(groups) and position < len(order):
            part_of[int(order[position])] = part
            filled += members[int(order[position])]
            position += 1
    return [part_of[group] for group in groups]


def make_split(library: PhotoLibrary) -> list[Assignment]:
    """The split of all sets.

    Photos with byte-identical twins are always trained on (with the pixels on which their labels disagree
    left out), because neither label is the truth to report against.
    """
    listing = library.folder / "fuseg_train" / "duplicates.csv"
    assignments = []
    for source, shares in SHARES.items():
        names = library.names(source)
        twins = read_duplicates(listing) if source == "fuseg" else {}
        hashes = np.stack([perceptual_hash(library.rgb(source, name)) for name in names])
        groups = group_photos(hashes, names, twins)
        # hands: one plate, one camera, one photo a person: hashes agree across people, so a photo is a group
        if source == "hands":
            groups = list(range(len(names)))
        twinned = {group for name, group in zip(names, groups, strict=True) if name in twins}
        parts = assign_parts(groups, shares, twinned)
        assignments += [Assignment(source, *row) for row in zip(names, groups, parts, strict=True)]
    return assignments + _tissue(library, assignments)


def _tissue(library: PhotoLibrary, assignments: list[Assignment]) -> list[Assignment]:
    """Tissue crops go where the FUSeg photo is that they were cut from."""
    home = {item.name: item for item in assignments if item.source == "fuseg"}
    with (library.folder / "tissue" / "match.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    matched = [(row["name"], home[row["fuseg_train"]]) for row in rows]
    return [Assignment("tissue", name, photo.group, photo.part) for name, photo in matched]


def write_split(assignments: list[Assignment], path: Path = SPLIT_FILE) -> None:
    """Write the split as CSV, sorted by set and name."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("source", "name", "group", "part"))
        for item in sorted(assignments, key=lambda entry: (entry.source, entry.name)):
            writer.writerow((item.source, item.name, item.group, item.part))


def read_split(path: Path = SPLIT_FILE) -> list[Assignment]:
    """Read the committed split."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Assignment(row["source"], row["name"], int(row["group"]), row["part"])  # type: ignore[arg-type]
            for row in csv.DictReader(file)
        ]


def names_of(source: str, part: Part) -> list[str]:
    """Names of a set's photos in a part, sorted."""
    return [item.name for item in read_split() if item.source == source and item.part == part]


def main() -> None:
    """Write splits.csv and print how many photos each part has."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--data", type=Path, default=default_data_folder())
    assignments = make_split(PhotoLibrary(parser.parse_args().data))
    write_split(assignments)
    for source in (*SHARES, "tissue"):
        parts = [item.part for item in assignments if item.source == source]
        print(source, {part: parts.count(part) for part in ("train", "select", "report")})


if __name__ == "__main__":
    main()
