"""How the tests talk to the reference CPO, in process, and what they know of it."""

import asyncio
import base64
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import httpx
from fastapi import FastAPI

from harness.systems.ndw.reference import create_app

NOW = datetime(2026, 6, 1, 8, 0, 5, tzinfo=UTC)
TOKEN = "example-token"
AUTHORIZED = {"Authorization": "Token ZXhhbXBsZS10b2tlbg=="}
BASE = "/ocpi/2.2.1"
LINE_FEED = "\n"  # as in the examples of the OCPI text
MESSAGE_IDS = {"X-Request-ID": "A-Request 1", "X-Correlation-ID": "c{2}"}


def cpo(**options: Any) -> FastAPI:
    return create_app(**{"token": TOKEN, "now": lambda: NOW, "locations": 20, **options})


def ask(app: Any, *paths: str, method: str = "GET", headers: dict[str, str] | None = None) -> list[httpx.Response]:
    """The answers to a request for each path, with the token unless other headers are given."""

    async def talk() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://cpo.example") as client:
            sent = AUTHORIZED if headers is None else headers
            return [await client.request(method, path, headers=sent) for path in paths]

    return asyncio.run(talk())


def get(app: Any, path: str, **options: Any) -> httpx.Response:
    return ask(app, path, **options)[0]


def walk(app: Any, path: str) -> list[httpx.Response]:
    """All pages from this one on."""
    pages = [get(app, path)]
    while link := pages[-1].links.get("next"):
        pages.append(get(app, link["url"]))
    return pages


def ids(pages: Iterable[httpx.Response]) -> list[str]:
    return [one["id"] for page in pages for one in page.json()["data"]]


def is_envelope_without_data(answer: httpx.Response, code: int) -> None:
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert body.keys() == {"status_code", "status_message", "timestamp"}
    assert body["status_code"] == code
    assert body["timestamp"] == "2026-06-01T08:00:05Z"


def encoded(token: str | bytes) -> str:
    return base64.b64encode(token.encode() if isinstance(token, str) else token).decode()
