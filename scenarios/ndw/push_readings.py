"""NDW, push: what was read of an object before and after a push. No clause of its own."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from harness.judge.vocabulary import as_whole_number, shown
from harness.model.edit import Edit, Rewrite
from harness.model.exchange import HttpExchange, Transcript
from harness.model.verdict import Problem


class Reading(NamedTuple):
    """A push, what was read of an object before it, if anything, and what was read of it after."""

    before: HttpExchange | None
    push: HttpExchange
    after: HttpExchange

    @property
    def done(self) -> bool:
        """The push came to something."""
        code = as_whole_number(self.push.response.body.at("/status_code")) if self.push.response else None
        return code is not None and 1000 <= code <= 1999

    @property
    def written(self) -> dict[str, Any]:
        """The body of the push; empty where that was no object."""
        value = self.push.request.body.value
        return value if isinstance(value, dict) else {}

    @property
    def of_itself(self) -> bool:
        """What was read is the very object that was pushed."""
        return self.after.request.url == self.push.request.url

    @property
    def of_what_holds_it(self) -> bool:
        """What was read holds the object that was pushed."""
        return self.push.request.url.startswith(f"{self.after.request.url}/")

    def problem(self, member: str, expected: object, actual: object) -> Problem:
        """A member of what was read is not what it should be."""
        return Problem(f"response.body:/data/{member}", shown(expected), shown(actual), self.after.id)


def data_of(exchange: HttpExchange | None) -> dict[str, Any]:
    """The object in an answer; empty where there is none."""
    value = exchange.response.body.at("/data") if exchange is not None and exchange.response is not None else None
    return value if isinstance(value, dict) else {}


def is_read(exchange: HttpExchange) -> bool:
    """An object was asked for, and an answer came."""
    return exchange.request.method == "GET" and exchange.response is not None


def readings(transcript: Transcript) -> Iterator[Reading]:
    """Every push with what was read after it, until the next."""
    last: HttpExchange | None = None
    earlier: dict[str, HttpExchange] = {}
    reads: dict[str, HttpExchange] = {}
    for exchange in transcript.exchanges:
        if not is_read(exchange):
            earlier, reads, last = reads, {}, exchange
            continue
        url = exchange.request.url
        reads[url] = exchange
        if last is not None:
            yield Reading(earlier.get(url), last, exchange)


def some(accepts: Callable[[Reading], bool]) -> Callable[[Transcript], bool]:
    """The conversation has such a reading."""
    return lambda transcript: any(map(accepts, readings(transcript)))


def in_reads(edit: Edit, which: int = -1) -> Rewrite:
    """The edit of this one of the readings that it fits, in every conversation."""

    def change(exchanges: Sequence[HttpExchange]) -> list[HttpExchange]:
        changed = {at: now for at, one in enumerate(exchanges) if is_read(one) and (now := edit.changed(one))}
        at = sorted(changed)[which] if -len(changed) <= which < len(changed) else None
        return [changed[index] if index == at else one for index, one in enumerate(exchanges)]

    return Rewrite(f"{edit.spelling} when read back, {which}", edit.place, change)
