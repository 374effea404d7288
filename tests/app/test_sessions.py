"""Sessions are listed for their owner and ended for good: one, all, by a new password, by command."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.app.house import CHANGE, PASSWORD, House

USER, NEW = "manager-one", "another long password"


def enter(house: House, password: str = PASSWORD, device: str = "A tablet") -> str:
    """A session of the data manager: its cookie."""
    house.client.cookies.clear()
    body = {"username": USER, "password": password}
    answer = house.client.post("/v1/sessions", json=body, headers={"User-Agent": device})
    assert answer.status_code == 201, answer.text
    return f"planimeter_session={answer.cookies['planimeter_session']}"


def ask(house: House, cookie: str, method: str, path: str, **more: object):
    house.client.cookies.clear()
    return house.client.request(method, path, headers=CHANGE | {"Cookie": cookie}, **more)  # type: ignore[arg-type]


def alive(house: House, *cookies: str) -> list[bool]:
    return [ask(house, cookie, "GET", "/v1/me").status_code == 200 for cookie in cookies]


def test_own_sessions_are_listed_without_dates(house: House) -> None:
    first = enter(house, device="A telephone")
    house.clock.moment += timedelta(minutes=90)
    second = enter(house)
    house.session("manager-two")
    listed = ask(house, second, "GET", "/v1/sessions").json()
    assert [(row["device"], row["current"]) for row in listed] == [("A tablet", True), ("A telephone", False)]
    assert [row["opened_minutes_ago"] for row in listed] == [0, 90]
    assert listed[1]["ends_in_minutes"] == house.services.settings.session_hours * 60 - 91
    assert "2026" not in str(listed)
    assert first.partition("=")[2] not in str(listed)


def test_one_session_is_ended_and_no_other(house: House) -> None:
    lost, kept = enter(house, device="Lost"), enter(house)
    (row,) = (row for row in ask(house, kept, "GET", "/v1/sessions").json() if row["device"] == "Lost")
    before = len(house.audit())
    assert ask(house, kept, "DELETE", f"/v1/sessions/{row['id']}").status_code == 204
    assert alive(house, lost, kept) == [False, True]
    assert ask(house, kept, "DELETE", f"/v1/sessions/{row['id']}").status_code == 404, "it has ended already"
    assert [event["action"] for event in house.audit()[before:]] == ["session.closed", "access.refused"]


def test_a_strangers_session_is_not_there(house: House) -> None:
    own = enter(house)
    house.session("manager-two")
    stranger = house.get("manager-two", "/v1/sessions").json()[0]["id"]
    assert ask(house, own, "DELETE", f"/v1/sessions/{stranger}").status_code == 404
    assert house.get("manager-two", "/v1/me").status_code == 200


@pytest.mark.parametrize("keep", [True, False])
def test_all_sessions_are_ended_in_one_event(house: House, keep: bool) -> None:
    others, current = [enter(house), enter(house)], enter(house)
    before = len(house.audit())
    answer = ask(house, current, "POST", "/v1/sessions/revocation", json={"keep_current": keep})
    assert answer.json() == {"revoked": 2 if keep else 3}
    assert alive(house, *others, current) == [False, False, keep]
    (event,) = house.audit()[before:]
    assert event["action"] == "session.all_closed"
    assert event["after"].count('","') == (1 if keep else 2)


def test_a_new_password_ends_the_other_sessions(house: House) -> None:
    other, current = enter(house), enter(house)
    path = "/v1/me/password"
    wrong = ask(house, current, "POST", path, json={"password": "wrong", "new_password": NEW})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "password_refused")
    short = ask(house, current, "POST", path, json={"password": PASSWORD, "new_password": "short"})
    assert (short.status_code, short.json()["code"]) == (422, "password_too_short")
    assert alive(house, other, current) == [True, True]
    before = len(house.audit())
    change = {"password": PASSWORD, "new_password": NEW}
    assert ask(house, current, "POST", path, json=change).status_code == 204
    assert alive(house, other, current) == [False, True]
    (event,) = house.audit()[before:]
    assert event["action"] == "account.password_changed"
    assert NEW not in str(house.audit())
    old = house.client.post("/v1/sessions", json={"username": USER, "password": PASSWORD})
    assert old.status_code == 401
    assert alive(house, enter(house, NEW)) == [True]


def test_locking_by_command_ends_everything_until_it_is_unlocked(house: House) -> None:
    register, cookie = house.services.register, enter(house)
    register.lock(USER, "left the study")
    register.lock("pipeline-one", "moved")
    assert alive(house, cookie) == [False]
    assert house.get("pipeline-one:series:read", "/v1/series").status_code == 401
    refused = house.client.post("/v1/sessions", json={"username": USER, "password": PASSWORD})
    assert (refused.status_code, refused.json()["code"]) == (401, "login_refused")
    assert house.audit(action="login.refused")[-1]["reason"] == "closed"
    assert house.audit(action="account.locked")[0]["reason"] == "left the study"
    register.unlock(USER)
    register.unlock("pipeline-one")
    assert alive(house, cookie) == [False], "what was ended stays ended"
    assert alive(house, enter(house)) == [True]
    assert house.get("pipeline-one:series:read", "/v1/series").status_code == 200


def test_unlocking_forgives_refused_log_ins(house: House) -> None:
    for _ in range(house.services.settings.lockout_failures):
        house.client.post("/v1/sessions", json={"username": USER, "password": "wrong"})
    assert house.services.register.lines()[0].standing == "open"
    (line,) = (line for line in house.services.register.lines() if line.username == USER)
    assert line.standing.startswith("locked until")
    house.services.register.unlock(USER)
    assert alive(house, enter(house)) == [True]


def test_sessions_and_passwords_by_command(house: House) -> None:
    cookies = [enter(house), enter(house)]
    assert house.services.register.revoke_sessions(USER) == 2
    assert alive(house, *cookies) == [False, False]
    cookie = enter(house)
    house.services.register.set_password(USER, NEW)
    assert alive(house, cookie) == [False]
    assert alive(house, enter(house, NEW)) == [True]
    for act in (house.services.register.revoke_sessions, house.services.register.unlock):
        with pytest.raises(ValueError, match="no account"):
            act("nobody")
    with pytest.raises(ValueError, match="at least 12"):
        house.services.register.set_password(USER, "short")


def test_tokens_are_listed_and_revoked(house: House) -> None:
    lines = [line for line in house.services.register.tokens() if line.username == "pipeline-one"]
    assert {line.scopes for line in lines} == {("series:read",), ("assessments:read",)}
    assert not any(token in str(lines) for token in house.tokens.values())
    (series,) = (line for line in lines if line.scopes == ("series:read",))
    house.services.register.revoke_token(series.id)
    assert house.get("pipeline-one:series:read", "/v1/series").status_code == 401
    assert house.get("pipeline-one:assessments:read", "/v1/assessments").status_code == 200
    with pytest.raises(ValueError, match="no token"):
        house.services.register.revoke_token(series.id)
    house.clock.moment += timedelta(days=2)
    assert {line.standing for line in house.services.register.tokens()} == {"revoked", "expired"}
