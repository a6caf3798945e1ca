"""OCPI DateTime texts: reading, comparing and writing moments in UTC."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]

_DATE_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9])"  # to the second
    r"(?:\.([0-9]+))?"
    r"Z?"  # a missing designator means UTC too; an offset, even +00:00, is not a DateTime
)


def utc_now() -> datetime:
    """The machine's clock, as an aware datetime."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """Write an aware datetime as a DateTime in whole seconds, e.g. `2026-06-01T08:00:05Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


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
