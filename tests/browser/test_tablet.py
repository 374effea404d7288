"""The nurse's tablet: whole visits with and without network, PINs, locks, and updates that lose nothing."""

from __future__ import annotations

import json
import urllib.error
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import pytest

from tests.browser.accessibility import assert_accessible
from tests.browser.conftest import CHROMIUM, wait_until
from tests.browser.live_page.film import write_film
from tests.browser.live_page.serving import CAMERA_FLAGS
from tests.browser.tablets import (
    LANDSCAPE,
    OTHER_PIN,
    PIN,
    UPRIGHT,
    WORKER_READY,
    choose_pin,
    enrol,
    rows,
    sign_in,
    take_file,
    to_photo,
    type_pin,
)
from tests.browser.test_capture import SAMPLES, VERDICT_MS
from tests.reliability.proxy import Proxy

pytestmark = pytest.mark.timeout(900)  # the first of these tests also waits for the demo to start

GLOVE_PX = 56
SMALL_TARGETS = """(least) => [...document.querySelectorAll("main *")]
  .filter((one) => one.matches("button, [role=button], .button, input"))
  .filter((one) => one.checkVisibility() && !one.closest(".unseen, .viewer"))
  .map((one) => [one, (one.closest("label") ?? one).getBoundingClientRect()])
  .filter(([, box]) => box.height < least || box.width < least)
  .map(([one, box]) => `${one.outerHTML.slice(0, 99)} ${Math.round(box.width)} ${Math.round(box.height)}`)"""
LOCK_AFTER_S = 5 * 60
LEAST_STAGE = 0.35
"""Share of the screen that the camera's picture has at least."""


@pytest.fixture(scope="module")
def photo() -> Path:
    """A photograph of the sample study."""
    manifest = json.loads((SAMPLES / "manifest.json").read_text())
    return SAMPLES / str(manifest["photos"][0]["file"])


@pytest.fixture(scope="module")
def filming(browser: Any, photo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Chromium with that photograph for a camera."""
    film = tmp_path_factory.mktemp("film") / "finger.y4m"
    bgr = cv2.imread(str(photo))
    write_film(film, cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), bgr.shape[1] // 2 * 2, bgr.shape[0] // 2 * 2)
    args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", *CAMERA_FLAGS]
    launched = browser.browser_type.launch(
        executable_path=CHROMIUM, args=[*args, f"--use-file-for-fake-video-capture={film}"]
    )
    yield launched
    launched.close()


@pytest.fixture
def tablet(browser: Any, demo: Any) -> Iterator[Callable[..., Any]]:
    """Makes tablets; no page may throw."""
    contexts: list[Any] = []
    thrown: list[str] = []

    def make(size: tuple[int, int] = LANDSCAPE, launched: Any = browser, **more: Any) -> Any:
        context = launched.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="en",
            has_touch=True,
            bypass_csp=True,
            **more,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: thrown.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert thrown == []


def nurse(page: Any, demo: Any, base: str | None = None, name: str = "nurse-lyon") -> Any:
    """Sign in on a device that is not enrolled, by the demo's own way."""
    enter(page, base or demo.url, name)
    page.locator(".subject-button").first.wait_for()
    return page


def enter(page: Any, base: str, name: str) -> None:
    """To wherever this person's visit was left."""
    entered = page.context.request.post(
        f"{base}/v1/demo/session", data={"username": name}, headers={"X-Planimeter": "1"}
    )
    assert entered.ok
    page.goto(f"{base}/capture")


def ready_for_offline(page: Any) -> None:
    """The service worker is there, and this page is its own."""
    wait_until(lambda: bool(page.evaluate(WORKER_READY)))


def received(demo: Any, capture_id: str) -> list[dict[str, Any]]:
    """The audit events of receipt of a photograph."""
    demo.become("data_manager")
    found = demo.ask(f"/v1/audit?subject={capture_id}&action=capture.received")
    return [event for event in found["items"] if event["subject_id"] == capture_id]


@pytest.mark.parametrize("size", [LANDSCAPE, UPRIGHT], ids=["landscape", "upright"])
def test_a_whole_visit_with_the_live_camera(
    tablet: Callable[..., Any], filming: Any, demo: Any, size: tuple[int, int]
) -> None:
    page = nurse(tablet(size, filming, permissions=["camera"]), demo)

    def fit() -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert page.evaluate(SMALL_TARGETS, GLOVE_PX) == []
        assert_accessible(page)

    fit()
    page.locator(".subject-button").first.click()
    page.locator(".hand-map").wait_for()
    fit()
    page.locator(".ulcer").first.click()
    page.locator(".visit-step").wait_for()
    assert page.locator(".visit[aria-pressed=true]").get_attribute("data-visit") == "w16"  # due now
    page.get_by_role("button", name="4", exact=True).click()
    page.locator(".question.dressing_removed").get_by_role("button", name="Yes").click()
    fit()
    page.get_by_role("button", name="On to the photo").click()
    page.locator("video").wait_for()
    assert page.locator(".rules li").count() == 3
    wait_until(lambda: page.locator(".live").get_attribute("data-told") == "good", 60)
    fit()
    in_reach(page, page.get_by_role("button", name="Take the photo"))
    picture, stage = page.locator("video").bounding_box(), page.locator(".live-stage").bounding_box()
    assert picture == stage
    assert stage["width"] * stage["height"] > LEAST_STAGE * size[0] * size[1]
    page.get_by_role("button", name="Take the photo").click()
    page.locator(".verdict-panel").wait_for()
    capture_id = str(page.locator(".verdict-panel").get_attribute("data-capture"))
    page.locator(".verdict-panel.done").wait_for(timeout=VERDICT_MS)
    page.locator(".verdict-panel .viewer-layer:not(.hidden)").first.wait_for()
    fit()
    in_reach(page, page.get_by_role("button", name="Accept"))
    page.get_by_role("button", name="Accept").click()
    page.locator(".just-done").wait_for()
    assert len(received(demo, capture_id)) == 1
    demo.become("site_staff")
    notes = demo.ask(f"/v1/ulcers/{ulcer_of(demo, capture_id)}/visit-notes")
    noted = next(note for note in notes if note["visit_code"] == "w16")
    assert (noted["pain"], noted["dressing_removed"], noted["drainage"]) == (4, True, None)


def in_reach(page: Any, button: Any) -> None:
    """On the screen as the page opens: nobody scrolls with one hand on the patient's."""
    assert page.evaluate("window.scrollY") == 0
    box, height = button.bounding_box(), page.viewport_size["height"]
    assert 0 <= box["y"] < box["y"] + box["height"] <= height


def ulcer_of(demo: Any, capture_id: str) -> str:
    for name in demo.accounts()["site_staff"]:
        demo.ask("/v1/demo/session", {"username": name})
        try:
            return str(demo.ask(f"/v1/captures/{capture_id}")["ulcer_id"])
        except urllib.error.HTTPError:
            continue
    raise AssertionError("no site has this photograph")


def test_a_whole_visit_without_network_is_sent_once_it_is_back(
    tablet: Callable[..., Any], demo: Any, photo: Path
) -> None:
    page = nurse(tablet(), demo)
    ready_for_offline(page)
    page.context.set_offline(True)
    page.reload()  # the shell and the study come from the tablet
    page.locator(".subject-button").first.wait_for()
    assert page.get_by_role("button", name="Enrol a new subject").is_disabled()
    page.locator(".subject-button").first.click()
    page.locator(".ulcer").first.click()
    page.get_by_role("button", name="7", exact=True).click()
    page.get_by_role("button", name="On to the photo").click()
    capture_id = take_file(page, photo)
    page.get_by_text("No network: the photo is safe here").wait_for()
    page.get_by_text("The tablet sees nothing wrong").wait_for(timeout=60_000)
    assert stacked(page)
    page.reload()  # as if the tablet had been put down
    page.locator(f".verdict-panel[data-capture='{capture_id}']").wait_for()
    assert page.get_by_test_id("waiting-count").inner_text() == "2 wait"
    page.get_by_role("button", name="Accept").click()
    page.locator(".just-done").wait_for()
    assert received(demo, capture_id) == []
    page.locator(".ulcer").first.click()
    page.locator(".visit[data-visit=w16]", has_text="waits on this tablet").wait_for()
    page.context.set_offline(False)
    wait_until(lambda: page.get_by_test_id("waiting-count").inner_text() == "All sent", 60)
    assert rows(page, "photos") == rows(page, "pixels") == rows(page, "notes") == []
    assert capture_id in rows(page, "receipts")
    assert len(received(demo, capture_id)) == 1


def stacked(page: Any) -> bool:
    """While it waits too, the photograph is shown, and what is said of it stands above what can be done."""
    photo, said = page.locator(".taken img"), page.locator(".own.note").bounding_box()
    ends = page.locator(".verdict-panel > .step-end").bounding_box()
    return bool(photo.evaluate("photo => photo.naturalWidth > 0") and said["y"] + said["height"] <= ends["y"])


def test_what_lies_on_the_tablet_cannot_be_read(tablet: Callable[..., Any], demo: Any, photo: Path) -> None:
    page = nurse(tablet(), demo)
    ready_for_offline(page)
    to_photo(page)
    page.context.set_offline(True)
    take_file(page, photo)
    page.get_by_text("No network: the photo is safe here").wait_for()
    stored = page.evaluate(EVERYTHING)
    ulcers = [ulcer["id"] for ulcer in demo.ulcers()]
    assert len(stored) > 100_000  # the photograph is there
    assert not [secret for secret in ["LYO-001", *ulcers] if secret in stored]
    head = photo.read_bytes()[-400:-300].decode("latin-1")
    assert head not in stored
    page.context.set_offline(False)
    wait_until(lambda: page.get_by_test_id("waiting-count").inner_text() == "All sent", 60)


EVERYTHING = """async () => {
  const database = await new Promise((resolve) => {
    const opening = indexedDB.open("planimeter");
    opening.onsuccess = () => resolve(opening.result);
  });
  const pieces = [JSON.stringify({ ...localStorage, ...sessionStorage })];
  const latin = (bytes) => {
    let text = "";
    for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
    return text;
  };
  const flat = (value) => {
    if (value instanceof ArrayBuffer) pieces.push(latin(value));
    else if (ArrayBuffer.isView(value)) pieces.push(latin(value.buffer));
    else if (value instanceof CryptoKey) pieces.push(String(value.extractable));
    else if (value && typeof value === "object") Object.values(value).forEach(flat);
    else pieces.push(String(value));
  };
  for (const store of database.objectStoreNames) {
    if (store === "desk") continue;
    flat(await new Promise((resolve) => {
      const all = database.transaction(store).objectStore(store).getAll();
      all.onsuccess = () => resolve(all.result);
    }));
  }
  database.close();
  return pieces.join(" ");
}"""


def test_without_network_nobody_gets_in_who_was_not_at_work(tablet: Callable[..., Any], demo: Any) -> None:
    page = nurse(tablet(), demo)
    ready_for_offline(page)
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("User name").wait_for()
    page.context.set_offline(True)
    page.goto(f"{demo.url}/capture")
    page.get_by_text("The server cannot be reached").wait_for()
    assert page.locator(".subject-button").count() == 0
    assert rows(page, "kept") == rows(page, "keys") == rows(page, "desk") == []
    page.context.set_offline(False)
    page.get_by_text("The server cannot be reached").wait_for(state="hidden")  # by itself


def test_an_update_asks_first_and_keeps_the_queue(tablet: Callable[..., Any], demo: Any, photo: Path) -> None:
    newer = False

    def rewrite(path: str, body: bytes) -> bytes:
        return (
            body.replace(b'"planimeter-shell-"', b'"planimeter-shell-" + "next"')
            if newer and path == "/sw.js"
            else body
        )

    offline_captures = True
    proxy = Proxy(
        demo.url,
        lose=lambda method, path: offline_captures and method == "PUT" and "/v1/captures/" in path,
        rewrite=rewrite,
    )
    try:
        page = nurse(tablet(), demo, proxy.address)
        ready_for_offline(page)
        to_photo(page)
        take_file(page, photo)
        wait_until(lambda: len(proxy.lost) > 0)
        newer = True
        page.evaluate("async () => { await (await navigator.serviceWorker.ready).update(); }")
        wait_until(
            lambda: bool(page.evaluate("async () => Boolean((await navigator.serviceWorker.ready).waiting)"))
        )
        assert page.get_by_role("button", name="Update").count() == 0  # never within a visit
        page.get_by_role("button", name="Accept").or_(page.get_by_role("button", name="Keep it")).click()
        with page.expect_navigation():
            page.get_by_role("button", name="Update").click()
        page.locator(".hand-map").wait_for()  # the flow too is where it was
        assert len(rows(page, "photos")) == 1
        assert page.evaluate("async () => Boolean((await navigator.serviceWorker.ready).waiting)") is False
        offline_captures = False
        wait_until(lambda: rows(page, "photos") == [], 60)
    finally:
        page.context.close()
        proxy.close()


def test_a_pin_changes_the_person_and_keeps_their_queues_apart(
    tablet: Callable[..., Any], demo: Any, photo: Path
) -> None:
    page = tablet()
    enrol(page, demo, demo.url)
    sign_in(page, "nurse-lyon", demo.url)
    choose_pin(page)
    to_photo(page)
    page.route("**/v1/captures/*?*visit_code=*", lambda route: route.abort("internetdisconnected"))
    take_file(page, photo)
    page.get_by_role("button", name="Lock").click()
    page.get_by_role("button", name="Sign in with a password").click()
    page.get_by_label("User name").wait_for()
    sign_in(page, "nurse-lille", demo.url)  # of another site: the password lets in, a PIN is not offered
    page.unroute_all()
    assert page.get_by_test_id("waiting-count").inner_text() == "All sent"
    assert page.get_by_role("button", name="Choose a PIN").count() == 0
    assert len(rows(page, "photos")) == 1
    page.get_by_role("button", name="Lock").click()
    page.get_by_role("button", name="Nurse 1").click()
    type_pin(page, OTHER_PIN)
    page.get_by_text("This PIN is not right. 4 tries left.").wait_for()
    assert_accessible(page)
    type_pin(page, PIN)
    page.locator(".person-name", has_text="nurse-lyon").wait_for()
    wait_until(lambda: rows(page, "photos") == [], 60)


def test_a_tablet_left_alone_locks_and_the_visit_goes_on_after_the_pin(
    tablet: Callable[..., Any], demo: Any
) -> None:
    page = tablet()
    page.clock.install()
    enrol(page, demo, demo.url)
    sign_in(page, "nurse-lyon", demo.url)
    choose_pin(page)
    to_photo(page)
    page.clock.fast_forward((LOCK_AFTER_S - 30) * 1000)
    assert page.locator(".pin-keys").count() == 0
    page.locator(".rules").click()  # a touch
    page.clock.fast_forward((LOCK_AFTER_S - 30) * 1000)
    assert page.locator(".pin-keys").count() == 0
    page.clock.fast_forward(60_000)
    page.locator(".pin-keys").wait_for()
    assert rows(page, "keys") == []
    assert "LYO-001" not in page.locator("body").inner_text()
    wait_until(lambda: page.context.request.get(f"{demo.url}/v1/me").status == 401)
    page.reload()
    type_pin(page, PIN)
    page.get_by_test_id("photo-file").wait_for(state="attached")
    assert page.locator(".trail strong").inner_text().startswith("LYO-")


def test_without_network_the_pin_lets_back_in_whoever_was_at_work(
    tablet: Callable[..., Any], demo: Any
) -> None:
    page = tablet()
    enrol(page, demo, demo.url)
    sign_in(page, "nurse-lyon", demo.url)
    choose_pin(page)
    ready_for_offline(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Lock").click()
    page.reload()
    type_pin(page, OTHER_PIN)
    page.get_by_text("4 tries left").wait_for()
    type_pin(page, PIN)
    page.locator(".subject-button").first.wait_for()
    page.get_by_role("button", name="Lock").click()
    for left in (4, 3, 2, 1):
        type_pin(page, OTHER_PIN)
        page.get_by_text(f"{left} tr").wait_for()
    type_pin(page, OTHER_PIN)
    page.get_by_text("Too many wrong tries").wait_for()
    type_pin(page, PIN)
    page.get_by_text("Too many wrong tries").wait_for()
    assert page.locator(".subject-button").count() == 0


def test_a_revoked_tablet_says_so_and_keeps_what_waits(
    tablet: Callable[..., Any], demo: Any, photo: Path
) -> None:
    page = tablet()
    tablet_id = enrol(page, demo, demo.url)
    sign_in(page, "nurse-lyon", demo.url)
    choose_pin(page)
    to_photo(page)
    page.route("**/v1/captures/*?*visit_code=*", lambda route: route.abort("internetdisconnected"))
    take_file(page, photo)
    demo.become("data_manager")
    demo.ask(f"/v1/tablets/{tablet_id}/revocation", {"reason": "left on the tram"})
    page.reload()
    page.get_by_text("This tablet is no longer enrolled").wait_for()
    assert page.locator(".pin-keys").count() == 0
    assert_accessible(page)
    assert len(rows(page, "photos")) == 1
    page.get_by_role("button", name="Sign in with a password").click()
    page.get_by_label("User name").wait_for()
    page.unroute_all()
    enter(page, demo.url, "nurse-lyon")
    page.locator(".verdict-panel").wait_for()
    wait_until(lambda: rows(page, "photos") == [], 60)


def test_a_refused_camera_is_said_with_the_way_that_is_left(tablet: Callable[..., Any], demo: Any) -> None:
    page = tablet(UPRIGHT)
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError') }"
    )
    nurse(page, demo)
    to_photo(page)
    page.get_by_text("The live camera is not allowed here").wait_for()
    in_reach(page, page.get_by_role("button", name="Take a photo"))
    assert page.evaluate(SMALL_TARGETS, GLOVE_PX) == []


def test_too_little_space_is_said_before_a_visit_begins(tablet: Callable[..., Any], demo: Any) -> None:
    page = tablet()
    page.add_init_script("navigator.storage.estimate = async () => ({ quota: 500e6, usage: 320e6 })")
    nurse(page, demo)
    page.locator(".subject-button").first.click()
    page.locator(".ulcer").first.click()
    page.get_by_text("Only 180 MB are free on this tablet; a visit needs 200 MB").wait_for()
    assert page.get_by_role("button", name="On to the photo").count() == 0


def test_a_new_ulcer_is_told_at_once_whether_it_may_enter_the_trial(
    tablet: Callable[..., Any], demo: Any
) -> None:
    page = nurse(tablet(UPRIGHT), demo)
    page.get_by_role("button", name="Enrol a new subject").click()
    page.get_by_label("Code in the study").fill("LYO-777")
    assert_accessible(page)
    page.get_by_role("button", name="Enrol", exact=True).click()
    page.get_by_role("button", name="ring finger, right hand, back: register an ulcer").or_(
        page.get_by_role("button", name="Backs")
    ).first.click()
    page.get_by_role("button", name="ring finger, right hand, back: register an ulcer").click()
    page.get_by_role("button", name="periungual, distal phalanx", exact=True).click()
    answers = {
        "ischaemic": "Yes",
        "middle joint": "Yes",
        "calcification": "No",
        "bone relief": "No",
        "infected": "Yes",
    }
    for question, answer in answers.items():
        page.get_by_role("group", name=question).get_by_role("button", name=answer).click()
    assert page.evaluate(SMALL_TARGETS, GLOVE_PX) == []
    assert_accessible(page)
    page.get_by_role("button", name="Register").click()
    page.get_by_text("The ulcer is infected.").wait_for()
    page.get_by_role("button", name="Photograph it now").click()
    page.locator(".visit[aria-pressed=true][data-visit=w0]").wait_for()


def test_a_fault_of_a_page_is_told_without_what_it_said(browser: Any, demo: Any) -> None:
    context = browser.new_context()
    page = context.new_page()
    nurse(page, demo)
    with page.expect_response("**/v1/page-errors") as answered:
        page.evaluate("() => void setTimeout(() => { throw new RangeError('LYO-001 cannot be shown') })")
    assert answered.value.status == 204
    told = answered.value.request.post_data_json
    assert told.keys() == {"name", "where", "page", "version"}
    assert (told["name"], told["page"]) == ("RangeError", "/capture")
    assert "LYO" not in json.dumps(told)
    context.close()
