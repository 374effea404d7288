"""Who may do what, and to whose: one literal table.

A relation narrows an action to rows; stores put it into their queries, so that a row out of reach is a row
that is not there.
"""

from __future__ import annotations

from typing import Literal, get_args

Role = Literal["site_staff", "reader", "adjudicator", "data_manager", "pipeline"]
Action = Literal[
    "study:read",
    "ulcer:read",
    "subject:create",
    "ulcer:create",
    "visit:record",
    "visit:read",
    "card:read",
    "card:record",
    "drift:read",
    "capture:create",
    "capture:read",
    "picture:read",
    "area:read",
    "series:read",
    "endpoint:read",
    "assessment:read",
    "case:read",
    "case:reopen",
    "reading:oversee",
    "audit:read",
    "tablet:manage",
    "tablet:use",
    "account:manage",
]
Relation = Literal["own_account", "own_site", "own_site_if_allowed", "own_study", "own_cases"]

ROLES: tuple[Role, ...] = get_args(Role)
ACTIONS: tuple[Action, ...] = get_args(Action)

TABLE: dict[Role, dict[Action, Relation]] = {
    "site_staff": {
        "account:manage": "own_account",
        "study:read": "own_study",
        "ulcer:read": "own_site",
        "subject:create": "own_site",
        "ulcer:create": "own_site",
        "visit:record": "own_site",
        "visit:read": "own_site",
        "card:read": "own_site",
        "card:record": "own_site",
        "capture:create": "own_site",
        "tablet:use": "own_site",
        "capture:read": "own_site",
        "picture:read": "own_site_if_allowed",
        "area:read": "own_site_if_allowed",
        "series:read": "own_site_if_allowed",
    },
    "reader": {
        "account:manage": "own_account",
        "assessment:read": "own_cases",
        "case:read": "own_cases",
    },
    "adjudicator": {
        "account:manage": "own_account",
        "assessment:read": "own_cases",
        "case:read": "own_cases",
    },
    "data_manager": {
        "account:manage": "own_account",
        "study:read": "own_study",
        "ulcer:read": "own_study",
        "visit:read": "own_study",
        "card:read": "own_study",
        "drift:read": "own_study",
        "capture:read": "own_study",
        "picture:read": "own_study",
        "area:read": "own_study",
        "series:read": "own_study",
        "endpoint:read": "own_study",
        "case:reopen": "own_study",
        "reading:oversee": "own_study",
        "audit:read": "own_study",
        "tablet:manage": "own_study",
    },
    "pipeline": {
        "series:read": "own_study",
        "endpoint:read": "own_study",
        "assessment:read": "own_cases",
    },
}
"""What is not written here is refused."""

SCOPES: dict[str, frozenset[Action]] = {
    "series:read": frozenset({"series:read", "endpoint:read"}),
    "assessments:read": frozenset({"assessment:read"}),
}
"""What each scope of a service token opens; a token can never do more than its account's role."""


def relation(role: Role, action: Action, scopes: frozenset[str] | None = None) -> Relation | None:
    """How far the role's permission for the action reaches.

    Parameters
    ----------
    role : Role
        Of the account.
    action : Action
        What is asked.
    scopes : frozenset of str, optional
        Of the service token; None for a person's session.

    Returns
    -------
    Relation or None
        None when it is refused.
    """
    if scopes is not None and not any(action in SCOPES.get(scope, frozenset()) for scope in scopes):
        return None
    return TABLE[role].get(action)
