"""What one answer shows: its domain objects, which of them a place belongs to, and what documents say of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from harness.model.exchange import WRITTEN_BY_THE_CLIENT, HttpExchange, HttpResponse, Located, PartyAnswer
from harness.model.system import DomainObjects
from harness.spec.locate import located
from harness.spec.openapi import Document
from harness.spec.party_document import PartyDocument
from harness.spec.schema import CompiledSchema

_BODY = "response.body:"


@dataclass(frozen=True)
class Owner:
    """The object around a place: the innermost one, where the outermost one begins, and where the innermost one does
    that has a name; None where none has."""

    inner: Located[Any]
    begins: str
    named_at: str | None

    @property
    def named(self) -> dict[str, str]:
        """The object in the user's own keys, and its party."""
        return {**({"party": self.inner.party} if self.inner.party else {}), **self.inner.keys}

    def inside(self, where: str) -> str:
        """A place as seen from the object that is named: ``/name``; nothing where none is, or it lies elsewhere."""
        begins = f"{_BODY}{self.named_at}/"
        return where[len(begins) - 1 :] if self.named_at is not None and where.startswith(begins) else ""


@dataclass(frozen=True)
class Shown:
    """What one answer shows: every object with the name of its schema, in the order in which they stand."""

    found: Sequence[tuple[str, Located[Any]]] = ()

    @cached_property
    def by_schema(self) -> Mapping[str, list[Located[Any]]]:
        """The objects of each schema."""
        by_schema: dict[str, list[Located[Any]]] = {}
        for name, one in self.found:
            by_schema.setdefault(name, []).append(one)
        return by_schema

    @cached_property
    def parties(self) -> frozenset[str | None]:
        """The owners of these objects; None is one of them where an object names none."""
        return frozenset(one.party for _name, one in self.found)

    @cached_property
    def _by_pointer(self) -> Mapping[str, Located[Any]]:
        return {one.pointer: one for _name, one in self.found}

    def owner(self, where: str) -> Owner | None:
        """Whose a place such as ``response.body:/data/3/name`` is; None where it lies in no object."""
        if not where.startswith(_BODY):
            return None
        around = [self._by_pointer[one] for one in _prefixes(where[len(_BODY) :]) if one in self._by_pointer]
        if not around:
            return None
        names = [len(one.keys) for one in around]
        named = around[names.index(max(names))].pointer if any(names) else None
        return Owner(around[-1], around[0].pointer, named)


def schema_of(exchange: HttpExchange, document: Document) -> CompiledSchema | None:
    """What the document says of this answer; None where it says nothing, or the answer is no JSON."""
    if exchange.response is None or exchange.operation is None or not exchange.response.body.is_json:
        return None
    operation = document.operation_by_id(exchange.operation)
    return operation.answer(exchange.response.status) if operation else None


def turned(exchange: HttpExchange) -> HttpExchange:
    """The exchange turned round: what the client wrote stands in the place of the answer."""
    request = exchange.request
    answer = HttpResponse(200, request.headers, request.body)
    return replace(exchange, response=answer, tags=exchange.tags | {WRITTEN_BY_THE_CLIENT})


def asked_of(exchange: HttpExchange, document: Document) -> tuple[CompiledSchema | None, str]:
    """What the document says of the body of this request, and the path template of its operation; None where it says
    nothing, or the body is no JSON."""
    operation = document.operation_by_id(exchange.operation) if exchange.operation else None
    if operation is None:
        return None, ""
    written = exchange.request.body.raw and exchange.request.body.is_json
    return operation.request if written else None, operation.template


def shown_by(exchange: HttpExchange, schema: CompiledSchema | None, objects: DomainObjects) -> Shown:
    """The objects of an answer; none where it shows none."""
    if schema is None or not objects.shown(exchange):
        return Shown()
    return Shown(located(exchange, schema, objects))


def compared_with(document: PartyDocument | None, exchange: HttpExchange) -> PartyAnswer | None:
    """The answer held against the party's own document; None where that says nothing of it."""
    response = exchange.response
    if document is None or response is None or exchange.operation is None or not response.body.is_json:
        return None
    if not document.judges(exchange.operation, response.status):
        return None
    found = document.differences(exchange.operation, response.status, response.body.value)
    return PartyAnswer(exchange, tuple((one.pointer, one.expected, one.actual) for one in found))


def _prefixes(pointer: str) -> Iterator[str]:
    """Every JSON Pointer above this one, from the top, and itself."""
    yield ""
    at = pointer.find("/", 1)
    while at > 0:
        yield pointer[:at]
        at = pointer.find("/", at + 1)
    if pointer:
        yield pointer
