"""The bytes of a file, unpacked where they are gzip, block by block: memory stays flat, whatever the file holds."""

import gzip
import io
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

STDIN = "-"
BLOCK = 1 << 20
LARGEST_RATIO = 200
"""No feed is packed any tighter; beyond the first blocks, what unpacks to more is a trap."""

_GZIP = b"\x1f\x8b"
_FREE_OF_RATIO = 64 * BLOCK


class UnreadableFileError(Exception):
    """The file, or the rest of it, cannot be read: what was seen, where, and what to do."""


def blocks(path: str, on_bytes: Callable[[int], object] = lambda _count: None) -> Iterator[bytes]:
    """The content of a file, or of stdin for ``-``; gzip is told by its first bytes, not by the name.

    `on_bytes` hears how many bytes of the file itself were taken since it was last called. FileNotFoundError where
    there is no such file; UnreadableFileError where it is not handed over, or the gzip in it is broken or a trap.
    """
    if path == STDIN:
        yield from _unpacked(sys.stdin.buffer, "stdin", on_bytes)
        return
    with Path(path).open("rb") as file:
        yield from _unpacked(file, path, on_bytes)


def _unpacked(file: BinaryIO, name: str, on_bytes: Callable[[int], object]) -> Iterator[bytes]:
    try:
        head = file.read(len(_GZIP))
        raw = _Tapped(head, file, on_bytes)
        if head != _GZIP:
            while block := raw.read(BLOCK):
                yield block
            return
        unpacked = 0
        with gzip.GzipFile(fileobj=io.BufferedReader(raw, BLOCK), mode="rb") as packed:
            while block := packed.read(BLOCK):
                unpacked += len(block)
                if unpacked > max(_FREE_OF_RATIO, LARGEST_RATIO * raw.taken):
                    told = f"{raw.taken} bytes of gzip unpack to {unpacked} and more; no feed is packed so tightly"
                    raise UnreadableFileError(f"{name}: {told}; unpack it yourself if it is one")
                yield block
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise UnreadableFileError(f"{name}: the gzip is broken or cut off ({error}); fetch the file again") from None
    except FileNotFoundError:
        raise
    except OSError as error:
        raise UnreadableFileError(f"{name}: cannot be read ({error.strerror or error}); check it") from None


class _Tapped(io.RawIOBase):
    """A file whose first bytes were read already, and that tells how far it was read."""

    def __init__(self, head: bytes, file: BinaryIO, on_bytes: Callable[[int], object]) -> None:
        self._head = head
        self._file = file
        self._on_bytes = on_bytes
        self.taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        block = self._head or self._file.read(len(buffer))
        self._head = b""
        buffer[: len(block)] = block
        self.taken += len(block)
        self._on_bytes(len(block))
        return len(block)
