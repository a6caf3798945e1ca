"""kill -9 at any moment of a run: ``harness report`` renders what was found by then, in every format."""

import csv
import json
import multiprocessing
import shutil
import signal
from pathlib import Path
from random import Random
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema  # type: ignore[import-untyped]
import pytest
from typer.testing import CliRunner

from harness.cli import app
from harness.report.ending import CUT_OFF
from harness.report.formats import FORMATS
from harness.report.record import read
from tests.harness.report.killed_run import run

SCHEMA = json.loads((Path(__file__).parents[3] / "reports" / "schema" / "report.json").read_text("utf-8"))
MOMENTS = 10
Json = dict[str, Any]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Of runs that were killed at random moments, the last one of a run that was not."""
    place, random = multiprocessing.get_context("forkserver"), Random()
    place.set_forkserver_preload([run.__module__])
    *killed, whole = [tmp_path_factory.mktemp("killed") for _ in range(MOMENTS + 1)]
    process = place.Process(target=run, args=(str(whole),))
    process.start()
    process.join()
    assert process.exitcode == 0
    for folder in killed:
        at, code = random.randrange(1, _written(whole)), 0
        while code == 0 or _has_ended(folder):  # it was sooner than the kill
            shutil.rmtree(folder)
            process = place.Process(target=run, args=(str(folder),))
            process.start()
            while process.is_alive() and _written(folder) < at:
                process.join(0.001)
            process.kill()
            process.join()
            code, at = process.exitcode or 0, at // 2
        assert code == -signal.SIGKILL
    return [*killed, whole]


def _written(folder: Path) -> int:
    record = folder / "run.jsonl"
    return record.stat().st_size if record.is_file() else 0


def _has_ended(folder: Path) -> bool:
    return folder.joinpath("run.jsonl").is_file() and '"kind":"end"' in folder.joinpath("run.jsonl").read_text("utf-8")


def rendered(folder: Path) -> tuple[Json, str]:
    ran = CliRunner().invoke(app, ["report", str(folder)])
    assert ran.exit_code == 0, ran.output
    assert [Path(line).name for line in ran.stdout.splitlines()] == [one.file for one in FORMATS.values()]
    return json.loads((folder / "report.json").read_text("utf-8")), ran.stderr


def problems(folder: Path) -> dict[tuple[str, str | None], list[Json]]:
    """All problems of a record, by clause and party."""
    found: dict[tuple[str, str | None], list[Json]] = {}
    for line in read(folder):
        if line.get("kind") == "problem":
            found.setdefault((line["requirement"], line["party"]), []).append(line["problem"])
    return found


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_what_was_found_before_the_kill_is_rendered(folders: list[Path], moment: int) -> None:
    folder = folders[moment]
    if not (folder / "run.jsonl").is_file() or not (folder / "run.jsonl").read_bytes().count(b"\n"):
        assert CliRunner().invoke(app, ["report", str(folder)]).exit_code != 0  # killed before its first line
        return
    report, said = rendered(folder)
    jsonschema.validate(report, SCHEMA)
    assert (report["exit"], report["finished"]) == (None, None)
    assert "killed before its end" in said
    found = problems(folder)
    failed = {(one["requirement"], one["party"]): one for one in report["verdicts"] if one["outcome"] == "failed"}
    assert failed.keys() == found.keys()
    for key, verdict in failed.items():
        assert (verdict["problem_count"], verdict["problems"]) == (len(found[key]), found[key][:20])
    others = [one for one in report["verdicts"] if one["outcome"] != "failed"]
    assert {one["reason"] for one in others} <= {CUT_OFF}
    assert "killed before its end" in (folder / "report.md").read_text("utf-8")
    with (folder / "findings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == sum(min(20, len(every)) for every in found.values())
    cases = {case.get("name"): case for case in ET.parse(folder / "junit.xml").iter("testcase")}
    assert cases["came to its end"].find("error") is not None


def test_a_kill_loses_nothing_that_a_whole_run_finds_by_then(folders: list[Path]) -> None:
    """The runs are alike: each killed one has the first lines of the whole one."""
    *killed, whole = [
        (folder / "run.jsonl").read_text("utf-8") if (folder / "run.jsonl").is_file() else "" for folder in folders
    ]
    assert all(whole.startswith(record) for record in killed)
    assert len({len(record) for record in killed}) > MOMENTS // 2
    report, _said = rendered(folders[-1])
    assert report["exit"] == 1
