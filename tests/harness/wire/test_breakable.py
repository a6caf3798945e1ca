"""Connections that break on purpose: each kind as a client sees it, over a socket and in process alike."""

import asyncio
import logging
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from harness.wire.authority import certificate_file, server_context
from harness.wire.breakable import LONGEST_STALL_S, Break, answer
from harness.wire.serve import served
from harness.wire.transport import in_process, over_socket

BODY = b'{"all": "is well"}'


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Breaks as the query says."""
    asked = {name: values[0] for name, values in parse_qs(scope["query_string"].decode()).items()}
    length = 0
    while (message := await receive())["type"] == "http.request":
        length += len(message["body"])
        if not message["more_body"]:
            break
    break_ = Break(asked["kind"], int(asked.get("at", "0"))) if "kind" in asked else None
    chunked = [("Transfer-Encoding", "chunked")] if "chunked" in asked else [("Content-Length", "3")]
    sleep = at_once if "impatient" in asked else asyncio.sleep
    status = int(asked.get("status", "200"))
    await answer(scope, send, status, [*chunked, ("X-Got", str(length))], BODY, break_, sleep)


async def at_once(seconds: float) -> None:
    assert seconds == LONGEST_STALL_S


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with served(app) as address:
        yield address


def seen(transport: httpx.AsyncBaseTransport, url: str, method: str = "GET") -> tuple[object, bytes, str]:
    """Status or kind of failure, what came of the body, and the words of the failure."""

    async def talk() -> tuple[object, bytes, str]:
        parts = b""
        async with httpx.AsyncClient(transport=transport, timeout=httpx.Timeout(5, read=0.3)) as client:
            try:
                async with client.stream(method, url) as response:
                    async for part in response.aiter_raw():
                        parts += part
                    return response.status_code, parts, ""
            except httpx.TransportError as error:
                return type(error), parts, str(error)

    return asyncio.run(talk())


CASES = [
    ("kind=drop before", httpx.RemoteProtocolError, b""),
    ("kind=reset", httpx.ReadError, b""),
    ("kind=truncate&at=3", httpx.RemoteProtocolError, BODY[:3]),
    ("kind=truncate&at=999", httpx.RemoteProtocolError, BODY[:-1]),
    ("kind=truncate&at=0", httpx.RemoteProtocolError, b""),
    ("kind=truncate&at=999&chunked=1", httpx.RemoteProtocolError, BODY),
    ("kind=truncate&status=204", 204, b""),
    ("kind=drop after", 200, BODY),
    ("", 200, BODY),
    ("chunked=1", 200, BODY),
]


@pytest.mark.parametrize(("query", "outcome", "body"), CASES)
def test_each_break_looks_the_same_over_a_socket_and_in_process(
    origin: str, query: str, outcome: object, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    plain = ssl.create_default_context()
    over_tcp = seen(over_socket(plain), f"{origin}/?{query}")
    within = seen(in_process(app), f"http://test/?{query}")
    assert over_tcp[:2] == within[:2] == (outcome, body)
    if outcome is httpx.RemoteProtocolError:
        assert over_tcp[2].startswith(within[2])
    assert caplog.records == []


def test_it_breaks_under_tls_as_without(tmp_path: Path) -> None:
    trust = ssl.create_default_context(cafile=certificate_file(tmp_path))
    with served(app, server_context([], tmp_path)) as address:
        outcomes = [seen(httpx.AsyncHTTPTransport(verify=trust), f"{address}/?{query}")[0] for query, _, _ in CASES]
    assert outcomes == [outcome for _, outcome, _ in CASES]


def test_a_stalled_answer_is_a_head_and_then_silence(origin: str) -> None:
    outcomes = [
        seen(over_socket(ssl.create_default_context()), f"{origin}/?kind=stall"),
        seen(in_process(app), "http://test/?kind=stall"),
    ]
    assert outcomes == [(httpx.ReadTimeout, b"", "")] * 2


def test_a_stall_ends_where_the_client_would_wait_for_ever(origin: str) -> None:
    outcome, _, words = seen(over_socket(ssl.create_default_context()), f"{origin}/?kind=stall&impatient=1")
    assert outcome is httpx.RemoteProtocolError
    assert "incomplete" in words or "without sending complete" in words


def test_a_stall_does_not_keep_the_server_from_ending() -> None:
    with served(app) as address, talking(address) as client:
        client.sendall(b"GET /?kind=stall HTTP/1.1\r\nHost: test\r\n\r\n")
        assert client.recv(4096).startswith(b"HTTP/1.1 200")
    with pytest.raises(ConnectionRefusedError):
        talking(address)


def talking(address: str) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), timeout=5)


def until_the_end(client: socket.socket) -> bytes:
    found = b""
    while part := client.recv(4096):
        found += part
    return found


def test_a_drop_after_the_answer_was_not_announced(origin: str) -> None:
    with talking(origin) as client:
        client.sendall(b"GET /?kind=drop+after HTTP/1.1\r\nHost: test\r\n\r\n")
        head, _, body = until_the_end(client).partition(b"\r\n\r\n")
    assert body == BODY
    assert b"connection:" not in head.lower()


def test_the_length_of_an_answer_is_the_true_one(origin: str) -> None:
    got = httpx.get(origin)
    assert got.headers.get_list("content-length") == [str(len(BODY))]
    assert httpx.head(origin).headers.get_list("content-length") == ["3"]  # no body to hold it against: as it was given
    assert httpx.head(f"{origin}/?kind=truncate").status_code == 200


@pytest.mark.parametrize("offer", ["h2c", "websocket"])
def test_an_offer_of_another_protocol_costs_no_body(origin: str, offer: str) -> None:
    """Java's HttpClient makes such an offer, sends the body apart from the head, and goes on with the connection."""
    head = f"PUT / HTTP/1.1\r\nHost: test\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: {offer}\r\n"
    with talking(origin) as client:
        client.sendall(f"{head}HTTP2-Settings: AAE\r\nContent-Length: 5\r\n\r\n".encode())
        client.sendall(b"hel")
        client.sendall(b"lo")
        client.sendall(b"PUT / HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi")
        answers = until_the_end(client)
    assert answers.count(b"HTTP/1.1 200 OK") == 2
    assert answers.index(b"x-got: 5") < answers.index(b"x-got: 2")


def test_the_app_sees_the_offer_as_it_came() -> None:
    async def echo(scope: Any, _receive: Any, send: Any) -> None:
        body = b"|".join(b"%s=%s" % one for one in scope["headers"])
        await answer(scope, send, 200, [], body, None, asyncio.sleep)

    with served(echo) as address, talking(address) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: t\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n")
        assert until_the_end(client).endswith(b"\r\n\r\nhost=t|connection=Upgrade, close|upgrade=h2c")


def test_a_crash_of_an_app_is_told_and_what_a_client_does_wrong_is_not(caplog: pytest.LogCaptureFixture) -> None:
    async def crashing(_scope: Any, _receive: Any, _send: Any) -> None:
        raise ZeroDivisionError("our bug")

    with served(crashing) as address:
        with talking(address) as client:
            client.sendall(b"no HTTP at all\r\n\r\n")
            assert until_the_end(client).startswith(b"HTTP/1.1 400")
        assert caplog.records == []
        assert httpx.get(address).status_code == 500
    assert [one.levelno for one in caplog.records] == [logging.ERROR]


def test_a_server_that_cannot_break_connections_is_no_silent_pass() -> None:
    async def send(_message: Any) -> None:
        raise AssertionError("nothing is sent")

    with pytest.raises(RuntimeError, match="no connection that can be broken"):
        asyncio.run(answer({"method": "GET"}, send, 200, [], BODY, Break("reset"), asyncio.sleep))
