"""What a listener tells of clients that never came to a request: each tried with a client that really does so."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from harness.wire.authority import certificate_file, server_context
from harness.wire.breakable import answer
from harness.wire.incidents import Incident, name_asked, of_handshake
from harness.wire.serve import Listeners, listener, quick_loop

Work = Callable[[int, int], Awaitable[Any]]
"""Is given the port of plain HTTP and that of TLS."""
LOOPS = [pytest.param(asyncio.new_event_loop, id="asyncio"), pytest.param(quick_loop, id="quick")]
GET = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("ca")
    certificate_file(made)
    return made


async def _app(scope: Any, _receive: Any, send: Any) -> None:
    await answer(scope, send, 200, [], b"well", None, asyncio.sleep)


def told(folder: Path, work: Work, loop: Any = quick_loop) -> tuple[list[Incident], Any]:
    """What both listeners told of while this was done, and what it gave."""
    incidents: list[Incident] = []

    async def serve() -> Any:
        plain, safe = listener(), listener()
        listeners = Listeners()
        listeners.add(_app, plain, on_incident=incidents.append)
        listeners.add(_app, safe, server_context([], folder), incidents.append)
        up, stop = asyncio.Event(), asyncio.Event()
        running = asyncio.ensure_future(listeners.run(up.set, stop))
        await up.wait()
        try:
            return await work(plain.getsockname()[1], safe.getsockname()[1])
        finally:
            stop.set()
            await asyncio.wait_for(running, 5)

    with asyncio.Runner(loop_factory=loop) as runner:
        return incidents, runner.run(serve())


async def _said(port: int, text: bytes, tls: ssl.SSLContext | None = None, name: str | None = None) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=tls, server_hostname=name)
    try:
        writer.write(text)
        return await reader.read()
    finally:
        writer.close()


def _shaken(port: int, trust: ssl.SSLContext, name: str) -> None:
    """A handshake by a client that says why it ends one: asyncio's own keeps its alert to itself."""
    with socket.create_connection(("127.0.0.1", port)) as one, trust.wrap_socket(one, server_hostname=name):
        pass


async def _refused(port: int, trust: ssl.SSLContext, name: str) -> None:
    with pytest.raises(ssl.SSLError):
        await asyncio.to_thread(_shaken, port, trust, name)


def _trusting(folder: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=folder / "certificate.pem")


@pytest.mark.parametrize("loop", LOOPS)
def test_of_one_that_will_not_have_our_certificate_and_why(folder: Path, loop: Any) -> None:
    strangers, friends = ssl.create_default_context(capath=str(folder)), _trusting(folder)

    async def work(_plain: int, safe: int) -> None:
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            strangers.maximum_version = friends.maximum_version = version
            await _refused(safe, strangers, "localhost")
            await _refused(safe, friends, "ndw.example")
        await _said(safe, GET, friends, "localhost")

    incidents, _ = told(folder, work, loop)
    once = [("unknown CA", "localhost"), ("certificate refused", "ndw.example")]
    assert [(one.kind, one.asked) for one in incidents] == once * 2
    assert "'unknown ca'" in incidents[0].detail
    assert incidents[0].peer.startswith("127.0.0.1:")


@pytest.mark.parametrize("loop", LOOPS)
def test_of_one_that_speaks_something_else_and_gets_an_answer(folder: Path, loop: Any) -> None:
    trust = _trusting(folder)

    async def work(plain: int, safe: int) -> list[bytes]:
        with pytest.raises(ssl.SSLError):
            await _said(plain, GET, trust, "localhost")
        return [await _said(safe, GET.replace(b"GET", b"PATCH")), await _said(plain, b"AMQP\0\1\0\0")]

    incidents, answers = told(folder, work, loop)
    assert [(one.kind, one.asked) for one in incidents] == [
        ("TLS on plain", "localhost"), ("plain on TLS", None), ("no HTTP", None)
    ]  # fmt: skip
    assert all(one.startswith(b"HTTP/1.1 400 ") for one in answers)
    assert b"ask for https://" in answers[0]


@pytest.mark.parametrize("loop", LOOPS)
def test_of_one_that_leaves_during_the_handshake_or_right_after_it(folder: Path, loop: Any) -> None:
    trust = _trusting(folder)

    async def work(_plain: int, safe: int) -> None:
        nothing, hello = ssl.MemoryBIO(), ssl.MemoryBIO()
        with pytest.raises(ssl.SSLWantReadError):
            trust.wrap_bio(nothing, hello, server_hostname="localhost").do_handshake()
        for first in (hello.read(), b"\0\1 something of its own"):
            with socket.create_connection(("127.0.0.1", safe)) as one:
                one.sendall(first)
                assert await asyncio.to_thread(one.recv, 5)
        trust.maximum_version = ssl.TLSVersion.TLSv1_2  # there the server speaks last
        await asyncio.to_thread(_shaken, safe, trust, "localhost")
        await _said(safe, GET, trust, "localhost")

    incidents, _ = told(folder, work, loop)
    kinds = {one.kind: one.asked for one in incidents}
    assert kinds == {"broken off": "localhost", "no HTTP": None, "silent": "localhost"}


def test_nothing_of_a_client_that_does_well_or_only_looks_whether_somebody_listens(folder: Path) -> None:
    trust = _trusting(folder)

    async def work(plain: int, safe: int) -> list[bytes]:
        for port in (plain, safe):
            socket.create_connection(("127.0.0.1", port)).close()
        idle = await asyncio.open_connection("127.0.0.1", safe, ssl=trust, server_hostname="localhost")
        answers = [await _said(plain, GET), await _said(safe, GET, trust, "localhost")]
        idle[1].write(GET)
        return [*answers, await idle[0].read()]

    incidents, answers = told(folder, work)
    assert [one.rpartition(b"\r\n")[2] for one in answers] == [b"well"] * 3
    assert incidents == []


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("TLSV1_ALERT_UNKNOWN_CA", "unknown CA"),
        ("SSLV3_ALERT_CERTIFICATE_UNKNOWN", "certificate refused"),
        ("NO_SHARED_CIPHER", "no agreement"),
        ("UNSUPPORTED_PROTOCOL", "no agreement"),
        ("HTTP_REQUEST", "plain on TLS"),
        ("UNEXPECTED_MESSAGE", "broken off"),
    ],
)
def test_the_reasons_of_openssl_are_told_apart(reason: str, kind: str) -> None:
    error = ssl.SSLError(1, "whatever")
    error.reason = reason
    assert of_handshake(error, b"", "", "").kind == kind


def test_a_name_is_found_in_no_half_of_a_beginning() -> None:
    hello = ssl.MemoryBIO()
    with pytest.raises(ssl.SSLWantReadError):
        ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), hello, server_hostname="ndw.example").do_handshake()
    first = hello.read()
    assert name_asked(first) == "ndw.example"
    assert name_asked(first[:60]) is None
    assert name_asked(b"") is None
