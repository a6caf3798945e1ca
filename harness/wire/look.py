"""A look at an address beneath HTTP: the certificate that is shown there, and what is spoken. No credential goes along.

It is for an address where a request came to nothing: each look is one connection of its own, ended at once.
"""

import asyncio
import contextlib
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from urllib.parse import unquote

import httpx

from harness.wire.certificate import Certificate, certificate_of
from harness.wire.handshake import ended
from harness.wire.proxy import ProxyOf, environment_of, without_password

_SHOWN = 64
_ONE_RECORD = 16_640
_ALERT = b"\x15\x03"
_NOT_THERE = (OSError, EOFError, asyncio.LimitOverrunError)

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True)
class Shown:
    """TLS is spoken. `certificate` is None where the handshake went not so far, or nobody can read it."""

    certificate: Certificate | None


@dataclass(frozen=True)
class Look:
    """Looks at addresses the way that requests go there: see `over_socket`. `said_by` names what gave the proxy, where
    that was not the environment; a look lasts `limit_s` at most."""

    proxy: ProxyOf
    connect_to: tuple[str, int] | None = None
    apart: Collection[str] = ()
    said_by: str | None = None
    limit_s: float = 2.0

    def proxy_in_words(self, url: str) -> str | None:
        """The proxy that requests for this URL go through, and who named it; None where they go straight there."""
        address = self._proxy_for(httpx.URL(url))
        if address is None:
            return None
        return f"the proxy {without_password(address)} ({self.said_by or environment_of(httpx.URL(url))})"

    async def handshake(self, url: str) -> Shown | None:
        """What is shown where TLS is spoken; None where it is not. The certificate is not checked."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        try:
            async with asyncio.timeout(self.limit_s), self._connection(httpx.URL(url)) as streams:
                der = await _shaken(context, httpx.URL(url).host, *streams)
                return Shown(certificate_of(der) if der else None)
        except ssl.SSLError as error:
            return Shown(None) if "ALERT" in str(error.reason) else None
        except _NOT_THERE:
            return None

    async def greeting(self, url: str) -> bytes | None:
        """The first bytes that come to a plain HTTP request without any credential; None where there is no connection,
        empty where nothing comes over it."""
        target = httpx.URL(url)
        got: bytes | None = None
        try:
            async with asyncio.timeout(self.limit_s), self._connection(target) as (reader, writer):
                got = b""
                writer.write(f"HEAD / HTTP/1.1\r\nHost: {target.netloc.decode()}\r\nConnection: close\r\n\r\n".encode())
                got = await reader.read(_SHOWN)
        except _NOT_THERE:
            return got
        return got

    @contextlib.asynccontextmanager
    async def _connection(self, url: httpx.URL) -> AsyncIterator[Streams]:
        """A connection to where requests for the URL go; OSError where there is none."""
        address = (url.host, url.port or (443 if url.scheme == "https" else 80))
        if self.connect_to is not None and url.host not in self.apart:
            address = self.connect_to
        proxy = self._proxy_for(url)
        reader, writer = await asyncio.open_connection(*(_address_of(httpx.URL(proxy)) if proxy else address))
        try:
            if proxy:
                await _tunnel(reader, writer, httpx.URL(proxy), f"{url.host}:{address[1]}")
            yield reader, writer
        finally:
            await ended(writer)

    def _proxy_for(self, url: httpx.URL) -> str | None:
        return self.proxy(url) if self.connect_to is None or url.host in self.apart else None


def is_http(greeting: bytes | None) -> bool:
    """True for the first bytes of an HTTP answer."""
    return greeting is not None and greeting.startswith(b"HTTP/")


def is_tls(greeting: bytes | None) -> bool:
    """True for the first bytes of what TLS says to a plain request (RFC 8446 6)."""
    return greeting is not None and greeting.startswith(_ALERT)


def in_words(greeting: bytes) -> str:
    """The first line of what is neither, for a person."""
    return repr(greeting.partition(b"\n")[0].strip().decode("latin-1"))


async def _shaken(
    context: ssl.SSLContext, name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> bytes | None:
    """The certificate that comes in a handshake over a connection that is there already."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    spoken = context.wrap_bio(incoming, outgoing, server_hostname=name)
    while True:
        try:
            spoken.do_handshake()
        except ssl.SSLWantReadError:
            writer.write(outgoing.read())
            came = await reader.read(_ONE_RECORD)
            if not came:
                raise EOFError from None
            incoming.write(came)
        else:
            return spoken.getpeercert(binary_form=True)


def _address_of(proxy: httpx.URL) -> tuple[str, int]:
    if proxy.scheme != "http":
        raise OSError("a look goes through plain proxies only")
    return proxy.host, proxy.port or 80


async def _tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, proxy: httpx.URL, target: str) -> None:
    login = ""
    if proxy.userinfo:
        login = f"Proxy-Authorization: Basic {b64encode(unquote(proxy.userinfo.decode()).encode()).decode()}\r\n"
    writer.write(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{login}\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    if head.split(b" ", 2)[1:2] != [b"200"]:
        raise OSError("the proxy opens no tunnel")
