"""The vault: the only place that knows secrets. It puts them into requests and takes them out of evidence."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import get_args

from harness.auth.learned import taken_out
from harness.auth.spelling import pattern_of
from harness.auth.token import altered, basic, jwt_algorithm, written
from harness.model.credential import Alteration, Credential, Form, Present, Presentation, Secret

_SHORTEST_SEARCHED = 8
_LONGER_THAN_WORDS = 16
_SHORTEST_OF_DIGITS = 16
"""A shorter number may be any number of an answer."""


@dataclass(frozen=True)
class Worn:
    """A credential as it goes into a request: a header field, a query parameter or a form field; what evidence says."""

    header: tuple[str, str] | None
    query: tuple[str, str] | None
    credential: Credential
    marked: str
    field: tuple[str, str] | None = None


class Vault:
    """Keeps secrets by number. `seed` makes the made-up ones; `presentation` is the one that works, once known."""

    def __init__(self, *, seed: int = 0, presentation: Presentation | None = None) -> None:
        self._secrets: list[str] = []
        self._successors: dict[int, int] = {}
        self._seed = seed
        self._known: dict[str, str] = {}
        self._pattern: re.Pattern[bytes] | None = None
        self.presentation = presentation

    def keep(self, text: str) -> Secret:
        """Keep a secret; from now on it is taken out of all evidence. The same text keeps its number."""
        if text not in self._secrets:
            self._secrets.append(text)
        number = self._secrets.index(text) + 1
        self._learn(number, text, None)
        if jwt_algorithm(text) is not None:  # the last part is what makes it worth something
            self._learn(number, text.rpartition(".")[2], None)
        return self.handle(number)

    def handle(self, number: int) -> Secret:
        """The handle of a secret that is kept under this number."""
        text = self._secrets[number - 1]
        return Secret(number, len(text), any(sign != sign.swapcase() for sign in text))

    def supersede(self, old: Secret, new: Secret) -> None:
        """From now on, who shows the old secret shows the new one: an access token that took another's place."""
        newest = self._newest(old.n)
        if newest != new.n:
            self._successors.pop(new.n, None)  # a server may come back to a token that it gave out before
            self._successors[newest] = new.n

    def _newest(self, number: int) -> int:
        while number in self._successors:
            number = self._successors[number]
        return number

    def learn(self, raw: bytes, names: Collection[str]) -> tuple[bytes, tuple[Credential, ...]]:
        """An answer with marks for the secrets that it gives out under these names; they are kept from now on."""
        issued: list[Credential] = []

        def keep(name: str, text: str) -> str:
            secret = self.keep(text)
            issued.append(Credential(secret.n, None, "raw", len(text), None, f"body:{name}", jwt_algorithm(text)))
            return _mark(secret.n, "raw", None)

        return taken_out(raw, names, keep), tuple(issued)

    def too_short_to_search(self, secret: Secret) -> bool:
        """True for a secret that cannot be told from ordinary text in an answer, so that answers are not searched."""
        return not _distinctive(self._secrets[secret.n - 1])

    def reveal(self, secret: Secret) -> str:
        """The secret itself: for the request about to be sent, never for evidence."""
        return self._secrets[secret.n - 1]

    def mark(self, secret: Secret) -> str:
        """What stands for the secret in evidence."""
        return _mark(secret.n, "raw", None)

    def wear(self, present: Present) -> Worn:
        """The header field or query parameter that shows this credential."""
        number = self._newest(present.secret.n)
        text = altered(self._secrets[number - 1], present.alteration, self._seed)
        if present.alteration is not None:
            self._learn(number, text, present.alteration)
        presentation = self._presentation_of(present)
        shown = written(text, presentation.form)
        if present.user is not None:
            shown = basic(present.user, text)
            for spelt in (shown, f"{present.user}:{text}"):
                self._learn(number, spelt, present.alteration)
        place = f"header:{presentation.header.lower()}"
        if present.query is not None:
            place = f"query:{present.query}"
        elif present.field is not None:
            place = f"body:{present.field}"
        credential = Credential(
            number, presentation.scheme, presentation.form, len(shown), present.alteration, place, jwt_algorithm(text)
        )
        named = _mark(number, presentation.form, present.alteration)
        mark = f"{presentation.scheme} {named}" if presentation.scheme else named
        if present.query is not None:
            return Worn(None, (present.query, shown), credential, mark)
        if present.field is not None:
            return Worn(None, None, credential, mark, (present.field, shown))
        value = f"{presentation.scheme} {shown}" if presentation.scheme else shown
        return Worn((presentation.header, value), None, credential, mark)

    def _presentation_of(self, present: Present) -> Presentation:
        if present.user is not None:
            return Presentation("Basic", "base64")
        if present.field is not None:
            return Presentation(None, "raw")
        presentation = present.presentation or self.presentation
        if presentation is None:
            raise ValueError("no presentation is known yet, and the step names none")
        return presentation if present.query is None else replace(presentation, scheme=None, form="raw")

    def redacted(self, text: str) -> str:
        """The text with every known secret, in every known spelling, replaced by a mark."""
        return self.redacted_bytes(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")

    def redacted_bytes(self, raw: bytes) -> bytes:
        """The same for bytes of any encoding; bytes without a secret come back untouched."""
        if self._pattern is None:
            if not self._known:
                return raw
            self._pattern = re.compile(b"|".join(pattern_of(text) for text in self._longest_first()))
        return self._pattern.sub(lambda found: self._mark_of(found.group()).encode(), raw)

    def _longest_first(self) -> list[str]:
        return sorted(self._known, key=lambda text: len(text.rstrip("=")), reverse=True)

    def _mark_of(self, spelling: bytes) -> str:
        return next(self._known[text] for text in self._longest_first() if re.fullmatch(pattern_of(text), spelling))

    def _learn(self, number: int, text: str, alteration: Alteration | None) -> None:
        """From now on, take this value out of evidence: in every form, and every form once more in Base64."""
        least = _SHORTEST_SEARCHED - (alteration == "cut short")
        forms: dict[str, str] = {}
        for form in get_args(Form) if text else ():
            forms.setdefault(written(text, form), _mark(number, form, alteration))
        for shown, mark in tuple(forms.items()):
            forms.setdefault(written(shown, "base64"), mark)
        derived = alteration is not None and _distinctive(self._secrets[number - 1])
        for shown, mark in forms.items():
            if shown not in self._known and (_distinctive(shown, least) or (derived and len(shown) >= least)):
                self._known[shown] = mark
                self._pattern = None


def _mark(number: int, form: Form, alteration: Alteration | None) -> str:
    what = f"secret {number}" if form == "raw" else f"secret {number} {form}"
    return f"[{what}, {alteration}]" if alteration else f"[{what}]"


def _distinctive(text: str, least: int = _SHORTEST_SEARCHED) -> bool:
    """Long and odd enough that finding it in an answer means something."""
    if text.isdigit():
        return len(text) >= _SHORTEST_OF_DIGITS
    return len(text) >= (_LONGER_THAN_WORDS if text.isalpha() and text.islower() else least)
