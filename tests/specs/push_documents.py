"""The documents of the push side, as they are written and as one document each."""

from typing import Any

import yaml

from harness.spec.openapi import Document, Operation, load
from tests.specs.pull_document import FOLDER

TEXTS = {name: (FOLDER / f"openapi-{name}.yaml").read_text(encoding="utf-8") for name in ("push", "token")}
WRITTEN: dict[str, Any] = {name: yaml.safe_load(text) for name, text in TEXTS.items()}
LOADED: dict[str, Document] = {name: load(FOLDER / f"openapi-{name}.yaml") for name in TEXTS}


def operation(name: str) -> Operation:
    """An operation of the push document."""
    found = LOADED["push"].operation_by_id(name)
    assert found is not None
    return found


def faults(name: str, body: Any) -> list[tuple[str, str]]:
    """Every error of a body that is sent to an operation: where, and which clause's."""
    request = operation(name).request
    assert request is not None
    return sorted((one.pointer, one.requirement) for one in request.mismatches(body))
