"""Hypothesis strategies for the JSON Schema subset that our documents use: valid values only.

Followed are: type (also lists), enum and const of plain values, properties, required, items, min/maxItems,
min/maxLength, pattern, minimum, maximum and their exclusive forms, allOf, anyOf, not, if/then/else, and $ref inside the
document. Anything else is refused by keyword and place: a value that might be wrong is worse than none.
"""

import math
import re
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from harness.generate.pattern import inner, repeated_class
from harness.generate.schema_reader import SchemaReader
from harness.generate.shape import Node, Shape

SAFE = 2**53
"""Integers up to here mean the same to every JSON reader (RFC 8259 section 6); none beyond is made up."""
LONGEST_TEXT, MOST_ITEMS = 40, 3
"""How much is made up where the schema sets no upper bound, or a distant one."""

_ANY_CHARACTER = st.characters(codec="utf-8")
_SCALARS = st.none() | st.booleans() | st.integers(-SAFE, SAFE) | st.text(_ANY_CHARACTER, max_size=LONGEST_TEXT)


def from_schema(schema: Any, document: Any = None, pointer: str = "#") -> SearchStrategy[Any]:
    """Values that are valid by `schema`; its references lead into `document` (by default the schema itself).

    `pointer` is where the schema stands, for messages. ValueError: a keyword or a combination outside the subset, with
    its place; or a schema that no value can meet.
    """
    strategy = _Maker(schema if document is None else document).strategy((Node(pointer, schema=schema),))
    if strategy is None:
        raise ValueError(f"{pointer}: no value can meet this schema")
    return strategy


class _Maker:
    def __init__(self, document: Any) -> None:
        self._reader = SchemaReader(document)
        self._made: dict[tuple[Node, ...], SearchStrategy[Any] | None] = {}
        self._making: set[tuple[Node, ...]] = set()

    def strategy(self, nodes: tuple[Node, ...]) -> SearchStrategy[Any] | None:
        """Values that meet all of these schemas; None where nothing can."""
        if nodes in self._made:
            return self._made[nodes]
        if nodes in self._making:
            raise nodes[0].refuse("$ref", "a schema that leads into itself is not followed")
        self._making.add(nodes)
        choices = [choice for shape in self._reader.shapes(nodes) for choice in self._choices(shape)]
        self._making.discard(nodes)
        self._made[nodes] = st.one_of(choices) if choices else None
        return self._made[nodes]

    def _choices(self, shape: Shape) -> list[SearchStrategy[Any]]:
        """One strategy per type that the shape allows."""
        if shape.allowed is not None:
            return [st.sampled_from(shape.allowed)]
        plain = {"null": st.none(), "boolean": st.booleans(), "integer": _integers(shape), "string": _texts(shape)}
        found: list[SearchStrategy[Any]] = []
        for kind in sorted(shape.types):
            strategy = plain.get(kind)
            if kind == "fraction":
                strategy = _fractions(shape)
            elif kind == "array":
                strategy = self._lists(shape)
            elif kind == "object":
                strategy = self._objects(shape)
            if strategy is not None:
                found.append(strategy.filter(shape.holds) if shape.excluded and kind in plain else strategy)
        return found

    def _lists(self, shape: Shape) -> SearchStrategy[Any] | None:
        items = self.strategy(shape.items) if shape.items else _SCALARS
        if items is None:
            return st.just([]) if shape.fewest == 0 else None
        most = shape.fewest + MOST_ITEMS
        return st.lists(items, min_size=shape.fewest, max_size=most if shape.most is None else min(most, shape.most))

    def _objects(self, shape: Shape) -> SearchStrategy[Any] | None:
        required: dict[str, SearchStrategy[Any]] = {}
        optional: dict[str, SearchStrategy[Any]] = {}
        for name in (*shape.members, *sorted(shape.required - shape.members.keys())):
            nodes = shape.members.get(name, ())
            strategy = self.strategy(nodes) if nodes else _SCALARS
            if strategy is not None and name not in shape.absent:
                (required if name in shape.required else optional)[name] = strategy
        if shape.required - required.keys():
            return None
        return st.fixed_dictionaries(required, optional=optional)


def _integers(shape: Shape) -> SearchStrategy[Any] | None:
    least, most = -SAFE, SAFE
    if shape.lower is not None:
        least = math.floor(shape.lower[0]) + 1 if shape.lower[1] else math.ceil(shape.lower[0])
    if shape.upper is not None:
        most = math.ceil(shape.upper[0]) - 1 if shape.upper[1] else math.floor(shape.upper[0])
    return st.integers(least, most) if least <= most else None


def _fractions(shape: Shape) -> SearchStrategy[Any] | None:
    """Numbers with a fraction; also whole ones that are spelt with one, where integers are allowed."""
    least = float(shape.lower[0]) if shape.lower else -float(SAFE)
    most = float(shape.upper[0]) if shape.upper else float(SAFE)
    if least >= most:
        return None
    whole = "integer" in shape.types
    numbers = st.floats(least, most, allow_subnormal=False)
    return numbers.filter(lambda value: (whole or value != int(value)) and shape.holds(value))


def _texts(shape: Shape) -> SearchStrategy[Any]:
    far = shape.shortest + LONGEST_TEXT
    longest = far if shape.longest is None else min(far, shape.longest)
    if not shape.patterns:
        texts = st.text(_ANY_CHARACTER, min_size=shape.shortest, max_size=longest)
        return texts.filter(shape.holds) if shape.other_patterns else texts
    narrowest = max(shape.patterns, key=lambda pattern: (repeated_class(pattern) is None, len(pattern)))
    characters = repeated_class(narrowest)
    if characters is None:
        return st.from_regex(inner(narrowest), fullmatch=True).filter(shape.holds)
    texts = st.text(_alphabet(characters), min_size=shape.shortest, max_size=longest)
    simple = len(shape.patterns) == 1 and not shape.other_patterns
    return texts if simple else texts.filter(shape.holds)


def _alphabet(characters: str) -> SearchStrategy[str]:
    """The characters of a class such as ``[^\\x00-\\x1F]``."""
    one = re.compile(characters)
    if not characters.isascii() or "\\u" in characters:
        return st.from_regex(one, fullmatch=True)
    beginning = [chr(code) for code in range(0x100)]
    if characters.startswith("[^"):
        return st.characters(codec="utf-8", exclude_characters=[char for char in beginning if not one.match(char)])
    return st.sampled_from([char for char in beginning if one.match(char)])
