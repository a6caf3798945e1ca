"""Compiled schemas: one pass over a body, every error with the clause that it belongs to."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import unquote

import jsonschema_rs

from harness.model.pointer import join, value_at

CATCH_ALL = "openapi/answers-match-the-document"
"""The requirement to which an error belongs that lies under no ``x-requirement`` node."""
CATCH_ALL_OF_REQUESTS = "openapi/requests-match-the-document"
"""The same for what a client wrote."""

INCOMPLETE = "x-incomplete"
"""Of a node: the clause to which a member belongs that is missing from the value or from anything in it."""

_SHOWN = 160
_CHILDREN = ("properties", "$defs", "patternProperties", "dependentSchemas")
_BRANCHES = ("allOf", "anyOf", "oneOf", "prefixItems")
_SINGLE = ("items", "if", "then", "else", "not", "contains", "additionalProperties", "propertyNames")


@dataclass(frozen=True)
class Mismatch:
    """One error of a body against its schema: the clause that it breaks, where, what the schema says, what came."""

    requirement: str
    pointer: str
    expected: str
    actual: str


@dataclass(frozen=True)
class Place:
    """Where objects of a named schema stand in a body: a path whose ``None`` steps are "every element"."""

    schema: str
    path: tuple[str | None, ...]


@dataclass(frozen=True)
class CompiledSchema:
    """A schema of a document with its references put in place."""

    schema: dict[str, Any]
    places: tuple[Place, ...]

    @cached_property
    def _validator(self) -> jsonschema_rs.Draft202012Validator:
        return jsonschema_rs.Draft202012Validator(self.schema)

    @cached_property
    def requirements(self) -> frozenset[str]:
        """The clauses that a body is held against by this schema, the catch-all included."""
        return frozenset({CATCH_ALL, *_requirements_in(self.schema)})

    def requirements_inside(self, names: frozenset[str]) -> frozenset[str]:
        """Those of them that look into objects of these named schemas; the catch-all where there are any."""
        if names not in self._inside:
            found = frozenset(_requirements_of_named(self.schema, names))
            self._inside[names] = found | {CATCH_ALL} if any(one.schema in names for one in self.places) else found
        return self._inside[names]

    @cached_property
    def ways(self) -> dict[Any, Any]:
        """What others have worked out of `places`, once for this schema."""
        return {}

    @cached_property
    def _inside(self) -> dict[frozenset[str], frozenset[str]]:
        return {}

    def mismatches(self, value: Any) -> Iterator[Mismatch]:
        """Every error of a JSON value, each once, with the nearest enclosing clause. Below an ``x-incomplete`` node, a
        member that is missing belongs to the clause that this one names."""
        try:
            errors = list(self._validator.iter_errors(value))
        except ValueError:  # the validator follows 255 levels
            yield Mismatch(CATCH_ALL, "", "at most 250 levels of nesting", "more")
            return
        for error in errors:
            pointer = list(error.instance_path)
            requirement, keyword, wanted = self._clause(error.schema_path)
            actual = shown(error.instance)
            if error.kind.name == "required":
                missing = str(getattr(error.kind, "property", ""))
                pointer.append(missing)
                requirement = self._missing_clause(error.schema_path, missing) or requirement
                wanted, actual = missing, "absent"
            yield Mismatch(requirement, join(pointer), _expected(keyword, wanted), actual)

    def _clause(self, path: Sequence[str | int]) -> tuple[str, str, Any]:
        """The nearest clause above a schema path, and the failed keyword with its value."""
        node: Any = self.schema
        requirement = node.get("x-requirement", CATCH_ALL)
        for step in path:
            node = node[step]
            if isinstance(node, dict):
                requirement = node.get("x-requirement", requirement)
        return requirement, str(path[-1]) if path else "", node

    def _missing_clause(self, path: Sequence[str | int], name: str) -> str | None:
        """The clause that says that a member must be there: of all that is around it, else its own."""
        node: Any = self.schema
        for step in path[:-1]:
            node = node[step]
            if isinstance(node, dict) and INCOMPLETE in node:
                return str(node[INCOMPLETE])
        clause = node.get("properties", {}).get(name, {}).get("x-requirement")
        return clause if isinstance(clause, str) else None


def _expected(keyword: str, wanted: Any) -> str:
    """What the schema asks for, for a person."""
    if keyword == "not" and isinstance(wanted, dict) and "enum" in wanted:
        return f"none of {shown(wanted['enum'])}"
    return f"{keyword}: {shown(wanted)}"


def shown(value: Any) -> str:
    """A value as short JSON text for a person."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        text = repr(value)
    except RecursionError:
        text = "a value too deep to show"
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def compile_schema(content: Mapping[str, Any], schema: Any) -> CompiledSchema:
    """Put every ``$ref`` of a schema in place and note where the named schemas stand."""
    inlined = _inline(content, schema, ())
    return CompiledSchema(inlined, tuple(dict.fromkeys(_places(inlined, ()))))


_NAME = "x-schema-name"


def _inline(content: Mapping[str, Any], node: Any, trail: tuple[str, ...]) -> Any:
    if isinstance(node, list):
        return [_inline(content, child, trail) for child in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        reference = node["$ref"]
        if reference in trail:
            raise ValueError(f"{reference}: a schema that leads into itself is not supported")
        target = value_at(content, unquote(reference[1:])) if reference.startswith("#") else None
        if not isinstance(target, dict):
            raise ValueError(f"{reference}: leads nowhere in this document")
        inlined = _inline(content, target, (*trail, reference))
        component = re.fullmatch("#/components/schemas/([^/]+)", reference)
        named = {**inlined, _NAME: component[1]} if component else inlined
        beside = {key: _inline(content, value, trail) for key, value in node.items() if key != "$ref"}
        return {**beside, "allOf": [*beside.get("allOf", ()), named]} if beside else named
    return {key: _inline(content, value, trail) for key, value in node.items()}


def _places(node: Any, path: tuple[str | None, ...]) -> Iterator[Place]:
    if not isinstance(node, dict):
        return
    if _NAME in node:
        yield Place(node[_NAME], path)
    for name, child in node.get("properties", {}).items():
        yield from _places(child, (*path, name))
    if "items" in node:
        yield from _places(node["items"], (*path, None))
    for branch in ("allOf", "anyOf", "oneOf"):
        for child in node.get(branch, ()):
            yield from _places(child, path)
    for branch in ("then", "else"):
        yield from _places(node.get(branch), path)


def clauses_named(node: Mapping[str, Any]) -> Iterator[str]:
    """The clauses that a node itself names."""
    yield from (node[key] for key in ("x-requirement", INCOMPLETE) if isinstance(node.get(key), str))


def _requirements_in(node: Any) -> Iterator[str]:
    if not isinstance(node, dict):
        return
    yield from clauses_named(node)
    for child in _below(node):
        yield from _requirements_in(child)


def _requirements_of_named(node: Any, names: frozenset[str]) -> Iterator[str]:
    if not isinstance(node, dict):
        return
    if node.get(_NAME) in names:
        yield from _requirements_in(node)
        return
    for child in _below(node):
        yield from _requirements_of_named(child, names)


def _below(node: dict[str, Any]) -> Iterator[Any]:
    for key in _CHILDREN:
        yield from node.get(key, {}).values()
    for key in _BRANCHES:
        yield from node.get(key, ())
    for key in _SINGLE:
        yield node.get(key)
