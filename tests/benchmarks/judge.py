"""A page of 100 realistic locations judged by every clause, against jsonschema alone on the same page."""

import json
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from harness.cli.generate import MOMENT, PARTY
from harness.judge.judge import Judge, judged
from harness.model.exchange import Transcript
from harness.systems.ndw.payloads import bulk_locations
from tests.benchmarks.figure import Figure, median_of
from tests.harness.generate.pages import answer_of, page_of
from tests.proofs.conversation import bench


def measure() -> Figure:
    """Parse included on both sides; the schema is compiled before."""
    at = bench("ndw-pull")
    page = page_of("getLocations", list(bulk_locations(100, 1, PARTY, MOMENT)))
    assert page.response is not None
    raw = page.response.body.raw
    operation = at.document.operation_by_id("getLocations")
    schema = operation.answer(200) if operation else None
    assert schema is not None
    validator: Any = Draft202012Validator(schema.schema)
    interface = at.suite.interface

    def ours() -> None:
        fresh = answer_of("getLocations", raw, 100)
        judge = Judge(at.suite.requirements, at.profile, at.document, interface.objects, interface.subject)
        judged(judge, [Transcript("benchmark", (fresh,))])

    def theirs() -> None:
        assert list(validator.iter_errors(json.loads(raw))) == []

    ours()
    seconds, bare = median_of(9, ours, theirs)
    what = f"100 locations, {len(raw) // 1000} kB, judged by all {len(at.suite.requirements)} clauses"
    return Figure(what, seconds, "jsonschema's iter_errors alone", bare, "ratio 0.1 or less")
