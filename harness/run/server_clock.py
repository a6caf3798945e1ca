"""Do the clocks of the subject and of this machine agree? Tokens and stamps of time mean little where they do not."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from harness.model.exchange import HttpExchange
from harness.run.check import Check

TOLERATED = timedelta(minutes=5)


def clock_checks(exchange: HttpExchange) -> Iterator[Check]:
    """What the Date of an answer says of the clock that wrote it; nothing where it says none that can be read.

    An answer out of a cache is as old as its Age says (RFC 9111 5.1): its Date is not held against the clock.
    """
    response = exchange.response
    said = date_of(response.headers.get("date")) if response else None
    if response is None or said is None:
        return
    age = response.headers.get("age") or ""
    said += timedelta(seconds=int(age[:9]) if age.isascii() and age.isdigit() else 0)
    behind, ahead = exchange.sent - said, said - exchange.received
    off = max(behind, ahead)
    if off <= TOLERATED:
        yield Check("clock", "passed", "the server's clock agrees with this machine's within 5 minutes")
        return
    way = "behind" if behind > ahead else "ahead of"
    yield Check(
        "clock",
        "warning",
        f"the server's clock, by its Date header, is {span_in_words(off)} {way} this machine's, which says "
        f"{exchange.received:%Y-%m-%d %H:%M:%S} UTC",
        "set whichever of the two is wrong: tokens end, and stamps are compared, by these clocks",
    )


def date_of(text: str | None) -> datetime | None:
    """The instant that a Date header says; None where there is none that can be read."""
    try:
        found = parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found


def span_in_words(span: timedelta) -> str:
    """A span in its two largest units."""
    seconds, parts = int(span.total_seconds()), []
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        amount, seconds = divmod(seconds, size)
        if amount:
            parts.append(f"{amount} {unit}")
    return " ".join(parts[:2])
