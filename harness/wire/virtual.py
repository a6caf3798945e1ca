"""An event loop whose time passes only where everybody waits: an hour of pauses is over at once, in the right order.

For what runs in one process and one thread. Where somebody waits for a socket or a thread, time does not pass either.
"""

import asyncio
import selectors
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")


class VirtualLoop(asyncio.SelectorEventLoop):
    """Its `time` stands still while anything is to be done, and jumps to the next timer when nothing is."""

    def __init__(self) -> None:
        self._at = 0.0
        super().__init__(_Jumping(self))

    def time(self) -> float:
        """Seconds since it was made."""
        return self._at

    def advance(self, seconds: float) -> None:
        """Move on by so much."""
        self._at += seconds


class _Jumping(selectors.DefaultSelector):
    """Does not wait for the next timer: it has the loop's time move on to it."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> Any:
        if timeout is None:  # no timer: somebody waits for another thread, or for a file
            return super().select(None)
        ready = super().select(0)
        if not ready and timeout > 0:
            self._loop.advance(timeout)
        return ready


class LoopClock:
    """A clock that goes by the time of a virtual loop, from `start` on; when that is over, it stands still."""

    def __init__(self, start: datetime) -> None:
        self._start = self._last = start

    def now(self) -> datetime:
        """The present instant, UTC."""
        try:
            passed = asyncio.get_running_loop().time()
        except RuntimeError:
            return self._last
        self._last = self._start + timedelta(seconds=passed)
        return self._last

    async def sleep(self, seconds: float) -> None:
        """Return when so much has passed."""
        await asyncio.sleep(seconds)


def run_virtually(work: Coroutine[Any, Any, T]) -> T:
    """Run this to its end on a virtual loop."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)
