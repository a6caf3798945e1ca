"""Every form in which people keep objects is read alike; what cannot be read is told by line and column."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.feed.reading import Feed, Form
from harness.feed.source import BLOCK, UnreadableFileError, blocks
from harness.feed.window import LARGEST_VALUE, Window
from tests.harness.feed.files import kind

ONE, TWO = {"id": "A", "evses": [{"uid": "1"}, {"uid": 'a "quoted" } \\'}]}, {"id": "é", "name": "[x]"}


def feed(raw: bytes, name: str = "x.json", step: int = 7) -> Feed:
    """The bytes as a file that comes in pieces of `step` bytes."""
    return Feed(kind("ndw-locations"), Window(name, (raw[at : at + step] for at in range(0, len(raw), step))))


def objects(given: Feed) -> list[bytes]:
    return [one for chunk in given.chunks() for one in chunk.objects]


def _lines(*values: object, end: bytes = b"\n") -> bytes:
    return end.join(json.dumps(value).encode() for value in values)


LISTED = json.dumps([ONE, TWO]).encode()
ENVELOPE = {"status_code": 1000, "timestamp": "2026-06-01T08:00:05Z"}


@pytest.mark.parametrize(
    ("raw", "form", "pointers", "lines"),
    [
        (LISTED, Form.ARRAY, ["/0", "/1"], [1, 1]),
        (b" \r\n[" + _lines(ONE, TWO, end=b"\n ,\n") + b" ] \n", Form.ARRAY, ["/0", "/1"], [2, 4]),
        (json.dumps([ONE, TWO], indent=2).encode(), Form.ARRAY, ["/0", "/1"], [2, 13]),
        (json.dumps({**ENVELOPE, "data": [ONE, TWO]}).encode(), Form.ENVELOPE, ["/data/0", "/data/1"], [1, 1]),
        (json.dumps({"data": [ONE, TWO], "x": 1}, indent=1).encode(), Form.ENVELOPE, ["/data/0", "/data/1"], [3, 14]),
        (_lines(ONE, TWO), Form.LINES, ["", ""], [1, 2]),
        (_lines(ONE, TWO, end=b"\r\n\r\n") + b"\r\n", Form.LINES, ["", ""], [1, 3]),
        (json.dumps(ONE, indent=1).encode() + json.dumps(TWO, indent=1).encode(), Form.VALUES, ["", ""], [1, 11]),
    ],
)  # fmt: skip
def test_forms_give_the_same_objects(raw: bytes, form: Form, pointers: list[str], lines: list[int]) -> None:
    for step in (1, 7, 1000):
        given = feed(raw, step=step)
        assert [json.loads(one) for one in objects(given)] == [ONE, TWO]
        assert (given.form, list(given.lines)) == (form, lines)
        assert [given.pointer(number) for number in range(2)] == pointers


@pytest.mark.parametrize(
    ("raw", "form", "pointer"),
    [
        (json.dumps(ONE).encode(), Form.VALUES, ""),
        (json.dumps(ONE, indent=3).encode(), Form.VALUES, ""),
        (json.dumps({**ENVELOPE, "data": ONE}).encode(), Form.SINGLE, "/data"),
        (json.dumps({"data": ONE, **ENVELOPE}).encode(), Form.SINGLE, "/data"),
        (json.dumps({**ONE, "status_code": 7, "data": [1]}).encode(), Form.VALUES, ""),
    ],
)
def test_one_object_is_read_too(raw: bytes, form: Form, pointer: str) -> None:
    given = feed(raw)
    (found,) = objects(given)
    assert json.loads(found)["id"] == ONE["id"]
    assert (given.form, given.pointer(0)) == (form, pointer)


@pytest.mark.parametrize("raw", [b"[]", b" [ ] ", b'{"data": [], "status_code": 1000}'])
def test_an_empty_list_has_no_objects(raw: bytes) -> None:
    assert objects(feed(raw)) == []


def test_a_byte_order_mark_comes_with_the_first_object_alone() -> None:
    chunks = list(feed(b"\xef\xbb\xbf" + LISTED).chunks())
    assert [(chunk.marked, len(chunk.objects)) for chunk in chunks] == [(True, 1), (False, 1)]


def test_broken_lines_stay_lines() -> None:
    whole = json.dumps(ONE).encode()
    for raw in (b"\n".join([whole[:-4], whole, whole]), b"\n".join([whole, whole[:-4], b"nonsense", whole])):
        given = feed(raw)
        assert objects(given) == raw.split(b"\n")
        assert given.form is Form.LINES
    named = feed(b"nonsense\n" + whole, name="x.ndjson")
    assert objects(named) == [b"nonsense", whole]
    assert objects(feed(LISTED, name="x.ndjson")) == objects(feed(LISTED)), "the name is a hint, and no more"


def test_deep_and_long_objects_are_read_whole() -> None:
    deep = b"[" * 10_000 + b'"]"' + b"]" * 10_000
    long = json.dumps({"id": "x" * (3 * BLOCK), "y": "]}"}).encode()
    assert objects(feed(b"[" + deep + b"," + long + b"]", step=BLOCK)) == [deep, long]


BEGUN = ", in the value that begins at line 2, column 2"
EXPECTING_COMMA = "Expecting ',' delimiter"
EXPECTING_NAME = "Expecting property name enclosed in double quotes"
BROKEN = [
    (b"", "x.json: is empty"),
    (b"\n \n", "x.json: is empty"),
    (b"<!DOCTYPE html>", "x.json: is HTML or XML"),
    (b"PK\x03\x04", "x.json: is a ZIP archive"),
    (b"\xff\xfe[\x00", "x.json: is UTF-16"),
    (b"hello", "x.json: not JSON: Expecting value at line 1, column 1"),
    (b'[\n {"id": 1},\n]', "x.json: line 3, column 1: a comma before ']' is no JSON"),
    (b'[{"id": 1}\n {"id": 2}]', "x.json: line 2, column 2: expected ',' or ']' after an element"),
    (b'[{"id": 1},\n {"id": "\xc3\xa9, "b": 2}]', f"x.json: not JSON: {EXPECTING_COMMA} at line 2, column 14{BEGUN}"),
    (b'[{"id": 1},\n {"\xc3\xa9": "\xc3\xa9", b: 2', f"x.json: not JSON: {EXPECTING_NAME} at line 2, column 13{BEGUN}"),
    (b'[{"id": 1},\n {"id": 2', f"x.json: is cut off at line 2, column 10{BEGUN}"),
    (b'[{"id": 1},\n {"id": "abc', f"x.json: is cut off at line 2, column 9{BEGUN}"),
    (b'[{"id": 1}', "x.json: line 1, column 11: the file is cut off here, within its list"),
    (b'{"data": [{"id": 1}', "x.json: line 1, column 20: the file is cut off here, within its list"),
    (b'{"data": [{"id": 1}] "x": 1}', "x.json: line 1, column 22: expected ',' or '}' after a member"),
    (b'{"id" 1}', "x.json: not JSON: Expecting ':' delimiter at line 1, column 7"),
    (b'[{"id": 1}]\n[{"id": 2}]', "x.json: line 2, column 1: more follows after the end; give each page"),
    (b'{"status_code": 2001, "timestamp": "x"}', "x.json: is an answer with status_code 2001 and without objects"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "told"), BROKEN)
def test_trouble_is_told_by_line_and_column(raw: bytes, told: str) -> None:
    for step in (1, 1000):
        with pytest.raises(UnreadableFileError) as caught:
            objects(feed(raw, step=step))
        assert str(caught.value).startswith(told)


def test_what_came_before_the_trouble_is_handed_over() -> None:
    chunks = feed(b'[{"id": 1}, {"id": 2} {').chunks()
    assert next(chunks).objects == (b'{"id": 1}', b'{"id": 2}')
    with pytest.raises(UnreadableFileError):
        next(chunks)


@pytest.mark.parametrize(("begin", "what"), [(b'[{"id": "', "object"), (b'{"id": 1}\n{"id": "', "line")])
def test_an_object_without_end_is_given_up(begin: bytes, what: str) -> None:
    def endless() -> Iterator[bytes]:
        yield begin
        for _ in range(2 * LARGEST_VALUE // BLOCK + 4):
            yield b"x" * BLOCK
        raise AssertionError("it was read on and on")

    with pytest.raises(UnreadableFileError, match=f"{what} of more than 16 MB begins here"):
        objects(Feed(kind("ndw-locations"), Window("x.json", endless())))


def test_gzip_is_told_by_its_bytes(tmp_path: Path) -> None:
    two_members = gzip.compress(LISTED[:5]) + gzip.compress(LISTED[5:])
    for number, raw in enumerate((LISTED, gzip.compress(LISTED), two_members)):
        path = tmp_path / f"{number}.json"
        taken: list[int] = []
        path.write_bytes(raw)
        assert b"".join(blocks(str(path), taken.append)) == LISTED
        assert sum(taken) == len(raw)


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (gzip.compress(LISTED, mtime=0)[:-9], "the gzip is broken or cut off"),
        (gzip.compress(LISTED, mtime=0)[:12] + b"\x00\x01\x02\x03" * 9, "the gzip is broken or cut off"),
        (gzip.compress(b" " * (65 * BLOCK), compresslevel=9, mtime=0), "no feed is packed so tightly"),
    ],
)
def test_broken_gzip_and_bombs_are_told(raw: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / "x.json.gz"
    path.write_bytes(raw)
    with pytest.raises(UnreadableFileError, match=told):
        for _block in blocks(str(path)):
            pass
