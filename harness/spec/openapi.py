"""OpenAPI 3.1 documents: operations, the schemas of requests and answers, their examples."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from harness.model.pointer import MISSING, value_at
from harness.spec.bundle import bundled
from harness.spec.schema import CompiledSchema, clauses_named, compile_schema

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_JSON = "application/json"


@dataclass(frozen=True)
class Operation:
    """One operation: its id, method, path template, and the compiled schema per status (``"200"``, ``"4XX"``,
    ``"default"``) of its JSON answers. `written` is what the document says of it, without references at the top of its
    body and its responses; `request` is the schema of its JSON body, None where it takes none."""

    id: str
    method: str
    template: str
    answers: Mapping[str, CompiledSchema]
    written: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    compiled: Callable[[Any], CompiledSchema] | None = field(default=None, repr=False, compare=False)

    def answer(self, status: int) -> CompiledSchema | None:
        """The schema of an answer with this status: the exact one, the range, the default."""
        return next((self.answers[key] for key in _keys(status) if key in self.answers), None)

    def example(self, status: int) -> Any:
        """The first example of a JSON answer with this status, or `MISSING`."""
        responses = self.written.get("responses", {})
        return next((_example(responses[key]) for key in _keys(status) if key in responses), MISSING)

    @cached_property
    def request_example(self) -> Any:
        """The first example of the JSON body, or `MISSING`."""
        return _example(self._body)

    @cached_property
    def request(self) -> CompiledSchema | None:
        schema = self._body.get("content", {}).get(_JSON, {}).get("schema")
        return self.compiled(schema) if schema is not None and self.compiled else None

    @property
    def request_required(self) -> bool:
        """True where a request without a body is none for this operation."""
        return self._body.get("required", False) is True

    @property
    def request_types(self) -> tuple[str, ...]:
        """The kinds of content that the body may have."""
        return tuple(self._body.get("content", ()))

    @property
    def _body(self) -> Mapping[str, Any]:
        body: Mapping[str, Any] = self.written.get("requestBody", {})
        return body

    @cached_property
    def success_status(self) -> int:
        """The first status of success that the document names; 200 where it names none."""
        return next((int(key) for key in self.written.get("responses", ()) if re.fullmatch("2[0-9]{2}", key)), 200)

    @property
    def only_where(self) -> Mapping[str, Any]:
        """The settings, and their values, under which the operation exists (``x-only-where``); empty is: always."""
        settings: Mapping[str, Any] = self.written.get("x-only-where", {})
        return settings

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = re.split(r"(\{[^{}]+\})", self.template)
        return re.compile("".join("([^/]+)" if part.startswith("{") else re.escape(part) for part in parts))

    @cached_property
    def _names(self) -> list[str]:
        return re.findall(r"\{([^{}]+)\}", self.template)

    def fits(self, method: str, path: str) -> bool:
        """True where a request for this path, below the server's address, is one for this operation."""
        return method.upper() == self.method and self.fits_path(path)

    def fits_path(self, path: str) -> bool:
        """The same, whatever the method. A slash within a segment is written ``%2F``."""
        return self._pattern.fullmatch(path) is not None

    def parameters(self, path: str) -> dict[str, str]:
        """The path's parameters, percent-decoded, of a path that fits."""
        found = self._pattern.fullmatch(path)
        return dict(zip(self._names, map(unquote, found.groups()), strict=True)) if found else {}


@dataclass(frozen=True)
class Document:
    """A loaded document. `content` stands by itself, as JSON can say it, and is for reading only."""

    name: str
    content: Mapping[str, Any]
    operations: tuple[Operation, ...]

    def operation(self, method: str, path: str) -> Operation | None:
        """The operation that a request fits; a template without parameters wins over one with."""
        wanted = method.upper()
        return next((one for one in self._of_length(path) if one.method == wanted and one.fits_path(path)), None)

    def methods(self, path: str) -> list[Operation]:
        """For each method, the operation that a request for this path fits; empty where there is no such path."""
        found: dict[str, Operation] = {}
        for one in self._of_length(path):
            if one.method not in found and one.fits_path(path):
                found[one.method] = one
        return list(found.values())

    def operation_by_id(self, operation_id: str) -> Operation | None:
        """The operation of this operationId."""
        return self._by_id.get(operation_id)

    @cached_property
    def _by_id(self) -> dict[str, Operation]:
        return {operation.id: operation for operation in reversed(self.operations)}

    def _of_length(self, path: str) -> list[Operation]:
        return self._by_length.get(path.count("/"), [])

    @cached_property
    def _by_length(self) -> dict[int, list[Operation]]:
        """The operations by the number of segments in their templates, those with the fewest parameters first."""
        found: dict[int, list[Operation]] = {}
        for one in sorted(self.operations, key=lambda operation: operation.template.count("{")):
            found.setdefault(one.template.count("/"), []).append(one)
        return found

    @cached_property
    def requirement_ids(self) -> frozenset[str]:
        """Every id that a node of the document names as a clause."""
        return frozenset(_named_requirements(self.content))


class _Answers(Mapping[str, CompiledSchema]):
    """Schemas by status, each compiled when it is first asked for: a mock has hundreds, and starts at once."""

    def __init__(self, schemas: Mapping[str, Any], compiled: Callable[[Any], CompiledSchema]) -> None:
        self._schemas = schemas
        self._compiled = compiled

    def __getitem__(self, status: str) -> CompiledSchema:
        return self._compiled(self._schemas[status])

    def __iter__(self) -> Iterator[str]:
        return iter(self._schemas)

    def __len__(self) -> int:
        return len(self._schemas)


def load(path: Path) -> Document:
    """Read a document, with what it refers to in its siblings (`bundled`). No schema may lead into itself.

    What was read is kept for as long as it and its siblings stay as they are: nobody changes a document.
    """
    return _loaded(path, tuple(one.stat().st_mtime_ns for one in sorted(path.parent.glob(f"*{path.suffix}"))))


@lru_cache(maxsize=32)
def _loaded(path: Path, _changed: tuple[int, ...]) -> Document:
    content = bundled(path)
    return Document(path.name, content, tuple(_operations(content)))


def named_schema(path: Path, name: str) -> CompiledSchema:
    """The schema that a document has under this name."""
    content = bundled(path)
    return compile_schema(content, {"$ref": f"#/components/schemas/{name}"})


def joined(documents: Sequence[Document]) -> Document:
    """Several documents as one that knows the operations of all of them; its content is that of the first, with those
    of the others below ``x-joined``."""
    first, *others = documents
    if not others:
        return first
    content = {**first.content, "x-joined": [one.content for one in others]}
    return Document(first.name, content, tuple(operation for one in documents for operation in one.operations))


def _operations(content: Mapping[str, Any]) -> Iterator[Operation]:
    known: dict[int, CompiledSchema] = {}

    def compiled(schema: Any) -> CompiledSchema:
        if id(schema) not in known:  # the content lives as long as this function does
            known[id(schema)] = compile_schema(content, schema)
        return known[id(schema)]

    for template, item in content.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                written = _resolved(content, item[method])
                schemas = {
                    status: answer["content"][_JSON]["schema"]
                    for status, answer in written["responses"].items()
                    if "schema" in answer.get("content", {}).get(_JSON, {})
                }
                answers = _Answers(schemas, compiled)
                yield Operation(written["operationId"], method.upper(), template, answers, written, compiled)


def _resolved(content: Mapping[str, Any], operation: Mapping[str, Any]) -> dict[str, Any]:
    """The operation with its body, its responses and their examples in place of references."""
    body = resolve(content, operation.get("requestBody", {}))
    responses = {status: resolve(content, one) for status, one in operation.get("responses", {}).items()}
    return {**operation, "requestBody": body, "responses": responses}


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


def _keys(status: int) -> tuple[str, str, str]:
    return str(status), f"{status // 100}XX", "default"


def _example(part: Mapping[str, Any]) -> Any:
    media = part.get("content", {}).get(_JSON, {})
    if "example" in media:
        return media["example"]
    return next((one["value"] for one in media.get("examples", {}).values() if "value" in one), MISSING)


def _named_requirements(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from clauses_named(node)
        for child in node.values():
            yield from _named_requirements(child)
    elif isinstance(node, list):
        for child in node:
            yield from _named_requirements(child)
