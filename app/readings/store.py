"""Cases: timepoints under codes made for one account each."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.platform.database import Record
from app.platform.reach import whole_study_in_reach
from app.platform.standing import FINAL_STANDS, MEASUREMENT_STANDS
from app.platform.tables import (
    accounts,
    assessments,
    captures,
    cases,
    healings,
    measurements,
    read_healings,
    subjects,
    ulcers,
)

_readable = sa.and_(
    captures.c.accepted,
    captures.c.state == "measured",
    # The baseline has no healing to assess, and would give itself away: 0 % of itself.
    healings.c.baseline_capture_id != captures.c.id,
)


_final = sa.and_(assessments.c.capture_id == captures.c.id, FINAL_STANDS)


def without_case(connection: Connection, account_id: str) -> list[str]:
    """Timepoints of the account's studies that have no code for it yet."""
    query = (
        sa.select(captures.c.id)
        .join(ulcers, captures.c.ulcer_id == ulcers.c.id)
        .join(subjects, ulcers.c.subject_id == subjects.c.id)
        .join(healings, healings.c.capture_id == captures.c.id)
        .where(
            _readable,
            whole_study_in_reach(account_id, subjects.c.study_id),
            ~sa.exists().where(cases.c.account_id == account_id, cases.c.capture_id == captures.c.id),
        )
    )
    return list(connection.scalars(query))


def lock_account(connection: Connection, account_id: str) -> None:
    """Let nobody else make codes for this account until the transaction ends."""
    connection.execute(sa.select(accounts.c.id).where(accounts.c.id == account_id).with_for_update())


def insert_cases(connection: Connection, rows: list[dict[str, str]]) -> None:
    """Store codes."""
    connection.execute(sa.insert(cases), rows)


def _assessed(finals_alone: bool) -> sa.Select[Any]:
    return (
        sa.select(
            cases.c.code,
            cases.c.position,
            sa.func.coalesce(healings.c.own_area_mm2, measurements.c.area_mm2).label("area_mm2"),
            sa.func.coalesce(healings.c.own_u_area_mm2, measurements.c.u_area_mm2).label("u_area_mm2"),
            measurements.c.model,
            measurements.c.version,
            measurements.c.overlay_sha256,
            healings.c.comparison_sha256,
            healings.c.epithelialisation_percent,
            healings.c.verdict,
            assessments.c.category,
            assessments.c.area_mm2.label("read_area_mm2"),
            assessments.c.u_area_mm2.label("read_u_area_mm2"),
            assessments.c.adjudicated,
            assessments.c.agreement,
            assessments.c.version.label("assessment_version"),
            assessments.c.protocol_version.label("charter_version"),
            read_healings.c.epithelialisation_percent.label("read_epithelialisation_percent"),
            read_healings.c.verdict.label("read_verdict"),
        )
        .join(captures, cases.c.capture_id == captures.c.id)
        .join(ulcers, captures.c.ulcer_id == ulcers.c.id)
        .join(subjects, ulcers.c.subject_id == subjects.c.id)
        .join(healings, healings.c.capture_id == captures.c.id)
        .join(measurements, MEASUREMENT_STANDS)
        .join(assessments, _final, isouter=not finals_alone)
        .outerjoin(read_healings, read_healings.c.assessment_id == assessments.c.id)
    )


def page(
    connection: Connection, account_id: str, after: str, limit: int, *, finals_alone: bool
) -> list[Record]:
    """Cases of the account after a place in its queue; all, or those read to the end."""
    query = (
        _assessed(finals_alone)
        .where(
            cases.c.account_id == account_id,
            cases.c.position > after,
            _readable,
            whole_study_in_reach(account_id, subjects.c.study_id),
        )
        .order_by(cases.c.position)
        .limit(limit)
    )
    return list(connection.execute(query))


def one(connection: Connection, account_id: str, code: str, *, finals_alone: bool) -> Record | None:
    """One case of the account."""
    query = _assessed(finals_alone).where(
        cases.c.account_id == account_id,
        cases.c.code == code,
        _readable,
        whole_study_in_reach(account_id, subjects.c.study_id),
    )
    return connection.execute(query).one_or_none()
