"""TLS: whom to trust, and what is said where that fails."""

import asyncio
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from harness.auth.vault import Vault
from harness.model.exchange import HttpExchange
from harness.model.reach import Limits
from harness.model.world import VirtualClock
from harness.wire.http import HttpWire, Outgoing
from harness.wire.tls import client_context
from harness.wire.transport import over_socket

RawServer = Callable[..., int]


@pytest.fixture(scope="module")
def ca() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_file(ca: trustme.CA, tmp_path: Path) -> Path:
    file = tmp_path / "ca.pem"
    ca.cert_pem.write_to_path(file)
    return file


def server_context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def answering(connection: socket.socket) -> None:
    while (request := connection.recv(4096)) and b"\r\n\r\n" not in request:
        pass
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")


def ask(url: str, ca_file: Path | None = None) -> HttpExchange:
    async def talk() -> HttpExchange:
        clock = VirtualClock(datetime(2026, 6, 1, tzinfo=UTC))
        async with HttpWire(Vault(), clock, transport=over_socket(client_context(ca_file)), limits=Limits(5)) as wire:
            return await wire.send(Outgoing("e1", "talk", None, "GET", url))

    return asyncio.run(talk())


def test_a_certificate_of_a_given_ca_is_trusted(raw_server: RawServer, ca: trustme.CA, ca_file: Path) -> None:
    port = raw_server(answering, tls=server_context(ca.issue_cert("localhost")))
    exchange = ask(f"https://localhost:{port}/", ca_file)
    assert exchange.response is not None
    assert exchange.response.body.value == {}


@pytest.mark.parametrize(
    ("names", "not_after", "given", "detail"),
    [
        (["localhost"], None, False, "certificate not trusted: unable to get local issuer certificate"),
        (["cpo.example"], None, True, "certificate not trusted: Hostname mismatch"),
        (["localhost"], datetime(2020, 1, 1, tzinfo=UTC), True, "certificate not trusted: certificate has expired"),
    ],
)
def test_a_certificate_that_is_not_trusted_says_why_and_is_not_tried_again(
    raw_server: RawServer, ca: trustme.CA, ca_file: Path, names: list[str], not_after: datetime | None, detail: str, *,
    given: bool,
) -> None:  # fmt: skip
    certificate = ca.issue_cert(*names, not_after=not_after, not_before=datetime(2019, 1, 1, tzinfo=UTC))
    port = raw_server(answering, tls=server_context(certificate))
    exchange = ask(f"https://localhost:{port}/", ca_file if given else None)
    assert exchange.failure is not None
    assert (exchange.failure.kind, exchange.attempts) == ("tls", 1)
    assert exchange.failure.detail.startswith(detail)


def test_https_to_a_port_of_plain_http_is_trouble_of_tls(raw_server: RawServer) -> None:
    exchange = ask(f"https://localhost:{raw_server(_plainly_refusing)}/")
    assert exchange.failure is not None
    assert exchange.failure.kind == "tls"
    assert exchange.failure.detail.startswith("TLS failed: ")


def _plainly_refusing(connection: socket.socket) -> None:
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")


def test_plain_http_to_a_port_of_tls_is_no_http(raw_server: RawServer, ca: trustme.CA) -> None:
    port = raw_server(answering, tls=server_context(ca.issue_cert("localhost")))
    exchange = ask(f"http://localhost:{port}/")
    assert exchange.failure is not None
    assert exchange.failure.kind in ("not-http", "reset")


def test_a_ca_file_that_is_none_is_refused_at_once(tmp_path: Path) -> None:
    file = tmp_path / "no.pem"
    file.write_text("nothing")
    with pytest.raises(ssl.SSLError):
        client_context(file)


def test_certificates_are_checked_and_old_tls_is_not_spoken() -> None:
    context = client_context(None)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
