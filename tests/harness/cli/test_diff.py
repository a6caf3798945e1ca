"""``harness diff`` and ``check --baseline`` over real runs of the reference behind faults."""

import json
import shutil
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from typer.testing import CliRunner

from harness.cli import app
from harness.cli.plan import UsageError
from harness.cli.settings import Flags, plans

SCHEMAS = Path(__file__).parents[3] / "reports" / "schema"
ECHOED, REQUIRED = "ocpi-2.2.1/message-ids-echoed", "ocpi-2.2.1/location-has-required-fields"
NO_COUNTRY = """getLocations:with_bytes_replaced('"country":', '"land":')"""
NO_ID = 'getLocations:without_header("X-Request-ID")'


def check(out: str, *arguments: str) -> tuple[int, str]:
    """Exit code and output of a check of the reference, the location list alone."""
    fixed = ("check", "ndw-pull", "--reference", "--seed", "1", "--only", "crawl-locations", "--out", out)
    ran = CliRunner().invoke(app, [*fixed, *arguments], catch_exceptions=False)
    return ran.exit_code, ran.output


def report(run: str) -> Any:
    return json.loads(Path(run, "report.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The present folder, with two runs in it: one without any country, one without message ids."""
    made = tmp_path_factory.mktemp("runs")
    with chdir(made):
        assert check("country", "--fault", NO_COUNTRY)[0] == 1
        assert check("ids", "--fault", NO_ID)[0] == 1
        yield made


def compared(*arguments: str, code: int) -> str:
    ran = CliRunner().invoke(app, ["diff", *arguments], catch_exceptions=False)
    assert ran.exit_code == code
    return ran.output


@pytest.mark.usefixtures("folder")
def test_what_is_new_and_what_is_fixed() -> None:
    told = json.loads(compared("country", "ids", "--format", "json", code=1))
    jsonschema.Draft202012Validator(json.loads((SCHEMAS / "diff.json").read_text("utf-8"))).validate(told)
    assert {(one["requirement"], one["place"], one["operation"], one["status"]) for one in told["new"]} == {
        (ECHOED, "response.header:x-request-id", "getLocations", "2xx")
    }
    without = [one for one in told["fixed"] if one["requirement"] == REQUIRED]
    assert len({one["object"]["location"] for one in without}) == len(without) == 300
    assert {(one["party"], one["place"], *one["object"]) for one in without} == {("NL/XPO", "/country", "location")}
    assert [one["what"] for one in told["differences"]] == ["faults"]
    back = json.loads(compared("ids", "country", "--format", "json", code=1))
    assert len(back["fixed"]) == 1
    assert len(back["new"]) == len(told["fixed"])


@pytest.mark.usefixtures("folder")
def test_a_run_against_itself_and_in_words() -> None:
    told = compared("country", "country/run.jsonl", code=0)
    assert told.endswith("\nResult    nothing changed (exit code 0)\n")
    assert f"  MUST    {REQUIRED} for NL/XPO\n" in told
    assert "and 295 more" in told
    first = compared("country", "ids", "--format", "md", code=1).splitlines()[0]
    assert first == "**1 new MUST failure (exit code 1)**"


@pytest.mark.usefixtures("folder")
def test_what_one_run_left_out_is_neither_fixed_nor_new() -> None:
    assert check("partial", "--skip", ECHOED)[0] == 0
    told = json.loads(compared("ids", "partial", "--format", "json", code=0))
    [gone] = [one for one in told["no_longer_tested"] if one["requirement"] == ECHOED]
    assert (gone["outcome"], len(gone["findings"]), told["fixed"]) == ("failed", 1, [])
    assert "selection" in [one["what"] for one in told["differences"]]
    assert ECHOED in compared("partial", "ids", code=1).partition("Newly tested")[2]


@pytest.mark.usefixtures("folder")
def test_what_the_baseline_knew_does_not_count() -> None:
    code, out = check("known", "--fault", NO_COUNTRY, "--baseline", "country")
    found = report("known")
    [verdict] = [one for one in found["verdicts"] if one["requirement"] == REQUIRED]
    assert (code, verdict["outcome"], verdict["known"]) == (0, "failed", True)
    assert verdict["known_count"] == verdict["problem_count"] == 300
    assert all(problem["known"] for problem in verdict["problems"])
    assert (found["baseline"]["run"], found["baseline"]["path"], found["baseline"]["fail_on"]) == (
        report("country")["run"], "country", "new",
    )  # fmt: skip
    assert (found["baseline"]["known"] >= 300, found["baseline"]["new"]) == (True, 0)
    assert f"KNOWN  MUST  {REQUIRED} for NL/XPO" in out
    assert "all known from the baseline (exit code 0)" in out
    for name, instance in (("report", [found]), ("run", [json.loads(line) for line in _lines("known")])):
        schema = jsonschema.Draft202012Validator(json.loads((SCHEMAS / f"{name}.json").read_text("utf-8")))
        assert [error.message for one in instance for error in schema.iter_errors(one)] == []


def _lines(run: str) -> list[str]:
    return Path(run, "run.jsonl").read_text("utf-8").splitlines()


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("more", "fail_on", "words"),
    [
        (("--fault", NO_ID), "new", "1 of them known from the baseline (exit code 1)"),
        ((), "all", "count all the same (--fail-on all)"),
    ],
)
def test_what_it_did_not_know_does(more: tuple[str, ...], fail_on: str, words: str) -> None:
    code, out = check("again", "--fault", NO_COUNTRY, *more, "--baseline", "country", "--fail-on", fail_on)
    assert code == 1
    assert words in out


def test_what_cannot_be_a_baseline(folder: Path) -> None:
    other = shutil.copytree(folder / "ids", folder / "other")
    text = (other / "run.jsonl").read_text("utf-8")
    (other / "run.jsonl").write_text(text.replace('"interface":"ndw-pull"', '"interface":"acme"', 1), "utf-8")
    (folder / "empty").mkdir()
    for flags, told in (
        (Flags(baseline=Path("nowhere")), "--baseline: there is no run at "),
        (Flags(baseline=Path("empty")), "holds no run that can be read (give a run folder, or the run.jsonl in it)"),
        (Flags(baseline=Path("other")), "--baseline: other is a run of acme, not of ndw-pull; give a run of that"),
        (Flags(fail_on="new"), "--fail-on: goes with --baseline RUN, the run whose failures are known"),
        (Flags(baseline=Path("ids"), fail_on="nw"), "--fail-on: no such choice as 'nw'; did you mean 'new'?"),
    ):
        with pytest.raises(UsageError) as error:
            plans("ndw-pull", Flags(reference=True, baseline=flags.baseline, fail_on=flags.fail_on), {}, folder)
        assert told in str(error.value)
    for arguments, told in (
        (["ids", "other"], "they have nothing to compare"),
        (["ids", "ids", "--format", "x"], "md"),
    ):
        ran = CliRunner().invoke(app, ["diff", *arguments])
        assert told in str(ran.exception)


def test_a_baseline_may_hold_a_run_of_each_interface(folder: Path) -> None:
    shutil.copytree(folder / "ids", folder / "all" / "ndw-pull")
    (plan,), _ = plans("ndw-pull", Flags(reference=True, baseline=Path("all")), {}, folder)
    assert plan.baseline is not None
    assert (plan.baseline.path, plan.baseline.spares_known, len(plan.baseline.findings.found)) == ("all", True, 1)
