"""What a JSON Schema allows, as alternatives that each name plain bounds. The subset that our documents use.

A `Shape` is a conjunction: every bound in it holds. A schema is a list of shapes, one of which holds: ``anyOf`` and
``if`` add alternatives, ``allOf`` and keywords side by side narrow them, ``not`` turns them round. Members and
elements stay unread (`Node`) until somebody asks for them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from harness.generate.pattern import matches

TYPES: Mapping[str, frozenset[str]] = {
    "null": frozenset({"null"}),
    "boolean": frozenset({"boolean"}),
    "integer": frozenset({"integer"}),
    "number": frozenset({"integer", "fraction"}),
    "string": frozenset({"string"}),
    "array": frozenset({"array"}),
    "object": frozenset({"object"}),
}
ANYTHING = frozenset().union(*TYPES.values())
NUMBERS = TYPES["number"]


@dataclass(frozen=True)
class Node:
    """A schema of a document at its JSON Pointer; `negated` stands for all that it does not allow."""

    pointer: str
    negated: bool = False
    schema: Any = field(default=None, compare=False)

    def below(self, *tokens: str | int, negated: bool | None = None) -> "Node":
        """The schema at a path inside this one."""
        schema, pointer = self.schema, self.pointer
        for token in tokens:
            schema = schema[token]
            pointer += "/" + str(token).replace("~", "~0").replace("/", "~1")
        return Node(pointer, self.negated if negated is None else negated, schema)

    def refuse(self, keyword: str, why: str) -> ValueError:
        """The error that says which keyword cannot be followed, and where it stands."""
        return ValueError(f"{self.pointer}: {keyword}: {why}")


@dataclass(frozen=True)
class Shape:
    """Values of some types within bounds. Bounds of a type say nothing of values of another.

    `lower` and `upper` are a number and whether it is itself left out; `members` and `items` hold schemas that are all
    to be met.
    """

    types: frozenset[str] = ANYTHING
    allowed: tuple[Any, ...] | None = None
    excluded: tuple[Any, ...] = ()
    lower: tuple[float, bool] | None = None
    upper: tuple[float, bool] | None = None
    shortest: int = 0
    longest: int | None = None
    patterns: tuple[str, ...] = ()
    other_patterns: tuple[str, ...] = ()
    fewest: int = 0
    most: int | None = None
    items: tuple[Node, ...] = ()
    required: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    members: Mapping[str, tuple[Node, ...]] = field(default_factory=dict)

    def holds(self, value: Any) -> bool:
        """True where the bounds allow this null, boolean, number or text."""
        kind = kind_of(value)
        if kind not in self.types or _among(value, self.excluded):
            return False
        if self.allowed is not None and not _among(value, self.allowed):
            return False
        if kind in NUMBERS:
            return self._holds_number(value)
        return kind != "string" or self._holds_text(value)

    def _holds_number(self, value: float) -> bool:
        if self.lower is not None and (value < self.lower[0] or (self.lower[1] and value == self.lower[0])):
            return False
        return self.upper is None or value < self.upper[0] or (value == self.upper[0] and not self.upper[1])

    def _holds_text(self, value: str) -> bool:
        if len(value) < self.shortest or (self.longest is not None and len(value) > self.longest):
            return False
        wanted = all(matches(pattern, value) for pattern in self.patterns)
        return wanted and not any(matches(pattern, value) for pattern in self.other_patterns)


def kind_of(value: Any) -> str:
    """The type of a JSON value; a number without a fraction is an integer, however it is written."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "integer" if value == int(value) else "fraction"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def same(one: Any, other: Any) -> bool:
    """Equal as JSON Schema has it: numbers by value, true is not 1."""
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _among(value: Any, values: Iterable[Any]) -> bool:
    return any(same(value, one) for one in values)


def narrowed(one: Shape, other: Shape) -> Shape | None:
    """What both allow; None where that is nothing."""
    allowed = one.allowed if other.allowed is None else other.allowed
    if one.allowed is not None and other.allowed is not None:
        allowed = tuple(value for value in one.allowed if _among(value, other.allowed))
    members = dict(one.members)
    for name, nodes in other.members.items():
        members[name] = tuple(dict.fromkeys((*members.get(name, ()), *nodes)))
    return possible(
        Shape(
            types=one.types & other.types,
            allowed=allowed,
            excluded=(*one.excluded, *other.excluded),
            lower=_tighter(one.lower, other.lower, 1),
            upper=_tighter(one.upper, other.upper, -1),
            shortest=max(one.shortest, other.shortest),
            longest=_least(one.longest, other.longest),
            patterns=tuple(dict.fromkeys((*one.patterns, *other.patterns))),
            other_patterns=tuple(dict.fromkeys((*one.other_patterns, *other.other_patterns))),
            fewest=max(one.fewest, other.fewest),
            most=_least(one.most, other.most),
            items=tuple(dict.fromkeys((*one.items, *other.items))),
            required=one.required | other.required,
            absent=one.absent | other.absent,
            members=members,
        )
    )


def possible(shape: Shape) -> Shape | None:
    """The shape without types that have no value left; None where no type is left."""
    types = set(shape.types)
    if shape.longest is not None and shape.shortest > shape.longest:
        types.discard("string")
    if shape.most is not None and shape.fewest > shape.most:
        types.discard("array")
    if shape.required & shape.absent:
        types.discard("object")
    if shape.lower and shape.upper and _crossed(shape.lower, shape.upper):
        types -= NUMBERS
    shape = replace(shape, types=frozenset(types))
    if shape.allowed is not None:
        allowed = tuple(value for value in shape.allowed if shape.holds(value))
        shape = replace(shape, allowed=allowed, types=frozenset(kind_of(value) for value in allowed))
    return shape if shape.types else None


def _crossed(lower: tuple[float, bool], upper: tuple[float, bool]) -> bool:
    return lower[0] > upper[0] or (lower[0] == upper[0] and (lower[1] or upper[1]))


def _tighter(one: tuple[float, bool] | None, other: tuple[float, bool] | None, sign: int) -> tuple[float, bool] | None:
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda bound: (sign * bound[0], bound[1]))


def _least(one: int | None, other: int | None) -> int | None:
    given = [bound for bound in (one, other) if bound is not None]
    return min(given, default=None)
