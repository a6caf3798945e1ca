"""The page for people in a real Chromium: the journal live, faults by keyboard, state, and nothing from elsewhere."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, Route, expect

from harness.wire.clock import SystemClock
from harness.wire.serve import served
from tests.chromium import CONTRAST, EVERYTHING, started
from tests.harness.mock.toy import Toy
from tests.needs import needs

pytestmark = needs("chromium")

HOSTILE = "<img src=x onerror=window.ran=1><script>window.ran=1</script>"


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """Where mock and control path stand."""
    toy = Toy(wire=SystemClock())
    with served(toy) as url:
        toy.origins["toy"] = url
        yield url


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser."""
    with started() as browser:
        yield browser


@pytest.fixture
def page(chromium: Browser, origin: str) -> Iterator[Page]:
    """A page of the mock's. Whatever it asks of elsewhere, and whatever it complains of, fails the test in the end."""
    complaints: list[str] = []
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    shown = context.new_page()

    def refuse(route: Route) -> None:
        if route.request.url.startswith(f"{origin}/"):
            route.continue_()
        else:
            complaints.append(route.request.url)
            route.abort()

    shown.route("**/*", refuse)
    shown.on("console", lambda message: complaints.append(message.text))
    shown.on("pageerror", lambda error: complaints.append(str(error)))
    yield shown
    shown.unroute_all(behavior="ignoreErrors")
    context.close()
    assert [one for one in complaints if "status of 422" not in one] == []


def told(violations: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    return [(one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in violations]


def by_keyboard(page: Page, name: str, *keys: str) -> None:
    """Go on to the element that is called so by the tab key alone, and press these keys there."""
    for _ in range(80):
        page.keyboard.press("Tab")
        label = page.evaluate("(document.activeElement.labels?.[0] || document.activeElement).textContent.trim()")
        if label == name:
            for key in keys:
                page.keyboard.press(key) if key in ("Enter", "Space", "ArrowDown", "Escape") else page.keyboard.type(
                    key
                )
            return
    raise AssertionError(f"the tab key does not lead to {name}")


def test_people_follow_and_steer_a_mock(page: Page, origin: str) -> None:
    page.goto(origin)
    expect(page.locator("#status")).to_have_text("live")
    entries = page.locator("#entries > li")
    assert entries.count() == 0
    with httpx.Client(base_url=f"{origin}/toy", trust_env=False) as client:
        # what comes in while the page is open
        assert client.put("/notes/NL/N-5", json={"text": HOSTILE}).status_code == 200
        expect(entries.first).to_contain_text("PUT/toy/notes/NL/N-5200putNoteok")
        assert client.put(f"/notes/NL/{HOSTILE.replace('/', '')}", json={"text": 7}).status_code == 422
        expect(entries.first).to_contain_text("refused: request.body:/text: expected")
        expect(page.locator("#announced")).to_contain_text("refused")
        entries.first.locator("summary").first.click()
        expect(entries.first).to_contain_text("fill the member text")
        entries.first.get_by_text("Clause harness/notes-have-a-text").click()
        expect(entries.first).to_contain_text("an empty note says nothing.")

        # a fault, by keyboard alone
        page.locator("#h-faults").scroll_into_view_if_needed()
        by_keyboard(page, "Operation", "getNote")
        by_keyboard(page, "What goes wrong", "failing(503", ")", "Escape")
        by_keyboard(page, "How often (empty: always)", "1", "Enter")
        expect(page.locator("#fault-list")).to_contain_text("getNote:failing(503):times=1")
        assert [client.get("/notes/NL/N-5").status_code for _ in range(2)] == [503, 200]
        expect(page.locator("#fault-list")).to_contain_text("hit 1 of 1")
        expect(entries.nth(1)).to_contain_text("fault on purpose")

        # the state is changed by hand; what is wrong with it is said
        page.get_by_role("button", name="NL/ABC/N-1").click()
        page.get_by_label("The object, as JSON").fill('{"text": 3}')
        page.get_by_role("button", name="Save").click()
        expect(page.locator("#editor-said")).to_contain_text("it does not fit the table notes")
        page.get_by_label("The object, as JSON").fill(
            '{"owner": "NL/ABC", "id": "N-1", "text": "by hand", "secret": "(hidden)"}'
        )
        page.get_by_role("button", name="Save").click()
        expect(page.locator("#editor")).to_be_hidden()
        assert page.evaluate("document.activeElement.textContent") == "NL/ABC/N-1"

    _steer(page)
    _look_with_other_eyes(page)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Reset").click()
    expect(page.locator("#entries > li.good, #entries > li.bad")).to_have_count(0)
    page.get_by_role("button", name="New session").click()
    expect(page.locator("#env")).to_contain_text(f"{origin}/~s1/toy")


def _steer(page: Page) -> None:
    # the clock and an action
    page.get_by_role("button", name="24 hours on").click()
    expect(page.locator("#said")).to_contain_text("Fired: the note is read aloud.")
    page.get_by_label("What it says", exact=True).fill("well")
    page.get_by_role("button", name="Do write-note").click()
    expect(page.locator(".action pre").first).to_contain_text('"written": "N-9"')
    expect(page.locator("#entries .event").first).to_contain_text("action write-note done (text='well')")
    expect(page.get_by_role("button", name="NL/ABC/N-9")).to_be_visible()


def _look_with_other_eyes(page: Page) -> None:
    # nothing is kept from people with a disability, in the light and in the dark; a telephone shows it all
    page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
    found = Axe().run(page, options=EVERYTHING).response
    assert told(found["violations"]) == []
    assert len(found["passes"]) > 20
    page.emulate_media(color_scheme="dark")
    assert told(Axe().run(page, options=CONTRAST).response["violations"]) == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate("window.ran") is None


def test_the_documentation_can_be_tried_out_offline(page: Page, origin: str) -> None:
    page.goto(f"{origin}/_harness/v1/docs")
    expect(page.get_by_text("/_harness/v1/sessions/{session}/clock").first).to_be_visible()
    page.goto(f"{origin}/_harness/v1/docs?document=/_harness/v1/systems/toy/notes.json")
    expect(page.get_by_text("/notes/{owner}/{id}").first).to_be_visible()
