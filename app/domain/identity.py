"""Who asks: an account with its role, as far as the rules need to know it."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors import CodedError
from app.domain.permissions import Action, Relation, Role, relation


@dataclass(frozen=True)
class Tablet:
    """The enrolled tablet on which a session was opened, and which study's it is."""

    id: str
    study_id: str


@dataclass(frozen=True)
class Identity:
    """A signed-in person or a service with its token.

    Attributes
    ----------
    account_id : str
        Random.
    username : str
        As written in the audit trail.
    role : Role
        One of the five.
    scopes : frozenset of str or None
        Of a service token; None for a session.
    session_id : str or None
        Of the session that asks; None for a token, or a command.
    tablet : Tablet or None
        On which that session was opened; None for any other browser.
    """

    account_id: str
    username: str
    role: Role
    scopes: frozenset[str] | None = None
    session_id: str | None = None
    tablet: Tablet | None = None

    def may(self, action: Action) -> bool:
        """Whether the role (and the token) allow the action at all."""
        return relation(self.role, action, self.scopes) is not None

    def require(self, action: Action) -> Relation:
        """How far the permission reaches.

        Raises
        ------
        CodedError
            `forbidden` when there is none.
        """
        reach = relation(self.role, action, self.scopes)
        if reach is None:
            raise CodedError("forbidden")
        return reach


@dataclass(frozen=True)
class Actor:
    """Whose name stands in the audit trail."""

    name: str
    role: str


SYSTEM = Actor("system", "system")
"""Jobs and commands on the machine itself."""

NOBODY = Actor("nobody", "none")
"""Somebody who has not signed in."""


def actor(identity: Identity | None) -> Actor:
    """The name and role for the audit trail."""
    return NOBODY if identity is None else Actor(identity.username, identity.role)
