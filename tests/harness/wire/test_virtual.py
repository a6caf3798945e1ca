"""Time that passes only where everybody waits."""

import asyncio
import threading
import time
from datetime import UTC, datetime

import pytest

from harness.wire.virtual import LoopClock, run_virtually

START = datetime(2026, 12, 1, 8, tzinfo=UTC)


def test_hours_of_waiting_are_over_at_once_and_in_order() -> None:
    clock = LoopClock(START)

    async def work() -> list[tuple[str, float]]:
        woken: list[tuple[str, float]] = []

        async def sleeper(name: str, seconds: float) -> None:
            await clock.sleep(seconds)
            woken.append((name, (clock.now() - START).total_seconds()))

        await asyncio.gather(sleeper("long", 3600), sleeper("short", 1), sleeper("middle", 60.5))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), 100)
        woken.append(("over", (clock.now() - START).total_seconds()))
        return woken

    began = time.process_time()
    assert run_virtually(work()) == [("short", 1), ("middle", 60.5), ("long", 3600), ("over", 3700)]
    assert time.process_time() - began < 1
    assert (clock.now() - START).total_seconds() == 3700  # it stands still now


def test_whoever_waits_for_a_thread_lets_no_time_pass() -> None:
    clock = LoopClock(START)

    async def work() -> float:
        event, loop = asyncio.Event(), asyncio.get_running_loop()
        threading.Thread(target=lambda: loop.call_soon_threadsafe(event.set)).start()
        await event.wait()
        return (clock.now() - START).total_seconds()

    assert run_virtually(work()) == 0
