"""Access as part of a query: the rows that an account's memberships reach."""

from __future__ import annotations

import sqlalchemy as sa

from app.platform.tables import memberships


def in_reach(account_id: str, study_id: sa.Column[str], site_id: sa.Column[str]) -> sa.ColumnElement[bool]:
    """Rows of sites that the account belongs to, or of studies that it belongs to as a whole."""
    return sa.exists().where(
        memberships.c.account_id == account_id,
        memberships.c.study_id == study_id,
        sa.or_(memberships.c.site_id.is_(None), memberships.c.site_id == site_id),
    )


def study_in_reach(account_id: str, study_id: sa.Column[str]) -> sa.ColumnElement[bool]:
    """Studies in which the account has any membership."""
    return sa.exists().where(memberships.c.account_id == account_id, memberships.c.study_id == study_id)


def whole_study_in_reach(
    account_id: str | sa.BindParameter[str], study_id: sa.Column[str]
) -> sa.ColumnElement[bool]:
    """Studies that the account belongs to as a whole, not by one of its sites."""
    # Asked once for a query, not once for each of its rows.
    return study_id.in_(whole_studies(account_id))


def whole_studies(account_id: str | sa.BindParameter[str]) -> sa.Select[tuple[str]]:
    """Identifiers of the studies that the account belongs to as a whole."""
    return sa.select(memberships.c.study_id).where(
        memberships.c.account_id == account_id, memberships.c.site_id.is_(None)
    )
