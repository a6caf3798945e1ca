"""Hostile subjects: whatever they do, a check of them ends inside its limits, with a verdict or with exit code 3."""

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest

from tests.harness.run.checked import checked, reference
from tests.harness.run.hostile_server import CHUNK, HEAD, Deed, Hostile, answered, saying, without_end

CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
FIELD = b"A: b\r\n"
BOMB = gzip.compress(bytes(20_000_000), mtime=0)
BOMB_IN_A_BOMB = gzip.compress(gzip.compress(bytes(200_000_000), compresslevel=1))
LIMITS = ("limit.body_mb=1", "limit.answer_s=1", "pull.page_timeout_s=1")

TOO_LARGE, TOO_SLOW = "has more than 1 MB", "was not over after 1 s"
HEAD_TOO_LARGE = "the head of the answer has more than 100 kB"

NO_ANSWERS: dict[str, tuple[Deed, str]] = {
    "a gigabyte": (without_end(CHUNK, HEAD + b"Content-Length: 1000000000\r\n\r\n"), TOO_LARGE),
    "chunks without end": (without_end(b"10000\r\n" + CHUNK + b"\r\n", CHUNKED), TOO_LARGE),
    "a body until the connection ends": (without_end(CHUNK, HEAD + b"\r\n"), TOO_LARGE),
    "a gzip bomb": (answered(BOMB, b"Content-Encoding: gzip"), TOO_LARGE),
    "a bomb in a bomb": (answered(BOMB_IN_A_BOMB, b"Content-Encoding: gzip, gzip"), TOO_LARGE),
    "a deflate bomb": (answered(zlib.compress(bytes(20_000_000)), b"Content-Encoding: deflate"), TOO_LARGE),
    "a thousand codings": (answered(BOMB, b"Content-Encoding: " + b"gzip," * 1000), "1000 codings on top of each"),
    "no gzip": (answered(b"plain", b"Content-Encoding: gzip"), "not what its Content-Encoding says"),
    "a byte at a time": (without_end(b"x", HEAD + b"\r\n", 0.05), TOO_SLOW),
    "a head, a byte at a time": (without_end(b"x", HEAD, 0.05), TOO_SLOW),
    "100 Continue without end": (without_end(b"HTTP/1.1 100 Continue\r\n\r\n", b"", 0.001), TOO_SLOW),
    "103 Early Hints without end": (without_end(b"HTTP/1.1 103 Early\r\nLink: <a>\r\n\r\n", b"", 0.001), TOO_SLOW),
    "100,000 header fields": (saying(HEAD, FIELD * 100_000, b"Content-Length: 2\r\n\r\n{}"), HEAD_TOO_LARGE),
    "one header field of 10 MB": (saying(HEAD + b"A: ", b"b" * 10_000_000, b"\r\n\r\n{}"), HEAD_TOO_LARGE),
    "a head without end": (without_end(FIELD * 1_000, HEAD), HEAD_TOO_LARGE),
    "trailers without end": (without_end(FIELD * 1_000, CHUNKED + b"2\r\n{}\r\n0\r\n"), HEAD_TOO_LARGE),
    "no HTTP at all": (saying(b"<html>hello</html>\r\n\r\n"), "HTTP"),
    "an unasked upgrade": (saying(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nabc"), "not an HTTP answer"),
    "less than its Content-Length": (
        saying(HEAD + b"Content-Length: 30\r\n\r\n{}"),
        "without sending complete message",
    ),
    "two Content-Lengths": (saying(HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"), "conflicting"),
    "a connection that ends at once": (saying(), "ended without an answer"),
    "a redirect to nowhere": (answered(b"", b"Location: http://[bad:port", status=b"302 Found"), "302"),
    "redirects without end": (answered(b"", b"Location: /again", status=b"302 Found"), "redirected"),
}


@pytest.mark.parametrize("kind", NO_ANSWERS)
def test_what_is_no_answer_ends_with_3_and_says_what_came(kind: str, tmp_path: Path) -> None:
    deed, detail = NO_ANSWERS[kind]
    server, begun = Hostile({"*": deed}), monotonic()
    with server.listening() as origin:
        ended = checked(origin, tmp_path, *LIMITS)
    assert ended.code == 3
    assert detail in ended.ended_by
    assert not ended.ids("failed") | ended.ids("cannot_tell") | ended.ids("passed")
    assert server.asked < 10
    assert monotonic() - begun < 20  # many times what it takes; without a limit it would be for ever


@pytest.mark.parametrize("kind", ["a gigabyte", "a bomb in a bomb", "100,000 header fields"])
def test_a_list_that_is_too_much_is_left_alone_and_the_rest_is_judged(kind: str, tmp_path: Path) -> None:
    deed, detail = NO_ANSWERS[kind]
    with Hostile({"/tariffs": deed}, app=reference()).listening() as origin:
        ended = checked(origin, tmp_path, *LIMITS)
    assert ended.code == 3
    assert ended.ended_by.startswith("getTariffs answered 2 times in a row with what is not taken (")
    assert ended.ended_by.endswith(f"{detail}) and is not asked any more")
    assert {"envelope-is-timestamped", "location-ids-are-unique", "crawl-comes-to-an-end"} <= ended.ids("passed")
    assert {"tariff-list-is-served", "tariff-ids-are-unique"} <= ended.ids("untested")
    assert any(detail in reason for reason in ended.reasons("untested"))
    assert ended.ids("failed") | ended.ids("cannot_tell") == set()


def test_where_one_list_breaks_off_the_check_ends_and_keeps_what_it_saw(tmp_path: Path) -> None:
    deed, detail = NO_ANSWERS["less than its Content-Length"]
    with Hostile({"/tariffs": deed}, app=reference()).listening() as origin:
        ended = checked(origin, tmp_path, *LIMITS)
    assert ended.code == 3
    assert ended.ended_by.startswith("the subject stopped answering at 2026-06-01T08:00:")
    assert detail in ended.ended_by
    assert "envelope-is-timestamped" in ended.ids("passed")
    assert "tariff-list-is-served" in ended.ids("untested")
    assert any(detail in reason for reason in ended.reasons("untested"))
    assert "crawl-comes-to-an-end" in ended.ids("cannot_tell")
    assert ended.ids("failed") == set()


SPOILT: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "a byte order mark": (lambda body: b"\xef\xbb\xbf" + body, "answers-are-strict-json"),
    "NaN": (lambda body: body[:-1] + b',"x":NaN}', "answers-are-strict-json"),
    "a key twice": (lambda body: body[:-1] + b',"status_code":1000}', "members-are-named-once"),
    "invalid UTF-8": (lambda body: body[:-1] + b',"x":"\xff"}', "answers-are-strict-json"),
    "JSON 10,000 deep": (
        lambda body: body[:-1] + b',"x":%s%s}' % (b"[" * 10_000, b"]" * 10_000),
        "answers-are-strict-json",
    ),
    "a number of 5,000 digits": (lambda body: body[:-1] + b',"x":%s}' % (b"9" * 5_000), "answers-are-strict-json"),
}


@pytest.mark.parametrize("kind", SPOILT)
def test_a_body_that_no_strict_reader_takes_is_a_verdict(kind: str, tmp_path: Path) -> None:
    spoil, clause = SPOILT[kind]
    with Hostile(app=reference(), spoilt={"/locations": spoil}).listening() as origin:
        ended = checked(origin, tmp_path, only=("*/answers-are-strict-json", "*/members-are-named-once"))
    assert ended.code in (0, 1)
    assert clause in ended.ids("failed")
    assert ended.ids("cannot_tell") == set()


def test_json_that_is_deep_and_can_be_read_breaks_nothing_of_ours(tmp_path: Path) -> None:
    deep = b'"data":[{"x":%s%s,' % (b"[" * 900, b"]" * 900)
    spoil = {"/locations": lambda body: body.replace(b'"data":[{', deep, 1)}
    with Hostile(app=reference(), spoilt=spoil).listening() as origin:
        ended = checked(origin, tmp_path)
    assert ended.code in (0, 1)
    assert ended.ids("cannot_tell") == set()
