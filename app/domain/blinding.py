"""What a reader may receive: an allow-list that is built up, never something fuller that is filtered down."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import asdict, dataclass
from typing import Any

MILLIMETRE_DIGITS = 2
PERCENT_DIGITS = 1
DICE_DIGITS = 3
"""Digits that readers see: a value told in full would tell a hidden repeat from the case that it repeats."""


@dataclass(frozen=True)
class BlindedValues:
    """An area and its healing against the baseline, as far as they may be told.

    Attributes
    ----------
    area_mm2, u_area_mm2 : float or None
        Area and its standard uncertainty; None where not assessable.
    epithelialisation_percent : float or None
        Against the baseline.
    verdict : str or None
        `smaller`, `larger` or `cannot tell`, against the baseline.
    """

    area_mm2: float | None
    u_area_mm2: float | None
    epithelialisation_percent: float | None
    verdict: str | None

    def rounded(self) -> BlindedValues:
        """To what they mean: sixteen digits would be a fingerprint that tells two lists apart or together."""
        return BlindedValues(
            _rounded(self.area_mm2, MILLIMETRE_DIGITS),
            _rounded(self.u_area_mm2, MILLIMETRE_DIGITS),
            _rounded(self.epithelialisation_percent, PERCENT_DIGITS),
            self.verdict,
        )


@dataclass(frozen=True)
class BlindedRead:
    """What the readers concluded, as far as it may be told.

    Attributes
    ----------
    category : str
        `open`, `closed` or `not_assessable`.
    values : BlindedValues
    adjudicated : bool
        Whether the readers had to be judged between.
    agreement : dict
        How they agreed: categories, difference of areas (%), Dice of outlines.
    version : int
        1, and one more each time it was read again.
    charter_version : int
        Version of the protocol under which it was read.
    """

    category: str
    values: BlindedValues
    adjudicated: bool
    agreement: dict[str, Any]
    version: int
    charter_version: int


def blinded_assessment(
    *,
    case_code: str,
    machine: BlindedValues,
    read: BlindedRead | None,
    compared: bool,
    model: str,
    version: str,
) -> dict[str, Any]:
    """Build what a member of the reading committee, or the pipeline, receives of one timepoint.

    Parameters
    ----------
    case_code : str
        Random, made for this account alone; addresses of pictures are made of it and of nothing else.
    machine : BlindedValues
        As the machine measured.
    read : BlindedRead or None
        Once the timepoint is final; its values then are those that count.
    compared : bool
        Whether there is a picture with the baseline's outline.
    model, version : str
        What measured.
    """
    counts = (read.values if read is not None else machine).rounded()
    return {
        "case_code": case_code,
        "status": "read" if read is not None else "measured",
        "source": "readers" if read is not None else "machine",
        "category": read.category if read is not None else None,
        **asdict(counts),
        "machine": asdict(machine.rounded()),
        "adjudicated": read.adjudicated if read is not None else None,
        "agreement": _agreement(read.agreement) if read is not None else None,
        "overlay_url": f"/v1/assessments/{case_code}/overlay",
        "comparison_url": f"/v1/assessments/{case_code}/comparison" if compared else None,
        "model": model,
        "version": version,
        "assessment_version": read.version if read is not None else None,
        "charter_version": read.charter_version if read is not None else None,
    }


def _agreement(told: dict[str, Any]) -> dict[str, Any]:
    return {
        "categories_agree": len(set(told["categories"])) == 1,
        "area_difference_percent": _rounded(told.get("area_difference_percent"), PERCENT_DIGITS),
        "dice": _rounded(told.get("dice"), DICE_DIGITS),
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def keyed_hash(secret: bytes, *words: str) -> bytes:
    """HMAC-SHA-256 of words, 32 bytes: as good as random, and nothing to whoever has not the secret."""
    return hmac.new(secret, "\0".join(words).encode(), hashlib.sha256).digest()


def queue_position(secret: bytes, account_id: str, case_code: str) -> str:
    """Place of a case in a reader's queue: a keyed hash, an order that follows from nothing else.

    Returns
    -------
    str
        64 hexadecimal digits; queues are read in their order.
    """
    return keyed_hash(secret, "queue", account_id, case_code).hex()
