"""The pull document, and what it says of a value."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from harness.spec.schema import CompiledSchema, compile_schema

FOLDER = Path(__file__).parents[2] / "specs" / "ndw"
TEXT = (FOLDER / "openapi-pull.yaml").read_text(encoding="utf-8")
DOCUMENT: dict[str, Any] = yaml.safe_load(TEXT)
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
REFERENCE = "#/components/schemas/"
COMPILED: dict[str, CompiledSchema] = {name: compile_schema(DOCUMENT, {"$ref": REFERENCE + name}) for name in SCHEMAS}


def faults(name: str, value: Any) -> list[tuple[str, str]]:
    """Every error of a value against a schema: where, and which clause's."""
    return sorted((one.pointer, one.requirement) for one in COMPILED[name].mismatches(value))


def required(name: str) -> dict[str, str]:
    """What a class requires: each field, with the clause that a missing one breaks."""
    schema = SCHEMAS[name]
    own = schema.get("x-requirement", "")
    found = dict.fromkeys(schema.get("required", ()), own)
    for node in schema.get("allOf", ()):
        for part in (node, node.get("else", {})):
            for field in part.get("required", ()):
                clause = part.get("properties", {}).get(field, {}).get("x-requirement")
                found[field] = clause or node.get("x-requirement", own)
    return found


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    """Every object in a part of the document."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from nodes(value)
    elif isinstance(node, list):
        for value in node:
            yield from nodes(value)
