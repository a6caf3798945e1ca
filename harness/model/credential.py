"""Credentials without their secret: what a step wants to show, and what evidence keeps of it."""

from dataclasses import dataclass
from typing import Literal

Form = Literal["raw", "base64", "base64+lf", "base64 twice"]
"""How the secret's characters are written: as they are; Base64 (RFC 4648 section 4); Base64 of the secret and a line
feed; Base64 of the Base64."""

Alteration = Literal["another case", "characters added", "cut short", "empty", "made up", "one character changed"]
"""What was done to a secret on purpose before it was shown."""

ClientAuth = Literal["body", "basic"]
"""Where a client shows its id and secret to a token endpoint: in the form, or as HTTP Basic (RFC 6749 2.3.1)."""


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

    With `query`, the secret goes raw into the query parameter of that name and no header is sent; with `field`, into
    the form field of that name. With `user`, it is the password of that user under HTTP Basic (RFC 6749 2.3.1).
    A `stale` access token is shown as it is, however old; otherwise a fresh one is fetched where the old one ends.
    """

    secret: Secret
    alteration: Alteration | None = None
    presentation: Presentation | None = None
    query: str | None = None
    field: str | None = None
    user: str | None = None
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Client:
    """An OAuth2 client (RFC 6749 2): its id, its secret as a handle, and how it shows them to which token endpoint."""

    id: str
    secret: Secret
    token_url: str
    auth: ClientAuth = "body"

    def login(self, alteration: Alteration | None = None) -> "Present":
        """The client's secret, altered or not, as this client shows it."""
        if self.auth == "basic":
            return Present(self.secret, alteration, user=self.id)
        return Present(self.secret, alteration, field="client_secret")

    @property
    def grant(self) -> tuple[tuple[str, str], ...]:
        """The form fields that ask for an access token with the client's own credentials (RFC 6749 4.4.2)."""
        own = (("client_id", self.id),) if self.auth == "body" else ()
        return ("grant_type", "client_credentials"), *own


@dataclass(frozen=True, slots=True)
class Credential:
    """What evidence says of a credential: the same `n` is the same secret; `length` is that of the shown value.

    `alg` is the algorithm that the header of a JWT names (RFC 7515 4.1.1), None for a text that is no JWT.
    """

    n: int
    scheme: str | None
    form: Form
    length: int
    altered: Alteration | None = None
    place: str = "header:authorization"
    alg: str | None = None
