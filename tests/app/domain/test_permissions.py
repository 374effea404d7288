"""The table of permissions says what design says, and nothing by accident."""

from __future__ import annotations

import pytest

from app.domain.errors import CodedError
from app.domain.identity import Identity
from app.domain.permissions import ACTIONS, ROLES, SCOPES, TABLE, relation


def test_readers_may_read_their_cases_and_manage_their_account_and_nothing_else() -> None:
    for role in ("reader", "adjudicator"):
        assert TABLE[role] == {
            "account:manage": "own_account", "assessment:read": "own_cases", "case:read": "own_cases",
        }  # fmt: skip


def test_nobody_who_knows_subjects_reads_assessments() -> None:
    assert all("assessment:read" not in TABLE[role] for role in ("site_staff", "data_manager"))


def test_persons_manage_their_own_account_and_services_do_not() -> None:
    for role in ROLES:
        assert relation(role, "account:manage") == (None if role == "pipeline" else "own_account")
    assert relation("data_manager", "account:manage", frozenset({"series:read"})) is None


def test_every_role_and_action_has_an_answer() -> None:
    assert set(TABLE) == set(ROLES)
    for role in ROLES:
        assert set(TABLE[role]) <= set(ACTIONS)
        assert any(relation(role, action) for action in ACTIONS)


@pytest.mark.parametrize("scope", sorted(SCOPES))
def test_token_opens_its_scope_only(scope: str) -> None:
    identity = Identity("a", "pipeline", "pipeline", frozenset({scope}))
    for action in ACTIONS:
        assert identity.may(action) == (action in SCOPES[scope])
    with pytest.raises(CodedError, match="forbidden"):
        identity.require("capture:create")


def test_token_cannot_do_more_than_its_account() -> None:
    assert not Identity("a", "nurse", "site_staff", frozenset({"assessments:read"})).may("assessment:read")
