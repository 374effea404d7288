"""What the model card says of the data: every set with its licence and its parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from training.datasets import PROVENANCE
from training.exams import COMPOSITES
from training.phantoms import COUNTS, HEALING_COUNT
from training.sources import COMPOSITES as TRAINED_COMPOSITES
from training.splits import Part, read_split

PARTS: tuple[Part, ...] = ("train", "select", "report")

HEADS = ("Set", "Train", "Select", "Report", "Labels", "Source", "Licence")


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def data_part() -> str:
    """The data sets with their licences and how many photos each part has."""
    return table(HEADS, [*_photographed(), *_made_up()])


def _photographed() -> list[tuple[str, ...]]:
    held = Counter((item.source, item.part) for item in read_split())
    return [
        (name, *(str(held[name, part]) for part in PARTS), entry.labels, entry.title, entry.licence)
        for name, entry in PROVENANCE.items()
    ]


def _made_up() -> list[tuple[str, ...]]:
    rendered = ("ulcer, skin, tissue", "`training/phantoms.py`", "own")
    examined = str(COMPOSITES)
    return [
        ("phantoms", *(str(COUNTS[part]) for part in PARTS), *rendered),
        ("phantoms of much new skin", str(HEALING_COUNT), "–", "–", *rendered),
        (
            "composites",
            f"{TRAINED_COMPOSITES:,}",
            examined,
            examined,
            "ulcer, skin",
            "`training/synthesis.py`",
            "as fuseg and hands",
        ),
    ]
