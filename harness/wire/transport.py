"""The two transports that evidence travels over: a socket, or an ASGI app in process."""

import ssl
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from typing import Any

import httpx

from harness.model.reach import NO_PROXY
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
    """Straight into the app: no socket, no real time."""
    return httpx.ASGITransport(app=app, raise_app_exceptions=False)


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
