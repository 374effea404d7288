"""What the data manager's page counts: photographs by site and visit, cases by state, locked reads."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.platform.database import Record
from app.platform.reach import whole_study_in_reach
from app.platform.standing import FINAL_STANDS, MEASUREMENT_STANDS
from app.platform.tables import (
    assessments,
    captures,
    measurements,
    reading_cases,
    reading_records,
    reopenings,
    signatures,
    sites,
    studies,
    subjects,
    ulcers,
)


def in_reach(connection: Connection, account_id: str, study_id: str) -> bool:
    """Whether the account belongs to the whole of the study."""
    query = sa.select(studies.c.id).where(
        studies.c.id == study_id, whole_study_in_reach(account_id, studies.c.id)
    )
    return connection.execute(query).first() is not None


def study_ulcers(connection: Connection, study_id: str) -> list[Record]:
    """Ulcers of a study with their site and baseline day."""
    query = (
        sa.select(ulcers.c.id, sites.c.code.label("site_code"), subjects.c.baseline_on)
        .join(subjects, ulcers.c.subject_id == subjects.c.id)
        .join(sites, subjects.c.site_id == sites.c.id)
        .where(subjects.c.study_id == study_id)
    )
    return list(connection.execute(query))


def photographs(connection: Connection, study_id: str) -> list[Record]:
    """Per site and visit: timepoints with a photograph, with an accepted one, and read to the end."""
    final = sa.exists().where(assessments.c.capture_id == captures.c.id, FINAL_STANDS)
    query = (
        sa.select(
            sites.c.code.label("site_code"),
            captures.c.visit_code,
            sa.func.count(sa.distinct(captures.c.ulcer_id)).label("received"),
            _count(captures.c.accepted).label("accepted"),
            _count(sa.and_(captures.c.accepted, final)).label("read"),
        )
        .join(ulcers, captures.c.ulcer_id == ulcers.c.id)
        .join(subjects, ulcers.c.subject_id == subjects.c.id)
        .join(sites, subjects.c.site_id == sites.c.id)
        .where(subjects.c.study_id == study_id)
        .group_by(sites.c.code, captures.c.visit_code)
    )
    return list(connection.execute(query))


def _count(condition: Any) -> Any:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def readable(connection: Connection, study_id: str) -> int:
    """Accepted timepoints that can be read."""
    query = (
        sa.select(sa.func.count())
        .select_from(captures)
        .join(ulcers, captures.c.ulcer_id == ulcers.c.id)
        .join(subjects, ulcers.c.subject_id == subjects.c.id)
        .join(measurements, MEASUREMENT_STANDS)
        .where(
            subjects.c.study_id == study_id,
            captures.c.accepted,
            measurements.c.skin_map_sha256.is_not(None),
        )
    )
    return connection.scalars(query).one()


def finals(connection: Connection, study_id: str) -> int:
    """Timepoints read to the end and not reopened since."""
    query = (
        sa.select(sa.func.count(sa.distinct(assessments.c.capture_id)))
        .join(reading_cases, reading_cases.c.capture_id == assessments.c.capture_id)
        .where(reading_cases.c.study_id == study_id, FINAL_STANDS)
    )
    return connection.scalars(query).one()


def reopened(connection: Connection, study_id: str) -> int:
    """Reopenings."""
    ours = sa.exists().where(
        reading_cases.c.capture_id == reopenings.c.capture_id, reading_cases.c.study_id == study_id
    )
    return connection.scalars(sa.select(sa.func.count()).select_from(reopenings).where(ours)).one()


def cases(connection: Connection, study_id: str) -> list[Record]:
    """All cases of a study."""
    query = sa.select(
        reading_cases.c.code,
        reading_cases.c.account_id,
        reading_cases.c.capture_id,
        reading_cases.c.kind,
        reading_cases.c.round,
        reading_cases.c.state,
    ).where(reading_cases.c.study_id == study_id)
    return list(connection.execute(query))


def seals(connection: Connection, study_id: str) -> list[Record]:
    """Every locked record of a study with its signature, if it has one."""
    query = (
        sa.select(
            reading_records,
            reading_cases.c.capture_id,
            signatures.c.content,
            signatures.c.sha256,
            signatures.c.key_id,
            signatures.c.signature,
        )
        .join(reading_cases, reading_records.c.code == reading_cases.c.code)
        .outerjoin(signatures, signatures.c.record_id == reading_records.c.id)
        .where(reading_cases.c.study_id == study_id, reading_records.c.kind == "locked")
        .order_by(reading_records.c.recorded_at, reading_records.c.id)
    )
    return list(connection.execute(query))


def said(connection: Connection, study_id: str) -> list[Record]:
    """Own and locked records of a study's locked cases, with what they were drawn on, case by case."""
    query = (
        sa.select(
            reading_records.c.code,
            reading_records.c.kind.label("record_kind"),
            reading_records.c.category,
            reading_records.c.area_mm2,
            reading_records.c.rings,
            reading_records.c.sides_with,
            reading_cases.c.account_id,
            reading_cases.c.capture_id,
            reading_cases.c.kind,
            reading_cases.c.round,
            measurements.c.machine_rings,
            measurements.c.skin_map_sha256,
        )
        .join(reading_cases, reading_records.c.code == reading_cases.c.code)
        .join(captures, reading_cases.c.capture_id == captures.c.id)
        .join(measurements, MEASUREMENT_STANDS)
        .where(
            reading_cases.c.study_id == study_id,
            reading_cases.c.state == "locked",
            reading_records.c.kind.in_(("own", "locked")),
        )
        .order_by(reading_records.c.code, reading_records.c.number)
    )
    return list(connection.execute(query))
