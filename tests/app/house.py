"""The whole service in a test, with two of everything: two studies, two sites each, two readers."""

from __future__ import annotations

import hashlib
import io
import secrets
import shutil
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from fastapi.testclient import TestClient
from PIL import Image
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.captures.measurer import Outcome, Pictures
from app.demo import PROTOCOL_FILE
from app.domain.footprint import GRID_HALF_ARC_MM, GRID_HEIGHT_MM, GRID_PX_PER_MM, Footprint
from app.domain.skin_map import SkinMap
from app.main import create_app
from app.platform.images import decode_photo, encode_png
from app.services import Services, build
from app.settings import Settings
from app.studies.schemas import GatePlan, Protocol
from app.studies.service import read_protocol
from calibration.digit_card import DIGIT_CARD, PrintLot
from calibration.photo import Optics
from calibration.pose import PoseName
from tests.app import postgres

PASSWORD = "a long enough password"
CHANGE = {"X-Planimeter": "1"}
ELIGIBLE = {
    "ischaemic": True,
    "distal_to_pip": True,
    "over_calcification": False,
    "over_bone_relief": False,
    "infected": False,
    "weeks_of_standard_care": 10,
}
PLACE = {"hand": "left", "digit": "index", "phalanx": "distal", "surface": "pulp", "side": "radial"}
CHEAP = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),))
"""Argon2 at a cost that lets a test make a dozen accounts."""

BLUE = 90
"""Blue of a photograph for the stand-in that shows one ulcer."""

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


FLAT_SKIN = SkinMap(
    (40, 30), np.full((3, 3), 0.0025, np.float32), np.full((1, 3, 3), 0.00255, np.float32),
    ("digit height",), ("stated",), 1e-3, 12.0,
)  # fmt: skip
"""Skin that lies in the card's plane: 0.0025 mm² a pixel at 20 px/mm, known to 2 %."""


class SetClock:
    """A clock that a test moves on; it ticks a millisecond at each look."""

    def __init__(self, moment: datetime = NOON) -> None:
        self.moment = moment

    def now(self) -> datetime:
        self.moment += timedelta(milliseconds=1)
        return self.moment


def lot_toml(code: str, **changed: tuple[float, ...] | None) -> str:
    """A print lot as a protocol's file has it, its white a little yellow; patches changed or left out."""
    patches: dict[str, tuple[float, ...] | None] = {patch.id: patch.srgb for patch in DIGIT_CARD.patches}
    patches |= {"white": (240.5, 239.0, 236.25)} | changed
    lines = [f"{name} = {list(srgb)}" for name, srgb in patches.items() if srgb is not None]
    return "\n".join(["", "[[print_lots]]", f'code = "{code}"', "[print_lots.patches]", *lines, ""])


class CornerMeasurer:
    """Stand-in for the pipeline: the photograph's top left pixel says what there is to find.

    Red r: an ulcer of r square millimetres; blue above `BLUE`: another, as large as it is above, nearer to
    the hand; green above 200: no card. It leaves out the optics and keeps the rest: real decoding, real
    footprints, real PNG.
    """

    algorithm = "stand-in-1"

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.lots: list[PrintLot | None] = []
        self.told: list[Optics] = []

    def warm_up(self) -> None:
        """Nothing to load."""

    def measure(
        self, photo: bytes, gate: GatePlan, pose: PoseName, lot: PrintLot | None, told: Optics
    ) -> Outcome:
        self.told.append(told)
        self.calls.append(hashlib.sha256(photo).hexdigest())
        self.lots.append(lot)
        rgb = decode_photo(photo).rgb
        red, green, beside = int(rgb[0, 0, 0]), int(rgb[0, 0, 1]), int(rgb[0, 0, 2]) - BLUE
        if green > 200:
            refusal = {
                "code": "no_card",
                "value": 0.0,
                "limit": 3.0,
                "passed": False,
                "fr": "Pas de carte.",
                "en": "No card.",
            }
            return Outcome("refused", [refusal], {}, None)
        area = float(red + beside)
        numbers = {
            "area_mm2": area,
            "u_area_mm2": 0.1,
            "perimeter_mm": 4 * area**0.5,
            "length_mm": area**0.5,
            "width_mm": area**0.5,
            "obliquity_deg": 5.0 if area else None,
            "digit_width_mm": 16.0,
            "tilt_deg": 3.0,
            "distance_mm": 200.0,
            "scale_px_per_mm": 12.0,
            "pose": pose,
            "surface": "revolution",
            "lens": {"source": "typical"},
            "colour": {"model": "none"},
            "model": "stand-in",
            "version": "1",
            "budget": {"border": 0.1},
        }
        passed = {
            "code": "tilt_deg",
            "value": 3.0,
            "limit": gate.maximum_tilt_deg,
            "passed": True,
            "fr": "",
            "en": "",
        }
        picture = np.full((40, 30, 3), red, np.uint8)
        overlay = picture.copy()
        overlay[10:20] = (0, 229, 255)
        return Outcome(
            "measured",
            [passed],
            numbers,
            Pictures(
                encode_png(picture),
                encode_png(overlay),
                square_footprint(red, beside).to_bytes(),
                FLAT_SKIN.to_bytes(),
            ),
            [[(10.0, 10.0), (20.0, 10.0), (20.0, 20.0), (10.0, 20.0)]] if red else [],
        )


def square_footprint(area_mm2: float, beside_mm2: float = 0) -> Footprint:
    """A square of open area in the middle of textured skin, and one 10 mm nearer to the hand."""
    rows, columns = int(GRID_HEIGHT_MM * GRID_PX_PER_MM), int(2 * GRID_HALF_ARC_MM * GRID_PX_PER_MM)
    opened = np.zeros((rows, columns), bool)
    for size_mm2, row in ((area_mm2, rows // 2), (beside_mm2, rows // 2 + 100)):
        half = round(size_mm2**0.5 * GRID_PX_PER_MM / 2)
        opened[row - half : row + half, columns // 2 - half : columns // 2 + half] = True
    texture = np.random.default_rng(1).integers(60, 200, (rows // 4, columns // 4), dtype=np.uint8)
    texture = np.kron(texture, np.ones((4, 4), np.uint8))
    full = np.full((rows, columns), 120, np.uint8)
    full[: texture.shape[0], : texture.shape[1]] = texture
    places = np.stack(np.meshgrid(np.linspace(0, 29, 35), np.linspace(0, 39, 69)), axis=-1)
    weight = np.ones((rows, 1), np.float32)
    return Footprint(opened, full, 8.0, weight, places_px=places.astype(np.float32))


def photo(
    area_mm2: int,
    *,
    beside_mm2: int = 0,
    card: bool = True,
    salt: int = 0,
    kind: str = "PNG",
    **save: Any,
) -> bytes:
    """A photograph for the stand-in; another salt gives other bytes."""
    picture = Image.new("RGB", (64, 48), (area_mm2, 0 if card else 255, BLUE + beside_mm2))
    picture.putpixel((40, 40), (salt % 256, salt // 256 % 256, 1))
    buffer = io.BytesIO()
    picture.save(buffer, kind, **save)
    return buffer.getvalue()


@dataclass
class Centre:
    """A study's site with a nurse, a subject and an ulcer."""

    study_id: str
    site_id: str
    site_code: str
    nurse: str
    subject_code: str
    subject_id: str = ""
    ulcer_id: str = ""


@dataclass
class House:
    """The running service and what a test needs to talk to it."""

    services: Services
    client: TestClient
    clock: SetClock
    measurer: Any
    centres: list[Centre] = field(default_factory=list)
    cookies: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def request(self, user: str | None, method: str, path: str, **kwargs: Any) -> httpx.Response:
        """Ask as a person (by session) or as a pipeline (by token), or as nobody."""
        headers = dict(kwargs.pop("headers", {}))
        self.client.cookies.clear()
        if user in self.tokens:
            headers["Authorization"] = f"Bearer {self.tokens[user]}"
        elif user is not None:
            headers |= CHANGE | {"Cookie": f"planimeter_session={self.session(user)}"}
        return self.client.request(method, path, headers=headers, **kwargs)

    def get(self, user: str | None, path: str, **params: Any) -> httpx.Response:
        return self.request(user, "GET", path, params=params)

    def session(self, user: str) -> str:
        if user not in self.cookies:
            answer = self.client.post("/v1/sessions", json={"username": user, "password": PASSWORD})
            assert answer.status_code == 201, answer.text
            self.cookies[user] = answer.cookies["planimeter_session"]
        return self.cookies[user]

    def put(
        self,
        user: str | None,
        content: bytes,
        *,
        ulcer_id: str,
        visit: str = "w0",
        capture_id: str | None = None,
        media_type: str = "image/png",
        sha256: str | None = None,
        **params: Any,
    ) -> httpx.Response:
        """Send a photograph."""
        headers = {
            "Content-Type": media_type,
            "X-Content-SHA256": sha256 or hashlib.sha256(content).hexdigest(),
        }
        return self.request(
            user,
            "PUT",
            f"/v1/captures/{capture_id or secrets.token_hex(16)}",
            params={"ulcer_id": ulcer_id, "visit_code": visit, **params},
            content=content,
            headers=headers,
        )

    def measured(
        self, user: str, content: bytes, *, ulcer_id: str, visit: str = "w0", **more: Any
    ) -> dict[str, Any]:
        """Send a photograph and wait for its result."""
        answer = self.put(user, content, ulcer_id=ulcer_id, visit=visit, **more)
        assert answer.status_code == 201, answer.text
        self.settle()
        capture: dict[str, Any] = self.get(user, f"/v1/captures/{answer.json()['id']}").json()
        return capture

    def settle(self, seconds: float = 30) -> None:
        """Wait until every job is done, the healing included."""
        client = self.services.jobs._client
        assert client is not None
        deadline = time.monotonic() + seconds
        while client.list_workflows(status=["ENQUEUED", "PENDING"], load_input=False, load_output=False):
            assert time.monotonic() < deadline, "jobs are still under way"
            time.sleep(0.02)

    def audit(self, **wanted: Any) -> list[dict[str, Any]]:
        """All audit events, or those with these values."""
        from app.audit import store

        with self.services.database.read() as connection:
            events = [vars(event) for event in store.events(connection)]
        return [event for event in events if all(event[name] == value for name, value in wanted.items())]

    def count(self, table: Any) -> int:
        """Rows of a table."""
        import sqlalchemy as sa

        with self.services.database.read() as connection:
            return connection.scalars(sa.select(sa.func.count()).select_from(table)).one()

    def with_print_lots(self, code: str, *, site_code: str, in_force: str) -> Protocol:
        """A new version of a study's protocol with two print lots, one of them in force at a site."""
        text = PROTOCOL_FILE.read_text(encoding="utf-8").replace('code = "DEMO"', f'code = "{code}"')
        site = f'code = "{site_code}"'
        text = text.replace(site, f'{site}\nprint_lot = "{in_force}"')
        plan = read_protocol(text + lot_toml("2026-03") + lot_toml("2026-09"))
        self.services.studies.install(plan)
        return plan

    def furnish(self) -> None:
        """Two studies of two sites; a nurse, subject and ulcer per site; readers, managers, pipelines."""
        text = PROTOCOL_FILE.read_text(encoding="utf-8")
        for code, hidden in (("ONE", False), ("TWO", True)):
            plan = read_protocol(text.replace('code = "DEMO"', f'code = "{code}"'))
            plan = plan.model_copy(update={"site_staff_see_areas": not hidden})
            study_id = self.services.studies.install(plan)
            _, sites = self.services.studies.site_ids(code)
            for site_code, site_id in sites.items():
                nurse = f"nurse-{code}-{site_code}".lower()
                self.services.register.add(
                    nurse, "site_staff", password=PASSWORD, reach=((study_id, site_id),)
                )
                self.centres.append(Centre(study_id, site_id, site_code, nurse, f"{code}-{site_code}-001"))
            for name, role in (
                (f"reader-{code}-a", "reader"),
                (f"reader-{code}-b", "reader"),
                (f"manager-{code}", "data_manager"),
                (f"adjudicator-{code}", "adjudicator"),
            ):
                self.services.register.add(name.lower(), role, password=PASSWORD, reach=((study_id, None),))
            pipeline = f"pipeline-{code}".lower()
            self.services.register.add(pipeline, "pipeline", reach=((study_id, None),))
            for scope in ("series:read", "assessments:read"):
                token = self.services.register.issue_token(pipeline, [scope], timedelta(days=1))
                self.tokens[f"{pipeline}:{scope}"] = token
        for centre in self.centres:
            subject = self.request(
                centre.nurse,
                "POST",
                f"/v1/studies/{centre.study_id}/subjects",
                json={
                    "site_code": centre.site_code,
                    "subject_code": centre.subject_code,
                    "baseline_on": "2026-01-05",
                },
            )
            assert subject.status_code == 201, subject.text
            centre.subject_id = subject.json()["id"]
            ulcer = self.request(
                centre.nurse,
                "POST",
                f"/v1/subjects/{centre.subject_id}/ulcers",
                json=PLACE | {"eligibility": ELIGIBLE},
            )
            assert ulcer.status_code == 201, ulcer.text
            centre.ulcer_id = ulcer.json()["id"]


def settings_for(folder: Path, url: str, **more: Any) -> Settings:
    """Settings of a test's service."""
    chosen: dict[str, Any] = {
        "data_dir": folder,
        "database_url": url,
        "secret_key": "t" * 40,
        "cookie_secure": False,
        "job_polling_s": 0.05,
    }
    return Settings(**(chosen | more))


def open_house(
    folder: Path, url: str, *, measurer: Any = None, clock: SetClock | None = None, **more: Any
) -> House:
    """Wire a service; the caller enters its client."""
    settings = settings_for(folder, url, **more)
    clock, measurer = clock or SetClock(), measurer or CornerMeasurer()
    services = build(settings, clock=clock, measurer=measurer, passwords=CHEAP)
    client = TestClient(create_app(settings, services), raise_server_exceptions=False)
    return House(services, client, clock, measurer)


@dataclass(frozen=True)
class Furnished:
    """A closed house that was furnished, to be copied: making its tables and accounts takes longer than most
    tests."""

    folder: Path
    url: str
    moment: datetime
    centres: tuple[Centre, ...]
    cookies: dict[str, str]
    tokens: dict[str, str]

    def again(self, folder: Path) -> House:
        """The same house over its own copy of everything; the caller enters its client."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        in_folder = self.url.startswith("sqlite")
        url = sqlite_in(folder) if in_folder else postgres.new_database(self.url, like=self.url)
        house = open_house(folder, url, clock=SetClock(self.moment))
        house.centres = [replace(centre) for centre in self.centres]
        house.cookies, house.tokens = dict(self.cookies), dict(self.tokens)
        return house


def furnish_once(folder: Path, url: str) -> Furnished:
    """Furnish a house and close it."""
    house = open_house(folder, url)
    with house.client:
        house.furnish()
    return Furnished(folder, url, house.clock.now(), tuple(house.centres), house.cookies, house.tokens)


def sqlite_in(folder: Path) -> str:
    """Address of a SQLite file in a folder."""
    return f"sqlite:///{folder / 'planimeter.db'}"
