"""Rows of series, whichever feature wrote them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.platform.database import Record
from app.platform.reach import in_reach
from app.platform.standing import MEASUREMENT_STANDS
from app.platform.tables import captures, healings, measurements, sites, subjects, ulcers


def changed(
    connection: Connection,
    account_id: str,
    *,
    study_ids: frozenset[str],
    after_seq: int,
    limit: int | None,
) -> list[Record]:
    """Captures of the studies, within the account's reach, that changed after an audit event."""
    query = (
        sa.select(
            captures.c.ulcer_id,
            subjects.c.study_id,
            subjects.c.code.label("subject_code"),
            subjects.c.baseline_on,
            sites.c.code.label("site_code"),
            captures.c.visit_code,
            captures.c.protocol_version,
            captures.c.taken_at,
            captures.c.id.label("capture_id"),
            captures.c.state,
            captures.c.accepted,
            captures.c.changed_seq,
            sa.func.coalesce(healings.c.own_area_mm2, measurements.c.area_mm2).label("area_mm2"),
            sa.func.coalesce(healings.c.own_u_area_mm2, measurements.c.u_area_mm2).label("u_area_mm2"),
            measurements.c.model,
            measurements.c.version,
            healings.c.epithelialisation_percent,
            healings.c.epithelialisation_method,
            healings.c.verdict,
            healings.c.percent_area_reduction,
            healings.c.linear_healing_rate_mm_per_day,
            healings.c.new_ulceration_mm2,
            healings.c.elsewhere_mm2,
            healings.c.parts,
            healings.c.merged,
        )
        .join(ulcers, captures.c.ulcer_id == ulcers.c.id)
        .join(subjects, ulcers.c.subject_id == subjects.c.id)
        .join(sites, subjects.c.site_id == sites.c.id)
        .outerjoin(measurements, MEASUREMENT_STANDS)
        .outerjoin(healings, healings.c.capture_id == captures.c.id)
        .where(
            captures.c.changed_seq > after_seq,
            subjects.c.study_id.in_(study_ids),
            in_reach(account_id, subjects.c.study_id, subjects.c.site_id),
        )
        .order_by(captures.c.changed_seq)
    )
    return list(connection.execute(query.limit(limit) if limit else query))
