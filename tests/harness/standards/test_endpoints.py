"""What an OCPI server says of where it serves: its versions, and the endpoints of one of them."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from harness.model.body import Body
from harness.model.exchange import Headers, HttpExchange, HttpRequest, HttpResponse
from harness.model.system import Listing
from harness.standards.ocpi_2_2_1.endpoints import listing

URL = "https://cpo.example/2.2.1"
WHEN = datetime(2026, 6, 1, tzinfo=UTC)


def read(body: Any, *, answered: bool = True) -> Listing:
    response = HttpResponse(200, Headers(), Body(json.dumps(body).encode())) if answered else None
    return listing(HttpExchange("e1", "s", None, HttpRequest("GET", URL, Headers()), response, WHEN, WHEN))


def endpoint(module: str, url: str, **more: str) -> dict[str, str]:
    return {"identifier": module, "url": url, **more}


def test_the_right_one_of_several_versions_is_read_on() -> None:
    versions = [{"version": "2.1.1", "url": "https://cpo.example/2.1.1"}, {"version": "2.2.1", "url": URL}]
    assert read({"data": versions}) == Listing(further=URL)


def test_other_versions_are_told() -> None:
    versions = [{"version": "2.1.1", "url": "https://a"}, {"version": "2.3.0", "url": "https://b"}]
    assert read({"data": versions}).told == "it serves OCPI 2.1.1, 2.3.0, and 2.2.1 is not among them"


def test_of_endpoints_those_that_send_are_meant() -> None:
    endpoints = [
        endpoint("locations", "https://cpo.example/in", role="RECEIVER"),
        endpoint("locations", "https://cpo.example/out", role="SENDER"),
        endpoint("tariffs", "https://cpo.example/tariffs"),  # OCPI 2.1.1 knows no roles, and some still write so
    ]
    found = read({"data": {"version": "2.2.1", "endpoints": endpoints}})
    assert found.entries == {"/locations": "https://cpo.example/out", "/tariffs": "https://cpo.example/tariffs"}


@pytest.mark.parametrize(
    "data", [None, 7, "x", [], {}, {"endpoints": {}}, {"endpoints": [7]}, [7, {"version": 2}], [{}]]
)
def test_what_lists_nothing_is_nothing(data: Any) -> None:
    assert read({"data": data}) == Listing()


def test_no_answer_lists_nothing() -> None:
    assert read({}, answered=False) == Listing()
