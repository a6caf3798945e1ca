"""HTTP over a real socket: what goes out, what evidence keeps, and what never reaches it."""

import asyncio
import gzip
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from harness.auth.vault import Vault
from harness.model.credential import Present, Presentation
from harness.model.exchange import HttpExchange
from harness.model.reach import Limits
from harness.model.world import VirtualClock
from harness.wire.http import HttpWire, Outgoing
from harness.wire.serve import served
from harness.wire.tls import client_context
from harness.wire.transport import in_process, over_socket

TOKEN = 's3cr3t/Token+0001="x"'
OCPI = Presentation("Token", "base64")


class App:
    """Answers each request with the same, and keeps what it was asked."""

    def __init__(self, body: bytes = b"{}", *headers: tuple[bytes, bytes], status: int = 200) -> None:
        self.body, self.headers, self.status = body, headers, status
        self.asked: list[tuple[str, str, dict[str, str]]] = []

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        self.asked.append((scope["method"], f"{scope['path']}?{scope['query_string'].decode()}", headers))
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})


def exchanged(
    app: App,
    *asks: dict[str, Any],
    vault: Vault | None = None,
    socket: bool = True,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> list[HttpExchange]:
    clock = VirtualClock(datetime(2026, 6, 1, 8, 0, 5, tzinfo=UTC))

    async def talk(origin: str) -> list[HttpExchange]:
        transport = over_socket(client_context(None)) if socket else in_process(app)
        async with HttpWire(vault or Vault(), clock, transport=transport, limits=limits) as wire:
            return [
                await wire.send(Outgoing(f"e{n}", "talk", "list", "GET", origin + ask.pop("path", "/x"), **ask))
                for n, ask in enumerate(asks)
            ]

    if not socket:
        return asyncio.run(talk("http://127.0.0.1"))
    with served(app) as origin:
        return asyncio.run(talk(origin))


def with_token(**options: Any) -> tuple[Vault, Present]:
    vault = Vault(presentation=OCPI)
    return vault, Present(vault.keep(TOKEN), **options)


@pytest.mark.parametrize("socket", [True, False])
def test_what_was_asked_arrives_and_what_came_is_evidence(*, socket: bool) -> None:
    app = App(b'{"a": 1}', (b"X-Total-Count", b"7"), (b"Link", b"<a>"), (b"link", b"<b>"), status=404)
    [exchange] = exchanged(
        app, {"path": "/p/a%2Fb", "query": (("limit", "1"),), "headers": (("X-Request-ID", "id-1"),)}, socket=socket
    )
    method, target, headers = app.asked[0]
    assert (method, target) == ("GET", "/p/a/b?limit=1")
    assert headers["x-request-id"] == exchange.request.headers.get("X-Request-ID") == "id-1"
    assert headers["user-agent"].startswith("energy-harness/")
    assert headers["accept"] == "application/json"
    assert exchange.request.url.endswith("/p/a%2Fb?limit=1")
    assert exchange.response is not None
    assert (exchange.response.status, exchange.response.body.value) == (404, {"a": 1})
    assert exchange.response.headers.get("x-total-count") == "7"
    assert exchange.response.headers.all("link") == ["<a>", "<b>"]
    assert (exchange.failure, exchange.attempts, exchange.situation) == (None, 1, "talk")


def test_a_credential_is_sent_and_evidence_shows_its_mark_alone() -> None:
    app, (vault, present) = App(), with_token()
    [exchange] = exchanged(app, {"present": present}, vault=vault)
    assert app.asked[0][2]["authorization"] == "Token czNjcjN0L1Rva2VuKzAwMDE9Ingi"
    assert exchange.request.headers.get("authorization") == "Token [secret 1 base64]"
    assert exchange.request.credential is not None
    assert (exchange.request.credential.n, exchange.request.credential.form) == (1, "base64")


def test_in_the_query_the_secret_is_a_mark_too() -> None:
    app, (vault, present) = App(), with_token(query="token")
    [exchange] = exchanged(app, {"present": present, "query": (("limit", "1"),)}, vault=vault)
    assert "authorization" not in app.asked[0][2]
    assert app.asked[0][1] == "/x?limit=1&token=s3cr3t%2FToken%2B0001%3D%22x%22"
    assert exchange.request.url.endswith("/x?limit=1&token=[secret 1]")


def test_a_secret_that_the_server_repeats_is_taken_out_of_all_that_is_kept() -> None:
    vault, present = with_token()
    body = json.dumps({"you sent": "Token czNjcjN0L1Rva2VuKzAwMDE9Ingi", "meaning": TOKEN}).encode()
    app = App(body, (b"x-echo", TOKEN.encode()), (b"link", b"<http://h/?token=s3cr3t%2FToken%2B0001%3D%22x%22>"))
    [exchange] = exchanged(app, {"present": present}, vault=vault)
    assert exchange.response is not None
    assert exchange.response.body.value == {"you sent": "Token [secret 1 base64]", "meaning": "[secret 1]"}
    assert exchange.response.headers.get("x-echo") == "[secret 1]"
    assert exchange.response.headers.get("link") == "<http://h/?token=[secret 1]>"
    assert "s3cr3t" not in repr(exchange)


def test_cookies_are_neither_shown_nor_kept() -> None:
    app = App(b"{}", (b"set-cookie", b"sid=abcdef; Path=/"), (b"Set-Cookie", b"other=1"))
    first, second = exchanged(app, {}, {})
    assert all("cookie" not in headers for _, _, headers in app.asked)
    for exchange in (first, second):
        assert exchange.response is not None
        assert exchange.response.headers.all("set-cookie") == ["[cookie]", "[cookie]"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_evidence_and_not_followed(status: int) -> None:
    app = App(b"", (b"location", b"/elsewhere"), status=status)
    [exchange] = exchanged(app, {})
    assert len(app.asked) == 1
    assert exchange.response is not None
    assert (exchange.response.status, exchange.response.headers.get("location")) == (status, "/elsewhere")


def test_gzip_is_asked_for_and_taken_off() -> None:
    app = App(gzip.compress(b'{"a": "s3cr3t/Token+0001=\\"x\\""}'), (b"content-encoding", b"gzip"))
    vault, present = with_token()
    [exchange] = exchanged(app, {"present": present}, vault=vault)
    assert app.asked[0][2]["accept-encoding"] == "gzip"
    assert exchange.response is not None
    assert exchange.response.body.value == {"a": "[secret 1]"}


def test_a_body_that_says_gzip_and_is_none_is_no_http() -> None:
    [exchange] = exchanged(App(b"plain", (b"content-encoding", b"gzip")), {})
    assert exchange.failure is not None
    assert (exchange.failure.kind, exchange.response) == ("not-http", None)


@pytest.mark.parametrize("packed", [False, True])
def test_a_body_larger_than_is_read_is_a_failure(*, packed: bool) -> None:
    limits = Limits(body_bytes=1_000)
    body, headers = b"x" * 1_001, [(b"content-encoding", b"gzip")] if packed else []
    [exchange] = exchanged(App(gzip.compress(body) if packed else body, *headers), {}, limits=limits)
    assert exchange.failure is not None
    assert (exchange.failure.kind, exchange.response, exchange.attempts) == ("too-large", None, 1)
    [fitting] = exchanged(App(b"x" * 1_000), {}, limits=limits)
    assert fitting.response is not None


def test_a_user_name_in_a_link_does_not_take_the_tokens_place() -> None:
    app, (vault, present) = App(), with_token()
    asyncio.run(_send(app, vault, "http://user:password@127.0.0.1/x", present))
    assert app.asked[0][2]["authorization"].startswith("Token ")


@pytest.mark.parametrize(
    "url",
    [
        *("http://[bad/x", "http://127.0.0.1:99999/", "http://127.0.0.1:port/", "nowhere", "", "ftp://a.invalid/"),
        *("http:///x", f"http://{'b' * 70}.invalid/", "http://a b.invalid/", "http://a..invalid/"),
        *("http://127.0.0.1:1/half-\ud800-pair", "http://127.0.0.1:1/line\nfeed"),
    ],
)
def test_what_is_no_url_is_a_failure_and_no_crash(url: str) -> None:
    vault, present = with_token()
    exchange = asyncio.run(_send(None, vault, url, present))
    assert exchange.failure is not None
    assert exchange.response is None


async def _send(app: App | None, vault: Vault, url: str, present: Present) -> HttpExchange:
    clock = VirtualClock(datetime(2026, 6, 1, tzinfo=UTC))
    transport = in_process(app) if app else over_socket(client_context(None))
    async with HttpWire(vault, clock, transport=transport) as wire:
        return await wire.send(Outgoing("e1", "talk", None, "GET", url, present=present))


def test_an_app_that_crashes_in_process_answers_500() -> None:
    async def crashing(_scope: Any, _receive: Any, _send: Any) -> None:
        raise ZeroDivisionError

    [exchange] = exchanged(crashing, {}, socket=False)  # type: ignore[arg-type]
    assert exchange.response is not None
    assert exchange.response.status == 500
