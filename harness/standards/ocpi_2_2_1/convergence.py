"""Do two states hold the same objects? What was pushed, held against what a full pull shows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from harness.judge.vocabulary import instant
from harness.model.pointer import join

_KNOWN_BY = {"evses": "uid", "connectors": "id"}
"""Lists of objects whose order says nothing, and the member by which each is known."""
_IDS = frozenset({"country_code", "party_id", "id", "uid", "evse_id", "tariff_ids"})
"""Members whose case says nothing."""
_STAMP = "last_updated"
_Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Difference:
    """An object, by its key, that is in one of the states alone, or differs at these places (JSON Pointers)."""

    key: str
    kind: Literal["only pushed", "only pulled", "differs", "only last_updated differs"]
    places: tuple[str, ...] = ()


def differences(pushed: Mapping[str, Any], pulled: Mapping[str, Any]) -> Iterator[Difference]:
    """What is not the same in two states, each from key (``NL/ABC/LOC-1``, its case says nothing) to object.

    null, an empty list and absence are one; numbers are compared by value, moments as instants, ids without case. The
    order of EVSEs, connectors and lists of words says nothing. An EVSE that is REMOVED here may be absent there.
    """
    one, other = _by_plain_key(pushed), _by_plain_key(pulled)
    for plain, (key, row) in one.items():
        if plain not in other:
            yield Difference(key, "only pushed")
        elif places := list(_differing(row, other[plain][1], ())):
            only_stamps = all(place[-1:] == (_STAMP,) for place in places)
            kind: Literal["differs", "only last_updated differs"] = (
                "only last_updated differs" if only_stamps else "differs"
            )
            yield Difference(key, kind, tuple(join(place) for place in places))
    for plain, (key, _row) in other.items():
        if plain not in one:
            yield Difference(key, "only pulled")


def _by_plain_key(state: Mapping[str, Any]) -> dict[str, tuple[str, Any]]:
    return {key.lower(): (key, row) for key, row in state.items()}


def _differing(one: Any, other: Any, at: _Path) -> Iterator[_Path]:
    """The places where two values differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in dict.fromkeys([*one, *other]):
            if name in _KNOWN_BY:
                yield from _differing_lists(one.get(name), other.get(name), _KNOWN_BY[name], (*at, name))
            else:
                yield from _differing(one.get(name), other.get(name), (*at, name))
    elif isinstance(one, list) and isinstance(other, list) and not (_is_of_words(one) and _is_of_words(other)):
        if len(one) != len(other):
            yield at
            return
        for index, (first, second) in enumerate(zip(one, other, strict=True)):
            yield from _differing(first, second, (*at, index))
    elif _comparable(one, at) != _comparable(other, at):
        yield at


def _differing_lists(one: Any, other: Any, member: str, at: _Path) -> Iterator[_Path]:
    """The places where two lists differ whose objects are known by a member."""
    firsts, seconds = _by_member(one, member), _by_member(other, member)
    for plain in dict.fromkeys([*firsts, *seconds]):
        index, first = firsts.get(plain, (None, None))
        place, second = seconds.get(plain, (None, None))
        if first is None or second is None:
            alone = first or second or {}
            if alone.get("status") != "REMOVED":
                yield (*at, index if index is not None else place or 0)
        else:
            yield from _differing(first, second, (*at, index or 0))


def _by_member(value: Any, member: str) -> dict[str, tuple[int, dict[str, Any]]]:
    objects = enumerate(value if isinstance(value, list) else ())
    return {str(one.get(member)).lower(): (index, one) for index, one in objects if isinstance(one, dict)}


def _is_of_words(value: list[Any]) -> bool:
    return all(isinstance(one, str) for one in value)


def _comparable(value: Any, at: _Path) -> Any:
    """What a value is compared by, beside its kind: True is no 1."""
    if value is None or value == []:
        return None
    if isinstance(value, list) and _is_of_words(value):
        return sorted(_comparable(one, at) for one in value)
    if isinstance(value, str):
        if at[-1:] and at[-1] in _IDS:
            return value.lower()
        moment = instant(value)
        return value if moment is None else moment.isoformat()
    return (isinstance(value, bool), value)
