"""The reference CPO with its pusher, and NDW's mock, in process on one clock."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from random import Random
from typing import Any

import httpx

from harness.cli.mocks import mock_sessions, served_by_default
from harness.mock.app import MockApp
from harness.mock.session import DEFAULT, Served, Session
from harness.systems.ndw.reference import Account, change, create_app, create_pusher
from harness.systems.ndw.reference.pusher import Pusher
from harness.wire.transport import in_process
from tests.harness.systems.ndw.talking import LOG, Clock

Json = dict[str, Any]


@cache
def _served() -> Served:
    return served_by_default("ndw")


@dataclass
class _Slow(httpx.AsyncBaseTransport):
    """Every answer takes its time, while others are asked for."""

    inner: httpx.AsyncBaseTransport
    turns: int
    under_way: int = 0
    most: int = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        for _ in range(self.turns):
            await asyncio.sleep(0)
        self.under_way -= 1
        return await self.inner.handle_async_request(request)


@dataclass
class Cpo:
    """A CPO with these many Locations that pushes to a mock; `memory` is the file where it remembers what it pushed."""

    locations: int = 3
    memory: str = ":memory:"
    turns: int = 0
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        sessions = mock_sessions((_served(),), self.clock)
        session = sessions.get(DEFAULT)
        assert session is not None
        self.session: Session = session
        self.account = Account.of(session.environment({"ndw": "http://localhost"}))
        self.transport = _Slow(in_process(MockApp("ndw", sessions, self.clock.sleep)), self.turns)
        self.app = create_app(token="t", now=self.clock.now, locations=self.locations)
        self.pusher = self.new_pusher()
        self.met = 0

    def new_pusher(self) -> Pusher:
        """A pusher that knows no more than what the file holds."""
        http = httpx.AsyncClient(transport=self.transport)
        given: Json = {"sleep": self.clock.sleep, "random": Random(1), "log": LOG, "memory": self.memory}
        return create_pusher(self.app, self.account, http, **given)

    def run(self, *works: Callable[[], Awaitable[None] | None], initial: bool = True) -> list[str]:
        """Start, let it settle, do each work and let it settle each time; gives what was pushed since the start."""

        async def all_of_it() -> None:
            self.pusher.start(initial=initial)
            await self.pusher.settled()
            self.pushed()
            for work in works:
                done = work()
                if done is not None:
                    await done
                await self.pusher.settled()
            await self.pusher.stop()

        asyncio.run(all_of_it())
        return self.pushed()

    def pushed(self) -> list[str]:
        """The pushes since the last call: method, path, and the status of the answer."""
        entries = [one for one in self.session.journal if one.n > self.met]
        self.met = self.session.journal.last
        return [
            f"{one.exchange.request.method} {one.exchange.request.url.partition('/ocpi/2.2.1')[2]}"
            f" {one.exchange.response.status if one.exchange.response else 'nothing'}"
            for one in entries
            if one.service == "push"
        ]

    def change(self, members: Json, **wanted: str) -> None:
        """A change, a second after the last one."""
        self.clock.instant += timedelta(seconds=1)
        change(self.app, {"object": wanted, "set": members})

    @property
    def agrees(self) -> bool:
        """The mock holds what the CPO holds, and nothing else but what it was given by its maker."""
        store = self.app.state.store
        for table in ("locations", "tariffs"):
            held = {key.lower(): row for key, row in self.session.tables.rows(table)}
            ours = {"/".join(key[1:]): store.get(key) for key in store.all_keys() if key.kind == table}
            held.pop("nl/xpo/tar-01", None)
            if held != ours:
                return False
        return True
