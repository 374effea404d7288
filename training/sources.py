"""The scenes that training draws from: photographs as they are, and fingers composited or rendered.

`python -m training.sources --phantoms runs/phantoms` makes all made-up scenes beforehand, on every core.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
from numpy.random import default_rng
from rich.progress import track

from training.datasets import LabelledPhoto, PhotoLibrary, default_data_folder
from training.exams import COMPOSITE_SEEDS
from training.kept import KeptScenes
from training.phantoms import PhantomStore
from training.splits import Part, names_of
from training.synthesis import Compositor
from training.transplant import TRANSPLANT_SEED, Transplants

COMPOSITES = 2000
"""Composited fingers that are trained on: each is seen some ten times in a run, never twice alike."""


CLUTTERED = 0.4
"""Share of composited fingers before a cluttered ground: nails are photographed in rooms, where what is red
behind the hand was taken for an ulcer."""


@dataclass(frozen=True)
class Source:
    """Scenes of one kind, by number.

    Attributes
    ----------
    count : int
        How many there are.
    scene : callable
        The scene of a number from 0.
    """

    count: int
    scene: Callable[[int], LabelledPhoto]


def all_sources(library: PhotoLibrary, part: Part, phantoms: Path) -> dict[str, Source]:
    """The sources of a part of the split, by the names of the recipe's shares.

    Parameters
    ----------
    library : PhotoLibrary
        Where photos are read.
    part : Part
        "train", "select" or "report".
    phantoms : Path
        Folder of made-up scenes.
    """

    def photos(source: str) -> Source:
        names = names_of(source, part)
        return Source(len(names), lambda number: library.load(source, names[number]))

    compositor = Compositor(library, names_of("hands", part), names_of("fuseg", part), CLUTTERED)
    seed = COMPOSITE_SEEDS[part]
    composites = KeptScenes(
        phantoms,
        f"composite-{part}-{seed}-{CLUTTERED}",
        lambda number: compositor.compose(default_rng([seed, number])),
        False,
    )
    return {
        **{source: photos(source) for source in ("fuseg", "hands", "nails")},
        "composite": Source(COMPOSITES, composites.scene),
        **_rendered("phantom", "transplant", PhantomStore(phantoms, part), compositor),
        **_rendered("healing", "healing transplant", PhantomStore(phantoms, part, healing=True), compositor),
    }


def _rendered(title: str, filled: str, store: PhantomStore, compositor: Compositor) -> dict[str, Source]:
    """Rendered fingers as they are, and with the ground of real wounds."""
    transplants = KeptScenes(
        store.folder, f"transplant-{store.title}-{TRANSPLANT_SEED}", Transplants(store, compositor), False
    )
    return {title: Source(store.count, store.scene), filled: Source(store.count, transplants.scene)}


_made: dict[str, Source] = {}
"""The sources of a process that makes scenes."""


def _open(data: Path, phantoms: Path) -> None:
    cv2.setNumThreads(1)
    _made.update(all_sources(PhotoLibrary(data), "train", phantoms))


def _make(place: tuple[str, int]) -> None:
    source, number = place
    _made[source].scene(number)


def main() -> None:
    """Make the scenes that are trained on and not there yet."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--data", type=Path, default=default_data_folder())
    parser.add_argument("--phantoms", type=Path, default=Path("runs/phantoms"))
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    folders = (arguments.data, arguments.phantoms)
    sources = all_sources(PhotoLibrary(arguments.data), "train", arguments.phantoms)
    # phantoms first: transplants are made from them
    for name in ("phantom", "healing", "composite", "transplant", "healing transplant"):
        places = [(name, number) for number in range(sources[name].count)]
        with ProcessPoolExecutor(arguments.processes, initializer=_open, initargs=folders) as pool:
            for _ in track(pool.map(_make, places, chunksize=8), f"{name}s", total=len(places)):
                pass


if __name__ == "__main__":
    main()
