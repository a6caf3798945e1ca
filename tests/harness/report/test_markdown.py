"""report.md: its first five lines, its bounds, and that no text of a subject means anything in it."""

import re
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from harness.report.markdown import code, fenced, prose, render
from harness.report.summary import report_of
from tests.harness.report.made_runs import MadeRun

Json = dict[str, Any]
GITHUB = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "![x](https://evil.example/p.png)",
    "@everyone please",
    "https://evil.example/ www.evil.example",
    "``` ` `` ```",
    "`",
    "| a | b |",
    "# head\n- list\n> quote",
    "a\u202eb\x1b[31m\ud800",
    "",
    "  ",
    "*a* _b_ ~c~",
]


def made(folder: Path, **options: Any) -> tuple[Json, str]:
    MadeRun(**options).write(folder)
    report = report_of(folder)
    return report, render(report, folder)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> tuple[Json, str]:
    return made(tmp_path_factory.mktemp("markdown"))


def test_the_first_five_lines_stand_alone(page: tuple[Json, str]) -> None:
    report, text = page
    *lines, empty = text.split("\n")[:6]
    assert empty == ""
    assert len("\n".join(lines)) < 1_000
    result, counts, profile, worst, rest = lines
    assert "**ndw-pull**" in result
    assert "not conforming" in result
    assert "(exit code 1)" in result
    assert f"{report['totals']['MUST']['failed']} failed" in counts
    assert "`ndw-pull@2026.12`" in profile
    assert "made platform" in profile
    assert f"`{report['verdicts'][0]['requirement'].partition('/')[0]}" in worst or "ocpi-2.2.1/" in worst
    assert "report.html" in rest


def test_what_a_person_needs_stands_below(page: tuple[Json, str]) -> None:
    report, text = page
    failed = {one["requirement"]: one for one in report["verdicts"] if one["outcome"] == "failed"}
    assert failed
    for requirement, verdict in failed.items():
        assert f"`{requirement}`" in text
        assert f"**Fix** {prose(verdict['fix'])}" in text
    assert "**Expected** `something that is as the document has it`" in text
    assert "```sh\ncurl " in text
    assert "## Assumed, not published" in text
    assert "this is no certification" in text


@pytest.mark.parametrize(
    "options", [{"parties": 40, "locations": 800, "failing": 25, "each": 3}, {"name": "é" * 5_000}]
)
def test_it_is_always_under_200_kb(tmp_path: Path, options: Json) -> None:
    _report, text = made(tmp_path, **options)
    assert len(text.encode()) < 200_000
    assert text.endswith("this is no certification\n")


def test_what_does_not_fit_is_counted(tmp_path: Path) -> None:
    report, _text = made(tmp_path, parties=2, failing=30)
    verdicts = [{**one, "requirement": f"{one['requirement']}-{n}"} for n in range(60) for one in report["verdicts"]]
    text = render({**report, "verdicts": verdicts}, tmp_path)
    assert len(text.encode()) < 200_000
    left = re.findall(r"And (\d+) more (\w+), left out to keep this page small", text)
    assert left
    assert all(int(count) > 0 for count, _what in left)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_text_of_a_subject_is_code_and_nothing_else(hostile: str) -> None:
    tokens = list(GITHUB.parseInline(f"before {code(hostile)} after")[0].children or ())
    assert [one.type for one in tokens] == ["text", "code_inline", "text"]
    assert not re.search(r"[\x00-\x1f\u202e\ud800]", tokens[1].content)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_words_in_prose_are_no_markup_link_or_mention(hostile: str) -> None:
    shown = prose(hostile)
    tokens = GITHUB.parseInline(f"a {shown} b")[0].children or []
    assert {one.type for one in tokens} <= {"text", "text_special"}
    assert not re.search(r"@\w|://|www\.", shown)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_fence_holds_whatever_stands_in_it(hostile: str) -> None:
    tokens = GITHUB.parse(f"before\n\n{fenced(hostile, 'sh')}\n\nafter\n")
    assert [one.type for one in tokens if "fence" in one.type or one.type == "inline"] == ["inline", "fence", "inline"]


@pytest.mark.parametrize("hostile", [one for one in HOSTILE if one.strip()])
def test_a_hostile_location_makes_no_other_page(tmp_path: Path, hostile: str) -> None:
    """The same headings and links as with a harmless name."""
    _report, odd = made(tmp_path, name=hostile, parties=1, failing=2)
    types = [[one.type for one in GITHUB.parse(odd)], _inline(odd)]
    assert not {"html_block", "table_open", "image", "link_open", "html_inline"} & {
        one for each in types for one in each
    }
    headings = [line for line in odd.split("\n") if line.startswith("#") and not line.startswith("# without")]
    assert [line.split(" ")[0] for line in headings].count("##") >= 3


def _inline(text: str) -> list[str]:
    return [child.type for token in GITHUB.parse(text) for child in token.children or ()]


def test_a_copy_a_party_a_self_check_and_a_killed_run_say_so_first(page: tuple[Json, str]) -> None:
    report, _text = page
    subject = {**report["subject"], "kind": "reference"}
    told = {**report, "copy": "Masked copy.", "party": "NL/ABC", "subject": subject, "exit": None}
    first = render(told, Path()).split("\n")[0]
    for words in ("Masked copy.", "for `NL/ABC` alone", "self-check", "killed before its end"):
        assert words in first


def test_where_nothing_was_tested_nothing_is_said_to_have_passed(page: tuple[Json, str]) -> None:
    report, _text = page
    totals = {keyword: dict.fromkeys(counts, 0) for keyword, counts in report["totals"].items()}
    text = render({**report, "totals": totals, "verdicts": [], "exit": 3}, Path())
    assert text.split("\n")[3] == "No MUST was tested.  "


def test_waivers_and_preflight_are_told(page: tuple[Json, str]) -> None:
    report, _text = page
    waiver = {"requirement": "ndw/x", "state": "expired", "told": "it ended on 2026-05-01"}
    check = {"check": "tls", "outcome": "failed", "detail": "not <trusted>", "next": "give the CA"}
    text = render({**report, "waivers": [waiver], "preflight": [check]}, Path())
    assert "a waiver for `ndw/x` is expired: `it ended on 2026-05-01`" in text
    assert "### `tls`: `not <trusted>`\n\nWhat to do: `give the CA`" in text
