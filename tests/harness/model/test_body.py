"""Bodies: what a strict reader finds, what a tolerant one makes of the rest, and that nothing breaks either."""

import json
import math
from typing import Any

import pytest

from harness.model.body import Body
from harness.model.pointer import MISSING


@pytest.mark.parametrize("value", [{}, [], None, False, 0, "", {"a": [1, 2.5, "é", "😀"]}])
def test_strict_json_has_its_value_and_no_faults(value: Any) -> None:
    body = Body(json.dumps(value, ensure_ascii=False).encode())
    assert body.value == value
    assert body.faults == ()
    assert body.is_json


@pytest.mark.parametrize(
    ("raw", "value", "fault"),
    [
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}, "starts with a byte order mark"),
        (b'{"a": "caf\xe9"}', {"a": "caf�"}, "not UTF-8 at byte 10"),
        (b'{"a": "\xed\xa0\x80"}', {"a": "���"}, "not UTF-8 at byte 7"),
        (b'{"a": 1, "b": 2, "a": 3}', {"a": 3, "b": 2}, "duplicate key 'a'"),
        (b'[{"x": {"y": 1, "y": 1}}]', [{"x": {"y": 1}}], "duplicate key 'y'"),
        (b"Infinity", math.inf, "Infinity is not JSON"),
        (b"[-Infinity]", [-math.inf], "-Infinity is not JSON"),
        (b'{"a": "\\ud800"}', {"a": "�"}, "holds half a surrogate pair"),
        (b'{"a": "\\uDE00\\uD83D"}', {"a": "��"}, "holds half a surrogate pair"),
    ],
)
def test_a_tolerant_reader_finds_a_value_and_the_fault_is_named(raw: bytes, value: Any, fault: str) -> None:
    body = Body(raw)
    assert body.value == value
    assert body.faults == (fault,)


def test_nan_is_read_and_named() -> None:
    body = Body(b'{"price": NaN}')
    assert math.isnan(body.at("/price"))
    assert body.faults == ("NaN is not JSON",)


@pytest.mark.parametrize("raw", [rb'"\ud83d\ude00"', rb'"\\ud800"', rb'"\uD83D\uDE00 \\\\uDE00"'])
def test_whole_pairs_and_escaped_backslashes_are_no_half_pairs(raw: bytes) -> None:
    assert Body(raw).faults == ()
    assert Body(raw).value == json.loads(raw)


def test_every_string_of_a_body_can_be_written_again() -> None:
    body = Body(rb'{"a\udfff": ["\ud800x"]}')
    assert json.loads(json.dumps(body.value, ensure_ascii=False).encode()) == {"a�": ["�x"]}


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b'{"a": 1,}', "line 1, column"),
        (b'{"a":\n "x\x01"}', "control character"),
        (b'{"a": 1} {}', "Extra data"),
        (b"{'a': 1}", "line 1, column 2"),
        (b'{"a": 01}', "line 1"),
        (b"<html></html>", "line 1, column 1"),
        (b"[" * 10_000 + b"]" * 10_000, "nested too deeply"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "nested too deeply"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "number too long"),
        ('{"a": 1}'.encode("utf-16"), "not UTF-8"),
    ],
)
def test_what_no_reader_understands_is_missing_and_says_why(raw: bytes, fault: str) -> None:
    body = Body(raw)
    assert body.value is MISSING
    assert not body.is_json
    assert fault in " ".join(body.faults)
    assert body.at("/a") is MISSING


def test_each_fault_is_named_once() -> None:
    assert Body(b"[NaN, NaN, Infinity]").faults == ("NaN is not JSON", "Infinity is not JSON")
