"""The mock as a client under test meets it: one session that presents a situation after another."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from harness.mock.journal import Entry
from harness.mock.session import Session
from harness.model.exchange import HttpExchange, State
from harness.model.settings import Settings
from harness.model.situation import Situation


class MockCounterpart:
    """A `harness.run.observe.Counterpart` over one session, which somebody else serves.

    `told` are the tables that hold what clients told it: they are empty at first, or hold the baseline; from then on
    they go on from one situation to the next. `environment` gives the settings that a client needs.
    """

    def __init__(self, session: Session, told: Sequence[str], environment: Callable[[], Mapping[str, str]]) -> None:
        self._session = session
        self._told = told
        self.environment = environment
        self._usual = session.settings
        self._said: list[HttpExchange] = []
        self._more = asyncio.Event()
        self._situation: Situation | None = None

    def heard(self, entry: Entry) -> None:
        """The session has a new entry in its journal."""
        self._said.append(entry.exchange)
        self._more.set()
        self._more = asyncio.Event()

    def present(self, situation: Situation, baseline: State | None) -> Mapping[str, str]:
        """See `Counterpart`."""
        session = self._session
        session.situation = situation.id
        session.settings = Settings({**self._usual.values, **situation.settings})
        session.faults.clear()
        if self._situation is None:
            self._hold(baseline or {})
        self._situation, self._said = situation, []
        return self.environment()

    def _hold(self, state: State) -> None:
        tables = self._session.tables
        for table in self._told:
            for key, _row in list(tables.rows(table)):
                tables.drop(table, key)
            for key, row in state.get(table, {}).items():
                tables.put(table, dict(row), key)

    def trouble(self) -> None:
        """See `Counterpart`."""
        for spec in self._situation.faults if self._situation else ():
            self._session.faults.add(spec)

    def relieve(self) -> None:
        """See `Counterpart`."""
        self._session.faults.clear()

    @property
    def said(self) -> Sequence[HttpExchange]:
        """See `Counterpart`."""
        return self._said

    @property
    def state(self) -> State:
        """See `Counterpart`."""
        return {table: dict(self._session.tables.rows(table)) for table in self._told}

    async def more(self, known: int) -> None:
        """See `Counterpart`."""
        while len(self._said) <= known:
            await self._more.wait()
