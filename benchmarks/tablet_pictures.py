"""The pictures of docs/how-to/take-photographs.md, taken of a running demo with a film for a camera.

planimeter demo --no-browser --port 8000
python benchmarks/tablet_pictures.py --address http://127.0.0.1:8000
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.live_page.film import write_film
from tests.browser.live_page.serving import CAMERA_FLAGS

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
SAMPLES = ROOT / "sample_images"
CHANGE = {"X-Planimeter": "1"}
PIN = "274913"
VERDICT_MS = 300_000
QUALITY = 82
"""Of the JPEG: pictures of documents stay under 250 kB (tests/test_docs.py)."""


def film_of_a_finger(folder: Path) -> Path:
    """The first photograph of the sample study, as a film."""
    first = json.loads((SAMPLES / "manifest.json").read_text(encoding="utf-8"))["photos"][0]["file"]
    rgb = np.asarray(Image.open(SAMPLES / first).convert("RGB"), dtype=np.uint8)
    film = folder / "finger.y4m"
    write_film(film, rgb, rgb.shape[1] // 2 * 2, rgb.shape[0] // 2 * 2)
    return film


def enrol(page: Any, address: str) -> None:
    """The demo's data manager announces a tablet; the page becomes it."""
    manager = page.context.browser.new_context().request
    manager.post(f"{address}/v1/demo/session", data={"username": "data-manager"}, headers=CHANGE)
    study = manager.get(f"{address}/v1/studies").json()[0]["id"]
    new = {"site_code": "LYO", "name": "Tablet 1"}
    told = manager.post(f"{address}/v1/studies/{study}/tablets", data=new, headers=CHANGE).json()
    page.goto(f"{address}/tablet")
    page.get_by_label("Code").fill(told["enrolment_code"])
    page.get_by_role("button", name="Enrol").click()
    page.get_by_text("This tablet is").wait_for()
    page.get_by_role("link", name="Sign in").click()


def begin_shift(page: Any, picture: Any) -> None:
    """Sign in, choose a PIN, lock, and come back by PIN."""
    page.get_by_label("User name").fill("nurse-lyon")
    page.get_by_label("Password").fill("demonstration")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Choose a PIN").click()
    page.get_by_label("Password").fill("demonstration")
    page.get_by_label("New PIN").fill(PIN)
    page.get_by_label("The same PIN again").fill(PIN)
    page.get_by_role("button", name="Keep this PIN").click()
    page.get_by_role("button", name="Take a photo").wait_for()
    page.get_by_role("button", name="Lock").click()
    page.locator(".pin-keys").wait_for()
    picture("lock")
    for digit in PIN:
        page.get_by_role("button", name=f"Digit {digit}").click()


def visit(page: Any, picture: Any) -> None:
    """One photograph from the list of subjects to its verdict."""
    page.locator(".subject-button").first.click()
    page.locator(".hand-map").wait_for()
    picture("hands")
    page.locator(".ulcer").first.click()
    page.get_by_role("button", name="4", exact=True).click()
    picture("visit")
    page.get_by_role("button", name="On to the photo").click()
    page.locator(".live[data-told=good]").wait_for()
    picture("camera")
    page.get_by_role("button", name="Take the photo").click()
    page.locator(".verdict-panel.done").wait_for(timeout=VERDICT_MS)
    page.locator(".verdict-panel .viewer-layer:not(.hidden)").first.wait_for()
    picture("verdict")


def main(address: Annotated[str, typer.Option(help="Of a running demo.")]) -> None:
    """Take the pictures."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        film = film_of_a_finger(Path(folder))
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                *CAMERA_FLAGS,
                f"--use-file-for-fake-video-capture={film}",
            ],
        )
        context = browser.new_context(
            viewport={"width": 1180, "height": 820}, locale="en", permissions=["camera"]
        )
        page = context.new_page()
        page.set_default_timeout(60_000)

        def picture(name: str) -> None:
            page.wait_for_timeout(500)
            page.screenshot(path=PICTURES / f"tablet_{name}.jpg", type="jpeg", quality=QUALITY)
            typer.echo(name)

        enrol(page, address)
        begin_shift(page, picture)
        visit(page, picture)
        browser.close()


if __name__ == "__main__":
    typer.run(main)
