"""Does the clock of a client agree with this machine's? Only what its requests say for certain."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from harness.model.exchange import SPOILT, HttpExchange
from harness.run.check import Check
from harness.run.server_clock import date_of, span_in_words

NOTED = timedelta(seconds=5)
"""From here on it is said; a Date has whole seconds, and a request takes a while."""
TOLERATED = timedelta(seconds=60)
"""Beyond it no verdict about seconds means anything."""


def clock_of_client(exchanges: Sequence[HttpExchange]) -> Iterator[Check]:
    """What the Date header of its requests says of its clock: nobody else writes it. Nothing where there is none."""
    offs = [(one, off) for one in exchanges if SPOILT not in one.tags and (off := _off(one)) is not None]
    if not offs:
        return
    exchange, off = min(offs, key=lambda pair: abs(pair[1]))
    if abs(off) <= NOTED:
        yield Check("clock", "passed", "the client's clock, by its Date header, agrees with this machine's")
        return
    way = "ahead of" if off > timedelta() else "behind"
    yield Check(
        "clock",
        "failed" if abs(off) > TOLERATED else "warning",
        f"the client's clock, by the Date header of its requests, is {span_in_words(abs(off))} {way} this machine's, "
        f"which says {exchange.received:%Y-%m-%d %H:%M:%S} UTC",
        "set whichever of the two is wrong: it is by these clocks that tokens end and that changes are told in time",
    )


def _off(exchange: HttpExchange) -> timedelta | None:
    """How far its clock is ahead, by one request; zero within what a request takes."""
    said = date_of(exchange.request.headers.get("date"))
    return None if said is None else said - exchange.sent
