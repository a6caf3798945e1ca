"""Edits change one message, bytes in and bytes out; rewrites change a conversation.

In a proof an edit breaks or keeps a clause on a conforming transcript; live, the same edit is a fault that a mock or a
reference commits. A `Rewrite` and a `Retelling` only prove.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol, TypeVar

from harness.model.body import Body
from harness.model.exchange import HttpExchange, HttpRequest, HttpResponse, Transcript
from harness.model.pointer import index_of, split

Message = TypeVar("Message", HttpRequest, HttpResponse)


class _OfEither(Protocol):
    """A change that a request takes as well as a response."""

    def __call__(self, message: Message, /) -> Message | None: ...


@dataclass(frozen=True)
class Edit:
    """A change of one message: of the response, or of the request where `side` says so. `spelling` is how ``--fault``
    writes it; `place` is where the change is seen.

    `change` takes a response and `change_request` a request; each returns None where it finds nothing to change.
    `change_request` is None where the edit means nothing for a request. `scope` narrows the exchanges in a proof.
    """

    spelling: str
    place: str
    change: Callable[[HttpResponse], HttpResponse | None]
    scope: Callable[[HttpExchange], bool] = lambda _exchange: True
    change_request: Callable[[HttpRequest], HttpRequest | None] | None = None
    side: Literal["request", "response"] = "response"

    def on(self, scope: Callable[[HttpExchange], bool]) -> "Edit":
        """The same edit, only on exchanges that `scope` accepts."""
        return replace(self, scope=scope)

    def changed(self, exchange: HttpExchange) -> HttpExchange | None:
        """The exchange with its message changed; None out of `scope` and where there is nothing to change."""
        if not self.scope(exchange):
            return None
        if self.side == "request":
            request = self.change_request(exchange.request) if self.change_request else None
            return replace(exchange, request=request) if request else None
        response = self.change(exchange.response) if exchange.response else None
        return replace(exchange, response=response) if response else None

    def __str__(self) -> str:
        return self.spelling


def of_the_request(edit: Edit) -> Edit:
    """The same edit of the request instead; ValueError where a request has nothing of the kind."""
    if edit.side == "request":
        return edit
    if edit.change_request is None:
        raise ValueError(f"{edit.spelling} changes an answer, and a request has nothing of the kind")
    place = edit.place.replace("response.", REQUEST, 1)
    return replace(edit, spelling=f"{REQUEST}{edit.spelling}", place=place, change=nothing, side="request")


REQUEST = "request."
"""What stands before the name of an edit that is one of the request."""


def nothing(_response: HttpResponse) -> None:
    """What an edit of the request changes of the response."""


@dataclass(frozen=True)
class Rewrite:
    """A change of a whole conversation, for proofs only. `place` is where the problem is then seen."""

    spelling: str
    place: str
    change: Callable[[Sequence[HttpExchange]], list[HttpExchange]]

    def __str__(self) -> str:
        return self.spelling


@dataclass(frozen=True)
class Retelling:
    """A change of all that is told of a situation, the client's output and what it holds as well; for proofs only.
    `place` is where the problem is then seen."""

    spelling: str
    place: str
    change: Callable[[Transcript], Transcript]

    def __str__(self) -> str:
        return self.spelling


EDITS: dict[str, Callable[..., Edit]] = {}
"""Every edit of an answer that ``--fault`` knows, by name."""


def _edit(make: Callable[..., Edit]) -> Callable[..., Edit]:
    EDITS[make.__name__] = make
    return make


def _of_either(spelling: str, part: str, change: _OfEither) -> Edit:
    return Edit(spelling, f"response.{part}", change, change_request=change)


def spelt(name: str, *arguments: Any) -> str:
    return f"{name}({', '.join(repr(argument) for argument in arguments)})"


def compact(value: Any) -> bytes:
    """JSON without white space, UTF-8."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def with_raw(message: Message, raw: bytes) -> Message:
    """The message with other body bytes and a Content-Length that fits them, where there was one."""
    headers = message.headers
    if headers.get("content-length") is not None:
        headers = headers.with_field("content-length", str(len(raw)))
    return replace(message, body=Body(raw), headers=headers)


def _changed_value(message: Message, pointer: str, change: Callable[[Any, str | int], bool]) -> Message | None:
    """Apply `change(container, key)` to a copy of the JSON body; None where the path or the change does not fit."""
    if not message.body.is_json:
        return None
    document = json.loads(compact(message.body.value))
    *parents, last = split(pointer)
    container: Any = document
    for token in parents:
        if isinstance(container, dict) and token in container:
            container = container[token]
        elif isinstance(container, list) and (index := index_of(token, container)) is not None:
            container = container[index]
        else:
            return None
    if isinstance(container, dict):
        return with_raw(message, compact(document)) if change(container, last) else None
    if isinstance(container, list) and (index := index_of(last, container)) is not None:
        return with_raw(message, compact(document)) if change(container, index) else None
    return None


def _of_member(spelling: str, pointer: str, put: Callable[[Any, str | int], bool]) -> Edit:
    if not split(pointer):
        raise ValueError("the pointer names no member; with_body changes the whole body")

    def change(message: Message) -> Message | None:
        return _changed_value(message, pointer, put)

    return _of_either(spelling, f"body:{pointer}", change)


@_edit
def without_field(pointer: str) -> Edit:
    """Take the member at this JSON Pointer out of the body."""

    def drop(container: Any, key: str | int) -> bool:
        if isinstance(container, dict) and key not in container:
            return False
        del container[key]
        return True

    return _of_member(spelt("without_field", pointer), pointer, drop)


@_edit
def with_field(pointer: str, value: Any) -> Edit:
    """Put a value at this JSON Pointer of the body, new or in place of the old one."""

    def put(container: Any, key: str | int) -> bool:
        container[key] = value
        return True

    compact(value)  # raises for what JSON cannot hold, here and not in the middle of a run
    return _of_member(spelt("with_field", pointer, value), pointer, put)


@_edit
def with_status(status: int) -> Edit:
    """Answer with another HTTP status, everything else as it was."""
    if type(status) is not int or not 100 <= status <= 599:
        raise ValueError(f"{status!r} is no HTTP status: a number from 100 to 599")
    return Edit(
        spelt("with_status", status),
        "response.status",
        lambda response: replace(response, status=status, reason=""),
    )


@_edit
def with_header(name: str, value: str) -> Edit:
    """Put this header field, new or in place of the old ones."""
    if not TOKEN.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a header field")
    if not _FIELD_VALUE.fullmatch(value):
        raise ValueError(f"{value!r} is no value of a header field: Latin-1 on one line")

    def change(message: Message) -> Message | None:
        return replace(message, headers=message.headers.with_field(name, value))

    return _of_either(spelt("with_header", name, value), f"header:{name.lower()}", change)


TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A token of RFC 9110 5.6.2: a method, or the name of a header field."""

_FIELD_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


@_edit
def without_header(name: str) -> Edit:
    """Take this header field out."""

    def change(message: Message) -> Message | None:
        if message.headers.get(name) is None:
            return None
        return replace(message, headers=message.headers.without(name))

    return _of_either(spelt("without_header", name), f"header:{name.lower()}", change)


@_edit
def with_body(text: str) -> Edit:
    """Send this text as body."""
    raw = text.encode()

    def change(message: Message) -> Message | None:
        return with_raw(message, raw)

    return _of_either(spelt("with_body", text), "body:", change)


@_edit
def with_bytes_replaced(old: str, new: str) -> Edit:
    """Replace a text in the body, wherever it stands; Latin-1 escapes give bytes that are no UTF-8."""

    before, after = old.encode("latin-1"), new.encode("latin-1")

    def change(message: Message) -> Message | None:
        raw = message.body.raw.replace(before, after)
        return None if raw == message.body.raw else with_raw(message, raw)

    return _of_either(spelt("with_bytes_replaced", old, new), "body:", change)


def together(*edits: Edit) -> Edit:
    """Several edits of the same message as one; its place is that of the last."""
    *_, last = edits
    if len({edit.side for edit in edits}) > 1:
        raise ValueError("edits of the request and of the response are two: they change two messages")
    changes = [edit.change_request for edit in edits]

    def change(response: HttpResponse) -> HttpResponse | None:
        return _one_after_another([edit.change for edit in edits], response)

    def change_request(request: HttpRequest) -> HttpRequest | None:
        return _one_after_another([one for one in changes if one is not None], request)

    return replace(
        last,
        spelling=" + ".join(edit.spelling for edit in edits),
        change=change,
        change_request=None if None in changes else change_request,
    )


def _one_after_another(changes: Sequence[Callable[[Message], Message | None]], message: Message) -> Message | None:
    for one in changes:
        changed = one(message)
        if changed is None:
            return None
        message = changed
    return message
