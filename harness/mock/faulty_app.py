"""An app of somebody else behind faults: what it is asked and what it answers, one exchange at a time."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from harness.mock.fault import Fault
from harness.mock.faults import Faults, Hits
from harness.mock.trouble import Trouble
from harness.model.body import Body
from harness.model.exchange import Headers, HttpExchange, HttpRequest, HttpResponse
from harness.model.world import Clock
from harness.spec.openapi import Document
from harness.wire.breakable import answer
from harness.wire.clock import SystemClock
from harness.wire.transport import AsgiApp

_PHRASES = {one.value: one.phrase for one in HTTPStatus}


class FaultyApp:
    """An app behind faults. What no fault hits passes unchanged.

    It knows nothing of how the app's API says no: an error that a fault asks for is that of a gateway before the app.
    `clock` is wire time.
    """

    def __init__(
        self, app: AsgiApp, faults: Iterable[Fault], document: Document, base_path: str, clock: Clock | None = None
    ) -> None:
        self._app = app
        self._document = document
        self._base_path = base_path
        self._clock = clock or SystemClock()
        self._faults = Faults(operation.id for operation in document.operations)
        for fault in faults:
            self._faults.put(fault)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Let the app answer, with all that goes wrong."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path, base_path = self._below_base(scope["raw_path"].decode("latin-1").partition("?")[0])
        operation = self._document.operation(scope["method"], path.rstrip("/") or "/")
        hits = self._faults.on_request(operation.id if operation else None)
        if not hits:
            await self._app(scope, receive, send)
            return
        query = scope.get("query_string", b"").decode("latin-1")
        url = f"{path}?{query}" if query else path
        request = HttpRequest(scope["method"], url, _headers(scope.get("headers", ())))
        if hits.request_edits:
            request = hits.changed_request(replace(request, body=Body(await _body(receive))))
            scope, receive = _scope(scope, request, base_path), _told(request.body.raw)
        now = self._clock.now()
        trouble = hits.trouble
        if trouble is None or trouble.carried_out:
            response = await _answer(self._app, scope, receive)
        else:
            response = _gateway_error(trouble, now)
        exchange = HttpExchange("", "", operation.id if operation else None, request, response, now, now)
        await self._send(scope, send, hits, hits.changed_answer(exchange) or response)

    def _below_base(self, path: str) -> tuple[str, str]:
        """The path below the base path, and what stands before it: nothing where it does not lie below."""
        below = path.startswith(self._base_path)
        return path.removeprefix(self._base_path), self._base_path if below else ""

    async def _send(self, scope: Any, send: Any, hits: Hits, response: HttpResponse) -> None:
        body, trouble = response.body.raw, hits.trouble
        if trouble is not None and trouble.seconds:
            await self._clock.sleep(trouble.seconds)
        if trouble is not None and (break_ := trouble.break_of(body)):
            await answer(scope, send, response.status, response.headers.fields, body, break_, self._clock.sleep)
            return
        fields = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers]
        await send({"type": "http.response.start", "status": response.status, "headers": fields})
        await send({"type": "http.response.body", "body": body})


def _gateway_error(trouble: Trouble, now: datetime) -> HttpResponse:
    """The answer in place of the app's own; nobody gets to see it where the connection breaks instead."""
    status = trouble.status or 503
    text = f"{status} {_PHRASES.get(status, '')}".rstrip().encode() + b"\n"
    headers = Headers((("content-type", "text/plain; charset=utf-8"), ("content-length", str(len(text)))))
    if wait := trouble.retry_after(now):
        headers = headers.with_field("retry-after", wait)
    return HttpResponse(status, headers, Body(text))


async def _answer(app: AsgiApp, scope: Any, receive: Any) -> HttpResponse:
    start: dict[str, Any] = {}
    parts: list[bytes] = []

    async def keep(message: Any) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))

    await app(scope, receive, keep)
    return HttpResponse(start["status"], _headers(start.get("headers", ())), Body(b"".join(parts)))


async def _body(receive: Any) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def _told(body: bytes) -> Any:
    """A `receive` that tells of this body, and then of a client that went away."""
    messages = [{"type": "http.disconnect"}, {"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Any:
        return messages.pop() if len(messages) > 1 else messages[0]

    return receive


def _scope(scope: Any, request: HttpRequest, base_path: str) -> Any:
    """The scope with a changed request in it."""
    path, _, query = request.url.partition("?")
    raw_path = (base_path + path).encode("latin-1")
    return {
        **scope,
        "method": request.method,
        "raw_path": raw_path,
        "path": unquote(base_path + path),
        "query_string": query.encode("latin-1"),
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in request.headers],
    }


def _headers(fields: Iterable[tuple[bytes, bytes]]) -> Headers:
    return Headers(tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in fields))
