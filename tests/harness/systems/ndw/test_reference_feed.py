"""The reference CPO's made-up data keeps every rule for the objects, since the suites are proved against it."""

import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise
from typing import Any

import pytest

from harness.systems.ndw.reference.feed import bulk_locations, bulk_tariffs
from harness.systems.ndw.reference.sites import TURNS
from harness.systems.ndw.reference.towns import TOWNS

Json = dict[str, Any]

PARTY = ("NL", "XPO")
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
PHASES = {"AC_1_PHASE": 1, "AC_3_PHASE": 3, "DC": 1}
CLEAN = {"SOLAR", "WIND", "WATER", "GENERAL_GREEN"}

# Members by object: those that must be there, then those that may.
LOCATION = (
    (
        "country_code party_id id publish address city postal_code country coordinates time_zone evses last_updated"
        " opening_times energy_mix operator"
    ),
    "name state related_locations directions facilities images parking_type owner charging_when_closed",
)
EVSE = (
    "uid evse_id status connectors parking_restrictions last_updated",
    "status_schedule capabilities floor_level coordinates physical_reference",
)
CONNECTOR = (
    "id standard format power_type max_voltage max_amperage max_electric_power tariff_ids last_updated",
    "terms_and_conditions",
)
TARIFF = (
    "country_code party_id id currency elements last_updated",
    "type tariff_alt_text tariff_alt_url min_price max_price start_date_time end_date_time energy_mix",
)
ENUMS = {
    "status": "AVAILABLE BLOCKED CHARGING INOPERATIVE OUTOFORDER PLANNED REMOVED UNKNOWN",
    "capabilities": "CONTACTLESS_CARD_SUPPORT DEBIT_CARD_PAYABLE PED_TERMINAL REMOTE_START_STOP_CAPABLE RESERVABLE"
    " RFID_READER UNLOCK_CAPABLE",
    "parking_restrictions": "EV_ONLY PLUGGED DISABLED CUSTOMERS",
    "parking_type": "ALONG_MOTORWAY PARKING_GARAGE PARKING_LOT ON_STREET UNDERGROUND_GARAGE",
    "facilities": "HOTEL RESTAURANT CAFE MALL SUPERMARKET NATURE MUSEUM BIKE_SHARING BUS_STOP TAXI_STAND TRAM_STOP"
    " TRAIN_STATION CARPOOL_PARKING FUEL_STATION WIFI",
    "standard": "CHADEMO IEC_62196_T2 IEC_62196_T2_COMBO",
    "format": "SOCKET CABLE",
    "power_type": "AC_1_PHASE AC_3_PHASE DC",
    "source": "NUCLEAR COAL GAS SOLAR WIND WATER",
    "category": "CARBON_DIOXIDE NUCLEAR_WASTE LOCATION",
    "day_of_week": "SATURDAY SUNDAY",
    "reservation": "RESERVATION",
    "language": "nl en",
    "currency": "EUR",
    "country": "NLD",
}
LENGTHS = {
    "id": 36, "uid": 36, "evse_id": 48, "address": 45, "city": 45, "state": 20, "postal_code": 10, "name": 255,
    "floor_level": 4, "physical_reference": 16, "url": 255, "website": 255, "supplier_name": 64, "text": 512,
}  # fmt: skip


@pytest.fixture(
    scope="module",
    params=[(1, "2026-06-01T08:00:05"), (2, "2028-02-29T23:59:59.999"), (3, "2026-12-31T12:00:00")],
    ids=lambda param: f"seed {param[0]} at {param[1]}",
)
def feed(request: pytest.FixtureRequest) -> tuple[datetime, list[Json], list[Json]]:
    seed, moment = request.param
    now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    return now, list(bulk_locations(300, seed, PARTY, now)), list(bulk_tariffs(seed, PARTY, now))


Feed = tuple[datetime, list[Json], list[Json]]


def evses(locations: list[Json]) -> Iterator[tuple[Json, Json]]:
    return ((location, evse) for location in locations for evse in location["evses"])


def connectors(locations: list[Json]) -> Iterator[tuple[Json, Json, Json]]:
    return ((location, evse, one) for location, evse in evses(locations) for one in evse["connectors"])


def members(value: Any) -> Iterator[tuple[str, Any]]:
    """Every name and value of all objects in here; the entries of a list of texts count one by one."""
    if isinstance(value, dict):
        for name, member in value.items():
            for one in member if isinstance(member, list) else [member]:
                yield name, one
                yield from members(one)
    elif isinstance(value, list):
        for entry in value:
            yield from members(entry)


def instant(text: str) -> datetime:
    assert STAMP.fullmatch(text), text
    return datetime.fromisoformat(text)


def period(tariff: Json) -> tuple[datetime, datetime]:
    start = tariff.get("start_date_time", "2000-01-01T00:00:00Z")
    return instant(start), instant(tariff.get("end_date_time", "2100-01-01T00:00:00Z"))


def has_members(one: Json, table: tuple[str, str]) -> bool:
    required, optional = (set(names.split()) for names in table)
    return required <= one.keys() <= required | optional


def test_objects_have_the_members_of_their_tables(feed: Feed) -> None:
    _, locations, tariffs = feed
    assert all(has_members(location, LOCATION) for location in locations)
    assert all(has_members(evse, EVSE) for _, evse in evses(locations))
    assert all(has_members(connector, CONNECTOR) for _, _, connector in connectors(locations))
    assert all(has_members(tariff, TARIFF) for tariff in tariffs)
    for tariff in tariffs:
        for element in tariff["elements"]:
            assert has_members(element, ("price_components", "restrictions"))
            assert all(has_members(one, ("type price step_size", "vat")) for one in element["price_components"])


def test_values_are_of_the_right_form(feed: Feed) -> None:
    now, locations, tariffs = feed
    for name, value in members([locations, tariffs]):
        assert value not in (None, "", [], {})
        if isinstance(value, str):
            assert len(value) <= LENGTHS.get(name, 255)
            assert value.isprintable()
            assert name not in ENUMS or value in ENUMS[name].split(), (name, value)
        if name in {"id", "uid", "evse_id", "tariff_ids"}:
            assert value.isascii()
        if name in {"last_updated", "start_date_time", "end_date_time"}:
            assert instant(value) <= now or name != "last_updated"
        if name == "latitude":
            assert re.fullmatch(r"5[0-3]\.\d{6}", value)
            assert 50.7 < float(value) < 53.7
        if name == "longitude":
            assert re.fullmatch(r"[3-7]\.\d{6}", value)
            assert 3.2 < float(value) < 7.3
        if name == "postal_code":
            assert re.fullmatch(r"[1-9]\d{3} (?!SA|SD|SS)[A-Z]{2}", value)
        if name in {"url", "thumbnail", "website", "terms_and_conditions", "tariff_alt_url"}:
            assert value.startswith("https://www.example.com")


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
