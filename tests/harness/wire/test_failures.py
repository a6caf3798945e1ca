"""What goes wrong on the way: each kind told apart, tried again where that makes sense, and never an exception."""

import asyncio
import socket
import struct
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from harness.auth.vault import Vault
from harness.model.credential import Present, Presentation
from harness.model.exchange import HttpExchange
from harness.model.reach import Limits
from harness.model.world import VirtualClock
from harness.wire.http import HttpWire, Outgoing
from harness.wire.tls import client_context
from harness.wire.transport import over_socket

RawServer = Callable[..., int]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


def ask(url: str, times: int = 1, silence_s: float = 5) -> list[HttpExchange]:
    async def talk() -> list[HttpExchange]:
        clock = VirtualClock(datetime(2026, 6, 1, tzinfo=UTC))
        transport = over_socket(client_context(None))
        async with HttpWire(Vault(), clock, transport=transport, limits=Limits(silence_s)) as wire:
            return [await wire.send(Outgoing(f"e{n}", "talk", None, "GET", url)) for n in range(times)]

    return asyncio.run(talk())


def asked(connection: socket.socket) -> bytes:
    request = b""
    while b"\r\n\r\n" not in request and (part := connection.recv(4096)):
        request += part
    return request


def answering(raw: bytes) -> Callable[[socket.socket], None]:
    def behave(connection: socket.socket) -> None:
        asked(connection)
        connection.sendall(raw)

    return behave


def reset(connection: socket.socket) -> None:
    asked(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def silent(connection: socket.socket) -> None:
    while connection.recv(4096):
        pass


def answer_then_reset_the_next(connection: socket.socket) -> None:
    answering(OK)(connection)
    reset(connection)


def answer_then_close_at_the_next(connection: socket.socket) -> None:
    answering(OK)(connection)
    asked(connection)


@pytest.mark.parametrize("ends", [answer_then_reset_the_next, answer_then_close_at_the_next])
def test_an_idle_connection_that_the_server_ended_is_made_anew_at_once(
    raw_server: RawServer, ends: Callable[[socket.socket], None]
) -> None:
    port = raw_server(ends, answering(OK))
    first, second = ask(f"http://127.0.0.1:{port}/", times=2)
    assert [one.response is not None for one in (first, second)] == [True, True]
    assert (first.attempts, second.attempts, second.failure) == (1, 2, None)


@pytest.mark.parametrize(
    ("behave", "kind", "detail"),
    [
        (reset, "reset", "ended without an answer"),
        (asked, "reset", "ended without an answer"),
        (silent, "timeout", "no answer within the time limit"),
        (answering(b"SSH-2.0-OpenSSH_9.6\r\n"), "reset", "ended without an answer"),
        (answering(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), "not-http", "not an HTTP answer"),
        (answering(b"\x15\x03\x01\x00\x02\x02\x46"), "not-http", "not an HTTP answer"),
        (answering(b"HTTP/1.1 OK\r\n\r\n"), "not-http", "not an HTTP answer"),
        (answering(b"HTTP/1.1 200 OK\r\nbad header\r\n\r\n"), "not-http", "not an HTTP answer"),
        (answering(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), "not-http", "not an HTTP answer"),
        (answering(OK.replace(b"2\r\n\r\n", b"9\r\n\r\n")), "reset", "ended without an answer"),
    ],
)
def test_each_kind_of_trouble_has_its_name(
    raw_server: RawServer, behave: Callable[[socket.socket], None], kind: str, detail: str
) -> None:
    [exchange] = ask(f"http://127.0.0.1:{raw_server(behave)}/", silence_s=0.2 if behave is silent else 5)
    assert exchange.response is None
    assert exchange.failure is not None
    assert (exchange.failure.kind, exchange.attempts) == (kind, 1)
    assert detail in exchange.failure.detail


def test_a_failure_is_of_this_request_and_the_next_may_succeed(raw_server: RawServer) -> None:
    first, second = ask(f"http://127.0.0.1:{raw_server(reset, answering(OK))}/", times=2)
    assert first.failure is not None
    assert second.response is not None


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_port_where_nobody_listens_refuses(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    [exchange] = ask(f"http://{host}:{port}/")
    assert exchange.failure is not None
    assert (exchange.failure.kind, exchange.failure.detail, exchange.attempts) == ("refused", "connection refused", 1)


def test_a_name_that_does_not_resolve_is_said_to_be_that() -> None:
    [exchange] = ask("http://no-such-host.invalid/")
    assert exchange.failure is not None
    assert (exchange.failure.kind, exchange.attempts) == ("name", 1)
    assert exchange.failure.detail.startswith("name does not resolve")


def test_a_reason_phrase_is_kept_and_a_missing_one_is_empty(raw_server: RawServer) -> None:
    [with_reason] = ask(f"http://127.0.0.1:{raw_server(answering(OK.replace(b'OK', b'Quite Right')))}/")
    [without] = ask(f"http://127.0.0.1:{raw_server(answering(OK.replace(b' OK', b' ')))}/")
    assert with_reason.response is not None
    assert without.response is not None
    assert (with_reason.response.reason, without.response.reason) == ("Quite Right", "")


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 401 bad token s3cr3t-Token-0001\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 s3cr3t-Token-0001\r\n\r\n",
        b"HTTP/1.1 401 No\r\nX: s3cr3t-Token-0001\r\nContent-Length: 19\r\n\r\n\xff s3cr3t-Token-0001",
    ],
)
def test_a_secret_in_a_reason_or_a_failure_is_taken_out(raw_server: RawServer, answer: bytes) -> None:
    async def talk(port: int) -> HttpExchange:
        vault = Vault()
        present = Present(vault.keep("s3cr3t-Token-0001"), presentation=Presentation("Token", "raw"))
        clock = VirtualClock(datetime(2026, 6, 1, tzinfo=UTC))
        async with HttpWire(vault, clock, transport=over_socket(client_context(None))) as wire:
            return await wire.send(Outgoing("e1", "s", None, "GET", f"http://127.0.0.1:{port}/", present=present))

    exchange = asyncio.run(talk(raw_server(answering(answer))))
    assert "s3cr3t" not in repr(exchange)
    assert "[secret 1]" in repr(exchange.response or exchange.failure)
