"""The vault: the only place that knows secrets. It puts them into requests and takes them out of evidence."""

import base64
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import quote, quote_plus

from harness.auth.token import altered, written
from harness.model.credential import Alteration, Credential, Form, Present, Presentation, Secret

_SHORTEST_SEARCHED = 8


@dataclass(frozen=True)
class Worn:
    """A credential as it goes into a request: one header field or one query parameter, and what evidence says."""

    header: tuple[str, str] | None
    query: tuple[str, str] | None
    credential: Credential
    marked: str


class Vault:
    """Keeps secrets by number. `seed` makes the made-up ones; `presentation` is the one that works, once known."""

    def __init__(self, *, seed: int = 0, presentation: Presentation | None = None) -> None:
        self._secrets: list[str] = []
        self._seed = seed
        self._known: dict[str, str] = {}
        self._pattern: re.Pattern[bytes] | None = None
        self.presentation = presentation

    def keep(self, text: str) -> Secret:
        """Keep a secret; from now on it is taken out of all evidence."""
        self._secrets.append(text)
        number = len(self._secrets)
        for form in ("raw", "base64", "base64+lf", "base64 twice"):
            self._learn(written(text, form), f"secret {number}" if form == "raw" else f"secret {number} {form}")
        return Secret(number, len(text), any(sign != sign.swapcase() for sign in text))

    def too_short_to_search(self, secret: Secret) -> bool:
        """True for a secret that cannot be told from ordinary text in an answer, so that answers are not searched."""
        return not _distinctive(self._secrets[secret.n - 1])

    def reveal(self, secret: Secret) -> str:
        """The secret itself: for the request about to be sent, never for evidence."""
        return self._secrets[secret.n - 1]

    def wear(self, present: Present) -> Worn:
        """The header field or query parameter that shows this credential."""
        text = altered(self.reveal(present.secret), present.alteration, self._seed)
        presentation = present.presentation or self.presentation
        if presentation is None:
            raise ValueError("no presentation is known yet, and the step names none")
        if present.query is not None:
            presentation = replace(presentation, scheme=None, form="raw")
        shown = written(text, presentation.form)
        self._learn_altered(present.secret, present.alteration, text, shown, presentation.form)
        credential = Credential(
            present.secret.n,
            presentation.scheme,
            presentation.form,
            len(shown),
            present.alteration,
            f"query:{present.query}" if present.query else f"header:{presentation.header.lower()}",
        )
        value = f"{presentation.scheme} {shown}" if presentation.scheme else shown
        mark = f"{presentation.scheme} {_mark(credential)}" if presentation.scheme else _mark(credential)
        if present.query is not None:
            return Worn(None, (present.query, shown), credential, mark)
        return Worn((presentation.header, value), None, credential, mark)

    def redacted(self, text: str) -> str:
        """The text with every known secret, in every known spelling, replaced by a mark."""
        return self.redacted_bytes(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")

    def redacted_bytes(self, raw: bytes) -> bytes:
        """The same for bytes of any encoding; bytes without a secret come back untouched."""
        if self._pattern is None:
            if not self._known:
                return raw
            spellings = sorted(self._known, key=len, reverse=True)
            self._pattern = re.compile(b"|".join(re.escape(spelling.encode("latin-1")) for spelling in spellings))
        return self._pattern.sub(lambda found: f"[{self._known[found.group().decode('latin-1')]}]".encode(), raw)

    def _learn(self, text: str, name: str) -> None:
        if not _distinctive(text):
            return
        for spelling in _spellings(text):
            if self._known.setdefault(spelling, name) == name:
                self._pattern = None

    def _learn_altered(self, secret: Secret, alteration: Alteration | None, text: str, shown: str, form: Form) -> None:
        if alteration is not None and text:
            name = f"secret {secret.n}, {alteration}"
            self._learn(text, name)
            self._learn(shown, f"{name}, {form}")


def _mark(credential: Credential) -> str:
    what = f"secret {credential.n}"
    if credential.form != "raw":
        what += f" {credential.form}"
    return f"[{what}, {credential.altered}]" if credential.altered else f"[{what}]"


def _distinctive(text: str) -> bool:
    """Long and odd enough that finding it in an answer means something."""
    return len(text) >= _SHORTEST_SEARCHED and not (text.isalpha() and text.islower())


def _spellings(text: str) -> Iterable[str]:
    """As it is, percent-encoded, JSON-escaped, Base64 without padding and in the URL alphabet; as Latin-1 text."""
    utf8 = text.encode().decode("latin-1")
    yield utf8
    for spelling in (quote(text, safe=""), quote(text), quote_plus(text)):
        yield spelling
        yield re.sub("%..", lambda found: found.group().lower(), spelling)
    yield json.dumps(text)[1:-1]
    yield json.dumps(text, ensure_ascii=False)[1:-1].encode().decode("latin-1")
    yield json.dumps(text)[1:-1].replace("/", "\\/")
    if text.endswith("="):
        yield text.rstrip("=")
    yield text.replace("+", "-").replace("/", "_")
    yield base64.b64encode(text.encode()).decode()
