"""What a finding is known by: it survives another order, another exchange, a rename; nothing else is taken for it."""

from typing import Any

import pytest

from harness.report.identity import Identities, Identity, without_positions

NAMES = frozenset({"location", "evse"})
PROBLEM = {
    "where": "response.body:/data/3/images/0/url",
    "inside": "/images/0/url",
    "object": {"party": "NL/ABC", "location": "LOC-1"},
    "exchange": "e1",
    "expected": "a URL",
    "actual": "3",
}


def known_by(problem: dict[str, Any], party: str | None = "NL/ABC", requirement: str = "acme/clause") -> Identity:
    identities = Identities(NAMES, {"acme/old-clause": "acme/clause"})
    identities.saw("e1", "list", 200)
    identities.saw("e2", "list", 206)
    identities.saw("e3", "list", 500)
    identities.saw("e4", "get", 200)
    identities.saw("e5", None, None)
    return identities.of(requirement, party, problem)


@pytest.mark.parametrize(
    "other",
    [
        {"where": "response.body:/data/77/images/0/url"},
        {"inside": "/images/4/url"},
        {"exchange": "e3"},
        {"exchange": "unheard of"},
        {"expected": "another", "actual": "5"},
        {"situation": "acme/talk"},
        {"object": {"location": "LOC-1", "party": "NL/ABC"}},
        {"object": {**PROBLEM["object"], "location_name": "by the river"}},  # type: ignore[dict-item]
    ],
)
def test_the_same_object_and_place_is_the_same_finding(other: dict[str, Any]) -> None:
    assert known_by({**PROBLEM, **other}) == known_by(PROBLEM)


@pytest.mark.parametrize(
    "other",
    [
        {"inside": "/images/0/type"},
        {"inside": ""},
        {"object": {"party": "NL/ABC", "location": "LOC-2"}},
        {"object": {**PROBLEM["object"], "evse": "1"}},  # type: ignore[dict-item]
    ],
)
def test_another_object_or_place_is_another_finding(other: dict[str, Any]) -> None:
    assert known_by({**PROBLEM, **other}) != known_by(PROBLEM)


def test_party_and_requirement_tell_findings_apart_and_a_former_id_does_not() -> None:
    assert known_by(PROBLEM, "NL/DEF") != known_by(PROBLEM)
    assert known_by(PROBLEM, requirement="acme/other") != known_by(PROBLEM)
    assert known_by(PROBLEM, requirement="acme/old-clause") == known_by(PROBLEM)


HEADER = {"where": "response.header:x-request-id", "object": {}, "exchange": "e1"}


@pytest.mark.parametrize(
    ("exchange", "same"), [("e1", True), ("e2", True), ("e3", False), ("e4", False), ("e5", False)]
)
def test_without_an_object_it_is_the_operation_and_the_class_of_the_status(exchange: str, *, same: bool) -> None:
    assert (known_by({**HEADER, "exchange": exchange}, None) == known_by(HEADER, None)) is same


def test_a_wrong_status_is_the_same_finding_whichever_it_is() -> None:
    status = {"where": "response.status", "object": {}}
    assert known_by({**status, "exchange": "e1"}, None) == known_by({**status, "exchange": "e3"}, None)


def test_an_object_that_is_known_by_its_party_alone() -> None:
    said = {"where": "transcript", "object": {"party": "NL/ABC"}}
    assert known_by(said, None) != known_by({**said, "object": {"party": "NL/DEF"}}, None)


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("", ""),
        ("/images/0/url", "/images/*/url"),
        ("response.body:/data/12", "response.body:/data/*"),
        ("/0/1/2", "/*/*/*"),
        ("/a1/2b", "/a1/2b"),
        ("response.header:x-1", "response.header:x-1"),
    ],
)
def test_positions_are_left_out(place: str, told: str) -> None:
    assert without_positions(place) == told
