"""The reference push client with something put between it and NDW: what it says or hears is not what it meant."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import orjson

from harness.systems.ndw.reference.instants import Clock, Sleep
from harness.systems.ndw.reference.push_in_process import Client

DONE = b'{"status_code":1000,"timestamp":"2026-06-01T08:00:05Z"}'
ON_THE_WAY_S = 0.005
_OF_THE_BODY = ("content-length", "transfer-encoding")


class Sending(httpx.AsyncBaseTransport):
    """Passes each request on as it is; variations change that. `http` leads to NDW."""

    def __init__(self, http: httpx.AsyncClient, now: Clock, sleep: Sleep) -> None:
        self.http, self.now, self.sleep = http, now, sleep

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await (self.token(request) if is_for_a_token(request) else self.push(request))

    async def token(self, request: httpx.Request) -> httpx.Response:
        """Send a request for a token."""
        return await self.send(request)

    async def push(self, request: httpx.Request) -> httpx.Response:
        """Send a push."""
        return await self.send(request)

    async def send(self, request: httpx.Request) -> httpx.Response:
        """Send anything to NDW, which takes a moment."""
        await self.sleep(ON_THE_WAY_S)
        return await self.http.send(request)

    async def again_while(
        self, request: httpx.Request, fails: Callable[[httpx.Response], bool], pause_s: float
    ) -> httpx.Response:
        """Send a push, and again after such a pause until it does not fail."""
        response = await self.send(request)
        while fails(response):
            await self.sleep(pause_s)
            response = await self.send(repeated(request))
        return response


def sending(*ways: type[Sending], client: type[Client] = Client) -> type[Client]:
    """Such a client, whose requests go these ways, through the first one first."""

    class Varied(client):  # type: ignore[misc,valid-type]
        def __init__(self, environment: Any, http: httpx.AsyncClient, **given: Any) -> None:
            for way in reversed(ways):
                http = httpx.AsyncClient(transport=way(http, given["now"], given["sleep"]))
            super().__init__(environment, http, **given)

    return Varied


def is_for_a_token(request: httpx.Request) -> bool:
    return request.method == "POST" and "/token" in request.url.path


def remade(
    request: httpx.Request,
    *,
    method: str | None = None,
    url: httpx.URL | str | None = None,
    content: bytes | None = None,
    without: tuple[str, ...] = (),
    **headers: str,
) -> httpx.Request:
    """The same request with this changed; the words of a header's name are joined by underscores."""
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    left_out = {*_OF_THE_BODY, *(name.lower() for name in (*without, *changed))}
    kept = [pair for pair in request.headers.raw if pair[0].decode().lower() not in left_out]
    return httpx.Request(
        method or request.method,
        url or request.url,
        headers=[*kept, *((name.encode(), value.encode()) for name, value in changed.items())],
        content=request.content if content is None else content,
    )


def repeated(request: httpx.Request) -> httpx.Request:
    """The same push once more, with an id of its own."""
    return remade(request, X_Request_ID=str(uuid4()))


def answered(request: httpx.Request, status: int, content: bytes = b"", **headers: str) -> httpx.Response:
    """What the client takes for NDW's answer."""
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, headers=changed, content=content, request=request)


def place(request: httpx.Request) -> tuple[str, list[str]]:
    """The base URL, and the segments that follow it: the module, country code, party id and ids."""
    url, path = str(request.url).partition("?")[0], urlsplit(str(request.url)).path.split("/")
    at = next(index for index, one in enumerate(path) if one in ("locations", "tariffs"))
    return url.removesuffix("/".join(path[at:])), path[at:]


def object_in(request: httpx.Request) -> dict[str, Any]:
    """The body of a push; empty where it has none."""
    body: dict[str, Any] = orjson.loads(request.content) if request.content else {}
    return body


def code_in(response: httpx.Response) -> int:
    """OCPI's status code; 0 where there is none."""
    try:
        return int(response.json().get("status_code") or 0)
    except ValueError:
        return 0
