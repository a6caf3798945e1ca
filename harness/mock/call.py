"""What a mock is asked and what it answers: the values between the machine and the behaviour of a system."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson

from harness.mock.tables import TableKind
from harness.model.body import Body
from harness.model.exchange import Headers
from harness.model.pointer import MISSING
from harness.model.verdict import Problem

if TYPE_CHECKING:
    from harness.mock.session import Session
    from harness.spec.openapi import Operation


@dataclass(frozen=True)
class Refusal:
    """A problem for which a request is refused, and the clause (its id) that it breaks."""

    requirement: str
    problem: Problem


@dataclass(frozen=True)
class Reply:
    """An answer: status, header fields, body. `why` says to a person in one line why a request was refused, `advice`
    what to do or to type; both are empty where all is well."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    why: str = ""
    advice: str = ""

    def but(self, why: str, advice: str = "") -> "Reply":
        """The same answer with a reason for people."""
        return replace(self, why=why, advice=advice)


def json_reply(status: int, value: Any, *headers: tuple[str, str]) -> Reply:
    """An answer whose body is this JSON value."""
    return Reply(status, (("Content-Type", "application/json"), *headers), orjson.dumps(value))


@dataclass
class Call:
    """One request on its way through a mock.

    `path` is what stands below the service's own base path, still percent-encoded; `parameters` are those of the path,
    decoded. `origin` is the public address of this session, without a slash at its end: every absolute URL that goes
    out begins with it. `account` is who calls, once admitted; with `token_counts` False, whatever token it shows is to
    be told ended. `notes` are what a person should know of this request besides.
    """

    session: "Session"
    service: str
    method: str
    path: str
    query: str
    headers: Headers
    body: Body
    origin: str
    now: datetime
    operation: "Operation | None" = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    account: Mapping[str, Any] | None = None
    token_counts: bool = True
    notes: list[str] = field(default_factory=list)

    @property
    def value(self) -> Any:
        """The JSON value of the body, or `MISSING`."""
        return self.body.value if self.body.raw else MISSING

    def setting(self, name: str) -> str:
        """The text of a setting of this session."""
        return self.session.settings.text(name)


Answering = Callable[[Call], Reply]
"""What one operation does."""


@dataclass(frozen=True)
class Dialect:
    """How an API says no, and who it lets in.

    `admit` puts the account into the call, or answers why not (None: come in); `unknown_path` and `method_not_listed`
    (with the methods that are) come before it. `refused` gets the clauses that the request breaks, and answers None
    where these are no reason to refuse it here. `trouble` makes the answer of a status that the mock was told to give
    (429, 500, 503), or has to (413, and 500 where its behaviour crashed). `finished` puts on every answer what all of
    them carry.
    """

    unknown_path: Answering
    method_not_listed: Callable[[Call, Sequence[str]], Reply]
    admit: Callable[[Call], Reply | None]
    refused: Callable[[Call, Sequence[Refusal]], Reply | None]
    trouble: Callable[[Call, int], Reply]
    finished: Callable[[Call, Reply], Reply] = lambda _call, reply: reply


@dataclass(frozen=True)
class Action:
    """Something that a person or a test may make a session do: its name is its key; `schema` is the JSON Schema of its
    arguments, `title` says what it does. `run` gets session and arguments, and gives a JSON value, or what comes to one
    when it is awaited. ValueError says what is wrong with the arguments."""

    title: str
    run: Callable[["Session", Mapping[str, Any]], Any]
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "object", "additionalProperties": False})


@dataclass(frozen=True)
class Behaviour:
    """What no document says of a system's mock.

    `operations` maps an operationId to what it does; `dialects` a service to how it says no. `tables` are the kinds of
    state; `seed` fills a session's tables at its beginning and after a reset. `environment` gives the settings that a
    client needs, by name, for a session at this origin (contract section 3). `known` are lines with the ids that exist,
    for a person to copy. `serve_only` leaves one account, for these parties. `secrets` names the members of answers
    that give out secrets, by operationId.
    """

    operations: Mapping[str, Answering]
    dialects: Mapping[str, Dialect]
    tables: tuple[TableKind, ...]
    seed: Callable[["Session"], None]
    environment: Callable[["Session", str], dict[str, str]]
    known: Callable[["Session"], list[str]] = lambda _session: []
    serve_only: Callable[["Session", Sequence[str]], None] = lambda _session, _parties: None
    actions: Mapping[str, Action] = field(default_factory=dict)
    secrets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
