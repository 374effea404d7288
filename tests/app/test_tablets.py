"""Shared tablets: enrolled by a code, shifts, PINs, and what revoking one ends."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx

from app.domain import enrolment_code
from app.domain.pin import TRIES
from app.platform.tables import sessions, tablet_people, tablets
from tests.app.house import CHANGE, PASSWORD, Centre, House, photo

PIN, OTHER_PIN, WRONG = "730915", "264871", "904418"
NURSE, MANAGER = "nurse-one-lyo", "manager-one"
COOKIES = ("planimeter_tablet", "planimeter_session")


@dataclass
class Browser:
    """A browser with its own cookies."""

    house: House
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        self.house.client.cookies.clear()
        headers = CHANGE | dict(more.pop("headers", {}))
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            more["json"] = body
        answer = self.house.client.request(method, path, headers=headers, **more)
        self.cookies |= {name: answer.cookies[name] for name in COOKIES if name in answer.cookies}
        return answer

    def sign_in(self, user: str = NURSE) -> httpx.Response:
        answer = self.ask("POST", "/v1/sessions", {"username": user, "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        return answer

    def enter(self, pin: str = PIN, user: str = NURSE) -> httpx.Response:
        return self.ask("POST", "/v1/tablet/sessions", {"username": user, "pin": pin})

    def choose(self, pin: str = PIN, password: str = PASSWORD) -> httpx.Response:
        return self.ask("PUT", "/v1/tablet/pin", {"password": password, "pin": pin})

    def me(self) -> str | None:
        """Who is signed in."""
        answer = self.ask("GET", "/v1/me")
        return answer.json()["username"] if answer.status_code == 200 else None

    def people(self) -> list[dict[str, Any]]:
        answer = self.ask("GET", "/v1/tablet")
        assert answer.status_code == 200, answer.text
        people: list[dict[str, Any]] = answer.json()["people"]
        return people


def centre_of(house: House, nurse: str = NURSE) -> Centre:
    (centre,) = [centre for centre in house.centres if centre.nurse == nurse]
    return centre


def announced(house: House, nurse: str = NURSE, name: str = "Tablet 1") -> dict[str, Any]:
    """A tablet of the nurse's site, and its code."""
    at, manager = centre_of(house, nurse), f"manager-{nurse.split('-')[1]}"
    body = {"site_code": at.site_code, "name": name}
    answer = house.request(manager, "POST", f"/v1/studies/{at.study_id}/tablets", json=body)
    assert answer.status_code == 201, answer.text
    tablet: dict[str, Any] = answer.json()
    return tablet


def enrolled(house: House, nurse: str = NURSE) -> tuple[Browser, str]:
    """An enrolled tablet of the nurse's site, and its identifier."""
    tablet, browser = announced(house, nurse), Browser(house)
    answer = browser.ask("POST", "/v1/tablets/enrolment", {"code": tablet["enrolment_code"]})
    assert answer.status_code == 201, answer.text
    return browser, tablet["id"]


def with_pin(house: House) -> tuple[Browser, str]:
    """An enrolled tablet on which the nurse signed in and chose a PIN."""
    browser, tablet_id = enrolled(house)
    browser.sign_in()
    assert browser.choose().status_code == 204
    return browser, tablet_id


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def listed(house: House) -> list[dict[str, Any]]:
    study = centre_of(house).study_id
    found: list[dict[str, Any]] = house.get(MANAGER, f"/v1/studies/{study}/tablets").json()
    return found


def test_a_code_enrols_one_tablet_once_and_only_within_its_hour(house: House) -> None:
    tablet = announced(house)
    assert (tablet["enrolled_at"], listed(house)[0]["enrolled_at"]) == (None, None)
    assert "enrolment_code" not in listed(house)[0]
    first, second = Browser(house), Browser(house)
    typed = tablet["enrolment_code"].lower().replace("-", " ")
    answer = first.ask("POST", "/v1/tablets/enrolment", {"code": typed})
    assert answer.json() == {"name": "Tablet 1", "site_code": centre_of(house).site_code, "people": []}
    header = answer.headers["set-cookie"].lower()
    assert "planimeter_tablet=" in header
    assert "httponly" in header
    assert "samesite=strict" in header
    again = second.ask("POST", "/v1/tablets/enrolment", {"code": tablet["enrolment_code"]})
    assert refusal(again) == (403, "enrolment_refused")
    assert listed(house)[0]["enrolled_at"] is not None
    late = announced(house, name="Tablet 2")
    house.clock.moment += enrolment_code.GOOD_FOR
    late_answer = second.ask("POST", "/v1/tablets/enrolment", {"code": late["enrolment_code"]})
    assert refusal(late_answer) == (403, "enrolment_refused")
    assert refusal(second.ask("GET", "/v1/tablet")) == (404, "tablet_not_enrolled")


def test_wrong_codes_are_counted_until_the_right_one_is_void(house: House) -> None:
    code = announced(house)["enrolment_code"]
    browser = Browser(house)
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    before = len(house.audit())
    for typed in [wrong] * enrolment_code.TRIES + [code]:
        answer = browser.ask("POST", "/v1/tablets/enrolment", {"code": typed})
        assert refusal(answer) == (403, "enrolment_refused")
    events = house.audit()[before:]
    assert [event["action"] for event in events] == ["tablet.code_refused"] * enrolment_code.TRIES
    assert events[-1]["reason"] == "wrong code, now void"
    assert listed(house)[0]["code_expires_at"] is None


def test_neither_codes_nor_cookies_nor_pins_are_stored(house: House) -> None:
    browser, _ = with_pin(house)
    code = announced(house, name="Tablet 2")["enrolment_code"].replace("-", "")
    with house.services.database.read() as connection:
        rows = [connection.execute(table.select()).all() for table in (tablets, tablet_people, sessions)]
    stored = json.dumps(rows, default=str) + json.dumps(house.audit(), default=str)
    for secret in (code, code[4:], PIN, *browser.cookies.values()):
        assert secret not in stored


def test_a_full_sign_in_begins_the_shift_and_a_pin_opens_the_next_session(house: House) -> None:
    browser, _ = enrolled(house)
    assert browser.people() == []
    before = len(house.audit())
    me = browser.sign_in().json()
    assert [event["action"] for event in house.audit()[before:]] == ["session.opened"]
    (person,) = browser.people()
    assert (person["username"], person["has_pin"]) == (NURSE, False)
    assert refusal(browser.enter()) == (403, "pin_blocked")
    assert browser.choose().status_code == 204
    assert browser.people()[0]["has_pin"]
    assert browser.ask("POST", "/v1/tablet/lock").status_code == 204
    assert browser.me() is None
    before = len(house.audit())
    answer = browser.enter()
    assert (answer.status_code, answer.json()) == (201, me)
    (event,) = house.audit()[before:]
    assert json.loads(event["after"])["by"] == "PIN"
    assert browser.me() == NURSE


def test_a_pin_is_good_on_its_tablet_alone(house: House) -> None:
    browser, _ = with_pin(house)
    other, _ = enrolled(house)
    assert refusal(other.enter()) == (403, "shift_over")
    nowhere = Browser(house)
    assert refusal(nowhere.enter()) == (404, "tablet_not_enrolled")
    nowhere.cookies["planimeter_tablet"] = "made up"
    assert refusal(nowhere.enter()) == (404, "tablet_not_enrolled")
    assert browser.enter().status_code == 201


def test_a_session_of_a_tablet_is_good_with_its_cookie_alone(house: House) -> None:
    browser, _ = with_pin(house)
    assert browser.enter().status_code == 201
    thief = Browser(house, {"planimeter_session": browser.cookies["planimeter_session"]})
    assert thief.me() is None
    another, _ = enrolled(house)
    thief.cookies["planimeter_tablet"] = another.cookies["planimeter_tablet"]
    assert thief.me() is None
    assert browser.me() == NURSE


def test_a_pin_session_ends_with_the_shift(house: House) -> None:
    browser, _ = with_pin(house)
    house.clock.moment += timedelta(hours=11)
    assert browser.enter().status_code == 201
    assert browser.me() == NURSE
    house.clock.moment += timedelta(hours=1)
    assert browser.me() is None
    assert browser.people() == []
    assert refusal(browser.enter()) == (403, "shift_over")
    browser.sign_in()
    assert browser.enter().status_code == 201  # the PIN is the same in the next shift


def test_five_wrong_pins_void_it_and_a_right_one_begins_the_count_anew(house: House) -> None:
    browser, _ = with_pin(house)
    for left in (4, 3):
        answer = browser.enter(WRONG)
        assert (refusal(answer), answer.json()["details"]) == ((403, "wrong_pin"), {"tries_left": left})
    assert browser.enter().status_code == 201
    answers = [browser.enter(WRONG) for _ in range(TRIES)]
    assert [answer.json()["code"] for answer in answers] == ["wrong_pin"] * (TRIES - 1) + ["pin_blocked"]
    assert refusal(browser.enter()) == (403, "pin_blocked")
    reasons = [event["reason"] for event in house.audit(action="pin.refused")]
    assert reasons == ["wrong PIN"] * (2 + TRIES - 1) + ["wrong PIN, now void", "no PIN"]
    browser.sign_in()
    assert browser.choose(OTHER_PIN).status_code == 204
    assert browser.enter(OTHER_PIN).status_code == 201


def test_weak_pins_are_refused(house: House) -> None:
    browser, _ = enrolled(house)
    browser.sign_in()
    for pin in ("123456", "000000", "12345", "1234567", "12a456", "", "١٢٣٥٧٩"):
        assert refusal(browser.choose(pin)) == (422, "weak_pin")
    assert not browser.people()[0]["has_pin"]


def test_choosing_a_pin_asks_for_the_password_and_an_enrolled_tablet(house: House) -> None:
    browser, _ = enrolled(house)
    browser.sign_in()
    assert refusal(browser.choose(password="wrong")) == (403, "password_refused")
    elsewhere = Browser(house)
    elsewhere.sign_in()
    assert refusal(elsewhere.choose()) == (404, "tablet_not_enrolled")


def test_signing_out_ends_the_shift(house: House) -> None:
    browser, _ = with_pin(house)
    assert browser.ask("DELETE", "/v1/sessions/current").status_code == 204
    assert browser.people() == []
    assert refusal(browser.enter()) == (403, "shift_over")


def test_whatever_ends_all_sessions_ends_the_shifts(house: House) -> None:
    browser, _ = with_pin(house)
    password = {"password": PASSWORD, "new_password": PASSWORD}
    ways: list[Callable[[], object]] = [
        lambda: house.request(NURSE, "POST", "/v1/sessions/revocation", json={"keep_current": True}),
        lambda: house.request(NURSE, "POST", "/v1/me/password", json=password),
        lambda: house.services.register.revoke_sessions(NURSE),
        lambda: house.services.register.lock(NURSE, "left"),
    ]
    for end in ways:
        browser.sign_in()
        assert browser.enter().status_code == 201
        end()
        assert browser.me() is None
        assert browser.people() == []
        assert refusal(browser.enter()) == (403, "shift_over")


def test_ending_all_other_sessions_from_the_tablet_leaves_its_shift(house: House) -> None:
    browser, _ = with_pin(house)
    there, _ = enrolled(house)
    there.sign_in()
    assert browser.ask("POST", "/v1/sessions/revocation", {"keep_current": True}).json()["revoked"] >= 1
    assert browser.me() == NURSE
    assert browser.enter().status_code == 201
    assert there.people() == []


def test_people_of_other_sites_have_no_shift_but_their_sessions_end_with_the_tablet(house: House) -> None:
    browser, tablet_id = enrolled(house)
    for user in (MANAGER, "nurse-one-lil"):
        visitor = Browser(house, {"planimeter_tablet": browser.cookies["planimeter_tablet"]})
        visitor.sign_in(user)
        assert visitor.people() == []
        house.cookies.pop(MANAGER, None)
    assert visitor.me() == "nurse-one-lil"
    assert refusal(visitor.choose()) == (403, "forbidden")
    body = {"reason": "lost"}
    assert house.request(MANAGER, "POST", f"/v1/tablets/{tablet_id}/revocation", json=body).status_code == 200
    assert visitor.me() is None


def test_revoking_ends_sessions_and_pins_at_once_and_says_so_once(house: House) -> None:
    browser, tablet_id = with_pin(house)
    elsewhere = Browser(house)
    elsewhere.sign_in()
    assert listed(house)[0]["revoked_at"] is None
    path, before = f"/v1/tablets/{tablet_id}/revocation", len(house.audit())
    assert refusal(house.request(MANAGER, "POST", path, json={"reason": "  "})) == (422, "reason_missing")
    for _ in range(2):
        answer = house.request(MANAGER, "POST", path, json={"reason": "left on the tram"})
        assert answer.status_code == 200
        assert answer.json()["revoked_at"] is not None
    (event,) = [event for event in house.audit()[before:] if event["action"] == "tablet.revoked"]
    after = json.loads(event["after"])
    assert (event["reason"], after["pins_voided"], len(after["sessions_closed"])) == (
        "left on the tram",
        1,
        1,
    )
    assert browser.me() is None
    assert refusal(browser.ask("GET", "/v1/tablet")) == (404, "tablet_not_enrolled")
    assert refusal(browser.enter()) == (404, "tablet_not_enrolled")
    assert browser.ask("GET", "/v1/tablet/vault-key").status_code == 401
    assert house.count(tablet_people) == 0
    assert elsewhere.me() == NURSE
    browser.sign_in()  # an ordinary browser from now on
    assert refusal(browser.choose()) == (404, "tablet_not_enrolled")


def test_a_revoked_tablets_code_enrols_nothing(house: House) -> None:
    tablet = announced(house)
    path = f"/v1/tablets/{tablet['id']}/revocation"
    assert house.request(MANAGER, "POST", path, json={"reason": "a mistake"}).status_code == 200
    answer = Browser(house).ask("POST", "/v1/tablets/enrolment", {"code": tablet["enrolment_code"]})
    assert refusal(answer) == (403, "enrolment_refused")


def test_last_seen_is_written_at_its_grain_and_not_at_every_request(house: House) -> None:
    browser, _ = with_pin(house)
    seen = {listed(house)[0]["last_seen_at"]}
    for _ in range(3):
        assert browser.me() == NURSE
        seen.add(listed(house)[0]["last_seen_at"])
    assert len(seen) <= 2  # that of enrolment, and that of the first look
    house.clock.moment += timedelta(minutes=16)
    browser.people()
    assert listed(house)[0]["last_seen_at"] > max(seen)


def test_the_vault_key_is_the_same_for_the_same_person_everywhere_and_for_no_other(house: House) -> None:
    browser, _ = with_pin(house)
    second, _ = enrolled(house)
    plain, colleague = Browser(house), Browser(house)
    second.sign_in()
    plain.sign_in()
    colleague.sign_in("nurse-one-lil")
    keys = [
        one.ask("GET", "/v1/tablet/vault-key").json()["key"] for one in (browser, second, plain, colleague)
    ]
    assert len(set(keys[:3])) == 1
    assert keys[3] != keys[0]
    assert all(len(base64.b64decode(key)) == 32 for key in keys)
    browser.ask("POST", "/v1/tablet/lock")
    browser.enter()
    assert browser.ask("GET", "/v1/tablet/vault-key").json()["key"] == keys[0]


def test_a_protocol_may_take_photographs_from_enrolled_tablets_only(house: House) -> None:
    centre = centre_of(house)
    plan = house.services.studies.protocol(centre.study_id, 1)
    strict = plan.capture.model_copy(update={"enrolled_tablets_only": True})
    house.services.studies.install(plan.model_copy(update={"capture": strict}))
    answer = house.put(NURSE, photo(9), ulcer_id=centre.ulcer_id)
    assert refusal(answer) == (403, "tablet_needed")
    assert [event["reason"] for event in house.audit(action="capture.turned_away")] == ["tablet_needed"]

    def send(browser: Browser) -> httpx.Response:
        house.cookies[NURSE] = "; ".join(
            [
                browser.cookies["planimeter_session"],
                f"planimeter_tablet={browser.cookies['planimeter_tablet']}",
            ]
        )
        return house.put(NURSE, photo(9), ulcer_id=centre.ulcer_id, capture_id="a" * 32)

    browser, _ = enrolled(house)
    browser.sign_in()
    assert send(browser).status_code == 201
    house.cookies.pop(NURSE)
    repeated = house.put(NURSE, photo(9), ulcer_id=centre.ulcer_id, capture_id="a" * 32)
    assert repeated.status_code == 200  # it had been taken: the sender may forget it
    foreign, _ = enrolled(house, "nurse-two-lyo")
    foreign.sign_in()
    assert foreign.me() == NURSE
    house.cookies[NURSE] = "; ".join(
        [foreign.cookies["planimeter_session"], f"planimeter_tablet={foreign.cookies['planimeter_tablet']}"]
    )
    elsewhere = house.put(NURSE, photo(8), ulcer_id=centre.ulcer_id)
    assert refusal(elsewhere) == (403, "tablet_needed")
