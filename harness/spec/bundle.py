"""One document out of several: what it refers to in documents beside it becomes part of it."""

import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml

from harness.model.pointer import MISSING, join, split, value_at


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads what JSON can say, as YAML 1.2 has it: a date stays the text that it is written as, and so does NO."""


_BOOLEAN, _DATE = "tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp"
_Loader.yaml_implicit_resolvers = {
    first: [one for one in known if one[0] not in {_BOOLEAN, _DATE}]
    for first, known in _Loader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_BOOLEAN, re.compile("true|True|TRUE|false|False|FALSE"), list("tTfF"))


def bundled(path: Path) -> dict[str, Any]:
    """The document, and among its components each one that it refers to in a document of the same folder, with all that
    this one refers to in turn. Every ``$ref`` of the answer leads into the answer.

    ValueError where a reference leads nowhere, out of the folder or to anything but a component, and where two
    documents have different components of one name.
    """
    bundle = _Bundle(path)
    content: dict[str, Any] = bundle.here(_parsed(path), path.name)
    for section, components in bundle.taken.items():
        own = content.setdefault("components", {}).setdefault(section, {})
        for name, (component, file) in components.items():
            if own.setdefault(name, component) != component:
                raise ValueError(f"{path.name} and {file} have different components/{section}/{name}")
    for pointer, reference in bundle.pointers.items():
        if value_at(content, pointer) is MISSING:
            raise ValueError(f"{reference}: leads nowhere")
    return content


def bundled_json(path: Path) -> str:
    """The same as JSON text, for tools that take one file."""
    return json.dumps(bundled(path), ensure_ascii=False, allow_nan=False, indent=1) + "\n"


@dataclass(frozen=True)
class _Bundle:
    """What was met on the way through the document at `path`: the components to take over, each with the file that it
    is from, by section and name; and the pointers that references lead to, each with a reference as it is written."""

    path: Path
    taken: dict[str, dict[str, tuple[Any, str]]] = field(default_factory=dict)
    pointers: dict[str, str] = field(default_factory=dict)
    _seen: set[tuple[str, str, str]] = field(default_factory=set)

    def here(self, node: Any, file: str) -> Any:
        """A copy of a node of this file, with its references made local."""
        if isinstance(node, list):
            return [self.here(child, file) for child in node]
        if not isinstance(node, dict):
            return node
        made = {str(key): self.here(value, file) for key, value in node.items()}
        if isinstance(reference := node.get("$ref"), str):
            made["$ref"] = "#" + self._local(reference, file)
        return made

    def _local(self, reference: str, file: str) -> str:
        """The pointer of a reference, once what it leads to is part of the bundle."""
        other, _, pointer = reference.partition("#")
        other = unquote(other) or file
        if other != self.path.name:
            self._take(other, split(unquote(pointer)), reference)
        self.pointers.setdefault(unquote(pointer), reference)
        return pointer

    def _take(self, file: str, steps: list[str], reference: str) -> None:
        if len(steps) < 3 or steps[0] != "components":
            raise ValueError(f"{reference}: only components are taken from another document")
        _, section, name = steps[:3]
        if (file, section, name) in self._seen:
            return
        self._seen.add((file, section, name))
        component = value_at(self._sibling(file, reference), join(steps[:3]))
        if component is MISSING:
            raise ValueError(f"{reference}: leads nowhere")
        made = self.here(component, file)
        known, from_file = self.taken.setdefault(section, {}).setdefault(name, (made, file))
        if known != made:
            raise ValueError(f"{from_file} and {file} have different components/{section}/{name}")

    def _sibling(self, file: str, reference: str) -> Any:
        path = self.path.with_name(file) if file == Path(file).name else None
        if path is None or path.resolve().parent != self.path.resolve().parent or not path.is_file():
            raise ValueError(f"{reference}: there is no such document beside {self.path.name}")
        return _parsed(path)


def _parsed(path: Path) -> Any:
    state = path.stat()
    return _read(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=16)
def _read(path: Path, _changed: int, _size: int) -> Any:
    """Several documents share one; whoever reads it copies it."""
    with path.open("rb") as file:
        return yaml.load(file, Loader=_Loader)  # noqa: S506 - a safe loader
