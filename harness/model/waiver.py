"""A waiver: somebody answers for a failure until a day, and says why."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

PARTY = "party"
"""Under this name an object tells whose it is: no id of its own."""


@dataclass(frozen=True)
class Waiver:
    """What it covers: a clause, and of it all problems, or those of a party, an object, a place.

    `object` is a glob over the ids that lead to an object, ``LOC-1/EVSE-1``, or a table of globs by the names of these
    ids, which also tells a Tariff from a Location of the same id. `where` is a glob over the place as reports show it,
    or, where it begins with a slash, over the place inside the object. In a glob ``*`` stays within one step of a path
    and ``**`` does not, so that nothing deeper is covered unawares. `until` is its last day; `origin` is where it was
    written.
    """

    requirement: str
    reason: str
    owner: str
    until: date
    ticket: str | None = None
    party: str | None = None
    object: str | Mapping[str, str] | None = None
    where: str | None = None
    origin: str = ""

    @property
    def terms(self) -> tuple[str, str, str | None, date]:
        """What is answered for: two waivers of the same problem must not differ in it."""
        return self.reason, self.owner, self.ticket, self.until

    def covers(
        self, party: str | None, where: str, inside: str, named: Mapping[str, str], ids: Mapping[str, str]
    ) -> bool:
        """True for a problem of this waiver's clause that it means: whose, the two spellings of where, and its object:
        all its names, and those of them that tell objects apart."""
        if self.party is not None and self.party != party:
            return False
        if self.where is not None and not matches(self.where, inside if self.where.startswith("/") else where):
            return False
        if self.object is None:
            return True
        if isinstance(self.object, str):
            return bool(ids) and matches(self.object, "/".join(ids.values()))
        return ids.keys() <= self.object.keys() <= named.keys() and all(
            matches(glob, named[name]) for name, glob in self.object.items()
        )


def matches(glob: str, text: str) -> bool:
    """True where the glob means the whole text: ``*`` and ``?`` within one step of a path, ``**`` over several."""
    return _pattern(glob).fullmatch(text) is not None


_MEANING = {"**": ".*", "*": "[^/]*", "?": "[^/]"}


@lru_cache(maxsize=1024)
def _pattern(glob: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*|\*|\?)", glob)
    return re.compile("".join(_MEANING.get(part) or re.escape(part) for part in parts), re.S)
