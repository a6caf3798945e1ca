"""The record: what is read again is what was judged, whatever came over the wire and however the run ended."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from harness.model.body import Body
from harness.model.credential import Credential
from harness.model.exchange import Failure, Headers, HttpExchange, HttpRequest, HttpResponse
from harness.model.verdict import Problem
from harness.model.world import VirtualClock
from harness.report.record import LARGEST_INLINE, Recorder, UnreadableRecordError, exchange_of, moment, read

NOW = datetime(2026, 6, 1, 8, 0, 5, 123_456, tzinfo=UTC)
CREDENTIAL = Credential(1, "Token", "base64", 24, "cut short", "header:authorization")


def exchange(body: bytes = b"{}", *, answered: bool = True, id: str = "e1", **options: Any) -> HttpExchange:  # noqa: A002
    response = HttpResponse(206, Headers.of([("Link", "<a>"), ("link", " b\xe9 ")]), Body(body), "Some of it")
    request = HttpRequest("PUT", "https://h/x?é=1", Headers.of([("A", "1")]), Body(b"\xff"), CREDENTIAL)
    return HttpExchange(id, "acme/talk", "list", request, response if answered else None, NOW, NOW, **options)


def recorded(folder: Path, *exchanges: HttpExchange) -> list[HttpExchange]:
    with Recorder(folder, VirtualClock(NOW)) as recorder:
        recorder.begin({"run": "7c1e"})
        for one in exchanges:
            recorder.exchange(one)
    return [exchange_of(entry, folder) for entry in read(folder) if entry.get("kind") == "exchange"]


ODD_BODIES = [
    b"",
    b'{"a": "\xc3\xa9 \xf0\x9f\x98\x80 \\ud800"}',
    b"\xff\xfe not UTF-8",
    b"\xed\xa0\x80",
    b"\x00\r\n\x0b\x0c\x1c\x1d\x1e\x85",
    "line\u2028separator\u2029\x7f".encode(),
    b"\xef\xbb\xbf{}",
    bytes(range(256)) * 256,
    b"x" * LARGEST_INLINE,
    b"x" * (LARGEST_INLINE + 1),
    b"\xff" * (LARGEST_INLINE + 1),
]


@pytest.mark.parametrize("body", ODD_BODIES, ids=[f"{len(body)} bytes, {body[:8]!r}" for body in ODD_BODIES])
def test_evidence_is_read_as_it_was_judged(tmp_path: Path, body: bytes) -> None:
    written = exchange(body, tags=frozenset({"probe", "page"}), attempts=2)
    assert recorded(tmp_path, written) == [written]


@pytest.mark.parametrize(
    "written",
    [
        exchange(answered=False, failure=Failure("tls", "certificate not trusted: é")),
        HttpExchange("e", "s", None, HttpRequest("GET", "http://h/\udcff", Headers()), None, NOW, NOW),
        exchange(),
    ],
)
def test_exchanges_without_an_answer_operation_or_credential_are_read_too(
    tmp_path: Path, written: HttpExchange
) -> None:
    assert recorded(tmp_path, written) == [written]


def test_a_large_body_lies_once_compressed_and_apart(tmp_path: Path) -> None:
    large = json.dumps([{"id": number} for number in range(20_000)]).encode()
    first, second, third = recorded(tmp_path, exchange(large), exchange(large, id="e2"), exchange(b"y" * 70_000))
    assert first.response == second.response
    assert third.response is not None
    files = list((tmp_path / "bodies").iterdir())
    assert len(files) == 2
    assert all(file.stat().st_size < 70_000 for file in files)
    assert (tmp_path / "run.jsonl").stat().st_size < 5_000


def test_small_bodies_make_no_folder(tmp_path: Path) -> None:
    recorded(tmp_path, exchange())
    assert [file.name for file in tmp_path.iterdir()] == ["run.jsonl"]


def test_every_line_is_there_as_soon_as_it_happened(tmp_path: Path) -> None:
    with Recorder(tmp_path, VirtualClock(NOW)) as recorder:
        recorder.begin({})
        recorder.exchange(exchange())
        assert [entry.get("kind") for entry in read(tmp_path)] == [None, "exchange"]


def test_lines_are_numbered_and_dated(tmp_path: Path) -> None:
    clock = VirtualClock(NOW)
    with Recorder(tmp_path / "deep" / "folder", clock) as recorder:
        recorder.begin({"run": "7c1e"})
        clock.advance(1)
        recorder.note("situation", name="acme/talk")
        recorder.problem("acme/x", "NL/ABC", Problem("response.status", "200", "500", object={"site": "1"}))
    first, second, third = read(tmp_path / "deep" / "folder")
    assert (first["record"], first["run"], first["n"], first["at"]) == (
        *("harness-run/1", "7c1e", 0, "2026-06-01T08:00:05.123456Z"),
    )
    assert (second["kind"], second["n"], second["at"]) == ("situation", 1, "2026-06-01T08:00:06.123456Z")
    assert (third["requirement"], third["party"], third["problem"]["object"]) == ("acme/x", "NL/ABC", {"site": "1"})


def test_half_a_surrogate_pair_in_a_problem_breaks_no_record(tmp_path: Path) -> None:
    with Recorder(tmp_path, VirtualClock(NOW)) as recorder:
        recorder.begin({})
        recorder.problem("acme/x", None, Problem("response.body:/\ud800", "text", "\udfff"))
        recorder.note("end")
    entries = list(read(tmp_path))
    assert entries[1]["problem"]["where"] == "response.body:/\ud800"
    assert entries[2]["kind"] == "end"


def test_wherever_a_kill_cuts_the_last_line_the_rest_is_read(tmp_path: Path) -> None:
    recorded(tmp_path, exchange(), exchange("é😀".encode(), id="e2"))
    file = tmp_path / "run.jsonl"
    whole = file.read_bytes()
    start_of_last = whole[:-1].rindex(b"\n") + 1
    for end in range(start_of_last, len(whole) - 1):
        file.write_bytes(whole[:end])
        assert [entry["n"] for entry in read(tmp_path)] == [0, 1]


def test_a_broken_line_in_the_middle_is_told_with_its_number(tmp_path: Path) -> None:
    (tmp_path / "run.jsonl").write_bytes(b'{"record": "harness-run/1"}\n{"kind": \n{"kind": "end"}\n')
    with pytest.raises(UnreadableRecordError, match="line 2"):
        list(read(tmp_path))


@pytest.mark.parametrize(
    ("first", "hint"),
    [
        (b'{"record": "harness-run/2"}', "harness-run/2: this version reads harness-run/1"),
        (b'{"record": "harness-run/10"}', "harness-run/10: this version reads harness-run/1"),
        (b'{"record": "other/1"}', "this version reads harness-run/1"),
        (b'{"record": null}', "this version reads harness-run/1"),
        (b"{}", "this version reads harness-run/1"),
        (b"[]", "line 1"),
        (b"7", "line 1"),
    ],
)
def test_a_newer_record_or_none_is_refused_in_one_line(tmp_path: Path, first: bytes, hint: str) -> None:
    (tmp_path / "run.jsonl").write_bytes(first + b"\n")
    with pytest.raises(UnreadableRecordError, match=hint) as refused:
        list(read(tmp_path))
    assert "\n" not in str(refused.value)


def test_members_and_kinds_that_are_unknown_are_handed_on(tmp_path: Path) -> None:
    lines = b'{"record": "harness-run/1", "new": 1}\n{"kind": "weather", "n": 1}\n'
    (tmp_path / "run.jsonl").write_bytes(lines)
    assert [entry.get("kind") for entry in read(tmp_path)] == [None, "weather"]


@pytest.mark.parametrize("instant", [NOW, NOW.replace(microsecond=0), NOW + timedelta(days=1)])
def test_a_moment_is_read_as_the_same_instant(instant: datetime) -> None:
    assert moment(instant).endswith("Z")
    assert datetime.fromisoformat(moment(instant)) == instant
