"""Credentials without their secret: what a step wants to show, and what evidence keeps of it."""

from dataclasses import dataclass
from typing import Literal

Form = Literal["raw", "base64", "base64+lf", "base64 twice"]
"""How the secret's characters are written: as they are; Base64 (RFC 4648 section 4); Base64 of the secret and a line
feed; Base64 of the Base64."""

Alteration = Literal["another case", "characters added", "cut short", "empty", "made up"]
"""What was done to a secret on purpose before it was shown."""


@dataclass(frozen=True, slots=True)
class Presentation:
    """The way in which a secret travels: header field, scheme (None: the bare value) and form."""

    scheme: str | None
    form: Form
    header: str = "Authorization"

    def __str__(self) -> str:
        return f"{self.header}: {self.scheme + ' ' if self.scheme else ''}<{self.form}>"


@dataclass(frozen=True, slots=True)
class Secret:
    """A handle on a secret that only the vault knows: its number, its length in characters, what can be done to it."""

    n: int
    length: int
    has_letters: bool


@dataclass(frozen=True, slots=True)
class Present:
    """What a step shows: a secret, altered or not, in a given presentation (None: the one that preflight found).

    With `query`, the secret goes raw into the query parameter of that name and no header is sent.
    """

    secret: Secret
    alteration: Alteration | None = None
    presentation: Presentation | None = None
    query: str | None = None


@dataclass(frozen=True, slots=True)
class Credential:
    """What evidence says of a credential: the same `n` is the same secret; `length` is that of the shown value."""

    n: int
    scheme: str | None
    form: Form
    length: int
    altered: Alteration | None = None
    place: str = "header:authorization"
