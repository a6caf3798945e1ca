"""A scripted client and a counterpart without a mock, on a clock that jumps: for what `Play` does by itself."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any

from harness.model.body import Body
from harness.model.exchange import (
    Conversation,
    Headers,
    HttpExchange,
    HttpRequest,
    HttpResponse,
    OutputLine,
    State,
    Transcript,
)
from harness.model.situation import Change, Situation, situation
from harness.run.observe import Observe
from harness.run.play import Play, Why
from harness.wire.virtual import LoopClock, run_virtually

START = datetime(2026, 12, 1, 8, tzinfo=UTC)
Script = Callable[["Scripted"], Awaitable[int | None]]


@dataclass
class Chair:
    """A counterpart that notes what is done with it."""

    clock: LoopClock
    done: list[str] = field(default_factory=list)
    said: list[HttpExchange] = field(default_factory=list)
    state: State = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._more = asyncio.Event()

    def present(self, one: Situation, baseline: State | None) -> Mapping[str, str]:
        self.done.append(f"presents {one.id}" + (" with a baseline" if baseline else ""))
        self.said = []
        return {"NDW_PUSH_URL": "http://localhost/ocpi"}

    def trouble(self) -> None:
        self.done.append(f"in trouble at {self.seconds:g}")

    def relieve(self) -> None:
        self.done.append(f"well at {self.seconds:g}")

    @property
    def seconds(self) -> float:
        return (self.clock.now() - START).total_seconds()

    async def more(self, known: int) -> None:
        while len(self.said) <= known:
            await self._more.wait()

    def hear(self, what: str = "PUT") -> None:
        """Something is said to it."""
        now = self.clock.now()
        request = HttpRequest(what, "http://localhost/ocpi/locations/NL/XPO/L", Headers())
        answer = HttpResponse(200, Headers(), Body(b"{}"))
        self.said.append(HttpExchange(f"e{len(self.said) + 1}", "", None, request, answer, now, now))
        self._more.set()
        self._more = asyncio.Event()


class Scripted:
    """A client that does what the script says, and then ends with its number; None: it goes on."""

    exit_code: int | None = None

    def __init__(self, chair: Chair, script: Script, *, is_anew: bool = True, can_be_killed: bool = True) -> None:
        self.chair, self.is_anew = chair, is_anew
        self._script, self._can_be_killed = script, can_be_killed
        self._task: asyncio.Future[int | None] | None = None
        self.starts: list[str] = []

    async def start(self, name: str, _environment: Mapping[str, str], *, again: bool = False) -> None:
        self.starts.append(f"{name} again" if again else name)
        if self._task is None or self._task.done():
            self._task = asyncio.ensure_future(self._script(self))

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def kill(self) -> bool:
        if self._can_be_killed:
            await self.stop()
            await asyncio.sleep(0)
        return self._can_be_killed

    async def over(self) -> None:
        assert self._task is not None
        self.exit_code = await self._task
        if self.exit_code is None:
            await asyncio.Event().wait()

    def written(self) -> list[OutputLine]:
        return []


def met(count: int = 1, *, changes: Sequence[Change] = (), **more: Any) -> Situation:
    """A situation that is over when so much was said."""

    def done(seen: Conversation) -> bool:
        """Something is said

        Over when enough was said.
        """
        return len(seen.exchanges) >= count

    done.__module__ = "scenarios.ndw.made"
    return situation(changes=changes, **more)(done)


def play(
    *situations: Situation, script: Script, hooks: Mapping[str, Any] | None = None, **more: Any
) -> tuple[list[tuple[Transcript, Why, float]], Chair, Scripted]:
    """What becomes of each situation, with the seconds that it took."""
    clock = LoopClock(START)
    of_client = {name: more.pop(name) for name in ("is_anew", "can_be_killed") if name in more}

    async def run() -> tuple[list[tuple[Transcript, Why, float]], Chair, Scripted]:
        chair = Chair(clock)
        client = Scripted(chair, script, **of_client)
        given: dict[str, Any] = {"quiet_s": 3, "limit_s": 70, "patience_s": 60, **more}
        at = Observe(client, chair, hooks or {}, clock, Random(1), "ndw-push", **given)
        found = []
        for one in situations:
            began = clock.now()
            transcript, why = await Play(at, one).play()
            found.append((transcript, why, (clock.now() - began).total_seconds()))
        return found, chair, client

    return run_virtually(run())
