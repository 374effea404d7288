"""Locked reads and adjudications, as the statistics take them from the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.agreement_categories import Category
from app.domain.agreement_outlines import Outline

READERS_OF_A_DECISION = 2
"""An adjudicator decides between two readers at least."""


@dataclass(frozen=True)
class Read:
    """One locked read.

    Attributes
    ----------
    reader : str
        Label that stands for the reader on the page, "1", "2" and so on: never a name.
    case : str
        Key of the timepoint; the same for all its readers and for a hidden repeat. It leaves this module
        nowhere.
    repeat : bool
        Whether this was the reader's second look at the case, unknown to the reader.
    category : {"open", "not_assessable", "closed"}
        As called.
    area_mm2 : float or None
        Of the final outline; positive where the ulcer is open, else left aside.
    final, first, machine : Outline or None
        The outline that was locked, the reader's own before the machine's was shown, and the machine's; None
        where there is none, or where nothing lies inside.
    """

    reader: str
    case: str
    repeat: bool
    category: Category
    area_mm2: float | None = None
    final: Outline | None = None
    first: Outline | None = None
    machine: Outline | None = None


@dataclass(frozen=True)
class Adjudication:
    """A discordant case.

    Attributes
    ----------
    case : str
        As in `Read`.
    chosen : str or None
        Label of the reader whose read was taken; None when the adjudicator drew anew.
    signed : bool
        False while it waits for the adjudicator: it then counts as adjudicated, but not for or against
        anyone.
    """

    case: str
    chosen: str | None
    signed: bool = True


Cases = Mapping[str, Mapping[str, Read]]
"""Reads by case and reader."""


def by_case(reads: Iterable[Read]) -> tuple[Cases, Cases]:
    """First reads and repeats, each by case and reader.

    Raises
    ------
    ValueError
        If a reader has two first reads or two repeats of a case, or if the area of an open ulcer is not
        positive.
    """
    first: dict[str, dict[str, Read]] = {}
    repeats: dict[str, dict[str, Read]] = {}
    for read in reads:
        known = (repeats if read.repeat else first).setdefault(read.case, {})
        if read.reader in known:
            raise ValueError("a reader reads a case once, and repeats it once")
        if read.category == "open" and read.area_mm2 is not None and not read.area_mm2 > 0:
            raise ValueError("an open ulcer has a positive area")
        known[read.reader] = read
    return first, repeats


def by_key(adjudications: Iterable[Adjudication], first: Cases) -> Mapping[str, Adjudication]:
    """Adjudications by case.

    Raises
    ------
    ValueError
        If a case has two, has not been read by two readers, or was decided for someone who has not read it.
    """
    decided: dict[str, Adjudication] = {}
    for adjudication in adjudications:
        case = first.get(adjudication.case, {})
        if adjudication.case in decided:
            raise ValueError("a case is adjudicated once")
        if len(case) < READERS_OF_A_DECISION or adjudication.chosen not in {None, *case}:
            raise ValueError("an adjudicator decides between the readers of a case")
        decided[adjudication.case] = adjudication
    return decided
