"""Sessions: worlds of their own, side by side in one process."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any

from harness.auth.received import Received
from harness.judge.judge import Judge
from harness.mock.call import Action, Behaviour
from harness.mock.faults import Faults
from harness.mock.journal import Entry, Journal
from harness.mock.story import StoryClock
from harness.mock.tables import Snapshot, TableKind, Tables
from harness.model.exchange import Transcript
from harness.model.profile import Profile
from harness.model.requirement import Requirement
from harness.model.settings import Settings
from harness.model.system import Interface, Service, System
from harness.model.verdict import Verdict
from harness.model.world import Clock
from harness.spec.openapi import Document, joined


@dataclass(frozen=True)
class Offered:
    """A service as it is offered: its document, and the path under which it stands."""

    service: Service
    document: Document
    base_path: str


@dataclass(frozen=True)
class Served:
    """A system as a mock serves it: what it does, its services, and what judges its clients."""

    system: System
    interface: Interface
    behaviour: Behaviour
    offered: tuple[Offered, ...]
    requirements: tuple[Requirement, ...]
    profile: Profile

    @cached_property
    def document(self) -> Document:
        """The documents of all its services as one."""
        return joined([one.document for one in self.offered])

    @property
    def services(self) -> frozenset[str]:
        """The names of its services."""
        return frozenset(one.service.name for one in self.offered)

    @property
    def operations(self) -> list[str]:
        """Every operationId."""
        return [operation.id for operation in self.document.operations]

    def judge(self) -> Judge:
        """A new judge of what clients say, and of what the mock answers."""
        interface = self.interface
        return Judge(self.requirements, self.profile, self.document, interface.objects, interface.subject)


@dataclass(frozen=True)
class Home:
    """Where the world of a session is kept: its tables, whether they hold it already (`full`), what writes down the
    seed that it begins with, and what forgets it when the session ends."""

    tables: Tables
    full: bool = False
    begun: Callable[[int], None] = lambda _seed: None
    ended: Callable[[], None] = lambda: None


DEFAULT = "default"
"""The session that always exists, and needs no prefix."""


class Session:
    """One world: clocks, chance, tables, secrets, faults, and a journal of what was said in it.

    `judges` holds by system who judges its clients. Its tables are in memory, or in the `home` that is handed in. What
    `world` holds takes the place of the same tables of the seed, at the beginning and after each reset. Its exchanges
    are told apart from those of others by `exchange_prefix`.
    """

    def __init__(
        self,
        name: str,
        served: tuple[Served, ...],
        wire: Clock,
        *,
        seed: int = 1,
        situation: str = "serve",
        home: Home | None = None,
        world: Snapshot | None = None,
    ) -> None:
        self.id = name
        self.served = served
        self.wire = wire
        self.situation = situation
        self.began = wire.now()
        self.home = home or Home(Tables(kinds_of(served)))
        self.tables = self.home.tables
        self.settings = Settings({name: value for one in served for name, value in one.profile.settings.values.items()})
        self.faults = Faults([name for one in served for name in (*one.operations, *one.services)], seed)
        self.journal = Journal()
        self.exchange_prefix = "e"
        self.more_environment: Mapping[str, str] = {}
        self.more_actions: dict[str, Action] = {}
        self.on_reset: list[Callable[[], None]] = []
        self._work: set[asyncio.Task[Any]] = set()
        self._world = world or {}
        self._begin(seed, fill=not self.home.full)

    def _begin(self, seed: int, *, fill: bool) -> None:
        self.seed = seed
        self.random = Random(f"{seed} {self.id}")  # noqa: S311 - reproducible on purpose
        self.story = StoryClock(self.wire)
        self.received = Received()
        self.judges = {one.system.name: one.judge() for one in self.served}
        if fill:
            with self.tables.batch():  # of one kept in a file, all of it or nothing is there after a kill
                self._fill()

    def _fill(self) -> None:
        self.home.begun(self.seed)
        self.tables.replace_all({})
        for one in self.served:
            one.behaviour.seed(self)
        for table, rows in self._world.items():
            for key, _row in self.tables.rows(table):
                self.tables.drop(table, key)
            for key, row in rows.items():
                self.tables.put(table, row, key)

    def reset(self, seed: int | None = None) -> None:
        """Begin anew: the tables as they were at first, no faults, an empty journal, story time as wire time."""
        self.faults.clear()
        self.journal.clear()
        self.began = self.wire.now()
        self._begin(self.seed if seed is None else seed, fill=True)
        for begun in self.on_reset:
            begun()

    def start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Have something done that takes its time; `at_rest` waits for it."""
        task = asyncio.ensure_future(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)
        return task

    async def at_rest(self) -> None:
        """Return when nothing is being done any more."""
        while self._work:
            await asyncio.gather(*self._work, return_exceptions=True)

    @property
    def actions(self) -> Mapping[str, Action]:
        """What it can be made to do."""
        of_systems = {name: action for one in self.served for name, action in one.behaviour.actions.items()}
        return of_systems | self.more_actions

    def environment(self, origins: Mapping[str, str]) -> dict[str, str]:
        """The settings that clients need; `origins` are the public addresses of the systems."""
        prefix = "" if self.id == DEFAULT else f"/~{self.id}"
        return dict(self.more_environment) | {
            name: value
            for one in self.served
            for name, value in one.behaviour.environment(self, origins[one.system.name] + prefix).items()
        }

    def verdicts(self, system: str) -> list[Verdict]:
        """What it comes to so far; the live judge goes on as if nobody had asked."""
        return self.judges[system].so_far(self.transcript(system))

    def transcript(self, system: str) -> Transcript:
        """What was said to a system and is still remembered."""
        names = next(one.services for one in self.served if one.system.name == system)
        said = tuple(entry.exchange for entry in self.journal if entry.service in names)
        return Transcript(self.situation, said)


def kinds_of(served: tuple[Served, ...]) -> tuple[TableKind, ...]:
    """The kinds of table that these systems need."""
    return tuple(kind for one in served for kind in one.behaviour.tables)


class Sessions:
    """All sessions of a process. `make` makes one of a name, its systems (all where empty), situation and seed.

    `told` is called with every new entry of a journal.
    """

    def __init__(self, make: Callable[[str, tuple[str, ...], str, int], Session], seed: int = 1) -> None:
        self._make = make
        self._by_id: dict[str, Session] = {}
        self._number = 0
        self.told: list[Callable[[Session, Entry], None]] = []
        self.add(DEFAULT, seed=seed)

    def add(
        self, name: str | None = None, systems: tuple[str, ...] = (), situation: str = "serve", seed: int = 1
    ) -> Session:
        """A new session, of this name or a new one."""
        while name is None or name in self._by_id:
            self._number += 1
            name = f"s{self._number}"
        self._by_id[name] = session = self._make(name, systems, situation, seed)
        return session

    def get(self, name: str) -> Session | None:
        """The session of this id."""
        return self._by_id.get(name)

    def drop(self, name: str) -> bool:
        """End a session; the default one stays."""
        if name == DEFAULT or name not in self._by_id:
            return False
        self._by_id.pop(name).home.ended()
        return True

    def tell(self, session: Session, entry: Entry) -> None:
        """A journal has a new entry."""
        for told in self.told:
            told(session, entry)

    def __iter__(self) -> Iterator[Session]:
        return iter(tuple(self._by_id.values()))
