"""The access token while the conversations go on: fetched anew before it ends, and once on a 401."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from urllib.parse import parse_qs

import httpx
import pytest

from harness import collect
from harness.auth.vault import Vault
from harness.model.address import Addresses
from harness.model.credential import Client, Present
from harness.model.exchange import TOKEN_ENDPOINT, HttpExchange
from harness.model.scenario import Ask, Scenario, Steps, ask_for_a_token, get, scenario, wait
from harness.model.settings import Settings
from harness.model.world import VirtualClock, World
from harness.run.drive import Drive, SubjectLostError
from harness.run.preflight import preflight
from harness.standards.ocpi_2_2_1 import TOKEN_PRESENTATIONS
from harness.wire.http import HttpWire

SUITE = collect.suite("ndw-pull")
DOCUMENT = SUITE.load()
SECRET = "client-Secret-0001"
TOKEN_URL = "https://login.example/oauth2/token?policy=1"
LIST = {"data": [], "status_code": 1000, "timestamp": "2026-06-01T08:00:05Z"}


class Server:
    """A token endpoint and an API that takes the last token only, or what `takes` says."""

    def __init__(self, expires_in: object = 600) -> None:
        self.expires_in = expires_in
        self.issued: list[str] = []
        self.asked: list[tuple[str, str]] = []
        self.takes: Callable[[str, str], bool] = lambda _path, token: token == self.issued[-1]
        self.gives = True

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "login.example":
            assert parse_qs(request.content.decode())["client_secret"] == [SECRET]
            if not self.gives:
                return httpx.Response(503)
            self.issued.append(f"access-Token-{len(self.issued) + 1}")
            life = {} if self.expires_in is None else {"expires_in": self.expires_in}
            return httpx.Response(200, json={"access_token": self.issued[-1], "token_type": "Bearer", **life})
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self.asked.append((request.url.path, token))
        assert SECRET not in str(request.headers)
        return httpx.Response(200 if self.takes(request.url.path, token) else 401, json=LIST)


def held(server: Server, play: Callable[[World], Steps]) -> list[HttpExchange]:
    """Preflight, then this conversation; its exchanges."""
    clock, vault = VirtualClock(datetime(2026, 6, 1, 8, 0, 5, tzinfo=UTC)), Vault()
    settings = Settings({one.name: one.default for one in SUITE.interface.settings} | {"pull.auth": "oauth2"})
    client = Client("me", vault.keep(SECRET), TOKEN_URL)
    world = World(clock, clock, Random(1), settings, client.secret, TOKEN_PRESENTATIONS[0], client=client)
    seen: list[HttpExchange] = []

    async def talk() -> list[HttpExchange]:
        async with HttpWire(vault, clock, transport=httpx.MockTransport(server)) as wire:
            drive = Drive(wire, SUITE.interface, DOCUMENT, Addresses("https://cpo.example/ocpi"), seen.append)
            ready = await preflight(drive, world, vault)
            assert ready.world is not None, ready.checks
            seen.clear()
            exchanges = list((await drive.hold(conversation(play), ready.world)).exchanges)
            assert exchanges == seen
            return exchanges

    return asyncio.run(talk())


def conversation(play: Callable[[World], Steps]) -> Scenario:
    play.__module__ = "scenarios.acme.talks"
    return scenario(play)


def kinds(exchanges: list[HttpExchange]) -> list[str]:
    return ["token" if TOKEN_ENDPOINT in one.tags else str(one.response and one.response.status) for one in exchanges]


def three(world: World) -> Steps:
    for seconds in (0, 300, 300):
        yield from wait(seconds)
        yield from get("/locations", auth=world.credential)


@pytest.mark.parametrize("expires_in", [600, "600", 600.0])
def test_a_fresh_token_is_fetched_before_the_old_one_ends(expires_in: object) -> None:
    server = Server(expires_in)
    exchanges = held(server, three)
    assert kinds(exchanges) == ["200", "200", "token", "200"]
    assert len({one.request.credential.n for one in exchanges if one.request.credential}) == 3
    assert all("authorised" in one.tags for one in exchanges)


def test_a_token_that_lives_long_is_fetched_once() -> None:
    server = Server(3600)
    assert kinds(held(server, three)) == ["200", "200", "200"]
    assert len(server.issued) == 1


@pytest.mark.parametrize(("expires_in", "blamed"), [(None, False), (3600, True)])
def test_a_refused_token_is_fetched_anew_once(expires_in: object, blamed: bool) -> None:
    """Only a server that said how long a token lives is held to it."""
    server = Server(expires_in)
    server.takes = lambda _path, token: token == f"access-Token-{2 if len(server.asked) > 2 else 1}"
    exchanges = held(server, three)
    assert kinds(exchanges) == ["200", "401", "token", "200", "200"]
    assert ("authorised" in exchanges[1].tags) == blamed


def test_an_endpoint_that_refuses_fresh_tokens_is_not_asked_twice_for_ever() -> None:
    server = Server()
    server.takes = lambda path, _token: "tariffs" not in path

    def talk(world: World) -> Steps:
        for _ in range(4):
            yield from get("/tariffs", auth=world.credential)

    assert kinds(held(server, talk)) == ["401", "token", "401", "401", "401", "401"]


def test_a_token_that_a_step_fetches_takes_the_place_of_the_old_one() -> None:
    server = Server()

    def talk(world: World) -> Steps:
        assert world.client is not None
        yield from ask_for_a_token(world.client)
        yield from get("/locations", auth=world.credential)

    exchanges = held(server, talk)
    assert kinds(exchanges) == ["token", "200"]
    login = exchanges[0]
    assert login.request.body.raw == b"grant_type=client_credentials&client_id=me&client_secret=[secret 1]"
    assert login.request.headers.get("Content-Type") == "application/x-www-form-urlencoded"
    assert login.request.headers.get("X-Request-ID") is None
    assert login.response is not None
    assert login.response.body.at("/access_token") == "[secret 3]"
    assert login.operation is None


def test_a_stale_token_is_shown_as_it_is() -> None:
    server = Server(30)
    server.takes = lambda _path, _token: len(server.asked) < 2

    def talk(world: World) -> Steps:
        yield from wait(100)
        yield from get("/locations", auth=Present(world.secret, stale=True))

    (exchange,) = held(server, talk)
    assert kinds([exchange]) == ["401"]
    assert "authorised" not in exchange.tags


def test_an_altered_token_is_made_of_a_fresh_one() -> None:
    server = Server(30)

    def talk(world: World) -> Steps:
        yield from wait(100)
        yield from get("/locations", auth=Present(world.secret, "cut short"))

    assert kinds(held(server, talk)) == ["token", "401"]
    assert server.asked[-1][1] == "access-Token-"


def test_where_no_further_token_is_given_the_subject_is_lost() -> None:
    server = Server(600)

    def talk(world: World) -> Steps:
        server.gives = False
        yield from wait(595)
        yield from get("/locations", auth=world.credential)
        yield from wait(10)
        yield from get("/locations", auth=world.credential)

    with pytest.raises(SubjectLostError, match="the token endpoint gives no further token"):
        held(server, talk)
    assert len(server.asked) == 2, "the old one was used while it lived"


def test_the_client_secret_goes_nowhere_else_and_the_access_token_not_there() -> None:
    def to_the_api(world: World) -> Steps:
        assert world.client is not None
        yield from get("/locations", auth=world.client.login())

    def to_the_endpoint(world: World) -> Steps:
        yield Ask("POST", TOKEN_URL, auth=world.credential)

    def elsewhere(world: World) -> Steps:
        assert world.client is not None
        yield from ask_for_a_token(replace(world.client, token_url="https://evil.example/oauth2/token"))

    for talk in (to_the_api, to_the_endpoint, elsewhere):
        with pytest.raises(ValueError, match="does not belong"):
            held(Server(), talk)


def test_a_link_to_the_token_endpoint_is_not_followed() -> None:
    def talk(world: World) -> Steps:
        yield from get(TOKEN_URL, auth=world.credential)

    (exchange,) = held(Server(), talk)
    assert exchange.failure is not None
    assert exchange.failure.kind == "not-followed"
