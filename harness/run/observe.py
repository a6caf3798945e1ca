"""What testing a client takes: the client, the mock that it meets, and the means to make it do something."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Literal, Protocol

from harness.model.exchange import HttpExchange, State, Stored
from harness.model.situation import Change, Situation
from harness.model.world import Clock
from harness.run.client import Client
from harness.run.hooks import Hook


class Counterpart(Protocol):
    """The mock that a client meets, in one situation at a time."""

    def present(self, situation: Situation, baseline: State | None) -> Mapping[str, str]:
        """Begin a situation and give the settings that the client needs; with a baseline, that is what it holds."""
        ...

    def trouble(self) -> None:
        """Commit the faults of the situation from now on."""
        ...

    def relieve(self) -> None:
        """Commit no faults any more."""
        ...

    @property
    def said(self) -> Sequence[HttpExchange]:
        """What was said in this situation so far."""
        ...

    @property
    def state(self) -> State:
        """What it holds."""
        ...

    async def more(self, known: int) -> None:
        """Return when more than `known` exchanges are there."""
        ...


class NotReadError(Exception):
    """What the client holds could not be read; the text says why."""


ReadBack = Callable[[str], Awaitable[State]]
"""Reads what the client holds, in the situation of this id; NotReadError where it cannot."""

Tell = Callable[[str, Mapping[str, Any]], None]
"""Is told what happens in a situation, by its id, as it happens."""


@dataclass
class Observe:
    """One client, ready to be tested. `reads` say how its own state is read back, by the source that they are; where
    that has not `agreed` yet with what it told, it is read again for a while.

    `comes_by_itself`: nobody can make it call, but it does so every now and then, within `patience_s`.
    `usual` is what a client is made to do that runs already, where a situation names nothing. `patience_s` is how long
    the first call is waited for. `passive`: nothing is done wrong on purpose, and nobody is killed. `is_started_here`:
    not by the user. To set `skip` ends the present situation. `runs`: it does already.
    """

    client: Client
    chair: Counterpart
    hooks: Mapping[str, Hook]
    clock: Clock
    random: Random
    interface: str
    quiet_s: float
    limit_s: float
    patience_s: float
    reads: Sequence[tuple[Literal["pull", "export"], ReadBack]] = ()
    agreed: Callable[[Stored], bool] = lambda _stored: True
    usual: Change | None = None
    comes_by_itself: bool = False
    passive: bool = False
    tell: Tell = lambda _situation, _told: None
    is_started_here: bool = True
    skip: asyncio.Event = field(default_factory=asyncio.Event)
    runs: bool = False
