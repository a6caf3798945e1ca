"""An app behind faults: what is hit changes, all else passes byte for byte."""

import asyncio
import gzip
from typing import Any

import pytest

from harness.mock.fault import FaultyApp, fault_of
from harness.spec.openapi import Document, Operation

DOCUMENT = Document(
    "acme", {}, (Operation("listSites", "GET", "/sites", {}), Operation("getSite", "GET", "/sites/{id}", {}))
)
Messages = list[dict[str, Any]]


def start(*headers: tuple[bytes, bytes], status: int = 200) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status, "headers": list(headers)}


def part(body: bytes, *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": more}


def answered(messages: Messages, *faults: str, path: str = "/v1/sites", asks: int = 1) -> list[tuple[Any, Any, bytes]]:
    """Status, headers and body of each answer of an app that sends these messages, behind these faults."""

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        for message in messages:
            await send(message)

    faulty = FaultyApp(app, [fault_of(one, ("listSites", "getSite")) for one in faults], DOCUMENT, "/v1")

    async def ask() -> tuple[Any, Any, bytes]:
        sent: Messages = []

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode()}
        await faulty(scope, None, send)
        body = b"".join(one["body"] for one in sent[1:])
        return sent[0]["status"], sent[0]["headers"], body

    return [asyncio.run(ask()) for _ in range(asks)]


JSON = (b'{"a": 1,  "b": [1.0, 2e3]}', (b"content-length", b"26"), (b"X-Odd", b"\xe9"), (b"x-odd", b""))


@pytest.mark.parametrize("fault", [(), ("getSite:with_status(500)",), ("listSites:without_field('/none')",)])
def test_what_no_fault_hits_passes_byte_for_byte(fault: tuple[str, ...]) -> None:
    body, *headers = JSON
    assert answered([start(*headers, status=206), part(body)], *fault) == [(206, headers, body)]


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", gzip.compress(b"x", mtime=0), b'{"a": "\xe9"}', b"[" * 5_000])
def test_any_bytes_pass(body: bytes) -> None:
    assert answered([start(), part(body)], "*:with_field('/a', 1)")[0][2] == (
        b'{"a":1}' if body.startswith(b"{") else body
    )


def test_an_answer_in_parts_is_one_answer() -> None:
    messages = [start(), part(b'{"a"', more=True), part(b": 1}", more=True), part(b"")]
    assert answered(messages, "*:with_field('/b', 2)") == [(200, [], b'{"a":1,"b":2}')]


def test_the_length_fits_the_changed_body() -> None:
    body, *headers = JSON
    [(_, changed, sent)] = answered([start(*headers), part(body)], "*:with_field('/a', '€')")
    assert {name.lower(): value for name, value in changed}[b"content-length"] == str(len(sent)).encode()
    assert changed[1:] == headers[1:]


def test_several_faults_are_laid_over_each_other() -> None:
    messages = [start((b"link", b"<a>")), part(b'{"a": 1}')]
    faults = (
        "*:with_status(404)",
        "listSites:with_header('Link', '<b>')",
        "*:with_field('/a', 2)",
        "*:with_status(410)",
    )
    assert answered(messages, *faults) == [(410, [(b"link", b"<b>")], b'{"a":2}')]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/v1/sites", 500), ("/v1/sites/", 500), ("/v1/sites/a%2Fb", 501), ("/v1/x", 200), ("/v1", 200)],
)
def test_the_operation_is_found_below_the_base_path(path: str, status: int) -> None:
    faults = ("listSites:with_status(500)", "getSite:with_status(501)")
    assert answered([start(), part(b"")], *faults, path=path)[0][0] == status


def test_a_fault_may_be_over_after_a_time() -> None:
    statuses = [one[0] for one in answered([start(), part(b"")], "*:with_status(503):after=1:times=2", asks=5)]
    assert statuses == [200, 503, 503, 200, 200]


def test_an_answer_without_header_fields_is_one() -> None:
    assert answered([{"type": "http.response.start", "status": 204}, part(b"")])[0] == (204, [], b"")


def test_what_is_no_request_reaches_the_app_untouched() -> None:
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.extend([scope, receive, send])

    scope, receive, send = {"type": "lifespan"}, object(), object()
    asyncio.run(FaultyApp(app, [], DOCUMENT, "/v1")(scope, receive, send))
    assert seen == [scope, receive, send]
