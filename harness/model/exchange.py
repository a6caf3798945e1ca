"""Evidence: what went over the wire, secrets already replaced."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Literal, NamedTuple, NewType, TypeVar

from harness.model.body import Body
from harness.model.credential import Credential
from harness.model.pointer import join

T = TypeVar("T")


@dataclass(frozen=True)
class Headers:
    """Header fields in the order and spelling of the wire; looked up without case (RFC 9110 section 5.1)."""

    fields: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, fields: Mapping[str, str] | Iterable[tuple[str, str]]) -> "Headers":
        """Headers of a mapping or of pairs."""
        pairs = fields.items() if isinstance(fields, Mapping) else fields
        return cls(tuple((name, value) for name, value in pairs))

    def all(self, name: str) -> list[str]:
        """Every value under this name, in order, without surrounding white space."""
        wanted = name.lower()
        return [value.strip() for key, value in self.fields if key.lower() == wanted]

    def get(self, name: str) -> str | None:
        """The value under this name; repeated fields joined by a comma (RFC 9110 section 5.3); None where absent."""
        values = self.all(name)
        return ", ".join(values) if values else None

    def without(self, name: str) -> "Headers":
        """The same without any field of this name."""
        return Headers(tuple(pair for pair in self.fields if pair[0].lower() != name.lower()))

    def with_field(self, name: str, value: str) -> "Headers":
        """The same with this one field in the place of all of that name (at the end where there was none)."""
        kept: list[tuple[str, str]] = []
        placed = False
        for key, old in self.fields:
            if key.lower() != name.lower():
                kept.append((key, old))
            elif not placed:
                kept.append((key, value))
                placed = True
        return Headers(tuple(kept) if placed else (*kept, (name, value)))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.fields)


@dataclass(frozen=True)
class HttpRequest:
    """A request as the subject got it (or sent it), with the credential it showed."""

    method: str
    url: str
    headers: Headers
    body: Body = field(default_factory=lambda: Body(b""))
    credential: Credential | None = None


@dataclass(frozen=True)
class HttpResponse:
    """A response; its body after content decoding. `issued` are the secrets that it gave out, where it was asked for
    some (an access token): in the body stand marks for them."""

    status: int
    headers: Headers
    body: Body
    reason: str = ""
    issued: tuple[Credential, ...] = ()


@dataclass(frozen=True)
class Failure:
    """Why no response came. `kind` is one of ``name``, ``refused``, ``unreachable``, ``timeout``, ``tls``,
    ``client-certificate``, ``proxy``, ``not-http``, ``reset``, ``too-large``, ``too-slow`` (still arriving when its
    time was over), ``not-followed``, ``throttled`` (not asked, since the server wants to be left alone), ``other``."""

    kind: str
    detail: str


@dataclass(frozen=True)
class HttpExchange:
    """One request and what came of it: a response, or the failure.

    `operation` is the operationId of the document, None where the request fits none. `tags` say how the harness meant
    it: ``authorised`` (the true credential in the form that works), ``probe`` (asked wrongly on purpose), ``fault``
    (answered wrongly on purpose), and one tag per kind of probe. `attempts` counts how often it was sent; `retried`
    says with what trouble earlier attempts ended that speak of the moment (``503``, ``reset``).
    """

    id: str
    situation: str
    operation: str | None
    request: HttpRequest
    response: HttpResponse | None
    sent: datetime
    received: datetime
    tags: frozenset[str] = frozenset()
    failure: Failure | None = None
    attempts: int = 1
    retried: tuple[str, ...] = ()


THROTTLED = "throttled"
"""The tag of an exchange whose answer asked to wait: it is recorded, and no clause looks at it."""

RETRIED = "retried"
"""The tag of an exchange that ended in trouble of the moment and was tried again: recorded, and no clause looks at it.
"""

SPOILT = "fault"
"""The tag of an exchange whose answer, or whose request on its way, was made wrong on purpose by a mock."""


def trouble_tag(kind: str) -> str:
    """The further tag of an exchange that a trouble of this kind spoilt (``fail``, ``drop before``)."""
    return f"trouble: {kind}"


PASSED_OVER = frozenset({THROTTLED, RETRIED})
"""The tags of exchanges that no clause looks at."""

TOKEN_ENDPOINT = "token endpoint"  # noqa: S105 - a tag
"""The tag of an exchange with an OAuth2 token endpoint: only clauses on a `TokenExchange` are about it."""

TokenExchange = NewType("TokenExchange", HttpExchange)
"""An exchange with an OAuth2 token endpoint (RFC 6749 3.2), which is no part of the API."""


FEED = "feed"
"""The tag of an exchange that nobody held: the objects of a file, put as the answer that would have brought them. Only
clauses on what an answer says look at it, none on how it came."""

WRITTEN_BY_THE_CLIENT = "written by the client"
"""The tag of an exchange that stands turned round, so that a clause on what a message says need not ask who wrote it:
the body of the request is in the place of the answer's. Problems found there are told of the request."""

Showing = NewType("Showing", HttpExchange)
"""An exchange whose answer shows domain objects, as `DomainObjects.shown` tells: for clauses about those alone."""

Written = NewType("Written", HttpExchange)
"""An exchange with an answer that has a body: for clauses about its text alone."""


@dataclass(frozen=True)
class HookCall:
    """A hook of the user's own that was called and did its work. `after` is the id of the exchange before it, empty at
    the beginning; `began` is when it was called, `at` when it returned."""

    name: str
    arguments: Mapping[str, Any]
    answer: Mapping[str, Any]
    after: str
    at: datetime
    began: datetime | None = None


@dataclass(frozen=True)
class Happening:
    """Something that befell a client under test: it was ``started``, it ``ended`` by itself (`detail` is its exit code)
    or was ``stopped`` or ``killed``; the mock was ``troubled`` by the faults of the situation, and ``well`` again."""

    kind: Literal["started", "ended", "stopped", "killed", "troubled", "well"]
    at: datetime
    detail: str = ""


State = Mapping[str, Mapping[str, Any]]
"""Objects that somebody holds: table → key → object."""


@dataclass(frozen=True)
class Stored:
    """What the client itself holds at the end of a situation, read back by a ``pull`` of its server or by the hook
    ``export`` (`source`); `before` is what it held at the beginning, None where nobody could look. `told` is the state
    that its accepted pushes come to, from `before` on, and from nothing where there is none."""

    source: Literal["pull", "export"]
    at: datetime
    held: State
    told: State
    before: State | None = None


@dataclass(frozen=True)
class OutputLine:
    """A line that a client wrote, with marks in the place of secrets. `leaks` says what stood there in full: ``client
    secret``, ``access token``."""

    stream: Literal["stdout", "stderr"]
    text: str
    leaks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Transcript:
    """All exchanges of one situation, in order, the hooks called in it, why anything could not be asked, and of what a
    sample was taken.

    Of a client under test besides: what `happened` to it, `until` when it was watched (None where it is the harness
    that asks), what it wrote (`output`, None where nobody could see it) and what it holds (`stores`; `not_read` says
    why that could not be read).
    """

    situation: str
    exchanges: tuple[HttpExchange, ...]
    not_asked: tuple[str, ...] = ()
    hooks: tuple[HookCall, ...] = ()
    sampled: tuple[str, ...] = ()
    happened: tuple[Happening, ...] = ()
    until: datetime | None = None
    output: tuple[OutputLine, ...] | None = None
    stores: tuple[Stored, ...] = ()
    not_read: tuple[str, ...] = ()


Conversation = NewType("Conversation", Transcript)
"""A transcript of a client under test with all that it said, to a token endpoint too, and what was spoilt on purpose
(`SPOILT`, and the tag ``trouble: <kind>`` of the trouble): for clauses on how it copes. A `Transcript` as evidence
holds what was said to the API alone."""

Store = NewType("Store", Transcript)
"""A transcript of a client whose own state was read back."""


class Located(NamedTuple, Generic[T]):
    """A domain object found in a body: where the document's ``$ref`` says one stands.

    `keys` names it in the user's own terms (``location``, ``evse``, …), `party` is its owner (``NL/ABC``, None where
    it does not say).
    """

    value: T
    pointer: str
    exchange: HttpExchange
    keys: Mapping[str, str]
    party: str | None

    def at(self, *tokens: Any) -> str:
        """The problem place of a member of this object, in the exchange's response."""
        return f"response.body:{self.pointer}{join(tokens)}"


@dataclass(frozen=True)
class PartyAnswer:
    """An answer held against the party's own document: pointer, what the document says, what came; empty where they
    agree."""

    exchange: HttpExchange
    differences: tuple[tuple[str, str, str], ...]
