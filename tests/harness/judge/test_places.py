"""Where the objects of a whole list are: each once, from the list itself, and kept in a few bytes."""

from dataclasses import replace
from typing import Any

import pytest

from harness.judge.crawling import Crawler, Place, visit_of
from harness.model.crawl import crawl_tag
from harness.model.exchange import HttpExchange, Located
from harness.standards.ocpi_2_2_1 import OBJECTS
from harness.standards.ocpi_2_2_1.traces import location_place
from tests.harness.judge.test_judge import exchange


def location(name: str | None, latitude: object = "52.1", longitude: object = "5.2") -> dict[str, Any]:
    return {"id": name, "coordinates": {"latitude": latitude, "longitude": longitude}}


def page(*locations: dict[str, Any], label: str = "all", party: str = "NL/ABC") -> Crawler:
    answer: HttpExchange = replace(exchange(), tags=frozenset({crawl_tag("Location", label)}))
    keys = [{"location": one["id"]} if one["id"] else {} for one in locations]
    found = [
        ("Location", Located(one, f"/data/{number}", answer, named, party))
        for number, (one, named) in enumerate(zip(locations, keys, strict=True))
    ]
    visit = visit_of(answer, found, OBJECTS)
    assert visit is not None
    return Crawler([visit])


@pytest.mark.parametrize(
    ("coordinates", "place"),
    [
        ({"latitude": "52.123456", "longitude": "-5.5"}, (52.123456, -5.5)),
        ({"latitude": 52.1, "longitude": 5}, (52.1, 5.0)),
        ({"latitude": "999", "longitude": "5"}, (999.0, 5.0)),
        ({"latitude": "52,1", "longitude": "5"}, None),
        ({"latitude": "nan", "longitude": "5"}, None),
        ({"latitude": "5", "longitude": "-Infinity"}, None),
        ({"latitude": "52.1"}, None),
        ({"latitude": None, "longitude": ["5"]}, None),
        ({"latitude": 10**400, "longitude": 5}, None),
        ([52.1, 5.2], None),
        ("52.1, 5.2", None),
        (None, None),
    ],
)
def test_a_place_is_what_can_be_read_of_it(coordinates: object, place: tuple[float, float] | None) -> None:
    assert location_place({"coordinates": coordinates}) == place


def test_every_object_of_the_list_has_its_place_once() -> None:
    crawler = page(location("L1"), location("L2", "51", "4"), location("L3", "?"), location(None), location("L1", "9"))
    crawler.visits += page(location("L1", "8"), party="NL/DEF").visits
    assert list(crawler.places("Location")) == [
        Place("NL/ABC", "L1", 52.1, 5.2),
        Place("NL/ABC", "L2", 51.0, 4.0),
        Place("NL/DEF", "L1", 8.0, 5.2),
    ]
    assert list(crawler.places("Tariff")) == []


def test_of_other_crawls_nothing_is_kept() -> None:
    crawler = page(location("L1"), label="limit 1")
    assert list(crawler.places("Location")) == []
    assert len(crawler.visits[0].places) == 0


def test_a_place_takes_sixteen_bytes() -> None:
    crawler = page(*(location(f"L{number}") for number in range(100)))
    places = crawler.visits[0].places
    assert places.itemsize * len(places) == 1600
