"""Patterns of JSON Schema, where they mean the same to ECMAScript, Rust and Python. ``$`` is the very end of a text."""

import re
from functools import cache

_ELSEWHERE = re.compile(r"\\[dDwWsSbBpPuUAZkc0-9]|\(\?(?!:)")
"""Escapes and groups that mean something else, or nothing, in another of the three languages."""


def inner(pattern: str) -> str:
    """The pattern as one that the whole text must match; ValueError names what cannot be followed."""
    found = _ELSEWHERE.search(pattern.replace(r"\\", ""))
    if found:
        raise ValueError(f"{found[0]!r} in {pattern!r} means different things to different readers")
    begins, ends = pattern.startswith("^"), pattern.endswith("$") and not pattern.endswith(r"\$")
    body = pattern[begins : len(pattern) - ends]
    outside = re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", "", body)
    if "^" in outside or "$" in outside:
        raise ValueError(f"an anchor in the middle of {pattern!r}")
    if "|" in _top_level(outside):
        raise ValueError(f"alternatives of {pattern!r} that stand in no group")
    anything = r"[\x20-\x7E]*"
    return f"{'' if begins else anything}{body}{'' if ends else anything}"


def _top_level(text: str) -> str:
    while (shorter := re.sub(r"\([^()]*\)", "", text)) != text:
        text = shorter
    return text


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    anchored = re.sub(r"(?<!\\)\$$", r"\\Z", re.sub(r"^\^", r"\\A", pattern))
    return re.compile(anchored)


def matches(pattern: str, text: str) -> bool:
    """True where the pattern is found in the text, as JSON Schema asks."""
    return _compiled(pattern).search(text) is not None


def repeated_class(pattern: str) -> str | None:
    """``[…]`` of a pattern that is ``^[…]*$``: any number of characters of one class; None for others."""
    found = re.fullmatch(r"\^(\[(?:\\.|[^\]\\])+\])\*\$", pattern)
    return found[1] if found else None
