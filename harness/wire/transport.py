"""The two transports that evidence travels over: a socket, or an ASGI app in process."""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, MutableMapping
from typing import Any

import httpx

from harness.model.reach import NO_PROXY
from harness.wire.breakable import EXTENSION, Sleep
from harness.wire.handshake import alert_of
from harness.wire.proxy import ProxyOf, proxy_of

AsgiApp = Callable[
    [
        MutableMapping[str, Any],
        Callable[[], Awaitable[MutableMapping[str, Any]]],
        Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ],
    Awaitable[None],
]

_NOTHING_SENT = "Server disconnected without sending a response."
_LIMITS = httpx.Limits(max_connections=4, max_keepalive_connections=4)


def over_socket(
    trust: ssl.SSLContext,
    proxy: ProxyOf | None = None,
    connect_to: tuple[str, int] | None = None,
    apart: Collection[str] = (),
) -> httpx.AsyncBaseTransport:
    """Real connections, kept alive: through the proxy that `proxy` names for a URL, or straight to `connect_to`
    whatever host the URL names, with no proxy between; hosts `apart` are reached without that detour."""
    return _Sockets(trust, proxy or proxy_of(NO_PROXY), connect_to, apart)


def in_process(app: AsgiApp) -> httpx.AsyncBaseTransport:
    """Straight into the app: no socket, no real time. A connection that the app breaks fails as one over a socket."""
    return _InProcess(app)


class _InProcess(httpx.AsyncBaseTransport):
    """`httpx.ASGITransport`, with a connection that can be broken."""

    def __init__(self, app: AsgiApp) -> None:
        self._app = app

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        connection = _Unplugged(request)

        async def app(scope: Any, receive: Any, send: Any) -> None:
            scope["extensions"] = {EXTENSION: connection}
            await self._app(scope, receive, connection.watched(send))
            if connection.failure is not None:
                await connection.complete(send)

        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        response = await transport.handle_async_request(request)
        if connection.failure is None:
            return response
        if not connection.began:
            raise connection.failure
        return httpx.Response(
            response.status_code, headers=response.headers.raw, stream=_BrokenOff(response, connection.failure)
        )


class _Unplugged:
    """A `harness.wire.breakable.Connection` without a socket: it keeps what a client would have seen."""

    def __init__(self, request: httpx.Request) -> None:
        self._request = request
        self.failure: httpx.TransportError | None = None
        self.began = self._is_whole = False

    def watched(self, send: Any) -> Any:
        """The same `send`; what passes is noticed."""

        async def sent(message: Any) -> None:
            self.began = True
            self._is_whole = message["type"] == "http.response.body" and not message.get("more_body", False)
            await send(message)

        return sent

    async def complete(self, send: Any) -> None:
        """Send what the transport still waits for."""
        if not self.began:
            await send({"type": "http.response.start", "status": 500, "headers": []})
        await send({"type": "http.response.body"})

    def close(self) -> None:
        if not self._is_whole:
            text = "peer closed connection without sending complete message body"
            self._fail(httpx.RemoteProtocolError, text if self.began else _NOTHING_SENT)

    def reset(self) -> None:
        if not self._is_whole:
            self._fail(httpx.ReadError, "connection reset by peer")

    async def stall(self, _sleep: Sleep, _longest_s: float) -> None:
        self._fail(httpx.ReadTimeout, "")

    def _fail(self, kind: type[httpx.TransportError], text: str) -> None:
        self.failure = self.failure or kind(text, request=self._request)


class _BrokenOff(httpx.AsyncByteStream):
    """A body that ends before its end."""

    def __init__(self, response: httpx.Response, failure: httpx.TransportError) -> None:
        self._response = response
        self._failure = failure

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._response.stream:  # type: ignore[union-attr]
            yield part
        raise self._failure


class _Sockets(httpx.AsyncBaseTransport):
    """Connections of each origin apart: two hosts behind one address show two certificates."""

    def __init__(
        self, trust: ssl.SSLContext, proxy: ProxyOf, connect_to: tuple[str, int] | None, apart: Collection[str]
    ) -> None:
        self._trust = trust
        self._proxy = proxy
        self._connect_to = connect_to
        self._apart = apart
        self._answered: set[bytes] = set()
        self._ways: dict[tuple[str, bytes], httpx.AsyncHTTPTransport] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url, way = request.url, self._way_to(request.url)
        if (address := self._detour(url)) is not None:
            request = self._turned(request, *address)
        try:
            response = await way.handle_async_request(request)
        except httpx.ReadError as error:
            if (alert := await self._alert(url)) is not None:
                raise alert from error
            raise
        self._answered.add(url.netloc)
        return response

    async def aclose(self) -> None:
        for way in self._ways.values():
            await way.aclose()

    async def _alert(self, url: httpx.URL) -> ssl.SSLError | None:
        """What a server that never answered has against our handshake."""
        if url.scheme != "https" or url.netloc in self._answered or (self._detour(url) is None and self._proxy(url)):
            return None
        return await alert_of(self._trust, self._detour(url) or (url.host, url.port or 443), url.host)

    def _detour(self, url: httpx.URL) -> tuple[str, int] | None:
        return None if url.host in self._apart else self._connect_to

    def _way_to(self, url: httpx.URL) -> httpx.AsyncHTTPTransport:
        origin = (url.scheme, url.netloc)
        if origin not in self._ways:
            address = self._proxy(url) if self._detour(url) is None else None
            over_tls = address is not None and address.startswith("https:")
            proxy = httpx.Proxy(address, ssl_context=self._trust if over_tls else None) if address else None
            self._ways[origin] = httpx.AsyncHTTPTransport(verify=self._trust, limits=_LIMITS, proxy=proxy)
        return self._ways[origin]

    def _turned(self, request: httpx.Request, host: str, port: int) -> httpx.Request:
        """The same request, its connection made to another address; Host header and TLS name stay the URL's."""
        return httpx.Request(
            request.method,
            request.url.copy_with(host=host, port=port),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": request.url.host},
        )
