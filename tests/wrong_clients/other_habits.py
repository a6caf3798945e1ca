"""Push clients that are as right as the reference, and have other habits."""

import asyncio
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from harness.systems.ndw.reference import push_setup, push_token
from harness.systems.ndw.reference.pause import Pause
from harness.systems.ndw.reference.push_client import PushClient
from harness.systems.ndw.reference.push_in_process import Client
from harness.systems.ndw.reference.pusher import Pusher
from harness.systems.ndw.reference.pushes import Push
from harness.systems.ndw.reference.store import Key

A_WHILE_S = 12


class SteadyPause(Pause):
    """Five seconds after each failure."""

    def failed(self, began: Any, retry_after: str | None = None) -> float:
        return super().failed(began, retry_after or "5")


class SteadyPushClient(PushClient):
    def _new_pause(self) -> Pause:
        return SteadyPause(self._now, self._sleep, self._random)


class PausesForFiveSeconds(Client):
    """Its pauses do not grow."""

    async def start(self) -> None:
        with patch.object(push_setup, "PushClient", SteadyPushClient), patch.object(push_token, "Pause", SteadyPause):
            await super().start()


class HasEightWorkers(Client):
    """It pushes eight objects side by side."""

    AT_ONCE = 8

    async def start(self) -> None:
        with patch.dict(PushClient.__init__.__kwdefaults__, at_once=self.AT_ONCE):
            await super().start()


class HasOneWorker(HasEightWorkers):
    """It pushes one object after another."""

    AT_ONCE = 1


class LazyPusher(Pusher):
    looking: asyncio.TimerHandle | None = None

    def changed(self, key: Key) -> None:
        del key  # it looks at all of them
        if self.looking is None:
            self.looking = asyncio.get_running_loop().call_later(A_WHILE_S, self._look)

    def _look(self) -> None:
        self.looking = None
        for key in self._keys():
            super().changed(key)


class CollectsChanges(Client):
    """It looks for changes every few seconds, and tells the last state of each object."""

    async def start(self) -> None:
        with patch.object(push_setup, "Pusher", LazyPusher):
            await super().start()


class TellsAllAnew(Client):
    """After a while it pushes all that it has once more, as others do once an hour."""

    async def start(self) -> None:
        await super().start()
        self.anew = asyncio.create_task(self._tell_all())

    async def stop(self) -> None:
        self.anew.cancel()
        await super().stop()

    async def _tell_all(self) -> None:
        await self._sleep(A_WHILE_S)
        for key in self._memory:
            if self.app.state.store.get(key) is not None:
                self._memory.put(key, None)
                if self._pusher is not None:
                    self._pusher.changed(key)


class IsBehind(Client):
    """Its clock is three seconds slow."""

    SECONDS = -3

    def __init__(self, *account: Any, now: Any, **given: Any) -> None:
        super().__init__(*account, now=lambda: now() + timedelta(seconds=self.SECONDS), **given)


class IsAhead(IsBehind):
    """Its clock is three seconds fast."""

    SECONDS = 3


class PusherOfWholes(Pusher):
    def _next(self, key: Key) -> Push | None:
        push, current = super()._next(key), self._store.get(key)
        if push is None or key.kind == "tariffs" or current is None:
            return push
        return Push("PUT", push.path[:4], current)


class PutsWholeEvses(Client):
    """It tells a status by a PUT of the EVSE."""

    async def start(self) -> None:
        with patch.object(push_setup, "Pusher", PusherOfEvses):
            await super().start()


class PusherOfEvses(Pusher):
    def _next(self, key: Key) -> Push | None:
        push, current = super()._next(key), self._store.get(key)
        if push is None or push.method != "PATCH" or current is None or not push.ids:
            return push
        return Push("PUT", push.path, next(one for one in current["evses"] if one["uid"] == push.ids[0]))


class PutsWholeLocations(Client):
    """It knows PUT alone, and sends the whole location for every change."""

    async def start(self) -> None:
        with patch.object(push_setup, "Pusher", PusherOfWholes):
            await super().start()
