"""Masks for what a shared copy must not tell: the same value always gets the same mask, so that it can be followed.

Masked are host names and addresses, e-mail addresses, whatever stands in quotes, long numbers (EANs, telephone numbers)
and positions. What stays are ids of objects, words in capitals as enumerations have them, dates, times, and numbers as
prices and powers have them.
"""

import re
from collections import Counter
from collections.abc import Iterable
from urllib.parse import urlsplit

_QUOTED = re.compile(r""""((?:[^"\\]|\\.)*)(?:"|$)(\s*:)?|(?<!\w)'((?:[^'\\]|\\.)*)'(?!\w)""", re.DOTALL)
_URL = re.compile(r"\b[A-Za-z][A-Za-z0-9+.\-]*://[^\s\"'<>\\]*")
_MAIL = re.compile(r"[^\s\"'<>()@,;:]+@[^\s\"'<>()@,;:]+\.[A-Za-z]{2,}")
_HOST = re.compile(
    r"(?<![\w./*\-])(?:(?:[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}|\d{1,3}(?:\.\d{1,3}){3}"
    r"|\[?[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}\]?(?![\w-]))(?P<port>:\d+)?(?![\w*/])"
)
_LONG = re.compile(r"(?<![\w.*\-])(?:\+?\d[\d ]{8,}\d|\d{11,})(?![\w*\-])")
_POSITION = re.compile(r"(?<![\w.])-?\d{1,3}\.\d{4,}(?!\w)")
_PLAIN = re.compile(
    r"[A-Z0-9_]{1,40}|-?\d{1,9}(\.\d{1,3})?|\d\d:\d\d"
    r"|\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?(Z|[+-]\d\d:?\d\d)?"
)
_MEMBER = re.compile(r"[a-z][a-z0-9_]{0,40}")
_NAME = re.compile(r"[A-Za-z0-9_.\-~$@]{0,64}")
_TIME = re.compile(r"\d{1,2}:\d\d(:\d\d)?")
_FILES = (".toml", ".json", ".yaml", ".yml", ".pem", ".html", ".md", ".csv", ".py", ".gz", ".ndjson", ".jsonl")


class Masks:
    """Makes masks, numbered as they come. `ids` stay as they are, wherever they stand."""

    def __init__(self, ids: Iterable[str] = ()) -> None:
        self._ids = set(ids)
        self._given: dict[tuple[str, str], str] = {}
        self._counts: Counter[str] = Counter()

    def host(self, name: str) -> str:
        """``host-1`` of a host, with or without its port."""
        bare = re.sub(r":\d+$", "", name).lower()
        return self._mask("host", bare, "host-{}")

    def value(self, text: str) -> str:
        """A mask for a whole text."""
        return self._mask("text", text, "[text {}]") if text else text

    def url(self, text: str) -> str:
        """The URL with a mask for its host; path and query stay, long numbers in them do not."""
        try:
            parts = urlsplit(text)
            netloc = parts.netloc.rpartition("@")[2]
        except ValueError:  # such as http://[x
            return self.value(text)
        rest = text[len(parts.scheme) + 3 + len(parts.netloc) :].partition("#")[0]
        return f"{parts.scheme}://{self.host(netloc) if netloc else ''}{self._numbers(rest)}"

    def place(self, pointer: str) -> str:
        """A place in a body or a message: what no member is called that anybody writes down is masked."""
        kind, colon, path = pointer.rpartition(":")
        tokens = (token if _NAME.fullmatch(token) else self.value(token) for token in path.split("/"))
        return kind + colon + self._numbers("/".join(tokens))

    def text(self, text: str, *, members: bool = False) -> str:
        """A text with masks for what it tells; with `members`, quoted names of members stay."""
        if text in self._ids:
            return self._numbers(text)
        text = _URL.sub(lambda found: self.url(found.group()), text)
        text = _MAIL.sub(lambda found: self.value(found.group()), text)
        parts, end = [], 0
        for quoted in _QUOTED.finditer(text):
            parts += [self._bare(text[end : quoted.start()]), self._quoted(quoted, members)]
            end = quoted.end()
        return "".join([*parts, self._bare(text[end:])])

    def _quoted(self, found: re.Match[str], members: bool) -> str:
        inner = found[1] if found[1] is not None else found[3]
        sign = found.group()[0]
        is_name = found[2] is not None or members
        stays = inner in self._ids or _PLAIN.fullmatch(inner) or (is_name and _MEMBER.fullmatch(inner))
        shown = self._numbers(inner) if stays and inner else self.value(inner)
        return f"{sign}{shown}{sign}{found[2] or ''}"

    def _bare(self, text: str) -> str:
        return self._numbers(_HOST.sub(self._of_host, text))

    def _of_host(self, found: re.Match[str]) -> str:
        name = found.group()
        if name in self._ids or name.endswith(_FILES) or _TIME.fullmatch(name):
            return name
        if name.startswith("harness.") or re.fullmatch(r"(request|response|delivery)\.\w+", name):
            return name
        return self.host(name) if not re.fullmatch(r"[:\[\]]*", name) else name

    def _numbers(self, text: str) -> str:
        text = _POSITION.sub(lambda found: self._mask("position", found.group(), "[position {}]"), text)
        return _LONG.sub(lambda found: self._mask("number", re.sub(r"\D", "", found.group()), "[number {}]"), text)

    def _mask(self, kind: str, value: str, form: str) -> str:
        key = (kind, value)
        if key not in self._given:
            self._counts[kind] += 1
            self._given[key] = form.format(self._counts[kind])
        return self._given[key]
