"""Do two states hold the same objects? What was pushed, held against what a full pull shows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from harness.judge.vocabulary import instant
from harness.model.pointer import join
from harness.model.settings import Setting, Settings

CONVERGENCE_SETTINGS = (
    Setting("converge.null_equals_absent", True, (False,), "Are null and an absent member one and the same to you?"),
    Setting("converge.empty_equals_absent", True, (False,), "Are an empty list and an absent one the same to you?"),
    Setting(
        "converge.unordered",
        True,
        (False,),
        "Does the order of evses, connectors, tariff_ids and lists of words say nothing to you?",
    ),
    Setting(
        "converge.last_updated_diff",
        "compare",
        ("ignore",),
        "Where a pull differs from what was pushed in last_updated alone: do you take it for a difference?",
    ),
    Setting(
        "converge.removed_equals_absent",
        True,
        (False,),
        "May an EVSE that was pushed as REMOVED be missing in the pull, and the reverse?",
    ),
    Setting(
        "converge.settle_s",
        60,
        (),
        "For how many seconds after a change may pull and push differ?",
    ),
)
"""What nobody has published about how to compare the two. Every default of the first five forgives most: what differs
under it differs under its alternative."""

_KNOWN_BY = {"evses": "uid", "connectors": "id"}
"""Lists of objects whose order says nothing, and the member by which each is known."""
_IDS = frozenset({"country_code", "party_id", "id", "uid", "evse_id", "tariff_ids"})
"""Members whose case says nothing."""
STAMP = "last_updated"
_Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Rules:
    """What counts as the same, by the settings of these names."""

    null_equals_absent: bool = True
    empty_equals_absent: bool = True
    unordered: bool = True
    removed_equals_absent: bool = True

    @classmethod
    def of(cls, settings: Settings) -> "Rules":
        """Those of these settings."""
        return cls(**{name: settings.flag(f"converge.{name}") for name in cls.__dataclass_fields__})


FORGIVING = Rules()


@dataclass(frozen=True)
class Difference:
    """An object, by its key, that is in one of the states alone, or differs at these places (JSON Pointers)."""

    key: str
    kind: Literal["only pushed", "only pulled", "differs", "only last_updated differs"]
    places: tuple[str, ...] = ()


class Place(NamedTuple):
    """A place where two objects differ: its path, the uid and id of the EVSE and connector on the way, and both values,
    None where there is none."""

    path: _Path
    ids: tuple[str, ...]
    one: Any
    other: Any

    @property
    def is_a_stamp(self) -> bool:
        """It is when something was changed last."""
        return self.path[-1:] == (STAMP,)


def differences(pushed: Mapping[str, Any], pulled: Mapping[str, Any], rules: Rules = FORGIVING) -> Iterator[Difference]:
    """What is not the same in two states, each from key (``NL/ABC/LOC-1``, its case says nothing) to object.

    null, an empty list and absence are one; numbers are compared by value, moments as instants, ids without case. The
    order of EVSEs, connectors and lists of words says nothing. An EVSE that is REMOVED here may be absent there.
    """
    one, other = by_plain_key(pushed), by_plain_key(pulled)
    for plain, (key, row) in one.items():
        if plain not in other:
            yield Difference(key, "only pushed")
        elif places := list(differing(row, other[plain][1], rules)):
            only_stamps = all(place.is_a_stamp for place in places)
            kind: Literal["differs", "only last_updated differs"] = (
                "only last_updated differs" if only_stamps else "differs"
            )
            yield Difference(key, kind, tuple(join(place.path) for place in places))
    for plain, (key, _row) in other.items():
        if plain not in one:
            yield Difference(key, "only pulled")


def by_plain_key(state: Mapping[str, Any]) -> dict[str, tuple[str, Any]]:
    """Key and object by what keys are compared by."""
    return {key.lower(): (key, row) for key, row in state.items()}


def differing(one: Any, other: Any, rules: Rules = FORGIVING) -> Iterator[Place]:
    """The places where two objects differ."""
    yield from _differing(one, other, (), (), rules)


def same(one: Any, other: Any, rules: Rules = FORGIVING, member: str = "") -> bool:
    """Two values of a member of this name are the same."""
    return next(_differing({member: one}, {member: other}, (), (), rules), None) is None


def _differing(one: Any, other: Any, at: _Path, ids: tuple[str, ...], rules: Rules) -> Iterator[Place]:
    if isinstance(one, dict) and isinstance(other, dict):
        for name in dict.fromkeys([*one, *other]):
            mine, theirs = one.get(name, _ABSENT), other.get(name, _ABSENT)
            if name in _KNOWN_BY:
                yield from _differing_lists(mine, theirs, (*at, name), ids, rules)
            else:
                yield from _differing(mine, theirs, (*at, name), ids, rules)
    elif isinstance(one, list) and isinstance(other, list) and not (_is_of_words(one) and _is_of_words(other)):
        if len(one) != len(other):
            yield Place(at, ids, one, other)
            return
        for index, (first, second) in enumerate(zip(one, other, strict=True)):
            yield from _differing(first, second, (*at, index), ids, rules)
    elif _comparable(one, at, rules) != _comparable(other, at, rules):
        yield _place(at, ids, one, other)


_ABSENT = object()
"""What stands for a member that is not there, which null need not be the same as."""


def _differing_lists(one: Any, other: Any, at: _Path, ids: tuple[str, ...], rules: Rules) -> Iterator[Place]:
    """The places where two lists differ whose objects are known by a member."""
    member = _KNOWN_BY[str(at[-1])]
    firsts, seconds = _by_member(one, member), _by_member(other, member)
    if not (firsts and seconds) and not rules.empty_equals_absent and _kind(one) is not _kind(other):
        yield _place(at, ids, one, other)
        return
    both = [[plain for plain in these if plain in those] for these, those in ((firsts, seconds), (seconds, firsts))]
    if not rules.unordered and both[0] != both[1]:
        yield _place(at, ids, one, other)
    for plain in dict.fromkeys([*firsts, *seconds]):
        index, first = firsts.get(plain, (None, None))
        place, second = seconds.get(plain, (None, None))
        alone = first or second or {}
        below = (*at, index if index is not None else place or 0)
        named = (*ids, str(alone.get(member)))
        if first is not None and second is not None:
            yield from _differing(first, second, below, named, rules)
        elif alone.get("status") != "REMOVED" or not rules.removed_equals_absent:
            yield Place(below, named, first, second)


def _place(at: _Path, ids: tuple[str, ...], one: Any, other: Any) -> Place:
    return Place(at, ids, None if one is _ABSENT else one, None if other is _ABSENT else other)


def _kind(value: Any) -> object:
    return value if value is _ABSENT else type(value)


def _by_member(value: Any, member: str) -> dict[str, tuple[int, dict[str, Any]]]:
    objects = enumerate(value if isinstance(value, list) else ())
    return {str(one.get(member)).lower(): (index, one) for index, one in objects if isinstance(one, dict)}


def _is_of_words(value: list[Any]) -> bool:
    return all(isinstance(one, str) for one in value)


def _comparable(value: Any, at: _Path, rules: Rules) -> Any:
    """What a value is compared by, beside its kind: True is no 1."""
    if value is _ABSENT or (value is None and rules.null_equals_absent):
        return _ABSENT
    if value == [] and rules.empty_equals_absent:
        return _ABSENT
    if isinstance(value, list) and _is_of_words(value):
        words = [_comparable(one, at, rules) for one in value]
        return sorted(words) if rules.unordered else words
    if isinstance(value, str):
        if at[-1:] and at[-1] in _IDS:
            return value.lower()
        moment = instant(value)
        return value if moment is None else moment.isoformat()
    return (isinstance(value, bool), value)
