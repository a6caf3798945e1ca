"""Settings: the points that a party has not published, and what is taken for true meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Value = str | int | bool


@dataclass(frozen=True)
class Setting:
    """A point that the party has not published: our default, its alternatives, and the question to ask.

    `alternatives` is empty where any value of the default's type is possible. An `assumed` setting weakens the clauses
    that rest on it to SHOULD until it is confirmed.
    """

    name: str
    default: Value
    alternatives: tuple[Value, ...]
    question: str
    assumed: bool = True

    def read(self, text: object) -> Value:
        """The value that `text` (of ``--set`` or harness.toml) stands for; ValueError says what is possible."""
        value: object = text
        if isinstance(self.default, bool) and text in ("true", "false"):
            value = text == "true"
        elif isinstance(self.default, int) and not isinstance(self.default, bool) and isinstance(text, str):
            value = int(text) if text.isascii() and text.isdecimal() else text
        wrong = self.alternatives and value not in (self.default, *self.alternatives)
        if type(value) is not type(self.default) or wrong or (type(value) is int and value < 1):
            raise ValueError(f"{self.name} = {text!r}: {self.possible()}")
        assert isinstance(value, (str, int, bool))  # noqa: S101 - narrows for the type checker
        return value

    def possible(self) -> str:
        """In words, what the setting accepts."""
        if self.alternatives:
            return "one of " + ", ".join(str(value) for value in (self.default, *self.alternatives))
        return {bool: "true or false", int: "a whole number from 1", str: "a text"}[type(self.default)]


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
