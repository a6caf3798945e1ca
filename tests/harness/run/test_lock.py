"""Probes and somebody else's lock: five refused ones, and the true credential is tried."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random

import httpx
import pytest

from harness import collect
from harness.auth.vault import Vault
from harness.model.address import Addresses
from harness.model.credential import Present
from harness.model.exchange import HttpExchange
from harness.model.scenario import Scenario, Steps, get
from harness.model.settings import Settings
from harness.model.world import VirtualClock, World
from harness.run.drive import LOCKED_AFTER, Drive, LockedOutError
from harness.standards.ocpi_2_2_1 import TOKEN_PRESENTATIONS
from harness.wire.http import HttpWire

SUITE = collect.suite("ndw-pull")
DOCUMENT = SUITE.load()
TOKEN = "s3cr3t-Token-0001"
Answer = Callable[[list[bool]], int]


def held(play: Callable[[World], Steps], answer: Answer, *, guest: bool = True) -> list[HttpExchange]:
    """The exchanges with a server whose statuses `answer` says, told which requests so far showed the true token."""
    clock = VirtualClock(datetime(2026, 6, 1, tzinfo=UTC))
    vault = Vault(presentation=TOKEN_PRESENTATIONS[1])
    settings = Settings({one.name: one.default for one in SUITE.interface.settings})
    secret = vault.keep(TOKEN)
    world = World(clock, clock, Random(1), settings, secret, TOKEN_PRESENTATIONS[1], entry="/locations", guest=guest)
    asked: list[bool] = []
    seen: list[HttpExchange] = []

    def status(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers.get("authorization") == f"Token {TOKEN}")
        return httpx.Response(answer(asked), json={})

    async def talk() -> None:
        async with HttpWire(vault, clock, transport=httpx.MockTransport(status)) as wire:
            drive = Drive(wire, SUITE.interface, DOCUMENT, Addresses("https://cpo.example/ocpi"), seen.append)
            await drive.hold(Scenario("acme/knock", "Knocks.", play, "acme"), world)

    asyncio.run(talk())
    return seen


def knocks(times: int) -> Callable[[World], Steps]:
    def play(world: World) -> Steps:
        for _ in range(times):
            yield from get("/locations", auth=Present(world.secret, "made up"), tags=["probe"])

    return play


def fair(asked: list[bool]) -> int:
    return 200 if asked[-1] else 401


def locking(asked: list[bool]) -> int:
    return 401 if asked.count(False) >= LOCKED_AFTER else fair(asked)


def test_after_five_refused_probes_the_true_credential_is_tried() -> None:
    seen = held(knocks(12), fair)
    assert [one.response.status for one in seen if one.response] == [*[401] * 5, 200, *[401] * 5, 200, 401, 401]
    assert seen[5].tags == {"probe", "lock", "authorised"}


def test_a_subject_that_locks_is_left_at_once() -> None:
    with pytest.raises(LockedOutError, match="our own probes locked the credential out"):
        held(knocks(12), locking)


def test_four_refused_probes_are_no_reason() -> None:
    assert len(held(knocks(LOCKED_AFTER - 1), locking)) == LOCKED_AFTER - 1


def test_an_answer_between_them_starts_the_count_anew() -> None:
    def play(world: World) -> Steps:
        for _ in range(3):
            yield from knocks(LOCKED_AFTER - 1)(world)
            yield from get("/locations", auth=world.credential)

    assert len(held(play, fair)) == 3 * LOCKED_AFTER


def test_on_loopback_nobody_is_locked_out() -> None:
    assert len(held(knocks(12), locking, guest=False)) == 12
