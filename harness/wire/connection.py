"""uvicorn's HTTP protocol, with a connection that the app can break, and deaf to offers of another protocol."""

import asyncio
import contextlib
import socket
import struct
import sys
from collections.abc import MutableMapping
from typing import Any, cast

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from harness.wire.breakable import EXTENSION, Sleep
from harness.wire.incidents import Incident, OnIncident, end_of, is_tls, name_asked, of_silence

_NO_LINGER = struct.pack("ii", 1, 0) if sys.platform != "win32" else struct.pack("hh", 1, 0)
_OF_THE_OFFER = (b"upgrade", b"connection", b"http2-settings")

Fields = list[tuple[bytes, bytes]]


class BreakableProtocol(HttpToolsProtocol):
    """Puts a `harness.wire.breakable.Connection` into the scope of each request.

    A request that offers an upgrade is answered as if it did not (RFC 9110 7.8). Java's HttpClient makes such an offer
    (h2c) with each first request over plain HTTP, and httptools takes what follows the head for the other protocol: the
    body would be lost. So the head is parsed once more without the offer; the app sees it as it came.
    """

    began_with: bytes = b""
    """Of a connection over TLS, the beginning of its handshake."""
    _over: asyncio.Event
    _offered: Fields | None = None

    def __init__(self, *args: Any, on_incident: OnIncident | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self._on_incident = on_incident

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client is there."""
        self._over = asyncio.Event()
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone, or we are."""
        self._over.set()
        if self._on_incident is not None and self.cycle is None and self.scheme == "https":
            self._on_incident(of_silence(exc, self.began_with, end_of(self.client), end_of(self.server)))
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """The server ends: nobody is kept waiting on purpose any longer."""
        self._over.set()
        self._on_incident = None  # what ends now is ended by us
        is_idle = self.cycle is None or self.cycle.response_complete
        if self.scheme == "https" and is_idle and not self.transport.get_write_buffer_size():
            self.transport.abort()  # to close it would wait for a client that has no reason to speak
        else:
            super().shutdown()

    def data_received(self, data: bytes) -> None:
        """Some bytes of the client."""
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            again = self._head_without_offer() + data[upgrade.args[0] :]
            self.parser = httptools.HttpRequestParser(self)  # the other one may have stopped for good
            self.data_received(again)
        except httptools.HttpParserError as error:
            if self._on_incident is not None:
                self._on_incident(self._no_http(data, error))
                self._on_incident = None
            self.send_400_response("Invalid HTTP request received.")

    def _no_http(self, data: bytes, error: Exception) -> Incident:
        ends = end_of(self.client), end_of(self.server)
        if self.scheme == "http" and self.cycle is None and is_tls(data):
            return Incident("TLS on plain", "a TLS handshake came where plain HTTP is spoken", *ends, name_asked(data))
        return Incident("no HTTP", f"what came is no HTTP request: {error}", *ends)

    def on_headers_complete(self) -> None:
        """A request begins; its app runs only after this has returned."""
        if self._is_offer():
            self._offered = self.headers
            return
        super().on_headers_complete()
        if self._offered is not None:
            self.headers[:], self._offered = self._offered, None
        scope = cast("MutableMapping[str, Any]", self.scope)  # uvicorn knows no such extension
        scope["extensions"] = {EXTENSION: _Connection(self.transport, self.cycle, self._over)}

    def on_message_complete(self) -> None:
        """A request is all there."""
        if not self._is_offer():
            super().on_message_complete()

    def _is_offer(self) -> bool:
        """CONNECT is something else, and no request for us at all."""
        return self.parser.should_upgrade() and self.parser.get_method() != b"CONNECT"

    def _head_without_offer(self) -> bytes:
        start = b"%s %s HTTP/%s\r\n" % (self.parser.get_method(), self.url, self.parser.get_http_version().encode())
        kept = [(name, value) for name, value in self._offered or () if name not in _OF_THE_OFFER]
        if any(name == b"connection" and b"close" in value.lower() for name, value in self._offered or ()):
            kept.append((b"connection", b"close"))
        return start + b"".join(b"%s: %s\r\n" % one for one in kept) + b"\r\n"


class _Connection:
    """See `harness.wire.breakable.Connection`."""

    def __init__(self, transport: asyncio.Transport, cycle: RequestResponseCycle, over: asyncio.Event) -> None:
        self._transport = transport
        self._cycle = cycle
        self._over = over

    def close(self) -> None:
        self._cycle.disconnected = True  # else uvicorn answers 500 for us, or calls what we do a mistake
        self._transport.close()

    def reset(self) -> None:
        self._cycle.disconnected = True
        with contextlib.suppress(OSError):  # the client may be quicker
            self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self._transport.abort()

    async def stall(self, sleep: Sleep, longest_s: float) -> None:
        waits = [asyncio.ensure_future(self._over.wait()), asyncio.ensure_future(sleep(longest_s))]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()
