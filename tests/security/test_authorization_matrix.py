"""Every route × nine identities × own and other object: what each is answered, and nothing left out.

A new route needs a line in `TABLE`, and an entry in `ASK` when it takes more than its path. In the table's
cells `200/404` is own and other; one number where both are answered alike, or the route concerns no object.
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
from starlette.routing import Route

from app.domain.one_time_code import code_at, step_at
from tests.app.house import ELIGIBLE, PASSWORD, PLACE, Centre, House, open_house, photo

NOBODY, ENDED, PIPELINE = "nobody", "ended", "pipeline"

IDENTITIES = {
    NOBODY: "no session, no token",
    ENDED: "a data manager's session that was revoked",
    "nurse": "site staff of study ONE, site LYO",
    "nurse_2": "site staff of study ONE, site LIL; other: LYO",
    "reader": "reader of study ONE; other: a second reader's cases",
    "adjudicator": "of study ONE; other: a reader's cases",
    "manager": "data manager of study ONE; other: study TWO",
    "manager_2": "data manager of study TWO; other: study ONE",
    PIPELINE: "service token of study ONE with every scope; other: study TWO",
}

TABLE = """
method path                                       nobody ended nurse   nurse_2 reader  adjudicator manager manager_2 pipeline
GET    /healthz                                   200    200   200     200     200     200         200     200       200
GET    /metrics                                   404    404   404     404     404     404         404     404       404
GET    /v1/openapi.json                           200    200   200     200     200     200         200     200       200
GET    /{path:path}                               200    200   200     200     200     200         200     200       200
POST   /v1/sessions                               401    401   401     401     401     401         401     401       401
GET    /v1/sessions                               401    401   200     200     200     200         200     200       403
POST   /v1/sessions/revocation                    401    401   200     200     200     200         200     200       403
DELETE /v1/sessions/current                       401    401   204     204     204     204         204     204       403
DELETE /v1/sessions/{session_id}                  401    401   204/404 204/404 204/404 204/404     204/404 204/404   403
GET    /v1/me                                     401    401   200     200     200     200         200     200       200
POST   /v1/me/password                            401    401   204     204     204     204         204     204       403
GET    /v1/me/second-factor                       401    401   200     200     200     200         200     200       403
POST   /v1/me/second-factor                       401    401   201     201     201     201         201     201       403
POST   /v1/me/second-factor/confirmation          401    401   200     200     200     200         200     200       403
POST   /v1/me/second-factor/removal               401    401   204     204     204     204         204     204       403
GET    /v1/provider/start                         404    404   404     404     404     404         404     404       404
GET    /v1/provider/callback                      404    404   404     404     404     404         404     404       404
POST   /v1/demo/session                           404    404   404     404     404     404         404     404       404
GET    /v1/studies                                401    401   200     200     403     403         200     200       403
GET    /v1/studies/{study_id}/ulcers              401    401   200     200     403     403         200/404 200/404   403
GET    /v1/studies/{study_id}/subjects            401    401   200     200     403     403         200/404 200/404   403
POST   /v1/studies/{study_id}/subjects            401    401   201/404 201/404 403     403         403     403       403
POST   /v1/subjects/{subject_id}/ulcers           401    401   201/404 201/404 403     403         403     403       403
PUT    /v1/visit-notes/{note_id}                  401    401   201/404 201/404 403     403         403     403       403
GET    /v1/ulcers/{ulcer_id}/visit-notes          401    401   200/404 200/404 403     403         200/404 200/404   403
GET    /v1/studies/{study_id}/card.pdf            401    401   200     200     403     403         200/404 200/404   403
POST   /v1/studies/{study_id}/card-prints         401    401   201/404 201/404 403     403         403     403       403
GET    /v1/studies/{study_id}/card-prints         401    401   200     200     403     403         200/404 200/404   403
PUT    /v1/phantom-shots/{shot_id}                401    401   201/404 201/404 403     403         403     403       403
GET    /v1/studies/{study_id}/phantom-shots       401    401   200     200     403     403         200/404 200/404   403
GET    /v1/studies/{study_id}/phantom-drift       401    401   403     403     403     403         200/404 200/404   403
PUT    /v1/captures/{capture_id}                  401    401   201/404 201/404 403     403         403     403       403
GET    /v1/captures                               401    401   200     200     403     403         200     200       403
GET    /v1/captures/{capture_id}                  401    401   200/404 200/404 403     403         200/404 200/404   403
GET    /v1/captures/{capture_id}/overlay          401    401   200/404 200/404 403     403         200/404 200/404   403
GET    /v1/captures/{capture_id}/comparison       401    401   200/404 200/404 403     403         200/404 200/404   403
GET    /v1/captures/{capture_id}/reading-image    401    401   200/404 200/404 403     403         200/404 200/404   403
GET    /v1/series                                 401    401   200     200     403     403         200/404 200/404   200/404
GET    /v1/endpoints                              401    401   403     403     403     403         200/404 200/404   200/404
GET    /v1/assessments                            401    401   403     403     200     200         403     403       200
GET    /v1/assessments/{case_code}/overlay        401    401   403     403     200/404 200/404     403     403       200/404
GET    /v1/assessments/{case_code}/comparison     401    401   403     403     200/404 200/404     403     403       200/404
GET    /v1/reading/queue                          401    401   403     403     200     200         403     403       403
POST   /v1/reading/cases/{reading_code}/opening   401    401   403     403     200/404 200/404     403     403       403
GET    /v1/reading/cases/{reading_code}           401    401   403     403     200/404 200/404     403     403       403
GET    /v1/reading/cases/{reading_code}/picture   401    401   403     403     200/404 200/404     403     403       403
PUT    /v1/reading/cases/{reading_code}/draft     401    401   403     403     409/404 409/404     403     403       403
POST   /v1/reading/cases/{reading_code}/own-outline 401  401   403     403     409/404 409/404     403     403       403
POST   /v1/reading/cases/{reading_code}/lock      401    401   403     403     409/404 409/404     403     403       403
GET    /v1/reading/progress                       401    401   403     403     403     403         200/404 200/404   403
GET    /v1/reading/agreement                      401    401   403     403     403     403         200/404 200/404   403
GET    /v1/reading/signatures                     401    401   403     403     403     403         200/404 200/404   403
POST   /v1/reading/timepoints/{capture_id}/reopening 401 401   403     403     403     403         201/404 409/404   403
GET    /v1/audit                                  401    401   403     403     403     403         200     200       403
GET    /v1/studies/{study_id}/tablets             401    401   403     403     403     403         200/404 200/404   403
POST   /v1/studies/{study_id}/tablets             401    401   403     403     403     403         201/404 201/404   403
POST   /v1/tablets/{tablet_id}/revocation         401    401   403     403     403     403         200/404 200/404   403
POST   /v1/tablets/enrolment                      403    403   403     403     403     403         403     403       403
GET    /v1/tablet                                 404    404   404     404     404     404         404     404       404
PUT    /v1/tablet/pin                             401    401   404     404     403     403         403     403       403
POST   /v1/tablet/sessions                        404    404   404     404     404     404         404     404       404
POST   /v1/tablet/lock                            401    401   204     204     204     204         204     204       403
GET    /v1/tablet/vault-key                       401    401   200     200     403     403         403     403       403
POST   /v1/page-errors                            204    204   204     204     204     204         204     204       204
GET    /v1/audit/verify                           401    401   403     403     403     403         200     200       403
"""  # noqa: E501

Route_ = tuple[str, str]


def expectations() -> dict[Route_, dict[str, tuple[int, int]]]:
    """The table, read: own and other status of each identity on each route."""
    head, *lines = TABLE.strip().splitlines()
    names = head.split()[2:]
    assert names == list(IDENTITIES)
    read: dict[Route_, dict[str, tuple[int, int]]] = {}
    for line in lines:
        method, path, *cells = line.split()
        assert len(cells) == len(names), line
        assert (method, path) not in read, line
        pairs = (cell.partition("/")[::2] for cell in cells)
        read[method, path] = {
            name: (int(own), int(other or own)) for name, (own, other) in zip(names, pairs, strict=True)
        }
    return read


@dataclass
class Thing:
    """What is asked for: objects of one centre, and codes and sessions that belong to one account."""

    centre: Centre
    capture_id: str
    case_code: str = ""
    reading_code: str = "f" * 32
    tablet_id: str = ""
    session_id: str = "e" * 32

    @property
    def path(self) -> dict[str, str]:
        return {
            "study_id": self.centre.study_id,
            "subject_id": self.centre.subject_id,
            "ulcer_id": self.centre.ulcer_id,
            "capture_id": self.capture_id,
            "case_code": self.case_code,
            "reading_code": self.reading_code,
            "session_id": self.session_id,
            "tablet_id": self.tablet_id,
        }

    @property
    def names(self) -> tuple[str, ...]:
        """What must not stand in an answer to somebody out of reach."""
        of_centre = (self.centre.subject_id, self.centre.ulcer_id, self.centre.subject_code)
        return self.capture_id, self.tablet_id, *of_centre


@dataclass
class Scene:
    """The house with an account for each identity, and what each calls its own."""

    house: House
    users: dict[str, str | None]
    own: dict[str, Thing]
    other: dict[str, Thing]
    ended: str
    fresh: dict[str, str] = field(default_factory=dict)

    def is_person(self, identity: str) -> bool:
        return identity not in {NOBODY, ENDED, PIPELINE}

    def ask(self, identity: str, method: str, path: str, **more: Any) -> httpx.Response:
        user = self.users[identity]
        if identity == ENDED:
            self.house.cookies[str(user)] = self.ended
        return self.house.request(user, method, path, **more)

    def enter_again(self, identity: str) -> None:
        """Another session of the identity's account, so that ending one does not end the next cells."""
        if self.is_person(identity):
            self.house.cookies.pop(str(self.users[identity]), None)

    def code(self, secret: str) -> str:
        self.house.clock.moment += timedelta(minutes=2)
        step = step_at(self.house.clock.moment.timestamp())
        return code_at(base64.b32decode(secret), step)

    def begun(self, identity: str) -> str:
        """A code of a second factor that was just begun."""
        if not self.is_person(identity):
            return "000000"
        answer = self.ask(identity, "POST", "/v1/me/second-factor", json={"password": PASSWORD})
        assert answer.status_code == 201, answer.text
        self.fresh[identity] = answer.json()["secret"]
        return self.code(self.fresh[identity])

    def enabled(self, identity: str) -> str:
        """A code of a second factor that was just enabled."""
        first = self.begun(identity)
        if not self.is_person(identity):
            return first
        answer = self.ask(identity, "POST", "/v1/me/second-factor/confirmation", json={"code": first})
        assert answer.status_code == 200, answer.text
        return self.code(self.fresh[identity])

    def tidy(self, identity: str) -> None:
        """Take a second factor away that a cell left."""
        if identity in self.fresh:
            name = str(self.users[identity])
            self.fresh.pop(identity)
            if {line.username: line for line in self.house.services.register.lines()}[name].second_factor:
                self.house.services.register.remove_second_factor(name)


def _put(_scene: Scene, _identity: str, thing: Thing) -> dict[str, Any]:
    content = photo(9, salt=secrets.randbelow(60_000))
    return {
        "content": content,
        "params": {"ulcer_id": thing.centre.ulcer_id, "visit_code": "w4"},
        "headers": {
            "Content-Type": "image/png",
            "X-Content-SHA256": hashlib.sha256(content).hexdigest(),
        },
    }


def _note(_scene: Scene, _identity: str, thing: Thing) -> dict[str, Any]:
    taken_at = "2026-02-02T10:00:00Z"
    return {"json": {"ulcer_id": thing.centre.ulcer_id, "visit_code": "w4", "taken_at": taken_at}}


def _print(_scene: Scene, _identity: str, thing: Thing) -> dict[str, Any]:
    return {"json": {"site_code": thing.centre.site_code, "printer": "Ward 3", "check_bar_mm": 100.0}}


def _shot(scene: Scene, identity: str, thing: Thing) -> dict[str, Any]:
    place = {"study_id": thing.centre.study_id, "site_code": thing.centre.site_code}
    return _put(scene, identity, thing) | {"params": place | {"taken_at": "2026-02-02T10:00:00Z"}}


def _subject(_scene: Scene, _identity: str, thing: Thing) -> dict[str, Any]:
    code = f"X-{secrets.token_hex(4)}"
    return {"json": {"site_code": thing.centre.site_code, "subject_code": code, "baseline_on": "2026-01-05"}}


SIGNATURE = {"password": PASSWORD, "meaning_accepted": True}

Asked = Callable[[Scene, str, Thing], dict[str, Any]]

ASK: dict[Route_, Asked] = {
    ("POST", "/v1/sessions"): lambda *_: {"json": {"username": "no such name", "password": "x"}},
    ("POST", "/v1/sessions/revocation"): lambda *_: {"json": {"keep_current": False}},
    ("POST", "/v1/me/password"): lambda *_: {"json": {"password": PASSWORD, "new_password": PASSWORD}},
    ("POST", "/v1/me/second-factor"): lambda *_: {"json": {"password": PASSWORD}},
    ("POST", "/v1/me/second-factor/confirmation"): lambda scene, who, _: {"json": {"code": scene.begun(who)}},
    ("POST", "/v1/me/second-factor/removal"): lambda scene, who, _: {
        "json": {"password": PASSWORD, "code": scene.enabled(who)}
    },
    ("POST", "/v1/demo/session"): lambda *_: {"json": {"username": "reader-one-a"}},
    ("POST", "/v1/studies/{study_id}/tablets"): lambda _scene, _who, thing: {
        "json": {"site_code": thing.centre.site_code, "name": "Tablet"}
    },
    ("POST", "/v1/tablets/{tablet_id}/revocation"): lambda *_: {"json": {"reason": "Of the test."}},
    ("POST", "/v1/tablets/enrolment"): lambda *_: {"json": {"code": "0000-0000-0000"}},
    ("PUT", "/v1/tablet/pin"): lambda *_: {"json": {"password": PASSWORD, "pin": "730915"}},
    ("POST", "/v1/tablet/sessions"): lambda *_: {"json": {"username": "nurse-one-lyo", "pin": "730915"}},
    ("POST", "/v1/page-errors"): lambda *_: {
        "json": {"name": "TypeError", "where": "assets/a.js:1:2", "page": "/capture", "version": "0.1.0"}
    },
    ("POST", "/v1/studies/{study_id}/subjects"): _subject,
    ("POST", "/v1/subjects/{subject_id}/ulcers"): lambda *_: {"json": PLACE | {"eligibility": ELIGIBLE}},
    ("PUT", "/v1/visit-notes/{note_id}"): _note,
    ("POST", "/v1/studies/{study_id}/card-prints"): _print,
    ("PUT", "/v1/phantom-shots/{shot_id}"): _shot,
    ("PUT", "/v1/captures/{capture_id}"): _put,
    ("GET", "/v1/captures"): lambda _scene, _who, thing: {"params": {"ulcer_id": thing.centre.ulcer_id}},
    ("GET", "/v1/series"): lambda _scene, _who, thing: {"params": {"study_id": thing.centre.study_id}},
    ("GET", "/v1/endpoints"): lambda _scene, _who, thing: {"params": {"study_id": thing.centre.study_id}},
    ("PUT", "/v1/reading/cases/{reading_code}/draft"): lambda *_: {
        "json": {"number": 1, "category": "closed"}
    },
    ("POST", "/v1/reading/cases/{reading_code}/lock"): lambda *_: {"json": SIGNATURE},
    ("POST", "/v1/reading/timepoints/{capture_id}/reopening"): lambda *_: {
        "json": {"reason": "Of the test."}
    },
    **{
        ("GET", f"/v1/reading/{name}"): lambda _scene, _who, thing: {
            "params": {"study_id": thing.centre.study_id}
        }
        for name in ("progress", "agreement", "signatures")
    },
}
"""What a route takes besides its path."""

BY_QUERY = {
    ("GET", "/v1/captures"), ("GET", "/v1/series"), ("GET", "/v1/endpoints"), ("GET", "/v1/reading/progress"),
    ("GET", "/v1/reading/agreement"), ("GET", "/v1/reading/signatures"),
}  # fmt: skip
"""Routes whose object is named in the query rather than in the path."""

NEW_NAME = {
    ("PUT", "/v1/captures/{capture_id}"): "capture_id",
    ("PUT", "/v1/visit-notes/{note_id}"): "note_id",
    ("PUT", "/v1/phantom-shots/{shot_id}"): "shot_id",
}
"""Routes whose identifier is of the caller's making."""


def routes(app: Any) -> Iterator[Route_]:
    """Every method and path that the service answers, those of included routers with it."""
    for route in app.routes:
        if hasattr(route, "original_router"):
            yield from routes(route.original_router)
            continue
        assert isinstance(route, Route), f"{route} is a kind of route that this test does not know"
        for method in sorted(route.methods or ()):
            if method != "HEAD":
                yield method, route.path


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("matrix")
    house = open_house(folder, f"sqlite:///{folder / 'planimeter.db'}")
    with house.client:
        house.furnish()
        centres = {centre.nurse: centre for centre in house.centres}
        things: dict[str, Thing] = {}
        for number, nurse in enumerate(("nurse-one-lyo", "nurse-one-lil", "nurse-two-lyo")):
            centre = centres[nurse]
            house.measured(nurse, photo(20 + number), ulcer_id=centre.ulcer_id)
            capture = house.measured(nurse, photo(10 + number), ulcer_id=centre.ulcer_id, visit="w2")
            things[nurse] = Thing(centre, capture["id"], tablet_id=_tablet(house, centre))
        yield _with_everyone(house, things)


def _tablet(house: House, centre: Centre) -> str:
    """A tablet of the centre's site."""
    study_code = centre.nurse.split("-")[1].upper()
    return house.services.tablets.announce_by_command(study_code, centre.site_code, "Tablet").id


def _read(house: House, user: str, **said: Any) -> str:
    """Read every case of an account to the end; the code of the last."""
    last = ""
    while (code := house.get(user, "/v1/reading/queue").json()["next_code"]) is not None:
        path, last = f"/v1/reading/cases/{code}", code
        assert house.request(user, "POST", f"{path}/opening").status_code == 200
        draft = {"number": 1, "confidence": 3, **said}
        assert house.request(user, "PUT", f"{path}/draft", json=draft).status_code == 200
        assert house.request(user, "POST", f"{path}/lock", json=SIGNATURE).status_code == 201
    return last


def _with_everyone(house: House, things: dict[str, Thing]) -> Scene:
    house.tokens["pipeline-one:all"] = house.services.register.issue_token(
        "pipeline-one", ["series:read", "assessments:read"], timedelta(days=1)
    )
    lyo, lil, two = (things[nurse] for nurse in ("nurse-one-lyo", "nurse-one-lil", "nurse-two-lyo"))
    users = {
        NOBODY: None, ENDED: "manager-one", "nurse": "nurse-one-lyo", "nurse_2": "nurse-one-lil",
        "reader": "reader-one-a", "adjudicator": "adjudicator-one", "manager": "manager-one",
        "manager_2": "manager-two", PIPELINE: "pipeline-one:all",
    }  # fmt: skip
    own = dict.fromkeys(IDENTITIES, lyo) | {"nurse_2": lil, "manager_2": two}
    other = dict.fromkeys(IDENTITIES, two) | {"nurse": lil, "nurse_2": lyo, "manager_2": lyo}
    square = [[[5.0, 5.0], [20.0, 5.0], [20.0, 20.0], [5.0, 20.0]]]
    readings = {
        "reader": _read(house, "reader-one-a", category="open", rings=square),
        "reader b": _read(house, "reader-one-b", category="closed"),
        "adjudicator": _read(house, "adjudicator-one", choice="drawn", category="closed"),
    }
    house.settle()
    cases = {
        name: house.get(user, "/v1/assessments").json()["items"][0]["case_code"]
        for name, user in (
            ("reader", "reader-one-a"), ("reader b", "reader-one-b"), ("adjudicator", "adjudicator-one"),
            (PIPELINE, "pipeline-one:all"),
        )
    }  # fmt: skip
    ended = house.session("manager-one")
    assert house.request("manager-one", "DELETE", "/v1/sessions/current").status_code == 204
    house.cookies.clear()

    def thing(of: Thing, name: str, case: str) -> Thing:
        reading = readings.get(case, "f" * 32)
        return Thing(of.centre, of.capture_id, cases.get(case, "f" * 32), reading, of.tablet_id)

    scene = Scene(house, users, {}, {}, ended)
    for name in IDENTITIES:
        scene.own[name] = thing(own[name], name, name if name in cases else "reader b")
        scene.other[name] = thing(other[name], name, "reader b")
    return scene


def _cell(scene: Scene, route: Route_, identity: str, thing: Thing) -> httpx.Response:
    method, path = route
    scene.enter_again(identity)
    asked = ASK[route](scene, identity, thing) if route in ASK else {}
    filled = dict(thing.path, path="study")
    if route in NEW_NAME:
        filled[NEW_NAME[route]] = secrets.token_hex(16)
    address = path.replace("{path:path}", "{path}").format(**filled)
    answer = scene.ask(identity, method, address, **asked)
    scene.tidy(identity)
    return answer


def _own_session(scene: Scene, identity: str) -> str:
    """A session of the identity's account besides the one that asks."""
    if not scene.is_person(identity):
        return "e" * 32
    scene.enter_again(identity)
    (first,) = [row for row in scene.ask(identity, "GET", "/v1/sessions").json() if row["current"]]
    return str(first["id"])


def test_every_route_has_a_row_and_every_row_a_route(scene: Scene) -> None:
    there = list(routes(scene.house.client.app))
    assert len(there) == len(set(there))
    described = scene.house.client.get("/v1/openapi.json").json()["paths"]
    assert {(method.upper(), path) for path, methods in described.items() for method in methods} <= set(there)
    missing = set(there) - set(expectations())
    assert not missing, f"routes without a row in the table: {sorted(missing)}"
    gone = set(expectations()) - set(there)
    assert not gone, f"rows without a route: {sorted(gone)}"
    assert set(ASK) <= set(there)


def test_matrix(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    cells, wrong = 0, []
    strangers_session = _own_session(scene, "manager_2")
    for route, expected in expectations().items():
        of_object = "{" in route[1].replace("{path:path}", "") or route in BY_QUERY
        for identity, (own, other) in expected.items():
            for status, thing in ((own, scene.own[identity]), (other, scene.other[identity]))[
                : 1 + of_object
            ]:
                is_other = thing is scene.other[identity]
                if "{session_id}" in route[1]:
                    thing.session_id = strangers_session if is_other else _own_session(scene, identity)
                    if is_other and identity == "manager_2":
                        thing.session_id = _own_session(scene, "manager")
                answer = _cell(scene, route, identity, thing)
                cells += 1
                if answer.status_code != status:
                    wrong.append(
                        (route, identity, "other" if is_other else "own", status, answer.status_code)
                    )
                if is_other and route != ("GET", "/v1/audit"):
                    assert not [name for name in thing.names if name in answer.text], (route, identity)
    with capsys.disabled():
        print(f"\nauthorization: {len(expectations())} routes × {len(IDENTITIES)} identities, {cells} cells")
    assert not wrong, wrong
    assert cells >= len(expectations()) * len(IDENTITIES)
