"""JSON values as YAML texts: read with the line in which each part stands, and written to be read by people."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from harness.mock.lined import Lined, TextError

MOST_LEVELS = 200
MOST_ALIASED = 1_000_000
"""How many values the aliases of one YAML text may stand for, all together: more is a bomb."""

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_NO_NUMBER = re.compile(r"[-+]?(?:\.(?:inf|Inf|INF|nan|NaN|NAN)|NaN|Infinity)")
_TAG = "tag:yaml.org,2002:"
_TEXTS = {"!", f"{_TAG}str", f"{_TAG}timestamp"}
_TYPED = {f"{_TAG}{name}" for name in ("int", "float", "bool", "null")}
_CONTAINERS = {None, "!", f"{_TAG}map", f"{_TAG}seq"}
_BARE = re.compile(r"[^\W\d_][\w./-]*(?: [\w./()&+-]+)*")
"""A text that needs no quotes, in any version of YAML, unless it is one of `_READ_OTHERWISE`."""
_READ_OTHERWISE = {"null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf", "infinity"}
_UNSEEN = re.compile(r"[\x7f-\xa0\u00ad\u2028\u2029\ufeff\ufffe\uffff]")
_LONGEST_KEY = 1000


class NoYamlError(Exception):
    """YAML has no words for this value."""


def of_yaml(text: str) -> Lined:
    """One YAML document. Its plain scalars are read as JSON would read them: what is no number, true, false or null is
    text, so that stamps, ``NO`` and ``08:00`` stay what they look like. An empty document is null."""
    reader = _YamlReader()
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            reader.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = mark.line if mark else text.count("\n", 0, getattr(error, "position", 0) or 0)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
        raise TextError(min(at, text.count("\n")) + 1, f"is no YAML: {problem}") from None
    return Lined(reader.root.value[0] if reader.root.value else None, reader.line)


@dataclass
class _Open:
    """A list or a mapping that is being read. `lines` runs beside `value`; `size` counts all values inside."""

    value: Any
    lines: Any
    begun: int
    anchor: str | None = None
    key: str | None = None
    key_line: int = 0
    merges: bool = False
    merged: list[Any] = field(default_factory=list)
    size: int = 1


class _YamlReader:
    """Makes values of events. It does not recurse: depth costs a counter, not the stack."""

    def __init__(self) -> None:
        self.root = _Open([], [], 1)
        self._open = [self.root]
        self._anchors: dict[str, tuple[Any, int, int]] = {}
        self._aliased = 0
        self._lines: dict[int, Any] = {}
        """By the id of a list or mapping, the lines of its parts."""
        self._lines[id(self.root.value)] = self.root.lines

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._begin(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._end()
        elif isinstance(event, yaml.DocumentStartEvent) and self.root.value:
            raise TextError(_line(event), "a second document begins here: one file is one document")

    def line(self, steps: Sequence[str]) -> int:
        """The line of the nearest part."""
        value: Any = self.root.value
        line = 1
        for step in ("0", *steps):
            lines: Any = self._lines.get(id(value))
            place: Any = int(step) if isinstance(lines, list) and step.isdecimal() else step
            try:
                value, line = value[place], lines[place]
            except (KeyError, IndexError, TypeError):
                break
        return int(line)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        line, open_ = _line(event), self._open[-1]
        if isinstance(open_.value, dict) and open_.key is None:
            if event.anchor:
                self._anchors[event.anchor] = (event.value, line, 1)
            self._key(event.value, line, merges=event.value == "<<" and event.implicit[0])
            return
        if event.implicit[0]:
            value = _plain(event.value, line)
        elif event.tag in _TYPED:
            value = _plain(event.value, line)
            if isinstance(value, str):
                raise TextError(line, f"{event.value!r} is not of the type {event.tag}")
        elif event.tag is None or event.tag in _TEXTS:
            value = event.value
        else:
            raise TextError(line, f"{event.tag!r} is no type that JSON has")
        self._add(value, line, 1, event.anchor)

    def _key(self, key: str, line: int, *, merges: bool) -> None:
        open_ = self._open[-1]
        if not merges and key in open_.lines and key in open_.value:
            raise TextError(line, f"{key!r} stands here twice: also in line {open_.lines[key]}")
        open_.key, open_.key_line, open_.merges = key, line, merges

    def _alias(self, event: yaml.AliasEvent) -> None:
        line = _line(event)
        if event.anchor not in self._anchors:
            raise TextError(line, f"*{event.anchor} stands for nothing: no &{event.anchor} ends before it")
        value, _where, size = self._anchors[event.anchor]
        self._aliased += size
        if self._aliased > MOST_ALIASED:
            raise TextError(line, f"its aliases stand for more than {MOST_ALIASED} values")
        open_ = self._open[-1]
        if isinstance(open_.value, dict) and open_.key is None:
            if not isinstance(value, str):
                raise TextError(line, "a key is a text")
            self._key(value, line, merges=False)
        else:
            self._add(value, line, size, None)

    def _begin(self, event: yaml.CollectionStartEvent) -> None:
        line, open_ = _line(event), self._open[-1]
        if isinstance(open_.value, dict) and open_.key is None:
            raise TextError(line, "a key is a text")
        if event.tag not in _CONTAINERS:
            raise TextError(line, f"{event.tag!r} is no type that JSON has")
        if len(self._open) > MOST_LEVELS:
            raise TextError(line, f"is nested more than {MOST_LEVELS} levels deep")
        new = _Open([], [], line) if isinstance(event, yaml.SequenceStartEvent) else _Open({}, {}, line)
        new.anchor = event.anchor
        self._lines[id(new.value)] = new.lines
        self._open.append(new)

    def _end(self) -> None:
        done = self._open.pop()
        for source in done.merged:
            for name, value in source.items():
                if name not in done.value:
                    done.value[name] = value
                    done.lines[name] = self._lines[id(source)][name]
        self._add(done.value, done.begun, done.size, done.anchor)

    def _add(self, value: Any, line: int, size: int, anchor: str | None) -> None:
        if anchor:
            self._anchors[anchor] = (value, line, size)
        open_ = self._open[-1]
        open_.size += size
        if isinstance(open_.value, list):
            open_.value.append(value)
            open_.lines.append(line)
        elif open_.merges:
            sources = value if isinstance(value, list) else [value]
            if not all(isinstance(source, dict) for source in sources):
                raise TextError(line, "'<<' takes a mapping, or a list of mappings")
            open_.merged += sources
        elif open_.key is not None:
            open_.value[open_.key] = value
            open_.lines[open_.key] = open_.key_line
        open_.key, open_.merges = None, False


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _plain(text: str, line: int) -> Any:
    """What a scalar without quotes stands for."""
    if text in _WORDS:
        return _WORDS[text]
    found = _NUMBER.fullmatch(text)
    if found is None:
        if _NO_NUMBER.fullmatch(text):
            raise TextError(line, f"{text} is no number that JSON has; a text of this spelling needs quotes")
        return text
    try:
        value = float(text) if found[1] or found[2] else int(text)
    except ValueError:  # more digits than Python takes
        value = float("inf")
    if value in (float("inf"), float("-inf")):
        raise TextError(line, "this number is too large")
    return value


def to_yaml(value: Any) -> str:
    """A text of which `of_yaml` makes the same value; `NoYamlError` for half a surrogate pair and very long keys."""
    text = "".join(f"{line}\n" for line in _block(value, ""))
    try:
        text.encode()
    except UnicodeEncodeError:
        raise NoYamlError("half a surrogate pair") from None
    return text


def _block(value: Any, pad: str) -> Iterator[str]:
    """The lines of a value, each behind `pad`."""
    if not value or not isinstance(value, dict | list):
        yield pad + _flow(value)
    elif isinstance(value, dict):
        for key, one in value.items():
            if len(key) > _LONGEST_KEY:
                raise NoYamlError("a very long key")
            if one and isinstance(one, dict | list):
                yield f"{pad}{_flow(key)}:"
                yield from _block(one, pad + "  ")
            else:
                yield f"{pad}{_flow(key)}: {_flow(one)}"
    else:
        for one in value:
            lines = _block(one, pad + "  ")
            yield f"{pad}- {next(lines)[len(pad) + 2 :]}"
            yield from lines


def _flow(value: Any) -> str:
    """A scalar, or an empty list or object, within one line."""
    if isinstance(value, str) and _BARE.fullmatch(value) and value.lower() not in _READ_OTHERWISE:
        return value
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
