"""Subjects and ulcers."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.platform.database import Record
from app.platform.reach import in_reach
from app.platform.tables import captures, sites, subjects, ulcers


def insert_subject(connection: Connection, **values: Any) -> None:
    """Store a subject."""
    connection.execute(sa.insert(subjects).values(**values))


def subject_code_taken(connection: Connection, study_id: str, code: str) -> bool:
    """Whether the study has a subject of that code."""
    query = sa.select(subjects.c.id).where(subjects.c.study_id == study_id, subjects.c.code == code)
    return connection.execute(query).first() is not None


def visible_subject_id(connection: Connection, account_id: str, study_id: str, code: str) -> str | None:
    """Identifier of the subject of that code, within the account's reach."""
    found: str | None = connection.scalar(
        sa.select(subjects.c.id).where(
            subjects.c.study_id == study_id,
            subjects.c.code == code,
            in_reach(account_id, subjects.c.study_id, subjects.c.site_id),
        )
    )
    return found


def visible_subjects(connection: Connection, account_id: str, study_id: str) -> list[Record]:
    """Subjects of a study within the account's reach, by site and code."""
    query = (
        sa.select(
            subjects.c.id,
            subjects.c.study_id,
            sites.c.code.label("site_code"),
            subjects.c.code.label("subject_code"),
            subjects.c.baseline_on,
        )
        .join(sites, subjects.c.site_id == sites.c.id)
        .where(subjects.c.study_id == study_id, in_reach(account_id, subjects.c.study_id, subjects.c.site_id))
        .order_by(sites.c.code, subjects.c.code)
    )
    return list(connection.execute(query))


def visible_subject(connection: Connection, account_id: str, subject_id: str) -> Record | None:
    """A subject within the account's reach, locked."""
    query = (
        sa.select(subjects)
        .where(subjects.c.id == subject_id, in_reach(account_id, subjects.c.study_id, subjects.c.site_id))
        .with_for_update()
    )
    return connection.execute(query).one_or_none()


def ulcer_codes(connection: Connection, subject_id: str) -> set[str]:
    """Codes of a subject's ulcers."""
    return set(connection.scalars(sa.select(ulcers.c.code).where(ulcers.c.subject_id == subject_id)))


def insert_ulcer(connection: Connection, **values: Any) -> None:
    """Store an ulcer."""
    connection.execute(sa.insert(ulcers).values(**values))


def _with_place() -> sa.Select[Any]:
    return (
        sa.select(
            ulcers,
            subjects.c.code.label("subject_code"),
            subjects.c.baseline_on,
            subjects.c.study_id,
            sites.c.code.label("site_code"),
        )
        .join(subjects, ulcers.c.subject_id == subjects.c.id)
        .join(sites, subjects.c.site_id == sites.c.id)
    )


def visible_ulcers(connection: Connection, account_id: str, study_id: str) -> list[Record]:
    """Ulcers of a study within the account's reach."""
    query = (
        _with_place()
        .where(subjects.c.study_id == study_id, in_reach(account_id, subjects.c.study_id, subjects.c.site_id))
        .order_by(sites.c.code, subjects.c.code, ulcers.c.code)
    )
    return list(connection.execute(query))


def visible_ulcer(connection: Connection, account_id: str, ulcer_id: str) -> Record | None:
    """One ulcer within the account's reach."""
    query = _with_place().where(
        ulcers.c.id == ulcer_id, in_reach(account_id, subjects.c.study_id, subjects.c.site_id)
    )
    return connection.execute(query).one_or_none()


def shown_captures(connection: Connection, ulcer_ids: list[str]) -> dict[tuple[str, str], Record]:
    """By ulcer and visit: the accepted photograph, else the last one received."""
    query = (
        sa.select(captures.c.ulcer_id, captures.c.visit_code, captures.c.id, captures.c.state)
        .where(captures.c.ulcer_id.in_(ulcer_ids))
        .order_by(captures.c.accepted, captures.c.received_at)
    )
    return {(row.ulcer_id, row.visit_code): row for row in connection.execute(query)}
