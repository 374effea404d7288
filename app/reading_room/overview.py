"""The data manager's overview: completeness by site and visit, reading progress, agreement of the readers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from app.domain.agreement import agreement
from app.domain.agreement_outlines import Outline
from app.domain.errors import CodedError
from app.domain.identity import Identity
from app.domain.locked_reads import Adjudication, Read
from app.platform.clock import Clock
from app.platform.database import Database, Record
from app.reading_room import overview_store as store
from app.reading_room.agreement_schemas import AgreementOut
from app.reading_room.pictures import Lines, Pictures
from app.reading_room.schemas import ProgressOut, ReaderProgress, VisitProgress
from app.studies.schemas import Protocol, window_of
from app.studies.service import Studies


class Overview:
    """What the data manager sees of the reading room.

    Parameters
    ----------
    database, clock, studies
        As everywhere.
    pictures : Pictures
        Fills outlines.
    """

    def __init__(self, database: Database, clock: Clock, studies: Studies, pictures: Pictures) -> None:
        self._database, self._clock, self._studies, self._pictures = database, clock, studies, pictures

    def progress(self, identity: Identity, study_id: str) -> ProgressOut:
        """How far the reading of a study has come.

        Raises
        ------
        CodedError
            `not_found` when the study is out of reach.
        """
        identity.require("reading:oversee")
        with self._database.read() as connection:
            self._check(store.in_reach(connection, identity.account_id, study_id))
            _, protocol = self._studies.current(connection, identity, study_id)
            expected = _expected(store.study_ulcers(connection, study_id), protocol, self._clock.now().date())
            photographs = store.photographs(connection, study_id)
            cases = store.cases(connection, study_id)
            readable, finals = store.readable(connection, study_id), store.finals(connection, study_id)
            again = store.reopened(connection, study_id)
        judging = len(
            {case.capture_id for case in cases if case.kind == "adjudication" and case.state != "locked"}
        )
        return ProgressOut(
            timepoints=readable,
            reading=readable - finals - judging,
            adjudication=judging,
            final=finals,
            reopened=again,
            visits=_visits(expected, photographs, protocol),
            readers=_readers(cases),
        )

    def agreement(self, identity: Identity, study_id: str) -> AgreementOut:
        """How far the readers of a study agree, on what they have locked so far.

        Raises
        ------
        CodedError
            `not_found` when the study is out of reach.
        """
        identity.require("reading:oversee")
        with self._database.read() as connection:
            self._check(store.in_reach(connection, identity.account_id, study_id))
            cases = store.cases(connection, study_id)
            said = store.said(connection, study_id)
        return AgreementOut.of(agreement(self._reads(said, cases), _adjudications(said, cases)))

    @staticmethod
    def _check(found: bool) -> None:
        if not found:
            raise CodedError("not_found")

    def _reads(self, said: list[Record], cases: list[Record]) -> Iterator[Read]:
        """Locked reads of primary readers, the latest round of each timepoint."""
        labels, latest = _labels(cases), _latest(cases)
        own = {row.code: row for row in said if row.record_kind == "own"}
        for row in said:
            if (
                row.record_kind != "locked"
                or row.kind == "adjudication"
                or row.round != latest[row.capture_id]
            ):
                continue
            first = own.get(row.code)
            yield Read(
                reader=labels[row.account_id],
                case=row.capture_id,
                repeat=row.kind == "repeat",
                category=row.category,
                area_mm2=row.area_mm2 if row.category == "open" else None,
                final=self._outline(row, row.rings),
                first=self._outline(row, first.rings) if first is not None else None,
                machine=self._outline(row, row.machine_rings or []) if first is not None else None,
            )

    def _outline(self, row: Record, rings: Lines) -> Outline | None:
        return Outline.of(self._pictures.mask(row.skin_map_sha256, rings))


def _labels(cases: list[Record]) -> dict[str, str]:
    """A number for each reader: in the order of their random identifiers, so of nothing."""
    accounts = sorted({case.account_id for case in cases if case.kind != "adjudication"})
    return {account: str(number) for number, account in enumerate(accounts, start=1)}


def _latest(cases: list[Record]) -> dict[str, int]:
    """The last round of each timepoint."""
    rounds: dict[str, int] = defaultdict(int)
    for case in cases:
        rounds[case.capture_id] = max(rounds[case.capture_id], case.round)
    return rounds


def _adjudications(said: list[Record], cases: list[Record]) -> list[Adjudication]:
    """Discordant timepoints of the latest round, judged or waiting, whose reads are all locked."""
    labels, latest = _labels(cases), _latest(cases)
    owner = {case.code: case.account_id for case in cases}
    judged = {row.code: row for row in said if row.kind == "adjudication" and row.record_kind == "locked"}
    found = []
    for case in cases:
        if case.kind != "adjudication" or case.round != latest[case.capture_id]:
            continue
        row = judged.get(case.code)
        chosen = labels[owner[row.sides_with]] if row is not None and row.sides_with else None
        found.append(Adjudication(case.capture_id, chosen, signed=row is not None))
    return found


def _expected(found: list[Record], protocol: Protocol, today: date) -> dict[tuple[str, str], int]:
    """Ulcers whose planned visit has come, by site and visit."""
    expected: dict[tuple[str, str], int] = defaultdict(int)
    for ulcer in found:
        for visit in protocol.visits:
            if window_of(ulcer.baseline_on, visit).due_on <= today:
                expected[ulcer.site_code, visit.code] += 1
    return expected


def _visits(
    expected: dict[tuple[str, str], int], photographs: list[Record], protocol: Protocol
) -> list[VisitProgress]:
    known = {(row.site_code, row.visit_code): row for row in photographs}
    order = {visit.code: place for place, visit in enumerate(protocol.visits)}
    places = sorted({*expected, *known}, key=lambda place: (place[0], order.get(place[1], len(order))))
    return [
        VisitProgress(
            site_code=site,
            visit_code=visit,
            expected=expected.get((site, visit), 0),
            received=known[site, visit].received if (site, visit) in known else 0,
            accepted=known[site, visit].accepted if (site, visit) in known else 0,
            read=known[site, visit].read if (site, visit) in known else 0,
        )
        for site, visit in places
    ]


def _readers(cases: list[Record]) -> list[ReaderProgress]:
    labels = _labels(cases)
    mine: dict[str, list[Record]] = defaultdict(list)
    for case in cases:
        if case.account_id in labels and case.kind != "adjudication":
            mine[labels[case.account_id]].append(case)
    return [
        ReaderProgress(reader=label, cases=len(own), locked=sum(case.state == "locked" for case in own))
        for label, own in sorted(mine.items(), key=lambda item: int(item[0]))
    ]
