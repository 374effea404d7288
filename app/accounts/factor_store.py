"""Second factors and recovery codes."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.platform.database import Record
from app.platform.tables import recovery_codes, second_factors


def factor(connection: Connection, account_id: str, *, lock: bool = False) -> Record | None:
    """The account's second factor, enabled or begun."""
    query = sa.select(second_factors).where(second_factors.c.account_id == account_id)
    return connection.execute(query.with_for_update() if lock else query).one_or_none()


def holders(connection: Connection) -> set[str]:
    """Accounts whose second factor is enabled."""
    enabled = second_factors.c.enabled_at.is_not(None)
    return set(connection.scalars(sa.select(second_factors.c.account_id).where(enabled)))


def begin(connection: Connection, account_id: str, sealed_secret: str, created_at: datetime) -> None:
    """Store a secret that waits for its first code, in place of one that waited before."""
    connection.execute(sa.delete(second_factors).where(second_factors.c.account_id == account_id))
    connection.execute(
        sa.insert(second_factors).values(
            account_id=account_id, sealed_secret=sealed_secret, created_at=created_at, last_step=0
        )
    )


def note_step(connection: Connection, account_id: str, step: int, enabled_at: datetime) -> None:
    """Remember the last code's step; the first one enables the factor."""
    connection.execute(
        sa.update(second_factors)
        .where(second_factors.c.account_id == account_id)
        .values(last_step=step, enabled_at=sa.func.coalesce(second_factors.c.enabled_at, enabled_at))
    )


def remove(connection: Connection, account_id: str) -> None:
    """Remove the secret and the recovery codes."""
    for table in (second_factors, recovery_codes):
        connection.execute(sa.delete(table).where(table.c.account_id == account_id))


def insert_recovery_codes(connection: Connection, account_id: str, codes_sha256: list[str]) -> None:
    """Store recovery codes by their hashes."""
    rows = [{"account_id": account_id, "code_sha256": code} for code in codes_sha256]
    connection.execute(sa.insert(recovery_codes), rows)


def use_recovery_code(connection: Connection, account_id: str, code_sha256: str, now: datetime) -> bool:
    """Use a recovery code up; whether it was there, unused."""
    used = connection.execute(
        sa.update(recovery_codes)
        .where(
            recovery_codes.c.account_id == account_id,
            recovery_codes.c.code_sha256 == code_sha256,
            recovery_codes.c.used_at.is_(None),
        )
        .values(used_at=now)
    )
    return used.rowcount == 1


def recovery_codes_left(connection: Connection, account_id: str) -> int:
    """How many recovery codes are unused."""
    return connection.scalars(
        sa.select(sa.func.count())
        .select_from(recovery_codes)
        .where(recovery_codes.c.account_id == account_id, recovery_codes.c.used_at.is_(None))
    ).one()
