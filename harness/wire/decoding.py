"""Takes content codings off an answer while it arrives, never more at a time than a small piece of it.

A few bytes can stand for gigabytes. So every layer makes its output piece by piece and only as it is asked for, and
what any of them has made is counted: memory stays flat whatever was packed.
"""

import zlib
from collections.abc import Iterable, Iterator

PIECE = 256 * 1024
MOST_LAYERS = 5
_GZIP_MAGIC = b"\x1f\x8b"
_WINDOWS = {"gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}


class TooLargeError(Exception):
    """More came, or was made of what came, than is read."""


class UndecodableError(Exception):
    """The body is not coded as its Content-Encoding says; the text says how."""


class Decoder:
    """Takes off the codings that `content_encoding` names (RFC 9110 8.4), the last one first.

    gzip and deflate are taken off; a body in a coding that nobody asked for stays as it came. `largest` bounds the
    bytes that come in and those that each layer makes: `TooLargeError`.
    """

    def __init__(self, content_encoding: str, largest: int) -> None:
        names = [name.strip().lower() for name in content_encoding.split(",")]
        names = [name for name in names if name not in ("", "identity")]
        if len(names) > MOST_LAYERS:
            raise UndecodableError(f"{len(names)} codings on top of each other")
        unknown = max((index + 1 for index, name in enumerate(names) if name not in _WINDOWS), default=0)
        self._layers = [_Layer(name, largest) for name in reversed(names[unknown:])]
        self._left = largest

    def parts(self, came: bytes) -> Iterator[bytes]:
        """What these bytes, the next of the body, stand for."""
        self._left -= len(came)
        if self._left < 0:
            raise TooLargeError
        parts: Iterable[bytes] = (came,)
        for layer in self._layers:
            parts = layer.unpacked(parts)
        yield from parts


class _Layer:
    """One coding."""

    def __init__(self, name: str, largest: int) -> None:
        self._name = name
        self._left = largest
        self._head = b""
        self._members = 0
        self._is_over = False
        self._unpacking: zlib._Decompress | None = None

    def unpacked(self, parts: Iterable[bytes]) -> Iterator[bytes]:
        """What these parts, the next of the layer, stand for: piece by piece, and none before it is asked for."""
        for part in parts:
            yield from self._pieces(part)

    def _pieces(self, packed: bytes) -> Iterator[bytes]:
        while True:
            if self._unpacking is None or self._unpacking.eof:
                packed = self._begun(packed)
            if self._unpacking is None or self._unpacking.eof:
                return
            try:
                piece = self._unpacking.decompress(packed, PIECE)
            except zlib.error as error:
                raise UndecodableError(f"{self._name}: {error}") from None
            self._left -= len(piece)
            if self._left < 0:
                raise TooLargeError
            if piece:
                yield piece
            packed = self._unpacking.unused_data if self._unpacking.eof else self._unpacking.unconsumed_tail
            if not packed and len(piece) < PIECE:
                return

    def _begun(self, packed: bytes) -> bytes:
        """What the next member begins with, once two bytes of it are there. What follows the last one is dropped."""
        self._head += b"" if self._is_over else packed
        if len(self._head) < 2:
            return b""
        head, self._head = self._head, b""
        if self._members and not (head.startswith(_GZIP_MAGIC) and self._name != "deflate"):
            self._is_over = True
            return b""
        self._members += 1
        framed = self._name != "deflate" or (head[0] & 15 == 8 and int.from_bytes(head[:2], "big") % 31 == 0)
        self._unpacking = zlib.decompressobj(_WINDOWS[self._name] if framed else -zlib.MAX_WBITS)
        return head
