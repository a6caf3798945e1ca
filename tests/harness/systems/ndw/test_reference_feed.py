"""The reference CPO's made-up data keeps every rule for the objects, since the suites are proved against it."""

import json
import re
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise

from harness.systems.ndw.reference.feed import bulk_locations
from harness.systems.ndw.reference.sites import TURNS
from harness.systems.ndw.reference.towns import TOWNS
from tests.harness.systems.ndw.objects import ENUMS, PARTY, Feed, connectors, evses, instant, period

PHASES = {"AC_1_PHASE": 1, "AC_3_PHASE": 3, "DC": 1}
CLEAN = {"SOLAR", "WIND", "WATER", "GENERAL_GREEN"}


def test_what_ndw_asks_for_beyond_ocpi_is_there(feed: Feed) -> None:
    _, locations, _ = feed
    assert all(location["opening_times"] and location["energy_mix"] for location in locations)
    assert all(evse["parking_restrictions"] for _, evse in evses(locations))
    assert all(one["max_electric_power"] > 0 and one["tariff_ids"] for _, _, one in connectors(locations))


def test_ids_are_unique_without_regard_to_case(feed: Feed) -> None:
    _, locations, tariffs = feed
    for all_ids in (
        [location["id"] for location in locations],
        [evse["uid"] for _, evse in evses(locations)],
        [evse["evse_id"] for _, evse in evses(locations)],
        [tariff["id"] for tariff in tariffs],
        *([connector["id"] for connector in evse["connectors"]] for _, evse in evses(locations)),
    ):
        assert max(Counter(one.lower() for one in all_ids).values()) == 1
    assert all(re.fullmatch(r"NL\*XPO\*E\d{4}\*[A-H]", evse["evse_id"]) for _, evse in evses(locations))
    assert {(one["country_code"], one["party_id"]) for one in locations + tariffs} == {PARTY}


def test_no_part_is_newer_than_the_whole(feed: Feed) -> None:
    _, locations, _ = feed
    for location, evse, connector in connectors(locations):
        assert connector["last_updated"] <= evse["last_updated"] <= location["last_updated"]
    for location in locations:
        assert location["last_updated"] == max(evse["last_updated"] for evse in location["evses"])


def test_opening_times_are_possible(feed: Feed) -> None:
    _, locations, _ = feed
    for hours in (location["opening_times"] for location in locations):
        assert hours["twentyfourseven"] is ("regular_hours" not in hours)
        days: dict[int, list[tuple[str, str]]] = {}
        for one in hours.get("regular_hours", ()):
            assert all(re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", one[name]) for name in ("period_begin", "period_end"))
            assert one["period_begin"] < one["period_end"]
            days.setdefault(one["weekday"], []).append((one["period_begin"], one["period_end"]))
        assert days.keys() <= set(range(1, 8))
        for periods in days.values():
            assert all(earlier[1] <= later[0] for earlier, later in pairwise(sorted(periods)))
        for opening in hours.get("exceptional_openings", ()):
            for closing in hours["exceptional_closings"]:
                overlap_begin = max(instant(opening["period_begin"]), instant(closing["period_begin"]))
                assert overlap_begin >= min(instant(opening["period_end"]), instant(closing["period_end"]))


def test_energy_adds_up_and_green_is_green(feed: Feed) -> None:
    _, locations, tariffs = feed
    mixes = [one["energy_mix"] for one in locations + tariffs if "energy_mix" in one]
    for mix in mixes:
        assert sum(source["percentage"] for source in mix["energy_sources"]) == 100
        if mix["is_green_energy"]:
            assert {source["source"] for source in mix["energy_sources"]} <= CLEAN
            assert not any(impact["amount"] for impact in mix.get("environ_impact", ()))
    assert {mix["is_green_energy"] for mix in mixes} == {True, False}


def test_power_current_and_voltage_fit(feed: Feed) -> None:
    _, locations, _ = feed
    for _, _, one in connectors(locations):
        assert all(type(one[name]) is int for name in ("max_voltage", "max_amperage", "max_electric_power"))
        ceiling = one["max_voltage"] * one["max_amperage"] * PHASES[one["power_type"]]
        assert 1_000 <= one["max_electric_power"] <= ceiling
        if one["power_type"] == "DC":
            assert one["max_electric_power"] >= 50_000
        else:
            assert one["max_electric_power"] == ceiling
            assert one["max_voltage"] == 230


def test_evses_stand_at_their_location_and_locations_in_their_town(feed: Feed) -> None:
    _, locations, _ = feed
    towns = {town.name: town for town in TOWNS}
    for location, evse in evses(locations):
        for name in ("latitude", "longitude"):
            at = float(location["coordinates"][name])
            assert abs(float(evse["coordinates"][name]) - at) < 0.001
            assert abs(getattr(towns[location["city"]], name) - at) < 0.04
    assert len({towns[location["city"]].province for location in locations}) == 12


def test_every_connector_has_a_price_for_everybody_and_one_per_type(feed: Feed) -> None:
    now, locations, tariffs = feed
    known = {tariff["id"]: tariff for tariff in tariffs}
    named = set()
    for _, _, connector in connectors(locations):
        own = [known[tariff_id] for tariff_id in connector["tariff_ids"]]
        named |= set(connector["tariff_ids"])
        active = [tariff for tariff in own if period(tariff)[0] <= now < period(tariff)[1]]
        assert {"AD_HOC_PAYMENT", None} & {tariff.get("type") for tariff in active}
        assert all(period(tariff)[1] > now for tariff in own)
        for one, other in combinations(own, 2):
            if one.get("type") == other.get("type"):
                assert period(one)[1] <= period(other)[0] or period(other)[1] <= period(one)[0]
    assert named == known.keys()


def test_tariffs_say_what_they_mean(feed: Feed) -> None:
    _, _, tariffs = feed
    for tariff in tariffs:
        assert period(tariff)[0] < period(tariff)[1]
        without_conditions: set[str] = set()
        for element in tariff["elements"]:
            components, conditions = element["price_components"], element.get("restrictions", {})
            dimensions = [component["type"] for component in components]
            assert len(set(dimensions)) == len(dimensions)
            assert not without_conditions & set(dimensions), "an element that nothing can reach"
            if not conditions:
                without_conditions |= set(dimensions)
            assert "reservation" not in conditions or set(dimensions) <= {"FLAT", "TIME"}
            for component in components:
                assert type(component["step_size"]) is int
                assert component["step_size"] >= 1
                assert component["type"] != "ENERGY" or 0.25 <= component["price"] <= 0.85
                assert component["price"] <= 60
        prices = [component for element in tariff["elements"] for component in element["price_components"]]
        if not any(component["price"] for component in prices):
            assert tariff["elements"] == [{"price_components": [{"type": "FLAT", "price": 0.0, "step_size": 1}]}]
        else:
            assert {component["vat"] for component in prices} == {21.0}
    assert {tariff.get("type") for tariff in tariffs} == {"AD_HOC_PAYMENT", "REGULAR", "PROFILE_GREEN", None}


def test_evses_come_in_all_conditions_and_no_location_is_without(feed: Feed) -> None:
    now, locations, _ = feed
    seen = Counter(evse["status"] for _, evse in evses(locations))
    assert seen.keys() == set(ENUMS["status"].split())
    assert all(any(evse["status"] != "REMOVED" for evse in location["evses"]) for location in locations)
    assert len({location["id"][:3] for location in locations[: len(TURNS)]}) == 4
    for _, evse in evses(locations):
        assert ("status_schedule" in evse) is (evse["status"] == "PLANNED")
        assert all(instant(one["period_begin"]) > now for one in evse.get("status_schedule", ()))


def test_every_town_lies_in_the_netherlands_and_its_postal_codes_are_a_range() -> None:
    assert len({town.name for town in TOWNS}) == len(TOWNS) >= 30
    assert all(1_000 <= town.first_code < town.last_code <= 9_999 for town in TOWNS)


def test_the_feed_depends_on_its_arguments_only_and_is_quick() -> None:
    now = datetime(2026, 6, 1, 8, 0, 5, tzinfo=UTC)
    started = time.process_time()
    first = json.dumps(list(bulk_locations(300, 1, PARTY, now)))
    assert time.process_time() - started < 0.5  # about 0.02; a slow build machine is no fault of ours
    assert first == json.dumps(list(bulk_locations(300, 1, PARTY, now)))
    assert first != json.dumps(list(bulk_locations(300, 2, PARTY, now)))
    later = json.loads(json.dumps(list(bulk_locations(300, 1, PARTY, now + timedelta(days=1)))))
    shifts = {
        instant(new["last_updated"]) - instant(old["last_updated"])
        for new, old in zip(later, json.loads(first), strict=True)
    }
    assert shifts == {timedelta(days=1)}
