"""Reads harness.toml. Every complaint names the file, the line and the key, and never repeats a value of the file."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from harness.cli.plan import UsageError
from harness.model.spelling import did_you_mean, nearest

FILE_NAME = "harness.toml"

WAIVERS = "waivers"
"""The one key at the top that holds tables in a list: ``[[waivers]]``. Its n-th stands under ``waivers.n``, from 0."""

Kind = Literal["text", "texts", "table", "flag", "number"]
"""What a key holds: a text, a list of texts, a table whose keys its reader checks, true or false, or a number."""

VARIABLE = r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}"
"""How a text of the file names an environment variable."""

_EXPECTED = {
    "text": "a text in quotes",
    "texts": 'a list of texts, as in ["…", "…"]',
    "table": "a table",
    "flag": "true or false",
    "number": "a number",
}
_FOUND = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
    list: "a list",
    dict: "a table",
}
_POSITION = re.compile(r"^(.*) \(at (?:line (\d+), column (\d+)|end of document)\)$", re.S)
_TOKEN = re.compile(
    r"""(?P<text>\"{3}(?:\\.|[^\\])*?\"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*')"""
    r"""|(?P<skip>[ \t\r]+|\#[^\n]*)|(?P<mark>[\[\]{}=,.\n])|(?P<bare>[^\s\[\]{}=,.\#"']+)""",
    re.S,
)


@dataclass(frozen=True)
class Given:
    """A text from the user. `text` is what it means, `shown` what was written (a ``${VAR}`` stands in it unread):
    only `shown` may be repeated. `where` leads every complaint; `origin` is for the report."""

    text: str
    shown: str
    where: str
    origin: str


@dataclass(frozen=True)
class TomlFile:
    """A harness.toml that was read. `shown` is its path as the user knows it; `lines` maps dotted keys to lines."""

    shown: str = FILE_NAME
    folder: Path = Path()
    data: Mapping[str, object] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)

    def origin(self, *keys: str) -> str:
        """Where a key stands, or what it is in: ``harness.toml line 3``."""
        dotted = [".".join(keys[:length]) for length in range(len(keys), 0, -1)]
        return f"{self.shown} line {next((self.lines[key] for key in dotted if key in self.lines), 1)}"

    def where(self, table: str, *keys: str) -> str:
        """The same with the key's name, to begin a complaint: ``harness.toml line 3, [ndw-pull] url``."""
        return f"{self.origin(table, *keys)}, [{table}] {keys[0]}"

    def value(self, table: str, key: str) -> object:
        """What the file gives for a key of a table, or None."""
        content = self.data.get(table)
        return content.get(key) if isinstance(content, dict) else None

    def given(self, table: str, key: str, environment: Mapping[str, str]) -> Given | None:
        """A text with its environment variables filled in, or None. UsageError where a variable is not set."""
        value = self.value(table, key)
        return self._filled(str(value), table, key, environment) if value is not None else None

    def several(self, table: str, key: str, environment: Mapping[str, str]) -> tuple[Given, ...]:
        """A list of texts, likewise; empty where the key is missing."""
        value = self.value(table, key)
        items = value if isinstance(value, list) else []
        return tuple(self._filled(str(item), table, key, environment) for item in items)

    def flat(self, table: str, key: str) -> dict[str, object]:
        """A table under a key; ``a.b = 1`` counts as ``"a.b" = 1``, for a reader's fingers make no difference."""
        value = self.value(table, key)
        return dict(_flattened("", value)) if isinstance(value, dict) else {}

    def _filled(self, raw: str, table: str, key: str, environment: Mapping[str, str]) -> Given:
        where = self.where(table, key)
        for name in re.findall(VARIABLE, raw):
            if name not in environment:
                raise UsageError(f"{where}: environment variable {name} is not set; set it before the check")
        if "${" in re.sub(VARIABLE, "", raw):
            raise UsageError(f"{where}: '${{' begins no variable's name; write it as ${{NAME}}, of letters, digits, _")
        text = re.sub(VARIABLE, lambda match: environment[match[1]], raw)
        return Given(text, raw, where, self.origin(table, key))


def chosen_path(config: Path | None, environment: Mapping[str, str]) -> Path:
    """The file that ``--config`` or HARNESS_CONFIG names, or the usual one; it need not be there."""
    return config if config is not None else Path(environment.get("HARNESS_CONFIG") or FILE_NAME)


def find_toml(config: Path | None, environment: Mapping[str, str], directory: Path) -> TomlFile:
    """The file of ``--config``, of HARNESS_CONFIG, or the one in `directory`; an empty one where there is none."""
    if config is not None:
        return _explicit(str(config), "--config", directory)
    if environment.get("HARNESS_CONFIG"):
        return _explicit(environment["HARNESS_CONFIG"], "environment variable HARNESS_CONFIG", directory)
    path = directory / FILE_NAME
    return read_toml(path, FILE_NAME) if path.is_file() else TomlFile(folder=directory)


def _explicit(given: str, where: str, directory: Path) -> TomlFile:
    path = directory / given
    if not path.is_file():
        raise UsageError(f"{where}: there is no file {given!r}; give the path of your {FILE_NAME}")
    return read_toml(path, given)


def read_toml(path: Path, shown: str) -> TomlFile:
    """Read a file as TOML. UsageError names line and column of what is not."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{shown}: cannot be read ({error.strerror}); check its permissions") from None
    except UnicodeDecodeError:
        raise UsageError(f"{shown}: is not UTF-8; save it in that encoding") from None
    try:
        data = tomllib.loads(text)
    except ValueError as error:
        raise UsageError(_not_toml(str(error), text, shown)) from None
    return TomlFile(shown, path.parent, data, key_lines(text))


def _not_toml(message: str, text: str, shown: str) -> str:
    match = _POSITION.match(message)
    what, line, column = match.groups() if match else (message, None, None)
    rows = text.split("\n")
    at = f"line {line or len(rows)}, column {column or len(rows[-1]) + 1}"
    hint = "; a text stands in quotes" if what == "Invalid value" else ""
    return f"{shown} {at}: this is not TOML: {what[:1].lower()}{what[1:]}{hint}"


def check_shape(file: TomlFile, tables: Mapping[str, Mapping[str, Kind]]) -> None:
    """UsageError where the file has a table or a key that `tables` does not, or a value of another kind."""
    for table, content in file.data.items():
        if table == WAIVERS:
            _check_list(file, table, content)
            continue
        if table not in tables:
            raise UsageError(_unknown_table(file, table, content, tables))
        if not isinstance(content, dict):
            raise UsageError(f"{file.origin(table)}: {table} is {_found(content)}; write it as a table, [{table}]")
        for key, value in content.items():
            if key not in tables[table]:
                raise UsageError(_unknown_key(file, table, key, tables))
            kind = tables[table][key]
            if not _fits(value, kind):
                found = "something else in it" if kind == "texts" and isinstance(value, list) else _found(value)
                raise UsageError(f"{file.where(table, key)}: expected {_EXPECTED[kind]}, found {found}")


def _check_list(file: TomlFile, name: str, content: object) -> None:
    if not isinstance(content, list) or not all(isinstance(one, dict) for one in content):
        raise UsageError(f"{file.origin(name)}: {name} is {_found(content)}; write each as a table, [[{name}]]")


def _unknown_table(file: TomlFile, table: str, content: object, tables: Mapping[str, Mapping[str, Kind]]) -> str:
    homes = [f"[{name}]" for name, keys in tables.items() if table in keys]
    if homes and not isinstance(content, dict):
        return f"{file.origin(table)}: key {table!r} stands in no table; put it below {' or '.join(homes)}"
    written = {**{name: f"[{name}]" for name in tables}, WAIVERS: f"[[{WAIVERS}]]"}
    near = nearest(table, written, 0.8)
    suggestion = f"did you mean {written[near]}?" if near else "this version knows " + ", ".join(written.values())
    return f"{file.origin(table)}: unknown table [{repr(table)[1:-1]}]; {suggestion}"


def _unknown_key(file: TomlFile, table: str, key: str, tables: Mapping[str, Mapping[str, Kind]]) -> str:
    homes = [f"[{name}]" for name, keys in tables.items() if key in keys]
    suggestion = f"; it belongs in {' or '.join(homes)}" if homes else did_you_mean(key, tables[table])
    return f"{file.origin(table, key)}: unknown key {key!r} in [{table}]{suggestion}"


def _fits(value: object, kind: Kind) -> bool:
    if kind == "texts":
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if kind == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, {"table": dict, "flag": bool}.get(kind, str))


def _found(value: object) -> str:
    return _FOUND.get(type(value), "a date or time")


def _flattened(prefix: str, table: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flattened(f"{prefix}{key}.", value)
        else:
            yield prefix + key, value


def key_lines(text: str) -> dict[str, int]:
    """The line (from 1) on which each table and key of a valid TOML text first stands; nested keys joined by dots."""
    scan = _Scan()
    for token in _TOKEN.finditer(text):
        if token.lastgroup == "mark":
            scan.mark(token[0])
        elif token.lastgroup != "skip" and scan.in_key:
            scan.keys.append(_unquoted(token[0]))
        scan.line += token[0].count("\n")
    return scan.lines


def _unquoted(key: str) -> str:
    return str(tomllib.loads(f"key = {key}")["key"]) if key[0] in "\"'" else key


@dataclass
class _Scan:
    """Where a walk through the tokens of a TOML text stands.

    `table` is the last header, `lists` counts the headers of each list of tables, `keys` the key that is being read
    (`in_key`) or was read last, `nested` the open brackets of a value, each with the keys that lead to it.
    """

    lines: dict[str, int] = field(default_factory=dict)
    line: int = 1
    table: tuple[str, ...] = ()
    keys: list[str] = field(default_factory=list)
    in_key: bool = True
    in_header: bool = False
    is_item: bool = False
    lists: Counter[str] = field(default_factory=Counter)
    nested: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def mark(self, mark: str) -> None:
        """Go past a punctuation mark or the end of a line."""
        if mark == "\n":
            if not self.nested:
                self.keys, self.in_key, self.in_header = [], True, False
        elif self.in_key and mark in "[]":
            self._header(mark)
        elif self.in_key and mark == "=":
            self._note(self._path())
            self.in_key = False
        elif mark in "{[":
            self.nested.append((mark, self._path()))
            self.keys, self.in_key = [], mark == "{"
        elif mark in "}]":
            self.nested.pop()
            self.keys, self.in_key = [], False
        elif mark == "," and self.nested[-1][0] == "{":
            self.keys, self.in_key = [], True

    def _header(self, mark: str) -> None:
        if mark == "[":
            self.is_item, self.in_header = self.in_header, True
        elif self.in_header:
            self.table, self.in_header = self._within(tuple(self.keys)), False
            self._note(self.table)

    def _within(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        """The keys of a header, with the number of the item where they lead into a list of tables."""
        name = keys[0]
        if self.is_item and len(keys) == 1:
            self.lists[name] += 1
        return (name, str(self.lists[name] - 1), *keys[1:]) if self.lists[name] else keys

    def _path(self) -> tuple[str, ...]:
        """The keys that lead to the value at hand; an item of an array is where the array is."""
        above = self.nested[-1][1] if self.nested else self.table
        return above + tuple(self.keys)

    def _note(self, keys: tuple[str, ...]) -> None:
        for length in range(1, len(keys) + 1):
            self.lines.setdefault(".".join(keys[:length]), self.line)
