"""Faults: edits that stand before an ASGI app and change what it answers, one message at a time."""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from harness.model.body import Body
from harness.model.edit import EDITS, Edit
from harness.model.exchange import Headers, HttpExchange, HttpRequest, HttpResponse
from harness.spec.openapi import Document
from harness.wire.transport import AsgiApp

_SPEC = re.compile(r"(?P<operation>[A-Za-z0-9_]+|\*):(?P<edit>\w+)\((?P<arguments>.*)\)(?P<options>(?::\w+=\d+)*)")
_NO_TIME = datetime.fromtimestamp(0, UTC)


@dataclass
class Fault:
    """An edit on the answers of one operation (``*``: of all): the first `after` are spared, then `times` are hit."""

    operation: str
    edit: Edit
    times: int | None = None
    after: int = 0
    _met: int = field(default=0, init=False)

    def hits(self, exchange: HttpExchange) -> bool:
        """True where this answer is to be changed; counts the answers that it meets."""
        if self.operation not in ("*", exchange.operation) or not self.edit.scope(exchange):
            return False
        self._met += 1
        return self._met > self.after and (self.times is None or self._met <= self.after + self.times)


def fault_of(spec: str, operations: Iterable[str]) -> Fault:
    """The fault that ``OPERATION:EDIT(ARGS)[:times=N][:after=N]`` describes; ValueError says what is wrong with it."""
    found = _SPEC.fullmatch(spec.strip())
    if not found:
        raise ValueError(f"{spec!r} is not of the form OPERATION:EDIT(ARGS)[:times=N][:after=N]")
    known = sorted(operations)
    if found["operation"] not in ("*", *known):
        raise ValueError(f"no operation {found['operation']}: one of {', '.join(known)}, or *")
    if found["edit"] not in EDITS:
        raise ValueError(f"no edit {found['edit']}: one of {', '.join(sorted(EDITS))} (harness list edits)")
    options = dict(option.split("=") for option in found["options"].split(":") if option)
    if unknown := options.keys() - {"times", "after"}:
        raise ValueError(f"no option {sorted(unknown)[0]}: times or after")
    try:
        edit = EDITS[found["edit"]](*_arguments(found["arguments"]))
    except (TypeError, SyntaxError, ValueError) as error:
        raise ValueError(f"{found['edit']}({found['arguments']}): {error}") from None
    times = int(options["times"]) if "times" in options else None
    return Fault(found["operation"], edit, times, int(options.get("after", 0)))


class _JsonNames(ast.NodeTransformer):
    """Lets arguments be written as JSON, too."""

    def visit_Name(self, node: ast.Name) -> ast.AST:
        names = {"true": True, "false": False, "null": None}
        return ast.copy_location(ast.Constant(names[node.id]), node) if node.id in names else node


def _arguments(text: str) -> tuple[Any, ...]:
    if not text.strip():
        return ()
    tree = _JsonNames().visit(ast.parse(f"({text},)", mode="eval"))
    return tuple(ast.literal_eval(tree))


class FaultyApp:
    """An app behind faults. Answers that no fault hits pass unchanged."""

    def __init__(self, app: AsgiApp, faults: Iterable[Fault], document: Document, base_path: str) -> None:
        self._app = app
        self._faults = tuple(faults)
        self._document = document
        self._base_path = base_path

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Let the app answer, then change the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start: dict[str, Any] = {}
        parts: list[bytes] = []

        async def keep(message: Any) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            elif message["type"] == "http.response.body":
                parts.append(message.get("body", b""))

        await self._app(scope, receive, keep)
        response = self._changed(scope, _response(start, b"".join(parts)))
        fields = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers]
        await send({"type": "http.response.start", "status": response.status, "headers": fields})
        await send({"type": "http.response.body", "body": response.body.raw})

    def _changed(self, scope: Any, response: HttpResponse) -> HttpResponse:
        path = scope["raw_path"].decode("latin-1").partition("?")[0].removeprefix(self._base_path)
        operation = self._document.operation(scope["method"], path.rstrip("/") or "/")
        request = HttpRequest(scope["method"], path, Headers())
        for fault in self._faults:
            exchange = HttpExchange("", "", operation.id if operation else None, request, response, _NO_TIME, _NO_TIME)
            if fault.hits(exchange):
                response = fault.edit.change(response) or response
        return response


def _response(start: dict[str, Any], body: bytes) -> HttpResponse:
    fields = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in start.get("headers", ()))
    return HttpResponse(start["status"], Headers(fields), Body(body))
