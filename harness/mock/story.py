"""Story time: what day the data is. It may jump and run faster; due timers fire in order."""

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from harness.model.world import Clock


@dataclass(order=True)
class _Timer:
    due: datetime
    number: int
    name: str = field(compare=False)
    fire: Callable[[], None] = field(compare=False)


class StoryClock:
    """A clock that follows wire time at a `rate`, from a moment of one's own.

    A timer fires when `settle` or a jump finds it due: in the order of their times, each while the clock shows its own.
    """

    def __init__(self, wire: Clock, begins: datetime | None = None) -> None:
        self._wire = wire
        self._timers: list[_Timer] = []
        self._numbers = itertools.count()
        self._shown: datetime | None = None
        self.rate = 1.0
        self._anchor_wire = wire.now()
        self._anchor_story = begins or self._anchor_wire

    def now(self) -> datetime:
        """The present instant of the story, UTC."""
        if self._shown is not None:
            return self._shown
        return self._anchor_story + (self._wire.now() - self._anchor_wire) * self.rate

    async def sleep(self, seconds: float) -> None:
        """Move on by so much at once: stories do not wait."""
        self.set(self.now() + timedelta(seconds=seconds))

    def at(self, due: datetime, name: str, fire: Callable[[], None]) -> None:
        """Have something happen at this moment of the story."""
        heapq.heappush(self._timers, _Timer(due, next(self._numbers), name, fire))

    def timers(self) -> list[tuple[datetime, str]]:
        """What is still to come, the next first."""
        return [(one.due, one.name) for one in sorted(self._timers)]

    def set(self, moment: datetime) -> list[str]:
        """Jump; the names of the timers that fired on the way. Going back fires none."""
        fired = self._fire(until=moment)
        self._anchor_wire, self._anchor_story = self._wire.now(), moment
        return fired

    def run_at(self, rate: float) -> None:
        """From now on, let so many seconds of the story pass in one of wire time; 0 stops it."""
        self._anchor_story, self._anchor_wire = self.now(), self._wire.now()
        self.rate = rate

    def settle(self) -> list[str]:
        """Fire what is due by now."""
        return self._fire(until=self.now()) if self._timers else []

    def _fire(self, until: datetime) -> list[str]:
        fired: list[str] = []
        try:
            while self._timers and self._timers[0].due <= until:
                timer = heapq.heappop(self._timers)
                self._shown = timer.due
                fired.append(timer.name)
                timer.fire()
        finally:
            self._shown = None
        return fired
