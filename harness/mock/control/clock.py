"""The story clock of a session."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from harness.mock.control.access import NOT_DONE, NOT_FOUND, Asked, Here, OfSession, Refused, Told, moment
from harness.mock.session import Session

FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""Stories are told of this time."""
FASTEST = 86_400
_DURATION = re.compile(
    r"P(?=[0-9T])(?:(?P<weeks>[0-9.,]+)W)?(?:(?P<days>[0-9.,]+)D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9.,]+)H)?(?:(?P<minutes>[0-9.,]+)M)?(?:(?P<seconds>[0-9.,]+)S)?)?"
)

router = APIRouter(prefix="/sessions/{session}", tags=["clock"])


class Timer(Told):
    """Something that is to come."""

    at: str
    name: str


class ClockShown(Told):
    """What the clocks show. `now` is story time, `rate` how many of its seconds pass in one of wire time."""

    now: str
    rate: float
    wire: str
    timers: list[Timer]


class ClockMoved(ClockShown):
    """The same after a change; `fired` names the timers that fired before this answer, in order."""

    fired: list[str]


class ClockAsked(Asked):
    """One of: a moment to go to, a duration to move on by, a rate to run at."""

    now: Annotated[str | None, Field(description="A moment, such as `2026-12-01T05:00:00Z`")] = None
    advance: Annotated[str | None, Field(description="A duration of ISO 8601: `PT24H`, `P1D`, `PT1M30S`")] = None
    rate: Annotated[float | None, Field(ge=0, le=FASTEST, description="0 stops the clock", strict=False)] = None


@router.get("/clock", responses=NOT_FOUND)
async def show_the_clock(session: OfSession) -> ClockShown:
    """Story time, wire time, and what is still to come."""
    session.story.settle()
    return ClockShown(**_shown(session).model_dump(exclude={"fired"}))


@router.put("/clock", responses=NOT_DONE)
async def set_the_clock(session: OfSession, asked: ClockAsked, here: Here) -> ClockMoved:
    """Jump, move on, or run faster. Timers that come due fire in order, and what they begin is done, before the
    answer."""
    if len(given := asked.model_dump(exclude_none=True)) != 1:
        raise Refused(422, "write exactly one of now, advance and rate")
    story = session.story
    fired = story.settle()
    if asked.rate is not None:
        story.run_at(asked.rate)
    else:
        fired += story.set(_target(asked, story.now()))
    await session.at_rest()
    here.tell(session, f"clock: {' '.join(f'{name} {value}' for name, value in given.items())}")
    return _shown(session, fired)


def _target(asked: ClockAsked, now: datetime) -> datetime:
    """The moment that is asked for."""
    try:
        there = _moment(asked.now) if asked.now is not None else now + duration(asked.advance or "")
        if not FIRST <= there <= LAST:
            raise OverflowError
    except OverflowError:
        raise Refused(422, f"the clock goes from {moment(FIRST)} to {moment(LAST)}") from None
    except ValueError as error:
        raise Refused(422, str(error)) from None
    return there


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"now: {text!r} is no moment, such as 2026-12-01T05:00:00Z") from None
    if found.tzinfo is None:
        raise ValueError(f"now: {text!r} does not say its zone: write a Z at its end, or an offset")
    return found.astimezone(UTC)


def duration(text: str) -> timedelta:
    """What a duration of ISO 8601 means; ValueError for another text, and for years and months, whose length varies."""
    found = _DURATION.fullmatch(text)
    try:
        if found:
            return timedelta(**{unit: float(n.replace(",", ".")) for unit, n in found.groupdict().items() if n})
    except ValueError:
        pass  # a number with two points
    if re.fullmatch(r"P[0-9.,]+[YM].*", text):
        raise ValueError(f"advance: {text!r}: years and months differ in length, write days (P30D)")
    raise ValueError(f"advance: {text!r} is no duration, such as PT24H, P1D or PT1M30S")


def _shown(session: Session, fired: list[str] | None = None) -> ClockMoved:
    story = session.story
    timers = [Timer(at=moment(due), name=name) for due, name in story.timers()]
    return ClockMoved(
        now=moment(story.now()), rate=story.rate, wire=moment(session.wire.now()), timers=timers, fired=fired or []
    )
