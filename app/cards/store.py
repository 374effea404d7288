"""Card prints and phantom shots."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.platform.database import Record
from app.platform.reach import in_reach
from app.platform.tables import card_prints, phantom_shots, sites


def lock_site(connection: Connection, site_id: str) -> None:
    """Let no other transaction store anything of this site until this one ends."""
    connection.execute(sa.select(sites.c.id).where(sites.c.id == site_id).with_for_update())


def insert_print(connection: Connection, **values: Any) -> None:
    """Store a print."""
    connection.execute(sa.insert(card_prints).values(**values))


def visible_prints(connection: Connection, account_id: str, study_id: str) -> list[Record]:
    """Prints of a study's sites within the account's reach, by site, the newest first."""
    query = (
        sa.select(card_prints, sites.c.code.label("site_code"))
        .join(sites, card_prints.c.site_id == sites.c.id)
        .where(
            card_prints.c.study_id == study_id,
            in_reach(account_id, card_prints.c.study_id, card_prints.c.site_id),
        )
        .order_by(sites.c.code, card_prints.c.confirmed_at.desc(), card_prints.c.id)
    )
    return list(connection.execute(query))


def _with_site() -> sa.Select[Any]:
    return sa.select(phantom_shots, sites.c.code.label("site_code")).join(
        sites, phantom_shots.c.site_id == sites.c.id
    )


def shot_by_id(connection: Connection, shot_id: str) -> Record | None:
    """A phantom shot, whoever asks."""
    return connection.execute(_with_site().where(phantom_shots.c.id == shot_id)).one_or_none()


def insert_shot(connection: Connection, **values: Any) -> None:
    """Store a phantom shot."""
    connection.execute(sa.insert(phantom_shots).values(**values))


def visible_shots(connection: Connection, account_id: str, study_id: str) -> list[Record]:
    """Phantom shots of a study's sites within the account's reach, by site, in the order of taking."""
    query = (
        _with_site()
        .where(
            phantom_shots.c.study_id == study_id,
            in_reach(account_id, phantom_shots.c.study_id, phantom_shots.c.site_id),
        )
        .order_by(sites.c.code, phantom_shots.c.taken_at, phantom_shots.c.id)
    )
    return list(connection.execute(query))
