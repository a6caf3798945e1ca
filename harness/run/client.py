"""A client under test, as far as it can be steered: a command, something that the user starts, or a reference."""

from collections.abc import Mapping
from typing import Protocol

from harness.model.exchange import OutputLine


class NotStartedError(Exception):
    """It could not be started; the text says why, and what to do."""


class Client(Protocol):
    """One client. Nothing here waits for what it says to the mock."""

    @property
    def is_anew(self) -> bool:
        """It is started for each situation, with nothing left of the one before."""
        ...

    @property
    def exit_code(self) -> int | None:
        """That of the last run, where it ended by itself; None while it runs, or where nobody can tell."""
        ...

    async def start(self, situation: str, environment: Mapping[str, str], *, again: bool = False) -> None:
        """Begin a situation: start it where it does not run yet. `again`: with the state that it had when it was
        killed. NotStartedError where it cannot be started."""
        ...

    async def stop(self) -> None:
        """End it kindly, and by force where it does not; nothing where somebody else runs it."""
        ...

    async def kill(self) -> bool:
        """End it at once, as by kill -9; False where nobody here can."""
        ...

    async def over(self) -> None:
        """Return when it has ended by itself; never where nobody can tell."""
        ...

    def written(self) -> list[OutputLine] | None:
        """The lines that it wrote since this was asked last; None where nobody can see them."""
        ...
