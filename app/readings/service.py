"""Blinded healing assessments: each member of the committee receives its own codes in its own order."""

from __future__ import annotations

import secrets

from app.audit.service import Trail
from app.domain.blinding import BlindedRead, BlindedValues, blinded_assessment, queue_position
from app.domain.errors import CodedError
from app.domain.identity import Identity, actor
from app.platform.blobs import BlobStore
from app.platform.cursor import read_cursor, write_cursor
from app.platform.database import Database, Record
from app.platform.ids import new_id
from app.readings import store
from app.readings.schemas import AssessmentOut, AssessmentPage

PAGE = 200
PICTURES = {"overlay": "overlay_sha256", "comparison": "comparison_sha256"}


class Readings:
    """What the reading committee, and the pipeline that serves it, receive.

    Parameters
    ----------
    database, trail, blobs
        As everywhere.
    secret : bytes
        Key of the queues' order.
    """

    def __init__(self, database: Database, trail: Trail, blobs: BlobStore, secret: bytes) -> None:
        self._database, self._trail, self._blobs, self._secret = database, trail, blobs, secret

    def page(self, identity: Identity, cursor: str | None) -> AssessmentPage:
        """Cases in the account's own order, after the cursor: to the committee those read to the end.

        Raises
        ------
        CodedError
            `forbidden`, `invalid_cursor`.
        """
        identity.require("assessment:read")
        after = read_cursor("assessments", cursor)[0] if cursor else ""
        self._assemble(identity)
        with self._database.read() as connection:
            rows = store.page(
                connection, identity.account_id, after, PAGE, finals_alone=_finals_alone(identity)
            )
        items = [_told(row) for row in rows]
        full = len(rows) == PAGE
        return AssessmentPage(
            items=items, next_cursor=write_cursor("assessments", rows[-1].position) if full else None
        )

    def picture(self, identity: Identity, case_code: str, kind: str) -> bytes:
        """The overlay of a case, or that with the baseline's outline, as pixels and nothing else.

        Raises
        ------
        CodedError
            `not_found` unless the code was made for this account and there is such a picture.
        """
        identity.require("assessment:read")
        with self._database.read() as connection:
            row = store.one(connection, identity.account_id, case_code, finals_alone=_finals_alone(identity))
        sha256 = row._mapping[PICTURES[kind]] if row is not None else None
        if sha256 is None:
            raise CodedError("not_found")
        return self._blobs.get(sha256)

    def _assemble(self, identity: Identity) -> None:
        """Make codes for timepoints that have none for this account yet."""
        with self._database.read() as connection:
            if not store.without_case(connection, identity.account_id):
                return
        with self._database.write() as connection:
            store.lock_account(connection, identity.account_id)
            new = store.without_case(connection, identity.account_id)
            # Rows too are stored in random order: not even their place in a file follows the visits.
            secrets.SystemRandom().shuffle(new)
            rows = [self._case(identity.account_id, capture_id) for capture_id in new]
            if rows:
                store.insert_cases(connection, rows)
                self._trail.record(
                    connection,
                    actor(identity),
                    "cases.assembled",
                    ("account", identity.account_id),
                    after={"count": len(rows)},
                )

    def _case(self, account_id: str, capture_id: str) -> dict[str, str]:
        code = new_id()
        position = queue_position(self._secret, account_id, code)
        return {"code": code, "account_id": account_id, "capture_id": capture_id, "position": position}


def _finals_alone(identity: Identity) -> bool:
    """Whether the account must not see the machine's outline of what it may still have to read or judge."""
    return identity.role != "pipeline"


def _told(row: Record) -> AssessmentOut:
    machine = BlindedValues(row.area_mm2, row.u_area_mm2, row.epithelialisation_percent, row.verdict)
    told = blinded_assessment(
        case_code=row.code,
        machine=machine,
        read=_read(row) if row.category is not None else None,
        compared=row.comparison_sha256 is not None,
        model=row.model,
        version=row.version,
    )
    return AssessmentOut.model_validate(told)


def _read(row: Record) -> BlindedRead:
    return BlindedRead(
        category=row.category,
        values=BlindedValues(
            row.read_area_mm2, row.read_u_area_mm2, row.read_epithelialisation_percent, row.read_verdict
        ),
        adjudicated=row.adjudicated,
        agreement=row.agreement,
        version=row.assessment_version,
        charter_version=row.charter_version,
    )
