"""The one place that reads the machine's clock."""

import asyncio
from datetime import UTC, datetime


class SystemClock:
    """Wire time as the machine has it."""

    def now(self) -> datetime:
        """The present instant, UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait for real."""
        await asyncio.sleep(seconds)
