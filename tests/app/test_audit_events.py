"""Every route that changes something leaves exactly one event; so does every access that is refused.

A new route that changes something needs an entry in `CHANGES`; those of the reading room, which need
measured photographs, have theirs in tests/app/test_reading_room.py.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.domain.one_time_code import code_at, step_at
from tests.app.house import CHANGE, ELIGIBLE, PASSWORD, PLACE, House, open_house, photo
from tests.app.test_reading_room import STEPS
from tests.security.test_authorization_matrix import Route_, routes

TABLET_PIN = "730915"

SAFE = {"GET", "HEAD", "OPTIONS"}
MANAGER = "manager-one"
FACTOR = "/v1/me/second-factor"


@dataclass
class Scene:
    """The house, and the secret of a second factor under way."""

    house: House
    secret: str = field(default="")
    tablet: dict[str, Any] = field(default_factory=dict)
    tablet_cookie: str = field(default="")
    tablet_session: str = field(default="")

    def code(self) -> str:
        self.house.clock.moment += timedelta(seconds=60)
        return code_at(base64.b32decode(self.secret), step_at(self.house.clock.moment.timestamp()))

    def post(self, path: str, **body: Any) -> httpx.Response:
        return self.house.request(MANAGER, "POST", path, json=body)


def sign_in(scene: Scene) -> httpx.Response:
    return scene.house.client.post("/v1/sessions", json={"username": "manager-two", "password": PASSWORD})


def begin(scene: Scene) -> httpx.Response:
    answer = scene.post(FACTOR, password=PASSWORD)
    scene.secret = answer.json()["secret"]
    return answer


def end_a_session(scene: Scene) -> Callable[[], httpx.Response]:
    own = scene.house.get(MANAGER, "/v1/sessions").json()[0]["id"]
    return lambda: scene.house.request(MANAGER, "DELETE", f"/v1/sessions/{own}")


def enrol(scene: Scene) -> httpx.Response:
    centre = scene.house.centres[0]
    body = {"site_code": centre.site_code, "subject_code": "NEW-001", "baseline_on": "2026-01-05"}
    return scene.house.request(centre.nurse, "POST", f"/v1/studies/{centre.study_id}/subjects", json=body)


def draw(scene: Scene) -> httpx.Response:
    centre = scene.house.centres[0]
    path = f"/v1/subjects/{centre.subject_id}/ulcers"
    body = PLACE | {"eligibility": ELIGIBLE}
    return scene.house.request(centre.nurse, "POST", path, json=body)


def send(scene: Scene) -> httpx.Response:
    centre = scene.house.centres[0]
    return scene.house.put(centre.nurse, photo(9), ulcer_id=centre.ulcer_id)


def announce(scene: Scene) -> httpx.Response:
    centre = scene.house.centres[0]
    answer = scene.house.request(
        MANAGER,
        "POST",
        f"/v1/studies/{centre.study_id}/tablets",
        json={"site_code": centre.site_code, "name": "Tablet 1"},
    )
    scene.tablet = answer.json()
    return answer


def enrol_tablet(scene: Scene) -> httpx.Response:
    body = {"code": scene.tablet["enrolment_code"]}
    answer = scene.house.request(None, "POST", "/v1/tablets/enrolment", json=body)
    scene.tablet_cookie = f"planimeter_tablet={answer.cookies['planimeter_tablet']}"
    return answer


def begin_shift(scene: Scene) -> httpx.Response:
    """Sign in on the enrolled tablet: the session and the shift are one event."""
    body = {"username": scene.house.centres[0].nurse, "password": PASSWORD}
    answer = on_tablet(scene, "POST", "/v1/sessions", **body)
    scene.tablet_session = f"planimeter_session={answer.cookies['planimeter_session']}"
    return answer


def on_tablet(scene: Scene, method: str, path: str, **body: str) -> httpx.Response:
    scene.house.client.cookies.clear()
    headers = CHANGE | {"Cookie": f"{scene.tablet_cookie}; {scene.tablet_session}"}
    return scene.house.client.request(method, path, json=body or None, headers=headers)


def revoke_tablet(scene: Scene) -> httpx.Response:
    path = f"/v1/tablets/{scene.tablet['id']}/revocation"
    return scene.house.request(MANAGER, "POST", path, json={"reason": "lost"})


LOGGED_ALONE = {("POST", "/v1/page-errors")}
"""Routes that take something but change nothing: it goes into the log, not into the trail."""


def note(scene: Scene) -> httpx.Response:
    centre = scene.house.centres[0]
    body = {"ulcer_id": centre.ulcer_id, "visit_code": "w4", "taken_at": "2026-02-02T10:00:00Z", "pain": 3}
    return scene.house.request(centre.nurse, "PUT", f"/v1/visit-notes/{secrets.token_hex(16)}", json=body)


def confirm_print(scene: Scene) -> httpx.Response:
    centre = scene.house.centres[0]
    body = {"site_code": centre.site_code, "printer": "Ward 3", "check_bar_mm": 100.0}
    path = f"/v1/studies/{centre.study_id}/card-prints"
    return scene.house.request(centre.nurse, "POST", path, json=body)


def shoot(scene: Scene) -> httpx.Response:
    """A photograph without a card: refused, and kept all the same."""
    centre, content = scene.house.centres[0], photo(9)
    return scene.house.request(
        centre.nurse, "PUT", f"/v1/phantom-shots/{secrets.token_hex(16)}", content=content,
        headers={"Content-Type": "image/png", "X-Content-SHA256": hashlib.sha256(content).hexdigest()},
        params={
            "study_id": centre.study_id, "site_code": centre.site_code, "taken_at": "2026-02-02T10:00:00Z",
        },
    )  # fmt: skip


CHANGES: dict[Route_, tuple[str, Callable[[Scene], httpx.Response]]] = {
    ("POST", "/v1/me/password"): (
        "account.password_changed",
        lambda scene: scene.house.request(
            MANAGER, "POST", "/v1/me/password", json={"password": PASSWORD, "new_password": PASSWORD}
        ),
    ),
    ("POST", FACTOR): ("second_factor.begun", begin),
    ("POST", f"{FACTOR}/confirmation"): (
        "second_factor.enabled",
        lambda scene: scene.post(f"{FACTOR}/confirmation", code=scene.code()),
    ),
    ("POST", f"{FACTOR}/removal"): (
        "second_factor.removed",
        lambda scene: scene.post(f"{FACTOR}/removal", password=PASSWORD, code=scene.code()),
    ),
    ("POST", "/v1/studies/{study_id}/subjects"): ("subject.enrolled", enrol),
    ("POST", "/v1/subjects/{subject_id}/ulcers"): ("ulcer.drawn", draw),
    ("POST", "/v1/studies/{study_id}/tablets"): ("tablet.announced", announce),
    ("POST", "/v1/tablets/enrolment"): ("tablet.enrolled", enrol_tablet),
    ("POST", "/v1/sessions"): ("session.opened", begin_shift),
    ("PUT", "/v1/tablet/pin"): (
        "pin.chosen",
        lambda scene: on_tablet(scene, "PUT", "/v1/tablet/pin", password=PASSWORD, pin=TABLET_PIN),
    ),
    ("POST", "/v1/tablet/lock"): (
        "session.locked",
        lambda scene: on_tablet(scene, "POST", "/v1/tablet/lock"),
    ),
    ("POST", "/v1/tablet/sessions"): (
        "session.opened",
        lambda scene: on_tablet(
            scene,
            "POST",
            "/v1/tablet/sessions",
            username=scene.house.centres[0].nurse,
            pin=TABLET_PIN,
        ),
    ),
    ("POST", "/v1/tablets/{tablet_id}/revocation"): ("tablet.revoked", revoke_tablet),
    ("PUT", "/v1/visit-notes/{note_id}"): ("visit.noted", note),
    ("POST", "/v1/studies/{study_id}/card-prints"): ("card_print.confirmed", confirm_print),
    ("PUT", "/v1/phantom-shots/{shot_id}"): ("phantom_shot.refused", shoot),
    ("PUT", "/v1/captures/{capture_id}"): ("capture.received", send),
    ("DELETE", "/v1/sessions/{session_id}"): ("session.closed", lambda scene: end_a_session(scene)()),
    ("POST", "/v1/sessions/revocation"): (
        "session.all_closed",
        lambda scene: scene.post("/v1/sessions/revocation", keep_current=False),
    ),
    ("DELETE", "/v1/sessions/current"): (
        "session.closed",
        lambda scene: scene.house.request("manager-two", "DELETE", "/v1/sessions/current"),
    ),
    ("POST", "/v1/demo/session"): (
        "session.opened",
        lambda scene: scene.house.client.post("/v1/demo/session", json={"username": MANAGER}),
    ),
}
"""Each route that changes something: its event, and how it is asked for so that it does; in this order."""


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A demo on SQLite, where every route does something; nothing is measured, so that no job adds events."""
    folder = tmp_path_factory.mktemp("events")
    house = open_house(folder, f"sqlite:///{folder / 'planimeter.db'}", demo=True, measure_in_server=False)
    with house.client:
        house.furnish()
        yield Scene(house)


def test_every_route_that_changes_something_leaves_one_event(scene: Scene) -> None:
    there = {route for route in routes(scene.house.client.app) if route[0] not in SAFE}
    assert there == set(CHANGES) | set(STEPS) | LOGGED_ALONE
    house = scene.house
    for name in (MANAGER, "manager-two", house.centres[0].nurse):
        house.session(name)
    for route, (action, change) in CHANGES.items():
        if MANAGER not in house.cookies or house.get(MANAGER, "/v1/me").status_code == 401:
            house.cookies.pop(MANAGER, None)
            house.session(MANAGER)
        before = len(house.audit())
        answer = change(scene)
        assert answer.status_code in {200, 201, 204}, (route, answer.text)
        events = house.audit()[before:]
        assert [event["action"] for event in events] == [action], route
    assert house.services.trail.verify().ok


def test_sending_again_changes_nothing_and_leaves_nothing(scene: Scene) -> None:
    house, centre, name = scene.house, scene.house.centres[1], secrets.token_hex(16)
    house.session(centre.nurse)
    for status, more in ((201, 1), (200, 0)):
        before = len(house.audit())
        answer = house.put(centre.nurse, photo(9), ulcer_id=centre.ulcer_id, capture_id=name)
        assert (answer.status_code, len(house.audit()) - before) == (status, more)


def test_every_refusal_leaves_one_event(scene: Scene) -> None:
    house = scene.house
    house.session("reader-one-a")
    centre, nothing = house.centres[0], "f" * 32
    wrong_hash = {"Content-Type": "image/png", "X-Content-SHA256": hashlib.sha256(b"x").hexdigest()}
    ways: list[tuple[str, Callable[[], httpx.Response]]] = [
        ("login.refused", lambda: house.client.post("/v1/sessions", json={"username": "x", "password": "x"})),
        (
            "login.refused",
            lambda: house.client.post("/v1/sessions", json={"username": "manager-two", "password": "x"}),
        ),
        ("access.refused", lambda: house.get("reader-one-a", "/v1/audit")),
        ("access.refused", lambda: house.get("reader-one-a", "/v1/series")),
        ("access.refused", lambda: house.get("reader-one-a", f"/v1/assessments/{nothing}/overlay")),
        ("access.refused", lambda: house.request("reader-one-a", "DELETE", f"/v1/sessions/{nothing}")),
        ("access.refused", lambda: house.get("pipeline-one:series:read", "/v1/sessions")),
        ("access.refused", lambda: house.client.get("/v1/me", headers={"Authorization": "Bearer x"})),
        (
            "password.refused",
            lambda: house.request("reader-one-a", "POST", FACTOR, json={"password": "wrong"}),
        ),
        (
            "password.refused",
            lambda: house.request("reader-one-a", "POST", f"{FACTOR}/confirmation", json={"code": "1"}),
        ),
        (
            "capture.turned_away",
            lambda: house.request(
                centre.nurse, "PUT", f"/v1/captures/{nothing}", content=b"y", headers=wrong_hash,
                params={"ulcer_id": centre.ulcer_id, "visit_code": "w0"},
            ),
        ),
    ]  # fmt: skip
    for number, (action, refused) in enumerate(ways):
        before = len(house.audit())
        assert refused().status_code in {400, 401, 403, 404}, number
        assert [event["action"] for event in house.audit()[before:]] == [action], number


def test_the_event_stands_or_falls_with_its_change(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Events are written in the transaction that changes: when one cannot be, nothing has changed."""
    house = scene.house
    house.cookies.pop("manager-two", None)
    house.session("manager-two")
    sessions = house.get("manager-two", "/v1/sessions").json()
    monkeypatch.setattr("app.audit.store.append", lambda *_: 1 / 0)
    for change in (
        sign_in,
        lambda scene: scene.house.request("manager-two", "DELETE", "/v1/sessions/current"),
    ):
        assert change(scene).status_code == 500
    monkeypatch.undo()
    after = house.get("manager-two", "/v1/sessions").json()
    assert [row["id"] for row in after] == [row["id"] for row in sessions]
