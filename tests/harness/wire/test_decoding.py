"""Content codings come off whatever the pieces that arrive, and never more is made than is asked for."""

import gzip
import zlib
from random import Random

import pytest

from harness.wire.decoding import PIECE, Decoder, TooLargeError, UndecodableError

TEXT = b'{"a":"%s"}' % (b"\xc3\xa9 " * 700)
NOISE = Random(1).randbytes(2_000)
LONG = bytes(2 * PIECE)


def bare(body: bytes) -> bytes:
    """Deflate without the frame of RFC 1950."""
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packing.compress(body) + packing.flush()


def decoded(coding: str, packed: bytes, size: int, largest: int = 10_000_000) -> bytes:
    decoder = Decoder(coding, largest)
    arrives = (packed[at : at + size] for at in range(0, len(packed), size))
    return b"".join(part for came in arrives for part in decoder.parts(came))


@pytest.mark.parametrize("body", [b"", b"{}", TEXT, NOISE, LONG], ids=["empty", "short", "text", "noise", "long"])
@pytest.mark.parametrize("size", [1, 2, 7, 65_536])
def test_every_coding_comes_off_in_pieces_of_any_size(body: bytes, size: int) -> None:
    for coding, packed in (
        ("", body),
        ("identity", body),
        ("gzip", gzip.compress(body)),
        ("X-GZIP ,", gzip.compress(body)),
        ("deflate", zlib.compress(body)),
        ("deflate", bare(body)),
        ("gzip, deflate", zlib.compress(gzip.compress(body))),
    ):
        assert decoded(coding, packed, size) == body, coding


def test_several_gzip_members_are_one_body_and_what_follows_them_is_dropped() -> None:
    for size in (1, 1_000):
        assert decoded("gzip", gzip.compress(b"one ") + gzip.compress(b"two"), size) == b"one two"
        assert decoded("gzip", gzip.compress(b"one") + bytes(100), size) == b"one"
        assert decoded("deflate", zlib.compress(b"one") + b"\x1f\x8bmore", size) == b"one"


def test_what_nobody_asked_for_stays_as_it_came() -> None:
    assert decoded("br", NOISE, 10) == NOISE
    assert decoded("gzip, br", NOISE, 10) == NOISE
    assert decoded("br, gzip", gzip.compress(NOISE), 10) == NOISE


@pytest.mark.parametrize("coding", ["gzip", "deflate", "gzip, deflate"])
def test_what_is_not_coded_as_it_says_is_told(coding: str) -> None:
    with pytest.raises(UndecodableError, match=coding.rpartition(" ")[2]):
        decoded(coding, b"plainly not", 5)


def test_too_many_codings_are_not_even_begun() -> None:
    with pytest.raises(UndecodableError, match="6 codings"):
        Decoder(", ".join(["gzip"] * 6), 10)


def test_exactly_as_much_as_may_be_is_read_and_not_a_byte_more() -> None:
    packed = gzip.compress(LONG)
    assert decoded("gzip", packed, 100, len(LONG)) == LONG
    for coding, came in (("gzip", packed), ("", LONG), ("br", LONG)):
        with pytest.raises(TooLargeError):
            decoded(coding, came, 100, len(LONG) - 1)


def test_a_layer_that_nothing_comes_of_counts_too() -> None:
    """A gigabyte within, of which the outer layers make nothing: a gzip header that does not end."""
    inner = b"\x1f\x8b\x08\x08" + bytes(6) + b"x" * 5_000_000
    with pytest.raises(TooLargeError):
        decoded("gzip, gzip", gzip.compress(inner), 65_536, 1_000_000)


def test_no_piece_is_large_whatever_is_packed_in_it() -> None:
    parts = Decoder("gzip, gzip", 10**9).parts(gzip.compress(gzip.compress(bytes(20_000_000))))
    assert max(len(next(parts)) for _ in range(20)) <= PIECE
