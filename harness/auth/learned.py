"""Secrets that an answer gives out: found by the name of their member, however ill formed the text around it is.

JSON is what token endpoints answer with (RFC 6749 5.1); some answer with a form instead.
"""

import json
import re
from collections.abc import Callable, Collection, Iterator
from urllib.parse import unquote_plus

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)|-?[0-9][0-9.eE+-]*|[^\s"]', re.DOTALL)
_FIELD = re.compile(r"(?P<start>^|&)(?P<name>[^=&]*)=(?P<value>[^&]*)")

Mark = Callable[[str, str], str]
"""Takes the member's name and the secret, gives what is to stand in its place."""


def taken_out(raw: bytes, names: Collection[str], mark: Mark) -> bytes:
    """The answer with a mark for every text under one of these names, and 0 for a number; all else as it was."""
    text = raw.decode("utf-8", "surrogateescape")
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        text = "".join(_marked(text, names, mark))
    else:
        text = _FIELD.sub(lambda field: _marked_field(field, names, mark), text)
    return text.encode("utf-8", "surrogateescape")


def _marked(text: str, names: Collection[str], mark: Mark) -> Iterator[str]:
    end, name, last = 0, None, ""
    for token in _TOKEN.finditer(text):
        yield text[end : token.start()]
        end, found = token.end(), token[0]
        if name is not None and found.startswith('"'):
            value = _read(found)
            yield json.dumps(mark(name, value)) if value else found
        elif name is not None and found[0] in "-0123456789":
            yield "0"
        else:
            yield found
        key = _read(last) if found == ":" and last.startswith('"') else None
        name, last = key if key in names else None, found
    yield text[end:]


def _read(text: str) -> str:
    try:
        return str(json.loads(text, strict=False))
    except ValueError:  # an escape that JSON does not know
        return text[1:].removesuffix('"')


def _marked_field(field: re.Match[str], names: Collection[str], mark: Mark) -> str:
    name, value = unquote_plus(field["name"]), unquote_plus(field["value"].rstrip("\r\n"))
    if name not in names or not value:
        return field[0]
    return f"{field['start']}{field['name']}={mark(name, value)}"
