"""Studies, protocol versions and sites."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.platform.database import Record
from app.platform.reach import in_reach, study_in_reach
from app.platform.tables import protocols, sites, studies

LATEST = (
    sa.select(sa.func.max(protocols.c.version))
    .where(protocols.c.study_id == studies.c.id)
    .correlate(studies)
    .scalar_subquery()
)


def visible(connection: Connection, account_id: str) -> list[Record]:
    """Studies within the account's reach, with their latest protocol."""
    query = (
        sa.select(studies.c.id, studies.c.code, protocols.c.version, protocols.c.content)
        .join(protocols, sa.and_(protocols.c.study_id == studies.c.id, protocols.c.version == LATEST))
        .where(study_in_reach(account_id, studies.c.id))
        .order_by(studies.c.code)
    )
    return list(connection.execute(query))


def latest(connection: Connection, study_code: str) -> Record | None:
    """The study of that code with its latest protocol, whoever asks."""
    query = (
        sa.select(studies.c.id, protocols.c.version, protocols.c.sha256)
        .join(protocols, sa.and_(protocols.c.study_id == studies.c.id, protocols.c.version == LATEST))
        .where(studies.c.code == study_code)
    )
    return connection.execute(query).one_or_none()


def protocol(connection: Connection, study_id: str, version: int) -> dict[str, Any]:
    """One version of a protocol."""
    content: dict[str, Any] = connection.execute(
        sa.select(protocols.c.content).where(protocols.c.study_id == study_id, protocols.c.version == version)
    ).scalar_one()
    return content


def visible_sites(connection: Connection, account_id: str, study_id: str) -> list[Record]:
    """Sites of a study within the account's reach."""
    return list(
        connection.execute(
            sa.select(sites.c.id, sites.c.code, sites.c.name)
            .where(sites.c.study_id == study_id, in_reach(account_id, sites.c.study_id, sites.c.id))
            .order_by(sites.c.code)
        )
    )


def site_ids(connection: Connection, study_id: str) -> dict[str, str]:
    """Identifier of each site by its code, whoever asks."""
    rows = connection.execute(sa.select(sites.c.code, sites.c.id).where(sites.c.study_id == study_id))
    return {row.code: row.id for row in rows}


def insert_study(connection: Connection, study_id: str, code: str, now: datetime) -> None:
    """Store a study."""
    connection.execute(sa.insert(studies).values(id=study_id, code=code, created_at=now))


def insert_protocol(
    connection: Connection,
    study_id: str,
    version: int,
    sha256: str,
    content: dict[str, Any],
    now: datetime,
) -> None:
    """Store a version of a protocol."""
    connection.execute(
        sa.insert(protocols).values(
            study_id=study_id, version=version, sha256=sha256, content=content, created_at=now
        )
    )


def insert_site(connection: Connection, site_id: str, study_id: str, code: str, name: str) -> None:
    """Store a site."""
    connection.execute(sa.insert(sites).values(id=site_id, study_id=study_id, code=code, name=name))
