"""What an OCPI object says, however it is written: two objects with the same content are the same to a reader.

Null and an empty list count as absent, numbers by their value, DateTimes as instants, ids without regard to case; the
order of a list counts only where the standard gives it a meaning. Members that no class has say nothing.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

from harness.judge.vocabulary import instant
from harness.standards.ocpi_2_2_1.members import CLASSES, Member, Tokens

ORDERED = frozenset({"elements"})
"""The one list whose order means something: of a Tariff's elements the first that fits holds (mod_tariffs 11.3.1)."""

_KEYS = {"EVSE": "uid", "Connector": "id"}


def content(value: Any, name: str, leave_out: frozenset[str] = frozenset()) -> str:
    """The content of an object of this class in one text: equal texts, equal content. `leave_out` are members of it
    that do not count."""
    return _object(value, name, leave_out) if isinstance(value, dict) else _plain(value)


def _object(value: Mapping[str, Any], name: str, leave_out: frozenset[str] = frozenset()) -> str:
    members = CLASSES[name]
    said = []
    for key in sorted(value):
        member = members.get(key)
        if member is not None and key not in leave_out and (text := _member(value[key], key, member)) is not None:
            said.append(f"{key}={text}")
    return "{" + ";".join(said) + "}"


def _member(value: Any, key: str, member: Member) -> str | None:
    """What a member says; None where it says nothing."""
    if value is None or value == []:
        return None
    if member.many and isinstance(value, list):
        each = [_one(one, member.kind) for one in value]
        return "[" + ",".join(each if key in ORDERED else sorted(each)) + "]"
    return _one(value, member.kind)


def _one(value: Any, kind: str) -> str:
    if kind in CLASSES and isinstance(value, dict):
        return _object(value, kind)
    if isinstance(value, str) and kind == "DateTime":
        moment = instant(value)
        return moment.isoformat() if moment else _plain(value)
    if isinstance(value, str) and kind in ("id", "ci"):
        return _plain(value.lower())
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, float) and value == value and abs(value) < 2**63 and value == int(value):
        value = int(value)
    return json.dumps(value, sort_keys=True) if isinstance(value, (dict, list)) else repr(value)


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
