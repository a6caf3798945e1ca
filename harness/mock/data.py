"""One's own world for a mock: a folder with a file for each table."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from harness.mock.lined import Lined, TextError, of_json, of_ndjson
from harness.mock.tables import Row, TableKind, Tables
from harness.mock.yaml_text import NoYamlError, of_yaml, to_yaml
from harness.model.pointer import split
from harness.model.spelling import did_you_mean
from harness.spec.schema import shown

Check = Callable[[str, Any], Iterable[tuple[str, str, str]]]
"""Gets the name of a table and an object; gives pointer, expected and actual of each thing that is wrong with it."""

READERS: dict[str, Callable[[str], Lined]] = {
    ".yaml": of_yaml,
    ".yml": of_yaml,
    ".json": of_json,
    ".ndjson": of_ndjson,
}
LARGEST = 64 * 1024 * 1024
"""Bytes of one file."""
_TOLD = 20
_SHOWN = 300


class DataError(Exception):
    """What is wrong with the files, a line for each error: file, line and field; at most 20, then how many more."""


class _Errors:
    def __init__(self) -> None:
        self._lines: list[str] = []
        self._more = 0

    @property
    def full(self) -> bool:
        """True where one more would only be counted."""
        return len(self._lines) >= _TOLD

    def add(self, text: str) -> None:
        if not self.full:
            self._lines.append(" ".join(text.split())[:_SHOWN])
        else:
            self._more += 1

    def settle(self) -> None:
        if self._lines:
            raise DataError("\n".join([*self._lines, *([f"… and {self._more} more"] if self._more else [])]))


def load(folder: Path, kinds: Sequence[TableKind], check: Check) -> dict[str, dict[str, Row]]:
    """The tables that lie in a folder, by name and key; those without a file are left out. `DataError` otherwise.

    A file holds a list of objects, or a mapping of keys to objects. Other files than ``TABLE.yaml``, ``.yml``,
    ``.json`` and ``.ndjson`` do not count, unless they seem to be meant.
    """
    errors = _Errors()
    found: dict[str, dict[str, Row]] = {}
    for kind, path in _files(folder, kinds, errors):
        try:
            content = READERS[path.suffix](_text(path))
        except TextError as error:
            errors.add(f"{path.name}:{error.line}: {error.problem}")
        except OSError as error:
            errors.add(f"{path.name} cannot be read: {error.strerror}")
        else:
            found[kind.name] = _Table(path.name, kind, content, errors).rows(check)
    errors.settle()
    return found


def _files(folder: Path, kinds: Sequence[TableKind], errors: _Errors) -> list[tuple[TableKind, Path]]:
    names = ", ".join(f"{kind.name}.yaml" for kind in kinds)
    if not folder.is_dir():
        raise DataError(f"{folder} is no folder: give one that holds {names}")
    by_name = {kind.name: kind for kind in kinds}
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or not path.is_file():
            continue
        if path.suffix not in READERS:
            if path.stem in by_name:
                errors.add(f"{path.name}: a table is a file ending in {', '.join(READERS)}")
        elif path.stem not in by_name:
            hint = did_you_mean(path.stem, by_name)
            errors.add(f"{path.name}: no table is called {path.stem!r}{hint}")
        elif path.stem in found:
            other = found[path.stem].name
            errors.add(f"{path.name}: {other} is the same table: keep one of them")
        else:
            found[path.stem] = path
    errors.settle()
    if not found:
        raise DataError(f"{folder} holds no table: one is {names} (or .json, .ndjson)")
    return [(kind, found[name]) for name, kind in by_name.items() if name in found]


def _text(path: Path) -> str:
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise TextError(1, f"is larger than {LARGEST // 1024 // 1024} MB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TextError(data.count(b"\n", 0, error.start) + 1, "is no UTF-8 text") from None


class _Table:
    """One file: its rows, and what is wrong with them."""

    def __init__(self, file: str, kind: TableKind, content: Lined, errors: _Errors) -> None:
        self._file, self._kind, self._content, self._errors = file, kind, content, errors

    def rows(self, check: Check) -> dict[str, Row]:
        found: dict[str, Row] = {}
        steps_of: dict[str, str] = {}
        for step, given, row in self._objects():
            if not isinstance(row, dict):
                self._say([step], f"expected an object, got {shown(row)}")
                if given is not None:  # a mapping of something else altogether: one line says it
                    return {}
                continue
            wrong = list(check(self._kind.name, row))
            for pointer, expected, actual in wrong:
                self._say([step, *split(pointer)], f"{pointer or '/'}: expected {expected}, got {actual}")
            own = self._kind.own_key(row)
            key = own if given is None else given
            if key is None:
                if not wrong:
                    self._say([step], "this object does not hold the members that make its key")
                continue
            plain = self._kind.plain(key)
            if own is not None and self._kind.plain(own) != plain:
                self._say([step], f"the key of this object is {own!r}, not {key!r}")
            if plain in steps_of:
                first = self._content.line([steps_of[plain]])
                self._say([step], f"{key!r} stands here twice: also in line {first}")
            steps_of.setdefault(plain, step)
            found[key] = row
        return found

    def _objects(self) -> Iterator[tuple[str, str | None, Any]]:
        """Step, key by the mapping and value of each part."""
        value = self._content.value
        if isinstance(value, list):
            yield from ((str(number), None, one) for number, one in enumerate(value))
        elif isinstance(value, dict) and {"data", "status_code"} <= value.keys():
            self._say([], "this is a whole answer: keep the list that stands under 'data'")
        elif isinstance(value, dict):
            yield from ((key, key, one) for key, one in value.items())
        elif value is not None:  # an empty YAML file is an empty table
            self._say([], f"expected a list of objects, or a mapping of keys to objects, got {shown(value)}")

    def _say(self, steps: Sequence[str], problem: str) -> None:
        line = 0 if self._errors.full else self._content.line(steps)  # to find it costs time
        self._errors.add(f"{self._file}:{line}: {problem}")


# -- writing -------------------------------------------------------------------------------------------------------


def write(folder: Path, tables: Tables) -> list[Path]:
    """Write a file for each table, so that `load` gives the same; the files written. Private members are left out.

    They are YAML, but for a table that YAML has no words for, which is JSON. No file is ever half written; all of them
    are ready before the first takes its place. `DataError` where a table lies there already in another form.
    """
    texts = dict(_named(table, tables) for table in tables.names())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in texts:
            for suffix in READERS.keys() - {Path(name).suffix}:
                if (other := folder / name).with_suffix(suffix).exists():
                    there = other.with_suffix(suffix).name
                    raise DataError(f"{folder} holds {there}, and {name} would be the same table: give another folder")
        ready = [(folder / f".{name}.{os.getpid()}", folder / name) for name in texts]
        for (draft, _path), text in zip(ready, texts.values(), strict=True):
            draft.write_text(text, encoding="utf-8", newline="\n")
        for draft, path in ready:
            draft.replace(path)
    except OSError as error:
        raise DataError(f"{folder} cannot be written: {error.strerror}") from None
    return [path for _draft, path in ready]


def _named(table: str, tables: Tables) -> tuple[str, str]:
    """File name and text of a table: a list where objects hold their keys, else a mapping."""
    kind = tables.kind(table)
    rows = [(key, kind.written(row)) for key, row in tables.rows(table)]
    listed = all(kind.own_key(row) == key for key, row in rows)
    value: Any = [row for _key, row in rows] if listed else dict(rows)
    try:
        return f"{table}.yaml", to_yaml(value)
    except NoYamlError:
        return f"{table}.json", json.dumps(value, indent=2, allow_nan=False) + "\n"
