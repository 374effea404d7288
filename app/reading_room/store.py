"""Cases, what was said of them, signatures, assessments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.platform.database import Record
from app.platform.reach import whole_studies, whole_study_in_reach
from app.platform.standing import FINAL_STANDS, MEASUREMENT_STANDS
from app.platform.tables import (
    accounts,
    assessments,
    captures,
    measurements,
    memberships,
    read_healings,
    reading_cases,
    reading_records,
    reopenings,
    signatures,
    studies,
    subjects,
    ulcers,
)

_OF_CASES = (captures.c.id, captures.c.ulcer_id, captures.c.visit_code, captures.c.protocol_version)
"""What cases are made of."""

_readable = sa.and_(
    captures.c.accepted, captures.c.state == "measured", measurements.c.skin_map_sha256.is_not(None)
)


def studies_of(connection: Connection, account_id: str) -> list[str]:
    """Studies that the account belongs to as a whole."""
    return list(connection.scalars(whole_studies(account_id)))


def people(connection: Connection, study_id: str, role: str) -> list[str]:
    """Accounts of a role that belong to the whole study."""
    query = (
        sa.select(accounts.c.id)
        .join(memberships, memberships.c.account_id == accounts.c.id)
        .where(accounts.c.role == role, memberships.c.study_id == study_id, memberships.c.site_id.is_(None))
        .order_by(accounts.c.id)
    )
    return list(connection.scalars(query))


def lock_study(connection: Connection, study_id: str) -> None:
    """Let nobody else assemble this study's cases until the transaction ends."""
    connection.execute(sa.select(studies.c.id).where(studies.c.id == study_id).with_for_update())


def unassembled(connection: Connection, study_id: str) -> list[Record]:
    """Readable timepoints that have no cases yet."""
    query = (
        sa.select(*_OF_CASES)
        .join(ulcers, captures.c.ulcer_id == ulcers.c.id)
        .join(subjects, ulcers.c.subject_id == subjects.c.id)
        .join(measurements, MEASUREMENT_STANDS)
        .where(
            _readable,
            subjects.c.study_id == study_id,
            ~sa.exists().where(reading_cases.c.capture_id == captures.c.id),
        )
    )
    return list(connection.execute(query))


def insert_cases(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Store cases."""
    connection.execute(sa.insert(reading_cases), rows)


def _mine(account_id: str | sa.BindParameter[str]) -> sa.ColumnElement[bool]:
    return sa.and_(
        reading_cases.c.account_id == account_id, whole_study_in_reach(account_id, reading_cases.c.study_id)
    )


_ME = sa.bindparam("me", type_=sa.String)
"""Whose queue it is. Statements of the queue are written once, for nothing else is asked as often: to put one
together takes longer than to have it answered."""

_SEEN = whole_studies(_ME).add_columns(sa.select(sa.func.max(captures.c.changed_seq)).scalar_subquery())

_COUNTS = (
    sa.select(reading_cases.c.state, sa.func.count(), sa.func.min(reading_cases.c.position))
    .where(_mine(_ME))
    .group_by(reading_cases.c.state)
)

_AHEAD = (
    sa.select(reading_cases.c.code, reading_cases.c.state)
    .where(
        _mine(_ME),
        sa.or_(
            reading_cases.c.state.in_(("opened", "drafted")),
            sa.and_(
                reading_cases.c.state == "queued", reading_cases.c.position == sa.bindparam("first_queued")
            ),
        ),
    )
    .order_by(reading_cases.c.position, reading_cases.c.code)
)


@dataclass(frozen=True)
class Queue:
    """An account's queue.

    Attributes
    ----------
    counts : dict of str to int
        How many cases are in each state.
    next_code : str or None
        The first case that is not locked.
    started : list of str
        Codes of cases that were opened and are not locked, in the order of the queue.
    """

    counts: dict[str, int]
    next_code: str | None
    started: list[str]


def latest_changes(connection: Connection, account_id: str) -> dict[str, int]:
    """Number of the last event that changed a photograph, for each study that the account belongs to."""
    return {row[0]: row[1] or 0 for row in connection.execute(_SEEN, {"me": account_id})}


def queue(connection: Connection, account_id: str) -> Queue:
    """The account's queue: where it stands, and with which cases it goes on."""
    states = connection.execute(_COUNTS, {"me": account_id}).all()
    first_queued = next((row[2] for row in states if row[0] == "queued"), None)
    counts = {row[0]: row[1] for row in states}
    if set(counts) <= {"locked"}:
        return Queue(counts, None, [])
    ahead = connection.execute(_AHEAD, {"me": account_id, "first_queued": first_queued}).all()
    return Queue(counts, ahead[0].code, [row.code for row in ahead if row.state != "queued"])


def case(connection: Connection, account_id: str, code: str) -> Record | None:
    """One case of the account with what it is read on."""
    query = (
        sa.select(
            reading_cases,
            captures.c.ulcer_id,
            captures.c.visit_code,
            measurements.c.reading_sha256,
            measurements.c.skin_map_sha256,
            measurements.c.machine_rings,
        )
        .join(captures, reading_cases.c.capture_id == captures.c.id)
        .join(measurements, MEASUREMENT_STANDS)
        .where(_mine(account_id), reading_cases.c.code == code)
    )
    return connection.execute(query).one_or_none()


def capture(connection: Connection, capture_id: str) -> Record:
    """What cases are made of."""
    return connection.execute(sa.select(*_OF_CASES).where(captures.c.id == capture_id)).one()


def within_reach(connection: Connection, account_id: str, capture_id: str) -> str | None:
    """Study of a capture, if the account belongs to that study as a whole."""
    query = (
        sa.select(subjects.c.study_id)
        .join(ulcers, ulcers.c.subject_id == subjects.c.id)
        .join(captures, captures.c.ulcer_id == ulcers.c.id)
        .where(captures.c.id == capture_id, whole_study_in_reach(account_id, subjects.c.study_id))
    )
    study_id: str | None = connection.scalar(query)
    return study_id


def earlier_unlocked(connection: Connection, row: Record) -> bool:
    """Whether the account has an unlocked case of the same ulcer before this one in its queue."""
    other = captures.alias()
    query = (
        sa.select(reading_cases.c.code)
        .join(other, reading_cases.c.capture_id == other.c.id)
        .where(
            reading_cases.c.account_id == row.account_id,
            reading_cases.c.position < row.position,
            reading_cases.c.state != "locked",
            other.c.ulcer_id == row.ulcer_id,
        )
        .limit(1)
    )
    return connection.execute(query).first() is not None


def unjudged(connection: Connection, study_id: str) -> list[Record]:
    """One primary case of each round that is read to the end, but neither concluded nor given to a judge."""
    others = reading_cases.alias()
    same_round = sa.and_(
        others.c.capture_id == reading_cases.c.capture_id, others.c.round == reading_cases.c.round
    )
    pending = sa.and_(same_round, others.c.kind == "primary", others.c.state != "locked")
    judged = sa.and_(same_round, others.c.kind == "adjudication")
    concluded = sa.and_(
        assessments.c.capture_id == reading_cases.c.capture_id,
        assessments.c.version == reading_cases.c.round,
    )
    query = (
        sa.select(
            sa.func.min(reading_cases.c.code).label("code"),
            reading_cases.c.capture_id,
        )
        .where(
            reading_cases.c.kind == "primary",
            reading_cases.c.study_id == study_id,
            ~sa.exists().where(pending),
            ~sa.exists().where(judged),
            ~sa.exists().where(concluded),
        )
        .group_by(reading_cases.c.capture_id, reading_cases.c.round)
        .subquery()
    )
    first = reading_cases.alias()
    return list(
        connection.execute(
            sa.select(first.c.code, first.c.account_id, first.c.capture_id).join(
                query, query.c.code == first.c.code
            )
        )
    )


def lock_capture(connection: Connection, capture_id: str) -> None:
    """Let nobody else decide on this timepoint until the transaction ends."""
    connection.execute(sa.select(captures.c.id).where(captures.c.id == capture_id).with_for_update())


def round_of(connection: Connection, capture_id: str) -> int:
    """The round under way: one more than there were reopenings."""
    query = sa.select(sa.func.count()).select_from(reopenings).where(reopenings.c.capture_id == capture_id)
    return 1 + connection.scalars(query).one()


def cases_of(connection: Connection, capture_id: str, round_: int) -> list[Record]:
    """Cases of a timepoint in a round, whoever's."""
    query = sa.select(reading_cases).where(
        reading_cases.c.capture_id == capture_id, reading_cases.c.round == round_
    )
    return list(connection.execute(query.order_by(reading_cases.c.code)))


def records(connection: Connection, codes: list[str]) -> list[Record]:
    """Everything that was said of cases, oldest first."""
    query = sa.select(reading_records).where(reading_records.c.code.in_(codes))
    return list(connection.execute(query.order_by(reading_records.c.number)))


def finals(connection: Connection, capture_id: str) -> list[Record]:
    """Assessments of a timepoint, oldest first."""
    query = sa.select(assessments).where(assessments.c.capture_id == capture_id)
    return list(connection.execute(query.order_by(assessments.c.version)))


def current_finals(connection: Connection, ulcer_id: str) -> list[Record]:
    """Final reads of an ulcer's accepted captures that were not reopened, with their healing so far."""
    query = (
        sa.select(
            assessments,
            captures.c.visit_code,
            captures.c.protocol_version.label("capture_protocol_version"),
            subjects.c.study_id,
            measurements.c.footprint_sha256,
            measurements.c.skin_map_sha256,
            read_healings.c.baseline_assessment_id,
        )
        .join(captures, assessments.c.capture_id == captures.c.id)
        .join(ulcers, captures.c.ulcer_id == ulcers.c.id)
        .join(subjects, ulcers.c.subject_id == subjects.c.id)
        .join(measurements, MEASUREMENT_STANDS)
        .outerjoin(read_healings, read_healings.c.assessment_id == assessments.c.id)
        .where(
            captures.c.ulcer_id == ulcer_id,
            captures.c.accepted,
            FINAL_STANDS,
        )
    )
    return list(connection.execute(query))


def locked_records(connection: Connection, codes: list[str]) -> list[Record]:
    """The locked record of each case."""
    query = sa.select(reading_records).where(
        reading_records.c.code.in_(codes), reading_records.c.kind == "locked"
    )
    return list(connection.execute(query))


def put_healing(connection: Connection, **values: Any) -> None:
    """Store a final's healing in place of an earlier one."""
    connection.execute(
        sa.delete(read_healings).where(read_healings.c.assessment_id == values["assessment_id"])
    )
    connection.execute(sa.insert(read_healings).values(**values))


def touch_capture(connection: Connection, capture_id: str, seq: int) -> None:
    """Note the event that changed what a series says of a capture."""
    connection.execute(sa.update(captures).where(captures.c.id == capture_id).values(changed_seq=seq))


def update_case(connection: Connection, code: str, **values: Any) -> None:
    """Change a case's state."""
    connection.execute(sa.update(reading_cases).where(reading_cases.c.code == code).values(**values))


def insert_record(connection: Connection, **values: Any) -> None:
    """Store what was said."""
    connection.execute(sa.insert(reading_records).values(**values))


def insert_signature(connection: Connection, **values: Any) -> None:
    """Store a signature."""
    connection.execute(sa.insert(signatures).values(**values))


def insert_assessment(connection: Connection, **values: Any) -> None:
    """Store a final."""
    connection.execute(sa.insert(assessments).values(**values))


def insert_reopening(connection: Connection, **values: Any) -> None:
    """Store why a timepoint is read again."""
    connection.execute(sa.insert(reopenings).values(**values))
