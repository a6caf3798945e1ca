"""Processes side by side come to what one comes to, in the same order."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from harness.cli import app
from harness.systems.ndw.payloads import bulk_locations
from tests.harness.cli.commands import harness
from tests.proofs.conversation import START

NOW = "2026-06-01T08:00:05Z"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound feed, one whose objects are spoilt in turn, and one that is broken near its end."""
    made = tmp_path_factory.mktemp("feeds")
    locations = list(bulk_locations(900, 1, ("NL", "XPO"), START))
    for number, one in enumerate(locations):
        if number % 3 == 0:
            one["last_updated"] = "yesterday"
        one["party_id"] = f"X{number % 4}O"
    locations[850]["id"] = locations[20]["id"]
    text = json.dumps(locations, indent=1)
    (made / "spoilt.json").write_text(text, encoding="utf-8")
    unquoted = text.replace(json.dumps(locations[789]["id"]), locations[789]["id"])
    (made / "broken.json").write_text(unquoted, encoding="utf-8")
    return made


def _told(folder: Path, file: str, jobs: int, code: int) -> dict[str, Any]:
    """All of the report that is about the file."""
    out = folder / f"{file}-{jobs}"
    arguments = ["validate", "ndw-locations", str(folder / file), "--jobs", str(jobs), "--now", NOW, "--out", str(out)]
    # Several are tried in a process of its own, as a user has it; one as well as here.
    ran = harness(*arguments, folder=folder).code if jobs > 1 else CliRunner().invoke(app, arguments).exit_code
    assert ran == code
    report: dict[str, Any] = json.loads((out / "report.json").read_text("utf-8"))
    problems = [line for line in (out / "run.jsonl").read_text("utf-8").splitlines() if '"kind":"problem"' in line]
    record = [(one["requirement"], one["party"], one["problem"]) for one in map(json.loads, problems)]
    return {name: report[name] for name in ("verdicts", "totals", "preflight", "ended_by")} | {"record": record}


@pytest.mark.parametrize(("file", "code"), [("spoilt.json", 1), ("broken.json", 3)])
def test_three_come_to_what_one_comes_to(folder: Path, file: str, code: int) -> None:
    one, three = (_told(folder, file, jobs, code) for jobs in (1, 3))
    assert one == three
    assert len(one["record"]) > 200
