"""The data manager's page of tablets: a code once and large, the list by site, revoking with a reason."""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from app.platform.clock import SystemClock
from tests.app.house import PASSWORD, House, open_house
from tests.browser.conftest import DIST, answers, free_port, wait_until

MANAGER = "manager-one"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, str]]:
    """A service with accounts and no photographs, and its address."""
    if not (DIST / "index.html").is_file():
        pytest.skip("the pages are not built: pip install . or npm run build in app/web")
    folder, port = tmp_path_factory.mktemp("tablets"), free_port()
    address = f"http://127.0.0.1:{port}"
    house = open_house(
        folder,
        f"sqlite:///{folder / 'planimeter.db'}",
        clock=SystemClock(),  # type: ignore[arg-type]
        measure_in_server=False,
    )
    server = uvicorn.Server(uvicorn.Config(house.client.app, port=port, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: answers(address))
    house.furnish()
    yield house, address
    server.should_exit = True
    thread.join(timeout=30)


@pytest.fixture
def page(browser: Any, served: tuple[House, str]) -> Iterator[Any]:
    """The data manager's window, on the page of tablets."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en")
    page = context.new_page()
    page.set_default_timeout(20_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(served[1])
    page.get_by_label("User name").fill(MANAGER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Tablets").click()
    page.get_by_role("heading", name="Tablets", exact=True).wait_for()
    yield page
    context.close()
    assert complaints == []


def make(page: Any, name: str) -> str:
    """Make a tablet ready; its code."""
    page.get_by_label("Site").select_option(label="Lyon")
    page.get_by_label("Name on its label").fill(name)
    page.get_by_role("button", name="Make a code").click()
    code: str = page.locator(".enrolment-code").inner_text()
    return code


def enrol(address: str, code: str) -> None:
    request = urllib.request.Request(
        f"{address}/v1/tablets/enrolment",
        data=json.dumps({"code": code}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        assert response.status == 201


def test_a_code_is_shown_once_and_the_page_sees_the_tablet_enrolled(
    page: Any, served: tuple[House, str]
) -> None:
    code = make(page, "Tablet 1")
    assert page.locator(".enrolment-code").evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 28
    line = page.locator(".tablet", has_text="Tablet 1")
    assert "waits for its code until" in line.inner_text()
    enrol(served[1], code)
    page.get_by_text("“Tablet 1” is enrolled.").wait_for()
    assert "enrolled on" in line.inner_text()
    page.reload()
    line.wait_for()
    assert code not in page.content()


def test_revoking_asks_for_a_reason_and_can_be_left(page: Any, served: tuple[House, str]) -> None:
    make(page, "Tablet 2")
    page.get_by_role("button", name="I have typed it").click()
    page.get_by_role("button", name="Revoke Tablet 2").click()
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("button", name="Revoke Tablet 2").click()
    reason = page.get_by_label("Reason")
    assert reason.evaluate("e => e === document.activeElement")
    page.get_by_role("button", name="Revoke this tablet").click()
    assert page.locator("form.revoke").is_visible()  # nothing happens without a reason
    reason.fill("left on the tram")
    page.keyboard.press("Enter")
    line = page.locator(".tablet", has_text="Tablet 2")
    wait_until(lambda: "revoked on" in line.inner_text())
    assert line.get_by_role("button").count() == 0
    (event,) = served[0].audit(action="tablet.revoked")
    assert event["reason"] == "left on the tram"


@pytest.mark.parametrize("width", [1440, 820, 512])
@pytest.mark.parametrize("language", ["Français", "English"])
def test_nothing_is_cut_off(page: Any, width: int, language: str) -> None:
    page.set_viewport_size({"width": width, "height": 1180})
    make(page, "A tablet with a long name, day ward, second floor")
    page.get_by_role("button", name=language).click()
    page.locator(".tablet .button").first.click()
    page.locator("form.revoke").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".fresh-code").evaluate("e => e.scrollWidth <= e.clientWidth")
