"""Every page against WCAG 2.2 AA, by axe; the reading desk at 200 % zoom."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.accessibility import assert_accessible
from tests.browser.conftest import FIRST_MEASURED_S

pytestmark = pytest.mark.timeout(900)  # the first of these tests may wait for the demo to measure

TABLET, DESKTOP = (820, 1180), (1440, 900)
SETTLED = {"/study": "svg", "/readers": "h1", "/audit": "table", "/capture": "h1", "/account": "h1"}
"""What stands on a page once it has what it asked for."""

CUT_OFF = """() => [...document.querySelectorAll("body *")].filter((one) => {
  const style = getComputedStyle(one);
  const unseen = one.closest(".unseen, .skip, .board") !== null || !one.checkVisibility();
  const hides = ["hidden", "clip"].includes(style.overflowX) && one.scrollWidth > one.clientWidth + 1;
  const box = one.getBoundingClientRect();
  const beyond = box.width > 0 && (box.right > innerWidth + 1 || box.left < -1);
  return !unseen && (hides || beyond);
}).map((one) => one.outerHTML.slice(0, 120))"""

CONTROLS = "a[href], button, input, select, summary, [tabindex='0']"
UNREACHABLE = """(controls) => [...document.querySelectorAll(controls)]
  .filter((one) => one.checkVisibility() && one.closest(".unseen") === null)
  .filter((one) => {
    one.focus(); // shows the link that skips to the content
    one.scrollIntoView({ block: "center" });
    const box = one.getBoundingClientRect();
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return top === null || !(one.contains(top) || top.contains(one));
  }).map((one) => one.outerHTML.slice(0, 120))"""


def at_the_desk(visitors: Any, who: str, code: str, size: tuple[int, int], **chosen: Any) -> Any:
    page = visitors(width=size[0], height=size[1], bypass_csp=True, **chosen).enter(
        who, f"/reading/case/{code}"
    )
    page.wait_for_selector(".board-picture")
    return page


@pytest.mark.parametrize("language", ["fr", "en"])
def test_signing_in(visitors: Any, language: str) -> None:
    page = visitors(language=language, bypass_csp=True).enter(None)
    page.wait_for_selector("h1")
    assert_accessible(page)


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("data_manager", "/study"),
        ("data_manager", "/readers"),
        ("data_manager", "/audit"),
        ("site_staff", "/capture"),
        ("reader", "/account"),
    ],
)
def test_pages_of_every_role(
    visitors: Any, demo: Any, measured_ulcer: dict[str, Any], role: str, path: str
) -> None:
    page = visitors(bypass_csp=True).enter(demo.accounts()[role][0], path)
    page.wait_for_selector(f"main {SETTLED[path]}")
    page.wait_for_selector(".loading", state="detached")
    assert_accessible(page)


@pytest.mark.parametrize("size", [TABLET, DESKTOP])
def test_the_reading_desk_with_its_dialogs(
    visitors: Any, demo: Any, cases: list[dict[str, str]], size: tuple[int, int]
) -> None:
    reader = demo.accounts()["reader"][0]
    page = at_the_desk(visitors, reader, cases[0][reader], size)
    assert_accessible(page)
    page.keyboard.press("n")
    assert_accessible(page)
    page.get_by_role("button", name="Keys and touch").click()
    assert_accessible(page)
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    page.keyboard.press("4")
    page.wait_for_selector(".missing.ready")
    page.locator(".sign-bar .button").click()
    page.wait_for_selector("dialog[open]")
    assert_accessible(page)


def test_the_queue_and_the_assessments(visitors: Any, demo: Any, assessed_case: dict[str, str]) -> None:
    for who in demo.accounts()["reader"]:
        read(visitors(), who, assessed_case[who], "closed", [])
    page = visitors(bypass_csp=True).enter(demo.accounts()["reader"][0], "/reading")
    page.wait_for_selector(".queue-card h1")
    assert_accessible(page)
    page.goto(f"{demo.url}/reading/assessments")
    # The assessment's job waits its turn behind the photographs that the demo still measures.
    page.wait_for_selector(".case-view", timeout=1000 * FIRST_MEASURED_S)
    assert_accessible(page)


def read(visitor: Any, who: str, code: str, category: str, rings: list[Any]) -> None:
    """A read, from its first look to its signature."""
    visitor.enter(who, "/account")
    asks, case = visitor.context.request, f"{visitor.base}/v1/reading/cases/{code}"
    password = asks.get(f"{visitor.base}/v1/me").json()["demo_password"]
    said = {"number": 1, "category": category, "rings": rings, "confidence": 4}
    headers = {"X-Planimeter": "1"}
    steps = [
        asks.post(f"{case}/opening", headers=headers),
        asks.put(f"{case}/draft", headers=headers, data=said),
        asks.post(
            f"{case}/lock",
            headers=headers,
            data={"password": password, "meaning_accepted": True, "number": 1},
        ),
    ]
    assert [step.ok for step in steps] == [True] * 3, steps[-1].text()


def test_the_adjudicators_desk_in_every_view(visitors: Any, demo: Any, cases: list[dict[str, str]]) -> None:
    one, two = demo.accounts()["reader"]
    for who, category, rings in ((one, "closed", []), (two, "open", [[[90, 90], [150, 90], [150, 150]]])):
        read(visitors(), who, cases[0][who], category, rings)
    page = visitors(width=TABLET[0], height=TABLET[1], bypass_csp=True).enter(
        demo.accounts()["adjudicator"][0], "/reading"
    )
    page.locator(".queue-card .button.primary").click()
    page.wait_for_selector(".board-picture")
    assert_accessible(page)
    for view in ("Flicker", "Agreement map"):
        page.get_by_role("button", name=view).click()
        assert_accessible(page)
    page.get_by_role("radio", name="I draw my own").check(force=True)
    page.wait_for_selector(".toolbar")
    assert_accessible(page)


@pytest.mark.parametrize("size", [TABLET, DESKTOP])
def test_nothing_is_cut_off_at_200_percent(
    visitors: Any, demo: Any, cases: list[dict[str, str]], size: tuple[int, int]
) -> None:
    reader = demo.accounts()["reader"][1]
    page = at_the_desk(visitors, reader, cases[0][reader], (size[0] // 2, size[1] // 2))
    page.keyboard.press("n")
    page.wait_for_selector("input[name=reason]", state="attached")
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate(UNREACHABLE, CONTROLS) == []
    page.locator(".light summary").click()
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate(UNREACHABLE, ".light-panel input, .light-panel button") == []
    assert_accessible(page)


def test_the_signature_stands_within_a_tablets_page(
    visitors: Any, demo: Any, cases: list[dict[str, str]]
) -> None:
    reader = demo.accounts()["reader"][0]
    page = at_the_desk(visitors, reader, cases[0][reader], TABLET)
    assert page.locator(".demo").count() == 1
    box = page.locator(".sign-bar .button").bounding_box()
    assert box["y"] + box["height"] <= TABLET[1]
