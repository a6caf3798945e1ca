"""report.html as people meet it: in a real Chromium, light and dark, narrow, printed, without script, by keyboard."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page, Route

from harness.report.html import render
from harness.report.summary import report_of
from tests.chromium import CONTRAST, EVERYTHING, started
from tests.harness.report.made_client_runs import WELL, MadeClientRun
from tests.harness.report.made_runs import MadeRun
from tests.needs import needs, needs_minutes

pytestmark = needs("chromium")

HOSTILE = (
    "<script>window.ran=1</script><img src=x onerror=window.ran=1>{{7*7}}${7*7}{%raw%}"
    "</title></style></script><svg onload=window.ran=1>\u202egnp\x00\"'--><!--\ud800"
)
RUNS: dict[str, MadeRun | MadeClientRun] = {
    "red": MadeRun(parties=1, locations=60, failing=6, each=4, others=9),
    "green": MadeRun(parties=1, locations=60, failing=0, others=9),
    "not testable": MadeRun(obstacle="https://platform.example: connection refused", others=9),
    "many parties": MadeRun(parties=14, locations=42, failing=3, each=1, others=9),
    "hostile": MadeRun(parties=2, locations=20, failing=5, each=5, name=HOSTILE, others=9),
    "not testable, hostile": MadeRun(obstacle=HOSTILE, others=9),
    "client": MadeClientRun(crowd=9, text=HOSTILE),
}

Show = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser."""
    with started() as browser:
        yield browser


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages, by the name of their run."""
    found = {}
    for name, run in RUNS.items():
        folder = tmp_path_factory.mktemp("run")
        run.write(folder)
        found[name] = folder / "report.html"
        found[name].write_text(render(report_of(folder), folder), "utf-8")
    return found


@pytest.fixture
def show(chromium: Browser, files: dict[str, Path]) -> Iterator[Show]:
    """Opens a page. Whatever it asks of a network, and whatever it complains of, fails the test in the end."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def refuse(route: Route) -> None:
        if route.request.url.startswith("file:") and route.request.is_navigation_request():
            route.continue_()
        else:
            complaints.append(route.request.url)
            route.abort()

    def opened(name: str, fragment: str = "", **options: Any) -> Page:
        contexts.append(chromium.new_context(**options))
        page = contexts[-1].new_page()
        page.route("**/*", refuse)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(files[name].as_uri() + fragment)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def unfold(page: Page) -> None:
    page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")


@pytest.mark.parametrize(
    "name", ["red", "green", *(pytest.param(name, marks=needs_minutes()) for name in ("not testable", "many parties"))]
)
def test_nothing_is_kept_from_people_with_a_disability(show: Show, name: str) -> None:
    page = show(name, color_scheme="light")
    unfold(page)
    found = Axe().run(page, options=EVERYTHING).response
    assert told(found["violations"]) == []
    assert len(found["passes"]) > 20
    page.emulate_media(color_scheme="dark")
    in_the_dark = Axe().run(page, options=CONTRAST).response
    assert told(in_the_dark["violations"]) == []
    assert [one["id"] for one in in_the_dark["passes"]] == ["color-contrast"]


def told(violations: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    return [(one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in violations]


@pytest.mark.parametrize("name", ["hostile", "not testable, hostile"])
@pytest.mark.parametrize("script", [True, False])
def test_hostile_text_stays_text(show: Show, name: str, script: bool) -> None:
    page = show(name, java_script_enabled=script)
    if script:
        unfold(page)
        assert page.evaluate("window.ran") is None
        assert page.evaluate("document.querySelectorAll('script, img, style').length") == 2
    assert page.title().startswith("ndw-pull: ")
    told = page.locator("#to-do").inner_text()
    for part in ("<script>window.ran=1</script>", "<img src=x onerror", "{{7*7}}${7*7}{%raw%}", "</title></style>"):
        assert part in told
    assert "\\u202egnp\\u0000\"'--><!--\\ud800" in told


def test_a_time_line_is_seen_and_told_and_what_a_client_wrote_stays_text(show: Show) -> None:
    page = show("client", viewport={"width": 1200, "height": 900})
    situation = page.locator(f"#time-{WELL.replace('/', '-')}")
    drawing = situation.get_by_role("img", name=f"Time line of {WELL}")
    assert drawing.bounding_box()["width"] > 900  # type: ignore[index]
    assert not situation.get_by_role("table").is_visible()
    unfold(page)
    assert page.evaluate("window.ran") is None
    assert page.evaluate("document.querySelectorAll('script, img, style').length") == 2
    assert "12 × PUT" in situation.get_by_role("table").inner_text()
    assert "<script>window.ran=1</script>" in situation.get_by_role("list").inner_text()
    assert "shows: access token" in situation.get_by_role("list").inner_text()
    assert told(Axe().run(page, context="#time-line", options=EVERYTHING).response["violations"]) == []
    page.emulate_media(color_scheme="dark")
    assert told(Axe().run(page, context="#time-line", options=CONTRAST).response["violations"]) == []


def test_what_is_put_into_the_page_later_runs_no_script(files: dict[str, Path], chromium: Browser) -> None:
    page = chromium.new_page()
    page.goto(files["red"].as_uri())
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran=1\">')")
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran=1'}))")
    page.wait_for_function("document.images[0].complete")
    assert page.evaluate("window.ran") is None
    page.close()


@pytest.mark.parametrize("name", [name for name in RUNS if name != "not testable"])
def test_a_telephone_shows_it_without_scrolling_sideways(show: Show, name: str) -> None:
    page = show(name, viewport={"width": 390, "height": 800})
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_filter_leaves_the_cards_that_hold_the_words(show: Show) -> None:
    page = show("red")
    cards = page.locator(".card:visible")
    every = cards.count()
    assert every > 2
    page.get_by_label("Show only findings with").fill("OPENING times ARE Missing, nobody writes this")
    assert (cards.count(), page.locator("#filter-count").inner_text()) == (0, f"0 of {every} causes")
    page.get_by_label("Show only findings with").fill("ODD VALUE 4 of 4")
    assert cards.count() == 1
    page.get_by_label("Show only findings with").fill("")
    assert cards.count() == every


def test_a_link_opens_what_is_folded_around_its_target(show: Show) -> None:
    page = show("red", "#x-e2")
    assert page.locator("#x-e2").is_visible()
    page.get_by_role("link", name="e1", exact=True).first.click()
    page.wait_for_function("location.hash == '#x-e1'")
    assert page.locator("#x-e1").is_visible()


def test_without_script_all_is_there_but_the_filter(show: Show) -> None:
    page = show("red", java_script_enabled=False)
    assert not page.locator("#filter").is_visible()
    assert page.locator(".card").count() > 2
    row = page.locator("#x-e2")
    assert not row.is_visible()
    page.get_by_text("2 exchanges").last.click()
    assert row.is_visible()


def test_the_keyboard_reaches_the_report_first(show: Show) -> None:
    page = show("red")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    assert page.locator(".skip").bounding_box()["x"] > 0  # type: ignore[index]
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id == 'main'")


@pytest.mark.parametrize("name", ["red", "not testable"])
def test_print_shows_what_is_folded_and_leaves_out_what_only_a_screen_can_do(show: Show, name: str) -> None:
    page = show(name, java_script_enabled=False)
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    if name == "red":
        assert page.locator("#x-e2").bounding_box()["height"] > 0  # type: ignore[index]
    printed = page.pdf(format="A4")
    assert printed.startswith(b"%PDF-")
    assert printed.count(b"/Type /Page\n") > 2
