"""The second factor: enrolled with a code, asked for at sign-in, counted, good once; and signatures."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from app.accounts.proving import DEMO_PASSWORD
from app.domain.errors import CodedError
from app.domain.one_time_code import code_at, step_at
from app.platform.tables import recovery_codes, second_factors
from tests.app.house import PASSWORD, House, open_house

USER = "reader-one-a"
BASE = "/v1/me/second-factor"


def code(house: House, secret: str) -> str:
    """The next code of the telephone, half a minute later."""
    house.clock.moment += timedelta(seconds=30)
    return code_at(base64.b32decode(secret), step_at(house.clock.moment.timestamp()))


def enrol(house: House) -> tuple[str, list[str]]:
    """Give the reader a second factor; its secret and recovery codes."""
    begun = house.request(USER, "POST", BASE, json={"password": PASSWORD})
    assert begun.status_code == 201, begun.text
    secret = begun.json()["secret"]
    first = {"code": code(house, secret)}
    enabled = house.request(USER, "POST", f"{BASE}/confirmation", json=first)
    assert enabled.status_code == 200, enabled.text
    return secret, enabled.json()["recovery_codes"]


def sign_in(house: House, password: str = PASSWORD, code: str | None = None) -> httpx.Response:
    house.client.cookies.clear()
    body: dict[str, Any] = {"username": USER, "password": password}
    return house.client.post("/v1/sessions", json=body | ({"code": code} if code else {}))


def outcome(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def last_reason(house: House) -> str:
    return str(house.audit(action="login.refused")[-1]["reason"])


def test_sign_in_asks_for_the_code_after_the_right_password_alone(house: House) -> None:
    secret, _ = enrol(house)
    before = len(house.audit())
    assert outcome(sign_in(house)) == (401, "second_factor_needed")
    assert last_reason(house) == "second factor asked"
    assert outcome(sign_in(house, "wrong")) == (401, "login_refused")
    assert outcome(sign_in(house, "wrong", code(house, secret))) == (401, "login_refused")
    assert outcome(sign_in(house, PASSWORD, "000000")) == (401, "login_refused")
    assert last_reason(house) == "wrong code"
    assert outcome(sign_in(house, PASSWORD, code(house, secret))) == (201, "")
    assert len(house.audit()) == before + 5


def test_a_code_is_not_good_twice(house: House) -> None:
    secret, _ = enrol(house)
    good = code(house, secret)
    assert sign_in(house, PASSWORD, good).status_code == 201
    assert outcome(sign_in(house, PASSWORD, good)) == (401, "login_refused")


def test_wrong_passwords_and_wrong_codes_lock_together(house: House) -> None:
    secret, recovery = enrol(house)
    limit = house.services.settings.lockout_failures
    for number in range(limit):
        wrong_code = number % 2 == 1
        sign_in(house, PASSWORD if wrong_code else "wrong", "000000" if wrong_code else None)
    assert last_reason(house).endswith("now locked")
    # Asking for the code does not clean the count, nor tell that the password was right.
    assert outcome(sign_in(house)) == (401, "login_refused")
    assert outcome(sign_in(house, PASSWORD, code(house, secret))) == (401, "login_refused")
    house.clock.moment += timedelta(minutes=house.services.settings.lockout_minutes)
    assert sign_in(house, PASSWORD, recovery[0]).status_code == 201


def test_recovery_codes_are_good_once_each_and_hashed(house: House) -> None:
    _, recovery = enrol(house)
    assert len(set(recovery)) == 10
    with house.services.database.read() as connection:
        stored = str(connection.execute(sa.select(recovery_codes)).all())
    assert not any(text in stored or text.replace("-", "") in stored for text in recovery)
    assert sign_in(house, PASSWORD, recovery[3].upper().replace("-", " ")).status_code == 201
    assert sign_in(house, PASSWORD, recovery[3]).status_code == 401
    assert house.get(USER, BASE).json() == {"enabled": True, "recovery_codes_left": 9}


def test_the_secret_is_stored_encrypted_and_opens_in_its_own_row_alone(house: House) -> None:
    secret, _ = enrol(house)
    with house.services.database.write() as connection:
        row = connection.execute(sa.select(second_factors)).one()
        raw = base64.b32decode(secret)
        assert secret not in str(row)
        assert raw not in base64.urlsafe_b64decode(row.sealed_secret)
        stranger = house.services.register.known("reader-one-b").account_id
        connection.execute(sa.insert(second_factors).values({**row._mapping, "account_id": stranger}))
    with pytest.raises(CodedError, match="signature_refused"):
        house.services.accounts.confirm(
            house.services.register.known("reader-one-b"), PASSWORD, code(house, secret)
        )


def test_enrolment_asks_for_the_password_and_a_code(house: House) -> None:
    assert outcome(house.request(USER, "POST", BASE, json={"password": "wrong"})) == (403, "password_refused")
    begun = house.request(USER, "POST", BASE, json={"password": PASSWORD}).json()
    assert begun["otpauth_uri"].startswith(f"otpauth://totp/Planimeter:{USER}?secret={begun['secret']}&")
    assert begun["qr_svg"].startswith("<svg")
    wrong = house.request(USER, "POST", f"{BASE}/confirmation", json={"code": "000000"})
    assert outcome(wrong) == (403, "code_refused")
    assert house.get(USER, BASE).json()["enabled"] is False
    assert sign_in(house).status_code == 201, "what was only begun is not asked for"
    secret, _ = enrol(house)
    assert secret != begun["secret"], "begun again: the secret before is gone"
    again = house.request(USER, "POST", BASE, json={"password": PASSWORD})
    assert outcome(again) == (409, "second_factor_present")


def test_removal_asks_for_both(house: House) -> None:
    secret, _ = enrol(house)
    path = f"{BASE}/removal"
    wrong = house.request(USER, "POST", path, json={"password": PASSWORD, "code": "000000"})
    assert outcome(wrong) == (403, "password_refused")
    body = {"password": PASSWORD, "code": code(house, secret)}
    assert house.request(USER, "POST", path, json=body).status_code == 204
    assert sign_in(house).status_code == 201
    assert house.count(second_factors) == house.count(recovery_codes) == 0


def test_confirm_is_silent_when_right_and_one_event_when_wrong(house: House) -> None:
    confirm, reader = house.services.accounts.confirm, house.services.register.known(USER)
    before = len(house.audit())
    confirm(reader, PASSWORD)
    assert len(house.audit()) == before
    for password, factor in (("wrong", None), (PASSWORD, "000000")):
        with pytest.raises(CodedError, match="signature_refused") as refusal:
            confirm(reader, password, factor)
        assert refusal.value.status == 403, "the page stays signed in"
    events = house.audit()[before:]
    assert [(event["action"], event["actor"], event["reason"]) for event in events] == [
        ("signature.refused", USER, "wrong password"),
        ("signature.refused", USER, "wrong code"),
    ]


def test_confirm_takes_a_code_when_there_is_one_and_signs_without_within_a_session(house: House) -> None:
    confirm, reader = house.services.accounts.confirm, house.services.register.known(USER)
    secret, _ = enrol(house)
    confirm(reader, PASSWORD)
    good = code(house, secret)
    confirm(reader, PASSWORD, good)
    with pytest.raises(CodedError, match="signature_refused"):
        confirm(reader, PASSWORD, good)


def test_refused_signatures_lock_the_account_and_refused_logins_lock_signatures(house: House) -> None:
    confirm, reader = house.services.accounts.confirm, house.services.register.known(USER)
    limit = house.services.settings.lockout_failures
    for _ in range(limit - 1):
        with pytest.raises(CodedError):
            confirm(reader, "wrong")
    assert sign_in(house, "wrong").status_code == 401
    for attempt in (lambda: confirm(reader, PASSWORD), lambda: confirm(reader, PASSWORD, "000000")):
        with pytest.raises(CodedError, match="signature_refused"):
            attempt()
    assert house.audit(action="signature.refused")[-1]["reason"] == "locked"
    house.clock.moment += timedelta(minutes=house.services.settings.lockout_minutes)
    confirm(reader, PASSWORD)


def test_services_do_not_sign(house: House) -> None:
    token = house.tokens["pipeline-one:assessments:read"]
    identity = house.services.accounts.by_service_token(token)
    assert identity is not None
    with pytest.raises(CodedError, match="forbidden"):
        house.services.accounts.confirm(identity, PASSWORD)


def test_demo_accounts_sign_with_the_password_that_the_page_tells(tmp_path: Any) -> None:
    house = open_house(tmp_path, f"sqlite:///{tmp_path / 'demo.db'}", demo=True, measure_in_server=False)
    with house.client:
        house.services.register.add("reader-1", "reader")
        told = house.client.post("/v1/demo/session", json={"username": "reader-1"}).json()["demo_password"]
        assert told == DEMO_PASSWORD
        reader = house.services.register.known("reader-1")
        house.services.accounts.confirm(reader, told)
        with pytest.raises(CodedError, match="signature_refused"):
            house.services.accounts.confirm(reader, "another one")


def test_outside_the_demo_accounts_without_a_password_do_not_sign(house: House) -> None:
    house.services.register.add("by-provider", "reader")
    reader = house.services.register.known("by-provider")
    with pytest.raises(CodedError, match="signature_refused"):
        house.services.accounts.confirm(reader, DEMO_PASSWORD)
    assert house.get(USER, "/v1/me").json()["demo_password"] is None
