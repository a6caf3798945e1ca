"""Listeners that do what a test says: whole answers by path, or raw bytes; over TLS, with any certificate."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

Talk = Callable[[socket.socket], None]
"""What is done with one connection; it is closed afterwards."""

LIST = '{"data":[],"status_code":1000,"timestamp":"2026-06-01T08:00:05Z"}'


def http(status: int, body: str = "", kind: str = "application/json", **headers: str) -> bytes:
    """A whole answer, without a Date unless there is one among the headers; ``_`` in their names is a hyphen."""
    fields = {"Content-Type": kind, "Content-Length": str(len(body.encode())), "Connection": "close"}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [
        f"HTTP/1.1 {status} {'OK' if status == 200 else 'So'}",
        *(f"{name}: {value}" for name, value in fields.items()),
    ]
    return "\r\n".join([*lines, "", body]).encode()


def page(status: int, title: str, **headers: str) -> bytes:
    """A web page."""
    return http(status, f"<!doctype html><html><head><title>{title}</title></head></html>", "text/html", **headers)


def head_of(connection: socket.socket) -> str:
    """The head of the next request; a greeting of TLS is as much as there is of one."""
    head = b""
    while b"\r\n\r\n" not in head and not head.startswith(b"\x16\x03") and (part := connection.recv(4096)):
        head += part
    return head.decode("latin-1")


def saying(raw: bytes) -> Talk:
    """Always this answer."""
    return by_path(lambda _path: raw)


def by_path(answer: Callable[[str], bytes]) -> Talk:
    """The answer for the path of the request; all of a form is read before."""

    def talk(connection: socket.socket) -> None:
        head = head_of(connection)
        if head:
            connection.sendall(answer(head.split(" ", 2)[1] if "HTTP/1" in head else ""))

    return talk


def silent(connection: socket.socket) -> None:
    """Takes all that comes and says nothing."""
    while connection.recv(4096):
        pass


@contextlib.contextmanager
def listening(talk: Talk, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> Iterator[int]:
    """A listener, each connection in a thread of its own; yields the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as server:
        thread = threading.Thread(target=_accept, args=(server, talk, tls), daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=5)


def _accept(server: socket.socket, talk: Talk, tls: ssl.SSLContext | None) -> None:
    with contextlib.suppress(OSError):
        while True:
            threading.Thread(target=_serve, args=(server.accept()[0], talk, tls), daemon=True).start()


def _serve(connection: socket.socket, talk: Talk, tls: ssl.SSLContext | None) -> None:
    with contextlib.suppress(OSError), connection:
        connection.settimeout(5)
        if tls is None:
            talk(connection)
            return
        with tls.wrap_socket(connection, server_side=True) as wrapped:
            talk(wrapped)


CA = trustme.CA(organization_name="Example Trust")


def context(*names: str, ends: datetime | None = None, begins: datetime | None = None) -> ssl.SSLContext:
    """TLS with a certificate of our CA for these names."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    CA.issue_cert(*names, not_after=ends, not_before=begins).configure_cert(made)
    return made


def self_signed(folder: Path, address: str) -> ssl.SSLContext:
    """TLS with a certificate that nobody signed but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "my own server")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "self.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem.write_bytes(secret + certificate.public_bytes(Encoding.PEM))
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(pem)
    return made


def ca_file(folder: Path) -> Path:
    """Our CA, for ``--ca-file``."""
    CA.cert_pem.write_to_path(str(folder / "ca.pem"))
    return folder / "ca.pem"
