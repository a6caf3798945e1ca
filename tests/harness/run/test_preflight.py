"""Preflight: which token form opens the lists, and what stands in the way where none does."""

import asyncio
import base64
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import Any

import httpx
import pytest

from harness import collect
from harness.auth.vault import Vault
from harness.model.address import Addresses
from harness.model.credential import Present, Presentation
from harness.model.settings import Settings
from harness.model.world import VirtualClock, World
from harness.run.drive import Drive
from harness.run.preflight import Check, Readiness, preflight
from harness.standards.ocpi_2_2_1 import TOKEN_PRESENTATIONS
from harness.wire.http import HttpWire

TOKEN = "s3cr3t-Token-0001"
BASE64 = base64.b64encode(TOKEN.encode()).decode()
SUITE = collect.suite("ndw-pull")
DOCUMENT = SUITE.load()
Answer = Callable[[httpx.Request], httpx.Response]
LIST = {"data": [], "status_code": 1000, "timestamp": "2026-06-01T08:00:05Z"}


def knocked(answer: Answer, *, token: str = TOKEN, **settings: Any) -> tuple[Readiness, Vault, list[httpx.Request]]:
    """Preflight against what `answer` says; also every request that it made."""
    asked: list[httpx.Request] = []
    clock = VirtualClock(datetime(2026, 6, 1, 8, 0, 5, tzinfo=UTC))
    values = {one.name: one.default for one in SUITE.interface.settings} | settings
    vault = Vault()
    world = World(clock, clock, Random(1), Settings(values), vault.keep(token), TOKEN_PRESENTATIONS[0])

    def noted(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return answer(request)

    async def talk() -> Readiness:
        async with HttpWire(vault, clock, transport=httpx.MockTransport(noted)) as wire:
            drive = Drive(wire, SUITE.interface, DOCUMENT, Addresses("https://cpo.example/ocpi"), lambda _: None)
            return await preflight(drive, world, vault)

    return asyncio.run(talk()), vault, asked


def opening_to(value: str, header: str = "Authorization") -> Answer:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=LIST) if request.headers.get(header) == value else httpx.Response(401)

    return answer


def saying(status: int, **options: Any) -> Answer:
    return lambda _request: httpx.Response(status, **options)


def by_entry(**answers: Answer) -> Answer:
    return lambda request: answers[request.url.path.rpartition("/")[2]](request)


def token_check(ready: Readiness) -> Check:
    return next(check for check in ready.checks if check.check == "token")


LF = base64.b64encode(f"{TOKEN}\n".encode()).decode()
TWICE = base64.b64encode(BASE64.encode()).decode()


@pytest.mark.parametrize(
    ("wanted", "header", "outcome", "named"),
    [
        (f"Token {BASE64}", "Authorization", "passed", "Authorization: Token <base64>"),
        (f"Token {TOKEN}", "Authorization", "warning", "Authorization: Token <raw>"),
        (f"Token {LF}", "Authorization", "warning", "Authorization: Token <base64+lf>"),
        (f"Token {TWICE}", "Authorization", "warning", "Authorization: Token <base64 twice>"),
        (f"Bearer {TOKEN}", "Authorization", "warning", "Authorization: Bearer <raw>"),
        (TOKEN, "X-API-Key", "warning", "X-API-Key: <raw>"),
    ],
)
def test_the_form_that_opens_is_named_and_used_from_then_on(wanted: str, header: str, outcome: str, named: str) -> None:
    ready, vault, _ = knocked(opening_to(wanted, header))
    assert ready.world is not None
    assert str(ready.world.presentation) == named
    assert (token_check(ready).outcome, token_check(ready).detail.endswith(f"accepted as {named}")) == (outcome, True)
    assert vault.wear(ready.world.credential).header == (header, wanted)


def test_a_token_given_in_base64_is_used_decoded_with_a_warning() -> None:
    ready, vault, _ = knocked(opening_to(f"Token {BASE64}"), token=BASE64)
    assert ready.world is not None
    assert vault.reveal(ready.world.secret) == TOKEN
    assert vault.wear(ready.world.credential).header == ("Authorization", f"Token {BASE64}")
    assert token_check(ready).outcome == "warning"
    assert "itself Base64" in token_check(ready).detail
    assert TOKEN not in repr(ready)


def test_a_raw_token_that_merely_looks_like_base64_stays_as_it_is() -> None:
    token = "d41d8cd98f00b204e9800998ecf8427e"
    ready, vault, _ = knocked(opening_to(f"Token {token}"), token=token)
    assert ready.world is not None
    assert vault.reveal(ready.world.secret) == token
    assert ready.world.presentation == Presentation("Token", "raw")


def test_a_setting_narrows_the_forms_that_are_tried() -> None:
    ready, _, asked = knocked(opening_to(f"Token {BASE64}"), **{"pull.token_encoding": "raw"})
    assert ready.world is None
    shown = {request.headers.get("Authorization") or request.headers.get("X-API-Key") for request in asked}
    assert shown == {f"Token {TOKEN}", f"Bearer {TOKEN}", TOKEN}


def test_a_token_that_cannot_be_searched_for_is_said_to_be_that() -> None:
    ready, _, _ = knocked(opening_to("Token dG9rZW4="), token="token")
    assert [check.check for check in ready.checks if check.outcome == "warning"] == ["secrecy"]


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_refused_everywhere_is_one_failed_check_and_no_secret(status: int) -> None:
    ready, _, asked = knocked(saying(status))
    assert ready.world is None
    assert token_check(ready).outcome == "failed"
    assert f"/locations: {status}" in token_check(ready).detail
    assert f"/tariffs: {status}" in token_check(ready).detail
    assert len(asked) == 2 * len(TOKEN_PRESENTATIONS)
    assert TOKEN not in repr(ready)
    assert BASE64 not in repr(ready)


@pytest.mark.parametrize(
    ("answer", "seen", "todo"),
    [
        (saying(404, json={}), "nothing is served at these paths", "--url"),
        (saying(405), "nothing is served at these paths", "--url"),
        (saying(308, headers={"location": "https://new.example/x"}), "308 to https://new.example/x", "harness.toml"),
        (saying(302, headers={"location": "/login"}), "redirected to a login page (", "without a login"),
        (
            saying(303, headers={"location": "https://portal.example/"}),
            "gateway or login page at portal.ex",
            "behind it",
        ),
        (saying(301, headers={"location": "/ocpi/locations/"}), "redirected", "https://cpo.example/ocpi/locations/"),
        (saying(200, html="\n <!DOCTYPE html><form>Log in</form>"), "a web page answers", "login"),
        (saying(404, html="<html>"), "nothing is served at these paths", "--url"),
        (saying(400, html="<title>Sorry</title>"), "a web page answers, not the API, titled 'Sorry'", "portal"),
        (saying(502), "a gateway answers", "start the server"),
        (saying(503, json={}), "a gateway answers", "start the server"),
        (saying(504), "a gateway answers", "start the server"),
    ],
)
def test_each_obstacle_is_named_with_what_to_do(answer: Answer, seen: str, todo: str) -> None:
    ready, vault, asked = knocked(answer)
    assert ready.world is None
    assert vault.presentation is None
    [obstacle] = [check for check in ready.checks if check.outcome == "failed"]
    assert obstacle.check == "interface"
    assert seen in obstacle.detail
    assert todo in obstacle.next
    assert {request.url.path for request in asked} >= {"/ocpi/locations", "/ocpi/tariffs"}


def test_a_token_refused_on_one_list_matters_more_than_the_other_missing() -> None:
    ready, _, _ = knocked(by_entry(locations=saying(404), tariffs=saying(401)))
    assert token_check(ready).outcome == "failed"


@pytest.mark.parametrize("broken", [saying(404), saying(503), saying(500, text="Internal Server Error"), saying(401)])
def test_where_the_first_list_does_not_open_the_second_is_the_entry(broken: Answer) -> None:
    ready, _, _ = knocked(by_entry(locations=broken, tariffs=opening_to(f"Token {TOKEN}")))
    assert ready.world is not None
    assert ready.world.entry == "/tariffs"
    assert ready.world.presentation == Presentation("Token", "raw")


def test_a_server_that_fails_inside_on_every_list_is_judged_and_not_turned_away() -> None:
    ready, vault, _ = knocked(saying(500, json={"status_code": 3000}))
    assert ready.world is not None
    assert ready.world.entry == "/locations"
    assert vault.presentation == TOKEN_PRESENTATIONS[0]


@pytest.mark.parametrize("status", [200, 206, 400, 429])
def test_whatever_the_api_says_for_itself_opens_it(status: int) -> None:
    ready, _, asked = knocked(saying(status, json=LIST))
    assert ready.world is not None
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("error", "kind"),
    [(httpx.ConnectTimeout("slow"), "timeout"), (httpx.ReadError("gone"), "reset"), (httpx.ConnectError("x"), "other")],
)
def test_where_nothing_answers_the_connection_is_the_obstacle(error: Exception, kind: str) -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        raise error

    ready, _, _ = knocked(answer)
    assert ready.world is None
    failed = [check for check in ready.checks if check.outcome == "failed"]
    assert failed[0].check == f"connection ({kind})"
    assert failed[0].detail.startswith("https://cpo.example: ")
    assert failed[0].next


def test_knocking_is_marked_as_our_doing() -> None:
    ready, vault, asked = knocked(opening_to(f"Token {BASE64}"))
    assert asked[0].headers["X-Request-ID"] != asked[0].headers["X-Correlation-ID"]
    assert ready.world is not None
    assert vault.wear(Present(ready.world.secret)).marked == "Token [secret 1 base64]"
