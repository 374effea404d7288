"""Cases on the desk: found within reach, held against others, and their steps written down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.audit.service import Trail
from app.domain.errors import CodedError
from app.domain.identity import Identity, actor
from app.platform.database import Connection, Record
from app.reading_room import store
from app.reading_room.timepoints import Desk, load
from app.studies.schemas import ReadingCharter
from app.studies.service import Studies

REPEATED = ("category", "reason", "confidence", "tissue", "rings", "area_mm2", "u_area_mm2", "sides_with")


@dataclass(frozen=True)
class OpenCase:
    """A case: its row, its charter, and the timepoint that it belongs to."""

    row: Record
    charter: ReadingCharter
    desk: Desk

    @property
    def is_judgement(self) -> bool:
        """Whether it is an adjudicator's."""
        return bool(self.row.kind == "adjudication")

    @property
    def last(self) -> Record | None:
        """What was said of it last."""
        return self.desk.last(self.row.code)

    def latest(self) -> Record:
        """The same, where there must be something.

        Raises
        ------
        CodedError
            `nothing_drafted`.
        """
        if self.last is None:
            raise CodedError("nothing_drafted")
        return self.last


class Desks:
    """Finds cases and writes down what happens to them.

    Parameters
    ----------
    trail, studies
        As everywhere.
    """

    def __init__(self, trail: Trail, studies: Studies) -> None:
        self._trail, self._studies = trail, studies

    def at(self, connection: Connection, identity: Identity, code: str) -> OpenCase:
        """A case of the account.

        Raises
        ------
        CodedError
            `not_found` when it is not the account's.
        """
        row = store.case(connection, identity.account_id, code)
        if row is None:
            raise CodedError("not_found")
        return self.laid_out(connection, row)

    def laid_out(self, connection: Connection, row: Record) -> OpenCase:
        """A case's row with its charter and its timepoint."""
        charter = self._studies.protocol(row.study_id, row.protocol_version).reading_charter
        return OpenCase(row, charter, load(connection, row, charter.rules()))

    def held(self, connection: Connection, identity: Identity, code: str) -> OpenCase:
        """The same once nobody else can decide on its timepoint until the transaction ends."""
        store.lock_capture(connection, self.at(connection, identity, code).row.capture_id)
        return self.at(connection, identity, code)

    def record(
        self,
        connection: Connection,
        identity: Identity,
        case: OpenCase,
        action: str,
        after: dict[str, Any],
        reason: str | None = None,
    ) -> int:
        """Leave one event of what was done to a case; its number."""
        return self._trail.record(
            connection, actor(identity), action, ("case", case.row.code),
            study_id=case.row.study_id, before={"state": case.row.state}, after=after, reason=reason,
        )  # fmt: skip


def last_is(record: Record, number: int | None) -> None:
    """Make sure that what was said last is what its reader has before their eyes.

    Raises
    ------
    CodedError
        `draft_is_older` when another was kept meanwhile.
    """
    if number not in {None, record.number}:
        raise CodedError("draft_is_older", {"number": record.number})


def said_again(record: Record) -> dict[str, Any]:
    """What a record says, to be said again."""
    return {name: record._mapping[name] for name in REPEATED}
