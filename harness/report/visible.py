"""Text of a subject made fit to be looked at."""

import re
from typing import TextIO

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


def visible(text: object) -> str:
    """The text with control and direction characters, and halves of pairs, written out: it steers neither a terminal
    nor a browser, and what it hides is seen."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found.group()):04x}", str(text))


def encodable(out: TextIO) -> bool:
    """True where more than plain ASCII can be written there."""
    try:
        "…·✓".encode(out.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
