"""``[[waivers]]`` of harness.toml: what is said of a wrong one, and what right ones do to a check and its reports."""

import json
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from harness.cli import app
from harness.cli.plan import UsageError
from harness.cli.settings import Flags, plans

ECHOED, REQUIRED = "ocpi-2.2.1/message-ids-echoed", "ocpi-2.2.1/location-has-required-fields"
TERMS = 'reason = "gateway strips them"\nowner = "ops"\nuntil = 2099-03-01\n'
HEADER = 'getLocations:without_header("X-Request-ID")'
WHERE = "harness.toml line {}, [[waivers]] {}: "
NEEDS = "a waiver needs requirement, reason, owner, until"


def waiver(requirement: str = ECHOED, more: str = "", terms: str = TERMS) -> str:
    return f'[[waivers]]\nrequirement = "{requirement}"\n{terms}{more}'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("waivers = 1\n", "harness.toml line 1: waivers is a whole number; write each as a table, [[waivers]]"),
        ("[waivers]\n", "harness.toml line 1: waivers is a table; write each as a table, [[waivers]]"),
        ("[[waivers]]\n", f"harness.toml line 1, [[waivers]]: requirement is missing; {NEEDS}"),
        (
            waiver() + "\n" + waiver(terms='reason = "x"\nuntil = 2099-01-01\n'),
            f"harness.toml line 7, [[waivers]]: owner is missing; {NEEDS}",
        ),
        (waiver(more='tickt = "1"\n'), WHERE.format(6, "tickt") + "unknown key; did you mean 'ticket'?"),
        (
            waiver() + waiver("ocpi-2.2.1/message-id-echoed"),
            WHERE.format(7, "requirement")
            + f"unknown requirement 'ocpi-2.2.1/message-id-echoed'; did you mean {ECHOED!r}?",
        ),
        (
            waiver(more='party = "ABC"\n'),
            WHERE.format(6, "party") + "'ABC' is not a party; write it as country/party: NL/ABC",
        ),
        (waiver(more="where = 3\n"), WHERE.format(6, "where") + "write a text in quotes"),
        (waiver(more="object = {}\n"), WHERE.format(6, "object") + "write a text in quotes"),
        (
            waiver(more='object = {locaton = "1"}\n'),
            WHERE.format(6, "object") + "no object has a 'locaton'; did you mean 'location'?",
        ),
        (waiver(more="[waivers.object]\nevse = 1\n"), WHERE.format(6, "object") + "write the evse as a text in quotes"),
        (
            waiver(terms=TERMS.replace("2099-03-01", "2099-03-01T00:00:00Z")),
            WHERE.format(5, "until") + "write a day, such as 2027-03-01, the last one on which it holds",
        ),
        ("[[waiver]]\n", "harness.toml line 1: unknown table [waiver]; did you mean [[waivers]]?"),
    ],
)
def test_a_wrong_waiver_is_refused_by_line(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "harness.toml").write_text(text, "utf-8")
    with pytest.raises(UsageError) as error:
        plans("ndw-pull", Flags(reference=True), {}, tmp_path)
    assert str(error.value) == told


def test_a_waiver_says_what_it_covers(tmp_path: Path) -> None:
    more = 'party = "nl/xpo"\nobject = "LOC-1/*"\nwhere = "/name"\nticket = "OPS-12"\n'
    (tmp_path / "harness.toml").write_text(waiver(more=more) + waiver(more='object = {evse_id = "*"}\n'), "utf-8")
    (plan,), _ = plans("ndw-pull", Flags(reference=True), {}, tmp_path)
    first, second = plan.waivers
    assert (first.requirement, first.party, first.object, first.where) == (ECHOED, "NL/XPO", "LOC-1/*", "/name")
    assert (first.reason, first.owner, first.ticket, str(first.until)) == (
        "gateway strips them", "ops", "OPS-12", "2099-03-01",
    )  # fmt: skip
    assert (first.origin, second.origin) == ("harness.toml line 1", "harness.toml line 10")
    assert second.object == {"evse_id": "*"}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """An empty folder that is the present one."""
    with chdir(tmp_path):
        yield tmp_path


def checked(folder: Path, text: str, *arguments: str) -> tuple[int, str, dict[str, Any]]:
    """Exit code, output and report of a check of the reference, of the location list alone."""
    (folder / "harness.toml").write_text(text, "utf-8")
    fixed = ("check", "ndw-pull", "--reference", "--seed", "1", "--only", "crawl-locations", "--out", "run")
    ran = CliRunner().invoke(app, [*fixed, *arguments], catch_exceptions=False)
    return ran.exit_code, ran.output, json.loads((folder / "run" / "report.json").read_text("utf-8"))


def test_a_waived_failure_is_shown_everywhere_and_is_no_reason_for_exit_code_1(folder: Path) -> None:
    code, out, report = checked(folder, waiver(more='ticket = "OPS-12"\n'), "--fault", HEADER, "--strict")
    [verdict] = [one for one in report["verdicts"] if one["requirement"] == ECHOED]
    assert (code, verdict["outcome"], verdict["waived_count"]) == (0, "failed", verdict["problem_count"])
    assert verdict["waived"] == {
        "reason": "gateway strips them", "owner": "ops", "ticket": "OPS-12", "until": "2099-03-01",
        "origin": "harness.toml line 1", "more": 0,
    }  # fmt: skip
    assert all(problem["waived"] for problem in verdict["problems"])
    assert (report["totals"]["MUST"]["failed"], report["totals"]["MUST"]["waived"]) == (0, 1)
    assert [(one["state"], one["count"]) for one in report["waivers"]] == [("used", verdict["problem_count"])]
    assert f"WAIVED  MUST  {ECHOED}" in out
    assert "waived: gateway strips them (ops, OPS-12, until 2099-03-01)" in out
    assert "every MUST that was tested passed, but for 1 of " in out
    lines = [json.loads(line) for line in (folder / "run" / "run.jsonl").read_text("utf-8").splitlines()]
    problems = [line for line in lines if line.get("kind") == "problem"]
    assert len(problems) == verdict["problem_count"]
    assert all(line["problem"]["waived"] for line in problems)


def validated(folder: Path, text: str, *arguments: str) -> tuple[int, str, dict[str, Any]]:
    """The same of a file: 30 locations, of which the fourth and the fifth have no country."""
    if not (folder / "feed.json").exists():
        feed = json.loads(CliRunner().invoke(app, ["generate", "ndw-locations", "-n", "30", "--seed", "1"]).output)
        for number in (3, 4):
            feed[number]["id"] = f"LOC/{number}"
            del feed[number]["country"]
        (folder / "feed.json").write_text(json.dumps(feed), "utf-8")
    (folder / "harness.toml").write_text(text, "utf-8")
    fixed = ("validate", "ndw-locations", "feed.json", "--out", "run")
    ran = CliRunner().invoke(app, [*fixed, *arguments], catch_exceptions=False)
    return ran.exit_code, ran.output, json.loads((folder / "run" / "report.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("about", "jobs", "waived"),
    [
        ('object = {location = "LOC/3"}', "1", [True, False]),
        ('where = "/country"', "2", [True, True]),
        ('where = "/name"', "2", [False, False]),
    ],
)
def test_waivers_hold_for_files_too(folder: Path, about: str, jobs: str, waived: list[bool]) -> None:
    code, out, report = validated(folder, waiver(REQUIRED, about + "\n"), "--jobs", jobs)
    [verdict] = [one for one in report["verdicts"] if one["outcome"] == "failed"]
    assert (code, verdict["waived"] is not None) == (0 if all(waived) else 1, all(waived))
    found = {problem["object"]["location"]: problem["waived"] for problem in verdict["problems"]}
    assert {problem["inside"] for problem in verdict["problems"]} == {"/country"}
    assert found == dict(zip(("LOC/3", "LOC/4"), waived, strict=True))
    assert ("WAIVED  MUST" in out) is all(waived)
    assert ("Excused   1 of 2 waived" in out) is (waived == [True, False])


@pytest.mark.parametrize(
    ("text", "state", "told"),
    [
        (waiver(REQUIRED, 'object = "LOC-3"\n'), "stale", "was tested, and nothing that failed is what it means"),
        (
            waiver(REQUIRED, terms=TERMS.replace("2099", "2020")),
            "expired",
            "it ended on 2020-03-01: 2 problems that it covered count again",
        ),
        (
            f'[ndw.keywords]\n"{REQUIRED}" = "off"\n' + waiver(REQUIRED),
            "contradictory",
            "the keywords switch this requirement off: keep one of the two",
        ),
        (
            waiver(REQUIRED) + waiver(REQUIRED, terms=TERMS.replace("ops", "dev")),
            "contradictory",
            "the waiver at harness.toml line 6 covers the same on other terms",
        ),
    ],
)
def test_what_is_amiss_with_a_waiver_is_listed_and_counts_where_it_is_strict(
    folder: Path, text: str, state: str, told: str
) -> None:
    everything = waiver(REQUIRED) if state == "stale" else ""
    _code, out, report = validated(folder, text + everything)
    assert [one["state"] for one in report["waivers"]][:1] == [state]
    assert f"{state}: {REQUIRED}" in out
    assert told in out


@pytest.mark.parametrize(("strict", "code"), [((), 0), (("--strict",), 1)])
def test_a_stale_waiver_beside_nothing_that_fails(folder: Path, strict: tuple[str, ...], code: int) -> None:
    text = waiver(REQUIRED) + waiver(REQUIRED, 'object = "LOC-3"\n')
    chosen = ("--only", REQUIRED, "--only", "*-in-utc")
    found, out, report = validated(folder, text, *chosen, *strict)
    assert [one["state"] for one in report["waivers"]] == ["used", "stale"]
    assert found == code
    assert ("a waiver is stale, expired or contradictory (--strict)" in out) is bool(strict)


def test_a_waiver_of_what_was_not_chosen_is_no_trouble(folder: Path) -> None:
    code, _, report = validated(folder, waiver(REQUIRED), "--strict", "--only", "*-in-utc")
    assert (code, report["waivers"][0]["state"]) == (0, "untested")
