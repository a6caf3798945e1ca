"""How others may spell a secret that they repeat: each sign as it is, or escaped for a URL, for JSON or for HTML."""

import html
import json
import re
from functools import cache

_URL_ALPHABET = {"+": "-", "/": "_"}


@cache
def pattern_of(text: str) -> bytes:
    """A pattern for this text in UTF-8, any sign of it escaped in any way; Base64 padding may be missing.

    It has one alternative per spelling of the first sign: patterns that begin with plain bytes are found fast.
    """
    core = text.rstrip("=") or text
    tail = b"".join(_one_of(sign) for sign in core[1:])
    tail += b"".join(_one_of(sign) + b"?" for sign in text[len(core) :])
    return b"|".join(spelling + tail for spelling in _spellings(core[0]))


def _one_of(sign: str) -> bytes:
    spellings = _spellings(sign)
    return b"(?:" + b"|".join(spellings) + b")" if len(spellings) > 1 else spellings[0]


@cache
def _spellings(sign: str) -> list[bytes]:
    """Patterns for one sign, longest first; letters and digits are never escaped."""
    utf8 = sign.encode()
    if sign.isascii() and sign.isalnum():
        return [utf8]
    percent = "".join(f"%{byte:02X}" for byte in utf8)
    unicode = "".join(f"\\u{unit}" for unit in re.findall("....", sign.encode("utf-16-be").hex()))
    reference = f"&#x{ord(sign):x};"
    texts = [
        *(percent, percent.lower(), "+" if sign == " " else _URL_ALPHABET.get(sign, sign)),
        *(json.dumps(sign)[1:-1], json.dumps(sign, ensure_ascii=False)[1:-1], f"\\{sign}" if sign == "/" else sign),
        *(unicode, "\\u" + unicode[2:].upper().replace("\\U", "\\u")),
        *(html.escape(sign), f"&#{ord(sign)};", reference, f"&#x{ord(sign):X};"),
    ]
    spelt = dict.fromkeys([utf8, *(text.encode() for text in texts)])
    return [re.escape(text) for text in sorted(spelt, key=len, reverse=True)]
