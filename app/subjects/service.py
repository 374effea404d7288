"""Enrolling subjects, drawing ulcers on the hand map, and deciding whether they may enter the trial."""

from __future__ import annotations

from app.audit.service import Trail
from app.domain.eligibility import Answers, Reason, reasons_against
from app.domain.errors import CodedError
from app.domain.identity import Identity, actor
from app.platform.clock import Clock
from app.platform.database import Connection, Database, Record
from app.platform.ids import new_id
from app.studies.schemas import Protocol, window_of
from app.studies.service import Studies
from app.subjects import store
from app.subjects.schemas import Eligibility, NewSubject, NewUlcer, SubjectOut, Timepoint, UlcerOut, Unmet

DISTAL_SURFACES = frozenset({"tip"})
"""Ulcers that face distally are photographed with the tip through the card's slot; all others lying flat."""


class Subjects:
    """Subjects and their ulcers.

    Parameters
    ----------
    database, clock, trail, studies
        As everywhere; the studies give the protocols.
    """

    def __init__(self, database: Database, clock: Clock, trail: Trail, studies: Studies) -> None:
        self._database, self._clock, self._trail, self._studies = database, clock, trail, studies

    def enrol(self, identity: Identity, study_id: str, new: NewSubject) -> SubjectOut:
        """Store a subject of one of the account's sites.

        Raises
        ------
        CodedError
            `forbidden`, `not_found` (study or site out of reach), `code_taken`.
        """
        identity.require("subject:create")
        subject_id = new_id()
        with self._database.write() as connection:
            site_id = self._studies.site_id(connection, identity, study_id, new.site_code)
            if store.subject_code_taken(connection, study_id, new.subject_code):
                raise CodedError("code_taken")
            store.insert_subject(
                connection,
                id=subject_id,
                study_id=study_id,
                site_id=site_id,
                code=new.subject_code,
                baseline_on=new.baseline_on,
                created_at=self._clock.now(),
            )
            self._trail.record(
                connection,
                actor(identity),
                "subject.enrolled",
                ("subject", subject_id),
                study_id=study_id,
                after=new.model_dump(mode="json"),
            )
        return SubjectOut(id=subject_id, study_id=study_id, **new.model_dump())

    def subjects(self, identity: Identity, study_id: str) -> list[SubjectOut]:
        """The study's subjects within the account's reach.

        Raises
        ------
        CodedError
            `forbidden`, `not_found` when the study is out of reach.
        """
        identity.require("ulcer:read")
        with self._database.read() as connection:
            self._studies.current(connection, identity, study_id)
            rows = store.visible_subjects(connection, identity.account_id, study_id)
        return [SubjectOut(**row._mapping) for row in rows]

    def subject_id(self, identity: Identity, study_id: str, code: str) -> str:
        """Identifier of the subject of that code.

        Raises
        ------
        CodedError
            `not_found` when it is out of reach.
        """
        identity.require("ulcer:read")
        with self._database.read() as connection:
            found = store.visible_subject_id(connection, identity.account_id, study_id, code)
        if found is None:
            raise CodedError("not_found")
        return found

    def draw_ulcer(self, identity: Identity, subject_id: str, new: NewUlcer) -> UlcerOut:
        """Store an ulcer; an ineligible one is stored too, with the reasons.

        Raises
        ------
        CodedError
            `forbidden`, `not_found`, `code_taken`.
        """
        identity.require("ulcer:create")
        ulcer_id = new_id()
        with self._database.write() as connection:
            subject = store.visible_subject(connection, identity.account_id, subject_id)
            if subject is None:
                raise CodedError("not_found")
            taken = store.ulcer_codes(connection, subject_id)
            code = new.code or next(f"U{n}" for n in range(1, len(taken) + 2) if f"U{n}" not in taken)
            if code in taken:
                raise CodedError("code_taken")
            unmet = _unmet(new.eligibility, new.phalanx)
            store.insert_ulcer(
                connection,
                id=ulcer_id,
                subject_id=subject_id,
                code=code,
                **new.model_dump(include={"hand", "digit", "phalanx", "surface", "side", "onset_on"}),
                pose="tip" if new.surface in DISTAL_SURFACES else "flat",
                eligibility=new.eligibility.model_dump(),
                eligible=not unmet,
                created_at=self._clock.now(),
            )
            self._trail.record(
                connection,
                actor(identity),
                "ulcer.drawn",
                ("ulcer", ulcer_id),
                study_id=subject.study_id,
                after=new.model_dump(mode="json")
                | {"code": code, "eligible": not unmet, "unmet": [reason.code for reason in unmet]},
            )
        with self._database.read() as connection:
            return self.ulcer(connection, identity, ulcer_id)

    def ulcer(self, connection: Connection, identity: Identity, ulcer_id: str) -> UlcerOut:
        """One ulcer.

        Raises
        ------
        CodedError
            `not_found` when it is out of reach.
        """
        row = self.reachable(connection, identity, ulcer_id)
        _, protocol = self._studies.current(connection, identity, row.study_id)
        return _wire(row, protocol, store.shown_captures(connection, [ulcer_id]))

    def ulcers(self, identity: Identity, study_id: str) -> list[UlcerOut]:
        """The study's ulcers within the account's reach."""
        identity.require("ulcer:read")
        with self._database.read() as connection:
            _, protocol = self._studies.current(connection, identity, study_id)
            rows = store.visible_ulcers(connection, identity.account_id, study_id)
            shown = store.shown_captures(connection, [row.id for row in rows])
        return [_wire(row, protocol, shown) for row in rows]

    def reachable(self, connection: Connection, identity: Identity, ulcer_id: str) -> Record:
        """The ulcer's row, with its study, if the account reaches it.

        Raises
        ------
        CodedError
            `not_found` otherwise.
        """
        row = store.visible_ulcer(connection, identity.account_id, ulcer_id)
        if row is None:
            raise CodedError("not_found")
        return row


def _unmet(eligibility: Eligibility, phalanx: str) -> tuple[Reason, ...]:
    return reasons_against(Answers(**eligibility.model_dump()), phalanx)


def _wire(row: Record, protocol: Protocol, shown: dict[tuple[str, str], Record]) -> UlcerOut:
    unmet = _unmet(Eligibility(**row.eligibility), row.phalanx)
    timepoints = []
    for visit in protocol.visits:
        capture, window = shown.get((row.id, visit.code)), window_of(row.baseline_on, visit)
        timepoints.append(
            Timepoint(
                visit_code=visit.code,
                due_on=window.due_on,
                window_from=window.first_on,
                window_to=window.last_on,
                capture_id=capture.id if capture else None,
                state=capture.state if capture else None,
            )
        )
    return UlcerOut(
        id=row.id,
        subject_code=row.subject_code,
        site_code=row.site_code,
        code=row.code,
        hand=row.hand,
        digit=row.digit,
        phalanx=row.phalanx,
        surface=row.surface,
        side=row.side,
        pose=row.pose,
        eligible=row.eligible,
        ineligible_because=[Unmet(code=one.code, fr=one.fr, en=one.en) for one in unmet],
        timepoints=timepoints,
    )
