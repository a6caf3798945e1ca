"""The two transports that evidence travels over: a socket, or an ASGI app in process."""

import ssl
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import httpx

AsgiApp = Callable[
    [
        MutableMapping[str, Any],
        Callable[[], Awaitable[MutableMapping[str, Any]]],
        Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ],
    Awaitable[None],
]


def over_socket(trust: ssl.SSLContext, proxy: str | None = None) -> httpx.AsyncBaseTransport:
    """Real connections, kept alive, through `proxy` where one is given."""
    limits = httpx.Limits(max_connections=4, max_keepalive_connections=4)
    return httpx.AsyncHTTPTransport(verify=trust, limits=limits, proxy=proxy)


def in_process(app: AsgiApp) -> httpx.AsyncBaseTransport:
    """Straight into the app: no socket, no real time."""
    return httpx.ASGITransport(app=app, raise_app_exceptions=False)
