"""Edits change one message, bytes in and bytes out; rewrites change a conversation.

In a proof an edit breaks or keeps a clause on a conforming transcript; live, the same edit is a fault that a mock or a
reference commits. A `Rewrite` only proves.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from harness.model.body import Body
from harness.model.exchange import HttpExchange, HttpResponse
from harness.model.pointer import index_of, split


@dataclass(frozen=True)
class Edit:
    """A change of one response. `spelling` is how ``--fault`` writes it; `place` is where the change is seen.

    `change` returns None where it finds nothing to change. `scope` narrows the exchanges in a proof.
    """

    spelling: str
    place: str
    change: Callable[[HttpResponse], HttpResponse | None]
    scope: Callable[[HttpExchange], bool] = lambda _exchange: True

    def on(self, scope: Callable[[HttpExchange], bool]) -> "Edit":
        """The same edit, only on exchanges that `scope` accepts."""
        return replace(self, scope=scope)

    def __str__(self) -> str:
        return self.spelling


@dataclass(frozen=True)
class Rewrite:
    """A change of a whole conversation, for proofs only. `place` is where the problem is then seen."""

    spelling: str
    place: str
    change: Callable[[Sequence[HttpExchange]], list[HttpExchange]]

    def __str__(self) -> str:
        return self.spelling


EDITS: dict[str, Callable[..., Edit]] = {}
"""Every edit that ``--fault`` knows, by name."""


def _edit(make: Callable[..., Edit]) -> Callable[..., Edit]:
    EDITS[make.__name__] = make
    return make


def _spelling(name: str, *arguments: Any) -> str:
    return f"{name}({', '.join(repr(argument) for argument in arguments)})"


def compact(value: Any) -> bytes:
    """JSON without white space, UTF-8."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def with_raw(response: HttpResponse, raw: bytes) -> HttpResponse:
    """The response with other body bytes and a Content-Length that fits them, where there was one."""
    headers = response.headers
    if headers.get("content-length") is not None:
        headers = headers.with_field("content-length", str(len(raw)))
    return replace(response, body=Body(raw), headers=headers)


def _changed_value(
    response: HttpResponse, pointer: str, change: Callable[[Any, str | int], bool]
) -> HttpResponse | None:
    """Apply `change(container, key)` to a copy of the JSON body; None where the path or the change does not fit."""
    if not response.body.is_json:
        return None
    document = json.loads(compact(response.body.value))
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
        return with_raw(response, compact(document)) if change(container, last) else None
    if isinstance(container, list) and (index := index_of(last, container)) is not None:
        return with_raw(response, compact(document)) if change(container, index) else None
    return None


def _member(pointer: str) -> str:
    if not split(pointer):
        raise ValueError("the pointer names no member; with_body changes the whole body")
    return pointer


@_edit
def without_field(pointer: str) -> Edit:
    """Take the member at this JSON Pointer out of the response's body."""

    def drop(container: Any, key: str | int) -> bool:
        if isinstance(container, dict) and key not in container:
            return False
        del container[key]
        return True

    return Edit(
        _spelling("without_field", pointer),
        f"response.body:{_member(pointer)}",
        lambda response: _changed_value(response, pointer, drop),
    )


@_edit
def with_field(pointer: str, value: Any) -> Edit:
    """Put a value at this JSON Pointer of the response's body, new or in place of the old one."""

    def put(container: Any, key: str | int) -> bool:
        container[key] = value
        return True

    compact(value)  # raises for what JSON cannot hold, here and not in the middle of a run
    return Edit(
        _spelling("with_field", pointer, value),
        f"response.body:{_member(pointer)}",
        lambda response: _changed_value(response, pointer, put),
    )


@_edit
def with_status(status: int) -> Edit:
    """Answer with another HTTP status, everything else as it was."""
    if type(status) is not int or not 100 <= status <= 599:
        raise ValueError(f"{status!r} is no HTTP status: a number from 100 to 599")
    return Edit(
        _spelling("with_status", status),
        "response.status",
        lambda response: replace(response, status=status, reason=""),
    )


@_edit
def with_header(name: str, value: str) -> Edit:
    """Answer with this header field, new or in place of the old ones."""
    return Edit(
        _spelling("with_header", name, value),
        f"response.header:{name.lower()}",
        lambda response: replace(response, headers=response.headers.with_field(name, value)),
    )


@_edit
def without_header(name: str) -> Edit:
    """Answer without this header field."""
    return Edit(
        _spelling("without_header", name),
        f"response.header:{name.lower()}",
        lambda response: (
            replace(response, headers=response.headers.without(name))
            if response.headers.get(name) is not None
            else None
        ),
    )


@_edit
def with_body(text: str) -> Edit:
    """Answer with this text as body."""
    return Edit(_spelling("with_body", text), "response.body:", lambda response: with_raw(response, text.encode()))


@_edit
def with_bytes_replaced(old: str, new: str) -> Edit:
    """Replace a text in the body, wherever it stands; Latin-1 escapes give bytes that are no UTF-8."""

    before, after = old.encode("latin-1"), new.encode("latin-1")

    def change(response: HttpResponse) -> HttpResponse | None:
        raw = response.body.raw.replace(before, after)
        return None if raw == response.body.raw else with_raw(response, raw)

    return Edit(_spelling("with_bytes_replaced", old, new), "response.body:", change)


def together(*edits: Edit) -> Edit:
    """Several edits of the same message as one; its place is that of the last."""

    def change(response: HttpResponse) -> HttpResponse | None:
        for edit in edits:
            changed = edit.change(response)
            if changed is None:
                return None
            response = changed
        return response

    return Edit(" + ".join(edit.spelling for edit in edits), edits[-1].place, change, edits[-1].scope)
