"""Signing in and out, lockout, expiry, tokens, and what the trail says of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app.platform.tables import accounts, service_tokens, sessions
from tests.app.house import PASSWORD, House, open_house


def sign_in(house: House, username: str, password: str) -> int:
    house.client.cookies.clear()
    return house.client.post("/v1/sessions", json={"username": username, "password": password}).status_code


def test_session_lives_until_it_is_revoked(house: House) -> None:
    token = house.session("manager-one")
    assert house.get("manager-one", "/v1/me").json()["role"] == "data_manager"
    assert house.request("manager-one", "DELETE", "/v1/sessions/current").status_code == 204
    assert house.get("manager-one", "/v1/me").status_code == 401
    assert [event["action"] for event in house.audit(actor="manager-one")] == [
        "session.opened",
        "session.closed",
    ]
    with house.services.database.read() as connection:
        stored = [dict(row._mapping) for row in connection.execute(sessions.select())]
    assert token not in str(stored), "only hashes of tokens are stored"


def test_session_expires(house: House) -> None:
    house.session("manager-one")
    house.clock.moment += timedelta(hours=house.services.settings.session_hours, seconds=1)
    assert house.get("manager-one", "/v1/me").status_code == 401


def test_cookie_is_for_the_service_alone(house: House) -> None:
    answer = house.client.post("/v1/sessions", json={"username": "manager-one", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert PASSWORD not in answer.text


def test_lockout(house: House) -> None:
    limit = house.services.settings.lockout_failures
    assert [sign_in(house, "manager-one", "wrong") for _ in range(limit)] == [401] * limit
    assert sign_in(house, "manager-one", PASSWORD) == 401
    reasons = [event["reason"] for event in house.audit(action="login.refused")]
    assert reasons == ["wrong password"] * (limit - 1) + ["wrong password, now locked", "locked"]
    house.clock.moment += timedelta(minutes=house.services.settings.lockout_minutes)
    assert sign_in(house, "manager-one", PASSWORD) == 201


def test_unknown_name_and_wrong_password_are_answered_alike(house: House) -> None:
    answers = [
        house.client.post("/v1/sessions", json={"username": name, "password": "wrong"})
        for name in ("manager-one", "no-such-name")
    ]
    assert answers[0].status_code == answers[1].status_code == 401
    assert answers[0].content == answers[1].content
    assert "no-such-name" not in str(house.audit())


def test_passwords_are_hashed_with_argon2(house: House) -> None:
    with house.services.database.read() as connection:
        hashes = list(connection.scalars(accounts.select().with_only_columns(accounts.c.password_hash)))
    stored = [value for value in hashes if value is not None]
    assert stored
    assert all(value.startswith("$argon2id$") for value in stored)


def test_service_token_opens_its_scope_until_it_expires(house: House) -> None:
    assert house.get("pipeline-one:series:read", "/v1/series").status_code == 200
    assert house.get("pipeline-one:series:read", "/v1/assessments").status_code == 403
    house.clock.moment += timedelta(days=1, seconds=1)
    assert house.get("pipeline-one:series:read", "/v1/series").status_code == 401
    with house.services.database.read() as connection:
        stored = [dict(row._mapping) for row in connection.execute(service_tokens.select())]
    assert not any(token in str(stored) for token in house.tokens.values())


def test_tokens_are_for_pipelines_and_known_scopes(house: House) -> None:
    for username, scopes in (
        ("pipeline-one", ["everything"]),
        ("pipeline-one", []),
        ("manager-one", ["series:read"]),
        ("nobody", ["series:read"]),
    ):
        with pytest.raises(ValueError, match=r"scopes|pipeline"):
            house.services.register.issue_token(username, scopes, timedelta(days=1))


def test_accounts_that_cannot_be(house: House) -> None:
    for username, role, password in (
        ("manager-one", "reader", PASSWORD),
        ("new", "owner", PASSWORD),
        ("new", "reader", "short"),
    ):
        with pytest.raises(ValueError, match=r"taken|unknown role|at least"):
            house.services.register.add(username, role, password=password)


def test_demo_switch_is_for_the_demo(house: House, tmp_path: Path) -> None:
    assert house.client.post("/v1/demo/session", json={"username": "reader-one-a"}).status_code == 404
    assert house.get("reader-one-a", "/v1/me").json()["demo_accounts"] == []
    assert "details" not in house.get(None, "/v1/me").json()


def test_demo_switch(tmp_path: Path) -> None:
    house = open_house(tmp_path, f"sqlite:///{tmp_path / 'demo.db'}", demo=True)
    with house.client:
        house.furnish()
        house.client.cookies.clear()
        doorway = house.client.get("/v1/me")
        assert doorway.status_code == 401
        offered = doorway.json()["details"]["demo_accounts"]
        for name, role in (("reader-one-a", "reader"), ("nurse-two-lil", "site_staff")):
            me = house.client.post("/v1/demo/session", json={"username": name}).json()
            assert (me["username"], me["role"], me["demo"]) == (name, role, True)
            assert house.client.get("/v1/me").json() == me
        assert me["demo_accounts"] == offered
        assert {account["role"] for account in offered} == {
            "site_staff",
            "reader",
            "adjudicator",
            "data_manager",
        }
        assert house.client.post("/v1/demo/session", json={"username": "nobody"}).status_code == 404
