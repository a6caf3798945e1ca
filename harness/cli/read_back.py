"""Reads what a client under test holds itself: by a pull of its own server, or by its hook ``export``."""

import importlib
import secrets
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import httpx

from harness.cli.mocks import mock_of
from harness.cli.plan import Plan
from harness.cli.route import transport as usual_transport
from harness.cli.session import Session as Check
from harness.cli.whole_lists import whole_list
from harness.collect import suite
from harness.mock.call import Behaviour
from harness.mock.tables import TableKind
from harness.model.exchange import HttpExchange, State, Stored
from harness.model.settings import Settings
from harness.model.system import System
from harness.model.world import Clock
from harness.run.drive import LockedOutError, SubjectLostError
from harness.run.hooks import Hook, HookFailedError
from harness.run.observe import NotReadError, ReadBack
from harness.standards.ocpi_2_2_1.convergence import STAMP, Rules, differences
from harness.standards.ocpi_2_2_1.reading import moment
from harness.wire.clock import SystemClock
from harness.wire.http import RequestsSpentError


def by_pull(plan: Plan, transport: httpx.AsyncBaseTransport | None = None, clock: Clock | None = None) -> ReadBack:
    """Reads both lists of the server of this plan, as the daily puller does; over `transport` where one is given."""
    chosen = suite(plan.interface)
    document, system = chosen.load(), chosen.system
    puller = mock_of(system).puller
    seed = plan.seed if plan.seed is not None else secrets.randbits(31)

    async def read(_situation: str) -> State:
        pages: list[HttpExchange] = []
        if puller is None:
            raise NotReadError(f"{system.title} pulls nothing")
        way = transport or usual_transport(plan)
        check = Check(plan, chosen, document, clock or SystemClock(), way, seed, lambda _text: None)
        try:
            ready = await check.visit(puller.scenarios, pages.append)
        except (SubjectLostError, LockedOutError, RequestsSpentError) as error:
            raise NotReadError(f"the pull did not end: {error}") from None
        if ready.world is None:
            raise NotReadError(f"the server could not be pulled: {ready.checks[-1].detail}")
        state: dict[str, Mapping[str, Any]] = {}
        for kind in told_kinds(system):
            assert isinstance(kind.schema, tuple)  # noqa: S101 - it is a table of objects of a document
            found = whole_list(pages, kind.schema[1], document, chosen.interface.objects)
            if not found.is_whole:
                raise NotReadError(f"the pull did not end: the list of {kind.name} was not read to its last page")
            state[kind.name] = _keyed(kind, found.rows)
        return state

    return read


def by_export(hook: Hook, interface_id: str) -> ReadBack:
    """Asks the hook ``export``, which answers ``{"lines": [{"table", "object"}, …]}``."""

    system = suite(interface_id).system

    async def read(situation: str) -> State:
        try:
            answer = await hook({"hook": "export", "interface": interface_id, "situation": situation})
        except HookFailedError as error:
            raise NotReadError(f"the hook export failed: {error}") from None
        return state_of(system, answer.get("lines"))

    return read


def state_of(system: System, lines: Any) -> State:
    """The objects in an answer of the hook ``export``, by table and key; NotReadError where it is none."""
    if not isinstance(lines, list):
        raise NotReadError('the hook export answers {"lines": [{"table": …, "object": {…}}, …]}, and this has no lines')
    if not lines:
        raise NotReadError("the hook export printed nothing, which says nothing of what is held")
    kinds = {kind.name: kind for kind in told_kinds(system)}
    rows: dict[str, list[Any]] = {name: [] for name in kinds}
    for number, line in enumerate(lines, 1):
        table, row = (line.get("table"), line.get("object")) if isinstance(line, dict) else (None, None)
        if table not in rows:
            raise NotReadError(f"line {number} of the hook export: its table is none of {', '.join(kinds)}")
        if kinds[table].own_key(row if isinstance(row, dict) else {}) is None:
            raise NotReadError(f"line {number} of the hook export: its object has no country_code, party_id and id")
        rows[table].append(row)
    return {name: _keyed(kind, rows[name]) for name, kind in kinds.items()}


def told_kinds(system: System) -> list[TableKind]:
    """The tables of what clients tell, as the mock of the system keeps them."""
    mock = mock_of(system)
    behaviour: Behaviour = importlib.import_module(mock.module).BEHAVIOUR
    kinds = {kind.name: kind for kind in behaviour.tables}
    return [kinds[name] for name in mock.told]


def _keyed(kind: TableKind, rows: Iterable[Any]) -> dict[str, Any]:
    return {key: row for row in rows if (key := kind.own_key(row)) is not None}


def agreed(stored: Stored, settings: Settings) -> bool:
    """Nothing differs that may yet come right: to read again would show the same."""
    rules, since = Rules.of(settings), stored.at - timedelta(seconds=settings.number("converge.settle_s"))
    for table, told in stored.told.items():
        held = stored.held.get(table, {})
        for one in differences(told, held, rules):
            rows = (told.get(one.key), held.get(one.key))
            stamps = [moment(row, STAMP) for row in rows if isinstance(row, dict)]
            is_young = any(stamp is not None and stamp > since for stamp in stamps)
            if one.kind == "only pushed" or is_young:
                return False
    return True
