"""A window on a text that goes by: what lies between the present position and what was read, and where that is."""

import json
from collections.abc import Iterator

from harness.feed.scan import SPACE, end_of_value
from harness.feed.source import BLOCK, UnreadableFileError

LARGEST_VALUE = 16 << 20
"""So many bytes may one object have; a Location of a thousand EVSEs has not a tenth of it."""

_INNER_BYTES = bytes(range(0x80, 0xC0))
"""Of a character in UTF-8, all bytes but the first: no characters of their own."""


class Window:
    """Reads `blocks`; drops what was passed, unless `keep` holds it back. Lines and columns count from 1, columns in
    characters."""

    def __init__(self, name: str, blocks: Iterator[bytes]) -> None:
        self.name = name
        self.text = b""
        self.at = 0
        self.keep: int | None = None
        self._blocks = blocks
        self._ended = False
        self._line = 1
        self._column = 1
        self._counted = 0

    @property
    def place(self) -> tuple[int, int]:
        """Line and column of the present position."""
        self._count_to(self.at)
        return self._line, self._column

    def more(self) -> bool:
        """Read on; False at the end. What is held doubles, so that a long value is not scanned over and over."""
        if self._ended:
            return False
        self._drop()
        wanted, read = max(BLOCK, min(len(self.text), LARGEST_VALUE - len(self.text))), [self.text]
        while wanted > 0:
            block = next(self._blocks, b"")
            if not block:
                self._ended = True
                break
            wanted -= len(block)
            read.append(block)
        self.text = b"".join(read)
        return len(read) > 1

    def skip_space(self) -> None:
        """Go on to the next sign that says something."""
        while True:
            found = SPACE.match(self.text, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.text) or not self.more():
                return

    def sign(self) -> bytes:
        """The byte at the present position; empty at the end of the file."""
        if self.at >= len(self.text) and not self.more():
            return b""
        return self.text[self.at : self.at + 1]

    def value(self) -> bytes:
        """The JSON value that begins here, and go behind it. UnreadableFileError where it is none, or has no end."""
        while True:
            end = end_of_value(self.text, self.at, is_all=self._ended)
            if end is not None:
                value = self.text[self.at : end]
                self.at = end
                return value
            if len(self.text) - self.at > LARGEST_VALUE:
                raise self.broken(f"an object of more than {LARGEST_VALUE >> 20} MB begins here")
            if not self.more():
                raise self.broken("no JSON value begins here")

    def rest_of_line(self) -> bytes | None:
        """What stands before the next line feed, and go behind that; None at the end of the file."""
        start = self.at
        while (end := self.text.find(b"\n", start)) < 0:
            if len(self.text) - self.at > LARGEST_VALUE:
                raise self.error(f"a line of more than {LARGEST_VALUE >> 20} MB begins here")
            start, before = len(self.text), self.at
            if not self.more():
                end = len(self.text)
                break
            start -= before - self.at
        if self.at == len(self.text):
            return None
        line = self.text[self.at : end]
        self.at = min(end + 1, len(self.text))
        return line

    def lines_ahead(self, count: int) -> list[bytes]:
        """Up to `count` lines that say something, from the present position; the last may not be whole yet."""
        if self.at >= len(self.text):
            self.more()
        lines = (line.strip() for line in self.text[self.at :].split(b"\n"))
        return [line for line in lines if line][:count]

    def broken(self, what: str) -> UnreadableFileError:
        """The complaint about what stands here: where a JSON reader gets stuck, if it does, else `what`."""
        rest = self.text[self.at : self.at + LARGEST_VALUE].decode("utf-8", "replace")
        try:
            json.JSONDecoder(strict=False).raw_decode(rest)
        except json.JSONDecodeError as error:
            begun = f", in the value that begins at {self._words(self.at)}" if error.pos else ""
            place = self._words(self.at, rest[: error.pos])
            at_the_end = not rest[error.pos :].strip() or error.msg.startswith("Unterminated string")
            if not at_the_end:
                return UnreadableFileError(f"{self.name}: not JSON: {error.msg} at {place}{begun}")
            if self._ended:
                return UnreadableFileError(f"{self.name}: is cut off at {place}{begun}")
        except (RecursionError, ValueError):
            pass
        return self.error(what)

    def error(self, what: str) -> UnreadableFileError:
        """A complaint about the present position."""
        return UnreadableFileError(f"{self.name}: {self._words(self.at)}: {what}")

    def _words(self, at: int, further: str = "") -> str:
        """The place, that lies behind `further` from a position on."""
        self._count_to(at)
        lines = further.count("\n")
        column = len(further) - further.rfind("\n") if lines else self._column + len(further)
        return f"line {self._line + lines}, column {column}"

    def _count_to(self, at: int) -> None:
        passed = self.text[self._counted : at]
        lines = passed.count(b"\n")
        last = passed.rpartition(b"\n")[2] if lines else passed
        self._line += lines
        self._column = (1 if lines else self._column) + len(last.translate(None, _INNER_BYTES))
        self._counted = at

    def _drop(self) -> None:
        passed = self.at if self.keep is None else min(self.keep, self.at)
        if self._counted < passed:
            self._count_to(passed)
        self.text = self.text[passed:]
        self.at -= passed
        self._counted -= passed
        self.keep = None if self.keep is None else self.keep - passed
