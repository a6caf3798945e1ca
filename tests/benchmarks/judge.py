"""A page of 100 realistic locations judged by every clause, against jsonschema alone on the same page."""

import gc
import itertools
import json
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from harness.cli.generate import MOMENT, PARTY
from harness.judge.judge import Judge, judged
from harness.model.exchange import Transcript
from harness.systems.ndw.payloads import bulk_locations
from tests.benchmarks.figure import Figure, median_of
from tests.harness.generate.pages import answer_of, page_of
from tests.proofs.conversation import bench

ROUNDS = 15


def measure() -> list[Figure]:
    """Parse included on both sides; the schema is compiled before. First the same page in every round; then a page of
    its own for each, so that nothing was ever seen before."""
    gc.collect()
    gc.freeze()  # as the command does
    return [_measure("again", itertools.repeat(_page(0))), _measure("never seen", map(_page, itertools.count()))]


def _measure(how: str, pages: Iterator[bytes]) -> Figure:
    at = bench("ndw-pull")
    raws = [next(pages) for _ in range(ROUNDS + 1)]
    operation = at.document.operation_by_id("getLocations")
    schema = operation.answer(200) if operation else None
    assert schema is not None
    validator: Any = Draft202012Validator(schema.schema)
    interface = at.suite.interface
    for_us, for_them = iter(raws), iter(raws)

    def ours() -> None:
        fresh = answer_of("getLocations", next(for_us), 100)
        judge = Judge(at.suite.requirements, at.profile, at.document, interface.objects, interface.subject)
        judged(judge, [Transcript("benchmark", (fresh,))])

    def theirs() -> None:
        assert list(validator.iter_errors(json.loads(next(for_them)))) == []

    ours()
    theirs()
    seconds, bare = median_of(ROUNDS, ours, theirs)
    what = f"100 locations {how}, {len(raws[0]) // 1000} kB, judged by all {len(at.suite.requirements)} clauses"
    return Figure(what, seconds, "jsonschema's iter_errors alone", bare, "ratio 0.1 or less")


def _page(seed: int) -> bytes:
    response = page_of("getLocations", list(bulk_locations(100, seed, PARTY, MOMENT))).response
    assert response is not None
    return response.body.raw
