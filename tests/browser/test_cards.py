"""Cards and check photos in a browser: a nurse prints, measures and photographs; the manager sees charts."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from app.cards.schemas import NewCardPrint
from app.demo import prepare
from app.demo_sites import SiteWork
from app.main import create_app
from app.services import build
from tests.app.house import CHEAP, CornerMeasurer, settings_for
from tests.browser.conftest import DIST, free_port, wait_until
from tests.browser.test_agreement import CROSSING_TEXTS
from tests.browser.test_frontend_units import WEB, node

HERE = Path(__file__).parent
TODAY = date(2026, 5, 1)
SHOWN_WEEKS = {12, 11, 10, 9, 2, 1}
"""Weeks ago of the shots that are sent: enough for a chart, and Lille's new card among them."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The real service with the demo's sites, their prints and some of their shots; no ulcer is measured."""
    if not (DIST / "index.html").is_file():
        pytest.skip("the pages are not built: pip install . or npm run build in app/web")
    folder, port = tmp_path_factory.mktemp("cards"), free_port()
    settings = settings_for(folder, f"sqlite:///{folder / 'planimeter.db'}", demo=True, port=port,
                            measure_in_server=False)  # fmt: skip
    services = build(settings, measurer=CornerMeasurer(), passwords=CHEAP)
    server = uvicorn.Server(
        uvicorn.Config(create_app(settings, services), host="127.0.0.1", port=port, log_config=None)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: server.started, 60)
    nurses = prepare(services)
    (study,) = services.studies.visible(nurses["LYO"])
    new = NewCardPrint(site_code="LIL", printer="Consultation", check_bar_mm=99.8)
    services.cards.confirm(nurses["LIL"], study.id, new)
    work = SiteWork(services, TODAY)
    for upload in work.shots(study.id):
        if (TODAY - upload.taken_at.date()).days // 7 in SHOWN_WEEKS:
            services.phantom_shots.receive(nurses[upload.site_code], upload)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=30)


@pytest.fixture
def entered(browser: Any, service: str) -> Iterator[Callable[..., Any]]:
    """Opens a window of one of the demo's accounts; afterwards none may have complained."""
    complaints: list[str] = []
    contexts = []

    def enter(username: str, *, language: str = "en", width: int = 1440, height: int = 900) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height}, locale=language)
        contexts.append(context)
        answer = context.request.post(
            f"{service}/v1/demo/session", data={"username": username}, headers={"X-Planimeter": "1"}
        )
        assert answer.ok
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield enter
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A site's card work as one script and one style sheet."""
    if not (WEB / "node_modules").is_dir():
        pytest.skip("the JavaScript packages are not installed: pip install -e . or npm ci in app/web")
    out = tmp_path_factory.mktemp("site") / "site.js"
    command = [
        "node_modules/esbuild/bin/esbuild",
        str(HERE / "site_cards.tsx"),
        "--bundle",
        "--jsx=automatic",
    ]
    subprocess.run(
        [node(), *command, "--jsx-import-source=preact", "--log-level=error", f"--outfile={out}"],
        cwd=WEB,
        env={**os.environ, "NODE_PATH": str(WEB / "node_modules")},
        check=True,
        timeout=120,
    )
    return {"script": out.read_text("utf-8"), "style": out.with_suffix(".css").read_text("utf-8")}


def site_page(page: Any, service: str, bundle: dict[str, str], language: str = "en") -> Any:
    """The nurse's card work, talking to the real service."""
    (study,) = page.context.request.get(f"{service}/v1/studies").json()
    page.route(
        f"{service}/site",
        lambda route: route.fulfill(body="<!doctype html><div id=app></div>", content_type="text/html"),
    )
    page.goto(f"{service}/site")
    page.add_style_tag(content=bundle["style"])
    page.add_script_tag(content=f"window.told = {json.dumps({'study': study, 'language': language})}")
    page.add_script_tag(content=bundle["script"])
    return page


@pytest.mark.parametrize(("language", "width", "height"), [("en", 1440, 900), ("fr", 820, 1180)])
def test_the_data_manager_sees_which_site_has_to_be_looked_into(
    entered: Callable[..., Any], service: str, language: str, width: int, height: int
) -> None:
    page = entered("data-manager", language=language, width=width, height=height)
    page.goto(f"{service}/cards")
    page.locator(".drift-chart").nth(1).wait_for()
    lille, lyon = page.locator(".agreement-card").all()
    assert lille.locator(".shot-mark.signalled").count() > 2
    assert lille.locator(".note.warn li").count() == lille.locator("svg.drift-chart .signalled").count() == 2
    assert lyon.locator(".note.good").count() == 1
    assert "Consultation" in lille.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CROSSING_TEXTS) == []


def test_the_numbers_of_a_chart_are_saved_as_a_file(entered: Callable[..., Any], service: str) -> None:
    page = entered("data-manager")
    page.goto(f"{service}/cards")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV: Lille").click()
    rows = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    assert download.value.suggested_filename == "drift-LIL.csv"
    assert [row.split(" ")[-1].split(",")[-1] for row in rows[-2:]] == ["far_off"] * 2


def test_a_nurse_confirms_a_true_print_and_is_told_to_print_a_short_one_again(
    entered: Callable[..., Any], service: str, bundle: dict[str, str]
) -> None:
    page = site_page(entered("nurse-lyon"), service, bundle)
    paper = page.get_by_role("link", name="A4").get_attribute("href")
    sheet = page.context.request.get(f"{service}{paper}")
    assert sheet.headers["content-type"] == "application/pdf"
    page.get_by_label("Which printer?").fill("Ward 3")
    length = page.get_by_label("Length of the bar, mm")
    for given, said in (
        ("ten", "Give the length in millimetres"),
        ("97", "print at 100\u00a0%"),
        ("99,8", "this print may be used"),
    ):
        length.fill(given)
        page.get_by_role("button", name="Confirm").click()
        page.get_by_text(said, exact=False).first.wait_for()
    page.get_by_text("Ward 3", exact=True).wait_for()
    assert "99.8" in page.locator(".card-known").inner_text()


def test_a_nurse_takes_the_check_photo_and_hears_what_to_do(
    entered: Callable[..., Any], service: str, bundle: dict[str, str]
) -> None:
    page = site_page(entered("nurse-lille"), service, bundle)
    shots = HERE.parents[1] / "sample_images" / "shots"
    entries = json.loads((shots / "shots.json").read_text(encoding="utf-8"))
    by_week = {entry["weeks_ago"]: shots / entry["file"] for entry in entries if entry["site"] == "LIL"}
    for week, said in (
        (7, "that is all for this week"),
        (1, "Measure the check bar of this card again"),
        (8, "The camera is tilted too far"),
    ):
        page.get_by_test_id("phantom-file").set_input_files(by_week[week])
        page.get_by_text(said, exact=False).wait_for()


def test_every_control_of_the_card_work_has_a_name_and_is_reached_by_the_keyboard(
    entered: Callable[..., Any], service: str, bundle: dict[str, str]
) -> None:
    page = site_page(entered("nurse-lyon", language="fr", width=820, height=1180), service, bundle, "fr")
    page.get_by_label("Quelle imprimante").focus()
    reached = []
    for _ in range(4):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.labels?.[0]?.innerText || document.activeElement.innerText")
        )
    assert reached == [
        "Longueur de la barre, mm",
        "Confirmer",
        "Prendre la photo de contrôle",
        "Choisir un fichier",
    ]
    assert page.evaluate("document.documentElement.scrollWidth") <= 820
