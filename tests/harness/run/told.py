"""A talk with a server that answers as a test says, on a clock that jumps: what came of it, and when it was asked."""

import asyncio
from datetime import UTC, datetime
from random import Random

import httpx

from harness import collect
from harness.auth.vault import Vault
from harness.model.address import Addresses
from harness.model.exchange import HttpExchange, Transcript
from harness.model.reach import Care
from harness.model.scenario import Scenario, Steps, get
from harness.model.settings import Settings
from harness.model.world import VirtualClock, World
from harness.run.drive import Drive
from harness.standards.ocpi_2_2_1 import TOKEN_PRESENTATIONS
from harness.wire.http import HttpWire

SUITE = collect.suite("ndw-pull")
DOCUMENT = SUITE.load()
START = datetime(2026, 6, 1, 8, 0, 0, tzinfo=UTC)
OK = httpx.Response(200, json={})
Answer = httpx.Response | Exception


class Told:
    """What came of asking a server that answers so, one answer after the other, the last one for ever."""

    def __init__(
        self,
        *answers: Answer,
        targets: tuple[str, ...] = ("/locations",),
        rests_s: float = 0,
        care: Care = Care(),  # noqa: B008 - frozen
    ) -> None:
        self.arrived: list[float] = []
        self.recorded: list[HttpExchange] = []
        self._answers = answers
        self._care = care
        self._clock = VirtualClock(START)
        self.transcript = asyncio.run(self._hold(targets, rests_s))

    def _answer(self, _request: httpx.Request) -> httpx.Response:
        self.arrived.append((self._clock.now() - START).total_seconds())
        answer = self._answers[min(len(self.arrived), len(self._answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def _hold(self, targets: tuple[str, ...], rests_s: float) -> Transcript:
        vault = Vault(presentation=TOKEN_PRESENTATIONS[0])
        settings = Settings({one.name: one.default for one in SUITE.interface.settings})
        world = World(self._clock, self._clock, Random(1), settings, vault.keep("s3cr3t-1"), TOKEN_PRESENTATIONS[0])

        def play(world: World) -> Steps:
            for target in targets:
                yield from get(target, auth=world.credential)
                self._clock.advance(rests_s)

        transport = httpx.MockTransport(self._answer)
        async with HttpWire(vault, self._clock, transport=transport, care=self._care) as wire:
            addresses = Addresses("http://127.0.0.1/ocpi")
            drive = Drive(wire, SUITE.interface, DOCUMENT, addresses, self.recorded.append)
            return await drive.hold(Scenario("acme/talk", "A talk.", play, "acme"), world)
