"""A scenario: a conversation that does no I/O. It yields steps and is sent the exchanges that came of them."""

import inspect
import json
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, overload

from harness.model.credential import Alteration, Client, Present
from harness.model.exchange import HookCall, HttpExchange
from harness.model.pointer import MISSING
from harness.model.requirement import derived_id
from harness.model.world import World


@dataclass(frozen=True)
class Ask:
    """A step: send this request. `target` is a path below the interface's address, or an absolute URL.

    `tags` go into the evidence. `operation` names the document's operation where the URL alone might not tell it (a
    Link of a page is a request for the same operation, however it is spelt). `form` makes a body of form fields, to
    which `auth` may add its own; `body` is one as it stands, with the `headers` that say what it is.
    """

    method: str
    target: str
    query: tuple[tuple[str, str], ...] = ()
    auth: Present | None = None
    tags: frozenset[str] = frozenset()
    operation: str | None = None
    form: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class CannotAsk:
    """A step that could not be made, and why; clauses that wait for its evidence give this reason."""

    reason: str


@dataclass(frozen=True)
class CallHook:
    """A step: have the user's own hook do something (``change``: make this change now) and wait for it."""

    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class Wait:
    """A step: let so much wire time pass."""

    seconds: float


@dataclass(frozen=True)
class Note:
    """A step: say how much of a thing was looked at, where it was not all of it."""

    text: str


Step = Ask | CannotAsk | CallHook | Wait | Note
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


def send(
    method: str,
    target: str,
    value: Any = MISSING,
    *,
    raw: bytes = b"",
    headers: Iterable[tuple[str, str]] = (("Content-Type", "application/json"),),
    auth: Present | None = None,
    tags: Iterable[str] = (),
    operation: str | None = None,
) -> Asking:
    """Send a JSON value, or `raw` bytes, or nothing at all, by this method; the value of the expression is the
    exchange."""
    body = raw if value is MISSING else json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
    told = tuple((name, text) for name, text in headers if body or name.lower() != "content-type")
    exchange = yield Ask(method, target, (), auth, frozenset(tags), operation, (), body, told)
    assert isinstance(exchange, HttpExchange)  # noqa: S101 - what the driver promises for an Ask
    return exchange


def token_request(client: Client, alteration: Alteration | None = None, tags: Iterable[str] = ()) -> Ask:
    """What asks the client's token endpoint for an access token, with its secret altered or not."""
    login = client.login(alteration)
    return Ask("POST", client.token_url, auth=login, tags=frozenset(tags), form=client.grant)


def ask_for_a_token(client: Client, alteration: Alteration | None = None, tags: Iterable[str] = ()) -> Asking:
    """POST to the client's token endpoint. A token that it gives to the true secret is used from then on."""
    exchange = yield token_request(client, alteration, tags)
    assert isinstance(exchange, HttpExchange)  # noqa: S101 - what the driver promises for an Ask
    return exchange


def wait(seconds: float) -> Steps:
    """Let so much wire time pass."""
    yield Wait(seconds)


def note(text: str) -> Steps:
    """Say that a sample was taken, and of which size; the report shows it."""
    yield Note(text)


def call_hook(name: str, **arguments: Any) -> Generator[Step, Any, HookCall | None]:
    """Call a hook; the value is what was called with what came of it, or None where there is no such hook or it
    failed, which the driver notes as a reason."""
    called = yield CallHook(name, arguments)
    return called if isinstance(called, HookCall) else None


def cannot_ask(reason: str) -> Steps:
    """Note that something could not be asked."""
    yield CannotAsk(reason)


class Turn(IntEnum):
    """When a scenario has its turn: a subject that takes offence at a probe has answered all proper questions by then.

    ``PROBES`` ask wrongly on purpose; ``KNOCKS`` show wrong credentials, or none, or right ones in a wrong way.
    """

    PROPER = 0
    PROBES = 1
    KNOCKS = 2


@dataclass(frozen=True)
class Scenario:
    """A named conversation. `id` is derived like a requirement's."""

    id: str
    title: str
    play: Callable[[World], Steps]
    module: str
    turn: Turn = Turn.PROPER


@overload
def scenario(play: Callable[[World], Steps]) -> Scenario: ...


@overload
def scenario(*, turn: Turn) -> Callable[[Callable[[World], Steps]], Scenario]: ...


def scenario(
    play: Callable[[World], Steps] | None = None, *, turn: Turn = Turn.PROPER
) -> Scenario | Callable[[Callable[[World], Steps]], Scenario]:
    """Make a scenario of a generator function; the first line of its docstring is the title."""
    if play is None:
        return lambda play: _made(play, turn)
    return _made(play, turn)


def _made(play: Callable[[World], Steps], turn: Turn) -> Scenario:
    doc = inspect.getdoc(play) or ""
    return Scenario(derived_id(play.__module__, play.__name__), doc.partition("\n")[0], play, play.__module__, turn)
