"""The bundled reference CPO under Schemathesis, in process: whatever is asked, it answers, and never with a 5xx."""

from collections import Counter
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, given, settings

from harness.collect import suite
from harness.systems.ndw.reference import create_app
from tests.needs import needs_minutes

pytestmark = needs_minutes()

BASE_PATH = "/ocpi/2.2.1"
HEADERS = {"Authorization": "Token ZXhhbXBsZS10b2tlbg=="}
OPERATIONS = ("/locations", "/locations/{location_id}", "/tariffs")
MODES = {mode.value: mode for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)}


@cache
def fuzzed() -> Any:
    """The document, its server the reference in this process."""
    content = yaml.safe_load(suite("ndw-pull").document_path.read_text("utf-8"))
    content["servers"] = [{"url": f"http://localhost{BASE_PATH}"}]
    schema = schemathesis.openapi.from_dict(content)
    schema.app = create_app(token="example-token", now=lambda: datetime(2026, 6, 1, 8, tzinfo=UTC), locations=30)
    return schema


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("path", OPERATIONS)
def test_the_reference_never_fails_by_itself(path: str, mode: str) -> None:
    statuses: Counter[int] = Counter()
    operation = fuzzed()[path]["GET"]

    @settings(max_examples=60, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy(generation_mode=MODES[mode]))
    def ask(case: Any) -> None:
        response = case.call(headers=HEADERS)
        statuses[response.status_code] += 1
        assert response.status_code < 500, case.as_curl_command()

    ask()
    assert sum(statuses.values()) >= 30
    assert 401 not in statuses, "the token did not come along: nothing behind it was tried"
    assert 200 in statuses or "{" in path


def test_a_wrong_token_is_refused_so_the_right_one_opened_the_door() -> None:
    case = fuzzed()["/tariffs"]["GET"].Case(method="GET")
    assert case.call(headers=HEADERS).status_code == 200
    assert case.call(headers={"Authorization": "Token d3Jvbmc="}).status_code == 401
