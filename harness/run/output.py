"""What a program writes, read all the time so that it never waits for us, and kept within bounds."""

import os
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import IO, Literal

from harness.model.exchange import OutputLine

Stream = Literal["stdout", "stderr"]
Read = Callable[[Stream, str], OutputLine]
"""Makes evidence of a line: takes the secrets out of it."""

LAST = 20
"""Lines that are remembered for an error message."""
MOST_LINES = 10_000
MOST_BYTES = 4 * 1024 * 1024
"""Between two asks; what comes beyond is counted and forgotten."""
LONGEST = 10_000
"""Characters of a line that are shown."""
_SEARCHED = 65_536
"""Bytes of a line that are searched for secrets; what comes after them is forgotten."""


class Output:
    """The lines of one program, over all the streams that are read here. Its threads end with the streams."""

    def __init__(self, over: Callable[[], None]) -> None:
        self._over = over
        self._lock = threading.Lock()
        self._lines: list[tuple[Stream, bytes]] = []
        self._last: deque[tuple[Stream, bytes]] = deque(maxlen=LAST)
        self._size = 0
        self._forgotten = 0
        self._open = 0

    def follow(self, streams: dict[Stream, IO[bytes]]) -> None:
        """Read these streams to their ends; then `over` is called, from another thread."""
        self._open = len(streams)
        for name, stream in streams.items():
            threading.Thread(target=self._follow, args=(name, stream), daemon=True).start()

    def taken(self, read: Read) -> list[OutputLine]:
        """The lines since this was asked last, and how many were too many."""
        with self._lock:
            lines, self._lines, self._size = self._lines, [], 0
            forgotten, self._forgotten = self._forgotten, 0
        found = [_shown(read, *one) for one in lines]
        if forgotten:
            found.append(OutputLine("stderr", f"(the harness left out {forgotten} more lines: too many at once)"))
        return found

    def last(self, read: Read) -> list[str]:
        """The last lines of all."""
        with self._lock:
            lines = list(self._last)
        return [_shown(read, *one).text for one in lines]

    def _follow(self, name: Stream, stream: IO[bytes]) -> None:
        begun, is_cut = bytearray(), False
        with stream:
            while piece := _next(stream.fileno()):
                *whole, rest = piece.split(b"\n")
                for part in whole:
                    self._add(name, bytes(begun) if is_cut else bytes(begun) + part)
                    begun.clear()
                    is_cut = False
                if not is_cut:
                    begun += rest
                    is_cut = len(begun) >= _SEARCHED
        if begun:
            self._add(name, bytes(begun))
        with self._lock:
            self._open -= 1
            is_over = not self._open
        if is_over:
            self._over()

    def _add(self, name: Stream, line: bytes) -> None:
        line = line[:_SEARCHED].removesuffix(b"\r")
        with self._lock:
            self._last.append((name, line))
            if len(self._lines) >= MOST_LINES or self._size + len(line) > MOST_BYTES:
                self._forgotten += 1
                return
            self._lines.append((name, line))
            self._size += len(line)


def _next(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65_536)
    except OSError:
        return b""


def _shown(read: Read, name: Stream, line: bytes) -> OutputLine:
    """Searched as a whole, and only then cut: half a secret would be found by nobody."""
    found = read(name, line.decode("utf-8", "replace"))
    return found if len(found.text) <= LONGEST else replace(found, text=f"{found.text[:LONGEST]}…")
