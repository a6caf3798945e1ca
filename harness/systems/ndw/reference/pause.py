"""Pauses after failures: each longer than the one before, to a limit, until something works again."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from random import Random

from .instants import Clock, Sleep

LONGEST_S = 30.0
"""Half of the minute within which NDW wants to know a change, so that an outage's end is noticed in time."""


class Pause:
    """1, 2, 4 … 30 seconds, each up to a fifth longer by chance, so that not all clients come back at one moment."""

    def __init__(self, now: Clock, sleep: Sleep, random: Random) -> None:
        self._now = now
        self._sleep = sleep
        self._random = random
        self._failures = 0
        self._struck: datetime | None = None
        self._until: datetime | None = None

    def failed(self, began: datetime, retry_after: str | None = None) -> float:
        """Begin a pause after a request that began then, and tell its length in seconds.

        Of requests under way side by side only the first failure makes pauses grow. A Retry-After is kept to.
        """
        now = self._now()
        if self._struck is None or began > self._struck:
            self._failures += 1
            self._struck = now
        asked = _seconds(retry_after, now)
        grown = min(LONGEST_S, 2.0 ** min(self._failures - 1, 10)) * (1 + self._random.random() / 5)
        until = now + timedelta(seconds=asked if asked >= 1 else grown)
        self._until = max(until, self._until or until)
        return (self._until - now).total_seconds()

    def worked(self) -> None:
        """The next failure is a first one again."""
        self._failures = 0

    def left(self) -> float:
        """Seconds until the pause is over."""
        return max(0.0, (self._until - self._now()).total_seconds()) if self._until else 0.0

    async def over(self) -> None:
        """Return when the pause is over; at once where there is none."""
        while (seconds := self.left()) > 0:
            await self._sleep(seconds)


def _seconds(retry_after: str | None, now: datetime) -> float:
    """What a Retry-After asks for: a number of seconds, or a date; nothing where it is neither."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        date = parsedate_to_datetime(text)
        return max(0.0, (date - now).total_seconds())
    except (ValueError, TypeError):  # TypeError: a date without a zone
        return 0.0
