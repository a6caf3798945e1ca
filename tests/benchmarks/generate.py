"""Locations per second: our strategy and the seeded bulk against Schemathesis' strategy for the same schema."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

from harness.cli.generate import MOMENT, PARTY
from harness.collect import suite
from harness.systems.ndw.payloads import bulk_locations, locations
from tests.benchmarks.figure import Figure, median_of

COUNT = 200
BULK = 2_000


def measure() -> Figure:
    """Seconds per 1000 objects; Hypothesis generates and nothing else, in this process, warmed up."""
    ours, theirs = _draws(locations()), _draws(_as_strategy())
    ours()
    theirs()

    def bulk() -> None:
        list(bulk_locations(BULK, 1, PARTY, MOMENT))

    seconds, made, schemathesis_seconds = median_of(5, ours, bulk, theirs)
    per_thousand, baseline = seconds / COUNT * 1000, schemathesis_seconds / COUNT * 1000
    times = schemathesis_seconds / COUNT / (made / BULK)
    bulk_said = f"bulk: {made / BULK * 1000:.3f} s, {times:.0f} times as fast as Schemathesis"
    what = f"1000 locations by our strategy ({bulk_said})"
    return Figure(what, per_thousand, "by Schemathesis", baseline, "ratio 0.2 or less; bulk 100 times or more")


def _draws(strategy: SearchStrategy[Any]) -> Callable[[], None]:
    @settings(
        max_examples=COUNT,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(_value: Any) -> None:
        pass

    return draw


def _as_strategy() -> SearchStrategy[Any]:
    """Schemathesis' strategy for a request whose body is a Location."""
    document: Any = deepcopy(dict(suite("ndw-pull").load().content))
    schema = {"allOf": [{"type": "object"}, {"$ref": "#/components/schemas/Location"}]}
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    operation = {"operationId": "put", "requestBody": body, "responses": {"200": {"description": "stored"}}}
    document.update(paths={"/location": {"put": operation}}, security=[])
    strategy: SearchStrategy[Any] = schemathesis.openapi.from_dict(document)["/location"]["PUT"].as_strategy()
    return strategy
