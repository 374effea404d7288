"""The reader's page shows the blinded assessments and nothing that says whose they are."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.timeout(600)  # the first of these tests also waits for the demo to start

PATIENCE_MS = 60_000


@pytest.mark.parametrize("role", ["reader", "adjudicator"])
def test_a_reader_meets_nothing_that_tells(
    visitors: Any, demo: Any, measured_ulcer: dict[str, Any], telltales: set[str], role: str
) -> None:
    assert len(telltales) > 20
    visitor = visitors()
    bodies: list[str] = []

    def keep(response: Any) -> None:
        if "/v1/" in response.url and "json" in response.headers.get("content-type", ""):
            bodies.append(response.url + response.text())

    visitor.page.on("requestfinished", lambda request: keep(request.response()))
    account = demo.accounts()[role][0]
    demo.become("data_manager")
    page = visitor.enter(account, "/reading/assessments")
    # Of what is not read to the end a reader sees nothing: the machine's outline least of all.
    page.get_by_text("No case has been read to the end yet.").wait_for(timeout=PATIENCE_MS)
    assert page.locator(".viewer-layer").count() == 0
    said = page.locator("main").inner_text()
    # The role switch is the demo's own and names the sites' nurses; the page of a real study has none.
    pages = [said, page.url, *(body for body in bodies if "/v1/me" not in body and "/v1/demo" not in body)]
    assert any("/v1/assessments" in body for body in pages)
    for text in pages:
        assert [word for word in telltales if word in text] == []
    assert all("/v1/studies" not in a and "/v1/captures" not in a for a in visitor.addresses)


def test_a_reader_is_sent_home_from_other_pages(
    visitors: Any, demo: Any, measured_ulcer: dict[str, Any]
) -> None:
    page = visitors().enter(demo.accounts()["reader"][0], f"/study/{measured_ulcer['id']}")
    page.wait_for_url("**/reading")
    assert page.locator(".ulcer-list").count() == 0


def test_the_demo_switch_changes_the_person(visitors: Any, demo: Any) -> None:
    page = visitors().enter(demo.accounts()["data_manager"][0], "/study")
    page.wait_for_selector(".multiples li")
    page.locator(".demo-roles button").filter(has_text="Reader").first.click()
    page.wait_for_url("**/reading")
    page.wait_for_selector("h1:has-text('Reading room')")
    assert page.locator(".top-study").count() == 0
