"""Captures, their measurements, and healing against the baseline."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.platform.database import Record
from app.platform.reach import in_reach
from app.platform.standing import MEASUREMENT_STANDS
from app.platform.tables import captures, healings, measurements, subjects, ulcers

UNFINISHED = ("received", "measuring", "failed")


OWN = {
    name: sa.func.coalesce(healings.c[f"own_{name}"], measurements.c[name]).label(name)
    for name in ("area_mm2", "u_area_mm2", "perimeter_mm")
}
"""What a measurement says of the capture's own ulcer, once that is told from others on the digit."""

HEALING = tuple(
    column
    for column in healings.c
    if column.name not in {"capture_id", "neighbours", "computed_at", *(f"own_{name}" for name in OWN)}
)


def _full() -> sa.Select[Any]:
    """A capture with the measurement that counts and its healing."""
    left_out = {"id", "capture_id", "algorithm", *OWN}
    told = [column for column in measurements.c if column.name not in left_out]
    return (
        sa.select(
            captures,
            subjects.c.study_id,
            *told,
            *OWN.values(),
            *HEALING,
        )
        .join(ulcers, captures.c.ulcer_id == ulcers.c.id)
        .join(subjects, ulcers.c.subject_id == subjects.c.id)
        .outerjoin(measurements, MEASUREMENT_STANDS)
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


def measured_on_digit(connection: Connection, ulcer_id: str) -> list[Record]:
    """Measured captures of the ulcer and of all others on its digit, in the order of arrival.

    Each with the baselines that its healing was computed against.
    """
    mine, ours = ulcers.alias("mine"), ulcers
    same_digit = sa.and_(
        mine.c.id == ulcer_id,
        ours.c.subject_id == mine.c.subject_id,
        ours.c.hand == mine.c.hand,
        ours.c.digit == mine.c.digit,
    )
    query = (
        sa.select(
            captures.c.id,
            captures.c.ulcer_id,
            captures.c.visit_code,
            captures.c.accepted,
            captures.c.taken_at,
            ours.c.phalanx,
            measurements.c.area_mm2,
            measurements.c.u_area_mm2,
            measurements.c.perimeter_mm,
            measurements.c.footprint_sha256,
            measurements.c.overlay_sha256,
            healings.c.baseline_capture_id,
            healings.c.neighbours,
        )
        .join(ours, captures.c.ulcer_id == ours.c.id)
        .join(mine, same_digit)
        .join(measurements, MEASUREMENT_STANDS)
        .outerjoin(healings, healings.c.capture_id == captures.c.id)
        .where(captures.c.state == "measured")
        .order_by(captures.c.received_at, captures.c.id)
    )
    return list(connection.execute(query))


def put_healing(connection: Connection, capture_id: str, computed_at: datetime, **values: Any) -> None:
    """Store a capture's healing in place of an earlier one."""
    connection.execute(sa.delete(healings).where(healings.c.capture_id == capture_id))
    connection.execute(sa.insert(healings).values(capture_id=capture_id, computed_at=computed_at, **values))
