"""Made-up NDW objects, held against every clause that judges a real server's."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given

from harness.cli.generate import MOMENT, PARTY
from harness.systems.ndw.payloads import (
    AFIR_FIELDS,
    TERMS,
    bulk_locations,
    bulk_price_list,
    feeds,
    locations,
    locations_without,
)
from tests.harness.generate.pages import failures, moderately, page_of
from tests.proofs.conversation import bench

AFIR_ROWS = {
    "opening_times": "ndw-location-opening-times",
    "energy_mix": "ndw-location-energy-mix",
    "parking_restrictions": "ndw-evse-parking-restrictions",
    "max_electric_power": "ndw-connector-max-electric-power",
    "tariff_ids": "ndw-connector-tariff-ids",
}
PRICE_LIST = list(bulk_price_list(13, 1, PARTY, MOMENT))


def clauses_of(row: str) -> set[str]:
    return {one.id for one in bench("ndw-pull").suite.requirements if one.row == row}


@moderately(80)
@given(feeds())
def test_made_up_feeds_fail_no_clause(feed: tuple[list[Any], list[Any]]) -> None:
    found, tariffs = feed
    assert failures(page_of("getLocations", found), page_of("getTariffs", tariffs)) == {}


@pytest.mark.parametrize("seed", range(3))
def test_bulk_feeds_fail_no_clause(seed: int) -> None:
    found = list(bulk_locations(60, seed, PARTY, MOMENT))
    assert failures(page_of("getLocations", found), page_of("getTariffs", PRICE_LIST)) == {}


@pytest.mark.parametrize("field", AFIR_FIELDS)
def test_without_a_field_of_afir_exactly_its_clause_fails(field: str) -> None:
    """A row may have clauses of other strength for other faults, such as an empty list: of all, one fails."""
    assert clauses_of(AFIR_ROWS[field]), f"no requirement for {AFIR_ROWS[field]} yet"

    @moderately(20)
    @given(locations_without(field))
    def check(location: Any) -> None:
        failed = failures(page_of("getLocations", [location]), page_of("getTariffs", PRICE_LIST))
        assert len(failed) == 1, failed
        assert failed.keys() <= clauses_of(AFIR_ROWS[field]), failed

    check()


@moderately(40)
@given(locations(number=7))
def test_a_location_is_complete_by_afir(location: Any) -> None:
    assert location["operator"]["name"]
    assert location["evses"][0]["status"] != "REMOVED"
    for path in AFIR_FIELDS.values():
        *_, value = _along(location, path)
        assert value or value is False
    assert [evse["uid"] for evse in location["evses"]] == [f"EV-0007-{'ABC'[i]}" for i in range(len(location["evses"]))]


def _along(value: Any, path: tuple[str | int, ...]) -> Iterator[Any]:
    for step in path:
        value = value[step]
        yield value


def test_a_feed_names_no_id_twice() -> None:
    @moderately(30)
    @given(feeds(most=3))
    def check(feed: tuple[list[Any], list[Any]]) -> None:
        for objects in feed:
            ids = [one["id"].lower() for one in objects]
            assert len(ids) == len(set(ids))

    check()


def test_bulk_tariffs_go_on_with_ids_and_prices_of_their_own() -> None:
    made = list(bulk_price_list(100, 3, PARTY, MOMENT))
    assert len({one["id"].lower() for one in made}) == 100
    assert made[:13] == list(bulk_price_list(13, 3, PARTY, MOMENT))
    assert failures(page_of("getTariffs", made)) == {}
    assert TERMS.party == PARTY
