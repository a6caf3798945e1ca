"""JSON Pointers (RFC 6901): where a clause looks and where a problem lies."""

from collections.abc import Sequence
from typing import Any, Final


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False


MISSING: Final = _Missing()
"""What `value_at` returns where the pointer leads nowhere; falsy, and not None, since null is a value."""


def split(pointer: str) -> list[str]:
    """The reference tokens of a pointer, unescaped. ``""`` is the whole document: an empty list."""
    if not pointer:
        return []
    if not pointer.startswith("/"):
        raise ValueError(f"a JSON Pointer starts with '/': {pointer!r}")
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer[1:].split("/")]


def join(tokens: Sequence[str | int]) -> str:
    """The pointer made of these tokens, escaped."""
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens)


def value_at(document: Any, pointer: str) -> Any:
    """The value under `pointer`, or `MISSING`."""
    value = document
    for token in split(pointer):
        if isinstance(value, dict):
            value = value.get(token, MISSING)
        elif isinstance(value, list) and (index := index_of(token, value)) is not None:
            value = value[index]
        else:
            return MISSING
    return value


def index_of(token: str, array: Sequence[Any]) -> int | None:
    """The index that a reference token stands for in this array (no sign, no leading zeros), or None."""
    if len(token) > len(str(len(array))) or not (token.isascii() and token.isdigit()):
        return None
    index = int(token)
    return index if index < len(array) and token == str(index) else None
