"""The party's own OpenAPI document, laid beside ours: its operations matched to ours by method and path shape.

OpenAPI 3.0 and 3.1, YAML or JSON. Its schemas may refer to each other and to themselves, but not to other files.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

from harness.model.pointer import join
from harness.spec.openapi import METHODS, Document, resolve
from harness.spec.schema import shown


class PartyDocumentError(Exception):
    """The file is no OpenAPI document that can judge; the text says why."""


@dataclass(frozen=True)
class Difference:
    """One error of an answer against the party's document."""

    pointer: str
    expected: str
    actual: str


@dataclass(frozen=True)
class PartyOperation:
    """One of its operations; `schemas` maps a status, a range or ``default`` to the schema of its JSON answer."""

    method: str
    template: str
    schemas: Mapping[str, Any]


@dataclass(frozen=True)
class PartyDocument:
    """A loaded document; `matches` maps our operationIds to its operations, None where it has none."""

    name: str
    content: Mapping[str, Any]
    matches: Mapping[str, PartyOperation | None]

    def judges(self, operation_id: str, status: int) -> bool:
        """True where it says something of this answer's body."""
        return self._validator_for(operation_id, status) is not None

    def differences(self, operation_id: str, status: int, value: Any) -> Iterator[Difference]:
        """Every error of a JSON value against what it says of this answer."""
        validator = self._validator_for(operation_id, status)
        for error in validator.iter_errors(value) if validator else ():
            pointer = list(error.instance_path)
            if error.kind.name == "required":
                pointer.append(str(getattr(error.kind, "property", "")))
                yield Difference(join(pointer), "required by the party's document", "absent")
            else:
                yield Difference(join(pointer), f"by the party's document, {error.kind.name}", shown(error.instance))

    @cached_property
    def _validators(self) -> dict[tuple[str, str], jsonschema_rs.Draft202012Validator]:
        return {}

    def _validator_for(self, operation_id: str, status: int) -> jsonschema_rs.Draft202012Validator | None:
        operation = self.matches.get(operation_id)
        if operation is None:
            return None
        key = next((one for one in (str(status), f"{status // 100}XX", "default") if one in operation.schemas), None)
        if key is None:
            return None
        known = (operation_id, key)
        if known not in self._validators:
            self._validators[known] = _compiled(self.content, operation.schemas[key])
        return self._validators[known]


def load_party_document(path: Path, ours: Document) -> PartyDocument:
    """Read the file and match its operations to ours; `PartyDocumentError` where it cannot judge."""
    try:
        content = yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise PartyDocumentError(f"cannot be read: {' '.join(str(error).split())[:200]}") from None
    version = str(content.get("openapi", "")) if isinstance(content, dict) else ""
    if not version.startswith("3."):
        raise PartyDocumentError("is no OpenAPI 3 document")
    if version.startswith("3.0"):
        content = _as_3_1(content)
    try:
        theirs = list(_operations(content))
        matches = {one.id: _match(one.method, one.template, theirs) for one in ours.operations}
        for operation in filter(None, matches.values()):
            for schema in operation.schemas.values():
                _compiled(content, schema)
    except (ValueError, TypeError, AttributeError, jsonschema_rs.ValidationError) as error:
        raise PartyDocumentError(f"cannot be used: {' '.join(str(error).split())[:200]}") from None
    return PartyDocument(path.name, content, matches)


def _operations(content: Mapping[str, Any]) -> Iterator[PartyOperation]:
    for template, item in (content.get("paths") or {}).items():
        for method in METHODS:
            if method in item:
                yield PartyOperation(method.upper(), template, dict(_schemas(content, item[method])))


def _schemas(content: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for status, answer in (operation.get("responses") or {}).items():
        for kind, media in (resolve(content, answer).get("content") or {}).items():
            if kind.partition(";")[0].strip().lower() == "application/json" and "schema" in media:
                yield str(status), media["schema"]


def _match(method: str, template: str, theirs: list[PartyOperation]) -> PartyOperation | None:
    """The operation of the same method whose path ends in the same shape as ours: parameters match parameters."""
    wanted = _shape(template)
    fitting = [one for one in theirs if one.method == method and _shape(one.template)[-len(wanted) :] == wanted]
    return min(fitting, key=lambda one: len(_shape(one.template)), default=None)


def _shape(template: str) -> list[str]:
    return ["{}" if "{" in part else part.lower() for part in re.split("/+", template.strip("/"))]


def _compiled(content: Mapping[str, Any], schema: Any) -> jsonschema_rs.Draft202012Validator:
    """The schema with the document's components around it, so that its references lead somewhere."""
    return jsonschema_rs.Draft202012Validator({"components": content.get("components", {}), "allOf": [schema]})


def _as_3_1(node: Any) -> Any:
    """OpenAPI 3.0 schemas in the dialect of 3.1: ``nullable``, and exclusive bounds that are flags."""
    if isinstance(node, list):
        return [_as_3_1(child) for child in node]
    if not isinstance(node, dict):
        return node
    made = {key: _as_3_1(child) for key, child in node.items()}
    for flag, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(made.get(flag), bool):
            exclusive = made.pop(flag)
            if exclusive and bound in made:
                made[flag] = made.pop(bound)
    if made.pop("nullable", None) is True:
        if isinstance(made.get("enum"), list) and None not in made["enum"]:
            made["enum"] = [*made["enum"], None]
        if isinstance(made.get("type"), str):
            made["type"] = [made["type"], "null"]
        elif "type" not in made:
            return {"anyOf": [made, {"type": "null"}]}
    return made
