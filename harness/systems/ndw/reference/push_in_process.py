"""The reference CPO with its pusher inside somebody else's event loop: on any clock, over any transport."""

import asyncio
import logging
from collections.abc import Mapping
from random import Random
from typing import Any

import httpx
from fastapi import FastAPI

from .app import create_app
from .change import change, export
from .instants import Clock, Sleep
from .push_memory import Memory
from .push_script import play, prepare
from .push_setup import Account, create_pusher
from .pusher import Pusher
from .pushes import tariffs_named
from .store import Store

TOKEN = "push-in-process"  # noqa: S105 - of the server beside it, which nobody reaches but this process


class Client:
    """Pushes what a CPO has, plays the story of changes, and goes on until it is stopped or killed.

    `environment` holds what NDW hands over; the data and the memory of what NDW took outlive a kill. `app` serves the
    same data to pullers, for those who have the `TOKEN`. It has so many `locations`, and where not `every_tariff`, the
    Tariffs that these name.
    """

    locations = 5
    every_tariff = True

    def __init__(
        self,
        environment: Mapping[str, str],
        http: httpx.AsyncClient,
        *,
        now: Clock,
        sleep: Sleep,
        random: Random,
        log: logging.Logger,
    ) -> None:
        self._account = Account.of(environment)
        self._http = http
        self._sleep = sleep
        self._random = random
        self._log = log
        self._memory = Memory()
        self._told = 0
        self._work: asyncio.Task[None] | None = None
        self._pusher: Pusher | None = None
        self.app: FastAPI = create_app(token=TOKEN, now=now, locations=self.locations, party=self._account.party)
        if not self.every_tariff:
            _keep_what_is_named(self.app.state.store)
        prepare(self.app.state.store, self._account.party, now())

    async def start(self) -> None:
        """Begin, or go on after a kill."""
        given: dict[str, Any] = {"sleep": self._sleep, "random": self._random, "log": self._log}
        self._pusher = create_pusher(self.app, self._account, self._http, memory=self._memory, **given)
        self._work = asyncio.create_task(self._push(self._pusher))

    async def stop(self) -> None:
        """End; what was on its way is broken off."""
        if self._work is not None and self._pusher is not None:
            self._work.cancel()
            await self._pusher.stop()
        self._work = None

    def change(self, order: Mapping[str, Any]) -> Mapping[str, Any]:
        """Make this change now."""
        return change(self.app, order)

    def export(self, _order: Mapping[str, Any]) -> Mapping[str, Any]:
        """All that the CPO holds, as lines."""
        return {"lines": export(self.app)}

    async def _push(self, pusher: Pusher) -> None:
        async def between(number: int) -> None:
            self._told = number
            await pusher.settled()
            await self._sleep(1)

        pusher.start(initial=True)
        await pusher.settled()
        await play(self.app, between, self._told)


def _keep_what_is_named(store: Store) -> None:
    """Drop the Tariffs that no connector names."""
    keys = store.all_keys()
    named = {one for key in keys if key.kind == "locations" for one in tariffs_named(store.get(key))}
    for key in keys:
        if key.kind == "tariffs" and key.id.lower() not in named:
            store.remove("tariffs", store.get(key) or {})
