"""The ways to a subject: another address than the URL's, a proxy, a client certificate, and whom to trust."""

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import trustme

from harness.auth.vault import Vault
from harness.model.exchange import HttpExchange
from harness.model.reach import NO_PROXY, Limits, Reach
from harness.model.world import VirtualClock
from harness.wire.http import HttpWire, Outgoing
from harness.wire.proxy import proxy_of
from harness.wire.serve import served
from harness.wire.tls import context_of
from harness.wire.transport import over_socket

Address = tuple[str, int]


class App:
    """Answers an empty object, and keeps the Host and path that it was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        self.asked.append((dict(scope["headers"])[b"host"].decode(), scope["path"]))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})


class Proxy:
    """A proxy that sends whatever it is asked for to one address; keeps the heads of the requests to it."""

    def __init__(self, target: Address, refuses: bytes = b"") -> None:
        self.target, self.refuses = target, refuses
        self.heads: list[bytes] = []

    @contextlib.contextmanager
    def running(self) -> Iterator[str]:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            threading.Thread(target=self._accept, args=(listening,), daemon=True).start()
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
            listening.shutdown(socket.SHUT_RDWR)

    def _accept(self, listening: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=self._serve, args=(listening.accept()[0],), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(4096)
        self.heads.append(head)
        with client, contextlib.suppress(OSError):
            if self.refuses:
                client.sendall(b"HTTP/1.1 " + self.refuses + b"\r\nContent-Length: 0\r\n\r\n")
                return
            with socket.create_connection(self.target) as server:
                if head.startswith(b"CONNECT"):
                    client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                else:
                    server.sendall(head)
                back = threading.Thread(target=_pour, args=(server, client), daemon=True)
                back.start()
                _pour(client, server)
                back.join(timeout=5)


def _pour(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while part := source.recv(65_536):
            sink.sendall(part)
        sink.shutdown(socket.SHUT_WR)


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert_file", "ssl_cert_dir"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(scope="module")
def ca() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_file(ca: trustme.CA, tmp_path: Path) -> Path:
    ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return tmp_path / "ca.pem"


def server(ca: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(*names).configure_cert(context)
    return context


def port_of(origin: str) -> int:
    return int(origin.rpartition(":")[2])


def ask(*urls: str, reach: Reach, apart: tuple[str, ...] = ()) -> list[HttpExchange]:
    async def talk() -> list[HttpExchange]:
        clock = VirtualClock(datetime(2026, 6, 1, tzinfo=UTC))
        transport = over_socket(context_of(reach), proxy_of(reach.proxy), reach.connect_to, apart)
        async with HttpWire(Vault(), clock, transport=transport, limits=Limits(5)) as wire:
            return [await wire.send(Outgoing(f"e{n}", "talk", None, "GET", url)) for n, url in enumerate(urls)]

    return asyncio.run(talk())


def status_of(exchange: HttpExchange) -> int:
    assert exchange.response is not None, exchange.failure
    return exchange.response.status


# -- connect-to ----------------------------------------------------------------------------------------------------


def test_connect_to_keeps_host_header_and_name_of_the_url(ca: trustme.CA, ca_file: Path) -> None:
    app, names, context = App(), [], server(ca, "cpo.example", "links.example")
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    with served(app, context) as origin:
        reach = Reach(connect_to=("127.0.0.1", port_of(origin)), ca_file=ca_file)
        answers = ask("https://cpo.example/a", "https://links.example:8443/b", "https://cpo.example/c", reach=reach)
    assert [status_of(one) for one in answers] == [200, 200, 200]
    assert app.asked == [("cpo.example", "/a"), ("links.example:8443", "/b"), ("cpo.example", "/c")]
    assert names == ["cpo.example", "links.example"]
    assert answers[1].request.url == "https://links.example:8443/b"


def test_connect_to_verifies_the_certificate_for_the_host_of_the_url(ca: trustme.CA, ca_file: Path) -> None:
    with served(App(), server(ca, "localhost", "127.0.0.1")) as origin:
        [exchange] = ask("https://cpo.example/", reach=Reach(("127.0.0.1", port_of(origin)), ca_file=ca_file))
    assert exchange.failure is not None
    assert exchange.failure.detail.startswith("certificate not trusted: Hostname mismatch")


def test_a_host_apart_is_reached_without_the_detour() -> None:
    here, there = App(), App()
    with served(here) as subject, served(there) as tokens:
        reach = Reach(connect_to=("127.0.0.1", port_of(subject)))
        ask("http://cpo.example/x", f"{tokens}/token", reach=reach, apart=("127.0.0.1",))
    assert (here.asked[0][1], there.asked[0][1]) == ("/x", "/token")


# -- proxies -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said_by", ["option", "environment", "environment without a scheme"])
def test_a_proxy_carries_plain_requests(said_by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app = App()
    with served(app) as origin, (proxy := Proxy(("127.0.0.1", port_of(origin)))).running() as address:
        if said_by != "option":
            monkeypatch.setenv("HTTP_PROXY", address.removeprefix("http://") if "without" in said_by else address)
        [exchange] = ask("http://cpo.example/a", reach=Reach(proxy=address if said_by == "option" else None))
    assert status_of(exchange) == 200
    assert proxy.heads[0].startswith(b"GET http://cpo.example/a HTTP/1.1\r\n")


def test_a_proxy_with_a_password_tunnels_tls(ca: trustme.CA, ca_file: Path) -> None:
    app = App()
    with (
        served(app, server(ca, "cpo.example")) as origin,
        (proxy := Proxy(("127.0.0.1", port_of(origin)))).running() as address,
    ):
        with_login = address.replace("://", "://me:pass@")
        [exchange] = ask("https://cpo.example/a", reach=Reach(proxy=with_login, ca_file=ca_file))
    assert status_of(exchange) == 200
    assert proxy.heads[0].startswith(b"CONNECT cpo.example:443 HTTP/1.1\r\n")
    assert b"Proxy-Authorization: Basic bWU6cGFzcw==\r\n" in proxy.heads[0]
    assert app.asked == [("cpo.example", "/a")]


def test_a_proxy_that_refuses_is_said_to_be_that() -> None:
    with Proxy(("127.0.0.1", 9), refuses=b"407 Proxy Authentication Required").running() as address:
        [exchange] = ask("https://cpo.example/", reach=Reach(proxy=address))
    assert exchange.failure is not None
    assert (exchange.failure.kind, exchange.attempts) == ("proxy", 1)
    assert "407 Proxy Authentication Required" in exchange.failure.detail


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("said_by", ["option", "environment"])
def test_nothing_on_loopback_is_asked_through_a_proxy(host: str, said_by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    dead = "http://127.0.0.1:9"
    monkeypatch.setenv("HTTP_PROXY", dead)
    with served(App()) as origin:
        url = origin.replace("127.0.0.1", host)
        [exchange] = ask(url, reach=Reach(proxy=dead if said_by == "option" else None))
    assert status_of(exchange) == 200


def test_the_environment_is_read_by_the_usual_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    import httpx

    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "inside.example,.near.example")
    for url, expected in (
        ("https://cpo.example/", "http://proxy.example:3128"),
        ("http://cpo.example/", None),
        ("https://inside.example/", None),
        ("https://a.near.example:8443/", None),
        ("https://127.0.0.1/", None),
    ):
        assert proxy_of(None)(httpx.URL(url)) == expected
        assert proxy_of(NO_PROXY)(httpx.URL(url)) is None


# -- certificates --------------------------------------------------------------------------------------------------


@pytest.fixture
def with_client_certificates(ca: trustme.CA, raw_server: Callable[..., int]) -> str:
    """A server that takes only clients which its CA knows."""
    context = server(ca, "localhost")
    context.verify_mode = ssl.CERT_REQUIRED
    ca.configure_trust(context)
    return f"https://localhost:{raw_server(_answering, tls=context)}"


def _answering(connection: socket.socket) -> None:
    while (request := connection.recv(4096)) and b"\r\n\r\n" not in request:
        pass
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")


@pytest.mark.parametrize("apart", [False, True])
def test_a_client_certificate_is_shown(
    with_client_certificates: str, ca: trustme.CA, ca_file: Path, tmp_path: Path, *, apart: bool
) -> None:
    certificate = ca.issue_cert("client.example")
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    (certificate.cert_chain_pems[0] if apart else certificate.private_key_and_cert_chain_pem).write_to_path(str(cert))
    certificate.private_key_pem.write_to_path(str(key))
    reach = Reach(ca_file=ca_file, client_cert=cert, client_key=key if apart else None)
    [exchange] = ask(with_client_certificates, reach=reach)
    assert status_of(exchange) == 200


def test_a_client_certificate_that_is_wanted_and_not_given_is_named(
    with_client_certificates: str, ca_file: Path
) -> None:
    [exchange] = ask(with_client_certificates, reach=Reach(ca_file=ca_file))
    assert exchange.failure is not None
    assert exchange.failure.kind == "client-certificate"
    assert exchange.failure.detail.startswith("the server asks for a client certificate")


def test_a_client_certificate_of_a_stranger_is_said_not_to_be_taken(
    with_client_certificates: str, ca_file: Path, tmp_path: Path
) -> None:
    stranger = trustme.CA().issue_cert("client.example")
    stranger.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "cert.pem"))
    reach = Reach(ca_file=ca_file, client_cert=tmp_path / "cert.pem")
    [exchange] = ask(with_client_certificates, reach=reach)
    assert exchange.failure is not None
    assert exchange.failure.kind == "client-certificate"
    assert "does not take the client certificate" in exchange.failure.detail


def test_insecure_takes_any_certificate() -> None:
    with served(App(), server(trustme.CA(), "elsewhere.example")) as origin:
        [exchange] = ask(origin, reach=Reach(insecure=True))
    assert status_of(exchange) == 200


def test_ssl_cert_file_is_honoured(ca: trustme.CA, ca_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(App(), server(ca, "127.0.0.1")) as origin:
        [before] = ask(origin, reach=Reach())
        monkeypatch.setenv("SSL_CERT_FILE", str(ca_file))
        [after] = ask(origin, reach=Reach())
    assert before.failure is not None
    assert before.failure.detail.startswith("certificate not trusted")
    assert status_of(after) == 200


def test_the_machines_own_trust_is_used_and_done_without_where_it_cannot_work(monkeypatch: pytest.MonkeyPatch) -> None:
    assert type(context_of(Reach())).__module__.startswith("truststore")
    monkeypatch.setitem(__import__("sys").modules, "truststore", None)
    assert type(context_of(Reach())) is ssl.SSLContext
