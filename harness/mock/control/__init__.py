"""The control path of the mocks and their page for people. Loaded here is only what starting needs; the rest comes with
the first request."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from harness.mock.data import Check
from harness.mock.session import Session, Sessions
from harness.model.exchange import HttpExchange

LONGEST_WAIT_S = 60.0
"""Seconds that a request for the journal is kept waiting at most."""


@dataclass(frozen=True)
class Surroundings:
    """What the composition root knows and the control path does not.

    `origins` maps each system to the public address of its mock, without a slash at its end. `line` makes of an
    exchange what a record says of it; `report` makes a session's report on a system in a format (``json``, ``html``,
    ``md``, ``junit``, ``run.jsonl``). `check` holds an object against its table's schema, as for one's own data.
    `hosts` are the names besides those of loopback under which the control path may be asked. `situations` are those
    that a session can begin with. Where a suite is being played, `go_on` ends the present situation, or with ``True``
    the whole run, and gives the id of the one that comes next, None where none does.
    """

    version: str
    origins: Mapping[str, str]
    line: Callable[[HttpExchange], Mapping[str, Any]]
    report: Callable[[Session, str, str], bytes]
    check: Check
    hosts: Collection[str] = field(default_factory=frozenset)
    situations: Collection[str] = ("serve",)
    longest_wait: float = LONGEST_WAIT_S
    go_on: Callable[[bool], str | None] | None = None


class Control:
    """The ASGI app of the control listener. It runs in the event loop of the mocks."""

    def __init__(self, sessions: Sessions, surroundings: Surroundings) -> None:
        self._sessions = sessions
        self._surroundings = surroundings
        self._app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        if self._app is None:
            module = await asyncio.to_thread(import_module, "harness.mock.control.app")  # the mocks go on answering
            self._app = self._app or module.control_app(self._sessions, self._surroundings)
        await self._app(scope, receive, send)
