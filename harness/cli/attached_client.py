"""A client that the user starts: nobody here starts, ends or reads it."""

import asyncio
from collections.abc import Mapping


class AttachedClient:
    """A `harness.run.client.Client` that runs wherever it runs."""

    is_anew = False
    exit_code: int | None = None

    async def start(self, situation: str, environment: Mapping[str, str], *, again: bool = False) -> None:
        """See `Client`."""

    async def stop(self) -> None:
        """See `Client`."""

    async def kill(self) -> bool:
        """See `Client`."""
        return False

    async def over(self) -> None:
        """See `Client`."""
        await asyncio.Event().wait()

    def written(self) -> None:
        """See `Client`."""
