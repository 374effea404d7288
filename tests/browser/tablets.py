"""Enrolled tablets in front of the demo: what several tests do with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

PIN = "274913"
OTHER_PIN = "830461"
LANDSCAPE, UPRIGHT = (1180, 820), (820, 1180)

ROWS = """(store) => new Promise((resolve, reject) => {
  const opening = indexedDB.open("planimeter");
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const all = opening.result.transaction(store).objectStore(store).getAllKeys();
    all.onsuccess = () => { opening.result.close(); resolve(all.result); };
  };
})"""
"""Keys of one of the tablet's stores."""

WORKER_READY = """async () => {
  await navigator.serviceWorker.ready;
  return Boolean(navigator.serviceWorker.controller);
}"""


def rows(page: Any, store: str) -> list[str]:
    found: list[str] = page.evaluate(ROWS, store)
    return found


def enrol(page: Any, demo: Any, base: str) -> str:
    """Make the browser a tablet of the demo's first site, by the code that its data manager gives; its id."""
    study = demo.study()
    told = demo.ask(f"/v1/studies/{study['id']}/tablets", {"site_code": "LYO", "name": "Tablet 1"})
    page.goto(f"{base}/tablet")
    page.get_by_label("Code").fill(told["enrolment_code"])
    page.get_by_role("button", name="Enrol").click()
    page.get_by_text("This tablet is “Tablet 1”").wait_for()
    return str(told["id"])


def sign_in(page: Any, username: str, base: str) -> None:
    page.goto(f"{base}/sign-in")
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill("demonstration")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.locator(".subject-button").first.wait_for()


def choose_pin(page: Any, pin: str = PIN) -> None:
    page.get_by_role("button", name="Choose a PIN").click()
    page.get_by_label("Password").fill("demonstration")
    page.get_by_label("New PIN").fill(pin)
    page.get_by_label("The same PIN again").fill(pin)
    page.get_by_role("button", name="Keep this PIN").click()
    page.get_by_role("button", name="Take a photo").click()


def type_pin(page: Any, pin: str) -> None:
    for digit in pin:
        page.get_by_role("button", name=f"Digit {digit}").click()


def to_photo(page: Any, visit: int = -1) -> None:
    """From the list of subjects to the shutter, by the first ulcer and its last visit, the one due now."""
    page.locator(".subject-button").first.click()
    page.locator(".ulcer").first.click()
    page.locator(".visit").nth(visit).click()
    page.get_by_role("button", name="On to the photo").click()
    page.get_by_test_id("photo-file").wait_for(state="attached")


def take_file(page: Any, photo: Path) -> str:
    """Choose a file instead of the camera; the photograph's identifier."""
    page.get_by_test_id("photo-file").set_input_files(str(photo))
    page.locator(".verdict-panel").wait_for()
    return str(page.locator(".verdict-panel").get_attribute("data-capture"))
