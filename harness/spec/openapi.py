"""OpenAPI 3.1 documents: operations, response schemas, and where in them a domain object stands."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml

from harness.model.pointer import MISSING, value_at
from harness.spec.schema import CompiledSchema, compile_schema

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True)
class Operation:
    """One operation: its id, method, path template, and the compiled schema per status (``"200"``, ``"4XX"``,
    ``"default"``) of its JSON answers."""

    id: str
    method: str
    template: str
    answers: Mapping[str, CompiledSchema]

    def answer(self, status: int) -> CompiledSchema | None:
        """The schema of an answer with this status: the exact one, the range, the default."""
        return self.answers.get(str(status)) or self.answers.get(f"{status // 100}XX") or self.answers.get("default")

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = re.split(r"(\{[^{}]+\})", self.template)
        return re.compile("".join("[^/]+" if part.startswith("{") else re.escape(part) for part in parts))

    def fits(self, method: str, path: str) -> bool:
        """True where a request for this path, below the server's address, is one for this operation."""
        return method.upper() == self.method and self._pattern.fullmatch(path) is not None


@dataclass(frozen=True)
class Document:
    """A loaded document."""

    name: str
    content: Mapping[str, Any]
    operations: tuple[Operation, ...]

    def operation(self, method: str, path: str) -> Operation | None:
        """The operation that a request fits; a template without parameters wins over one with."""
        fitting = [operation for operation in self.operations if operation.fits(method, path)]
        return min(fitting, key=lambda operation: operation.template.count("{"), default=None)

    def operation_by_id(self, operation_id: str) -> Operation | None:
        """The operation of this operationId."""
        return next((operation for operation in self.operations if operation.id == operation_id), None)

    @cached_property
    def requirement_ids(self) -> frozenset[str]:
        """Every id that an ``x-requirement`` node of the document names."""
        return frozenset(_named_requirements(self.content))


def load(path: Path) -> Document:
    """Read a document. Every ``$ref`` must lead into the same document, and no schema into itself."""
    with path.open("rb") as file:
        content = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe
    return Document(path.name, content, tuple(_operations(content)))


def _operations(content: Mapping[str, Any]) -> Iterator[Operation]:
    for template, item in content.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                answers = {
                    str(status): compile_schema(content, schema)
                    for status, schema in _json_answers(content, item[method])
                }
                yield Operation(item[method]["operationId"], method.upper(), template, answers)


def _json_answers(content: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for status, answer in operation.get("responses", {}).items():
        answer = resolve(content, answer)
        schema = answer.get("content", {}).get("application/json", {}).get("schema")
        if schema is not None:
            yield status, schema


def resolve(content: Mapping[str, Any], node: Any) -> Any:
    """The node itself, or what its ``$ref`` leads to."""
    trail: list[str] = []
    while isinstance(node, dict) and "$ref" in node:
        reference = node["$ref"]
        if not reference.startswith("#"):
            raise ValueError(f"{reference}: only references into the same document are supported")
        node = value_at(content, unquote(reference[1:]))
        if node is MISSING or reference in trail:
            raise ValueError(f"{reference}: leads nowhere")
        trail.append(reference)
    return node


def _named_requirements(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("x-requirement"), str):
            yield node["x-requirement"]
        for child in node.values():
            yield from _named_requirements(child)
    elif isinstance(node, list):
        for child in node:
            yield from _named_requirements(child)
