"""The reading room: what readers and adjudicators do, and what a data manager may undo."""

from __future__ import annotations

from app.audit.service import Trail
from app.domain.errors import CodedError
from app.domain.identity import Identity, actor
from app.platform.blobs import BlobStore
from app.platform.clock import Clock
from app.platform.database import Connection, Database
from app.reading_room import store
from app.reading_room.assembly import Assembly
from app.reading_room.conclusion import Conclusion
from app.reading_room.desks import Desks, OpenCase
from app.reading_room.drafts import Drafts
from app.reading_room.locks import Locks
from app.reading_room.pictures import Pictures
from app.reading_room.schemas import CaseOut, DraftIn, DraftOut, LockOut, OwnIn, QueueOut, SignatureIn
from app.reading_room.views import case_view


class ReadingRoom:
    """The reading room.

    Parameters
    ----------
    database, clock, trail, blobs
        As everywhere.
    assembly, conclusion, desks, drafts, locks, pictures
        Its parts.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        trail: Trail,
        blobs: BlobStore,
        *,
        assembly: Assembly,
        conclusion: Conclusion,
        desks: Desks,
        drafts: Drafts,
        locks: Locks,
        pictures: Pictures,
    ) -> None:
        self._database, self._clock, self._trail, self._blobs = database, clock, trail, blobs
        self._assembly, self._conclusion, self._desks = assembly, conclusion, desks
        self._drafts, self._locks, self._pictures = drafts, locks, pictures

    def queue(self, identity: Identity) -> QueueOut:
        """The account's own progress and its next case."""
        identity.require("case:read")
        with self._database.read() as connection:
            unseen = self._assembly.unseen(connection, identity.account_id)
            queue = store.queue(connection, identity.account_id)
        if unseen or identity.role == "adjudicator":
            self._assembly.catch_up(unseen)
            if identity.role == "adjudicator":
                self._conclusion.send_waiting(identity.account_id)
            with self._database.read() as connection:
                queue = store.queue(connection, identity.account_id)
        return QueueOut(
            total=sum(queue.counts.values()),
            locked=queue.counts.get("locked", 0),
            drafted=queue.counts.get("drafted", 0),
            next_code=queue.next_code,
            started=queue.started,
        )

    def open(self, identity: Identity, code: str) -> CaseOut:
        """Look at a case; its picture and its charter are fixed from the first look on.

        Raises
        ------
        CodedError
            `not_found`; `earlier_visit_first` where visits are read in their order.
        """
        identity.require("case:read")
        with self._database.write() as connection:
            case = self._desks.held(connection, identity, code)
            if case.row.state == "queued":
                self._first_look(connection, identity, case)
                case = self._desks.at(connection, identity, code)
        return self._view(case)

    def case(self, identity: Identity, code: str) -> CaseOut:
        """A case that was opened.

        Raises
        ------
        CodedError
            `not_found`; `case_not_opened`.
        """
        identity.require("case:read")
        with self._database.read() as connection:
            case = self._desks.at(connection, identity, code)
        if case.row.state == "queued":
            raise CodedError("case_not_opened")
        return self._view(case)

    def picture(self, identity: Identity, code: str) -> bytes:
        """The picture of a case that was opened: pixels and nothing else."""
        identity.require("case:read")
        with self._database.read() as connection:
            row = store.case(connection, identity.account_id, code)
        if row is None or row.picture_sha256 is None:
            raise CodedError("not_found")
        return self._blobs.get(row.picture_sha256)

    def draft(self, identity: Identity, code: str, draft: DraftIn) -> DraftOut:
        """Keep a draft: see `Drafts.keep`."""
        identity.require("case:read")
        return self._drafts.keep(identity, code, draft)

    def own_stands(self, identity: Identity, code: str, own: OwnIn) -> CaseOut:
        """Keep the own outline and show the machine's: see `Drafts.own_stands`."""
        identity.require("case:read")
        return self._drafts.own_stands(identity, code, own)

    def lock(self, identity: Identity, code: str, signature: SignatureIn) -> LockOut:
        """Sign: see `Locks.lock`."""
        identity.require("case:read")
        lock = self._locks.lock(identity, code, signature)
        with self._database.read() as connection:
            following = store.queue(connection, identity.account_id).next_code
        return LockOut(code=code, **vars(lock), next_code=following)

    def reopen(self, identity: Identity, capture_id: str, reason: str) -> int:
        """Have a final timepoint read again by the same readers; the earlier final stays. The new round.

        Raises
        ------
        CodedError
            `not_found` out of reach; `not_final`; `reason_missing`.
        """
        identity.require("case:reopen")
        with self._database.write() as connection:
            study_id = store.within_reach(connection, identity.account_id, capture_id)
            if study_id is None:
                raise CodedError("not_found")
            store.lock_capture(connection, capture_id)
            round_ = store.round_of(connection, capture_id)
            primary = [
                case for case in store.cases_of(connection, capture_id, round_) if case.kind == "primary"
            ]
            if not primary:
                raise CodedError("not_final")
            again = self._desks.laid_out(connection, primary[0]).desk.timepoint.reopened(reason)
            now, capture = self._clock.now(), store.capture(connection, capture_id)
            store.insert_reopening(
                connection, capture_id=capture_id, round=again.round, reason=reason,
                account_id=identity.account_id, reopened_at=now,
            )  # fmt: skip
            fresh = [
                self._assembly.case(study_id, capture, read.reader, "primary", again.round, now)
                for read in again.reads
            ]
            store.insert_cases(connection, fresh)
            self._trail.record(
                connection, actor(identity), "timepoint.reopened", ("capture", capture_id),
                study_id=study_id, before={"round": round_},
                after={"round": again.round, "cases": [case["code"] for case in fresh]}, reason=reason,
            )  # fmt: skip
        return again.round

    def _first_look(self, connection: Connection, identity: Identity, case: OpenCase) -> None:
        row, timepoint = case.row, case.desk.timepoint
        if case.charter.sequence == "locked_sequential" and store.earlier_unlocked(connection, row):
            raise CodedError("earlier_visit_first")
        look = timepoint.judging if case.is_judgement else timepoint.opened
        look(identity.account_id)
        crop, sha256 = self._pictures.cut(row.reading_sha256, row.code)
        store.update_case(
            connection, row.code, state="opened", opened_at=self._clock.now(), crop=vars(crop),
            picture_sha256=sha256,
        )  # fmt: skip
        after = {"state": "opened", "picture_sha256": sha256, "protocol_version": row.protocol_version}
        self._desks.record(connection, identity, case, "case.opened", after)

    def _view(self, case: OpenCase) -> CaseOut:
        return case_view(case, self._pictures.size(case.row.skin_map_sha256, case.row.crop))
