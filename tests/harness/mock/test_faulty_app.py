"""An app behind faults: what is hit changes, all else passes byte for byte."""

import asyncio
import gzip
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from harness.mock.fault import fault_of
from harness.mock.faulty_app import FaultyApp
from harness.model.world import VirtualClock
from harness.spec.openapi import Document, Operation
from harness.wire.serve import served
from harness.wire.transport import in_process

DOCUMENT = Document(
    "acme",
    {},
    (
        Operation("listSites", "GET", "/sites", {}),
        Operation("getSite", "GET", "/sites/{id}", {}),
        Operation("putSite", "PUT", "/sites/{id}", {}),
    ),
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
    assert answered([{"type": "http.response.start", "status": 204}, part(b"")], "*:with_body('')") == [(204, [], b"")]


def test_what_is_no_request_reaches_the_app_untouched() -> None:
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.extend([scope, receive, send])

    scope, receive, send = {"type": "lifespan"}, object(), object()
    asyncio.run(FaultyApp(app, [], DOCUMENT, "/v1")(scope, receive, send))
    assert seen == [scope, receive, send]


def asked(*faults: str, body: bytes = b'{"a": 1}', method: str = "PUT") -> tuple[list[dict[str, Any]], httpx.Response]:
    """What the app was asked behind these faults, and what the client got; the clock stands at noon of a day."""
    seen: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        query = scope["query_string"].decode()
        told = {"method": scope["method"], "path": scope["path"], "query": query, "body": message["body"]}
        seen.append({**told, "headers": headers})
        await send(start((b"content-length", b"8")))
        await send(part(b'{"b": 2}'))

    clock = VirtualClock(datetime(2026, 6, 1, 12, tzinfo=UTC))
    operations = ("listSites", "getSite", "putSite")
    faulty = FaultyApp(app, [fault_of(one, operations) for one in faults], DOCUMENT, "/v1", clock)

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=in_process(faulty)) as client:
            answer = await client.request(method, "http://app/v1/sites/1?q=%20", content=body)
        waited = (clock.now() - datetime(2026, 6, 1, 12, tzinfo=UTC)).total_seconds()
        answer.extensions["waited"] = waited
        return answer

    return seen, asyncio.run(ask())


@pytest.mark.parametrize(
    ("fault", "differs"),
    [
        ("request.without_field('/a')", {"body": b"{}"}),
        ("request.with_method('PATCH')", {"method": "PATCH"}),
        ("request.with_path('/si%20tes/2')", {"path": "/v1/si tes/2"}),
        ("request.with_header('X-Odd', 'é')", {}),
    ],
)
def test_a_request_is_changed_before_the_app_sees_it(fault: str, differs: dict[str, Any]) -> None:
    [before], _ = asked()
    [seen], answer = asked(f"putSite:{fault}")
    assert {name: seen[name] for name in before if name != "headers" and seen[name] != before[name]} == differs
    assert seen["headers"]["content-length"] == str(len(seen["body"]))
    assert ("x-odd" in seen["headers"]) == ("X-Odd" in fault)
    assert (answer.status_code, answer.content) == (200, b'{"b": 2}')


@pytest.mark.parametrize(
    ("fault", "status", "retry_after", "text"),
    [
        ("throttled(30)", 429, "30", "429 Too Many Requests\n"),
        ("throttled_until(30)", 429, "Mon, 01 Jun 2026 12:00:30 GMT", "429 Too Many Requests\n"),
        ("failing(503)", 503, None, "503 Service Unavailable\n"),
        ("failing(599)", 599, None, "599\n"),
    ],
)
def test_an_error_stands_before_the_app(fault: str, status: int, retry_after: str | None, text: str) -> None:
    seen, answer = asked(f"putSite:{fault}")
    assert (seen, answer.status_code, answer.headers.get("retry-after"), answer.text) == ([], status, retry_after, text)


def test_a_delay_takes_wire_time_and_changes_nothing() -> None:
    [_], answer = asked("putSite:delay(2.5)", "putSite:delay(1)")
    assert (answer.content, answer.extensions["waited"]) == (b'{"b": 2}', 3.5)


@pytest.mark.parametrize(
    ("fault", "error", "carried_out"),
    [
        ("drop_before()", httpx.RemoteProtocolError, False),
        ("drop_after()", httpx.RemoteProtocolError, True),
        ("reset()", httpx.ReadError, False),
        ("truncated(3)", httpx.RemoteProtocolError, True),
    ],
)
def test_a_connection_breaks_for_a_real_client(fault: str, error: type[Exception], carried_out: bool) -> None:
    carried: list[str] = []

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        carried.append(scope["path"])
        await send(start((b"content-length", b"8")))
        await send(part(b'{"b": 2}'))

    faulty = FaultyApp(app, [fault_of(f"getSite:{fault}:times=1", ("getSite",))], DOCUMENT, "/v1")
    with served(faulty) as origin, httpx.Client(trust_env=False) as client:
        with pytest.raises(error):
            client.get(f"{origin}/v1/sites/1")
        assert carried == ["/v1/sites/1"] * carried_out
        assert client.get(f"{origin}/v1/sites/1").content == b'{"b": 2}'
