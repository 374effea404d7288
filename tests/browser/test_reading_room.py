"""Two readers and an adjudicator at the desk: drawing, signing, judging; nothing lost, nothing told."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest

from tests.browser.conftest import wait_until

pytestmark = pytest.mark.timeout(900)  # the first of these tests also waits for the demo to measure

PATIENCE_MS = 60_000
CODE = re.compile(r"/reading/case/([0-9a-f]{32})$")
SIGNED_AT = re.compile(r'"signed_at":"[^"]+"')
"""The reader's own signature bears the time, on the day of the demo's last planned visit."""

DRAFTS_KEPT = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("planimeter.reading");
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const all = opening.result.transaction("drafts").objectStore("drafts").getAllKeys();
    all.onsuccess = () => { opening.result.close(); resolve(all.result); };
  };
})"""

STEPS_KEPT = """(code) => new Promise((resolve, reject) => {
  const opening = indexedDB.open("planimeter.reading");
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const all = opening.result.transaction("steps").objectStore("steps").getAllKeys();
    all.onsuccess = () => {
      opening.result.close();
      resolve(all.result.filter((key) => key[1] === code).length);
    };
  };
})"""


class Reader:
    """Somebody at the desk, and everything that the page was sent."""

    def __init__(self, visitor: Any, username: str) -> None:
        self.visitor, self.username, self.page = visitor, username, visitor.page
        self.heard: list[str] = []
        self.page.on("requestfinished", lambda request: self._hear(request.response()))
        visitor.enter(username, "/reading")
        self.page.wait_for_selector(".queue-card h1", timeout=PATIENCE_MS)

    def _hear(self, response: Any) -> None:
        told = "/v1/" in response.url and "json" in response.headers.get("content-type", "")
        # The role switch is the demo's own and names the sites' nurses; a real study has none.
        if told and "/v1/me" not in response.url and "/v1/demo" not in response.url:
            headers = {name: value for name, value in response.headers.items() if name != "date"}
            self.heard.append(response.url + str(headers) + SIGNED_AT.sub("", response.text()))

    @property
    def code(self) -> str:
        found = CODE.search(self.page.url)
        assert found is not None
        return found[1]

    def sit_down(self, code: str | None = None) -> str:
        """Go on with the next case, or with a certain one of this reader's."""
        if code is None:
            self.page.locator(".queue-card .button.primary").click()
        else:
            self.page.goto(f"{self.visitor.base}/reading/case/{code}")
        self.page.wait_for_selector(".board-picture", timeout=PATIENCE_MS)
        return self.code

    def stroke(self, across: float = 0.5, down: float = 0.5, radius_px: float = 26) -> None:
        """Draw round and round about a place of the board."""
        box = self.page.locator(".board").bounding_box()
        x, y = box["x"] + across * box["width"], box["y"] + down * box["height"]
        self.page.mouse.move(x + radius_px, y)
        self.page.mouse.down()
        for step in range(13):
            turn = math.tau * step / 12
            self.page.mouse.move(x + radius_px * math.cos(turn), y + radius_px * math.sin(turn))
        self.page.mouse.up()

    def sign(self) -> str:
        """Sign with the demo's password, which the dialog tells; what the page says afterwards."""
        wait_until(lambda: self.page.locator(".missing.ready").count() == 1)
        self.page.locator(".sign-bar .button").click()
        dialog = self.page.get_by_role("dialog")
        assert "cannot be undone" in dialog.inner_text()
        password = dialog.get_by_text("the password is").inner_text().rpartition(" ")[2]
        dialog.get_by_label("Your password, again").fill(password)
        dialog.get_by_role("button", name="Sign and lock").click()
        dialog.wait_for(state="detached")
        note: str = self.page.locator(".signed-note").inner_text()
        return note

    def draft(self, code: str) -> dict[str, Any]:
        """What the service has of a case."""
        answer = self.visitor.context.request.get(f"{self.visitor.base}/v1/reading/cases/{code}")
        found: dict[str, Any] = answer.json()["draft"] or {"rings": []}
        return found


def test_two_readers_and_an_adjudicator_read_a_discordant_case_to_its_end(
    visitors: Any, demo: Any, cases: list[dict[str, str]], telltales: set[str]
) -> None:
    one, two = demo.accounts()["reader"]
    first = Reader(visitors(), one)
    draws_with_the_mouse(first, cases[0][one])
    second = Reader(visitors(width=820, height=1180), two)
    calls_closed_then_draws_by_keyboard(second, cases[0][two])
    judge = Reader(visitors(width=1180, height=820), demo.accounts()["adjudicator"][0])
    compares_and_chooses(judge)
    assert len(telltales) > 20
    for reader in (first, second, judge):
        assert any("/lock" in heard for heard in reader.heard)
        said = [reader.page.locator("main").inner_text(), reader.page.title(), reader.page.url]
        for text in [*said, *reader.heard]:
            assert [word for word in telltales if word in text] == []
        assert all("/v1/studies" not in a and "/v1/captures" not in a for a in reader.visitor.addresses)


def draws_with_the_mouse(reader: Reader, code: str) -> None:
    page = reader.page
    assert "cases read" in page.locator(".queue-count").inner_text()
    reader.sit_down(code)
    assert "Say whether the ulcer is open" in page.locator(".missing").inner_text()
    reader.stroke()
    page.keyboard.press("o")
    page.keyboard.press("4")
    wait_until(lambda: "mm²" in page.locator(".live-area").inner_text())
    page.keyboard.press("Control+z")
    wait_until(lambda: "Outline what is open" in page.locator(".missing").inner_text())
    page.keyboard.press("Control+y")
    assert "Here is the next case" in reader.sign()
    page.wait_for_selector(".board-picture")
    assert reader.code != code
    page.keyboard.press("c")
    page.keyboard.press("5")
    reader.sign()
    assert page.evaluate(DRAFTS_KEPT) == []


def calls_closed_then_draws_by_keyboard(reader: Reader, code: str) -> None:
    page = reader.page
    reader.sit_down(code)
    page.get_by_role("radio", name="Closed").check(force=True)
    page.get_by_role("radio", name="5", exact=True).check(force=True)
    reader.sign()
    page.wait_for_selector(".board-picture")
    before = page.locator(".board").bounding_box()
    for key in ("v", "o", "3"):
        page.keyboard.press(key)
    page.wait_for_selector(".signed-note", state="detached")
    assert page.locator(".board").bounding_box() == before  # nothing moves under the hand
    page.locator(".board").focus()
    for key in ("Enter", "Shift+ArrowRight", "Enter", ".", "Delete", "Shift+ArrowUp"):
        page.keyboard.press(key)
    wait_until(lambda: page.locator(".missing.ready").count() == 1)
    wait_until(lambda: "mm²" in page.locator(".live-area").inner_text())
    assert page.get_by_label("Machine’s outline").count() == 0
    page.get_by_role("button", name="My outline stands").click()
    page.get_by_role("button", name="It stands").click()
    page.wait_for_selector("text=Your own reading is kept")
    reader.sign()


def compares_and_chooses(judge: Reader) -> None:
    page = judge.page
    assert "two readers do not agree" in page.locator(".queue-card").inner_text()
    judge.sit_down()
    assert page.locator(".board").count() == 2
    sides = page.locator(".board-badge").all_inner_texts()
    assert {side[3:] for side in sides} == {"Open", "Closed, no outline"}
    page.get_by_role("button", name="Flicker").click()
    shown = page.locator(".board-badge").inner_text()
    wait_until(lambda: page.locator(".board-badge").inner_text() != shown)
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Agreement map").click()
    assert "A only" in page.locator(".map-legend").inner_text()
    page.get_by_role("radio", name="I draw my own").check(force=True)
    page.get_by_role("button", name=sides[1][0] if "Open" in sides[1] else "A", exact=True).click()
    wait_until(lambda: "mm²" in page.locator(".live-area").inner_text())
    page.get_by_role("radio", name="4", exact=True).check(force=True)
    assert "Signed and locked" in judge.sign()


def test_neither_a_lost_network_nor_a_reload_costs_a_stroke(
    visitors: Any, demo: Any, cases: list[dict[str, str]]
) -> None:
    reader = Reader(visitors(), demo.accounts()["reader"][0])
    code = reader.sit_down(cases[-1][reader.username])
    page, context = reader.page, reader.visitor.context
    reader.stroke(down=0.3)
    page.wait_for_selector("[data-keeping=saved]")
    wait_until(lambda: len(reader.draft(code)["rings"]) > 0)
    before = len(reader.draft(code)["rings"])
    context.set_offline(True)
    reader.stroke(down=0.7)
    page.wait_for_selector("[data-keeping=waiting]")
    assert "Waiting for the network" in page.locator(".keeping").inner_text()
    # Chromium reloads by itself once the network is back: the page is back before the service is.
    page.route("**/draft", lambda route: route.abort("connectionreset"))
    context.set_offline(False)
    page.reload()
    page.wait_for_selector("text=still on this device")
    assert len(reader.draft(code)["rings"]) == before
    page.unroute_all()
    wait_until(lambda: len(reader.draft(code)["rings"]) > before)
    assert [kept[1] for kept in page.evaluate(DRAFTS_KEPT)] == [code]
    reader.visitor.enter(demo.accounts()["reader"][1], "/reading")
    page.wait_for_selector(".queue-card h1")
    wait_until(lambda: page.evaluate(DRAFTS_KEPT) == [])


def test_a_case_changed_elsewhere_is_said_and_reloaded(
    visitors: Any, demo: Any, cases: list[dict[str, str]]
) -> None:
    here = Reader(visitors(), demo.accounts()["reader"][1])
    code = here.sit_down(cases[-1][here.username])
    elsewhere = Reader(visitors(), here.username)
    elsewhere.sit_down(code)
    elsewhere.page.keyboard.press("c")
    elsewhere.page.wait_for_selector("[data-keeping=saved]")
    wait_until(lambda: elsewhere.draft(code).get("category") == "closed")
    here.stroke()
    here.page.get_by_role("button", name="Reload the case").click()
    here.page.wait_for_selector("text=changed elsewhere since")
    assert here.page.get_by_role("radio", name="Closed").is_checked()
    here.page.get_by_role("button", name="Undo").click()
    wait_until(lambda: len(here.draft(code)["rings"]) > 0)


def test_undo_leads_back_past_a_reload_until_the_lock(
    visitors: Any, demo: Any, cases: list[dict[str, str]]
) -> None:
    reader = Reader(visitors(), demo.accounts()["reader"][0])
    code = reader.sit_down(cases[0][reader.username])
    page = reader.page
    undo, redo = (page.get_by_role("button", name=name) for name in ("Undo", "Redo"))
    drawn = []
    for down in (0.3, 0.5, 0.7):
        reader.stroke(down=down)
        wait_until(lambda: len(reader.draft(code)["rings"]) > len(drawn))
        drawn.append(reader.draft(code)["rings"])
    undo.click()
    page.wait_for_selector("[data-keeping=saved]")
    page.reload()
    page.wait_for_selector(".board-picture")
    redo.click()
    wait_until(lambda: reader.draft(code)["rings"] == drawn[2])
    for _ in range(3):
        undo.click()
    wait_until(lambda: reader.draft(code)["rings"] == [])
    assert undo.get_attribute("aria-disabled") == "true"
    redo.click()
    wait_until(lambda: reader.draft(code)["rings"] == drawn[0])
    page.keyboard.press("o")
    page.keyboard.press("3")
    reader.sign()
    assert page.evaluate(STEPS_KEPT, code) == 0


def test_a_border_gone_round_with_the_brush_can_be_filled(
    visitors: Any, demo: Any, cases: list[dict[str, str]]
) -> None:
    reader = Reader(visitors(width=820, height=1180), demo.accounts()["reader"][1])
    code = reader.sit_down(cases[0][reader.username])
    page = reader.page
    reader.stroke()
    page.wait_for_selector("[data-keeping=saved]")
    assert page.locator(".outline-note").count() == 0
    page.keyboard.press("Control+z")
    page.keyboard.press("b")
    reader.stroke(radius_px=60)
    page.get_by_role("button", name="Count it as open").click()
    wait_until(lambda: len(reader.draft(code)["rings"]) == 1)
    assert page.locator(".outline-note").count() == 0
    page.keyboard.press("c")
    page.get_by_role("button", name="Erase the outline").click()
    wait_until(lambda: reader.draft(code)["rings"] == [])
