"""Keeps NDW up to date: each change of the store is pushed at once, and what failed is made up for.

There is no queue of changes. What NDW holds is compared with what the store holds, and the difference is sent; so after
an outage only what is true by then goes out, and several changes of one object become one push.
"""

import asyncio
import logging
from functools import partial
from typing import Any

from .push_client import Answer, PushClient
from .push_memory import Memory
from .pushes import Push, done, in_doubt, is_sure, needed, tariffs_named, unknown
from .store import Key, Store


class Pusher:
    """Pushes from a store. One task at a time works on an object, so that its requests never overtake each other.

    A new Tariff goes before what names it, and a Tariff is deleted when nothing names it any more. To be used from one
    event loop: changes of the store are made in its thread.
    """

    def __init__(self, store: Store, client: PushClient, memory: Memory, log: logging.Logger) -> None:
        self._store = store
        self._client = client
        self._memory = memory
        self._log = log
        self._tasks: dict[Key, asyncio.Task[None]] = {}
        self._refused: dict[Key, set[tuple[str, tuple[str, ...], bytes]]] = {}
        self._maybe_named: dict[Key, set[str]] = {}
        self._before: dict[Key, dict[str, Any] | None] = {}
        self._moved = asyncio.Event()

    @property
    def left(self) -> list[Key]:
        """The objects of which NDW does not hold the present state, as far as is known."""
        return [key for key in self._keys() if needed(key.kind, self._memory.get(key), self._store.get(key))]

    def start(self, *, initial: bool) -> None:
        """Watch the store from now on; to be called within the event loop.

        `initial`: push whatever NDW is not known to hold, which is everything at first. Else NDW is taken to hold what
        the store holds now, since it pulled it.
        """
        self._store.watch(self.changed)
        if not initial:
            for key in self._store.all_keys():
                self._memory.put(key, self._store.get(key))
        for key in self._keys():
            self.changed(key)

    def changed(self, key: Key) -> None:
        """Push what is new about an object."""
        if key not in self._tasks and self._next(key) is not None:
            self._tasks[key] = asyncio.get_running_loop().create_task(self._settle(key), name="/".join(key))
        self._tell_others()

    async def settled(self) -> None:
        """Return when nothing is left to push, or only what was refused."""
        while self._tasks:
            await asyncio.wait(self._tasks.values())

    async def stop(self) -> None:
        """Watch and push no more."""
        self._store.unwatch(self.changed)
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._tasks.clear()  # one that had not begun yet could not do so itself

    def _keys(self) -> list[Key]:
        return list(dict.fromkeys([*self._store.all_keys(), *self._memory]))

    async def _settle(self, key: Key) -> None:
        errand = self._client.errand()
        try:
            while self._next(key) is not None:
                while self._has_to_wait(key):
                    await self._moved.wait()
                pushed = await self._client.push(errand, partial(self._on_its_way, key))
                if pushed is not None:
                    self._learn(key, *pushed)
                    if pushed[1] is not Answer.AGAIN:
                        errand = self._client.errand()
            if not needed(key.kind, self._memory.get(key), self._store.get(key)):
                self._refused.pop(key, None)
        except Exception as error:  # a fault of this program: it is told, and the others go on
            self._log.error("%s: given up: %s", "/".join(key), type(error).__name__)
            raise
        finally:  # nothing is awaited after the last look at the store, so no change slips through
            self._tasks.pop(key, None)
            self._tell_others()

    def _next(self, key: Key) -> Push | None:
        refused = self._refused.get(key, set())
        for push in needed(key.kind, self._memory.get(key), self._store.get(key)):
            if (push.method, push.path, push.content) in refused:
                continue
            if push.method == "DELETE" and (naming := self._naming(key)) and not naming & self._tasks.keys():
                self._log.warning("%s is still named, so it is not deleted", "/".join(key))
                continue
            return push
        return None

    def _has_to_wait(self, key: Key) -> bool:
        """Others go first, and are under way."""
        if key.kind == "tariffs":
            return self._store.get(key) is None and bool(self._naming(key) & self._tasks.keys())
        new = tariffs_named(self._store.get(key)) - tariffs_named(self._memory.get(key))
        wanted = (key._replace(kind="tariffs", id=one) for one in new)
        return any(
            one in self._tasks and not is_sure(self._memory.get(one)) and self._store.get(one) is not None
            for one in wanted
        )

    def _naming(self, tariff: Key) -> set[Key]:
        """The Locations at NDW that name a Tariff, or may do so by a push whose answer is not known."""
        locations = [key for key in {*self._memory, *self._maybe_named} if key[:3] == ("locations", *tariff[1:3])]
        return {key for key in locations if tariff.id in self._named_by(key)}

    def _named_by(self, location: Key) -> set[str]:
        named = self._maybe_named.get(location)
        return tariffs_named(self._memory.get(location)) if named is None else named

    def _on_its_way(self, key: Key) -> Push | None:
        """The push to send now; it is noted first that what NDW holds is in doubt from now on."""
        push = None if self._has_to_wait(key) else self._next(key)
        if push is not None:
            known = self._memory.get(key)
            self._before[key] = known
            named = tariffs_named(known) | self._maybe_named.get(key, set())
            self._maybe_named[key] = named | tariffs_named(push.body)
            self._memory.put(key, in_doubt(known, push))
        return push

    def _learn(self, key: Key, push: Push, answer: Answer) -> None:
        before = self._before.pop(key)
        if answer is Answer.AGAIN:
            return  # in doubt it stays
        named = self._maybe_named.pop(key)
        if answer is Answer.DONE:
            self._memory.put(key, done(before, push))
        elif answer is Answer.UNKNOWN:
            self._memory.put(key, unknown(before, push))
        else:
            self._memory.put(key, before)
            self._refused.setdefault(key, set()).add((push.method, push.path, push.content))
        for tariff in named - tariffs_named(self._memory.get(key)):
            self.changed(key._replace(kind="tariffs", id=tariff))
        self._tell_others()

    def _tell_others(self) -> None:
        """Wake whoever waits for another object."""
        self._moved.set()
        self._moved = asyncio.Event()
