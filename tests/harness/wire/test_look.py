"""A look beneath HTTP: certificates, what is spoken, and the way there. Nothing of a credential goes along."""

import asyncio
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest
import trustme

from harness.model.reach import NO_PROXY
from harness.wire.certificate import Certificate, certificate_of
from harness.wire.diagnosis import diagnosed
from harness.wire.look import Look, in_words, is_http, is_tls
from harness.wire.proxy import environment_of, proxy_of

RawServer = Callable[..., int]
WHEN = datetime(2026, 6, 1, tzinfo=UTC)


def straight(limit_s: float = 2) -> Look:
    return Look(proxy_of(NO_PROXY), limit_s=limit_s)


def server(*names: str) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA(organization_name="Example Trust").issue_cert(*names).configure_cert(made)
    return made


def hanging_up(connection: socket.socket) -> None:
    connection.recv(4096)


def silent(connection: socket.socket) -> None:
    while connection.recv(4096):
        pass


def test_a_certificate_is_read_and_not_checked(raw_server: RawServer) -> None:
    port = raw_server(hanging_up, tls=server("cpo.example", "*.cpo.example", "10.0.0.1"))
    shown = asyncio.run(straight().handshake(f"https://127.0.0.1:{port}/x"))
    assert shown is not None
    assert shown.certificate is not None
    assert shown.certificate.issuer == "Example Trust"
    assert shown.certificate.names == ("cpo.example", "*.cpo.example", "10.0.0.1")
    assert not shown.certificate.self_signed


@pytest.mark.parametrize(
    ("host", "covered"),
    [("cpo.example", True), ("CPO.example", True), ("a.cpo.example", True), ("a.b.cpo.example", False),
     ("example", False), ("10.0.0.1", True), ("10.0.0.2", False), ("[::1]", True), ("cpo.example.org", False)],
)  # fmt: skip
def test_a_certificate_covers_its_names_and_one_label_for_a_star(host: str, covered: bool) -> None:
    certificate = Certificate("us", ("cpo.example", "*.cpo.example", "10.0.0.1", "::1"), WHEN, WHEN, self_signed=False)
    assert certificate.covers(host) == covered


@pytest.mark.parametrize("der", [b"", b"no certificate", b"\x30\x03\x02\x01\x01"])
def test_what_is_no_certificate_is_none(der: bytes) -> None:
    assert certificate_of(der) is None


@pytest.mark.parametrize(
    "behave", [hanging_up, silent, lambda connection: connection.sendall(b"HTTP/1.1 400 No\r\n\r\n")]
)
def test_where_no_tls_is_spoken_nothing_is_shown(
    raw_server: RawServer, behave: Callable[[socket.socket], None]
) -> None:
    assert asyncio.run(straight(0.2).handshake(f"https://127.0.0.1:{raw_server(behave)}/")) is None


def test_the_greeting_is_what_comes_to_a_bare_request(raw_server: RawServer) -> None:
    heads: list[bytes] = []

    def answering(connection: socket.socket) -> None:
        heads.append(connection.recv(4096))
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")

    greeting = asyncio.run(straight().greeting(f"http://127.0.0.1:{(port := raw_server(answering))}/ocpi"))
    assert greeting is not None
    assert is_http(greeting)
    assert heads == [f"HEAD / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode()]


def test_silence_and_no_connection_are_told_apart(raw_server: RawServer) -> None:
    assert asyncio.run(straight(0.1).greeting(f"http://127.0.0.1:{raw_server(silent)}/")) == b""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert asyncio.run(straight().greeting(f"http://127.0.0.1:{port}/")) is None


def test_what_is_no_http_is_said_by_its_first_line() -> None:
    assert in_words(b"220 mail\x1b[2J\r\nmore") == r"'220 mail\x1b[2J'"
    assert (is_tls(b"\x15\x03\x03"), is_tls(b"HTTP/1.1"), is_tls(None), is_http(None)) == (True, False, False, False)


def test_a_look_goes_to_where_requests_go(raw_server: RawServer) -> None:
    port = raw_server(hanging_up, tls=server("cpo.example"))
    look = Look(proxy_of(NO_PROXY), connect_to=("127.0.0.1", port))
    assert asyncio.run(look.handshake("https://cpo.invalid/")) is not None


@pytest.mark.parametrize("answer", [b"HTTP/1.1 403 No\r\n\r\n", b"HTTP/1.1 200 OK"])
def test_a_tunnel_is_asked_for_with_the_login_of_the_proxy(raw_server: RawServer, answer: bytes) -> None:
    heads: list[bytes] = []

    def proxy(connection: socket.socket) -> None:
        heads.append(connection.recv(4096))
        connection.sendall(answer)

    look = Look(proxy_of(f"http://me:p%40ss@127.0.0.1:{raw_server(proxy)}"), said_by="--proxy")
    assert asyncio.run(look.handshake("https://cpo.example/")) is None
    assert heads == [
        b"CONNECT cpo.example:443 HTTP/1.1\r\nHost: cpo.example:443\r\nProxy-Authorization: Basic bWU6cEBzcw==\r\n\r\n"
    ]
    assert "p%40ss" not in str(look.proxy_in_words("https://cpo.example/"))


def test_a_look_through_a_proxy_that_speaks_tls_sees_nothing() -> None:
    look = Look(proxy_of("https://proxy.invalid"))
    assert asyncio.run(look.handshake("https://cpo.example/")) is None


@pytest.mark.parametrize(
    ("variables", "said"),
    [({"HTTPS_PROXY": "a", "https_proxy": "b"}, "environment variable https_proxy"),
     ({"HTTPS_PROXY": "a", "ALL_PROXY": "b"}, "environment variable HTTPS_PROXY"),
     ({"ALL_PROXY": "b", "HTTP_PROXY": "c"}, "environment variable ALL_PROXY"),
     ({}, "settings of the operating system")],
)  # fmt: skip
def test_who_named_the_proxy_is_said(variables: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert environment_of(httpx.URL("https://cpo.example")) == said


def test_no_way_to_an_address_is_not_called_a_refusal() -> None:
    error, cause = httpx.ConnectError("All connection attempts failed"), OSError("All connection attempts failed")
    error.__cause__, cause.__cause__ = cause, ExceptionGroup("all", [OSError(101, "Network is unreachable")])
    assert diagnosed(error) == ("unreachable", "no way leads to that address from this machine")
    cause.__cause__ = ExceptionGroup("all", [OSError(101, "Network is unreachable"), ConnectionRefusedError()])
    assert diagnosed(error) == ("refused", "connection refused")
