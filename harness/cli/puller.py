"""The daily puller as a mock: it reads the user's own server as the party would, and keeps what it got."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from harness.cli.options import Flags
from harness.cli.plan import Plan, UsageError
from harness.cli.route import transport
from harness.cli.session import Session as Check
from harness.cli.settings import plans
from harness.cli.whole_lists import whole_list
from harness.collect import suite
from harness.judge.judge import Judge
from harness.mock.call import Action
from harness.mock.journal import Entry
from harness.mock.session import DEFAULT, Served, Session, Sessions
from harness.mock.tables import TableKind
from harness.model.exchange import HttpExchange
from harness.model.system import Puller
from harness.run.drive import LockedOutError, SubjectLostError
from harness.wire.http import RequestsSpentError

SERVICE = "pull"
"""The name under which the journal has what the puller asked."""
PULL_NOW = "pull-now"
_AGAIN = f"see to your server, then pull again: the action {PULL_NOW}"
KEPT = "pulled_"
"""How the tables begin that hold what was pulled."""


def add_puller(
    sessions: Sessions,
    url: str,
    token_env: str | None,
    config: Path | None,
    environment: Mapping[str, str],
    directory: Path,
) -> None:
    """Have the default session pull this server: once a day of the story, and on request."""
    session = sessions.get(DEFAULT)
    assert session is not None  # noqa: S101 - it always exists
    served = next((one for one in session.served if one.system.mock and one.system.mock.puller), None)
    if served is None or served.system.mock is None or served.system.mock.puller is None:
        raise UsageError("--pull-url: none of these systems pulls")
    wanted = served.system.mock.puller
    flags = Flags(url=url, token_env=token_env, config=config, seed=session.seed)
    plan = plans(wanted.interface, flags, environment, directory)[0][0]
    puller = DailyPuller(sessions, session, served, wanted, plan)
    session.more_actions[PULL_NOW] = Action(f"Pull {url} now, and keep what comes", lambda _s, _a: puller.pull())
    session.on_reset.append(puller.begin_anew)
    puller.schedule()


class DailyPuller:
    """Pulls one server for one session. What was kept before is replaced where a whole list was read without trouble,
    and only there: an object that it does not show is gone."""

    def __init__(self, sessions: Sessions, session: Session, served: Served, wanted: Puller, plan: Plan) -> None:
        self._sessions = sessions
        self._session = session
        self._served = served
        self._wanted = wanted
        self._plan = plan
        self._suite = suite(wanted.interface)
        self._document = self._suite.load()
        self._one_at_a_time = asyncio.Lock()
        self._is_due = False
        self._resets = 0

    def begin_anew(self) -> None:
        """The session was reset: a pull that is under way is for nothing, and the next one is to come."""
        self._resets += 1
        self._is_due = False
        self.schedule()

    def schedule(self) -> None:
        """Pull at the next hour of the story that is the one for it, and every day from then on."""
        now = self._session.story.now()
        hour = self._served.profile.settings.number(self._wanted.hour_setting) % 24
        due = now.replace(hour=hour, minute=0, second=0, microsecond=0)
        due += timedelta(days=0 if due > now else 1)
        self._session.story.at(due, "daily pull", self._due)

    def _due(self) -> None:
        """Several days that pass at once come to one pull."""
        if not self._is_due:
            self._is_due = True
            self._session.start(self.pull())
        self.schedule()

    async def pull(self) -> dict[str, Any]:
        """Read both lists; what came of each, in numbers, and why nothing did."""
        async with self._one_at_a_time:
            self._is_due = False
            return await self._pull(self._resets)

    async def _pull(self, resets: int) -> dict[str, Any]:
        pages: list[HttpExchange] = []
        judge = self._judge()

        def take(exchange: HttpExchange) -> None:
            if resets == self._resets:
                pages.append(exchange)
                self._note(judge, exchange)

        check = Check(
            self._plan, self._suite, self._document, self._session.wire, transport(self._plan), self._session.seed,
            lambda _text: None,
        )  # fmt: skip
        try:
            ready = await check.visit(self._wanted.scenarios, take)
        except (SubjectLostError, LockedOutError, RequestsSpentError) as error:
            return {"pulled": False, "why": str(error), "next": _AGAIN}
        if ready.world is None:
            last = ready.checks[-1]
            return {"pulled": False, "why": last.detail, "next": last.next.replace("--url", "--pull-url")}
        if resets != self._resets:
            return {"pulled": False, "why": "the session was reset meanwhile", "next": _AGAIN}
        return {"pulled": True, "lists": {name: self._keep(name, pages) for name in self._tables()}}

    def _judge(self) -> Judge:
        interface = self._suite.interface
        return Judge(self._suite.requirements, self._plan.profile, self._document, interface.objects, interface.subject)

    def _note(self, judge: Judge, exchange: HttpExchange) -> None:
        """The exchange into the journal, under a number of its own."""
        exchange = replace(exchange, id=f"e{self._session.journal.last + 1}")
        failure = exchange.failure
        why, advice = (f"the pull had no answer: {failure.detail}", _AGAIN) if failure else ("", "")
        entry = self._session.journal.add(Entry(0, SERVICE, exchange, tuple(judge.take(exchange)), why, advice))
        self._sessions.tell(self._session, entry)

    def _tables(self) -> dict[str, TableKind]:
        """The tables of what was pulled, by name."""
        return {kind.name: kind for kind in self._served.behaviour.tables if kind.name.startswith(KEPT)}

    def _keep(self, name: str, pages: list[HttpExchange]) -> dict[str, Any]:
        """Put what a whole list shows in the place of what was kept; nothing where it was not read to its end."""
        kind = self._tables()[name]
        assert isinstance(kind.schema, tuple)  # noqa: S101 - it is a table of objects of a document
        found = whole_list(pages, kind.schema[1], self._document, self._suite.interface.objects)
        good = [row for row in found.rows if kind.own_key(row) is not None]
        told = {"complete": found.is_whole, "objects": len(good), "without an id": len(found.rows) - len(good)}
        if not found.is_whole:
            return told
        tables = self._session.tables
        before = dict(tables.rows(name))
        with tables.batch():
            for key in before:
                tables.drop(name, key)
            for row in good:
                tables.put(name, row)
        after = dict(tables.rows(name))
        changed = sum(before[key] != row for key, row in after.items() if key in before)
        return told | {
            "new": len(after.keys() - before.keys()),
            "gone": len(before.keys() - after.keys()),
            "changed": changed,
        }
