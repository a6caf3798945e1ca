"""Who may talk to the control path: programs of this machine and its own page, never a page of somebody else."""

import sys
import traceback
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import orjson

from harness.model.exchange import Headers

LARGEST_BODY = 8 * 1024 * 1024
"""Bytes of a request's body."""
DEEPEST = 100
"""So deep may the values of a body be nested."""
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)

_OF_BROWSERS = ("origin", "sec-fetch-site", "referer")
"""Fields that only browsers send: a page of somebody else may send a form, but no JSON."""

_Receive = Callable[[], Awaitable[Mapping[str, Any]]]


class Guard:
    """Stands before an ASGI app: checks Host and Origin (a web page must not reach it by a name that leads here), and
    that a body is JSON. Whatever fails behind it is answered in words."""

    def __init__(self, app: Any, hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = _LOOPBACK | {host.lower() for host in hosts}

    async def __call__(self, scope: Any, receive: _Receive, send: Any) -> None:
        """Let a request in, or say why not."""
        if scope["type"] != "http":
            return
        headers = Headers(tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]))
        began = False

        async def answer(message: Any) -> None:
            nonlocal began
            if message["type"] == "http.response.start":
                began = True
                given = {name.lower() for name, _ in message["headers"]}
                further = [field for field in _ALWAYS if field[0] not in given]
                message = {**message, "headers": [*message["headers"], *further]}
            await send(message)

        refusal = self._stranger(headers, scope["method"])
        body = b""
        if refusal is None:
            body, is_whole = await _body(receive)
            refusal = _unreadable(body, is_whole, headers)
            scope = _as_json(scope) if body else scope
        if refusal is not None:
            await _say(answer, *refusal)
            return
        try:
            await self._app(scope, _again(body, receive), answer)
        except Exception:  # noqa: BLE001 - whoever asks gets an answer
            traceback.print_exc(file=sys.stderr)
            if not began:
                await _say(answer, 500, "the control path itself crashed: this is its fault, please report it")

    def _stranger(self, headers: Headers, method: str) -> tuple[int, str] | None:
        hosts = headers.all("host")
        if len(hosts) != 1 or _name(hosts[0]) not in self._hosts:
            named = f"the name {hosts[0]}" if len(hosts) == 1 else f"{len(hosts)} Host fields"
            return 403, f"asked under {named}: the control path answers to {', '.join(sorted(self._hosts))} only"
        for origin in headers.all("origin"):
            if urlsplit(f"//{hosts[0]}").netloc != origin.partition("://")[2] or not origin.startswith("http"):
                return 403, f"a page of {origin} asks: only the page of this address may use the control path"
        if method not in ("GET", "HEAD") and headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            return 403, "a page of another address asks: only the page of this one may use the control path"
        return None


def _name(host: str) -> str:
    """The name in a Host field, without its port; empty where it is none."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port
    except ValueError:
        return ""
    return parts.hostname or "" if parts.netloc == host and "@" not in host else ""


async def _body(receive: _Receive) -> tuple[bytes, bool]:
    """The body, and whether it is all of it."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size <= LARGEST_BODY:
            parts.append(part)
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return b"".join(parts), size <= LARGEST_BODY


def _unreadable(body: bytes, is_whole: bool, headers: Headers) -> tuple[int, str] | None:
    if not is_whole:
        return 413, f"the body has more than {LARGEST_BODY} bytes"
    if not body:
        return None
    kind = (headers.get("content-type") or "").partition(";")[0].strip().lower()
    if kind != "application/json" and any(headers.get(name) is not None for name in _OF_BROWSERS):
        return 415, f"a body is application/json here, not {kind or 'without a content type'}"
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        return 400, f"the body is no JSON: {error}"
    if any(depth > DEEPEST for depth in _depths(value)):
        return 400, f"the body is nested deeper than {DEEPEST} levels"
    return None


def _as_json(scope: Any) -> Any:
    """The request with its body called JSON, as it is: curl -d calls every body a form."""
    kept = [field for field in scope["headers"] if field[0] != b"content-type"]
    return {**scope, "headers": [*kept, (b"content-type", b"application/json")]}


def _depths(value: Any) -> Iterator[int]:
    waiting = [(value, 1)]
    while waiting:
        one, depth = waiting.pop()
        yield depth
        if depth <= DEEPEST:
            children = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
            waiting += [(child, depth + 1) for child in children if isinstance(child, dict | list)]


def _again(body: bytes, receive: _Receive) -> _Receive:
    """Gives the body that was read already, then what comes after it."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def given() -> Mapping[str, Any]:
        return waiting.pop() if waiting else await receive()

    return given


async def _say(send: Any, status: int, detail: str) -> None:
    raw = orjson.dumps({"detail": detail})
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(raw)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": raw})
