"""Noting what a nurse saw beside the photographs, and why a visit was outside its window."""

from __future__ import annotations

from datetime import UTC

from app.audit.service import Trail
from app.domain.errors import CodedError
from app.domain.identity import Identity, actor
from app.domain.visit_window import lacks_reason
from app.platform.clock import Clock
from app.platform.database import Database, Record
from app.studies.schemas import Protocol, window_of
from app.studies.service import Studies
from app.subjects.service import Subjects
from app.visits import store
from app.visits.schemas import VisitNote, VisitNoteOut


class Visits:
    """Visit notes.

    Parameters
    ----------
    database, clock, trail, studies, subjects
        As everywhere.
    """

    def __init__(
        self, database: Database, clock: Clock, trail: Trail, studies: Studies, subjects: Subjects
    ) -> None:
        self._database, self._clock, self._trail = database, clock, trail
        self._studies, self._subjects = studies, subjects

    def note(self, identity: Identity, note_id: str, note: VisitNote) -> tuple[VisitNoteOut, bool]:
        """Store a note under an identifier of the sender's making.

        Returns
        -------
        note : VisitNoteOut
            As stored.
        new : bool
            False when the same note had been received before.

        Raises
        ------
        CodedError
            `forbidden`, `not_found` (ulcer out of reach), `note_id_taken`, `unknown_visit`,
            `question_not_asked`, `reason_needed`.
        """
        identity.require("visit:record")
        with self._database.write() as connection:
            ulcer = self._subjects.reachable(connection, identity, note.ulcer_id)
            store.lock_ulcer(connection, note.ulcer_id)
            known = store.by_id(connection, note_id)
            if known is not None:
                return _same(known, note), False
            version, protocol = self._studies.current(connection, identity, ulcer.study_id)
            _check(note, protocol, ulcer)
            values = note.model_dump() | {
                "taken_at": note.taken_at.astimezone(UTC),
                "taken_on": note.taken_at.date(),
            }
            seq = self._trail.record(
                connection,
                actor(identity),
                "visit.noted",
                ("visit_note", note_id),
                study_id=ulcer.study_id,
                after=note.model_dump(mode="json") | {"protocol_version": version},
            )
            now = self._clock.now()
            store.insert(
                connection,
                id=note_id,
                **values,
                protocol_version=version,
                recorded_at=now,
                recorded_by=identity.account_id,
                seq=seq,
            )
        return VisitNoteOut(id=note_id, **values, recorded_at=now), True

    def notes(self, identity: Identity, ulcer_id: str) -> list[VisitNoteOut]:
        """The notes of an ulcer that count: of each visit the last one received.

        Raises
        ------
        CodedError
            `forbidden`, `not_found` when the ulcer is out of reach.
        """
        identity.require("visit:read")
        with self._database.read() as connection:
            self._subjects.reachable(connection, identity, ulcer_id)
            return [_wire(row) for row in store.counting(connection, ulcer_id)]


def _check(note: VisitNote, protocol: Protocol, ulcer: Record) -> None:
    visit = protocol.visit(note.visit_code)
    if visit is None:
        raise CodedError("unknown_visit")
    unasked = note.answered - set(protocol.capture.visit_questions)
    if unasked:
        raise CodedError("question_not_asked", {"questions": sorted(unasked)})
    window = window_of(ulcer.baseline_on, visit)
    if lacks_reason(window, note.taken_at.date(), note.out_of_window_reason):
        raise CodedError(
            "reason_needed",
            {"window_from": window.first_on.isoformat(), "window_to": window.last_on.isoformat()},
        )


def _same(known: Record, note: VisitNote) -> VisitNoteOut:
    stored = _wire(known)
    if VisitNote(**stored.model_dump(include=set(VisitNote.model_fields))) != note:
        raise CodedError("note_id_taken")
    return stored


def _wire(row: Record) -> VisitNoteOut:
    return VisitNoteOut(**{name: row._mapping[name] for name in VisitNoteOut.model_fields})
