"""``--openapi FILE`` from the outside: one more judge, its operations shown, and a file that cannot judge refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.harness.cli.commands import harness

CLAUSE = "party-document/answers-match-the-partys-document"


def document(*required: str) -> str:
    """A document of OpenAPI 3.0 at a path of the party's own, whose locations must have these members."""
    page: dict[str, Any] = {
        "type": "object",
        "properties": {"data": {"type": "array", "items": {"type": "object", "required": list(required)}}},
    }
    answers = {"200": {"description": "a page", "content": {"application/json": {"schema": page}}}}
    operation = {"operationId": "locations", "responses": answers}
    return json.dumps({"openapi": "3.0.3", "paths": {"/ocpi/sender/2.2.1/locations/": {"get": operation}}})


@pytest.mark.parametrize(("required", "code", "outcome"), [(("id",), 0, "passed"), (("id", "ndw_number"), 1, "failed")])
def test_the_partys_document_judges_beside_ours(
    required: tuple[str, ...], code: int, outcome: str, tmp_path: Path
) -> None:
    (tmp_path / "ndw.json").write_text(document(*required))
    ran = harness("check", "ndw-pull", "--reference", "--openapi", "ndw.json", "--out", "run", folder=tmp_path)
    assert (ran.code, ran.err) == (code, "")
    assert "Document  ndw.json, the party's own, judges as well:" in ran.out
    report = json.loads((tmp_path / "run" / "report.json").read_text())
    [told] = report["documents"]
    assert {one["operation"]: one["theirs"] for one in told["matches"]} == {
        "getLocations": "GET /ocpi/sender/2.2.1/locations/",
        "getLocation": None,
        "getTariffs": None,
    }
    [verdict] = [one for one in report["verdicts"] if one["requirement"] == CLAUSE]
    assert (verdict["outcome"], verdict["effective"], verdict["basis"]) == (outcome, "MUST", "published")
    failed = {one["requirement"] for one in report["verdicts"] if one["outcome"] == "failed"}
    assert failed == ({CLAUSE} if code else set())
    assert all(problem["where"].endswith("/ndw_number") for problem in verdict["problems"])


@pytest.mark.parametrize(
    ("text", "says"),
    [("a: [", "--openapi: ndw.yaml cannot be read"), ("info: {}", "--openapi: ndw.yaml is no OpenAPI 3 document")],
)
def test_a_file_that_cannot_judge_is_refused_before_anything_is_written(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "ndw.yaml").write_text(text)
    ran = harness("check", "ndw-pull", "--reference", "--openapi", "ndw.yaml", "--out", "run", folder=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["ndw.yaml"]
