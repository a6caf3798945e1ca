"""What is wrong with the text of an object is told of that object, with its line, and the others are judged."""

import json

from harness.feed.assessment import Assessment
from harness.systems.ndw.payloads import bulk_locations
from tests.harness.feed.files import GivenBytes, assessed_files, clauses, kind
from tests.proofs.conversation import START

STRICT = "ocpi-2.2.1/answers-are-strict-json"
LOCATIONS = [json.dumps(one, ensure_ascii=False).encode() for one in bulk_locations(6, 1, ("NL", "XPO"), START)]


def assessed(raw: bytes, name: str = "x.json") -> Assessment:
    """The bytes as a whole list of locations, judged by all clauses."""
    return assessed_files([GivenBytes(kind("ndw-locations"), name, raw)], [one.id for one in clauses()])


def told(found: Assessment, requirement: str = STRICT) -> list[tuple[str, str, str]]:
    return [
        (problem.exchange, problem.where, problem.actual)
        for verdict in found.verdicts
        if verdict.requirement == requirement
        for problem in verdict.problems
    ]


def _with(number: int, old: bytes, new: bytes) -> list[bytes]:
    changed = LOCATIONS[number].replace(old, new, 1)
    assert changed != LOCATIONS[number]
    return [*LOCATIONS[:number], changed, *LOCATIONS[number + 1 :]]


def test_faults_are_told_of_the_object_that_has_them() -> None:
    as_array = b"[\n" + b",\n".join(_with(2, b'"publish": true', b'"publish": NaN')) + b"]"
    assert told(assessed(as_array)) == [("x.json:4", "response.body:/2", "NaN is not JSON")]
    as_lines = b"\n".join(_with(4, b"Nederland", b"Nederl\xe9nd"))
    (found,) = told(assessed(as_lines))
    assert found[:2] == ("x.json:5", "response.body:")
    assert found[2] == f"not UTF-8 at byte {as_lines.split(bytes([10]))[4].index(bytes([0xE9]))}"


def test_a_byte_order_mark_is_told_of_the_first_object() -> None:
    assert told(assessed(b"\xef\xbb\xbf[" + b",".join(LOCATIONS) + b"]")) == [
        ("x.json:1", "response.body:/0", "starts with a byte order mark")
    ]


def test_a_broken_line_is_a_finding_and_the_others_are_judged() -> None:
    lines = [LOCATIONS[0], LOCATIONS[1][:-1], LOCATIONS[2], b"{} {}", *_with(3, b'"opening_times"', b'"x"')[3:]]
    found = assessed(b"\n".join(lines), "x.ndjson")
    column = len(LOCATIONS[1])
    assert told(found) == [
        ("x.ndjson:2", "response.body:", f"Expecting ',' delimiter at line 2, column {column}"),
        ("x.ndjson:4", "response.body:", "Extra data at line 4, column 4"),
    ]
    assert [one[:2] for one in told(found, "ndw/locations-have-opening-times")] == [
        ("x.ndjson:5", "response.body:/opening_times")
    ]
    assert found.objects == {("ndw-locations", "NL/XPO"): 5}


def test_two_broken_lines_make_no_sound_one() -> None:
    begin, end = b'{"id": "A", "evses": [{"uid": "1"}', b'{"uid": "2"}]}'
    assert json.loads(begin + b"," + end)
    assert [one[0] for one in told(assessed(b"\n".join([LOCATIONS[0], begin, end, LOCATIONS[1]]), "x.ndjson"))] == [
        "x.ndjson:2",
        "x.ndjson:3",
    ]


def test_values_that_are_no_objects_are_told_in_their_place() -> None:
    found = assessed(b"[" + LOCATIONS[0] + b',\n7, "x", null, [1]]')
    places = [(problem.exchange, problem.where) for one in found.verdicts for problem in one.problems]
    assert {f"response.body:/{number}" for number in range(1, 5)} == {where for _exchange, where in places}
    assert {exchange for exchange, _where in places} == {"x.json:2"}


def test_an_object_too_deep_to_read_is_a_finding() -> None:
    deep = b'{"id": ' + b"[" * 10_000 + b"]" * 10_000 + b"}"
    (found,) = told(assessed(b"[" + LOCATIONS[0] + b",\n" + deep + b"]"))
    assert found == ("x.json:2", "response.body:/1", "nested too deeply to read")
