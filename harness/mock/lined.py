"""JSON values with the line in which each part stands, out of JSON and NDJSON texts."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any


class TextError(Exception):
    """The text is none of its kind: `line` says where, `problem` what is wrong."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"{line}: {problem}")
        self.line, self.problem = line, problem


@dataclass(frozen=True)
class Lined:
    """A value, and where its parts stand: `line` takes the steps of a pointer, and gives the line of the nearest part
    that is there."""

    value: Any
    line: Callable[[Sequence[str]], int]


class _Wrong(Exception):  # noqa: N818 - never leaves this module
    """Something that JSON's grammar lets pass. It says no line: that is looked for when it is needed."""


def of_json(text: str) -> Lined:
    """One JSON text, without NaN and without a key twice in one object."""
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_no_number, parse_float=_float)
    except json.JSONDecodeError as error:
        hint = " (one object per line is NDJSON: name the file *.ndjson)" if error.msg == "Extra data" else ""
        raise TextError(error.lineno, f"is no JSON: {error.msg}{hint}") from None
    except _Wrong:
        raise _what_is_wrong(text) from None
    except RecursionError:
        raise TextError(1, "is nested too deeply") from None
    except ValueError as error:
        raise TextError(1, f"has a number that is too large: {error}") from None
    return Lined(value, lambda steps: _json_line(text, steps))


def of_ndjson(text: str) -> Lined:
    """One JSON value per line; empty lines do not count."""
    values, lines = [], []
    for number, one in enumerate(text.split("\n"), 1):
        if one.strip():
            try:
                values.append(of_json(one).value)
            except TextError as error:
                raise TextError(number, error.problem) from None
            lines.append(number)
    return Lined(values, lambda steps: lines[int(steps[0])] if steps else 1)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise _Wrong
    return made


def _no_number(_text: str) -> Any:
    raise _Wrong


def _float(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise _Wrong
    return value


_SPACE = re.compile(r"[ \t\r\n]*")
_DECODE = json.JSONDecoder().raw_decode


def _past_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _parts(text: str, at: int) -> Iterator[tuple[str, int, int]]:
    """Of the list or object that begins here: the step to each part, and where its key and its value begin."""
    if text[at] not in "[{":
        return
    keyed, number = text[at] == "{", 0
    at = _past_space(text, at + 1)
    while text[at] not in "]}":
        step, key_at = str(number), at
        if keyed:
            step, at = _DECODE(text, at)
            at = _past_space(text, _past_space(text, at) + 1)
        yield step, key_at, at
        at = _past_space(text, _DECODE(text, at)[1])
        at = _past_space(text, at + 1) if text[at] == "," else at
        number += 1


def _json_line(text: str, steps: Sequence[str]) -> int:
    at = shown = _past_space(text, 0)
    for step in steps:
        found = next(((key, value) for name, key, value in _parts(text, at) if name == step), None)
        if found is None:
            break
        shown, at = found
    return text.count("\n", 0, shown) + 1


def _what_is_wrong(text: str) -> TextError:
    """The first thing that `_Wrong` was about."""
    waiting = [_past_space(text, 0)]
    while waiting:
        at = waiting.pop()
        line = text.count("\n", 0, at) + 1
        if text.startswith(("NaN", "Infinity", "-Infinity"), at):
            return TextError(line, "NaN and Infinity are no numbers that JSON has")
        seen: dict[str, int] = {}
        parts = list(_parts(text, at))
        for step, key_at, _at in parts:
            here = text.count("\n", 0, key_at) + 1
            if step in seen:
                return TextError(here, f"{step!r} stands here twice: also in line {seen[step]}")
            seen[step] = here
        if not parts and text[at] not in '[{"' and _DECODE(text, at)[0] in (float("inf"), float("-inf")):
            return TextError(line, "this number is too large")
        waiting += [value_at for _step, _key, value_at in reversed(parts)]
    return TextError(1, "is no JSON")
