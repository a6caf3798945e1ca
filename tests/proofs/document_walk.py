"""Walks a body along the schema of its document."""

from collections.abc import Iterator, Mapping
from typing import Any

from harness.spec.schema import CompiledSchema

_BRANCHES = ("allOf", "anyOf", "oneOf")


def objects_of(value: Any, schema: CompiledSchema | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object that stands where the document names a schema, with that name."""
    for place in schema.places if schema else ():
        for found in _at(value, place.path):
            if isinstance(found, dict):
                yield place.schema, found


def _at(value: Any, path: tuple[str | None, ...]) -> Iterator[Any]:
    if not path:
        yield value
    elif path[0] is None:
        for one in value if isinstance(value, list) else ():
            yield from _at(one, path[1:])
    elif isinstance(value, dict) and path[0] in value:
        yield from _at(value[path[0]], path[1:])


def with_optional_nulls(value: Any, schema: CompiledSchema) -> Any:
    """The value with null for every member that the document has, does not require, and does not find."""
    return _filled(value, schema.schema)


def _filled(value: Any, schema: Mapping[str, Any]) -> Any:
    nodes = list(_together(schema))
    if isinstance(value, list):
        items = [node["items"] for node in nodes if isinstance(node.get("items"), dict)]
        return [_filled(one, {"allOf": items}) for one in value]
    if not isinstance(value, dict):
        return value
    required = {name for node in nodes for name in node.get("required", ())}
    members: dict[str, list[Any]] = {}
    for node in nodes:
        for name, child in node.get("properties", {}).items():
            members.setdefault(name, []).append(child)
    filled = {key: _filled(one, {"allOf": members.get(key, [])}) for key, one in value.items()}
    return {**filled, **{name: None for name in members if name not in value and name not in required}}


def _together(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The node and all that applies beside it, conditions aside."""
    yield schema
    for branch in _BRANCHES:
        for child in schema.get(branch, ()):
            yield from _together(child)
    for branch in ("then", "else"):
        if isinstance(schema.get(branch), dict):
            yield from _together(schema[branch])
