"""NDW's mock under Schemathesis, in process, by the documents that it serves: whatever comes, it answers, never with a
5xx, and as its own documents have it."""

import asyncio
import json
from collections import Counter
from functools import cache
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from harness.collect import CONTENT
from harness.spec.bundle import bundled_json
from harness.wire.transport import in_process
from tests.harness.mock.machine import HOST, Client, Machine
from tests.needs import needs_minutes

pytestmark = needs_minutes()

_NO = list(HealthCheck)
MODES = {mode.value: mode for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)}
CHECKS = (not_a_server_error, content_type_conformance, response_schema_conformance)
DOCUMENTS = {"push": ("/ocpi/2.2.1", 2), "token": ("", 20)}
"""Each with the path at which the mock serves it, and how often each of its operations is asked."""


@cache
def machine() -> tuple[Machine, str]:
    """A mock, and a token of its first account."""
    made = Machine((("push.get_method", "serve"),))

    async def token() -> str:
        async with httpx.AsyncClient(transport=in_process(made)) as http:
            client = Client(http, made.env())
            await client.ask()
            return client.token

    return made, asyncio.run(token())


@cache
def fuzzed(name: str) -> Any:
    """A document, its server the mock in this process."""
    content = json.loads(bundled_json(CONTENT / f"specs/ndw/openapi-{name}.yaml"))
    content["servers"] = [{"url": f"{HOST}{DOCUMENTS[name][0]}"}]
    schema = schemathesis.openapi.from_dict(content)
    schema.app = machine()[0].mock
    return schema


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_mock_never_fails_by_itself(name: str, mode: str, capfd: pytest.CaptureFixture[str]) -> None:
    statuses: Counter[int] = Counter()
    for operation in fuzzed(name).get_all_operations():
        _ask(operation.ok().as_strategy(generation_mode=MODES[mode]), DOCUMENTS[name][1], statuses)
    assert sum(statuses.values()) >= 20
    assert not machine()[0].default.judges["ndw"].own_faults
    assert "Traceback" not in "".join(capfd.readouterr())


def _ask(strategy: Any, times: int, statuses: Counter[int]) -> None:
    @settings(max_examples=times, derandomize=True, database=None, deadline=None, suppress_health_check=_NO)
    @given(strategy)
    def ask(case: Any) -> None:
        response = case.call(headers={"Authorization": f"Bearer {machine()[1]}"})
        statuses[response.status_code] += 1
        case.validate_response(response, checks=CHECKS)

    ask()
