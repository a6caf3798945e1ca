"""Reads a JSON Schema of a document into shapes. What is outside the subset is refused by name."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from harness.generate.pattern import inner
from harness.generate.shape import ANYTHING, NUMBERS, TYPES, Node, Shape, kind_of, narrowed, possible
from harness.model.pointer import value_at

MOST_ALTERNATIVES = 500

Keyword = Callable[[Any], Shape]

_ANNOTATIONS = frozenset(
    {"$comment", "default", "deprecated", "description", "example", "examples", "readOnly", "title", "writeOnly"}
)
_APPLICATORS = frozenset({"$ref", "allOf", "anyOf", "not", "if", "then", "else", "properties", "items", "required"})


def _types(value: Any) -> frozenset[str]:
    names = [value] if isinstance(value, str) else value
    return frozenset().union(*(TYPES[name] for name in names))


_BOUNDS: Mapping[str, tuple[Keyword, Keyword]] = {
    "type": (lambda value: Shape(types=_types(value)), lambda value: Shape(types=ANYTHING - _types(value))),
    "enum": (lambda value: Shape(allowed=tuple(value)), lambda value: Shape(excluded=tuple(value))),
    "const": (lambda value: Shape(allowed=(value,)), lambda value: Shape(excluded=(value,))),
    "minimum": (lambda value: Shape(lower=(value, False)), lambda value: Shape(types=NUMBERS, upper=(value, True))),
    "maximum": (lambda value: Shape(upper=(value, False)), lambda value: Shape(types=NUMBERS, lower=(value, True))),
    "exclusiveMinimum": (
        lambda value: Shape(lower=(value, True)),
        lambda value: Shape(types=NUMBERS, upper=(value, False)),
    ),
    "exclusiveMaximum": (
        lambda value: Shape(upper=(value, True)),
        lambda value: Shape(types=NUMBERS, lower=(value, False)),
    ),
    "minLength": (
        lambda value: Shape(shortest=value),
        lambda value: Shape(types=TYPES["string"], shortest=1 if value == 0 else 0, longest=max(value - 1, 0)),
    ),
    "maxLength": (
        lambda value: Shape(longest=value),
        lambda value: Shape(types=TYPES["string"], shortest=value + 1),
    ),
    "pattern": (
        lambda value: Shape(patterns=(value,)),
        lambda value: Shape(types=TYPES["string"], other_patterns=(value,)),
    ),
    "minItems": (
        lambda value: Shape(fewest=value),
        lambda value: Shape(types=TYPES["array"], fewest=1 if value == 0 else 0, most=max(value - 1, 0)),
    ),
    "maxItems": (lambda value: Shape(most=value), lambda value: Shape(types=TYPES["array"], fewest=value + 1)),
}
"""The keywords that bound a value by themselves: what they allow, and what they forbid."""


class SchemaReader:
    """Reads the schemas of one document."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._known: dict[Node, tuple[Shape, ...]] = {}
        self._trail: list[Node] = []

    def shapes(self, nodes: Iterable[Node]) -> tuple[Shape, ...]:
        """The alternatives that meet all of these schemas; none where nothing can."""
        return _meeting([(node, self._of(node)) for node in nodes])

    def _of(self, node: Node) -> tuple[Shape, ...]:
        if node in self._known:
            return self._known[node]
        if node in self._trail:
            raise node.refuse("$ref", "a schema that leads into itself is not followed")
        self._trail.append(node)
        found = self._without(node) if node.negated else self._within(node)
        self._trail.pop()
        self._known[node] = found
        return found

    def _within(self, node: Node) -> tuple[Shape, ...]:
        if isinstance(node.schema, bool):
            return (Shape(),) if node.schema else ()
        parts: list[tuple[Node, tuple[Shape, ...]]] = []
        for keyword, value in _assertions(node):
            parts.append((node, self._keyword(node, keyword, value)))
        return _meeting(parts)

    def _keyword(self, node: Node, keyword: str, value: Any) -> tuple[Shape, ...]:
        if keyword in _BOUNDS:
            return tuple(shape for shape in [possible(_BOUNDS[keyword][0](value))] if shape)
        match keyword:
            case "required":
                return (Shape(required=frozenset(value)),)
            case "properties":
                return (Shape(members={name: (node.below(keyword, name),) for name in value}),)
            case "items":
                return (Shape(items=(node.below(keyword),)),)
            case "$ref":
                return self._of(self._target(node))
            case "allOf":
                return self.shapes(node.below(keyword, index) for index in range(len(value)))
            case "anyOf":
                return tuple(shape for index in range(len(value)) for shape in self._of(node.below(keyword, index)))
            case "not":
                return self._of(node.below(keyword, negated=True))
        return self._conditional(node, negated=False)

    def _without(self, node: Node) -> tuple[Shape, ...]:
        """All that a schema forbids: what breaks one of its keywords."""
        if isinstance(node.schema, bool):
            return () if node.schema else (Shape(),)
        return tuple(
            shape for keyword, value in _assertions(node) for shape in self._broken_keyword(node, keyword, value)
        )

    def _broken_keyword(self, node: Node, keyword: str, value: Any) -> tuple[Shape, ...]:
        if keyword in _BOUNDS:
            return tuple(shape for shape in [possible(_BOUNDS[keyword][1](value))] if shape)
        match keyword:
            case "required":
                return tuple(Shape(types=TYPES["object"], absent=frozenset({name})) for name in value)
            case "properties":
                return tuple(
                    Shape(TYPES["object"], required=frozenset({name}), members={name: (node.below(keyword, name),)})
                    for name in value
                )
            case "items":
                raise node.refuse("items", "cannot be turned round (under not, or under if)")
            case "$ref":
                return self._of(self._target(node))
            case "allOf":
                return tuple(shape for index in range(len(value)) for shape in self._of(node.below(keyword, index)))
            case "anyOf":
                return self.shapes(node.below(keyword, index) for index in range(len(value)))
            case "not":
                return self._of(node.below(keyword, negated=False))
        return self._conditional(node, negated=True)

    def _conditional(self, node: Node, *, negated: bool) -> tuple[Shape, ...]:
        """Where the condition holds, what `then` allows; elsewhere, what `else` allows."""
        found: list[Shape] = []
        for branch, otherwise in (("then", False), ("else", True)):
            nodes = [node.below("if", negated=otherwise)]
            if branch in node.schema:
                nodes.append(node.below(branch, negated=negated))
            elif negated:
                continue
            found += self.shapes(nodes)
        return tuple(found)

    def _target(self, node: Node) -> Node:
        reference = node.schema["$ref"]
        if not reference.startswith("#"):
            raise node.refuse("$ref", f"{reference} leads out of the document")
        pointer = unquote(reference[1:])
        target = value_at(self._document, pointer)
        if not isinstance(target, (dict, bool)):
            raise node.refuse("$ref", f"{reference} leads nowhere")
        return Node(f"#{pointer}", node.negated, target)


def _assertions(node: Node) -> list[tuple[str, Any]]:
    """The keywords of a schema that forbid anything; `if`, `then` and `else` count as one."""
    if not isinstance(node.schema, dict):
        raise node.refuse("schema", f"{node.schema!r} is none")
    found = []
    for keyword, value in node.schema.items():
        if keyword in _ANNOTATIONS or keyword.startswith("x-") or keyword in ("then", "else"):
            continue
        if keyword not in _BOUNDS and keyword not in _APPLICATORS:
            raise node.refuse(keyword, "is outside the subset of JSON Schema that is followed here")
        _check_value(node, keyword, value)
        if keyword != "if" or {"then", "else"} & node.schema.keys():
            found.append((keyword, value))
    return found


def _check_value(node: Node, keyword: str, value: Any) -> None:
    if keyword in ("enum", "const"):
        values = value if keyword == "enum" else [value]
        if any(kind_of(one) in ("array", "object") for one in values):
            raise node.refuse(keyword, "lists and objects are outside the subset that is followed here")
    if keyword == "type":
        unknown = {value} - TYPES.keys() if isinstance(value, str) else set(value) - TYPES.keys()
        if unknown:
            raise node.refuse(keyword, f"{min(unknown)!r} is no type")
    if keyword == "pattern":
        try:
            inner(value)
        except ValueError as error:
            raise node.refuse(keyword, str(error)) from None


def _meeting(parts: list[tuple[Node, tuple[Shape, ...]]]) -> tuple[Shape, ...]:
    """Every choice of one alternative of each part, where that leaves something."""
    found: list[Shape] = [Shape()]
    for node, alternatives in parts:
        found = [met for shape in found for one in alternatives if (met := narrowed(shape, one)) is not None]
        if len(found) > MOST_ALTERNATIVES:
            raise node.refuse("anyOf, if", f"more than {MOST_ALTERNATIVES} combinations of alternatives")
    return tuple(found)
