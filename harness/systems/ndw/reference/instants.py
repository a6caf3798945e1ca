"""OCPI DateTime texts: reading, comparing and writing moments in UTC."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
Sleep = Callable[[float], Awaitable[None]]

_DATE_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9])"  # to the second
    r"(?:\.([0-9]+))?"
    r"Z?"  # a missing designator means UTC too; an offset, even +00:00, is not a DateTime
)


def utc_now() -> datetime:
    """The machine's clock, as an aware datetime."""
    return datetime.now(UTC)


async def real_sleep(seconds: float) -> None:
    """Wait for so many seconds of the machine's clock."""
    await asyncio.sleep(seconds)


def stamp(moment: datetime) -> str:
    """Write an aware datetime as a DateTime in whole seconds, e.g. `2026-06-01T08:00:05Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def stamp_after(previous: str, moment: datetime) -> str:
    """A DateTime for a change at this moment that is newer than `previous`: in milliseconds where seconds do not do.

    ValueError: `previous` is no DateTime.
    """
    for text in (stamp(moment), _stamp_ms(moment)):
        if sortable(text) > sortable(previous):
            return text
    before = datetime.fromisoformat(previous.removesuffix("Z")).replace(tzinfo=UTC)
    return _stamp_ms(before + timedelta(milliseconds=1))


def _stamp_ms(moment: datetime) -> str:
    text = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{moment.microsecond // 1000:03}Z"


def sortable(text: str) -> str:
    """Turn a DateTime into a text that sorts as the instant does: `…T08:00:00.50Z` gives `…T08:00:00.5`.

    Equal instants give equal texts, whatever their spelling, and no digit of a fraction is lost (a float would lose
    some). ValueError: the text is no DateTime, or names a day that does not exist.
    """
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a DateTime")
    datetime.fromisoformat(match[1])  # refuses 30 February
    fraction = (match[2] or "").rstrip("0")
    return f"{match[1]}.{fraction}" if fraction else match[1]
