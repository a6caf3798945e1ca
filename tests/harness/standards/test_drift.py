"""What of a list that changes while it is read can be held against its server; and what changed in an object."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from harness.model.crawl import Crawl, Crawls, Entry, Page
from harness.model.exchange import Headers
from harness.standards.ocpi_2_2_1 import drift
from harness.standards.ocpi_2_2_1.traces import location_trace, tariff_trace
from harness.standards.ocpi_2_2_1.versions import changes, restamped, steps, unmoved

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def tariff(name: str, age_s: int = 3600, **more: Any) -> dict[str, Any]:
    return {"id": name, "currency": "EUR", "last_updated": drift.in_words(NOON - timedelta(seconds=age_s)), **more}


def location(status: str, *ages_s: int) -> dict[str, Any]:
    """Ages of the Location, its EVSE and its Connector."""
    of_location, of_evse, of_connector = (drift.in_words(NOON - timedelta(seconds=age)) for age in ages_s)
    connector = {"id": "1", "last_updated": of_connector}
    evse = {"uid": "E1", "status": status, "connectors": [connector], "last_updated": of_evse}
    return {"id": "L1", "evses": [evse], "last_updated": of_location}


def crawl(label: str, *pages: list[dict[str, Any]], query: str = "", schema: str = "Tariff", total: int = 0) -> Crawl:
    made, entries = [], []
    for number, objects in enumerate(pages):
        name = f"{label}-{number}"
        more = ("https://x.example/next",) if number + 1 < len(pages) else ()
        headers = Headers((("X-Total-Count", str(total)),))
        made.append(Page(name, f"https://x.example/tariffs{query}", 200, headers, len(objects), more, NOON))
        trace = tariff_trace if schema == "Tariff" else location_trace
        entries += [Entry(trace(one), {}, "NL/ABC", name, "s", f"/data/{index}") for index, one in enumerate(objects)]
    return Crawl("s", schema, label, tuple(made), tuple(entries))


def held(before: list[list[dict[str, Any]]], after: list[list[dict[str, Any]]]) -> drift.Bracket | None:
    return drift.bracket(Crawls((crawl("all", *before), crawl("again", *after))), "Tariff")


def test_nothing_moved() -> None:
    found = held([[tariff("A"), tariff("B")]], [[tariff("A")], [tariff("B")]])
    assert found is not None
    assert (found.size, found.moved, found.positions[("NL/ABC", "b")]) == (2, 0, (1, 1))


def test_a_changed_object_moves_and_the_others_stand_between_two_places() -> None:
    found = held([[tariff("A"), tariff("B"), tariff("C")]], [[tariff("B"), tariff("C"), tariff("A", 0)]])
    assert found is not None
    assert found.moved == 1
    assert ("NL/ABC", "a") not in found.stable
    assert found.positions[("NL/ABC", "c")] == (1, 2)


@pytest.mark.parametrize("after", [[[tariff("A")]], [[tariff("A"), tariff("B"), tariff("N")]]])
def test_what_came_or_went_has_moved(after: list[list[dict[str, Any]]]) -> None:
    found = held([[tariff("A"), tariff("B")]], after)
    assert found is not None
    assert found.moved == 1


def test_a_list_that_changed_from_head_to_foot_shows_nothing() -> None:
    assert held([[tariff("A"), tariff("B")]], [[tariff("A", 0), tariff("B", 0)]]) is None


def test_an_empty_list_shows_that_it_is_empty() -> None:
    found = held([[]], [[]])
    assert found is not None
    assert (found.size, found.moved) == (0, 0)


def test_an_object_out_of_its_place() -> None:
    found = held([[tariff("A"), tariff("B"), tariff("C")]], [[tariff("A"), tariff("B"), tariff("C")]])
    assert found is not None
    sample = crawl("offset 1", [tariff("C")], query="?offset=1")
    assert [(entry.kept.id, place, known) for entry, place, known in drift.misplaced(sample, found)] == [
        ("C", 1, (2, 2))
    ]
    assert list(drift.misplaced(crawl("offset 2", [tariff("C")], query="?limit=2&offset=2"), found)) == []


def test_stamps_within_bounds() -> None:
    found = held(
        [[tariff("A", 20), tariff("B", 10), tariff("C", 0)]], [[tariff("A", 20), tariff("B", 10), tariff("C", 0)]]
    )
    assert found is not None
    start, end = NOON - timedelta(seconds=10), NOON
    assert found.within(start, end).keys() == {("NL/ABC", "b")}
    assert found.within(start, None).keys() == {("NL/ABC", "b"), ("NL/ABC", "c")}
    assert found.within(None, start).keys() == {("NL/ABC", "a")}


def test_objects_are_counted_once_and_nameless_ones_each() -> None:
    assert drift.distinct(crawl("all", [tariff("A"), tariff("B")], [tariff("b"), {"id": 1}, {"id": 2}])) == 4


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://x.example/l?limit=2&date_from=2026-06-01T08%3A00%3A00Z&a=b",
         {"limit": "2", "date_from": "2026-06-01T08:00:00Z"}),
        ("https://x.example/l?cursor=abc&offset=", {"offset": ""}),
        ("https://[x", {}),
    ],
)  # fmt: skip
def test_parameters_of_a_url(url: str, found: dict[str, str]) -> None:
    assert drift.parameters(url) == found


@pytest.mark.parametrize(
    ("texts", "found"),
    [(["7"], 7), (["007"], 7), (["7", "7"], 7), (["7", "8"], None), (["-1"], None), (["7.0"], None), (["٧"], None),
     ([], None)],
)  # fmt: skip
def test_numbers_of_a_header(texts: list[str], found: int | None) -> None:
    headers = Headers(tuple(("x-limit", text) for text in texts))
    assert drift.stated(Page("e1", "https://x.example", 200, headers, 0, (), NOON), "X-Limit") == found


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (NOON, "2026-06-01T12:00:00Z"),
        (NOON + timedelta(microseconds=120_000), "2026-06-01T12:00:00.12Z"),
        (NOON + timedelta(microseconds=1), "2026-06-01T12:00:00.000001Z"),
    ],
)
def test_instants_in_words(moment: datetime, text: str) -> None:
    assert drift.in_words(moment) == text


def visits(older: dict[str, Any], newer: dict[str, Any]) -> Crawls:
    schema = "Location" if "evses" in older else "Tariff"
    return Crawls((crawl("all", [older], schema=schema), crawl("again", [newer], schema=schema)))


@pytest.mark.parametrize(
    ("older", "newer", "places"),
    [
        (location("BLOCKED", 60, 60, 60), location("AVAILABLE", 60, 60, 60),
         ["/evses/0/last_updated", "/last_updated"]),
        (location("BLOCKED", 60, 60, 60), location("AVAILABLE", 60, 50, 60), ["/last_updated"]),
        (location("BLOCKED", 60, 60, 60), location("AVAILABLE", 50, 50, 60), []),
        (location("BLOCKED", 60, 60, 60), location("BLOCKED", 50, 60, 60), []),
        (location("BLOCKED", 60, 60, 60), location("AVAILABLE", 70, 50, 60), ["/last_updated"]),
        (location("BLOCKED", 1, 1, 1), location("AVAILABLE", 1, 1, 1), []),
        (tariff("A"), tariff("A", currency="USD"), ["/last_updated"]),
        (tariff("A"), tariff("A", 50, currency="USD"), []),
    ],
    ids=["both old", "parent old", "both moved", "restamped", "parent older", "same second", "price", "new price"],
)  # fmt: skip
def test_stamps_that_did_not_move(older: dict[str, Any], newer: dict[str, Any], places: list[str]) -> None:
    found = [problem.where for step in steps(visits(older, newer)) for problem in unmoved(step)]
    assert found == [f"response.body:/data/0{place}" for place in places]


def test_a_single_location_is_not_compared_with_its_list_entry() -> None:
    alone = crawl("read", [location("BLOCKED", 60, 60, 60)], schema="Location")
    page = Page("read-0", "https://x.example/l/L1", 200, Headers(), None, (), NOON)
    alone = Crawl("s", "Location", "read", (page,), alone.entries)
    listed = crawl("all", [location("AVAILABLE", 60, 60, 60)], schema="Location")
    assert list(steps(Crawls((listed, alone)))) == []


def test_an_added_connector_changes_its_evse_and_location() -> None:
    older, newer = location("BLOCKED", 60, 60, 60), location("BLOCKED", 60, 60, 60)
    newer["evses"][0]["connectors"].append({"id": "2", "last_updated": newer["last_updated"]})
    step = next(steps(visits(older, newer)))
    assert [change.what for change in changes(step)] == ["EVSE", "Location"]


def test_one_that_changed_and_changed_back_is_no_restamping() -> None:
    before, moved = [tariff("A"), tariff("B"), tariff("C")], [tariff("A", 0), tariff("B"), tariff("C")]
    assert list(restamped(Crawls((crawl("all", before), crawl("again", moved))))) == []
    everything = [tariff("A", 0), tariff("B", 0), tariff("C", 0)]
    assert [len(one) for one in restamped(Crawls((crawl("all", before), crawl("again", everything))))] == [3]
