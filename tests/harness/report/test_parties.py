"""A party's part of a run: what is its own stays, and in no byte of it stands anything of another party."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from harness.cli.plan import Plan
from harness.cli.session import Session
from harness.cli.stand_in import reference_hooks
from harness.mock.fault import Fault
from harness.mock.faulty_app import FaultyApp
from harness.model.address import Addresses
from harness.model.edit import with_field, without_header
from harness.model.world import VirtualClock
from harness.report import formats, parties
from harness.report.others import MASKED, Others
from harness.report.record import read
from harness.report.summary import report_of
from harness.systems.ndw.reference.feed import bulk_locations, bulk_tariffs
from harness.wire.transport import in_process
from tests.harness.report.made_runs import MadeRun
from tests.harness.report.schemas import differences
from tests.proofs.conversation import ORIGIN, SEED, START, TOKEN, bench, reference

Json = dict[str, Any]
PARTIES = {"NL/QRS": 40, "BE/TUV": 40, "NL/WXY": 3}


def named(value: Any, party: str) -> Any:
    """Objects of the bulk data with ids that are of this party alone."""
    own = party.replace("/", "")
    if isinstance(value, list):
        return [named(one, party) for one in value]
    if not isinstance(value, dict):
        return value
    made = {name: named(one, party) for name, one in value.items()}
    if "tariff_ids" in value:
        made["tariff_ids"] = [f"{own}-{one}" for one in value["tariff_ids"]]
    ids = [name for name in ("id", "uid") if name in value and "standard" not in value]
    return {**made, **{name: f"{own}-{value[name]}" for name in ids}}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A platform of three operators, each with ids of its own, behind faults on their objects and on transport."""
    folder, at, clock = tmp_path_factory.mktemp("parties"), bench("ndw-pull"), VirtualClock(START)
    app: Any = reference("ndw-pull", clock, locations=0)
    for party, count in PARTIES.items():
        country, party_id = party.split("/")
        key = (country, party_id)
        app.state.store.put("tariffs", (named(one, party) for one in bulk_tariffs(SEED, key, START)))
        app.state.store.put("locations", (named(one, party) for one in bulk_locations(count, SEED, key, START)))
    faults = (
        *(Fault("getLocations", with_field(f"/data/{n}/time_zone", "Nowhere/" + "x" * n)) for n in range(3)),
        Fault("getLocation", without_header("X-Request-ID")),
        Fault("getTariffs", with_field("/data/0/currency", "guilders")),
    )
    base_path = at.suite.interface.reference.base_path
    wire = in_process(FaultyApp(app, faults, at.document, base_path))
    declared = tuple(PARTIES)
    plan = Plan("ndw-pull", "server", Addresses(ORIGIN + base_path), TOKEN, at.profile, parties=declared, name="many")
    hooks = reference_hooks(at.suite, app)
    report = Session(plan, at.suite, at.document, clock, wire, SEED, lambda _text: None, hooks).run(folder).report
    formats.write_all(folder, report)
    return folder


def stem(party: str) -> str:
    return party.replace("/", "-")


@pytest.mark.parametrize("party", PARTIES)
def test_no_byte_is_of_another_party(run: Path, party: str) -> None:
    files = sorted((run / "parties").glob(f"{stem(party)}.*"))
    assert {file.suffix for file in files} == {
        Path(one.file).suffix for one in formats.FORMATS.values() if one.per_party
    }
    for file in files:
        text = file.read_text("utf-8").upper()
        for other in {*PARTIES, "NL/XPO"} - {party}:
            for spelling in (other, *(other.replace("/", joint) for joint in ("", "*", "-", "%2F"))):
                assert spelling not in text, (file.name, spelling, text[text.index(spelling) - 200 :][:300])


@pytest.mark.parametrize("party", PARTIES)
def test_what_is_its_own_stays(run: Path, party: str) -> None:
    whole, part = report_of(run), json.loads((run / "parties" / f"{stem(party)}.json").read_text("utf-8"))
    mine = [one for one in whole["verdicts"] if one["party"] == party]
    assert {(one["requirement"], one["outcome"]) for one in mine} == {
        (one["requirement"], one["outcome"]) for one in part["verdicts"] if one["party"] is not None
    }
    assert part["party"] == party
    failed = [one for one in mine if one["outcome"] == "failed"]
    kept = {one["requirement"]: one for one in part["verdicts"] if one["party"] == party}
    for verdict in failed:
        assert kept[verdict["requirement"]]["problem_count"] == verdict["problem_count"]
        assert [one["object"] for one in kept[verdict["requirement"]]["problems"]] == [
            one["object"] for one in verdict["problems"]
        ]
    assert failed


def test_every_part_fits_the_schema(run: Path) -> None:
    assert differences(run) == []


def test_transport_stays_without_the_object_that_was_asked_for(run: Path) -> None:
    part = json.loads((run / "parties" / "NL-WXY.json").read_text("utf-8"))
    (echoed,) = (one for one in part["verdicts"] if one["requirement"] == "ocpi-2.2.1/message-ids-echoed")
    assert echoed["outcome"] == "failed"
    urls = {part["exchanges"][problem["exchange"]]["url"] for problem in echoed["problems"]}
    assert any(url.endswith(f"/locations/{MASKED}") for url in urls)


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record in which clauses without a party name objects of several."""
    folder = tmp_path_factory.mktemp("platform")
    MadeRun(parties=3, failing=2).write(folder)
    lines = [line for line in read(folder) if line.get("kind") not in ("end",)]
    end = next(line for line in read(folder) if line.get("kind") == "end")
    shared = next(line for line in lines if line.get("kind") == "verdict" and line["party"] is None)
    problems = [
        {
            "where": f"response.body:/data/{n}", "expected": f"nothing of NL/AAA, LOC-{n:05}", "actual": f"NL*BAA*E{n}",
            "exchange": "e1", "situation": "s", "inside": "", "waived": False, "known": False,
            "object": {"party": ("NL/AAA", "NL/BAA")[n % 2], "location": f"LOC-{n:05}"},
        }
        for n in range(60)
    ]  # fmt: skip
    stamp = {"kind": "problem", "n": 0, "at": lines[0]["at"], "requirement": shared["requirement"], "party": None}
    told = [{**stamp, "problem": one} for one in problems]
    shared.update(outcome="failed", problem_count=60, problems=problems[:20])
    with (folder / "run.jsonl").open("w", encoding="utf-8") as file:
        for line in (lines[0], *told, *lines[1:], end):
            file.write(json.dumps(line) + "\n")
    return folder


def part_of(folder: Path, party: str, into: Path) -> Json:
    parties.Apart(folder, parties.of(report_of(folder))).write(party, into)
    return report_of(into)


def test_problems_without_a_party_are_shared_out_by_their_objects(platform: Path, tmp_path: Path) -> None:
    failed = (one for one in report_of(platform)["verdicts"] if one["outcome"] == "failed")
    requirement = next(one["requirement"] for one in failed if one["party"] is None)
    for party, other in (("NL/AAA", "BAA"), ("NL/BAA", "AAA")):
        into = tmp_path / other
        into.mkdir()
        part = part_of(platform, party, into)
        (verdict,) = (one for one in part["verdicts"] if one["requirement"] == requirement)
        assert (verdict["problem_count"], len(verdict["problems"])) == (30, 20)
        assert {problem["object"]["party"] for problem in verdict["problems"]} == {party}
        assert other not in json.dumps(verdict)
    into = tmp_path / "third"
    into.mkdir()
    assert requirement not in {one["requirement"] for one in part_of(platform, "NL/CAA", into)["verdicts"]}


def test_the_exit_code_is_that_of_the_part(platform: Path, tmp_path: Path) -> None:
    lines = list(read(platform))
    with (tmp_path / "run.jsonl").open("w", encoding="utf-8") as file:
        for line in lines:
            if line.get("kind") == "verdict" and line["party"] == "NL/CAA" and line["outcome"] == "failed":
                line.update(outcome="passed", problem_count=0, problems=[])
            file.write(json.dumps(line) + "\n")
    for party, code in (("NL/AAA", 1), ("NL/CAA", 0)):
        into = tmp_path / party.replace("/", "-")
        into.mkdir()
        assert part_of(tmp_path, party, into)["exit"] == code


def test_a_run_of_one_party_has_no_parts(tmp_path: Path) -> None:
    MadeRun(parties=1).write(tmp_path)
    formats.write_all(tmp_path, report_of(tmp_path))
    assert not (tmp_path / "parties").exists()


def test_a_part_of_a_killed_run_is_what_was_found_by_then(platform: Path, tmp_path: Path) -> None:
    record = (platform / "run.jsonl").read_text("utf-8").split("\n")
    found = [one for one in record if '"verdict"' not in one and '"end"' not in one]
    (tmp_path / "run.jsonl").write_text("\n".join(found), encoding="utf-8")
    into = tmp_path / "part"
    into.mkdir()
    part = part_of(tmp_path, "NL/AAA", into)
    assert part["exit"] is None
    failed = [one for one in part["verdicts"] if one["outcome"] == "failed"]
    assert {one["party"] for one in failed} == {None, "NL/AAA"}
    assert sum(one["problem_count"] for one in failed if one["party"] is None) == 30


def test_files_of_hostile_parties_stay_in_their_folder() -> None:
    taken: set[str] = set()
    odd = ["../../etc/passwd", "NL/ABC", "nl-abc", "NL\\ABC", "", "/", "..", "\x00", "é" * 300]
    stems = [formats.stem(one, taken) for one in odd]
    assert len({one.upper() for one in stems}) == len(odd)
    assert all(re.fullmatch("[A-Za-z0-9-]{1,59}", one) and one.strip("-") for one in stems)


OTHERS = Others(["NL/ABC", "NL/DEF", "a/b"])
OTHERS.learn("NL/DEF", ["LOC-DEF-1", "P+R 01/A*", "1", "shared-1", "name"])
OTHERS.learn("NL/ABC", ["shared-1", "NL*DEF*E9"])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("NL/DEF said", f"{MASKED} said"),
        ("nl/def", MASKED),
        ("NL/ABC", "NL/ABC"),
        ("NL*DEF*E1, NL-DEF-E1, NLDEFE1", f"{MASKED}, {MASKED}, {MASKED}"),
        ("NL*DEF*E9", "NL*DEF*E9"),
        ("at LOC-DEF-1.", f"at {MASKED}."),
        ("http://h/locations/LOC-DEF-1?x=1", f"http://h/locations/{MASKED}?x=1"),
        ('"P+R 01/A*" here', f'"{MASKED}" here'),
        ("/locations/P%2BR%2001%2FA%2A", f"/locations/{MASKED}"),
        ("shared-1 and 1 object", "shared-1 and 1 object"),
        ("above a/b", f"above {MASKED}"),
        ("about", "about"),
    ],
)
def test_what_is_of_others_is_masked(text: str, shown: str) -> None:
    assert OTHERS.without(text, "NL/ABC") == shown
