"""Preflight by OAuth2: every way in which a token endpoint says no, by a listener that says it, and what to do."""

import asyncio
import json
import socket
from collections.abc import Mapping
from random import Random
from typing import Any
from urllib.parse import parse_qs

import pytest

from harness import collect
from harness.auth.vault import Vault
from harness.model.address import Addresses
from harness.model.credential import Client, ClientAuth
from harness.model.settings import Settings
from harness.model.world import World
from harness.run.check import Check
from harness.run.drive import Drive
from harness.run.preflight import Readiness, preflight
from harness.standards.ocpi_2_2_1 import TOKEN_PRESENTATIONS
from harness.wire.clock import SystemClock
from harness.wire.http import HttpWire
from harness.wire.serve import served
from harness.wire.tls import client_context
from harness.wire.transport import AsgiApp, over_socket

SUITE = collect.suite("ndw-pull")
DOCUMENT = SUITE.load()
SECRET = "client-Secret/0001+x"
LIST = b'{"data":[],"status_code":1000,"timestamp":"2026-06-01T08:00:05Z"}'


def saying(status: int, body: bytes | Mapping[str, Any], **headers: str) -> AsgiApp:
    """A listener that always says this; of a token, the API says a list."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        del receive
        known = dict(scope["headers"]).get(b"authorization") == b"Bearer access-Token-1"
        said = (200, LIST) if known and scope["path"] == "/ocpi/locations" else (status, raw)
        fields = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": said[0], "headers": fields})
        await send({"type": "http.response.body", "body": said[1]})

    return app


def looked_at(api: str, login: str | None = None, auth: ClientAuth = "body", secret: str = SECRET) -> Readiness:
    """Preflight with the API at one address and the token endpoint at another, or at the same."""
    clock, vault = SystemClock(), Vault()
    settings = Settings({one.name: one.default for one in SUITE.interface.settings} | {"pull.auth": "oauth2"})
    client = Client("me", vault.keep(secret), f"{login or api}/token", auth)
    world = World(clock, clock, Random(1), settings, client.secret, TOKEN_PRESENTATIONS[0], client=client)

    async def talk() -> Readiness:
        async with HttpWire(vault, clock, transport=over_socket(client_context(None))) as wire:
            drive = Drive(wire, SUITE.interface, DOCUMENT, Addresses(api + "/ocpi"), lambda _exchange: None)
            return await preflight(drive, world, vault)

    ready = asyncio.run(talk())
    assert SECRET not in repr(ready)
    assert "access-Token-1" not in repr(ready)
    return ready


def failed(ready: Readiness) -> Check:
    assert ready.world is None
    (check,) = [check for check in ready.checks if check.outcome == "failed"]
    return check


@pytest.mark.parametrize(
    ("status", "body", "headers", "seen", "todo"),
    [
        (401, {"error": "invalid_client", "error_description": f"not {SECRET}"}, {}, "_client: not [secret", "=basic"),
        (400, {"error": "invalid_client"}, {}, "400: invalid_client", "check client id and secret"),
        (401, {"error": "unauthorized_client"}, {}, "401: unauthorized_client", "grant client_credentials"),
        (400, {"error": "unsupported_grant_type"}, {}, "unsupported_grant_type", "check --token-url"),
        (400, {"error": "invalid_scope"}, {}, "invalid_scope", "default scope"),
        (400, {"error": "invalid_target"}, {}, "invalid_target", "default audience"),
        (400, {"error": "invalid_request"}, {}, "invalid_request", "pull.oauth_client_auth"),
        (400, {"error": "slow_down", "error_description": 7}, {}, "400: slow_down", "look into the log"),
        (401, b"", {}, "401", "check client id and secret"),
        (403, b"no", {}, "403", "check client id and secret"),
        (404, b"", {}, "404", "path of --token-url"),
        (405, b"", {"allow": "GET"}, "405", "path of --token-url"),
        (200, b"<html><form>Log in</form>", {}, "200, with a web page", "check --token-url"),
        (302, b"", {"location": "/login"}, "302 to /login", "redirects are not followed"),
        (503, b"", {}, "503", "gateway"),
        (500, b"oops", {}, "500", "look into the log"),
        (200, {"token_type": "Bearer"}, {}, "200, without an access_token", "check --token-url"),
        (200, b"hello", {}, "200, with what is no JSON", "answers with JSON"),
        (200, b"[]", {}, "200, without an access_token", "check --token-url"),
        (200, {"access_token": 12345678901234567}, {}, "that is no text", "a text as access_token"),
        (200, {"access_token": ""}, {}, "that is no text", "a text as access_token"),
    ],
)  # fmt: skip
def test_each_obstacle_is_named_with_what_to_do(
    status: int, body: Any, headers: dict[str, str], seen: str, todo: str
) -> None:
    with served(saying(status, body, **headers)) as url:
        check = failed(looked_at(url))
    assert check.check == "token endpoint"
    assert check.detail.startswith(f"{url}/token: ")
    assert seen in check.detail
    assert todo in check.next


def test_where_nothing_listens_the_token_url_is_to_be_checked() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        check = failed(looked_at(f"http://127.0.0.1:{free.getsockname()[1]}"))
    assert check.check == "token endpoint (refused)"
    assert "--token-url" in check.next


def test_a_fresh_token_that_opens_nothing_is_of_another_side() -> None:
    with served(saying(401, b"")) as api, served(saying(200, {"access_token": "access-Token-2"})) as login:
        check = failed(looked_at(api, login))
    assert check.check == "token"
    assert check.detail.startswith("just issued, and refused on every list")
    assert "same environment" in check.next


def logging_in(auth: ClientAuth) -> AsgiApp:
    """A token endpoint that wants the client in one place only."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        headers = dict(scope["headers"])
        form = parse_qs((await receive())["body"].decode())
        shown = "basic" if headers.get(b"authorization", b"").startswith(b"Basic ") else "body"
        right = shown == auth and ("client_id" in form) == ("client_secret" in form) == (auth == "body")
        said = {"access_token": "access-Token-1"} if right else {"error": "invalid_client"}
        await saying(200 if right else 401, said)(scope, receive, send)

    return app


@pytest.mark.parametrize("auth", ["body", "basic"])
@pytest.mark.parametrize("wanted", ["body", "basic"])
def test_the_client_logs_in_where_the_setting_says(auth: ClientAuth, wanted: ClientAuth) -> None:
    with served(logging_in(wanted)) as url:
        ready = looked_at(url, auth=auth)
    assert (ready.world is not None) == (auth == wanted)
    if ready.world is not None:
        assert str(ready.world.presentation) == "Authorization: Bearer <raw>"
        assert [check.outcome for check in ready.checks] == ["passed"] * 4


def test_a_client_secret_that_cannot_be_searched_for_is_said_to_be_that() -> None:
    with served(saying(200, {"access_token": "access-Token-1"})) as url:
        ready = looked_at(url, secret="short")
    assert [check.check for check in ready.checks if check.outcome == "warning"] == ["secrecy"]
