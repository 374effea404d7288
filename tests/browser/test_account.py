"""Signing in with a second factor or by a provider, one's own account, and the trail narrowed."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from app.domain.one_time_code import STEP_S, code_at, step_at
from app.platform.clock import SystemClock
from tests.app.house import PASSWORD, House, open_house
from tests.app.openid_provider import CLIENT, SECRET, running
from tests.browser.conftest import DIST, answers, free_port, wait_until

USER = "manager-one"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, str]]:
    """A service with accounts and no photographs, and its address; beside it an OpenID provider."""
    if not (DIST / "index.html").is_file():
        pytest.skip("the pages are not built: pip install . or npm run build in app/web")
    folder, port = tmp_path_factory.mktemp("account"), free_port()
    address = f"http://127.0.0.1:{port}"
    with running(time.time) as provider:
        provider.person = {"preferred_username": "manager-two"}
        house = open_house(
            folder,
            f"sqlite:///{folder / 'planimeter.db'}",
            clock=SystemClock(),  # type: ignore[arg-type]
            measure_in_server=False,
            public_url=address,
            provider_issuer=provider.address,
            provider_client_id=CLIENT,
            provider_client_secret=SECRET,
            provider_label="The hospital",
        )
        config = uvicorn.Config(house.client.app, port=port, log_config=None, access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        wait_until(lambda: answers(address))
        house.furnish()
        yield house, address
        server.should_exit = True
        thread.join(timeout=30)


@pytest.fixture
def page(browser: Any, served: tuple[House, str]) -> Iterator[Any]:
    """A window of somebody who is not signed in."""
    context = browser.new_context(viewport={"width": 1024, "height": 768}, locale="en")
    page = context.new_page()
    page.set_default_timeout(20_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(served[1])
    yield page
    context.close()
    assert complaints == []


def code(secret: str, steps: int = 0) -> str:
    return code_at(base64.b32decode(secret), step_at(time.time()) + steps)


def sign_in(page: Any, user: str) -> None:
    page.get_by_label("User name").fill(user)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_second_factor_from_set_up_to_signing_in(page: Any, served: tuple[House, str]) -> None:
    if STEP_S - time.time() % STEP_S < 3:
        time.sleep(4)  # the code of this step must last until it is typed
    sign_in(page, USER)
    page.get_by_role("link", name=USER).click()
    page.get_by_role("heading", name="Where you are signed in").wait_for()
    assert "this session" in page.locator(".sessions li").first.inner_text()
    card = page.locator("section", has=page.get_by_role("heading", name="Second factor"))
    card.get_by_label("Present password").fill(PASSWORD)
    card.get_by_role("button", name="Set it up").click()
    assert card.locator("img.qr").evaluate("image => image.naturalWidth") > 0
    secret = card.locator("code").inner_text()
    card.get_by_label("Code", exact=True).fill(code(secret))
    card.get_by_role("button", name="Enable").click()
    card.locator(".recovery li").first.wait_for()
    assert card.locator(".recovery li").count() == 10
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, USER)
    page.get_by_label("Code of your authenticator app").fill(code(secret, 1))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/study")
    served[0].services.register.remove_second_factor(USER)


def test_the_provider_leads_to_the_service_and_back(page: Any) -> None:
    page.get_by_role("link", name="Sign in with The hospital").click()
    page.wait_for_url("**/study")
    assert page.get_by_role("link", name="manager-two").is_visible()


def test_a_refusal_by_the_provider_is_told_on_the_sign_in_page(page: Any, served: tuple[House, str]) -> None:
    served[0].services.register.lock("manager-two", "left")
    page.get_by_role("link", name="Sign in with The hospital").click()
    assert "did not work" in page.locator("[role=alert]").inner_text()
    served[0].services.register.unlock("manager-two")


def test_the_trail_is_narrowed_and_told_value_by_value(page: Any) -> None:
    sign_in(page, USER)
    page.get_by_role("link", name="Audit trail").click()
    page.locator(".trail tbody tr").first.wait_for()
    everything = page.locator(".trail > tbody > tr").count()
    page.get_by_label("Action (or its beginning)").fill("subject.enrolled")
    page.get_by_role("button", name="Show", exact=True).click()
    wait_until(lambda: 0 < page.locator(".trail > tbody > tr").count() < everything)
    page.locator(".trail summary").first.click()
    assert "ONE-" in page.locator(".changes").first.inner_text()
    page.get_by_role("button", name="Show everything").click()
    wait_until(lambda: page.locator(".trail > tbody > tr").count() == everything)


@pytest.mark.parametrize("width", [1024, 512])
def test_nothing_is_cut_off(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    sign_in(page, USER)
    page.get_by_role("link", name=USER).click()
    page.get_by_role("heading", name="Second factor").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("link", name="Audit trail").click()
    page.locator(".trail tbody tr").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
