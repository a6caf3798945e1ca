"""The driver: steps become requests to the subject, and to nobody else."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import Any

import httpx
import pytest

from harness import collect
from harness.auth.vault import Vault
from harness.model.address import Addresses
from harness.model.exchange import RETRIED, HttpExchange, Transcript
from harness.model.scenario import Ask, Scenario, Steps, cannot_ask, get, scenario
from harness.model.settings import Settings
from harness.model.world import VirtualClock, World
from harness.run.drive import LOST_AFTER, Drive, SubjectLostError
from harness.standards.ocpi_2_2_1 import TOKEN_PRESENTATIONS
from harness.wire.http import HttpWire
from harness.wire.serve import served
from harness.wire.tls import client_context
from harness.wire.transport import over_socket

TOKEN = "s3cr3t-Token-0001"
SUITE = collect.suite("ndw-pull")
DOCUMENT = SUITE.load()
BASE = "https://cpo.example/ocpi"


def operation_of(path: str) -> str:
    operation = DOCUMENT.operation("GET", path)
    assert operation is not None
    return operation.id


def conversation(play: Callable[[World], Steps]) -> Scenario:
    play.__module__ = "scenarios.acme.talks"
    return scenario(play)


class Talk:
    """One driver with one subject; keeps what was asked and what was handed on."""

    def __init__(
        self,
        transport: httpx.AsyncBaseTransport | None = None,
        base: str = BASE,
        *,
        one_server: bool = False,
        **entries: str,
    ) -> None:
        self._one_server = one_server
        self.asked: list[httpx.Request] = []
        self.seen: list[HttpExchange] = []
        self.answer: Callable[[httpx.Request], httpx.Response] = lambda _request: httpx.Response(200, json={})
        self._transport = transport or httpx.MockTransport(self._noted)
        self._addresses = Addresses(base, {f"/{name}": url for name, url in entries.items()})

    def _noted(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return self.answer(request)

    def hold(self, play: Callable[[World], Steps]) -> Transcript:
        clock = VirtualClock(datetime(2026, 6, 1, 8, 0, 5, tzinfo=UTC))
        vault = Vault(presentation=TOKEN_PRESENTATIONS[0])
        settings = Settings({one.name: one.default for one in SUITE.interface.settings})
        world = World(clock, clock, Random(1), settings, vault.keep(TOKEN), TOKEN_PRESENTATIONS[0])

        async def talk() -> Transcript:
            async with HttpWire(vault, clock, transport=self._transport) as wire:
                drive = Drive(wire, SUITE.interface, DOCUMENT, self._addresses, self.seen.append)
                drive.one_server = self._one_server
                return await drive.hold(conversation(play), world)

        return asyncio.run(talk())


def test_answers_go_back_into_the_conversation_and_to_the_listener_at_once() -> None:
    talk = Talk()
    talk.answer = lambda request: httpx.Response(200, json={"page": len(talk.asked), "path": request.url.path})
    told: list[int] = []

    def two_pages(world: World) -> Steps:
        first = yield from get("/locations", query={"limit": 1}, auth=world.credential, tags={"page"})
        told.append(len(talk.seen))
        assert first.response is not None
        yield from get(f"/locations/{first.response.body.at('/page')}")

    transcript = talk.hold(two_pages)
    assert [str(request.url) for request in talk.asked] == [f"{BASE}/locations?limit=1", f"{BASE}/locations/1"]
    assert told == [1]
    assert transcript.situation == "acme/two-pages"
    assert transcript.exchanges == tuple(talk.seen)
    assert [one.id for one in talk.seen] == ["e1", "e2"]
    assert [one.tags for one in talk.seen] == [{"page", "authorised"}, frozenset()]


def test_every_request_has_message_ids_of_its_own() -> None:
    talk = Talk()

    def twice(_world: World) -> Steps:
        yield from get("/locations")
        yield from get("/locations")

    talk.hold(twice)
    ids = [request.headers[name] for request in talk.asked for name in ("X-Request-ID", "X-Correlation-ID")]
    assert len(set(ids)) == 4


def test_only_the_true_credential_in_its_true_form_is_authorised() -> None:
    talk = Talk()

    def shows(world: World) -> Steps:
        secret = world.credential
        yield from get("/locations", auth=secret)
        yield from get("/locations", auth=type(secret)(world.secret, "cut short"))
        yield from get("/locations", auth=type(secret)(world.secret, presentation=TOKEN_PRESENTATIONS[1]))
        yield from get("/locations", auth=type(secret)(world.secret, query="token"))
        yield from get("/locations")

    assert ["authorised" in one.tags for one in talk.hold(shows).exchanges] == [True, False, False, False, False]


@pytest.mark.parametrize(
    ("target", "operation"),
    [
        ("/locations", "/locations"),
        ("/locations/", "/locations"),
        ("/locations/LOC-1", "/locations/{id}"),
        (f"{BASE}/locations?offset=50&limit=50", "/locations"),
        ("https://prices.example/v9/list?offset=50", "/tariffs"),
        (f"{BASE}/unheard-of", None),
        ("/unheard-of/", None),
    ],
)
def test_the_operation_is_found_for_paths_and_for_links(target: str, operation: str | None) -> None:
    talk = Talk(tariffs="https://prices.example/v9/list")
    [exchange] = talk.hold(lambda _world: get(target)).exchanges  # type: ignore[arg-type, return-value]
    assert exchange.operation == (operation_of(operation.replace("{id}", "x")) if operation else None)
    assert exchange.response is not None


def test_a_link_in_another_spelling_is_what_its_step_says() -> None:
    def follows(_world: World) -> Steps:
        yield from get("https://cpo.example/other/path?cursor=x", operation="listTariffs")

    assert Talk().hold(follows).exchanges[0].operation == "listTariffs"


def test_an_entry_with_its_own_address_is_asked_there() -> None:
    talk = Talk(tariffs="https://prices.example/v9/list")

    def both(world: World) -> Steps:
        yield from get("/locations", auth=world.credential)
        yield from get("/tariffs", auth=world.credential)

    talk.hold(both)
    assert [str(one.url) for one in talk.asked] == [f"{BASE}/locations", "https://prices.example/v9/list"]
    assert all("authorization" in one.headers for one in talk.asked)


class Listener:
    """An app that answers an empty list and keeps the headers that it was sent."""

    def __init__(self) -> None:
        self.met: list[dict[bytes, bytes]] = []

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        self.met.append(dict(scope["headers"]))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps({"data": []}).encode()})


def test_a_link_to_another_origin_is_not_followed_and_no_token_goes_there() -> None:
    ours, theirs = Listener(), Listener()
    with served(ours) as base, served(theirs) as elsewhere:
        talk = Talk(over_socket(client_context(None)), base=base)

        def follows(world: World) -> Steps:
            yield from get("/locations", auth=world.credential)
            yield from get(f"{elsewhere}/locations?offset=1", auth=world.credential, operation="x")
            yield from get(base.replace("127.0.0.1", "localhost") + "/locations?offset=2", auth=world.credential)
            yield from get("http://[bad/locations", auth=world.credential)

        home, away, same, bad = talk.hold(follows).exchanges
    assert theirs.met == []
    assert len(ours.met) == 2
    assert home.response is not None
    assert same.response is not None
    for exchange in (away, bad):
        assert exchange.failure is not None
        assert exchange.failure.kind == "not-followed"
        assert exchange.request.credential is None
    assert away.failure is not None
    assert away.failure.detail.endswith(elsewhere)
    assert TOKEN not in repr(talk.seen)


def test_behind_one_address_links_to_other_hosts_are_followed_but_tls_is_not_given_up() -> None:
    talk = Talk(one_server=True)

    def follows(world: World) -> Steps:
        yield from get("https://links.example/ocpi/locations?offset=1", auth=world.credential)
        yield from get("http://cpo.example/ocpi/locations?offset=1", auth=world.credential)

    followed, plain = talk.hold(follows).exchanges
    assert followed.response is not None
    assert [str(one.url) for one in talk.asked] == ["https://links.example/ocpi/locations?offset=1"]
    assert "authorization" not in talk.asked[0].headers
    assert (followed.request.credential, "authorised" in followed.tags) == (None, False)
    assert plain.failure is not None
    assert plain.failure.kind == "not-followed"


def test_links_elsewhere_are_no_sign_that_the_subject_is_gone() -> None:
    def follows(_world: World) -> Steps:
        for number in range(3 * LOST_AFTER):
            yield from get(f"https://other.example/{number}")

    assert len(Talk().hold(follows).exchanges) == 3 * LOST_AFTER


def test_five_requests_without_an_answer_end_the_run() -> None:
    talk = Talk()

    def gone(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/up"):
            return httpx.Response(200)
        raise httpx.ReadError("gone")

    def on_and_on(_world: World) -> Steps:
        while True:
            yield from get("/down")
            yield from get("/up")

    talk.answer = gone
    with pytest.raises(SubjectLostError, match="connection ended without an answer") as lost:
        talk.hold(on_and_on)
    stood = [one for one in talk.seen if one.failure and RETRIED not in one.tags]
    assert [one.attempts for one in stood] == [2, 1, 1, 1, 1]
    assert len(stood) == LOST_AFTER
    assert lost.value.since == stood[-1].sent


def test_four_requests_without_an_answer_do_not() -> None:
    talk = Talk()

    def gone(_request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("gone")

    def asks(_world: World) -> Steps:
        for _ in range(LOST_AFTER - 1):
            yield from get("/locations")

    talk.answer = gone
    assert len(talk.hold(asks).exchanges) == LOST_AFTER - 1


def test_what_could_not_be_asked_is_noted_and_nothing_is_sent() -> None:
    talk = Talk()

    def gives_up(_world: World) -> Steps:
        yield from cannot_ask("no list has a second page")
        exchange = yield Ask("GET", "/tariffs")
        assert isinstance(exchange, HttpExchange)
        yield from cannot_ask("no tariff is known")

    transcript = talk.hold(gives_up)
    assert transcript.not_asked == ("no list has a second page", "no tariff is known")
    assert len(talk.asked) == len(transcript.exchanges) == 1
