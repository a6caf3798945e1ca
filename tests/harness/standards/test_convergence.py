"""When two states count as the same, and what is told where they are not."""

from copy import deepcopy
from typing import Any

import pytest

from harness.standards.ocpi_2_2_1.convergence import Difference, differences
from harness.systems.ndw.seed import first_location

KEY = "NL/XPO/LOC-0001"


def compared(**other: Any) -> list[Difference]:
    """The first location against itself with other members."""
    return list(differences({KEY: first_location()}, {KEY: {**first_location(), **other}}))


def _evses(*changes: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**one, **change} for one, change in zip(first_location()["evses"], changes, strict=True)]


_GONE = {"uid": "EV-0009", "status": "REMOVED", "connectors": [], "last_updated": "2026-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"last_updated": "2026-06-01T08:00:00.000Z"},
        {"state": None, "images": [], "facilities": []},
        {"party_id": "xpo", "id": "loc-0001"},
        {"evses": first_location()["evses"][::-1]},
        {"evses": [*first_location()["evses"], _GONE]},
        {"evses": _evses({"uid": "ev-0001-a", "parking_restrictions": ["EV_ONLY"]}, {})},
    ],
)
def test_another_spelling_of_the_same_is_no_difference(other: dict[str, Any]) -> None:
    assert compared(**other) == []


def test_numbers_are_compared_by_value_and_lists_of_words_without_order() -> None:
    first: dict[str, Any] = {"a": 236, "b": 0.39, "c": ["X", "Y"], "tariff_ids": ["T-1"]}
    second: dict[str, Any] = {"a": 236.0, "b": 0.3900, "c": ["Y", "X"], "tariff_ids": ["t-1"]}
    assert list(differences({"k": first}, {"K": second})) == []
    assert list(differences({"k": {"a": 1}}, {"k": {"a": True}})) == [Difference("k", "differs", ("/a",))]


@pytest.mark.parametrize(
    ("other", "kind", "places"),
    [
        ({"name": "Kade"}, "differs", ("/name",)),
        ({"name": None}, "differs", ("/name",)),
        ({"last_updated": "2026-06-01T08:00:01Z"}, "only last_updated differs", ("/last_updated",)),
        ({"coordinates": {"latitude": "52.0", "longitude": "5.121420"}}, "differs", ("/coordinates/latitude",)),
        ({"evses": first_location()["evses"][:1]}, "differs", ("/evses/1",)),
        ({"evses": _evses({}, {"status": "CHARGING"})}, "differs", ("/evses/1/status",)),
        ({"evses": _evses({"connectors": []}, {})}, "differs", ("/evses/0/connectors/0",)),
        ({"related_locations": [{"latitude": "1", "longitude": "2"}]}, "differs", ("/related_locations",)),
    ],
)
def test_a_difference_is_told_with_its_place(other: dict[str, Any], kind: str, places: tuple[str, ...]) -> None:
    assert [(one.key, one.kind, one.places) for one in compared(**other)] == [(KEY, kind, places)]


def test_the_order_of_other_lists_counts() -> None:
    one, other = {"images": [{"url": "a"}, {"url": "b"}]}, {"images": [{"url": "b"}, {"url": "a"}]}
    assert [found.places for found in differences({"k": one}, {"k": other})] == [("/images/0/url", "/images/1/url")]


def test_what_is_in_one_state_alone_is_told_by_its_own_spelling() -> None:
    here, there = deepcopy(first_location()), deepcopy(first_location())
    assert list(differences({"NL/XPO/A": here}, {"NL/XPO/B": there})) == [
        Difference("NL/XPO/A", "only pushed"),
        Difference("NL/XPO/B", "only pulled"),
    ]
