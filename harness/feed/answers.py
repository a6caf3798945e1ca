"""Objects of a file put as the answers that would have brought them: so every clause on objects can look at them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from harness.feed.reading import BYTE_ORDER_MARK, Chunk
from harness.model.body import Body
from harness.model.crawl import crawl_tag
from harness.model.exchange import FEED, Headers, HttpExchange, HttpRequest, HttpResponse
from harness.model.file_kind import FileKind
from harness.model.pointer import join

WHOLE = "all"
"""The label of a crawl that read the whole list."""


class BrokenObjectError(Exception):
    """An object of a file, by its number, is no JSON; `fault` says why, with lines and columns of the object itself."""

    def __init__(self, number: int, fault: str) -> None:
        super().__init__(fault)
        self.number = number
        self.fault = fault


@dataclass(frozen=True)
class Portion:
    """A chunk of a file on its way to a judge. Where objects stand on lines of their own, a broken one is a finding
    about that line (`lines`); elsewhere nobody can read on."""

    file: str
    kind: FileKind
    moment: datetime
    chunk: Chunk
    lines: bool

    @property
    def id(self) -> str:
        """The name of the exchange that carries it."""
        return f"{self.file}#{self.chunk.first}"


def answers(portion: Portion) -> Iterator[HttpExchange]:
    """The portion as one answer; where its text has faults, every object as an answer of its own, so that it is known
    whose they are. A broken one stands there alone. BrokenObjectError where it must not."""
    whole = _answer(portion, portion.chunk)
    if _is_sound(whole, portion):
        yield whole
        return
    for position, written in enumerate(portion.chunk.objects):
        one, body = portion.chunk.alone(position), Body(written)
        if body.is_json:
            yield _answer(portion, one)
            continue
        if not portion.lines and " at line " in body.faults[-1]:  # not merely too deep, or too long a number
            raise BrokenObjectError(one.first, body.faults[-1])
        yield _exchange(portion, one, body)


def prefix(kind: FileKind) -> bytes:
    """What stands before the first object in such an answer."""
    return b"{" + json.dumps(kind.list_member).encode() + b":["


def _answer(portion: Portion, chunk: Chunk) -> HttpExchange:
    rest = json.dumps(portion.kind.answer(portion.moment), separators=(",", ":")).encode()
    mark = BYTE_ORDER_MARK if chunk.marked else b""
    raw = b"".join((mark, prefix(portion.kind), b",".join(chunk.objects), b"],", rest[1:]))
    return _exchange(portion, chunk, Body(raw))


def _exchange(portion: Portion, chunk: Chunk, body: Body) -> HttpExchange:
    tags = {FEED, "authorised", *([crawl_tag(portion.kind.schema, WHOLE)] if portion.kind.whole else [])}
    return HttpExchange(
        f"{portion.file}#{chunk.first}",
        portion.kind.name,
        portion.kind.operation,
        HttpRequest("GET", f"{portion.file}#{chunk.first}", Headers()),
        HttpResponse(200, Headers(), body),
        portion.moment,
        portion.moment,
        frozenset(tags),
    )


def _is_sound(answer: HttpExchange, portion: Portion) -> bool:
    """Nothing is wrong with the text, and no two broken objects made a sound one."""
    assert answer.response is not None  # noqa: S101 - made with one
    listed = answer.response.body.at(join((portion.kind.list_member,)))
    sound = not answer.response.body.faults and isinstance(listed, list)
    return sound and len(listed) == len(portion.chunk.objects)
