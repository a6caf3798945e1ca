"""The control path under Schemathesis, by its own document: whatever is asked, it answers, and never with a 5xx."""

from collections import Counter
from functools import cache
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from openapi_spec_validator import validate

from tests.harness.mock.test_control import AT, Asking
from tests.harness.mock.toy import Toy


@cache
def fuzzed() -> Any:
    content = Asking()("GET", f"{AT}/openapi.json").json()
    validate(content)
    content["servers"] = [{"url": "http://localhost"}]
    for item in content["paths"].values():  # most of what is asked is to be about a session that exists
        for operation in item.values():
            for parameter in operation.get("parameters", ()):
                if parameter["name"] == "session":
                    parameter["schema"] = {"enum": ["default"]}
                if parameter["name"] == "table":
                    parameter["schema"] = {"enum": ["notes", "nots"]}
    schema = schemathesis.openapi.from_dict(content)
    schema.app = Toy(longest_wait=0)
    return schema


@pytest.mark.parametrize("mode", ["positive", "negative"])
def test_it_never_fails_by_itself(mode: str) -> None:
    statuses: Counter[int] = Counter()
    modes = {one.value: one for one in schemathesis.GenerationMode}
    operations = [(path, method) for path, item in fuzzed().items() for method in item]
    for path, method in operations:
        operation = fuzzed()[path][method]
        if mode == "negative" and not (operation.body or operation.query):
            continue  # there is nothing to get wrong
        _ask(operation.as_strategy(generation_mode=modes[mode]), statuses)
    assert sum(statuses.values()) > 40
    assert statuses[200] > 20 if mode == "positive" else statuses[422] > 10, statuses


def _ask(strategy: Any, statuses: Counter[int]) -> None:
    @settings(max_examples=4, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def ask(case: Any) -> None:
        response = case.call(headers={"Host": "localhost"})
        statuses[response.status_code] += 1
        assert response.status_code < 500, case.as_curl_command()

    ask()
