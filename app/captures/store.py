"""Captures, their measurements, and healing against the baseline."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.platform.database import Record
from app.platform.reach import in_reach
from app.platform.tables import captures, healings, measurements, subjects, ulcers

UNFINISHED = ("received", "measuring", "failed")

_current = sa.and_(
    measurements.c.capture_id == captures.c.id, measurements.c.algorithm == captures.c.algorithm
)


def _full() -> sa.Select[Any]:
    """A capture with the measurement that counts and its healing."""
    told = [column for column in measurements.c if column.name not in {"id", "capture_id", "algorithm"}]
    return (
        sa.select(
            captures,
            subjects.c.study_id,
            *told,
            healings.c.epithelialisation_percent,
            healings.c.epithelialisation_method,
            healings.c.verdict,
        )
        .join(ulcers, captures.c.ulcer_id == ulcers.c.id)
        .join(subjects, ulcers.c.subject_id == subjects.c.id)
        .outerjoin(measurements, _current)
        .outerjoin(healings, healings.c.capture_id == captures.c.id)
    )


def visible(
    connection: Connection, account_id: str, *, ulcer_id: str | None = None, study_id: str | None = None
) -> list[Record]:
    """Captures of an ulcer or a study within the account's reach, in the order of arrival."""
    query = _full().where(in_reach(account_id, subjects.c.study_id, subjects.c.site_id))
    if ulcer_id is not None:
        query = query.where(captures.c.ulcer_id == ulcer_id)
    if study_id is not None:
        query = query.where(subjects.c.study_id == study_id)
    return list(connection.execute(query.order_by(captures.c.received_at, captures.c.id)))


def visible_one(connection: Connection, account_id: str, capture_id: str) -> Record | None:
    """One capture within the account's reach."""
    query = _full().where(
        captures.c.id == capture_id, in_reach(account_id, subjects.c.study_id, subjects.c.site_id)
    )
    return connection.execute(query).one_or_none()


def by_id(connection: Connection, capture_id: str) -> Record | None:
    """A capture with its study and its ulcer's pose, whoever asks."""
    query = (
        sa.select(captures, subjects.c.study_id, ulcers.c.pose)
        .join(ulcers, captures.c.ulcer_id == ulcers.c.id)
        .join(subjects, ulcers.c.subject_id == subjects.c.id)
        .where(captures.c.id == capture_id)
    )
    return connection.execute(query).one_or_none()


def locked(connection: Connection, capture_id: str) -> Record | None:
    """A capture as it is once nobody else can decide on its ulcer's captures."""
    ulcer_id = connection.scalar(sa.select(captures.c.ulcer_id).where(captures.c.id == capture_id))
    if ulcer_id is None:
        return None
    lock_ulcer(connection, ulcer_id)
    return by_id(connection, capture_id)


def insert(connection: Connection, **values: Any) -> None:
    """Store a capture."""
    connection.execute(sa.insert(captures).values(**values))


def update(connection: Connection, capture_id: str, **values: Any) -> None:
    """Change a capture's state."""
    connection.execute(sa.update(captures).where(captures.c.id == capture_id).values(**values))


def unfinished(connection: Connection) -> list[str]:
    """Captures without a result."""
    query = sa.select(captures.c.id).where(captures.c.state.in_(UNFINISHED)).order_by(captures.c.received_at)
    return list(connection.scalars(query))


def count_unfinished(connection: Connection) -> int:
    """How many captures have no result yet."""
    return connection.scalars(
        sa.select(sa.func.count())
        .select_from(captures)
        .where(captures.c.state.in_(("received", "measuring")))
    ).one()


def lock_ulcer(connection: Connection, ulcer_id: str) -> None:
    """Let no other transaction decide on this ulcer's captures until this one ends."""
    connection.execute(sa.select(ulcers.c.id).where(ulcers.c.id == ulcer_id).with_for_update())


def has_measurement(connection: Connection, capture_id: str, algorithm: str) -> bool:
    """Whether this algorithm has measured the capture."""
    query = sa.select(measurements.c.id).where(
        measurements.c.capture_id == capture_id, measurements.c.algorithm == algorithm
    )
    return connection.execute(query).first() is not None


def insert_measurement(connection: Connection, **values: Any) -> None:
    """Store a measurement; the database refuses a second one of the same capture and algorithm."""
    connection.execute(sa.insert(measurements).values(**values))


def has_accepted(connection: Connection, ulcer_id: str, visit_code: str) -> bool:
    """Whether the visit has its photograph."""
    query = sa.select(captures.c.id).where(
        captures.c.ulcer_id == ulcer_id, captures.c.visit_code == visit_code, captures.c.accepted
    )
    return connection.execute(query).first() is not None


def measured_of_ulcer(connection: Connection, ulcer_id: str) -> list[Record]:
    """The ulcer's measured captures, with the baseline that their healing was computed against."""
    query = (
        sa.select(
            captures.c.id,
            captures.c.visit_code,
            captures.c.accepted,
            measurements.c.area_mm2,
            measurements.c.u_area_mm2,
            measurements.c.footprint_sha256,
            healings.c.baseline_capture_id,
        )
        .join(measurements, _current)
        .outerjoin(healings, healings.c.capture_id == captures.c.id)
        .where(captures.c.ulcer_id == ulcer_id, captures.c.state == "measured")
        .order_by(captures.c.received_at, captures.c.id)
    )
    return list(connection.execute(query))


def put_healing(connection: Connection, capture_id: str, computed_at: datetime, **values: Any) -> None:
    """Store a capture's healing in place of an earlier one."""
    connection.execute(sa.delete(healings).where(healings.c.capture_id == capture_id))
    connection.execute(sa.insert(healings).values(capture_id=capture_id, computed_at=computed_at, **values))
