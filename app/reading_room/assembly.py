"""Cases made of accepted photographs: who reads them, under which codes, in which order."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from app.audit.service import Trail
from app.domain.blinding import queue_position
from app.domain.case_assembly import chosen_readers, is_repeated, sequential_position
from app.domain.identity import SYSTEM
from app.platform.clock import Clock
from app.platform.database import Connection, Database, Record
from app.platform.ids import new_id
from app.reading_room import store
from app.studies.service import Studies


class Assembly:
    """Makes cases.

    Parameters
    ----------
    database, clock, trail, studies
        As everywhere.
    secret : bytes
        Key of everything that is drawn.
    """

    def __init__(
        self, database: Database, clock: Clock, trail: Trail, studies: Studies, secret: bytes
    ) -> None:
        self._database, self._clock, self._trail = database, clock, trail
        self._studies, self._secret = studies, secret
        self._seen: dict[str, int] = {}

    def unseen(self, connection: Connection, account_id: str) -> dict[str, int]:
        """The account's studies of which photographs changed since this process last looked, and their mark.

        Readers ask for their next case many times a second: where nothing has changed, one look-up in an
        index says so.
        """
        latest = store.latest_changes(connection, account_id)
        return {study: seq for study, seq in latest.items() if self._seen.get(study) != seq}

    def catch_up(self, unseen: dict[str, int]) -> None:
        """Make cases of whatever became readable in these studies."""
        with self._database.read() as connection:
            behind = [study for study in unseen if store.unassembled(connection, study)]
        unread = {study_id for study_id in behind if not self._assemble(study_id)}
        # Noted only now: had assembling failed, or were there no readers yet, the next request tries again.
        self._seen |= {study: seq for study, seq in unseen.items() if study not in unread}

    def _assemble(self, study_id: str) -> bool:
        """Whether there was somebody to read."""
        with self._database.write() as connection:
            store.lock_study(connection, study_id)
            readers = store.people(connection, study_id, "reader")
            now = self._clock.now()
            rows = [
                row
                for capture in store.unassembled(connection, study_id)
                for row in self._cases(study_id, capture, readers, now)
            ]
            if not rows:
                return bool(readers)
            # Rows too are stored in random order: not even their place in a file follows the visits.
            secrets.SystemRandom().shuffle(rows)
            store.insert_cases(connection, rows)
            self._trail.record(
                connection,
                SYSTEM,
                "cases.assembled",
                ("study", study_id),
                study_id=study_id,
                after={"cases": len(rows), "timepoints": len({row["capture_id"] for row in rows})},
            )
        return True

    def _cases(
        self, study_id: str, capture: Record, readers: list[str], now: datetime
    ) -> list[dict[str, Any]]:
        charter = self._studies.protocol(study_id, capture.protocol_version).reading_charter
        chosen = chosen_readers(self._secret, capture.id, 1, readers, charter.readers_per_case)
        rows = []
        for reader in chosen:
            repeated = is_repeated(self._secret, reader, capture.id, charter.hidden_repeats_percent)
            for kind in ("primary", "repeat") if repeated else ("primary",):
                rows.append(self.case(study_id, capture, reader, kind, 1, now))
        return rows

    def case(
        self, study_id: str, capture: Record, account_id: str, kind: str, round_: int, now: datetime
    ) -> dict[str, Any]:
        """One case, not stored yet.

        Parameters
        ----------
        study_id : str
        capture : Record
            With its `id`, `ulcer_id`, `visit_code` and `protocol_version`.
        account_id : str
            Whose it is.
        kind : str
            `primary`, `repeat` or `adjudication`.
        round_ : int
            One more than there were reopenings.
        now : datetime
        """
        protocol, code = self._studies.protocol(study_id, capture.protocol_version), new_id()
        visit = protocol.visit(capture.visit_code)
        position = queue_position(self._secret, account_id, code)
        if protocol.reading_charter.sequence == "locked_sequential" and kind != "adjudication":
            day = visit.day if visit is not None else 0
            position = sequential_position(self._secret, account_id, capture.ulcer_id, day)
        return {
            "code": code,
            "study_id": study_id,
            "account_id": account_id,
            "capture_id": capture.id,
            "kind": kind,
            "round": round_,
            "protocol_version": capture.protocol_version,
            "position": position,
            "state": "queued",
            "sides": None,
            "assembled_at": now,
        }
