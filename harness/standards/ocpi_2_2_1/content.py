"""What an OCPI object says, however it is written: two objects with the same content are the same to a reader.

Null and an empty list count as absent, numbers by their value, DateTimes as instants, ids without regard to case; the
order of a list counts only where the standard gives it a meaning. Members that no class has say nothing.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeGuard

import orjson

from harness.judge.vocabulary import instant
from harness.standards.ocpi_2_2_1.members import CLASSES, Member, Tokens

ORDERED = frozenset({"elements"})
"""The one list whose order means something: of a Tariff's elements the first that fits holds (mod_tariffs 11.3.1)."""

_KEYS = {"EVSE": "uid", "Connector": "id"}

_PLAIN, _LOWER, _TIME, _CLASS = "plain", "lower", "time", "class"


def content(value: Any, name: str, leave_out: frozenset[str] = frozenset()) -> bytes:
    """The content of an object of this class in one text: equal texts, equal content. `leave_out` are members of it
    that do not count."""
    return _spelt(_object(value, name, leave_out) if isinstance(value, dict) else _plain(value))


def _spelt(said: Any) -> bytes:
    """Any JSON value as text; the order of members does not count."""
    try:
        return orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # a number of more than 64 bits, or half a surrogate pair
        return repr(said).encode(errors="backslashreplace")


def _way(kind: str) -> str:
    if kind in CLASSES:
        return _CLASS
    return {"DateTime": _TIME, "id": _LOWER, "ci": _LOWER}.get(kind, _PLAIN)


@lru_cache(maxsize=64)
def _steps(name: str, leave_out: frozenset[str]) -> dict[str, tuple[Member, str]]:
    """The members of a class that count, and how each is."""
    return {key: (member, _way(member.kind)) for key, member in CLASSES[name].items() if key not in leave_out}


def _object(value: Mapping[str, Any], name: str, leave_out: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The members that say something, each with its content; every object comes by here, so it is kept quick."""
    said: dict[str, Any] = {}
    steps = _steps(name, leave_out)
    for key, inner in value.items():
        if inner is None or key not in steps:
            continue
        member, way = steps[key]
        kind = inner.__class__
        if kind is str:
            said[key] = inner if way is _PLAIN else _text(inner, way)
        elif kind is int or kind is bool:
            said[key] = inner
        elif kind is list and member.many:
            if inner:
                said[key] = _many(inner, key, member.kind, way)
        elif inner != []:
            said[key] = _one(inner, member.kind, way)
    return said


def _many(value: list[Any], key: str, kind: str, way: str) -> list[Any]:
    """What the elements of a list say, in an order of their own where theirs means nothing."""
    each = value if way is _PLAIN and all(one.__class__ is str for one in value) else None
    if each is None:
        each = [
            _object(one, kind) if way is _CLASS and one.__class__ is dict else _one(one, kind, way) for one in value
        ]
    if len(each) < 2 or key in ORDERED:
        return each
    try:
        return sorted(each) if each[0].__class__ is str else sorted(each, key=_spelt)
    except TypeError:  # not all of them are texts
        return sorted(each, key=_spelt)


def _member(value: Any, key: str, member: Member) -> bytes | None:
    """What a member says; None where it says nothing."""
    if value is None or value == []:
        return None
    way = _way(member.kind)
    if member.many and isinstance(value, list):
        return _spelt(_many(value, key, member.kind, way))
    return _spelt(_one(value, member.kind, way))


def _one(value: Any, kind: str, way: str) -> Any:
    if isinstance(value, str):
        return _text(value, way)
    if way is _CLASS and isinstance(value, dict):
        return _object(value, kind)
    return _plain(value)


def _text(value: str, way: str) -> str:
    if way is _TIME:
        return _moment(value)
    return value.lower() if way is _LOWER else value


def _moment(text: str) -> str:
    """One spelling for every spelling of an instant: that with seconds and ``Z``."""
    moment = None if len(text) == 20 and text[19] == "Z" else instant(text)
    return moment.isoformat().removesuffix("+00:00") + "Z" if moment else text


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value == value and abs(value) < 2**63 and value == int(value):
        return int(value)
    return value


def differences(one: Any, other: Any, name: str, leave_out: frozenset[str] = frozenset()) -> Iterator[Tokens]:
    """The members, as deep as they can be told apart, in which two objects of this class say something else. Positions
    are those in `other`; EVSEs and Connectors are compared with those of the same id."""
    if not isinstance(one, dict) or not isinstance(other, dict):
        if content(one, name) != content(other, name):
            yield ()
        return
    for key, member in CLASSES[name].items():
        mine, yours = one.get(key), other.get(key)
        if key in leave_out or _member(mine, key, member) == _member(yours, key, member):
            continue
        if member.kind in _KEYS and _unique(mine, member.kind) and _unique(yours, member.kind):
            yield from ((key, *rest) for rest in _in_parts(mine, yours, member.kind))
        elif member.kind in CLASSES and not member.many and isinstance(mine, dict) and isinstance(yours, dict):
            yield from ((key, *rest) for rest in differences(mine, yours, member.kind))
        else:
            yield (key,)


def _unique(parts: Any, kind: str) -> TypeGuard[list[Any]]:
    """A list of objects, each with an id of its own."""
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        return False
    ids = [str(part.get(_KEYS[kind])).lower() for part in parts]
    return len(ids) == len(set(ids))


def _in_parts(mine: list[Any], yours: list[Any], kind: str) -> Iterator[Tokens]:
    by_id = {str(part.get(_KEYS[kind])).lower(): part for part in mine}
    for index, part in enumerate(yours):
        twin = by_id.pop(str(part.get(_KEYS[kind])).lower(), None)
        if twin is None:
            yield (index,)
        else:
            yield from ((index, *rest) for rest in differences(twin, part, kind))
    if by_id:
        yield ()  # something is gone: the list itself differs
