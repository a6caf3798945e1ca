"""What a mock remembers of its exchanges: the last ones, within bounds, each with what was said of it."""

import asyncio
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

from harness.judge.tally import Finding
from harness.model.body import Body
from harness.model.exchange import HttpExchange

MOST, LARGEST = 10_000, 64 * 1024 * 1024
"""So many exchanges, and so many bytes of bodies, are kept: the oldest go first."""
_OVERHEAD = 2_000
"""Bytes of an exchange beside its bodies, roughly."""


@dataclass(frozen=True)
class Entry:
    """One exchange with its number, what the judge found, and what a person should know: why it was refused, what to
    do, which faults were committed on purpose, and what else was noticed."""

    n: int
    service: str
    exchange: HttpExchange
    findings: tuple[Finding, ...] = ()
    why: str = ""
    advice: str = ""
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Bytes that it keeps, roughly."""
        response = self.exchange.response
        return _OVERHEAD + len(self.exchange.request.body) + (len(response.body) if response else 0)


class Journal:
    """A ring of entries, numbered from 1 without a gap. Whoever waits is told of the next one."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque()
        self._bytes = 0
        self._more = asyncio.Event()
        self.last = 0

    def add(self, entry: Entry) -> Entry:
        """Keep an entry under the next number, and forget what no longer fits."""
        self.last += 1
        entry = replace(entry, n=self.last, exchange=_unread(entry.exchange))
        self._entries.append(entry)
        self._bytes += entry.size
        while len(self._entries) > MOST or self._bytes > LARGEST:
            self._bytes -= self._entries.popleft().size
        self.wake()
        return entry

    def clear(self) -> None:
        """Forget all of it; numbers go on, so that whoever waits is not confused."""
        self._entries.clear()
        self._bytes = 0
        self.wake()

    def wake(self) -> None:
        """Tell whoever waits that something has changed."""
        self._more.set()
        self._more = asyncio.Event()

    def after(self, number: int) -> list[Entry]:
        """The entries with a higher number that are still there."""
        missing = self.last - number
        if missing <= 0:
            return []
        return list(self._entries)[-missing:] if missing < len(self._entries) else list(self._entries)

    async def wait(self, number: int, seconds: float) -> list[Entry]:
        """The same; where there are none, the next ones to come within so much real time."""
        if not (found := self.after(number)) and seconds > 0:
            try:
                await asyncio.wait_for(self._more.wait(), seconds)
            except TimeoutError:
                return []
            found = self.after(number)
        return found

    def __iter__(self) -> Iterator[Entry]:
        return iter(tuple(self._entries))

    def __len__(self) -> int:
        return len(self._entries)


def _unread(exchange: HttpExchange) -> HttpExchange:
    """The exchange with bodies that hold their bytes alone: what was read from them is large."""
    request, response = exchange.request, exchange.response
    return replace(
        exchange,
        request=replace(request, body=Body(request.body.raw)),
        response=replace(response, body=Body(response.body.raw)) if response else None,
    )
