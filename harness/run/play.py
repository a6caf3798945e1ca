"""Plays one situation for a client: presents it, makes the client do something, and hands on the evidence."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Literal

from harness.model.exchange import (
    TOKEN_ENDPOINT,
    Conversation,
    Happening,
    HookCall,
    OutputLine,
    State,
    Stored,
    Transcript,
)
from harness.model.situation import Change, Orders, Situation
from harness.run.hooks import Hook, HookFailedError, NobodyThereError, answer_unless
from harness.run.observe import NotReadError, Observe, ReadBack
from harness.run.watch import MOST_EXCHANGES, Watch

READ_AGAIN_S = 10
"""So long it is waited before what a client holds is read again."""

Why = Literal["done", "ended", "limit", "flood", "skipped", "nobody called", "nothing to wait for"]
"""Why a situation is over."""

_RESTART = {"by": "a person", "words": "Kill your client at once (kill -9), and start it again with what it had kept."}


class Play:
    """One situation for one client."""

    def __init__(self, at: Observe, situation: Situation) -> None:
        self.at, self.situation = at, situation
        self.happened: list[Happening] = []
        self.hooks: list[HookCall] = []
        self.not_asked: list[str] = []
        self.not_read: list[str] = []
        self.noted: list[str] = []
        self.began = at.clock.now()
        self.deadline = self.began
        self.relief: asyncio.Future[None] | None = None
        self.written: list[OutputLine] | None = None
        self.environment: Mapping[str, str] = {}

    async def play(self) -> tuple[Transcript, Why]:
        """From its beginning until it is over. NotStartedError where the client cannot be started."""
        at, situation = self.at, self.situation
        at.skip.clear()
        ran = at.runs
        befores = await self._befores(ran)
        self.environment = at.chair.present(situation, befores.get("pull"))
        self._tell(
            title=situation.title, until=situation.until, settings=dict(situation.settings),
            faults=[] if at.passive else list(situation.faults), state="begins",
        )  # fmt: skip
        if not situation.troubled_by_changes:
            self._trouble()
        await at.client.start(situation.id, self.environment)
        if not ran and at.is_started_here:
            self._happened("started")
        self.watch = Watch(at)
        try:
            why = await self._played(ran)
            stores = await self._stores(befores)
            until = at.clock.now()
            if at.client.is_anew:
                await self._stop()
        finally:
            at.runs = not at.client.is_anew and not self.watch.has_ended
            self.watch.close()
            if self.relief is not None:
                self.relief.cancel()
            at.chair.relieve()
        self._tell(state="over", why=why, seconds=round((until - self.began).total_seconds(), 3))
        return self._transcript(until, stores), why

    async def _played(self, ran: bool) -> Why:
        at, situation = self.at, self.situation
        if not ran and not await self._called():
            return "skipped" if self.watch.is_skipped else "nobody called"
        self.deadline = self._limit()
        if situation.kill_after is not None and not at.passive:
            await self._kill_after(situation.kill_after)
        if not ran:
            await self.watch.quiet(self.deadline)
        await self._make_changes(situation.changes or ((at.usual,) if ran and at.usual else ()))
        if ran and at.comes_by_itself:
            self.deadline = at.clock.now() + timedelta(seconds=at.patience_s)
        return await self._over(can_wait=not ran or bool(self.hooks) or at.comes_by_itself)

    async def _befores(self, ran: bool) -> dict[str, State]:
        """What the client holds at the beginning: its server can be asked at any time, itself only while it runs."""
        found: dict[str, State] = {}
        for source, read in self.at.reads:
            if source == "pull" or ran:
                with suppress(NotReadError):
                    found[source] = await read(self.situation.id)
        return found

    async def _stores(self, befores: Mapping[str, State]) -> tuple[Stored, ...]:
        stores: list[Stored] = []
        until = self._limit()
        for source, read in self.at.reads:
            try:
                stored = await self._stored(source, read, befores)
                while not self.at.agreed(stored) and self.watch.left(until) > READ_AGAIN_S:
                    await self.at.clock.sleep(READ_AGAIN_S)
                    stored = await self._stored(source, read, befores)
            except NotReadError as error:
                self.not_read.append(f"{source}: {error}")
            else:
                stores.append(stored)
        return tuple(stores)

    async def _stored(self, source: Literal["pull", "export"], read: ReadBack, befores: Mapping[str, State]) -> Stored:
        held = await read(self.situation.id)
        told = {table: dict(rows) for table, rows in self.at.chair.state.items()}
        return Stored(source, self.at.clock.now(), held, told, befores.get(source))

    async def _called(self) -> bool:
        """The client has said something; False where it has ended, was skipped, or the patience is over."""
        return await self.watch.news(0, self.at.patience_s) == "said"

    async def _over(self, *, can_wait: bool) -> Why:
        while True:
            quiet = await self.watch.quiet(self.deadline)
            if self.watch.is_skipped:
                return "skipped"
            if self.watch.is_flooded:
                self.noted.append(f"it was ended after {MOST_EXCHANGES} requests")
                return "flood"
            if self.watch.has_ended:
                return "ended"
            if quiet and self.situation.done(Conversation(self._transcript(self.at.clock.now(), ()))):
                return "done"
            if self.watch.left(self.deadline) <= 0:
                return "limit"
            if quiet and not can_wait:
                return "nothing to wait for"
            await self.watch.news(self.watch.count, self.watch.left(self.deadline))

    async def _make_changes(self, changes: Sequence[Change]) -> None:
        for change in changes:
            if self.watch.has_ended and self.at.client.is_anew and self.at.hooks:
                self._could_not("the client had ended before it could be made to change anything")
                return
            if change.after_s:
                await self.at.clock.sleep(change.after_s)
            if self.situation.troubled_by_changes:
                self._trouble()
            if not await self._make(change):
                return
            self.watch.stirred()
            self.deadline = self._limit()
            if change.settles:
                await self.watch.quiet(self.deadline)

    async def _make(self, change: Change) -> bool:
        """Have the change made, by the hook or by a person; False where that could not be."""
        hook, person = self.at.hooks.get("change"), self.at.hooks.get("person")
        if hook is None or change.orders is None:
            if person is not None:
                return await self._call("change", {"by": "a person", "words": change.words}, person)
            self._could_not("needs the hook change" if change.orders else f"needs a person: {change.words}")
            return False
        orders = await self._orders(change.orders)
        if not orders:
            self._could_not(f"nothing is known that could be changed so: {change.words}")
            return True
        for order in orders:
            if not await self._call("change", order, hook):
                return False
        return True

    async def _orders(self, make: Orders) -> Sequence[Mapping[str, Any]]:
        """What to change. Where nothing is known yet that could be, the client is given time: it may be pausing."""
        while not (orders := make(self.at.chair.state, self.at.random)):
            if await self.watch.news(self.watch.count, self.watch.left(self.deadline)) != "said":
                break
            await self.watch.quiet(self.deadline)
        return orders

    async def _call(self, name: str, arguments: Mapping[str, Any], hook: Hook) -> bool:
        at, began = self.at, self.at.clock.now()
        said = at.chair.said
        after = said[-1].id if said else ""
        order = {"hook": name, "interface": at.interface, "situation": self.situation.id, **arguments}
        try:
            answer = await self._answer(hook, order)
        except HookFailedError as error:
            self._could_not(
                f"the hook {name} failed: {error}" if hook is at.hooks.get(name) else f"nobody did it: {error}"
            )
            return False
        call = HookCall(name, arguments, answer, after, at.clock.now(), began)
        self.hooks.append(call)
        self._tell(hook=call)
        return True

    async def _answer(self, hook: Hook, order: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a hook answers. One in a client that was started just now is given the time to come up."""
        while True:
            try:
                return await answer_unless(self.at.skip, hook, order)
            except NobodyThereError:
                starts = [one.at for one in self.happened if one.kind == "started"]
                if not starts or self.at.clock.now() - starts[-1] > timedelta(seconds=self.at.patience_s):
                    raise
            await self.at.clock.sleep(1)

    async def _kill_after(self, pushes: int) -> None:
        """Kill the client in the middle, and start it again with what it had kept."""
        while self._pushes < pushes and await self.watch.news(self.watch.count, self.at.quiet_s) == "said":
            if self.at.clock.now() > self.deadline:
                break
        if self.watch.has_ended:
            self._could_not("the client had ended before it could be killed")
            return
        if await self.at.client.kill():
            self._happened("killed")
            await self.at.client.start(self.situation.id, self.environment, again=True)
            self.watch.begin_anew()
        elif (hook := self.at.hooks.get("restart", self.at.hooks.get("person"))) is None:
            self._could_not("needs the hook restart")
            return
        elif not await self._call("restart", {} if "restart" in self.at.hooks else _RESTART, hook):
            return
        else:
            self._happened("killed")
        self._happened("started", "again")
        self.deadline = self._limit()

    @property
    def _pushes(self) -> int:
        return sum(TOKEN_ENDPOINT not in one.tags for one in self.at.chair.said)

    async def _stop(self) -> None:
        if self.watch.has_ended:
            self._happened("ended", str(self.at.client.exit_code))
        await self.at.client.stop()
        if not self.watch.has_ended:
            self._happened("stopped")

    def _trouble(self) -> None:
        """Once; and where it is to end after a while, have it end."""
        situation = self.situation
        if self.at.passive or not situation.faults or any(one.kind == "troubled" for one in self.happened):
            return
        self.at.chair.trouble()
        self._happened("troubled", ", ".join(situation.faults))
        if situation.trouble_s is not None:
            self.relief = asyncio.ensure_future(self._well_after(situation.trouble_s))

    async def _well_after(self, seconds: float) -> None:
        await self.at.clock.sleep(seconds)
        self.at.chair.relieve()
        self._happened("well")
        self.deadline = self._limit()  # what was missed may take as long as anything else

    def _limit(self) -> datetime:
        return self.at.clock.now() + timedelta(seconds=self.at.limit_s)

    def _happened(self, kind: Any, detail: str = "") -> None:
        happening = Happening(kind, self.at.clock.now(), detail)
        self.happened.append(happening)
        self._tell(happened=happening)

    def _could_not(self, reason: str) -> None:
        if reason not in self.not_asked:
            self.not_asked.append(reason)
            self._tell(not_asked=[reason])

    def _tell(self, **told: Any) -> None:
        self.at.tell(self.situation.id, told)

    def _transcript(self, until: datetime, stores: tuple[Stored, ...]) -> Transcript:
        at = self.at
        if (lines := at.client.written()) is not None:
            self.written = [*(self.written or ()), *lines]
        return Transcript(
            self.situation.id,
            tuple(at.chair.said),
            tuple(self.not_asked),
            tuple(self.hooks),
            tuple(self.noted),
            tuple(self.happened),
            until,
            None if self.written is None else tuple(self.written),
            stores,
            tuple(self.not_read),
        )
