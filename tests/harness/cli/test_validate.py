"""``harness validate`` as a user runs it: exit codes, what stands on the terminal, what lies in the run folder."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from typer.testing import CliRunner

from harness.cli import app
from harness.cli.file_session import FileSession
from harness.cli.file_settings import GivenFile, file_plan
from harness.cli.options import Flags
from harness.cli.plan import UsageError
from harness.systems.ndw import SYSTEM
from harness.systems.ndw.payloads import KINDS, bulk_locations, bulk_price_list
from harness.wire.clock import SystemClock
from tests.checkout import ROOT
from tests.proofs.conversation import START

NOW = ("--now", "2026-06-01T08:00:05Z")
PARTY = ("NL", "XPO")
LOCATIONS = list(bulk_locations(30, 1, PARTY, START))
TARIFFS = list(bulk_price_list(13, 1, PARTY, START))


def run(*arguments: str, code: int, given: bytes | None = None) -> str:
    """The output of ``harness validate`` with these arguments, run here; it must end with this exit code."""
    done = CliRunner().invoke(app, ["validate", *arguments], input=given)
    assert done.exit_code == code, (done.output, done.exception)
    return done.output


def report(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "report.json").read_text("utf-8"))
    return found


def written(path: Path, listed: Sequence[Any]) -> str:
    path.write_text(json.dumps(listed, indent=1), encoding="utf-8")
    return str(path)


def outcomes(folder: Path) -> dict[tuple[str, str | None], tuple[str, int]]:
    return {
        (one["requirement"], one["party"]): (one["outcome"], one["problem_count"]) for one in report(folder)["verdicts"]
    }


def test_sound_lists_pass_together(tmp_path: Path) -> None:
    locations, tariffs = written(tmp_path / "l.json", LOCATIONS), written(tmp_path / "t.json", TARIFFS)
    out = run("ndw-locations", locations, "ndw-tariffs", tariffs, "--out", str(tmp_path / "run"), *NOW, code=0)
    assert "every MUST that was tested passed (exit code 0)" in out
    assert "43 objects in" in out
    assert "more is judged with --previous FILE" in out
    made = report(tmp_path / "run")
    assert made["subject"]["kind"] == "file"
    assert [one["name"] for one in made["subject"]["files"]] == [locations, tariffs]
    passed = {one["requirement"] for one in made["verdicts"] if one["outcome"] == "passed"}
    assert {"ocpi-2.2.1/named-tariffs-are-listed", "ocpi-2.2.1/location-ids-are-unique"} <= passed
    assert not {"ocpi-2.2.1/message-ids-echoed", "openapi/envelope-is-an-object"} & passed
    schema = json.loads((ROOT / "reports/schema/report.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(made)
    record = json.loads((ROOT / "reports/schema/run.json").read_text("utf-8"))
    for line in (tmp_path / "run/run.jsonl").read_text("utf-8").splitlines():
        Draft202012Validator(record).validate(json.loads(line))


def test_every_form_gives_the_same_verdicts(tmp_path: Path) -> None:
    spoilt = [{**one, "last_updated": "yesterday"} if number % 3 else one for number, one in enumerate(LOCATIONS)]
    texts = [json.dumps(one).encode() for one in spoilt]
    array = b"[" + b",".join(texts) + b"]"
    forms = {
        "array.json": array,
        "answer.json": b'{"status_code": 1000, "data": ' + array + b', "timestamp": "2026-06-01T08:00:05Z"}',
        "lines.ndjson": b"\n".join(texts),
        "lines.txt": b"\r\n".join(texts) + b"\r\n",
        "packed.json": gzip.compress(array),
        "packed.ndjson.gz": gzip.compress(b"\n".join(texts)),
    }
    found = []
    for name, raw in forms.items():
        (tmp_path / name).write_bytes(raw)
        run("ndw-locations", str(tmp_path / name), "--out", str(tmp_path / f"run-{name}"), *NOW, code=1)
        found.append(outcomes(tmp_path / f"run-{name}"))
    run("ndw-locations", "-", "--out", str(tmp_path / "run-stdin"), *NOW, code=1, given=gzip.compress(array))
    found.append(outcomes(tmp_path / "run-stdin"))
    assert all(one == found[0] for one in found)
    assert {
        problem["exchange"] for one in report(tmp_path / "run-stdin")["verdicts"] for problem in one["problems"]
    } == {"stdin:1"}
    assert found[0]["ocpi-2.2.1/date-times-are-in-utc", "NL/XPO"] == ("failed", 20)


def test_findings_are_grouped_with_file_and_line(tmp_path: Path) -> None:
    spoilt = [
        {key: value for key, value in one.items() if key != "opening_times"} | {"party_id": f"X{number % 7}O"}
        for number, one in enumerate(LOCATIONS)
    ]
    path = written(tmp_path / "l.json", spoilt)
    out = run("ndw-locations", path, "--out", str(tmp_path / "run"), *NOW, code=1)
    told = out[out.index("FAILED  MUST  ndw/locations-have-opening-times") :]
    assert (
        "Objects   30: 5 of NL/X0O, 5 of NL/X1O, 4 of NL/X2O, 4 of NL/X3O, 4 of NL/X4O, and of 2 parties more" in told
    )
    assert out.count("ndw/locations-have-opening-times") == 2  # once as a heading, once in "More"
    line = next(number for number, text in enumerate(Path(path).read_text().splitlines(), 1) if text == " {")
    assert f"Where     {path}:{line}  /0/opening_times" in told
    assert "Object    party NL/X0O, location LOC-0001" in told
    assert "and 27 more; the first 20 are in report.json" in told
    rows = {text.split()[0]: text.split()[1:] for text in out.splitlines() if text.startswith("NL/X")}
    assert rows["NL/X0O"][0] == "5"
    verdict = next(one for one in report(tmp_path / "run")["verdicts"] if one["outcome"] == "failed")
    assert verdict["objects"] == verdict["problem_count"]


TWO_STATES = ("ids-stay-with-their-evse", "evses-do-not-vanish", "stamps-do-not-go-back")


def test_previous_shows_what_became_of_objects(tmp_path: Path) -> None:
    today = [*LOCATIONS[1:5], {**LOCATIONS[5], "evses": []}, *LOCATIONS[6:]]
    renamed = {**today[0], "evses": [{**today[0]["evses"][0], "uid": "ANEW"}, *today[0]["evses"][1:]]}
    older = {**today[1], "last_updated": "2020-01-01T00:00:00Z"}
    now = written(tmp_path / "today.json", [renamed, older, *today[2:]])
    before = written(tmp_path / "yesterday.json", LOCATIONS)
    run("ndw-locations", now, "--previous", before, "--out", str(tmp_path / "run"), *NOW, code=1)
    made = report(tmp_path / "run")
    failed = {one["requirement"]: one["problems"] for one in made["verdicts"] if one["outcome"] == "failed"}
    assert {f"ocpi-2.2.1/{name}" for name in TWO_STATES} <= failed.keys()
    assert failed["ocpi-2.2.1/stamps-do-not-go-back"][0]["where"] == "response.body:/1/last_updated"
    gone = [one["expected"] for one in failed["ocpi-2.2.1/evses-do-not-vanish"]]
    assert f"Location {LOCATIONS[0]['id']} with its EVSEs" in gone
    assert all(one["exchange"].startswith(now) for problems in failed.values() for one in problems)
    only = ("--only", "*-are-unique", "--previous", now)
    unchanged = run("ndw-locations", before, *only, "--out", str(tmp_path / "2"), *NOW, code=0)
    assert "partial run: 4 of" in unchanged


def test_objects_on_their_own_are_no_list(tmp_path: Path) -> None:
    twice = tmp_path / "one.ndjson"
    twice.write_text("\n".join([json.dumps(LOCATIONS[0])] * 2), encoding="utf-8")
    run("ndw-location", str(twice), "--out", str(tmp_path / "run"), *NOW, code=0)
    by_outcome = {one["requirement"]: one["outcome"] for one in report(tmp_path / "run")["verdicts"]}
    assert by_outcome["ocpi-2.2.1/location-ids-are-unique"] == "untested"
    assert by_outcome["ocpi-2.2.1/location-has-required-fields"] == "passed"


def test_a_broken_file_is_exit_3_with_line_and_column(tmp_path: Path) -> None:
    path = Path(written(tmp_path / "l.json", [{**LOCATIONS[0], "last_updated": "yesterday"}, *LOCATIONS[1:]]))
    lines = path.read_text("utf-8").splitlines()
    lines[-40] = lines[-40].replace('"', "", 1)
    path.write_text("\n".join(lines), encoding="utf-8")
    out = run("ndw-locations", str(path), "--out", str(tmp_path / "run"), *NOW, code=3)
    assert "not JSON: Expecting" in out
    assert f"at line {len(lines) - 39}, column" in out
    assert "ocpi-2.2.1/date-times-are-in-utc" in out, "what came before is judged"
    assert "(exit code 3)" in out
    found = outcomes(tmp_path / "run")
    assert found["ocpi-2.2.1/location-ids-are-unique", None] == ("untested", 0)


USAGE = [
    ((), "give KIND FILE in pairs"),
    (("ndw-locations",), "give KIND FILE in pairs"),
    (("ndw-locatons", "{file}"), "did you mean 'ndw-locations'"),
    (("{file}", "ndw-locations"), "write the kind first: ndw-locations {file}"),
    (("ndw-locations", "nowhere.json"), "there is no such file"),
    (("ndw-locations", "."), "is a folder"),
    (("ndw-locations", "{file}", "ndw-tariffs", "{file}"), "is given twice"),
    (("ndw-location", "{file}", "--previous", "x"), "is no whole list"),
    (("ndw-locations", "{file}", "ndw-tariffs", "x", "--previous", "y"), "--previous ndw-locations=y"),
    (("ndw-locations", "{file}", "--set", "nonsense=1"), "unknown setting 'nonsense'"),
    (("ndw-locations", "{file}", "--party", "ABC"), "is not a party"),
    (("ndw-locations", "{file}", "--now", "today"), "is not a time"),
    (("ndw-locations", "{file}", "--only", "nothing-like-it"), "nothing matches"),
    (("ndw-locations", "{file}", "--only", "*message-ids*"), "needs a server"),
]


@pytest.mark.parametrize(("arguments", "told"), USAGE)
def test_wrong_usage_is_one_line(arguments: tuple[str, ...], told: str, tmp_path: Path) -> None:
    path = written(tmp_path / "l.json", LOCATIONS)
    given = [one.replace("{file}", path) for one in arguments]
    with pytest.raises(UsageError) as caught:
        CliRunner().invoke(app, ["validate", *given], catch_exceptions=False)
    assert told.replace("{file}", path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_declared_parties_and_settings_count(tmp_path: Path) -> None:
    path = written(tmp_path / "l.json", LOCATIONS)
    run("ndw-locations", path, "--party", "NL/ABC", "--out", str(tmp_path / "run"), *NOW, code=1)
    failed = {one["requirement"] for one in report(tmp_path / "run")["verdicts"] if one["outcome"] == "failed"}
    assert "ndw/only-declared-parties-are-listed" in failed


def test_an_interrupted_run_says_what_it_found(tmp_path: Path) -> None:
    path = tmp_path / "l.ndjson"
    path.write_text("\n".join(json.dumps({**one, "last_updated": "x"}) for one in LOCATIONS * 40), encoding="utf-8")
    made = file_plan(("ndw-locations", str(path)), Flags(), {}, tmp_path)

    def pressed(_file: GivenFile, _count: int) -> None:
        if (tmp_path / "run/run.jsonl").read_text("utf-8").count('"kind":"problem"') > 10:
            raise KeyboardInterrupt

    result = FileSession(made, SystemClock(), 1, pressed).run(tmp_path / "run")
    assert (result.exit, result.report["ended_by"]) == (130, "interrupted")
    found = outcomes(tmp_path / "run")
    assert found["ocpi-2.2.1/date-times-are-in-utc", "NL/XPO"][0] == "failed"
    assert found["ocpi-2.2.1/location-ids-are-unique", None] == ("untested", 0)


def test_what_is_generated_can_be_validated() -> None:
    printed = {(one.name, one.operation, one.schema, one.feed) for one in KINDS}
    read = {(one.name, one.operation, one.schema, one.whole) for one in SYSTEM.interfaces[0].files}
    assert printed == read
