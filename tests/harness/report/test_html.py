"""report.html as text: whole, bounded, self-contained, and every link in it leads somewhere."""

import base64
import hashlib
import json
import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from harness.cli import app
from harness.report.html import render
from harness.report.summary import report_of
from harness.systems.ndw.payloads import bulk_locations
from tests.harness.report.made_runs import START, MadeRun

ORDER = [
    *("result", "parties", "to-do", "warnings", "not-tested", "assumptions", "map", "coverage"),
    *("conversation", "onboarding", "settings", "preflight"),
]
VOID = {"meta", "br", "input", "link", "img"}


class Page(HTMLParser):
    """Its elements, ids, links and text; `wrong` says which tags do not match."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = text
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.wrong.append(tag)

    def all(self, name: str) -> list[str]:
        return [attributes[name] for _tag, attributes in self.attributes if name in attributes]


def page_of(folder: Path, report: dict[str, Any] | None = None) -> Page:
    return Page(render(report or report_of(folder), folder))


RUNS = {
    "red": MadeRun(parties=1, locations=60, failing=8, each=5),
    "green": MadeRun(parties=1, locations=60, failing=0),
    "not testable": MadeRun(obstacle="https://platform.example: connection refused"),
    "many parties": MadeRun(parties=30, locations=300, failing=9, each=4),
    "hostile": MadeRun(
        parties=3, locations=30, failing=3, each=3, name="</title><p id=map onclick=x href=//h.example>'\"&"
    ),
}


@pytest.fixture(scope="module", params=RUNS)
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Page:
    folder = tmp_path_factory.mktemp("run")
    RUNS[request.param].write(folder)
    return page_of(folder)


def test_every_element_is_closed_and_every_link_leads_somewhere(page: Page) -> None:
    assert (page.open, page.wrong) == ([], [])
    ids = page.all("id")
    assert [name for name, times in Counter(ids).items() if times > 1] == []
    targets = set(page.all("href"))
    assert {link[:1] for link in targets} == {"#"}
    assert {link[1:] for link in targets} - set(ids) == set()
    assert {name for names in page.all("aria-labelledby") for name in names.split()} - set(ids) == set()


def test_nothing_is_asked_of_anywhere(page: Page) -> None:
    assert page.all("src") == page.all("style") == page.all("action") == page.all("srcset") == []
    assert page.tags["link"] == page.tags["img"] == page.tags["iframe"] == page.tags["base"] == 0
    assert not re.search(r"url\(|@import|https?://(?!platform\.example)", page.text)


def test_only_its_own_style_and_script_may_run(page: Page) -> None:
    (policy,) = [text for text in page.all("content") if "default-src" in text]
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page.text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert not [name for _tag, attributes in page.attributes for name in attributes if name.startswith("on")]


def test_it_is_a_document_with_its_parts_in_order(page: Page) -> None:
    assert page.text.startswith('<!doctype html>\n<html lang="en">')
    assert page.tags["h1"] == page.tags["main"] == page.tags["body"] == 1
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", page.text)]
    assert all(deeper - level <= 1 for level, deeper in pairwise(levels))
    assert page.tags["caption"] == page.tags["table"] > 3
    sections = [name for name in page.all("id") if name in ORDER]
    first = ["preflight", "to-do"] if "connection refused" in page.text else []
    assert sections == [*first, *(name for name in ORDER if name in sections and name not in first)]
    assert set(ORDER) - set(sections) <= {"parties"}


@pytest.fixture(scope="module")
def red(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    MadeRun(parties=2, locations=100, failing=6, each=12).write(folder)
    return folder


def test_a_card_says_all_that_a_person_needs(red: Path) -> None:
    text = page_of(red).text
    card = text[text.index('id="cause-ndw-locations-are-of-2-2-1"') :]
    card = card[: card.index("</article>")]
    for label in (
        "Clause",
        "Weight",
        "Source",
        "Why",
        "Fix",
        "Found",
        "Object",
        "Place",
        "Exchange",
        "Expected",
        "Actual",
    ):
        assert f"<dt>{label}</dt>" in card
    for told in (
        *(
            "A Location has no member that exists in another version",
            "NDW, Connection / Data Submission",
            "(published)",
        ),
        *("NL/AAA, location LOC-00000", "response.body:/data/0/member_0", "&#34;odd value 0 of 0&#34;"),
        *("curl ", "harness explain ndw/locations-are-of-2-2-1", "--only ndw/locations-are-of-2-2-1"),
    ):
        assert told in card, told


def test_the_front_page_tells_an_auditor_what_was_tested_and_how_it_is_decided(red: Path) -> None:
    report = report_of(red)
    report["waivers"] = [
        {
            "requirement": "ndw/x",
            "party": "NL/AAA",
            "object": None,
            "where": None,
            "reason": "gateway strips it",
            "owner": "ops",
            "ticket": "OPS-12",
            "until": "2027-03-01",
            "state": "used",
            "count": 3,
            "told": "",
        }
    ]
    report["profile"]["settings"]["ndw.currency"] = "CHF"
    report["origins"]["ndw.currency"] = "--set"
    text = page_of(red, report).text
    front = re.sub(r"<[^>]+>", " ", text[text.index('id="result"') : text.index('id="to-do"')])
    for told in (
        *("made platform", "https://platform.example/ocpi/2.2.1", "2026-06-01 08:00:05 UTC", "ndw-pull@2026.12"),
        *("ndw.currency = CHF", "(--set)", "This is no certification", "gateway strips it", "OPS-12", "2027-03-01"),
        *("published", "standard", "assumed", "no clause that is a MUST"),
    ):
        assert told in front, told


def test_what_was_not_tested_is_never_folded(tmp_path: Path) -> None:
    MadeRun(obstacle="nothing answers").write(tmp_path)
    text = page_of(tmp_path).text
    open_ones = text[text.index('id="not-tested"') : text.index('id="assumptions"')]
    assert "<details" not in open_ones
    report = report_of(tmp_path)
    assert all(f'href="#{one["requirement"].replace("/", "-")}"' in open_ones for one in report["verdicts"])


def test_unstable_verdicts_show_both_exchanges(red: Path) -> None:
    report = report_of(red)
    failed = next(one for one in report["verdicts"] if one["outcome"] == "failed")
    failed["unstable"] = [["e1", "e2"]]
    told = re.search(r"<dt>Unstable</dt><dd>(.*?)</dd>", page_of(red, report).text, re.DOTALL)
    assert told is not None
    assert re.findall(r'href="#x-(e\d)"', told[1]) == ["e1", "e2"]


def test_a_long_conversation_is_shown_in_part_and_that_is_said(tmp_path: Path) -> None:
    MadeRun(parties=1, locations=40_000, failing=1, each=7).write(tmp_path)
    text = render(report_of(tmp_path), tmp_path)
    shown = text.count('<tr id="x-e')
    assert 8 <= shown < 40
    assert "800 exchanges" in text.replace("\u00a0", "")
    assert f"{800 - shown} more are in run.jsonl alone" in text


def test_sixty_thousand_locations_stay_small(tmp_path: Path) -> None:
    MadeRun(parties=50, locations=60_000, failing=20, each=10).write(tmp_path)
    text = render(report_of(tmp_path), tmp_path)
    assert len(text.encode()) < 5_000_000
    assert text.count("<circle") + text.count("<path") <= 3_000
    assert "60\u00a0000 locations" in text
    shown = text.count('<div class="example">') + text.count("<td>something that is as the document has it")
    left = sum(int(count) for count in re.findall(r"(\d+) more findings? (?:is|are) not listed here", text))
    assert shown + left == 10_000


def test_long_names_of_signs_that_must_be_escaped_make_no_large_page(tmp_path: Path) -> None:
    MadeRun(parties=30, locations=900, failing=23, each=9, name='"' * 400).write(tmp_path)
    text = render(report_of(tmp_path), tmp_path)
    assert len(text.encode()) < 5_000_000
    assert "not listed here" in text


def test_a_killed_run_says_so(red: Path, tmp_path: Path) -> None:
    lines = (red / "run.jsonl").read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if '"kind":"verdict"' not in line and '"kind":"end"' not in line]
    (tmp_path / "run.jsonl").write_text("".join(kept) + '{"kind":"verd', "utf-8")
    text = page_of(tmp_path).text
    assert "killed" in text[: text.index("</header>")]
    assert 'id="cause-ndw-locations-are-of-2-2-1"' in text


def test_records_of_older_versions_are_shown(red: Path, tmp_path: Path) -> None:
    entries = [json.loads(line) for line in (red / "run.jsonl").read_text("utf-8").splitlines()]
    for entry in entries:
        for name in ("evidence", "unstable", "waived_count", "known_count", "known"):
            entry.pop(name, None)
        for problem in [*entry.get("problems", ()), entry.get("problem", {})]:
            for name in ("inside", "waived", "known"):
                problem.pop(name, None)
    kept = [entry for entry in entries if entry.get("kind") not in ("places", "clauses", "waivers", "baseline")]
    (tmp_path / "run.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in kept), "utf-8")
    report = report_of(tmp_path)
    for name in ("exchanges", "waivers", "baseline", "objects", "copy", "party"):
        report.pop(name, None)
    text = page_of(tmp_path, report).text
    assert "The record holds no coordinates" in text
    assert ">Looked at<" in text


def test_copies_and_parts_say_that_they_are(red: Path) -> None:
    report = report_of(red)
    text = page_of(red, {**report, "copy": "Masked copy for sharing.", "party": "NL/ABC"}).text
    head = text[: text.index("</header>")]
    assert "Masked copy for sharing." in head
    assert "The part of the run that is about NL/ABC." in head


def test_the_same_record_makes_the_same_bytes(red: Path) -> None:
    assert page_of(red).text == page_of(red).text


def test_of_files_it_names_lines_and_never_exchanges(tmp_path: Path) -> None:
    locations = list(bulk_locations(12, 1, ("NL", "XPO"), START))
    locations[7] = {**locations[7], "coordinates": {"latitude": "0.0", "longitude": "0.0"}, "help_phone": "112"}
    file, folder = tmp_path / "feed.ndjson", tmp_path / "run"
    file.write_text("".join(json.dumps(one) + "\n" for one in locations), "utf-8")
    done = CliRunner().invoke(app, ["validate", "ndw-locations", str(file), "--out", str(folder)])
    assert done.exit_code == 1, done.output
    page = page_of(folder)
    assert (page.open, page.wrong) == ([], [])
    assert f"<dt>File and line</dt><dd>{file}:8</dd>" in page.text
    assert "<dt>Exchange</dt>" not in page.text
    assert '<h2 id="conversation-title">Files</h2>' in page.text
    assert f"harness validate ndw-locations {file} --only" in page.text
    assert "12 locations: 1 fail a MUST" in page.text
    assert "1 of them lies far outside the map: LOC-0008 (0.0, 0.0)" in page.text
