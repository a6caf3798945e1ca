"""A scenario: a conversation that does no I/O. It yields steps and is sent the exchanges that came of them."""

import inspect
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from harness.model.credential import Present
from harness.model.exchange import HttpExchange
from harness.model.requirement import derived_id
from harness.model.world import World


@dataclass(frozen=True)
class Ask:
    """A step: send this request. `target` is a path below the interface's address, or an absolute URL.

    `tags` go into the evidence. `operation` names the document's operation where the URL alone might not tell it (a
    Link of a page is a request for the same operation, however it is spelt).
    """

    method: str
    target: str
    query: tuple[tuple[str, str], ...] = ()
    auth: Present | None = None
    tags: frozenset[str] = frozenset()
    operation: str | None = None


@dataclass(frozen=True)
class CannotAsk:
    """A step that could not be made, and why; clauses that wait for its evidence give this reason."""

    reason: str


Step = Ask | CannotAsk
Steps = Generator[Step, Any, None]
Asking = Generator[Step, Any, HttpExchange]


def get(
    target: str,
    *,
    query: Mapping[str, str | int] | None = None,
    auth: Present | None = None,
    tags: Iterable[str] = (),
    operation: str | None = None,
) -> Asking:
    """GET `target`; the value of the expression is the exchange."""
    pairs = tuple((name, str(value)) for name, value in (query or {}).items())
    exchange = yield Ask("GET", target, pairs, auth, frozenset(tags), operation)
    assert isinstance(exchange, HttpExchange)  # noqa: S101 - what the driver promises for an Ask
    return exchange


def cannot_ask(reason: str) -> Steps:
    """Note that something could not be asked."""
    yield CannotAsk(reason)


@dataclass(frozen=True)
class Scenario:
    """A named conversation. `id` is derived like a requirement's."""

    id: str
    title: str
    play: Callable[[World], Steps]
    module: str


def scenario(play: Callable[[World], Steps]) -> Scenario:
    """Make a scenario of a generator function; the first line of its docstring is the title."""
    doc = inspect.getdoc(play) or ""
    return Scenario(derived_id(play.__module__, play.__name__), doc.partition("\n")[0], play, play.__module__)
