"""What stands in the way of a test is told apart, by real listeners, with exit code 3 and no failed clause."""

import json
from pathlib import Path

import pytest

from tests.harness.run.diagnoses import DIAGNOSES
from tests.harness.run.staging import SECRET, TOKEN, Diagnosis, Held, Stage


@pytest.mark.parametrize("diagnosis", DIAGNOSES, ids=lambda one: one.name)
def test_it_is_told_and_ends_with_3(diagnosis: Diagnosis, stage: Stage, held: Held, tmp_path: Path) -> None:
    result = held(diagnosis.setup(stage), diagnosis.silence_s).run(tmp_path / "run")
    report = json.loads((tmp_path / "run" / "report.json").read_text())
    assert result.exit == 3
    assert {one["outcome"] for one in report["verdicts"]} <= {"untested", "inapplicable"}
    (failed,) = [one for one in report["preflight"] if one["outcome"] == "failed"]
    assert failed["check"] == diagnosis.check, failed
    for word in diagnosis.seen:
        assert word in failed["detail"]
    for word in diagnosis.todo:
        assert word in failed["next"]
    assert report["preflight"][-1] == failed
    for secret in (TOKEN, SECRET, "access-Token-0001"):
        assert secret not in (tmp_path / "run" / "run.jsonl").read_text()
