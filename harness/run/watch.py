"""Waits for what a client says: for news, for a pause, for its end."""

import asyncio
from datetime import datetime
from typing import Literal

from harness.run.observe import Observe

MOST_EXCHANGES = 5_000
"""A client that says more in one situation is in a loop: the situation ends there."""

News = Literal["said", "ended", "skipped", "nothing"]


class Watch:
    """Watches the client of one situation. To be made within the event loop, and closed."""

    def __init__(self, at: Observe) -> None:
        self._at = at
        self._skipped = asyncio.ensure_future(at.skip.wait())
        self._ended = asyncio.ensure_future(at.client.over())
        self._last = at.clock.now()
        self._noticed = 0

    def stirred(self) -> None:
        """Something was done that the client may have an answer to: what comes of it is waited for."""
        self._last = self._at.clock.now()

    def begin_anew(self) -> None:
        """It was killed, and started again."""
        self._ended.cancel()
        self._ended = asyncio.ensure_future(self._at.client.over())

    def close(self) -> None:
        """Watch no more."""
        self._ended.cancel()
        self._skipped.cancel()

    @property
    def count(self) -> int:
        """How much was said so far."""
        return len(self._at.chair.said)

    @property
    def has_ended(self) -> bool:
        """The client has ended by itself."""
        return self._ended.done()

    @property
    def is_skipped(self) -> bool:
        """Somebody wants to go on to the next situation."""
        return self._skipped.done()

    @property
    def is_flooded(self) -> bool:
        """More was said than anybody wants to hear."""
        return self.count >= MOST_EXCHANGES

    def left(self, deadline: datetime) -> float:
        """Seconds until then."""
        return (deadline - self._at.clock.now()).total_seconds()

    async def news(self, known: int, seconds: float) -> News:
        """What comes first within so many seconds: more exchanges than are `known`, or the end."""
        if self.count > known:
            return "said"
        more = asyncio.ensure_future(self._at.chair.more(known))
        try:
            await asyncio.wait(
                {more, self._ended, self._skipped}, timeout=max(0, seconds), return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            more.cancel()
        if self.count > known:
            return "said"
        if self.is_skipped:
            return "skipped"
        return "ended" if self.has_ended else "nothing"

    async def quiet(self, deadline: datetime) -> bool:
        """Nothing has come for a while, or nothing can come any more; False at the deadline, or in a flood."""
        while not self.is_flooded:
            if self.count > self._noticed:
                self._noticed = self.count
                self.stirred()
            left = self.left(deadline)
            still = self._at.quiet_s - (self._at.clock.now() - self._last).total_seconds()
            if left <= 0 or still <= 0:
                return still <= 0
            if await self.news(self.count, min(still, left)) in ("ended", "skipped"):
                return True
        return False
