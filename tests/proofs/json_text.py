"""JSON written in every way that the standard allows: number spellings, escapes, order, white space."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from json.encoder import encode_basestring, encode_basestring_ascii
from string import ascii_letters
from typing import Any

_LETTERS = {ord(letter): f"\\u{ord(letter):04x}" for letter in ascii_letters}


def plain_string(text: str) -> str:
    """As it is, only escaped where it must be."""
    return encode_basestring(text)


def ascii_string(text: str) -> str:
    """Everything beyond ASCII escaped."""
    return encode_basestring_ascii(text)


def escaped_letters(text: str) -> str:
    """Every letter of ASCII escaped."""
    inner = plain_string(text)[1:-1]
    if "\\" in inner:
        return '"' + "".join(f"\\u{unit:04X}" for unit in _utf16(text)) + '"'
    return f'"{inner.translate(_LETTERS)}"'


def escaped_slashes(text: str) -> str:
    r"""Every slash as ``\/``."""
    return plain_string(text).replace("/", "\\/")


def _utf16(text: str) -> list[int]:
    raw = text.encode("utf-16-be")
    return [int.from_bytes(raw[index : index + 2]) for index in range(0, len(raw), 2)]


def plain_number(number: int | Decimal) -> str:
    """The digits as they were."""
    return str(number)


def decimal_number(number: int | Decimal) -> str:
    """Whole numbers with a fraction of nought, others with trailing noughts."""
    return f"{number}.0" if isinstance(number, int) else f"{number:f}00"


def exponent_number(number: int | Decimal) -> str:
    """The same value with an exponent."""
    sign, digits, exponent = Decimal(number).as_tuple()
    assert isinstance(exponent, int)
    significant = "".join(map(str, digits)).rstrip("0") or "0"
    power = exponent + len(digits) - len(significant)
    return f"{'-' if sign else ''}{significant}E{power:+03d}"


@dataclass(frozen=True)
class Writer:
    """How JSON text is written; `order` puts the members of an object in order."""

    string: Callable[[str], str] = plain_string
    number: Callable[[int | Decimal], str] = plain_number
    order: Callable[[list[str]], list[str]] = list
    comma: str = ","
    colon: str = ":"

    def text(self, value: Any) -> str:
        """The value as JSON text."""
        if isinstance(value, dict):
            members = (f"{self.string(key)}{self.colon}{self.text(value[key])}" for key in self.order(list(value)))
            return "{" + self.comma.join(members) + "}"
        if isinstance(value, list):
            return "[" + self.comma.join(self.text(one) for one in value) + "]"
        if isinstance(value, str):
            return self.string(value)
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            return self.number(value)
        return json.dumps(value)


def read(raw: bytes) -> Any:
    """The JSON value with every digit kept."""
    return json.loads(raw, parse_float=Decimal)
