"""The names of the IANA tz database, of the release that the package tzdata holds: the same on every machine."""

import re
from functools import cache
from importlib.resources import files

_AREAS = "Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific"
_PLACE = r"(?=[^/]{1,14}(?:/|$))[A-Z][A-Za-z]*(?:[-_'][A-Za-z]+)*"
_TO_COME = re.compile(rf"(?:{_AREAS})(?:/{_PLACE}){{1,2}}")
"""How the database names what it adds: a continent or an ocean, and a place there, of at most 14 characters each."""


@cache
def names() -> frozenset[str]:
    """Every name, those included that are there for the sake of old data only."""
    return frozenset((files("tzdata") / "zones").read_text("utf-8").split())


@cache
def _folded() -> frozenset[str]:
    return frozenset(name.lower() for name in names())


def may_be_newer(name: str) -> bool:
    """True for a name that is not in this release, but may be in a later one: it is formed as the database forms
    names, and differs from those that there are by more than case."""
    return _TO_COME.fullmatch(name) is not None and name.lower() not in _folded()
