"""Two runs side by side: such as Hypothesis makes up, and such as are cut off or name some problems only."""

import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.report.diff import Diff, diff
from harness.report.diff_told import as_json, as_markdown, as_text
from harness.report.findings import RunFindings, findings_of
from harness.report.identity import Identities

SCHEMA = json.loads((Path(__file__).parents[3] / "reports" / "schema" / "diff.json").read_text("utf-8"))
NAMES = ["a/one", "a/two", "a/three"]
PARTIES = [None, "NL/ABC", "NL/DEF"]
PROFILE: dict[str, Any] = {"id": "p", "settings": {}, "confirmed": {}, "keywords": {}}
PATHS = ("before", "after")


def problem(place: str = "/name", **more: Any) -> dict[str, Any]:
    shown = {"where": f"response.body:{place}", "inside": place, "object": {"party": "NL/ABC", "site": "S-1"}}
    return {**shown, "expected": "a name", "actual": "3", "exchange": "e1", "situation": "t", "waived": False, **more}


def verdict(requirement: str, party: str | None, outcome: str, effective: str | None = "MUST", **more: Any) -> Any:
    told = {"requirement": requirement, "party": party, "outcome": outcome, "effective": effective, "new": False}
    return {**told, "problem_count": 0, "waived": None, "reason": None, **more}


def run_of(
    found: list[tuple[str, str | None, dict[str, Any]]], verdicts: list[dict[str, Any]], **more: Any
) -> RunFindings:
    """The findings of a made-up run."""
    identities = Identities(frozenset({"site"}))
    recorded: dict[tuple[str, str | None], int] = {}
    for name, party, _problem in found:
        recorded[name, party] = recorded.get((name, party), 0) + 1
    report = {
        "run": "7c1e", "started": "2026-06-01T08:00:00Z", "exit": 0, "interface": "acme", "selection": None,
        "harness": {"version": "1"}, "documents": [], "profile": PROFILE,
        "subject": {"kind": "server", "name": "S", "version": None, "address": "http://s", "faults": []},
        "verdicts": verdicts, **more,
    }  # fmt: skip
    by_clause = {(one["requirement"], one["party"]): one for one in verdicts}
    of = {identities.of(name, party, one): one for name, party, one in found}
    return RunFindings(report, {"parties": []}, of, by_clause, recorded)


@st.composite
def runs(draw: st.DrawFn) -> RunFindings:
    """Any run: clauses that failed, passed or were not tested, and of those that failed one problem or more."""
    found, verdicts = [], []
    for name in NAMES:
        for party in draw(st.lists(st.sampled_from(PARTIES), unique=True)):
            outcome = draw(st.sampled_from(["passed", "failed", "untested", "inapplicable", "cannot_tell"]))
            places = draw(st.sets(st.sampled_from(["/a", "/b", "/c/0", ""]), min_size=1)) if outcome == "failed" else ()
            waived = draw(st.booleans())
            found += [(name, party, problem(place, waived=waived)) for place in sorted(places)]
            count = draw(st.sampled_from([len(places), len(places) + 5])) if places else 0
            effective = draw(st.sampled_from(["MUST", "SHOULD", None]))
            verdicts.append(verdict(name, party, outcome, effective, problem_count=count))
    kept = draw(st.booleans())  # else it was killed before any verdict
    return run_of(found, verdicts if kept else [], exit=1 if kept else None)


def known(changes: Any) -> list[Any]:
    return sorted(map(str, (one.identity for one in changes)))


def clauses(ones: Any) -> list[Any]:
    return sorted(map(str, ((one.clause, one.outcome, known(one.findings)) for one in ones)))


@given(runs())
def test_a_run_does_not_differ_from_itself(run: RunFindings) -> None:
    found = diff(run, run)
    assert (found.new, found.fixed, found.no_longer_tested, found.newly_tested, found.differences) == ((),) * 5
    assert found.is_empty
    assert found.exit == 0
    assert known(found.still_failing) == sorted(map(str, run.found))
    assert all(one.before == one.after for one in found.unclear)


@given(runs(), runs())
def test_what_is_new_one_way_is_fixed_the_other_way(one: RunFindings, other: RunFindings) -> None:
    there, back = diff(one, other), diff(other, one)
    assert known(there.new) == known(back.fixed)
    assert known(there.fixed) == known(back.new)
    assert known(there.still_failing) == known(back.still_failing)
    assert clauses(there.newly_tested) == clauses(back.no_longer_tested)
    assert clauses(there.no_longer_tested) == clauses(back.newly_tested)
    assert [(a.clause, a.before, a.after) for a in there.unclear] == [
        (a.clause, a.after, a.before) for a in back.unclear
    ]


@given(runs(), runs())
def test_every_finding_is_in_one_place_and_every_form_says_the_same(one: RunFindings, other: RunFindings) -> None:
    found = diff(one, other)
    unclear = {two.clause for two in found.unclear}
    later = [*found.new, *found.still_failing, *(change for two in found.newly_tested for change in two.findings)]
    assert len(later) == len({change.identity for change in later})
    sure = {two for two in other.found if (two.requirement, two.party) not in unclear}
    assert {change.identity for change in later} >= sure
    told = json.loads(as_json(found, PATHS))
    jsonschema.Draft202012Validator(SCHEMA).validate(told)
    assert (told["exit"], told["new_must"] > 0) == (found.exit, found.exit == 1)
    assert f"(exit code {found.exit})" in as_text(found, PATHS)
    assert f"(exit code {found.exit})" in as_markdown(found, PATHS).partition("\n")[0]


def one_more(effective: str | None = "MUST", **terms: Any) -> Diff:
    """A finding that only the later run has."""
    passed = run_of([], [verdict("a/one", None, "passed", effective)])
    new = terms.pop("new", False)
    failed = run_of(
        [("a/one", None, problem(**terms))], [verdict("a/one", None, "failed", effective, problem_count=1, new=new)]
    )
    return diff(passed, failed)


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({}, 1),
        ({"effective": "SHOULD"}, 0),
        ({"effective": None}, 0),
        ({"waived": True}, 0),
        ({"new": True}, 0),
    ],
)
def test_a_new_must_that_counts_makes_the_exit_code(terms: dict[str, Any], code: int) -> None:
    found = one_more(**terms)
    assert (len(found.new), found.exit) == (1, code)


def test_what_fails_as_soon_as_it_is_tested_is_new_too() -> None:
    untested = run_of([], [verdict("a/one", None, "untested")])
    failed = run_of([("a/one", None, problem())], [verdict("a/one", None, "failed", problem_count=1)])
    found = diff(untested, failed)
    assert ([one.outcome for one in found.newly_tested], found.new, found.exit) == (["failed"], (), 1)
    assert diff(failed, untested).fixed == ()


def test_where_a_record_names_some_problems_only_nothing_is_called_new_or_fixed() -> None:
    def many(place: str, count: int) -> RunFindings:
        return run_of([("a/one", None, problem(place))], [verdict("a/one", None, "failed", problem_count=count)])

    fewer, more = many("/a", 5000), many("/b", 6000)
    assert [(one.before, one.after) for one in diff(fewer, more).unclear] == [(5000, 6000)]
    assert (diff(fewer, more).exit, diff(more, fewer).exit) == (1, 0)
    assert diff(fewer, more).new == diff(fewer, more).fixed == ()
    assert "5000 problems before, 6000 now" in as_text(diff(fewer, more), PATHS)


def test_what_was_expected_otherwise_is_said() -> None:
    one, other = (
        run_of([], []),
        run_of([], [], profile={**PROFILE, "settings": {"x": 2}}),
    )
    assert diff(one, other).differences == (("setting x", "nothing", "2"),)
    assert "Otherwise setting x: nothing before, 2 now" in as_text(diff(one, other), PATHS)


def test_hostile_texts_steer_nothing() -> None:
    found = one_more(object={"site": "\x1b[2J`*[x](http://e)", "party": "NL/ABC"}, actual="@all <b>\u202e`")
    assert "\x1b" not in as_text(found, PATHS)
    line = next(line for line in as_markdown(found, PATHS).splitlines() if "@all" in line)
    assert line.startswith("  - ``site \\u001b[2J`*[x](http://e), party NL/ABC: /name``;")
    assert line.endswith("`` @all <b>\\u202e` ``")


def test_a_run_is_read_from_its_record_which_names_every_problem(tmp_path: Path) -> None:
    head = {
        "record": "harness-run/1", "at": "2026-06-01T08:00:00Z", "run": "7c1e", "harness": {"version": "1"},
        "interface": "i", "profile": PROFILE, "selection": None, "assumed": {}, "subject": {}, "seed": 1, "origins": {},
        "stages": [], "documents": [], "object_keys": ["site"],
    }  # fmt: skip
    found: list[dict[str, Any]] = [
        {"kind": "problem", "requirement": "a/old", "party": None, "problem": problem(object={"site": str(number)})}
        for number in range(30)
    ]
    twice = {**found[0], "problem": {**found[0]["problem"], "exchange": "e9", "waived": True}}
    ending = {"kind": "verdict", "rests_on": [], **verdict("a/old", None, "failed", problem_count=31)}
    lines = [head, {**twice, "n": 1}, *found, ending]
    (tmp_path / "run.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    run = findings_of(tmp_path, {"a/old": "a/one"})
    assert {(one.requirement, one.object) for one in run.found} == {("a/one", (("site", str(n)),)) for n in range(30)}
    assert run.names_all(("a/one", None))
    assert run.is_cut_off
    assert not any(one["waived"] for one in run.found.values())
