"""The world of a conversation: clocks, ids, chance and what the subject was given. Nobody else reads the time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Protocol
from uuid import UUID

from harness.model.credential import Client, Present, Presentation, Secret
from harness.model.settings import Settings


class Clock(Protocol):
    """A clock that tells an aware UTC time and can wait."""

    def now(self) -> datetime:
        """The present instant, UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return when this clock has moved on by so much."""
        ...


@dataclass
class VirtualClock:
    """A clock that moves only when somebody waits or advances it."""

    instant: datetime

    def now(self) -> datetime:
        """The instant it stands at."""
        return self.instant

    async def sleep(self, seconds: float) -> None:
        """Move on at once."""
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        """Move on by so much."""
        self.instant += timedelta(seconds=seconds)


@dataclass(frozen=True)
class World:
    """Everything that a scenario may draw on.

    `wire` paces and dates what the subject itself paces or dates; `story` says what day the data is. `secret` is the
    subject's true credential as a handle and `presentation` the form in which it works; `entry` is the list
    that opened in preflight; `parties` are those that the user declared (``NL/ABC``). `client` is who asks for access
    tokens, None where the subject gave out a token of its own: with one, `secret` is the access token that preflight
    fetched, or the one that has taken its place since. `guest` is True where the subject is somebody else's machine:
    wrong credentials are made up then, and the true one goes nowhere but where it belongs.
    """

    wire: Clock
    story: Clock
    random: Random
    settings: Settings
    secret: Secret
    presentation: Presentation
    entry: str = ""
    parties: tuple[str, ...] = ()
    client: Client | None = None
    guest: bool = False

    @property
    def credential(self) -> Present:
        """The true credential, in the form that works."""
        return Present(self.secret)

    def new_id(self) -> str:
        """A fresh UUID, version 4, from the world's chance."""
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def unlike(self, known: list[str]) -> str:
        """An id in the alphabet and shape of the known ones that, compared without case, is none of them.

        Letters become letters, digits become digits, all else stays: a server that insists on its own form of id must
        still take it for an id. A short one is made longer, since the known ones may be few of many; a number stays
        within nine digits, which any integer holds.
        """
        taken = {one.lower() for one in known}
        pattern = self.random.choice(known) if known else "LOC-0000"
        wanted = 9 if pattern.isdigit() else 12
        pattern += "7" * max(0, wanted - sum(character.isalnum() for character in pattern))
        while (made := self._shaped(pattern)).lower() in taken:
            pattern += "7"
        return made

    def _shaped(self, pattern: str) -> str:
        made = "".join(self._like(character) for character in pattern)
        return f"1{made[1:]}" if made.isdigit() else made

    def _like(self, character: str) -> str:
        if character.isdigit():
            return self.random.choice("0123456789")
        if character.isalpha() and character.isascii():
            hexadecimal = "abcdef" if character.islower() else "ABCDEF"
            letters = "abcdefghijklmnopqrstuvwxyz" if character.islower() else "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
            return self.random.choice(hexadecimal if character.lower() in "abcdef" else letters)
        return character
