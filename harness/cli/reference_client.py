"""A bundled client as a subject: in this process, on the clock and over the transport of the check."""

import asyncio
import importlib
import logging
from collections.abc import Callable, Mapping
from functools import partial
from random import Random
from typing import Any, Literal

import httpx

from harness.cli.plan import Plan
from harness.cli.read_back import by_export, by_pull
from harness.model.exchange import OutputLine, State
from harness.model.system import Reference
from harness.model.world import Clock
from harness.run.hooks import Hook, HookFailedError, local_hook
from harness.run.observe import NotReadError, ReadBack
from harness.wire.transport import in_process

HOOKS = ("change", "export")


class ReferenceClient:
    """A `harness.run.client.Client` that runs the ``Client`` of the reference's module. It never ends by itself."""

    is_anew = True
    exit_code: int | None = None

    def __init__(
        self,
        reference: Reference,
        transport: httpx.AsyncBaseTransport,
        clock: Clock,
        random: Random,
        read: Callable[[str, str], OutputLine],
    ) -> None:
        self._make = importlib.import_module(reference.module).Client
        self._http = httpx.AsyncClient(transport=transport)
        self._clock = clock
        self._random = random
        self._log = logging.Logger("reference", logging.INFO)
        self._lines: list[OutputLine] = []
        self._log.addHandler(_Lines(lambda text: self._lines.append(read("stderr", text))))
        self.made: Any = None

    @property
    def hooks(self) -> dict[str, Hook]:
        """Its own hooks; they fail where it was not started yet."""
        return {name: local_hook(partial(self._hook, name)) for name in HOOKS if hasattr(self._make, name)}

    def reads(self, pulled: Plan, interface_id: str) -> list[tuple[Literal["pull", "export"], ReadBack]]:
        """How what it holds is read: by a pull of the server beside it, as `pulled` says, and by its own hook."""

        async def pull(situation: str) -> State:
            if self.made is None:
                raise NotReadError("it was not started yet")
            return await by_pull(pulled, in_process(self.made.app), self._clock)(situation)

        return [("pull", pull), ("export", by_export(self.hooks["export"], interface_id))]

    def _hook(self, name: str, order: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            answer: Mapping[str, Any] = getattr(self.made, name)(order)
        except KeyError as error:
            raise HookFailedError(str(error.args[0])) from None
        return answer

    async def start(self, _situation: str, environment: Mapping[str, str], *, again: bool = False) -> None:
        """See `Client`."""
        if not again:
            given: dict[str, Any] = {"now": self._clock.now, "sleep": self._clock.sleep, "random": self._random}
            self.made = self._make(environment, self._http, log=self._log, **given)
        await self.made.start()

    async def stop(self) -> None:
        """See `Client`."""
        await self.made.stop()

    async def kill(self) -> bool:
        """See `Client`."""
        await self.made.stop()
        return True

    async def over(self) -> None:
        """See `Client`."""
        await asyncio.Event().wait()

    def written(self) -> list[OutputLine]:
        """See `Client`."""
        lines, self._lines[:] = list(self._lines), []
        return lines


class _Lines(logging.Handler):
    def __init__(self, take: Callable[[str], None]) -> None:
        super().__init__()
        self._take = take

    def emit(self, record: logging.LogRecord) -> None:
        self._take(f"{record.levelname} {record.getMessage()}")
