"""The live camera in Chromium with a film for a camera, and the tablet's own verdict beside the service's."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from app.gate import card_criteria
from app.platform.images import decode_photo
from calibration.camera import estimate_camera
from calibration.capture_gate import GateLimits
from calibration.digit_card import DIGIT_CARD
from calibration.find_card import find_markers
from calibration.gate_light import paper_light
from calibration.gate_sentences import SENTENCES
from calibration.phantom import Camera, DigitShape, Header, Look, Scene, encode_jpeg, render
from calibration.pose import PoseName
from tests.browser.conftest import CHROMIUM, wait_until
from tests.browser.live_page.film import write_film
from tests.browser.live_page.serving import CAMERA_FLAGS, build_page, serving
from tests.browser.test_frontend_units import WEB

SAMPLES = Path(__file__).parents[2] / "sample_images"
GATE = GateLimits()
TOLD = {code: {"fr": fr, "en": en} for code, (fr, en) in SENTENCES.items()}

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]

PATIENCE_S = 40.0
"""Machines that train a network beside the tests show a first frame late."""


def sample_photo() -> Path:
    """A good photograph of the sample study, with every marker in view."""
    photos = json.loads((SAMPLES / "manifest.json").read_text(encoding="utf-8"))["photos"]
    return SAMPLES / photos[0]["file"]


def pixels(path: Path) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.asarray(Image.open(path).convert("RGB"), dtype=np.uint8)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not (WEB / "node_modules").is_dir():
        pytest.skip("the JavaScript packages are not installed: pip install -e . or npm ci in app/web")
    dist = tmp_path_factory.mktemp("live_page")
    build_page(dist)
    return dist


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder from which the page may fetch photographs."""
    return tmp_path_factory.mktemp("live_photos")


@pytest.fixture(scope="module")
def address(built: Path, photos: Path) -> Iterator[str]:
    with serving(built, photos) as address:
        yield address


@pytest.fixture(scope="module")
def filming(browser: Any, address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Chromium with the good photograph for a camera; makes pages, of which none may complain."""
    rgb = pixels(sample_photo())
    film = tmp_path_factory.mktemp("film") / "good.y4m"
    write_film(film, rgb, rgb.shape[1], rgb.shape[0])
    launched = browser.browser_type.launch(
        executable_path=CHROMIUM,
        args=[*FLAGS, *CAMERA_FLAGS, f"--use-file-for-fake-video-capture={film}"],
    )
    yield launched
    launched.close()


@pytest.fixture
def shown(filming: Any, address: str) -> Iterator[Callable[..., Any]]:
    """Shows the live camera; afterwards no page may have complained."""
    complaints: list[str] = []
    contexts = []

    def show(
        gate: GateLimits = GATE,
        language: str = "en",
        width: int = 820,
        height: int = 1180,
        pose: PoseName = "flat",
    ) -> Any:
        contexts.append(filming.new_context(viewport={"width": width, "height": height}))
        page = contexts[-1].new_page()
        page.set_default_timeout(1000 * PATIENCE_S)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
        page.goto(address)
        told = {"gate": asdict(gate), "sentences": TOLD, "language": language, "pose": pose}
        page.evaluate("told => window.show(told)", told)
        return page

    yield show
    for context in contexts:
        context.close()
    assert complaints == []


def told_by(page: Any) -> str:
    return str(page.locator(".live").get_attribute("data-told"))


def test_the_codes_are_those_of_opencv() -> None:
    source = (WEB / "capture" / "live" / "marker_code.ts").read_text(encoding="utf-8")
    found = re.search(r"CODES: readonly number\[\] = \[([^\]]*)\]", source)
    assert found is not None
    codes = [int(code, 16) for code in found[1].split(",")]
    assert sorted(DIGIT_CARD.marker_top_left_mm) == list(range(len(codes)))
    dictionary = cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, DIGIT_CARD.marker_dictionary))
    for marker, code in enumerate(codes):
        drawn = cv2.aruco.generateImageMarker(dictionary, marker, 6)[1:-1, 1:-1] > 0
        assert code == int("".join(str(int(bit)) for bit in drawn.ravel()), 2)


@pytest.mark.parametrize(("width", "height"), [(820, 1180), (1180, 820)])
def test_a_good_view_turns_green_and_its_photograph_is_handed_over(
    shown: Callable[..., Any], width: int, height: int
) -> None:
    page = shown(width=width, height=height)
    wait_until(lambda: told_by(page) == "good", PATIENCE_S)
    assert page.locator(".live-marker").count() == len(DIGIT_CARD.marker_top_left_mm)
    assert "Hold still and take the photo" in page.inner_text(".live-told")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if folder := os.environ.get("PLANIMETER_PICTURES"):
        page.screenshot(path=Path(folder) / f"live_guidance_{width}.jpg", type="jpeg", quality=80)
    shutter = page.get_by_role("button", name="Take the photo")
    box = shutter.bounding_box()
    assert box["width"] >= 80
    assert box["y"] + box["height"] <= height
    shutter.click()
    wait_until(lambda: len(page.evaluate("window.came.photos")) == 1, PATIENCE_S)
    photo = page.evaluate("window.came.photos[0]")
    assert photo["type"] == "image/jpeg"
    assert photo["bytes"] > 50_000
    assert page.evaluate("window.came.unavailable") == 0


def test_what_stands_in_the_way_is_said_in_the_nurses_language(shown: Callable[..., Any]) -> None:
    page = shown(replace(GATE, maximum_tilt_deg=5.0, maximum_blur_mm=0.001), language="fr")
    wait_until(lambda: told_by(page) == "tilt_deg", PATIENCE_S)
    assert page.inner_text(".live-told").strip() == SENTENCES["tilt_deg"][0].replace(" :", "\u00a0:")
    spoken = page.locator("[aria-live=polite]")
    wait_until(lambda: "incliné" in spoken.inner_text(), PATIENCE_S)
    assert page.get_by_role("button", name="Prendre la photo").is_enabled()


def test_a_finger_that_lies_where_its_tip_is_to_stand_is_told_so(shown: Callable[..., Any]) -> None:
    page = shown(pose="tip")
    wait_until(lambda: told_by(page) == "pose_mismatch", PATIENCE_S)
    assert page.inner_text(".live-told").strip() == SENTENCES["pose_mismatch"][1]


def test_the_camera_is_let_go_when_hidden_and_when_left(shown: Callable[..., Any]) -> None:
    page = shown()
    wait_until(lambda: told_by(page) != "waiting", PATIENCE_S)
    hide = (
        "hidden => { window.track ??= document.querySelector('video').srcObject.getVideoTracks()[0];"
        "Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
        "document.dispatchEvent(new Event('visibilitychange')); }"
    )
    page.evaluate(hide, True)
    assert page.evaluate("window.track.readyState") == "ended"
    wait_until(lambda: told_by(page) == "waiting", PATIENCE_S)
    page.evaluate(hide, False)
    wait_until(lambda: told_by(page) != "waiting", PATIENCE_S)
    page.evaluate("window.track = document.querySelector('video').srcObject.getVideoTracks()[0]")
    page.evaluate("window.hide()")
    wait_until(lambda: page.evaluate("window.track.readyState") == "ended", PATIENCE_S)
    assert page.evaluate("window.came.unavailable") == 0


def test_without_a_camera_another_way_is_asked_for(browser: Any, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    page.evaluate("told => window.show(told)", {"gate": asdict(GATE), "sentences": TOLD, "language": "en"})
    wait_until(lambda: page.evaluate("window.came.unavailable") == 1, PATIENCE_S)
    context.close()


def test_the_tablet_measures_as_the_service_does(browser: Any, address: str, photos: Path) -> None:
    page = browser.new_page()
    page.goto(address)
    for path in sorted(SAMPLES.glob("*.jpg"))[:4]:
        (photos / path.name).write_bytes(path.read_bytes())
        told = page.evaluate("told => window.judgeAt(...told)", [f"/photos/{path.name}", asdict(GATE)])
        ours = {item["code"]: item["value"] for item in told["criteria"]}
        photo = decode_photo(path.read_bytes())
        corners = find_markers(photo)
        camera = estimate_camera(photo, corners)
        criteria = card_criteria(corners, camera, paper_light(photo, camera, corners.ids), GATE)
        service = {item.code: item.value for item in criteria}
        assert ours["too_few_markers"] == service["too_few_markers"]
        assert ours["tilt_deg"] == pytest.approx(service["tilt_deg"], abs=0.3)
        assert ours["blur_mm"] == pytest.approx(service["blur_mm"], abs=0.005)
        assert ours["even_light_percent"] == pytest.approx(service["even_light_percent"], abs=2)
        assert "digit_not_found" not in ours
    page.close()


@pytest.fixture(scope="module")
def standing() -> bytes:
    """A fingertip that stands up through the slot, 205 mm away."""
    digit = DigitShape(tip_length_mm=9.6, tip_y_mm=34.0, inclination_deg=-88.0, protrusion_mm=12.0)
    camera = Camera(distance_mm=205.0, tilt_deg=4.0, azimuth_deg=60.0, aim_y_mm=34.0)
    picture = render(Scene(digit, (), Look(view="pulp"), camera=camera), seed=3)
    return encode_jpeg(picture.rgb, header=Header(focal_35mm=camera.focal_35mm))


def test_a_standing_tip_is_told_from_a_lying_finger(
    browser: Any, address: str, photos: Path, standing: bytes
) -> None:
    (photos / "standing.jpg").write_bytes(standing)
    (photos / "lying.jpg").write_bytes(sample_photo().read_bytes())
    page = browser.new_page()
    page.goto(address)

    def told(name: str, pose: PoseName) -> dict[str, float | None]:
        found = page.evaluate("told => window.judgeAt(...told)", [f"/photos/{name}.jpg", asdict(GATE), pose])
        return {item["code"]: item["value"] for item in found["criteria"]}

    findings = {"digit_not_found", "tip_not_found", "pose_mismatch"}
    assert findings & told("lying", "tip").keys() == {"pose_mismatch"}
    assert not findings & told("standing", "tip").keys()
    assert not findings & told("lying", "flat").keys()
    photo = decode_photo(standing)
    service = estimate_camera(photo, find_markers(photo))
    assert told("standing", "tip")["tip_distance_mm"] == pytest.approx(service.distance_mm, rel=0.01)
    assert "tip_distance_mm" not in told("lying", "flat")
    page.close()


def test_a_photograph_that_cannot_be_opened_is_left_to_the_service(
    browser: Any, address: str, photos: Path
) -> None:
    whole = sample_photo().read_bytes()
    head = whole[: whole.index(b"\xff\xda") + 14]
    (photos / "broken.jpg").write_bytes(head + b"\x00")
    (photos / "plain.jpg").write_bytes(jpeg(np.full((900, 1200, 3), 120, np.uint8)))
    page = browser.new_page()
    page.goto(address)
    judge = "told => window.judgeAt(...told)"
    broken = page.evaluate(judge, ["/photos/broken.jpg", asdict(GATE)])["criteria"]
    assert broken == [] or broken[0]["code"] == "no_card"
    plain = page.evaluate(judge, ["/photos/plain.jpg", asdict(GATE)])["criteria"]
    assert [(item["code"], item["passed"]) for item in plain] == [("no_card", False)]
    page.close()


def jpeg(rgb: np.ndarray[Any, np.dtype[np.uint8]], **options: Any) -> bytes:
    out = io.BytesIO()
    Image.fromarray(rgb).save(out, "JPEG", **options)
    return out.getvalue()


def with_header() -> Image.Exif:
    header = Image.Exif()
    header[0x010F], header[0x0110], header[0x0112] = "Maker", "Tablet 9", 6
    header.get_ifd(0x8769).update({0xA405: 26, 0xA404: IFDRational(5, 4), 0x927C: b"secret note"})
    header.get_ifd(0x8825).update({1: "N", 2: (45.0, 45.0, 30.0)})
    return header


@pytest.mark.parametrize("progressive", [False, True])
def test_real_headers_go_and_pixels_stay(browser: Any, address: str, photos: Path, progressive: bool) -> None:
    rgb = pixels(sample_photo())[600:1200, 800:1600]
    exif = with_header()
    content = jpeg(rgb, exif=exif.tobytes(), comment=b"ward 4", progressive=progressive, quality=90)
    name = f"header-{progressive}.jpg"
    (photos / name).write_bytes(content + content + b"a film")
    page = browser.new_page()
    page.goto(address)
    found = page.evaluate("address => window.stripAt(address)", f"/photos/{name}")
    page.close()
    assert found["optics"] == {"focal_35mm_mm": 26, "digital_zoom_ratio": 1.25, "orientation": 6}
    stripped = bytes(found["bytes"])
    clean = Image.open(io.BytesIO(stripped))
    assert len(clean.getexif()) == 0
    assert "comment" not in clean.info
    for secret in (b"Exif", b"Maker", b"Tablet 9", b"secret note", b"ward 4", b"a film"):
        assert secret in content + b"a film"
        assert secret not in stripped
    assert (np.asarray(clean) == np.asarray(Image.open(io.BytesIO(content)))).all()
