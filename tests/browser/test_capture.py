"""The nurse's page: a photograph on its way, through lost networks and reloads, to its verdict."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import wait_until

pytestmark = pytest.mark.timeout(600)  # the first of these tests also waits for the demo to start

SAMPLES = Path(__file__).parents[2] / "sample_images"
VERDICT_MS = 400_000
"""All of the demo's own photographs may stand before this one in the queue, on two slow cores."""

WAITING = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("planimeter");
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const all = opening.result.transaction("photos").objectStore("photos").getAllKeys();
    all.onsuccess = () => { opening.result.close(); resolve(all.result); };
  };
})"""


@pytest.fixture
def photo() -> Path:
    """A photograph of the sample study."""
    manifest = json.loads((SAMPLES / "manifest.json").read_text())
    return SAMPLES / str(manifest["photos"][0]["file"])


@pytest.fixture
def nurse(visitors: Any, demo: Any) -> Any:
    """A nurse's page with the first ulcer and its second visit chosen."""
    visitor = visitors(width=1024, height=768)
    visitor.enter(demo.accounts()["site_staff"][0], "/capture")
    choose(visitor.page)
    return visitor


def choose(page: Any) -> None:
    """Its window has passed: the reason is asked."""
    page.locator(".subject-button").first.click()
    page.locator(".ulcer").first.click()
    page.locator(".visit").nth(1).click()
    page.get_by_role("button", name="Patient could not come").click()
    page.get_by_role("button", name="On to the photo").click()
    page.get_by_role("button", name="Choose a file").wait_for()


def test_a_nurse_sees_her_own_site_only(visitors: Any, demo: Any) -> None:
    everyone = {(ulcer["site_code"], ulcer["subject_code"]) for ulcer in demo.ulcers()}
    assert len({site for site, _ in everyone}) == 2
    visitor = visitors()
    visitor.enter(demo.accounts()["site_staff"][0], "/capture")
    visitor.page.wait_for_selector(".subject-button")
    shown = set(visitor.page.locator(".subject-code").all_inner_texts())
    assert shown
    assert len({site for site, subject in everyone if subject in shown}) == 1
    assert len(shown) < len(everyone)


def test_a_photograph_is_measured_and_shown(nurse: Any, photo: Path) -> None:
    page = nurse.page
    page.get_by_test_id("photo-file").set_input_files(str(photo))
    page.wait_for_selector(".tray-card.done", timeout=VERDICT_MS)
    page.wait_for_selector(".tray-card .viewer-layer:not(.hidden)")
    assert "mm²" in page.locator(".tray-card").inner_text()
    assert page.evaluate(WAITING) == []


def test_several_files_are_all_kept_and_sent(nurse: Any, photo: Path) -> None:
    page = nurse.page
    page.get_by_test_id("photo-file").set_input_files([str(photo), str(photo)])
    page.locator(".tray-card").nth(1).wait_for()
    wait_until(lambda: page.evaluate(WAITING) == [])
    assert len({card.get_attribute("data-capture") for card in page.locator(".tray-card").all()}) == 2


def test_a_lost_network_costs_nothing_and_the_name_stays(nurse: Any, photo: Path) -> None:
    page = nurse.page
    sent: list[str] = []

    def lose_twice(route: Any) -> None:
        sent.append(route.request.url)
        if len(sent) <= 2:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/v1/captures/*?*visit_code=*", lose_twice)
    page.get_by_test_id("photo-file").set_input_files(str(photo))
    page.wait_for_selector(".tray-card.waiting")
    assert len(page.evaluate(WAITING)) == 1  # on the tablet before the service has it
    page.wait_for_selector(".tray-card.measuring, .tray-card.done", timeout=VERDICT_MS)
    assert len(sent) == 3
    assert len(set(sent)) == 1
    wait_until(lambda: page.evaluate(WAITING) == [])


def test_a_photograph_outlives_a_reload(nurse: Any, photo: Path) -> None:
    page = nurse.page
    page.route("**/v1/captures/*?*visit_code=*", lambda route: route.abort("internetdisconnected"))
    page.get_by_test_id("photo-file").set_input_files(str(photo))
    page.wait_for_selector(".tray-card.waiting")
    kept = page.evaluate(WAITING)
    page.unroute_all()
    page.reload()
    page.wait_for_selector(f".tray-card[data-capture='{kept[0]}']")
    wait_until(lambda: page.evaluate(WAITING) == [])


def test_another_person_does_not_send_it(nurse: Any, photo: Path, demo: Any) -> None:
    page = nurse.page
    page.route("**/v1/captures/*?*visit_code=*", lambda route: route.abort("internetdisconnected"))
    page.get_by_test_id("photo-file").set_input_files(str(photo))
    page.wait_for_selector(".tray-card.waiting")
    page.unroute_all()
    nurse.enter(demo.accounts()["site_staff"][1], "/capture/photos")
    page.get_by_text("1 photo of another person waits here").wait_for()
    assert page.locator(".tray-card").count() == 0
    assert page.get_by_test_id("waiting-count").inner_text() == "All sent"
    assert len(page.evaluate(WAITING)) == 1


def test_a_file_that_is_no_photograph_is_refused_in_words_and_not_kept(nurse: Any) -> None:
    page = nurse.page
    page.get_by_test_id("photo-file").set_input_files(
        {"name": "letter.jpg", "mimeType": "image/jpeg", "buffer": b"Dear colleague"}
    )
    page.get_by_role("alert").wait_for()
    assert "JPEG" in page.get_by_role("alert").inner_text()
    assert page.evaluate(WAITING) == []


def test_what_the_service_refuses_stays_until_the_nurse_removes_it(nurse: Any, photo: Path) -> None:
    page = nurse.page
    half = photo.read_bytes()
    page.get_by_test_id("photo-file").set_input_files(
        {"name": "half.jpg", "mimeType": "image/jpeg", "buffer": half[: len(half) // 2]}
    )
    page.wait_for_selector(".tray-card.rejected")
    assert "The photo is incomplete" in page.locator(".tray-card [role=alert] p").first.inner_text()
    assert len(page.evaluate(WAITING)) == 1
    page.get_by_role("button", name="Remove this file").click()
    wait_until(lambda: page.locator(".tray-card").count() == 0)
    assert page.evaluate(WAITING) == []


def test_a_photograph_without_card_is_to_be_taken_again_and_says_how(nurse: Any, grey_photo: bytes) -> None:
    page = nurse.page
    page.get_by_test_id("photo-file").set_input_files(
        {"name": "wall.jpg", "mimeType": "image/jpeg", "buffer": grey_photo}
    )
    page.wait_for_selector(".tray-card.done", timeout=VERDICT_MS)
    assert "lay the card under the finger" in page.locator(".tray-card .reasons").inner_text()
    assert "primary" in (page.get_by_role("button", name="Take it again").get_attribute("class") or "")


@pytest.fixture
def grey_photo() -> bytes:
    """A wall: a fine photograph of nothing."""
    cv2 = pytest.importorskip("cv2")
    np = pytest.importorskip("numpy")
    wall = np.random.default_rng(3).normal(150, 12, (1600, 1200, 3)).clip(0, 255).astype("uint8")
    return bytes(cv2.imencode(".jpg", cv2.GaussianBlur(wall, (0, 0), 2))[1])
