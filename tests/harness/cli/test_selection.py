"""``--only``, ``--skip`` and ``--again``: which clauses are judged, which conversations are held; a run tells of it."""

import json
from contextlib import chdir
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from typer.testing import CliRunner

from harness import collect
from harness.cli import app
from harness.cli import selection as module
from harness.cli.plan import Plan, Selection, UsageError
from harness.cli.selection import Wanted, selections
from harness.cli.session import Session
from harness.cli.settings import Flags, plans
from harness.cli.stand_in import reference_hooks
from harness.mock.fault import fault_of
from harness.mock.faulty_app import FaultyApp
from harness.model.address import Addresses
from harness.model.world import VirtualClock
from harness.report.console import print_report
from harness.report.record import read
from harness.spec.schema import CATCH_ALL
from harness.wire.transport import in_process
from tests.proofs.conversation import ORIGIN, SEED, START, TOKEN, bench, reference

PULL = "ndw-pull"
SUITE = collect.suite(PULL)
SCHEMA = Path(__file__).parents[3] / "reports" / "schema" / "report.json"
SINGLE = "ndw/single-location-is-served"
READ_SINGLE = "ocpi-2.2.1/read-single-locations"
ECHOED = "ocpi-2.2.1/message-ids-echoed"


def chosen(only: tuple[str, ...] = (), skip: tuple[str, ...] = (), earlier: dict[str, Any] | None = None) -> Selection:
    """What of the pull is selected."""
    again = Path("earlier") if earlier is not None else None
    made = selections([PULL], Wanted(only, skip, again, earlier))[PULL]
    assert made is not None
    return made


def refused(**flags: Any) -> str:
    """The line with which the command line is refused."""
    with pytest.raises(UsageError) as error:
        plans(PULL, Flags(reference=True, **flags), {}, Path())
    return str(error.value)


def earlier_report(**outcomes: str) -> dict[str, Any]:
    """The report of a run in which clauses ended so; dots and slashes stand in the names as they are."""
    verdicts = [{"requirement": name, "outcome": outcome} for name, outcome in outcomes.items()]
    return {"interface": PULL, "exit": 1, "subject": {"kind": "server"}, "verdicts": verdicts}


def test_a_check_without_such_options_is_a_whole_one() -> None:
    (plan,), _ = plans(PULL, Flags(reference=True), {}, Path())
    assert plan.selection is None
    assert plan.holds("any/conversation")


@pytest.mark.parametrize(
    "glob", [SINGLE, "single-location-is-served", "*/single-location-is-s*", "NDW/Single-Location-*"]
)
def test_a_clause_is_named_by_its_id_or_a_glob(glob: str) -> None:
    found = chosen(only=(glob,))
    assert (set(found.requirements), set(found.scenarios)) == ({SINGLE}, {READ_SINGLE})
    assert (found.of, found.of_scenarios) == (len(SUITE.requirements), len(SUITE.scenarios))


def test_a_chapter_is_all_of_its_clauses() -> None:
    of_ndw = {one.id for one in SUITE.requirements if one.chapter == "ndw"}
    assert chosen(only=("ndw",)).requirements == of_ndw
    assert chosen(skip=("ndw",)).requirements == {one.id for one in SUITE.requirements} - of_ndw


def test_a_clause_is_found_by_a_former_id(monkeypatch: pytest.MonkeyPatch) -> None:
    renamed = replace(next(one for one in SUITE.requirements if one.id == SINGLE), formerly=("ndw/one-is-served",))
    suite = replace(SUITE, requirements=(renamed,))
    monkeypatch.setattr(module, "suite", lambda _name: suite)
    assert chosen(only=("one-is-served",)).requirements == {SINGLE}
    assert chosen(earlier=earlier_report(**{"ndw/one-is-served": "failed"})).requirements == {SINGLE}


def test_a_conversation_is_held_alone_and_judged_by_what_it_shows() -> None:
    found = chosen(only=("read-single-locations",))
    assert found.scenarios == {READ_SINGLE}
    assert SINGLE in found.requirements
    assert ECHOED in found.requirements
    assert "ndw/tariff-list-is-served" not in found.requirements
    assert "ocpi-2.2.1/ids-stay-with-their-evse" not in found.requirements, "that takes two crawls"


def test_a_conversation_that_is_skipped_takes_what_it_alone_shows_along() -> None:
    found = chosen(skip=(READ_SINGLE,))
    assert READ_SINGLE not in found.scenarios
    assert SINGLE not in found.requirements
    assert ECHOED in found.requirements


def test_skip_wins_over_only() -> None:
    found = chosen(only=("ndw",), skip=(SINGLE,))
    assert SINGLE not in found.requirements
    assert found.requirements
    assert "together they leave nothing" in refused(only=("ndw",), skip=("ndw",))


def test_a_glob_that_names_clauses_means_no_conversation() -> None:
    """``*tariffs*`` is about clauses on tariffs, not about all that the crawl of the tariffs shows."""
    found = chosen(only=("*tariffs*",))
    assert all("tariffs" in name for name in found.requirements)


def test_of_an_unknown_clause_every_conversation_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """A suite of the user's own is in no list of ours: nobody knows where its clauses look, unless they say it."""
    known = SUITE.requirements[0]
    own = replace(known, id="own/all-is-well", asked_by=())
    asking = replace(known, id="own/one-is-well", asked_by=(READ_SINGLE,))
    monkeypatch.setattr(module, "suite", lambda _name: replace(SUITE, requirements=(own, asking)))
    assert chosen(only=("all-is-well",)).scenarios == {one.id for one in SUITE.scenarios}
    assert chosen(only=("one-is-well",)).scenarios == {READ_SINGLE}
    assert chosen(only=("read-single-locations",)).requirements == {own.id, asking.id}


def test_what_matches_nothing_is_refused_with_what_was_probably_meant() -> None:
    assert "--only: nothing matches 'single-location-is-servd'; did you mean 'single-l" in refused(
        only=(SINGLE, "single-location-is-servd")
    )
    assert "--skip: nothing matches 'qqqq'; see: harness list requirements" in refused(skip=("qqqq",))


def test_again_takes_what_failed_or_was_left_open() -> None:
    names = [one.id for one in SUITE.requirements[:5]]
    outcomes = dict(zip(names, ("failed", "untested", "cannot_tell", "passed", "inapplicable"), strict=True))
    assert chosen(earlier=earlier_report(**outcomes)).requirements == set(names[:3])
    assert chosen(skip=(names[0],), earlier=earlier_report(**outcomes)).requirements == set(names[1:3])


def test_again_takes_all_that_a_killed_run_never_came_to() -> None:
    killed = {**earlier_report(**{SINGLE: "passed"}), "exit": None}
    assert chosen(earlier=killed).requirements == {one.id for one in SUITE.requirements} - {SINGLE}


def test_again_needs_a_run_of_the_same_interface_and_subject(tmp_path: Path) -> None:
    assert "--again: there is no run at 'none'; give a run folder" in refused(again=Path("none"))
    (tmp_path / "run.jsonl").write_text('{"record": "harness-run/2"}\n')
    assert "this version reads harness-run/1" in refused(again=tmp_path)
    (tmp_path / "run.jsonl").write_text('{"record": "harness-run/1"}\n')
    assert "holds no run that can be read" in refused(again=tmp_path / "run.jsonl")
    write_run(tmp_path, "liander", "server")
    assert "is a run of liander, not of ndw-pull" in refused(again=tmp_path)
    write_run(tmp_path, PULL, "server")
    with pytest.raises(UsageError, match=r"judged a server of yours; say which: harness check ndw-pull --url"):
        plans(None, Flags(again=tmp_path), {}, tmp_path)


def write_run(folder: Path, interface: str, kind: str) -> None:
    """A run in which nothing was judged."""
    profile = {"id": "x@2026.12", "settings": {}, "confirmed": {}, "keywords": {}}
    head = {
        "record": "harness-run/1", "n": 0, "at": "2026-06-01T08:00:00Z", "harness": {"version": "0"}, "run": "abcd",
        "interface": interface, "profile": profile, "assumed": {}, "selection": None, "subject": {"kind": kind},
        "parties": [], "seed": 1, "origins": {}, "stages": [], "documents": [],
    }  # fmt: skip
    end = {"kind": "end", "n": 1, "at": "2026-06-01T08:00:01Z", "exit": 0, "reason": None}
    (folder / "run.jsonl").write_text(json.dumps(head) + "\n" + json.dumps(end) + "\n")


def run(folder: Path, only: tuple[str, ...], fault: str | None = None) -> dict[str, Any]:
    """report.json of a check of the reference, in process."""
    at, clock = bench(PULL), VirtualClock(START)
    inner = reference(PULL, clock, locations=12, page_size=5)
    faults = [fault_of(fault, [operation.id for operation in at.document.operations])] if fault else []
    base_path = SUITE.interface.reference.base_path
    server = FaultyApp(inner, faults, at.document, base_path) if faults else inner
    selection = selections([PULL], Wanted(only))[PULL]
    plan = Plan(PULL, "server", Addresses(ORIGIN + base_path), TOKEN, at.profile, selection=selection)
    hooks = reference_hooks(at.suite, inner)
    return (
        Session(plan, at.suite, at.document, clock, in_process(server), SEED, lambda _text: None, hooks)
        .run(folder)
        .report
    )


def test_a_partial_run_holds_what_it_needs_and_says_that_it_is_one(tmp_path: Path) -> None:
    report = run(tmp_path, (SINGLE, "ocpi-2.2.1/location-ids-are-unique"))
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(report)
    assert [verdict["requirement"] for verdict in report["verdicts"]] == [SINGLE, "ocpi-2.2.1/location-ids-are-unique"]
    assert {verdict["outcome"] for verdict in report["verdicts"]} == {"passed"}
    assert report["exit"] == 0
    lines = list(read(tmp_path))
    held = {line["situation"] for line in lines if line.get("kind") == "exchange"}
    assert held == {"preflight", READ_SINGLE, "ocpi-2.2.1/crawl-locations"}
    told = {"only": [SINGLE, "ocpi-2.2.1/location-ids-are-unique"], "skip": [], "again": None}
    numbers = {"requirements": 2, "of": len(SUITE.requirements), "scenarios": 2, "of_scenarios": len(SUITE.scenarios)}
    assert report["selection"] == lines[0]["selection"] == {**told, **numbers}
    assert "ready" not in {stage["state"] for stage in report["stages"]}
    assert {"left out by --only"} <= {stage["reason"] for stage in report["stages"]}
    printed = StringIO()
    print_report(tmp_path, report, printed, title="check")
    head, _, rest = printed.getvalue().partition("Preflight")
    words = f"partial run: 2 of {numbers['of']} clauses, 2 of {numbers['of_scenarios']} conversations (--only"
    assert words in head
    assert words in rest
    nothing_counts = {keyword: dict.fromkeys(counts, 0) for keyword, counts in report["totals"].items()}
    printed = StringIO()
    print_report(tmp_path, {**report, "exit": 5, "totals": nothing_counts}, printed, title="check")
    assert "no MUST is among the chosen clauses" in printed.getvalue()


def test_a_fault_is_found_by_a_partial_run_as_by_a_whole_one(tmp_path: Path) -> None:
    """Of errors that the document tells, each goes to its own clause, whether that is selected or not."""
    fault = "getLocations:with_field('/data/0/country', 'NLDX')"
    whole = outcomes(run(tmp_path / "whole", (), fault))
    (failed, *_), catch_all = [name for name, outcome in whole if outcome == "failed"], (CATCH_ALL, "passed")
    assert catch_all in whole
    for name in (failed, CATCH_ALL):
        part = outcomes(run(tmp_path / name, (name,), fault))
        assert part == [one for one in whole if one[0] == name]
        found = {line["requirement"] for line in read(tmp_path / name) if line.get("kind") == "problem"}
        assert found == ({failed} if name == failed else set())
        choices = [urls(folder)[READ_SINGLE] for folder in (tmp_path / "whole", tmp_path / name)]
        assert choices[0] == choices[1], "the same seed takes the same sample"


def outcomes(report: dict[str, Any]) -> list[tuple[str, str]]:
    """Requirement and outcome of every verdict."""
    return [(verdict["requirement"], verdict["outcome"]) for verdict in report["verdicts"]]


def urls(folder: Path) -> dict[str, list[str]]:
    """Conversation → what was asked in it."""
    asked: dict[str, list[str]] = {}
    for line in read(folder):
        if line.get("kind") == "exchange":
            asked.setdefault(line["situation"], []).append(line["request"]["url"])
    return asked


def invoked(folder: Path, *arguments: str) -> tuple[int, str]:
    """Exit code and output of ``harness check`` in this folder."""
    with chdir(folder):
        ran = CliRunner().invoke(app, ["check", *arguments], catch_exceptions=False)
    return ran.exit_code, ran.output


def test_the_command_repeats_until_nothing_is_left(tmp_path: Path) -> None:
    fault = "getLocation:without_header('X-Request-ID')"
    only = ("--only", "read-single-locations", "--seed", "1")
    code, _ = invoked(tmp_path, PULL, "--reference", *only, "--fault", fault, "--out", "red")
    assert code == 1
    code, printed = invoked(tmp_path, "--again", "red/run.jsonl", "--out", "green")
    assert code == 0, printed
    report = json.loads((tmp_path / "green" / "report.json").read_text())
    assert [verdict["requirement"] for verdict in report["verdicts"]] == [ECHOED]
    assert f"partial run: 1 of {len(SUITE.requirements)} clauses" in printed
    assert "(--again red/run.jsonl)" in printed
    code, printed = invoked(tmp_path, "--again", "green")
    assert (code, printed.count("\n")) == (5, 1)
    assert printed.startswith("Nothing to repeat: in green no clause failed")
    assert not (tmp_path / "reports").exists()


def test_a_dry_run_tells_of_the_selected_conversations_alone(tmp_path: Path) -> None:
    code, printed = invoked(tmp_path, PULL, "--reference", "--only", SINGLE, "--dry-run")
    assert code == 0
    assert f"partial run: 1 of {len(SUITE.requirements)} clauses, 1 of {len(SUITE.scenarios)} conversations" in printed
    assert "reads some of the listed locations one by one" in printed
    assert "location list" not in printed
