"""Settings: the points that a party has not published, and what is taken for true meanwhile."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Value = str | int | float | bool


@dataclass(frozen=True)
class Setting:
    """A point that the party has not published: our default, its alternatives, and the question to ask.

    `alternatives` is empty where any value of the default's type is possible; with `or_number`, a whole number from 1
    is the alternative to a default that is a word. An `assumed` setting weakens the clauses that rest on it to SHOULD
    until it is confirmed.
    """

    name: str
    default: Value
    alternatives: tuple[Value, ...]
    question: str
    assumed: bool = True
    or_number: bool = False

    def read(self, text: object) -> Value:
        """The value that `text` (of ``--set`` or harness.toml) stands for; ValueError says what is possible."""
        value: Value | None = _of_kind(int if self.or_number and text != self.default else type(self.default), text)
        wrong = self.alternatives and value not in (self.default, *self.alternatives)
        if value is None or wrong or (isinstance(value, float | int) and value <= 0 and value is not False):
            raise ValueError(f"{self.name} = {text!r}: {self.possible()}")
        return value

    def possible(self) -> str:
        """In words, what the setting accepts."""
        if self.alternatives:
            return "one of " + ", ".join(str(value) for value in (self.default, *self.alternatives))
        if self.or_number:
            return f"{self.default}, or {_IN_WORDS[int]}"
        return _IN_WORDS[type(self.default)]


_IN_WORDS: dict[type, str] = {
    bool: "true or false",
    int: "a whole number from 1",
    float: "a number above 0",
    str: "a text",
}


def _of_kind(kind: type, text: object) -> Any:
    """The value of this kind that a text or a TOML value stands for, or None."""
    if kind is bool:
        return {"true": True, "false": False}.get(text) if isinstance(text, str) else _only(bool, text)
    if kind is int and isinstance(text, str):
        return int(text) if text.isascii() and text.isdecimal() else None
    if kind is float:
        return _number(text)
    return _only(kind, text)


def _only(kind: type, value: object) -> object:
    return value if type(value) is kind else None


def _number(text: object) -> float | None:
    if isinstance(text, bool) or not isinstance(text, (int, float, str)):
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


@dataclass(frozen=True)
class Settings:
    """The effective value of every setting of an interface, by name."""

    values: Mapping[str, Value] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A setting that is a text."""
        return str(self.values[name])

    def number(self, name: str) -> int:
        """A setting that is a whole number."""
        return int(self.values[name])

    def fraction(self, name: str) -> float:
        """A setting that is any number."""
        return float(self.values[name])

    def flag(self, name: str) -> bool:
        """A setting that is true or false."""
        return self.values[name] is True
