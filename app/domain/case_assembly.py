"""Who reads what, in which order, cut how: drawn from a secret, so that nothing of it can be derived.

Everything here is a keyed hash (HMAC-SHA-256): the same secret gives the same answer on every machine, and
without it neither the readers of a timepoint, nor its place in a queue, nor which cases are repeats can be
told from dates, sites, subjects or the order of arrival.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.blinding import keyed_hash

CROP_PX = 48
"""Most pixels that are cut from a side of the picture: 2.4 mm of the 4 mm of card that it shows round the
digit."""

LARGEST_CROP_SHARE = 0.08
"""Of the picture's width or height, where that is less."""

DIGEST_STEPS = 1 << 32
"""Values of the four bytes of a digest that make a number."""


@dataclass(frozen=True)
class Crop:
    """Pixels cut from the sides of a picture."""

    left: int
    top: int
    right: int
    bottom: int


def _share(secret: bytes, *words: str) -> float:
    """A number from 0 to 1, as good as random."""
    return int.from_bytes(keyed_hash(secret, *words)[:4], "big") / DIGEST_STEPS


def chosen_readers(secret: bytes, capture_id: str, round_: int, readers: list[str], wanted: int) -> list[str]:
    """The readers of a timepoint: `wanted` of those there are, each equally often over many timepoints.

    Returns
    -------
    list of str
        In the order of nothing; empty when there are fewer readers than wanted.
    """
    if len(readers) < wanted:
        return []
    return sorted(readers, key=lambda reader: keyed_hash(secret, "reader", capture_id, str(round_), reader))[
        :wanted
    ]


def is_repeated(secret: bytes, account_id: str, capture_id: str, percent: float) -> bool:
    """Whether a reader reads a timepoint a second time without knowing."""
    return _share(secret, "repeat", account_id, capture_id) < percent / 100


def sequential_position(secret: bytes, account_id: str, ulcer_id: str, day: int) -> str:
    """Place of a case where an ulcer's visits follow each other: ulcers in random order, visits by day."""
    return f"{keyed_hash(secret, 'queue', account_id, ulcer_id).hex()[:56]}{day + 100_000:08d}"


def crop_of(secret: bytes, code: str, height: int, width: int) -> Crop:
    """What is cut from each side of a case's picture, so that a repeat neither looks nor weighs the same."""
    drawn = keyed_hash(secret, "crop", code)
    most = [min(CROP_PX, int(LARGEST_CROP_SHARE * side)) for side in (width, height, width, height)]
    cut = [
        int.from_bytes(drawn[4 * place : 4 * place + 4], "big") * (limit + 1) // DIGEST_STEPS
        for place, limit in enumerate(most)
    ]
    return Crop(*cut)


def first_is_a(secret: bytes, code: str) -> bool:
    """Whether an adjudicator sees the first of two reads as A."""
    return _share(secret, "side", code) < 0.5  # noqa: PLR2004  (a coin)
