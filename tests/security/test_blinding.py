"""What the reading committee can get holds none of the values planted in everything that enters."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import sqlalchemy as sa
from PIL import Image

from app.captures.measurer import PipelineMeasurer
from app.demo import PROTOCOL_FILE
from app.domain.case_assembly import is_repeated
from app.platform.tables import reading_cases
from app.platform.telemetry import configure_logs
from app.services import Services
from app.studies.service import read_protocol
from calibration.phantom import Camera, Header, Scene, UlcerShape, encode_jpeg, render
from tests.app.house import ELIGIBLE, PASSWORD, PLACE, House, SetClock, open_house

SITE = "CNRYSITE7"
SITE_NAME = "Canarysiteville"
SUBJECT = "CNRYSUBJ-4711"
STUDY = "CNRYSTUDY"
TITLE = "Canarytitle"
VISIT = "cnryvisit"
VISIT_LABEL = "Canaryvisitlabel"
ULCER = "CNRYULCER"
NURSE = "cnry-nurse"
MAKER, MODEL = "CNRYMAKER", "CNRYMODEL"
BASELINE_ON = "1987-03-14"
TAKEN = datetime(1987, 4, 11, 13, 37, 42, tzinfo=UTC)
RECEIVED = datetime(2031, 7, 19, 8, 9, 10, tzinfo=UTC)
GPS = (45.764043, 4.835659)

READERS = ("reader-a", "reader-b", "adjudicator")
PIPELINE = "pipeline:assessments:read"


CHARTER = """
[reading_charter]
hidden_repeats_percent = 50.0
machine_outline = "after_own"
area_shown = true
"""

OUTLINES = {"reader-a": 131.7, "reader-b": 139.3}
"""A corner of what each reader draws, px in the whole picture: the other must never meet it."""


@dataclass
class Planted:
    """A service on SQLite with the real pipeline, its canaries, and each reader's cases, read to the end."""

    house: House
    canaries: dict[str, str]
    codes: dict[str, list[str]] = field(default_factory=dict)


def _photograph(advance_mm: float) -> bytes:
    scene = Scene(
        camera=Camera(width_px=1280, height_px=960, distance_mm=90.0),
        ulcers=(UlcerShape(s_mm=16.0, phi_deg=0.0, mean_radius_mm=2.2, advance_mm=advance_mm),),
    )
    header = Header(
        focal_35mm=26.0, make=MAKER, model=MODEL, taken_at=TAKEN.strftime("%Y:%m:%d %H:%M:%S"), gps=GPS
    )
    return encode_jpeg(render(scene).rgb, 85, header)


def _protocol() -> str:
    text = PROTOCOL_FILE.read_text(encoding="utf-8")
    text = (
        text.replace('"DEMO"', f'"{STUDY}"')
        .replace("Demonstration study", TITLE)
        .replace("Étude de démonstration", TITLE)
    )
    text = text.replace('"LYO"', f'"{SITE}"').replace('"Lyon"', f'"{SITE_NAME}"')
    text = re.sub(r'"w(\d+)"', rf'"{VISIT}\1"', re.sub(r'"(Week|Semaine) ', rf'"{VISIT_LABEL} ', text))
    return re.sub(r"\[reading_charter\].*?(?=\n\[)", CHARTER.strip(), text, flags=re.DOTALL)


def _read(planted: Planted, user: str, say: Callable[[dict[str, Any], int], dict[str, Any]]) -> None:
    """Read all cases of an account to the end, as its page does."""
    house, codes = planted.house, planted.codes.setdefault(user, [])
    while (code := house.get(user, "/v1/reading/queue").json()["next_code"]) is not None:
        codes.append(code)
        case = house.request(user, "POST", f"/v1/reading/cases/{code}/opening").json()
        draft = {"number": 1, "confidence": 3} | say(case, len(codes))
        assert house.request(user, "PUT", f"/v1/reading/cases/{code}/draft", json=draft).status_code == 200
        if user in OUTLINES and draft["category"] == "open":
            house.request(user, "POST", f"/v1/reading/cases/{code}/own-outline")
        signature = {"password": PASSWORD, "meaning_accepted": True}
        answer = house.request(user, "POST", f"/v1/reading/cases/{code}/lock", json=signature)
        assert answer.status_code == 201, answer.text


def _square(corner_px: float, side_px: float) -> list[list[list[float]]]:
    far = corner_px + side_px
    return [[[corner_px, corner_px], [far, corner_px], [far, far], [corner_px, far]]]


def _read_everything(planted: Planted) -> None:
    """One reader finds the last timepoint closed, the other open: the adjudicator takes it for open."""
    _read(planted, "reader-a", lambda _, __: {"category": "open", "rings": _square(OUTLINES["reader-a"], 60)})
    closed = _closed_case(planted)
    _read(
        planted, "reader-b",
        lambda case, _: {"category": "closed"} if case["code"] in closed
        else {"category": "open", "rings": _square(OUTLINES["reader-b"], 58)},
    )  # fmt: skip
    _read(planted, "adjudicator", lambda case, _: {"choice": _open_side(case)})
    planted.house.settle()


def _open_side(case: dict[str, Any]) -> str:
    return next(name for name, side in case["sides"].items() if side["category"] == "open")


def _closed_case(planted: Planted) -> set[str]:
    """The second reader's cases of one later timepoint."""
    planted.house.get("reader-b", "/v1/reading/queue")
    capture = planted.canaries["capture 4"]
    with planted.house.services.database.read() as connection:
        query = sa.select(reading_cases.c.code).where(reading_cases.c.capture_id == capture)
        return set(connection.scalars(query))


def _repeated_id(services: Services) -> str:
    """A capture that gives the first reader a hidden repeat: left to chance, some runs have none."""
    reader = services.register.known(READERS[0]).account_id
    drawn = (secrets.token_hex(16) for _ in range(1_000))
    return next(one for one in drawn if is_repeated(services.settings.secret_bytes, reader, one, 50.0))


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    """Everything that could unblind, planted, and the study read."""
    folder = tmp_path_factory.mktemp("planted")
    clock = SetClock(RECEIVED)
    house = open_house(
        folder, f"sqlite:///{folder / 'planimeter.db'}", measurer=PipelineMeasurer(1), clock=clock
    )
    canaries = {
        "site": SITE,
        "site name": SITE_NAME,
        "subject": SUBJECT,
        "study": STUDY,
        "title": TITLE,
        "visit": VISIT,
        "visit label": VISIT_LABEL,
        "ulcer": ULCER,
        "uploader": NURSE,
        "maker": MAKER,
        "camera": MODEL,
        "baseline": BASELINE_ON,
        "taken": TAKEN.strftime("%Y-%m-%d"),
        "taken (EXIF)": TAKEN.strftime("%Y:%m:%d"),
        "received": RECEIVED.strftime("%Y-%m-%d"),
        "received (HTTP)": RECEIVED.strftime("%d %b %Y"),
        "received (Unix)": str(int(RECEIVED.timestamp()))[:6],
        "latitude": str(GPS[0])[:6],
        "longitude": str(GPS[1])[:5],
    }
    with house.client:
        services = house.services
        study_id = services.studies.install(read_protocol(_protocol()))
        _, sites = services.studies.site_ids(STUDY)
        services.register.add(NURSE, "site_staff", password=PASSWORD, reach=((study_id, sites[SITE]),))
        for name in READERS:
            services.register.add(name, name.split("-")[0], password=PASSWORD, reach=((study_id, None),))
        services.register.add("pipeline", "pipeline", reach=((study_id, None),))
        house.tokens[PIPELINE] = services.register.issue_token(
            "pipeline", ["assessments:read"], timedelta(days=9)
        )
        subject = house.request(
            NURSE, "POST", f"/v1/studies/{study_id}/subjects",
            json={"site_code": SITE, "subject_code": SUBJECT, "baseline_on": BASELINE_ON},
        ).json()  # fmt: skip
        ulcer = house.request(
            NURSE, "POST", f"/v1/subjects/{subject['id']}/ulcers",
            json=PLACE | {"code": ULCER, "eligibility": ELIGIBLE},
        ).json()  # fmt: skip
        canaries |= {
            "study id": study_id,
            "site id": sites[SITE],
            "subject id": subject["id"],
            "ulcer id": ulcer["id"],
        }
        for number, advance in ((0, 0.0), (2, 0.4), (4, 0.8)):
            content = _photograph(advance)
            capture = house.measured(
                NURSE, content, ulcer_id=ulcer["id"], visit=f"{VISIT}{number}", media_type="image/jpeg",
                taken_at=TAKEN.isoformat(), capture_id=_repeated_id(services),
            )  # fmt: skip
            assert capture["state"] == "measured", capture
            canaries[f"capture {number}"] = capture["id"]
            canaries[f"photo {number}"] = hashlib.sha256(content).hexdigest()
        planted = Planted(house, canaries)
        _read_everything(planted)
        yield planted


def _spellings(value: str) -> dict[str, bytes]:
    """A value as it is, and as it could be hidden."""
    raw = value.encode()
    shifts = [base64.b64encode(b"\0" * shift + raw)[4:-4] for shift in range(3)]
    spellings = {
        "raw": raw,
        "hex": raw.hex().encode(),
        "url": quote(value, safe="").encode(),
        **{f"base64 at {shift}": part for shift, part in enumerate(shifts) if len(part) >= 6},
    }
    for name in ("md5", "sha1", "sha256"):
        spellings[name] = hashlib.new(name, raw).hexdigest().encode()
    return {name: part.lower() if "base64" not in name else part for name, part in spellings.items()}


def _bytes_of(answer: httpx.Response) -> bytes:
    headers = b"\n".join(name + b": " + value for name, value in answer.headers.raw)
    return headers + b"\n\n" + answer.content


ENDS_THE_SESSION = {("delete", "/v1/sessions/current"), ("post", "/v1/tablet/lock")}
"""Routes that answer with nothing, and after which nothing could be asked for any more."""


def _crawl(planted: Planted, user: str) -> dict[str, bytes]:
    """Every byte that the user can get: each route with good, foreign and bad values, and the pages."""
    house = planted.house
    found: dict[str, bytes] = {}

    def ask(method: str, path: str, **more: object) -> httpx.Response:
        answer = house.request(user, method, path, **more)
        found[f"{method} {path} {more}"] = _bytes_of(answer)
        return answer

    paths = ask("GET", "/v1/openapi.json").json()["paths"]
    foreign = secrets.token_hex(16)
    for path, methods in paths.items():
        for method in methods:
            if (method, path) in ENDS_THE_SESSION:
                continue
            filled = re.sub(r"\{.*?\}", foreign, path)
            ask(method.upper(), filled)
            ask(
                method.upper(),
                filled,
                params={"cursor": "nonsense", "study_id": foreign, "ulcer_id": foreign},
            )
            ask(method.upper(), filled, json={"nonsense": True})
    for page in ("/", "/study", "/nowhere", "/v1/nowhere", "/v1/captures/x"):
        ask("GET", page)
    for code in planted.codes.get(user, []):
        case = f"/v1/reading/cases/{code}"
        for method, path in (("GET", case), ("GET", f"{case}/picture"), ("POST", f"{case}/opening")):
            assert ask(method, path).status_code == 200
        ask("PUT", f"{case}/draft", json={"number": 9, "category": "closed"})
        ask("POST", f"{case}/lock", json={"password": PASSWORD, "meaning_accepted": True})
        ask("POST", f"{case}/own-outline")
    cursor = None
    while True:
        answer = ask("GET", "/v1/assessments", params={"cursor": cursor} if cursor else {}).json()
        for item in answer["items"]:
            ask("GET", item["overlay_url"])
            ask("GET", item["comparison_url"])
        cursor = answer["next_cursor"]
        if cursor is None:
            return found


@pytest.mark.parametrize("user", [*READERS, PIPELINE])
def test_no_byte_tells(planted: Planted, user: str) -> None:
    canaries, found = planted.canaries, _crawl(planted, user)
    own_rows = [text for name, text in found.items() if name.startswith("GET /v1/assessments {")]
    assert any(b'"area_mm2"' in text for text in own_rows), (
        "the crawl reached no assessment: it has not tested"
    )
    hits = [
        (what, spelling, where)
        for where, text in found.items()
        for what, value in canaries.items()
        for spelling, part in _spellings(value).items()
        if part in (text if "base64" in spelling else text.lower())
    ]
    assert not hits, hits[:5]


def test_canaries_are_where_they_belong(planted: Planted) -> None:
    """The search finds what is there: staff and their data see the very same values."""
    house, canaries = planted.house, planted.canaries
    staff = b"".join(
        _bytes_of(house.get(NURSE, path)).lower()
        for path in (
            "/v1/studies",
            f"/v1/studies/{canaries['study id']}/ulcers",
            "/v1/captures",
            "/v1/series",
            "/v1/me",
        )
    )
    for what in (
        "site",
        "site name",
        "subject",
        "study",
        "visit",
        "ulcer",
        "uploader",
        "received",
        "capture 2",
        "baseline",
    ):
        assert _spellings(canaries[what])["raw"] in staff, what


def test_assessment_has_these_fields_and_no_others(planted: Planted) -> None:
    house = planted.house
    page = house.get("reader-a", "/v1/assessments").json()
    assert set(page) == {"items", "next_cursor"}
    assert len(page["items"]) == 2, "two later timepoints; the baseline has no healing to assess"
    for item in page["items"]:
        assert set(item) == {
            "case_code", "status", "source", "category", "area_mm2", "u_area_mm2",
            "epithelialisation_percent", "verdict", "machine", "adjudicated", "agreement", "overlay_url",
            "comparison_url", "model", "version", "assessment_version", "charter_version",
        }  # fmt: skip
        assert re.fullmatch(r"[0-9a-f]{32}", item["case_code"])
        assert (item["status"], item["source"], item["category"]) == ("read", "readers", "open")
        assert item["epithelialisation_percent"] is not None
        assert item["machine"]["area_mm2"] > 0
        assert item["area_mm2"] == round(item["area_mm2"], 2)


def test_a_reader_never_meets_the_others_outline(planted: Planted) -> None:
    for user, other in (("reader-a", "reader-b"), ("reader-b", "reader-a")):
        own = [
            json.loads(planted.house.get(user, f"/v1/reading/cases/{code}").content)
            for code in planted.codes[user]
        ]
        drawn = [case["draft"]["rings"] for case in own if case["draft"]["rings"]]
        assert drawn
        sides = {round(ring[1][0] - ring[0][0], 1) for rings in drawn for ring in rings}
        assert sides == {60.0 if user == "reader-a" else 58.0}, other
        assert all(case["sides"] is None for case in own)


def test_a_repeat_cannot_be_told_from_the_first_read(planted: Planted) -> None:
    """Same fields, same headers, other bytes of another length, another place of the outline."""
    with planted.house.services.database.read() as connection:
        rows = connection.execute(
            sa.select(reading_cases).where(reading_cases.c.kind != "adjudication")
        ).all()
    pairs = [
        (first, again)
        for first in rows
        for again in rows
        if (first.account_id, first.capture_id, first.kind, again.kind)
        == (again.account_id, again.capture_id, "primary", "repeat")
    ]
    assert pairs, "no case was repeated: nothing was tested"
    owners = {code: user for user, codes in planted.codes.items() for code in codes}
    for first, again in pairs:
        one, other = (
            planted.house.get(owners[row.code], f"/v1/reading/cases/{row.code}/picture")
            for row in (first, again)
        )
        assert one.content != other.content
        assert [name for name, _ in one.headers.raw] == [name for name, _ in other.headers.raw]
        told, retold = (
            planted.house.get(owners[row.code], f"/v1/reading/cases/{row.code}").json()
            for row in (first, again)
        )
        assert set(told) == set(retold)
        assert set(told["picture"]) == set(retold["picture"])


def test_codes_belong_to_one_reader(planted: Planted) -> None:
    house = planted.house
    codes = {
        user: [item["case_code"] for item in house.get(user, "/v1/assessments").json()["items"]]
        for user in (*READERS, PIPELINE)
    }
    everyone = [code for own in codes.values() for code in own]
    assert len(set(everyone)) == len(everyone) == 8
    assert codes["reader-a"] == [
        item["case_code"] for item in house.get("reader-a", "/v1/assessments").json()["items"]
    ]
    for user, own in codes.items():
        for code in everyone:
            for picture in ("overlay", "comparison"):
                status = house.get(user, f"/v1/assessments/{code}/{picture}").status_code
                assert status == (200 if code in own else 404)


def test_pictures_are_pixels_and_headers_are_alike(planted: Planted) -> None:
    house = planted.house
    shapes = set()
    for user in ("reader-a", "reader-b"):
        for item in house.get(user, "/v1/assessments").json()["items"]:
            for url in (item["overlay_url"], item["comparison_url"]):
                answer = house.get(user, url)
                shapes.add(
                    tuple(
                        (name, value if name != b"content-length" else b"")
                        for name, value in answer.headers.raw
                    )
                )
                assert answer.headers["cache-control"] == "private, no-store"
                with Image.open(io.BytesIO(answer.content)) as picture:
                    assert picture.format == "PNG"
                    assert not picture.info
                    assert not picture.getexif()
    assert len(shapes) == 1, "every picture's headers are the same but for the length"
    (names,) = ({name for name, _ in shape} for shape in shapes)
    assert not names & {b"etag", b"last-modified", b"content-disposition", b"x-request-id", b"set-cookie"}


def test_logs_name_nobody(planted: Planted, capfd: pytest.CaptureFixture[str]) -> None:
    house, canaries = planted.house, planted.canaries
    configure_logs("debug")
    try:
        _crawl(planted, "reader-a")
        house.get(NURSE, f"/v1/studies/{canaries['study id']}/ulcers", secret=SUBJECT)
        house.put(NURSE, b"no photo", ulcer_id=canaries["ulcer id"], visit=f"{VISIT}2")
        written = capfd.readouterr().err.lower()
    finally:
        configure_logs("error")
    assert '"route": "/v1/assessments"' in written
    for what in (
        "site",
        "site name",
        "subject",
        "study",
        "visit",
        "ulcer",
        "uploader",
        "study id",
        "ulcer id",
        "baseline",
    ):
        assert canaries[what].lower() not in written, what
