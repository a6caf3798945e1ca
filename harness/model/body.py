"""A body as it came over the wire: bytes first, a value where a reader finds one."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from harness.model.pointer import MISSING, value_at

_MAX_DEPTH_FAULT = "nested too deeply to read"
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_ESCAPE = re.compile(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.")
"""Every escape of a JSON text, surrogate pairs as one; `half` of a pair stands for no character."""


@dataclass(frozen=True)
class Body:
    """The bytes of one message, after content decoding (gzip) and with secrets already replaced.

    `value` is what a strict reader finds (RFC 8259) or, where the text is faulty, what a tolerant reader still makes
    of it; `faults` names what the strict reader objects to. A body that no reader understands has `MISSING` as value.
    """

    raw: bytes

    @cached_property
    def _read(self) -> tuple[Any, tuple[str, ...]]:
        return _read_json(self.raw)

    @property
    def value(self) -> Any:
        """The JSON value, or `MISSING` where even a tolerant reader finds none."""
        return self._read[0]

    @property
    def faults(self) -> tuple[str, ...]:
        """What a strict JSON reader objects to, in words; empty for strict JSON."""
        return self._read[1]

    @property
    def is_json(self) -> bool:
        """True where at least a tolerant reader finds a value."""
        return self.value is not MISSING

    def at(self, pointer: str) -> Any:
        """The value under a JSON Pointer, or `MISSING`."""
        return value_at(self.value, pointer)

    def __len__(self) -> int:
        return len(self.raw)


def _read_json(raw: bytes) -> tuple[Any, tuple[str, ...]]:
    faults: list[str] = []

    def note(fault: str) -> None:
        if fault not in faults:
            faults.append(fault)

    def constant(name: str) -> float:
        note(f"{name} is not JSON")
        return float(name)

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(pairs)
        if len(value) != len(pairs):
            note(f"duplicate key {_first_duplicate(key for key, _ in pairs)!r}")
        return value

    if raw.startswith(b"\xef\xbb\xbf"):
        note("starts with a byte order mark")
        raw = raw[3:]
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        note(f"not UTF-8 at byte {error.start}")
        text = raw.decode("utf-8", errors="replace")
    if (whole := _with_whole_pairs(text)) != text:
        note("holds half a surrogate pair")
    try:
        return json.loads(whole, parse_constant=constant, object_pairs_hook=members), tuple(faults)
    except json.JSONDecodeError as error:
        note("empty" if not text.strip() else f"{error.msg} at line {error.lineno}, column {error.colno}")
    except RecursionError:
        note(_MAX_DEPTH_FAULT)
    except ValueError:  # Python bounds the digits of an integer
        note("holds a number too long to read")
    return MISSING, tuple(faults)


def _with_whole_pairs(text: str) -> str:
    if not _HALF.search(text):
        return text
    return _ESCAPE.sub(lambda found: "\\ufffd" if found["half"] else found.group(), text)


def _first_duplicate(keys: Iterable[str]) -> str:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            return key
        seen.add(key)
    raise AssertionError("called for keys without a duplicate")
