"""Where a JSON value ends, without reading what is in it: the fast half of a parser, on bytes."""

import re

_TEXT = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_LEVELS = 12


def _nested() -> bytes:
    """An object or array as deep as those of feeds are; brackets are only counted. Possessive throughout: a text is
    gone through once, whatever it holds."""
    inner = _TEXT
    for _ in range(_LEVELS):
        inner = _TEXT + rb'|[\[{][^\[\]{}"]*+(?:(?:' + inner + rb')[^\[\]{}"]*+)*+[\]}]'
    return rb'[\[{][^\[\]{}"]*+(?:(?:' + inner + rb')[^\[\]{}"]*+)*+[\]}]'


NESTED = re.compile(_nested(), re.S)
TEXT = re.compile(_TEXT, re.S)
SPACE = re.compile(rb"[ \t\r\n]*+")
_SCALAR = re.compile(rb'[^ \t\r\n,:"\[\]{}]++')
_BRACKET = re.compile(_TEXT + rb'|["\[\]{}]', re.S)


def end_of_value(text: bytes, start: int, *, is_all: bool) -> int | None:
    """The position after the value that begins at `start`; None where it does not end in this text.

    `is_all` says that nothing follows the text. The value may still be no JSON: brackets are counted, texts passed
    over, and that is all.
    """
    first = text[start : start + 1]
    if first in (b"{", b"["):
        found = NESTED.match(text, start)
        return found.end() if found else _end_of_deep(text, start)
    if first == b'"':
        found = TEXT.match(text, start)
        return found.end() if found else None
    found = _SCALAR.match(text, start)
    if found is None or (found.end() == len(text) and not is_all):
        return None
    return found.end()


def _end_of_deep(text: bytes, start: int) -> int | None:
    """The same at any depth, bracket by bracket."""
    depth = 0
    for found in _BRACKET.finditer(text, start):
        sign = found.group()
        if sign == b'"':  # a text that does not end here: what follows are its characters
            return None
        if sign in (b"{", b"["):
            depth += 1
        elif sign in (b"}", b"]"):
            depth -= 1
            if depth == 0:
                return found.end()
    return None
