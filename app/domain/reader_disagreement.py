"""The Reader Disagreement Index: how often the adjudicator sided against a reader."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.agreement_estimates import Estimate, share

FEWEST_READERS = 3
"""Of two readers neither can lie beyond mean and standard deviation of both."""


@dataclass(frozen=True)
class Record:
    """One reader's part in a study.

    Attributes
    ----------
    label : str
        Of the reader.
    read : int
        Cases that the reader and another one have read and that are not waiting for the adjudicator.
    adjudicated : int
        Of these, decided by the adjudicator.
    against : int
        Of these, decided otherwise than this reader read: for the other one, or by an outline drawn anew.
    """

    label: str
    read: int
    adjudicated: int
    against: int


@dataclass(frozen=True)
class Disagreement:
    """One reader's index.

    Attributes
    ----------
    label : str
        Of the reader.
    index : Estimate
        Share of all cases read in which the adjudicator sided against this reader; Wilson's interval.
    of_adjudicated : Estimate
        The same as a share of adjudicated cases: 1 less the adjudicator agreement rate.
    others : float or None
        Index of all other readers together; None without any.
    stands_out : bool or None
        Whether the index lies more than one standard deviation above the readers' mean; None with fewer than
        three readers, or where one has no case yet.
    """

    label: str
    index: Estimate
    of_adjudicated: Estimate
    others: float | None
    stands_out: bool | None


def reader_disagreement(records: Sequence[Record]) -> tuple[Disagreement, ...]:
    """The index of every reader, in the order given.

    Notes
    -----
    RDI = cases in which the adjudicator disagreed with the reader / all cases read (Sharma et al. 2019, J
    Clin Oncol 37 suppl e18082). Above mean + 1 SD a reader is an outlier there and in Proc SPIE 11316, 2020
    (10.1117/12.2549980); of three equal readers one is in half of all studies. Of all cases read, not of the
    adjudicated ones: a reader who is seldom adjudicated but then overruled does less harm than one who is
    overruled often. An outline drawn anew counts against both readers; this is our choice, for in those
    trials the adjudicator takes one of two.

    Raises
    ------
    ValueError
        If a record's numbers do not nest.
    """
    indices = [share(record.against, record.read) for record in records]
    limit = _limit([estimate.value for estimate in indices])
    return tuple(
        Disagreement(
            record.label,
            index,
            share(record.against, record.adjudicated),
            _others(records, record),
            None if limit is None or index.value is None else index.value > limit,
        )
        for record, index in zip(records, indices, strict=True)
    )


def _limit(indices: Sequence[float | None]) -> float | None:
    known = [index for index in indices if index is not None]
    if len(known) < FEWEST_READERS or len(known) < len(indices):
        return None
    return statistics.fmean(known) + statistics.stdev(known)


def _others(records: Sequence[Record], own: Record) -> float | None:
    others = [record for record in records if record is not own]
    read = sum(record.read for record in others)
    return sum(record.against for record in others) / read if read else None
