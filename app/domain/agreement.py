"""How far the readers of a study agree: every statistic of the data manager's page, from locked reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from app.domain.agreement_areas import AreaAgreement, AreaRepeats, area_agreement, area_repeats
from app.domain.agreement_categories import CategoryAgreement, category_agreement
from app.domain.agreement_outlines import (
    DiceAgreement,
    MachineShift,
    Redrawing,
    dice_agreement,
    machine_shift,
)
from app.domain.locked_reads import Adjudication, Cases, Read, by_case, by_key
from app.domain.p_chart import PChart, Sample, p_chart
from app.domain.reader_disagreement import Disagreement, Record, reader_disagreement


@dataclass(frozen=True)
class PairAgreement:
    """Two readers on the cases that both read.

    Attributes
    ----------
    readers : (str, str)
        Their labels; differences and ratios are the first one's against the second one's.
    categories : CategoryAgreement
        Over all these cases.
    areas : AreaAgreement
        Over those that both called open.
    outlines : DiceAgreement
        Over those that both called open.
    """

    readers: tuple[str, str]
    categories: CategoryAgreement
    areas: AreaAgreement
    outlines: DiceAgreement


@dataclass(frozen=True)
class OwnAgreement:
    """One reader against that reader's own other reads and outlines.

    Attributes
    ----------
    reader : str
        Label.
    repeat_categories : CategoryAgreement
        First read against hidden repeat.
    repeat_areas : AreaRepeats
        Of the repeats called open both times.
    shift : MachineShift
        From own first outline to final one, toward the machine's; repeats included, for they are reads too.
    """

    reader: str
    repeat_categories: CategoryAgreement
    repeat_areas: AreaRepeats
    shift: MachineShift


@dataclass(frozen=True)
class Agreement:
    """Everything that the data manager's page tells of readers.

    Attributes
    ----------
    cases : int
        Read by two readers at least.
    pairs : tuple of PairAgreement
        Every two readers with a case in common.
    own : tuple of OwnAgreement
        One for each reader.
    adjudication : PChart
        Share of each reader's cases that went to the adjudicator.
    disagreement : tuple of Disagreement
        One for each reader.
    """

    cases: int
    pairs: tuple[PairAgreement, ...]
    own: tuple[OwnAgreement, ...]
    adjudication: PChart
    disagreement: tuple[Disagreement, ...]


def agreement(reads: Iterable[Read], adjudications: Iterable[Adjudication]) -> Agreement:
    """Every statistic of a study's reads.

    Parameters
    ----------
    reads : iterable of Read
        Locked ones, in any order, the valid version of each; may be a generator, for masks need not be held.
    adjudications : iterable of Adjudication
        Of the discordant cases, one each.

    Notes
    -----
    Readers are compared on their first reads; a case that one of two has not read is left out for these two.
    Intervals take cases for independent: where a subject gives several, they are somewhat too narrow.

    Raises
    ------
    ValueError
        If a reader has two first reads or two repeats of a case, a case two adjudications; if a case was
        adjudicated that two readers have not read, or for a reader who has not read it; if the area of an
        open ulcer is not positive.
    """
    first, repeats = by_case(reads)
    decided = by_key(adjudications, first)
    readers = sorted(
        {label for case in first.values() for label in case}, key=lambda label: (len(label), label)
    )
    complete = {key: case for key, case in first.items() if len(case) > 1}
    return Agreement(
        cases=len(complete),
        pairs=_pairs(readers, first),
        own=tuple(_own(label, first, repeats) for label in readers),
        adjudication=p_chart([_sample(label, complete, decided) for label in readers]),
        disagreement=reader_disagreement([_record(label, complete, decided) for label in readers]),
    )


def _pairs(readers: Sequence[str], first: Cases) -> tuple[PairAgreement, ...]:
    found = []
    for one, other in combinations(readers, 2):
        both = [(case[one], case[other]) for case in first.values() if one in case and other in case]
        if both:
            found.append(_pair((one, other), both))
    return tuple(found)


def _pair(readers: tuple[str, str], both: Sequence[tuple[Read, Read]]) -> PairAgreement:
    outlines = [(one.final, other.final) for one, other in both if one.category == other.category == "open"]
    return PairAgreement(
        readers,
        category_agreement((one.category, other.category) for one, other in both),
        area_agreement(*_areas(both)),
        dice_agreement([(one, other) for one, other in outlines if one is not None and other is not None]),
    )


def _own(reader: str, first: Cases, repeats: Cases) -> OwnAgreement:
    again = [
        (first[key][reader], case[reader])
        for key, case in repeats.items()
        if reader in case and reader in first.get(key, {})
    ]
    return OwnAgreement(
        reader,
        category_agreement((one.category, other.category) for one, other in again),
        area_repeats(*_areas(again)),
        machine_shift(_redrawings(reader, first, repeats)),
    )


def _redrawings(reader: str, *reads: Cases) -> list[Redrawing]:
    own = (case[reader] for cases in reads for case in cases.values() if reader in case)
    return [
        Redrawing(read.first, read.machine, read.final)
        for read in own
        if read.first is not None and read.machine is not None and read.final is not None
    ]


def _areas(both: Sequence[tuple[Read, Read]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of the cases called open by both reads, areas known."""
    known = [
        (one.area_mm2, other.area_mm2)
        for one, other in both
        if one.category == other.category == "open"
        and one.area_mm2 is not None
        and other.area_mm2 is not None
    ]
    table = np.array(known, np.float64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _record(reader: str, complete: Cases, decided: Mapping[str, Adjudication]) -> Record:
    signed = {key: decision for key, decision in decided.items() if decision.signed}
    own = {key for key, case in complete.items() if reader in case}
    read = [key for key in own if key in signed or key not in decided]
    adjudicated = [key for key in read if key in signed]
    against = sum(signed[key].chosen != reader for key in adjudicated)
    return Record(reader, len(read), len(adjudicated), against)


def _sample(reader: str, complete: Cases, decided: Mapping[str, Adjudication]) -> Sample:
    own = [key for key, case in complete.items() if reader in case]
    return Sample(reader, sum(key in decided for key in own), len(own))
