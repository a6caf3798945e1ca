"""What goes wrong with one exchange besides its messages: the connection, the moment, the token.

An edit changes a message; a `Trouble` says that the message is late, is not whole, does not come, or is another one.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from random import Random
from typing import Literal

from harness.wire.breakable import Break

Kind = Literal[
    "delay", "stall", "drop before", "drop after", "close", "reset", "truncate", "throttle", "fail",
    "unknown", "token ended", "token revoked",
]  # fmt: skip
LONGEST_S = 3600
"""Whoever writes more seconds than this means something else: no client waits so long."""


@dataclass(frozen=True)
class Trouble:
    """One trouble. `spelling` is how ``--fault`` writes it.

    `seconds` is waited, on wire time, before anything is answered; up to `most` where the seed says how long. `status`
    is that of the error to answer with (``throttle``, ``fail``, ``unknown``); `retry` its Retry-After: a date as text,
    or seconds, which go out as a date where `dated` says so. `at` is how many bytes of the body a truncated answer
    keeps; where it is None, `share` of them.
    """

    spelling: str
    kind: Kind
    seconds: float = 0
    most: float | None = None
    status: int = 0
    retry: int | str = ""
    dated: bool = False
    at: int | None = None
    share: float = 0.5

    @property
    def carried_out(self) -> bool:
        """True where the request does its work all the same, and only the answer suffers."""
        return self.kind in ("delay", "stall", "drop after", "close", "truncate")

    @property
    def of_tokens(self) -> bool:
        """True where it is about a token, which only a mock hands out."""
        return self.kind in ("token ended", "token revoked")

    def drawn(self, random: Random) -> "Trouble":
        """The same for one exchange: what the seed decides is decided."""
        if self.most is not None:
            return replace(self, seconds=random.uniform(self.seconds, self.most), most=None)
        return replace(self, share=random.random()) if self.kind == "truncate" and self.at is None else self

    def retry_after(self, now: datetime) -> str:
        """The value of Retry-After at this instant of wire time; empty where the answer has no such field."""
        if self.dated and isinstance(self.retry, int):
            return format_datetime(now.astimezone(UTC) + timedelta(seconds=self.retry), usegmt=True)
        return str(self.retry)

    def break_of(self, body: bytes) -> Break | None:
        """What to do to the connection when this body is answered; None where nothing is to be done to it."""
        match self.kind:
            case "stall" | "reset":
                return Break(self.kind)
            case "drop before" | "drop after":  # carried out or not: the client sees the same
                return Break("drop before")
            case "close":
                return Break("drop after")
            case "truncate":
                return Break("truncate", int(len(body) * self.share) if self.at is None else self.at)
        return None

    def __str__(self) -> str:
        return self.spelling


def together(troubles: list[Trouble]) -> Trouble | None:
    """What comes of several at once: their delays add up, and of the others the first one happens."""
    if not troubles:
        return None
    first = next((one for one in troubles if one.kind != "delay"), troubles[0])
    return replace(first, seconds=sum(one.seconds for one in troubles))


TROUBLES: dict[str, Callable[..., Trouble]] = {}
"""Every trouble that ``--fault`` knows, by name."""


def _trouble(make: Callable[..., Trouble]) -> Callable[..., Trouble]:
    TROUBLES[make.__name__] = make
    return make


@_trouble
def delay(least: float, most: float | None = None) -> Trouble:
    """Answer so many seconds late; with two numbers, the seed says how many between them."""
    if not 0 <= least <= (least if most is None else most) <= LONGEST_S:
        raise ValueError(f"seconds from 0 to {LONGEST_S}, the smaller number first")
    numbers = f"{least}" if most is None else f"{least}, {most}"
    return Trouble(f"delay({numbers})", "delay", seconds=least, most=most)


@_trouble
def stall() -> Trouble:
    """Carry the request out, send the head of the answer, and then nothing more."""
    return Trouble("stall()", "stall")


@_trouble
def drop_before() -> Trouble:
    """Close the connection without an answer; the request is not carried out."""
    return Trouble("drop_before()", "drop before")


@_trouble
def drop_after() -> Trouble:
    """Carry the request out, then close the connection without an answer: the lost answer."""
    return Trouble("drop_after()", "drop after")


@_trouble
def close_after() -> Trouble:
    """Answer in full, then close the connection that was to be kept."""
    return Trouble("close_after()", "close")


@_trouble
def reset() -> Trouble:
    """Reset the connection (TCP RST) in place of an answer; the request is not carried out."""
    return Trouble("reset()", "reset")


@_trouble
def truncated(bytes: int | None = None) -> Trouble:  # noqa: A002 - as people write it
    """Carry the request out, then break off after so many bytes of the body; without a number, the seed says where."""
    if bytes is not None and bytes < 0:
        raise ValueError("bytes: 0 or more")
    return Trouble(f"truncated({'' if bytes is None else bytes})", "truncate", at=bytes)


@_trouble
def throttled(retry_after: int | str = "") -> Trouble:
    """Answer 429 with this Retry-After, seconds or an HTTP date; without one, without. Not carried out."""
    if isinstance(retry_after, int):
        _check_seconds(retry_after)
    elif retry_after:
        _check_date(retry_after)
    spelling = f"throttled({retry_after!r})" if retry_after != "" else "throttled()"
    return Trouble(spelling, "throttle", status=429, retry=retry_after)


@_trouble
def throttled_until(seconds: int) -> Trouble:
    """Answer 429 whose Retry-After is the date so many seconds ahead. Not carried out."""
    _check_seconds(seconds)
    return Trouble(f"throttled_until({seconds})", "throttle", status=429, retry=seconds, dated=True)


@_trouble
def failing(status: int = 500) -> Trouble:
    """Answer with this server error, said as the API says it. Not carried out."""
    if not 500 <= status <= 599:
        raise ValueError(f"{status} is no server error: a number from 500 to 599")
    return Trouble(f"failing({status})", "fail", status=status)


@_trouble
def unknown() -> Trouble:
    """Answer 404, as if the object were not known. Not carried out."""
    return Trouble("unknown()", "unknown", status=404)


@_trouble
def token_ended() -> Trouble:
    """Answer as if the access token's time were over. Mocks only."""
    return Trouble("token_ended()", "token ended")


@_trouble
def token_revoked() -> Trouble:
    """Answer as if the access token were taken back. Mocks only."""
    return Trouble("token_revoked()", "token revoked")


def _check_seconds(seconds: int) -> None:
    if not 0 <= seconds <= 366 * 86400:
        raise ValueError(f"{seconds} is no number of seconds that anybody waits: from 0 to a year's")


def _check_date(text: str) -> None:
    try:
        spelt = format_datetime(parsedate_to_datetime(text).astimezone(UTC), usegmt=True)
    except (ValueError, OverflowError):
        spelt = ""
    if spelt != text:
        raise ValueError(f"{text!r} is no HTTP date, such as 'Wed, 21 Oct 2026 07:28:00 GMT'")
