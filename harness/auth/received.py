"""Secrets in what a mock receives and answers: taken out by their place, and told apart by number."""

import base64
import re
from collections.abc import Collection
from typing import get_args
from urllib.parse import unquote_plus

from harness.auth.learned import taken_out
from harness.auth.token import jwt_algorithm, written
from harness.auth.vault import Vault
from harness.model.body import Body
from harness.model.credential import Credential, Form
from harness.model.exchange import Headers

FORM_TYPE = "application/x-www-form-urlencoded"
SECRET_FIELDS = ("client_secret", "client_assertion", "refresh_token", "access_token", "password", "assertion")
"""Fields of a form, or members of a JSON object, that hold a secret wherever a client puts them."""

_JWT = re.compile(rb"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*")
_REMEMBERED = 10_000


class Received:
    """Takes secrets out of messages. A secret of a client is known for good and looked for everywhere; tokens are found
    by their place, and by their form where they are JWTs; the same text has the same number."""

    def __init__(self) -> None:
        self._vault = Vault()
        self._literal: list[bytes] = []
        self._numbers: dict[str, int] = {}
        self._next = 1

    def know(self, secret: str) -> int:
        """A secret that a client was given."""
        forms = [written(secret, form).rstrip("=").encode() for form in get_args(Form)]
        if forms[0] not in self._literal:
            self._vault.keep(secret)
            self._literal = [*self._literal, *forms]
        return self.number(secret)

    def number(self, text: str) -> int:
        """The number of a secret; of those that came long ago, a new one."""
        known = self._numbers.get(text)
        if known is None:
            if len(self._numbers) >= _REMEMBERED:
                self._numbers.pop(next(iter(self._numbers)))
            known = self._numbers[text] = self._next
            self._next += 1
        return known

    def credential(self, headers: Headers) -> tuple[Headers, Credential | None]:
        """The header fields with a mark in the place of what ``Authorization`` shows, and what evidence says of it."""
        value = headers.get("authorization")
        if value is None:
            return headers, None
        scheme, _, shown = value.partition(" ")
        shown = shown.strip()
        if not shown:
            scheme, shown = "", scheme
        secret = _password(shown) if scheme.lower() == "basic" else shown
        number = self.number(secret)
        form: Form = "base64" if scheme.lower() == "basic" else "raw"
        told = Credential(number, scheme or None, form, len(shown), None, "header:authorization", jwt_algorithm(shown))
        return headers.with_field("Authorization", f"{scheme} [secret {number}]".strip()), told

    def in_fields(self, raw: bytes, names: Collection[str] = SECRET_FIELDS) -> bytes:
        """A form or JSON text with marks for what stands under these names."""
        return taken_out(raw, names, lambda _name, text: self._mark(text))

    def issued(self, raw: bytes, names: Collection[str]) -> tuple[bytes, tuple[Credential, ...]]:
        """An answer with marks for the secrets that it gives out under these names, and what evidence says of them."""
        given: list[Credential] = []

        def mark(name: str, text: str) -> str:
            number = self.number(text)
            given.append(Credential(number, None, "raw", len(text), None, f"body:{name}", jwt_algorithm(text)))
            return f"[secret {number}]"

        return taken_out(raw, names, mark), tuple(given)

    def redacted(self, raw: bytes) -> bytes:
        """Bytes of any kind with a mark for every secret in them; those without one come back as they are."""
        if b"eyJ" in raw:
            raw = _JWT.sub(lambda found: self._mark(found[0].decode()).encode(), raw)
        if any(literal in raw for literal in self._literal):
            raw = self._vault.redacted_bytes(raw)
        return raw

    def body(self, raw: bytes, content_type: str) -> Body:
        """The body of a request as evidence."""
        if FORM_TYPE in content_type.lower() or b"client_secret" in raw:
            raw = self.in_fields(raw)
        return Body(self.redacted(raw))

    def text(self, text: str) -> str:
        """A text, such as a URL, as evidence; what a query names like a secret is one."""
        if "=" in text:
            text = re.sub(
                rf"((?:^|[?&])(?:{'|'.join(SECRET_FIELDS)})=)([^&#]+)",
                lambda found: found[1] + self._mark(unquote_plus(found[2])),
                text,
            )
        return self.redacted(text.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")

    def leaks(self, text: str) -> tuple[str, ...]:
        """What a client's output shows in full: a ``client secret`` that it was given, an ``access token`` or another
        one of ours. A JWT of somebody else is none of these."""
        raw = text.encode("utf-8", "surrogateescape")
        found = ["client secret"] if any(literal in raw for literal in self._literal) else []
        tokens = (one[0].decode() for one in _JWT.finditer(raw))
        return (*found, *(["access token"] if any(one in self._numbers for one in tokens) else []))

    def _mark(self, text: str) -> str:
        return f"[secret {self.number(text)}]"


def _password(shown: str) -> str:
    """The password of HTTP Basic; the whole text where it is none."""
    try:
        return unquote_plus(base64.b64decode(shown, validate=True).decode().partition(":")[2]) or shown
    except ValueError:
        return shown
