"""The life of a timepoint under blinded reading: readers, lock, discordance, adjudication, final.

A timepoint never goes back: a lock cannot be undone, a final is never overwritten. A data manager may reopen
a final one with a reason; reading then begins again as a new round, and the earlier final stays.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from app.domain.errors import CodedError
from app.domain.reading_rules import (
    Category,
    Charter,
    Disagreement,
    Finding,
    check_finding,
    consensus,
    disagreements,
)

ReadState = Literal["queued", "opened", "drafted", "locked"]
TimepointState = Literal["reading", "adjudication", "final"]


@dataclass(frozen=True)
class Read:
    """One reader's part in a round.

    Attributes
    ----------
    reader : str
        Account of the reader.
    state : {"queued", "opened", "drafted", "locked"}
    finding : Finding or None
        The last draft; once locked, the read.
    own : Finding or None
        What stood before the machine's outline was shown.
    """

    reader: str
    state: ReadState = "queued"
    finding: Finding | None = None
    own: Finding | None = None


@dataclass(frozen=True)
class Adjudication:
    """A third opinion on a discordant round.

    Attributes
    ----------
    adjudicator : str
        Account; none of the round's readers.
    state : {"queued", "opened", "drafted", "locked"}
    sides_with : str or None
        The reader whose read was chosen; None when the adjudicator drew.
    finding : Finding or None
        The last draft; once locked, the judgement.
    """

    adjudicator: str
    state: ReadState = "queued"
    sides_with: str | None = None
    finding: Finding | None = None


@dataclass(frozen=True)
class Final:
    """The outcome of a round.

    Attributes
    ----------
    version : int
        The round: 1, and one more for each reopening.
    category : {"open", "closed", "not_assessable"}
    area_mm2 : float or None
        0 when closed, None when not assessable.
    adjudicated : bool
        Whether the two readers had to be judged between.
    """

    version: int
    category: Category
    area_mm2: float | None
    adjudicated: bool


@dataclass(frozen=True)
class Timepoint:
    """One ulcer at one visit, as the reading room knows it.

    Every step returns the timepoint after it, or refuses; what is drawn of it stays as it is.

    Attributes
    ----------
    charter : Charter
        In force when reading began.
    reads : tuple of Read
        Of the round under way: one for each primary reader.
    adjudication : Adjudication or None
        Once the reads are discordant.
    finals : tuple of Final
        Of all rounds, oldest first.
    round : int
        1, and one more for each reopening.
    """

    charter: Charter
    reads: tuple[Read, ...]
    adjudication: Adjudication | None = None
    finals: tuple[Final, ...] = field(default=())
    round: int = 1

    def __post_init__(self) -> None:
        """Refuse a timepoint that could never be blinded: one reader twice, or too few."""
        if len({read.reader for read in self.reads}) != self.charter.readers:
            raise ValueError("a timepoint is read by as many different readers as its charter says")

    @property
    def state(self) -> TimepointState:
        """Where it stands."""
        if self.finals and self.finals[-1].version == self.round:
            return "final"
        return "adjudication" if self.is_read and self.disagreements else "reading"

    @property
    def is_read(self) -> bool:
        """Whether every primary read of this round is locked."""
        return all(read.state == "locked" for read in self.reads)

    @property
    def disagreements(self) -> tuple[Disagreement, ...]:
        """In what the locked reads of this round differ."""
        found = [read.finding for read in self.reads if read.state == "locked" and read.finding is not None]
        pairs = [(one, other) for place, one in enumerate(found) for other in found[place + 1 :]]
        kinds = [kind for one, other in pairs for kind in disagreements(one, other, self.charter)]
        return tuple(dict.fromkeys(kinds))

    def opened(self, reader: str) -> Timepoint:
        """A reader looks at it for the first time; looking again changes nothing."""
        read = self._read(reader)
        return self._with(replace(read, state="opened")) if read.state == "queued" else self

    def drafted(self, reader: str, finding: Finding) -> Timepoint:
        """A reader's draft, complete or not."""
        read = self._unlocked(reader)
        if read.state == "queued":
            raise CodedError("case_not_opened")
        return self._with(replace(read, state="drafted", finding=finding))

    def own_stands(self, reader: str) -> Timepoint:
        """The reader's own finding is kept as it is, and the machine's outline may be shown.

        Raises
        ------
        CodedError
            `machine_outline_hidden` unless the charter shows it at this point; what `check_finding` finds.
        """
        read = self._unlocked(reader)
        if self.charter.machine_outline != "after_own" or read.own is not None:
            raise CodedError("machine_outline_hidden")
        return self._with(replace(read, own=self._complete(read.finding)))

    def locked(self, reader: str) -> Timepoint:
        """The draft becomes the read, for good."""
        read = self._unlocked(reader)
        finding = self._complete(read.finding)
        after = self._with(replace(read, state="locked", finding=finding, own=read.own or finding))
        if not after.is_read or after.disagreements:
            return after
        return after._final(consensus(tuple(read.finding for read in after.reads if read.finding)), False)

    def sent_to(self, adjudicator: str) -> Timepoint:
        """A discordant timepoint gets its adjudicator.

        Raises
        ------
        CodedError
            `not_discordant`; `reader_cannot_adjudicate` one of its own readers.
        """
        if self.state != "adjudication" or self.adjudication is not None:
            raise CodedError("not_discordant")
        if any(read.reader == adjudicator for read in self.reads):
            raise CodedError("reader_cannot_adjudicate")
        return replace(self, adjudication=Adjudication(adjudicator))

    def judging(self, adjudicator: str) -> Timepoint:
        """The adjudicator looks at it for the first time; looking again changes nothing."""
        judged = self._judged(adjudicator)
        if judged.state != "queued":
            return self
        return replace(self, adjudication=replace(judged, state="opened"))

    def chose(self, adjudicator: str, reader: str, confidence: int | None) -> Timepoint:
        """The adjudicator's draft is one of the reads, held with a confidence of their own."""
        finding = self._read(reader).finding
        if finding is None:
            raise CodedError("nothing_drafted")
        return self._judgement(adjudicator, reader, replace(finding, confidence=confidence))

    def drew(self, adjudicator: str, finding: Finding) -> Timepoint:
        """The adjudicator's draft is a finding of their own."""
        return self._judgement(adjudicator, None, finding)

    def judged_lock(self, adjudicator: str) -> Timepoint:
        """The adjudicator's draft becomes the judgement, and the timepoint final."""
        judged = self._unjudged(adjudicator)
        finding = self._complete(judged.finding)
        after = replace(self, adjudication=replace(judged, state="locked", finding=finding))
        return after._final(finding, True)

    def reopened(self, reason: str) -> Timepoint:
        """A new round with the same readers; the earlier final stays.

        Raises
        ------
        CodedError
            `not_final`; `reason_missing` without a reason in words.
        """
        if self.state != "final":
            raise CodedError("not_final")
        if not reason.strip():
            raise CodedError("reason_missing")
        fresh = tuple(Read(read.reader) for read in self.reads)
        return replace(self, reads=fresh, adjudication=None, round=self.round + 1)

    def _judgement(self, adjudicator: str, reader: str | None, finding: Finding) -> Timepoint:
        judged = self._unjudged(adjudicator)
        if judged.state == "queued":
            raise CodedError("case_not_opened")
        return replace(
            self, adjudication=replace(judged, state="drafted", sides_with=reader, finding=finding)
        )

    def _complete(self, finding: Finding | None) -> Finding:
        if finding is None:
            raise CodedError("nothing_drafted")
        check_finding(finding, self.charter)
        return finding

    def _final(self, finding: Finding, adjudicated: bool) -> Timepoint:
        if finding.category is None:
            raise CodedError("category_missing")
        area = {"open": finding.area_mm2, "closed": 0.0, "not_assessable": None}[finding.category]
        final = Final(self.round, finding.category, area, adjudicated)
        return replace(self, finals=(*self.finals, final))

    def _read(self, reader: str) -> Read:
        for read in self.reads:
            if read.reader == reader:
                return read
        raise CodedError("not_found")

    def _unlocked(self, reader: str) -> Read:
        read = self._read(reader)
        if read.state == "locked":
            raise CodedError("case_locked")
        return read

    def _judged(self, adjudicator: str) -> Adjudication:
        if self.adjudication is None or self.adjudication.adjudicator != adjudicator:
            raise CodedError("not_found")
        return self.adjudication

    def _unjudged(self, adjudicator: str) -> Adjudication:
        judged = self._judged(adjudicator)
        if judged.state == "locked":
            raise CodedError("case_locked")
        return judged

    def _with(self, read: Read) -> Timepoint:
        return replace(self, reads=tuple(read if one.reader == read.reader else one for one in self.reads))
