"""Two paths for a test harness beside the API: make a change now, and show what is held. Not for production."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from .change import change, export

PATH = "/hooks/"


class HookEndpoint:
    """ASGI middleware: answers POST at `/hooks/change` and `/hooks/export`, and passes everything else on.

    A change comes as JSON by the words of `change` and is answered with `{"at": …}`; what is held goes out as JSON
    Lines. Whoever reaches it needs no token.
    """

    def __init__(self, app: ASGIApp, *, cpo: FastAPI) -> None:
        self.app = app
        self.cpo = cpo

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PATH):
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        work = _HOOKS.get(scope["path"].removeprefix(PATH))
        if work is None or request.method != "POST":
            response = _told(404, f"POST to {' or '.join(PATH + name for name in _HOOKS)}")
        else:
            try:
                response = work(self.cpo, orjson.loads(await request.body() or b"{}"))
            except (KeyError, TypeError, AttributeError, ValueError) as error:
                response = _told(422, f"{type(error).__name__}: {error}")
        await response(scope, receive, send)


def _change(cpo: FastAPI, order: Mapping[str, Any]) -> Response:
    return Response(orjson.dumps(change(cpo, order)), media_type="application/json")


def _export(cpo: FastAPI, _order: Mapping[str, Any]) -> Response:
    lines = b"".join(orjson.dumps(one) + b"\n" for one in export(cpo))
    return Response(lines, media_type="application/x-ndjson")


_HOOKS: dict[str, Callable[[FastAPI, Mapping[str, Any]], Response]] = {"change": _change, "export": _export}


def _told(status: int, text: str) -> Response:
    return Response(orjson.dumps({"error": text}), status, media_type="application/json")
