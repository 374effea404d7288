"""Rows to the domain's timepoint: what the reading rules are asked about."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.domain.reading_rules import Charter, Finding
from app.domain.timepoint import Adjudication, Final, Read, Timepoint
from app.platform.database import Connection, Record
from app.reading_room import store


@dataclass(frozen=True)
class Desk:
    """A timepoint on its way, with the rows behind it.

    Attributes
    ----------
    timepoint : Timepoint
        As the rules see it; of a hidden repeat, a timepoint of one reader.
    cases : dict of str to Record
        Cases of the round by code.
    said : dict of str to list of Record
        Records of each case, oldest first.
    """

    timepoint: Timepoint
    cases: dict[str, Record]
    said: dict[str, list[Record]]

    def last(self, code: str) -> Record | None:
        """What was said last of a case."""
        return self.said[code][-1] if self.said[code] else None

    def reads(self) -> list[Record]:
        """Cases of the primary readers, in the order of their codes."""
        return [case for case in self.cases.values() if case.kind == "primary"]


def load(connection: Connection, case: Record, charter: Charter) -> Desk:
    """The timepoint that a case belongs to."""
    round_ = case.round
    rows = [row for row in store.cases_of(connection, case.capture_id, round_) if _concerns(row, case)]
    cases = {row.code: row for row in rows}
    said: dict[str, list[Record]] = {code: [] for code in cases}
    for record in store.records(connection, list(cases)):
        said[record.code].append(record)
    if case.kind == "repeat":
        alone = replace(charter, readers=1)
        return Desk(Timepoint(alone, (_read(case, said[case.code]),), round=round_), cases, said)
    finals = tuple(
        Final(row.version, row.category, row.area_mm2, row.adjudicated)
        for row in store.finals(connection, case.capture_id)
        if row.version <= round_
    )
    reads = tuple(_read(row, said[row.code]) for row in rows if row.kind == "primary")
    judged = next((row for row in rows if row.kind == "adjudication"), None)
    adjudication = _adjudication(judged, said[judged.code], cases) if judged is not None else None
    return Desk(Timepoint(charter, reads, adjudication, finals, round_), cases, said)


def _concerns(row: Record, case: Record) -> bool:
    """A repeat is read for itself; the others of its timepoint do not know of it."""
    return bool(row.code == case.code if case.kind == "repeat" else row.kind != "repeat")


def finding_of(record: Record) -> Finding:
    """What a record says."""
    return Finding(record.category, record.area_mm2, record.reason, record.confidence)


def _read(case: Record, said: list[Record]) -> Read:
    own = next((finding_of(record) for record in said if record.kind == "own"), None)
    finding = finding_of(said[-1]) if said else None
    return Read(case.account_id, case.state, finding, own or (finding if case.state == "locked" else None))


def _adjudication(case: Record, said: list[Record], cases: dict[str, Record]) -> Adjudication:
    if not said:
        return Adjudication(case.account_id, case.state)
    chosen = cases[said[-1].sides_with].account_id if said[-1].sides_with else None
    return Adjudication(case.account_id, case.state, chosen, finding_of(said[-1]))
