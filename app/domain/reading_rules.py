"""What a blinded read must say, when two of them disagree, and what they say together."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from app.domain.errors import CodedError

Category = Literal["open", "closed", "not_assessable"]
MachineOutline = Literal["hidden", "after_own", "shown"]
Disagreement = Literal["category", "area"]

MOST_CONFIDENT = 5
"""Confidence is told on a scale of 1 (a guess) to 5 (certain)."""


@dataclass(frozen=True)
class Charter:
    """The rules that a study was read under.

    Attributes
    ----------
    readers : int
        Primary reads of a timepoint.
    area_limit_percent : float
        Two open reads whose areas differ by more than this share of their mean are discordant.
    reasons : tuple of str
        Why a photograph may be not assessable.
    machine_outline : {"hidden", "after_own", "shown"}
        Never before the lock; once the reader's own outline stands, which is kept as it was; from the start.
    asks_confidence : bool
        Whether a read must say how sure it is.
    """

    readers: int = 2
    area_limit_percent: float = 30.0
    reasons: tuple[str, ...] = ("blurred", "glare", "covered", "wrong_place", "other")
    machine_outline: MachineOutline = "hidden"
    asks_confidence: bool = True


@dataclass(frozen=True)
class Finding:
    """What somebody says of a timepoint.

    Attributes
    ----------
    category : {"open", "closed", "not_assessable"} or None
        None in a draft that does not say yet.
    area_mm2 : float or None
        Behind the drawn outline; None without one.
    reason : str or None
        Why it is not assessable.
    confidence : int or None
        1 to `MOST_CONFIDENT`.
    """

    category: Category | None
    area_mm2: float | None = None
    reason: str | None = None
    confidence: int | None = None


def check_finding(finding: Finding, charter: Charter) -> None:
    """Whether a finding says all that the charter asks, and nothing that contradicts itself.

    Raises
    ------
    CodedError
        `category_missing`, `outline_missing`, `outline_contradicts`, `reason_missing`, `confidence_missing`.
    """
    if finding.category is None:
        raise CodedError("category_missing")
    drawn = finding.area_mm2 is not None and finding.area_mm2 > 0
    if finding.category == "open" and not drawn:
        raise CodedError("outline_missing")
    if finding.category != "open" and drawn:
        raise CodedError("outline_contradicts")
    if finding.category == "not_assessable" and finding.reason not in charter.reasons:
        raise CodedError("reason_missing", {"reasons": list(charter.reasons)})
    told = finding.confidence is not None and 1 <= finding.confidence <= MOST_CONFIDENT
    if charter.asks_confidence and not told:
        raise CodedError("confidence_missing")


def disagreements(first: Finding, second: Finding, charter: Charter) -> tuple[Disagreement, ...]:
    """In what two reads are discordant; nothing when they are concordant.

    Notes
    -----
    Areas are compared against their mean, so that neither reader is the measure of the other.
    """
    if first.category != second.category:
        return ("category",)
    if first.category != "open":
        return ()
    one, other = _area(first), _area(second)
    apart_percent = 100.0 * abs(one - other) / ((one + other) / 2)
    return ("area",) if apart_percent > charter.area_limit_percent else ()


def _area(finding: Finding) -> float:
    if finding.area_mm2 is None:
        raise ValueError("an open read has an area")
    return finding.area_mm2


def consensus(findings: tuple[Finding, ...]) -> Finding:
    """What concordant reads say together: their category; of open ones the mean area."""
    first = findings[0]
    if first.category != "open":
        return replace(first, area_mm2=None)
    return replace(first, area_mm2=sum(_area(finding) for finding in findings) / len(findings))


def consensus_uncertainty(findings: tuple[Finding, ...], u_areas_mm2: tuple[float, ...]) -> float:
    """Standard uncertainty of the mean area of open reads, mm².

    Notes
    -----
    All were drawn on one photograph, so its geometry does not average out; where the border runs does: the
    standard error of the mean of the reads.
    """
    areas = [_area(finding) for finding in findings]
    mean = sum(areas) / len(areas)
    spread = sum((area - mean) ** 2 for area in areas) / max(len(areas) - 1, 1) / len(areas)
    return math.hypot(sum(u_areas_mm2) / len(u_areas_mm2), math.sqrt(spread))
