"""What is unusual and right stays unremarked; what only several objects together show is found where it is."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from tests.harness.generate.pages import failures, page_of

Json = dict[str, Any]
Change = Callable[[Json, Json], object]

LOCATION: Json = {
    "country_code": "NL", "party_id": "XPO", "id": "L1", "publish": True, "address": "Kade 1", "city": "Ons Dorp",
    "postal_code": "1234 AB", "country": "NLD", "time_zone": "Europe/Amsterdam",
    "coordinates": {"latitude": "52.100000", "longitude": "5.100000"}, "operator": {"name": "Stroom"},
    "opening_times": {"twentyfourseven": True}, "energy_mix": {"is_green_energy": True},
    "evses": [{
        "uid": "E1", "evse_id": "NL*XPO*E1", "status": "AVAILABLE", "parking_restrictions": ["EV_ONLY"],
        "connectors": [{
            "id": "1", "standard": "IEC_62196_T2", "format": "SOCKET", "power_type": "AC_3_PHASE",
            "max_voltage": 230, "max_amperage": 32, "max_electric_power": 22080, "tariff_ids": ["T1"],
            "last_updated": "2026-05-01T08:00:00Z",
        }],
        "last_updated": "2026-05-01T08:00:00Z",
    }],
    "last_updated": "2026-05-01T08:00:00Z",
}  # fmt: skip
TARIFF: Json = {
    "country_code": "NL", "party_id": "XPO", "id": "T1", "currency": "EUR", "type": "AD_HOC_PAYMENT",
    "elements": [{"price_components": [{"type": "ENERGY", "price": 0.39, "vat": 21.0, "step_size": 1}]}],
    "last_updated": "2026-05-01T08:00:00Z",
}  # fmt: skip


def connector(location: Json) -> Json:
    found: Json = location["evses"][0]["connectors"][0]
    return found


def plug(power_type: str, volts: int, amps: int, watts: int) -> Change:
    values = {"power_type": power_type, "max_voltage": volts, "max_amperage": amps, "max_electric_power": watts}
    return lambda location, _tariff: connector(location).update(values)


def hours(**members: Any) -> Change:
    return lambda location, _tariff: location.update(opening_times=members)


def mix(**members: Any) -> Change:
    return lambda location, tariff: (location.update(energy_mix=members), tariff.update(energy_mix=members))


def elements(*listed: Json) -> Change:
    return lambda _location, tariff: tariff.update(elements=list(listed))


def price(dimension: str, amount: float, step: int = 1, **restrictions: Any) -> Json:
    made: Json = {"price_components": [{"type": dimension, "price": amount, "vat": 21, "step_size": step}]}
    return {**made, "restrictions": restrictions} if restrictions else made


def day(weekday: int, begin: str, end: str) -> Json:
    return {"weekday": weekday, "period_begin": begin, "period_end": end}


def shares(**percentages: float) -> list[Json]:
    return [{"source": name, "percentage": share} for name, share in percentages.items()]


RIGHT: dict[str, Change] = {
    "direct current at 920 V": plug("DC", 920, 500, 400_000),
    "a car's share of a strong charger": plug("DC", 1000, 500, 50_000),
    "one phase": plug("AC_1_PHASE", 230, 32, 7_360),
    "7.4 kW, as leaflets round it": plug("AC_1_PHASE", 230, 32, 7_400),
    "less than the product": plug("AC_3_PHASE", 230, 32, 11_000),
    "two phases": plug("AC_2_PHASE", 230, 16, 7_360),
    "a split phase": plug("AC_2_PHASE_SPLIT", 120, 40, 9_600),
    "a charger for motorcycles": plug("AC_1_PHASE", 230, 3, 690),
    "no voltage is known": plug("AC_3_PHASE", 0, 0, 22_080),
    "until 23:59, and on from midnight": hours(
        twentyfourseven=False, regular_hours=[day(5, "18:00", "23:59"), day(6, "00:00", "02:00")]
    ),
    "two periods on one day, the later first": hours(
        twentyfourseven=False, regular_hours=[day(1, "13:00", "18:00"), day(1, "08:00", "13:00")]
    ),
    "round the clock, but for Christmas": hours(
        twentyfourseven=True,
        exceptional_closings=[{"period_begin": "2026-12-24T23:00:00Z", "period_end": "2026-12-25T23:00:00Z"}],
    ),
    "no energy sources": mix(is_green_energy=False),
    "thirds": mix(is_green_energy=True, energy_sources=shares(WIND=33.3, SOLAR=33.3, WATER=33.4)),
    "rounded thirds": mix(is_green_energy=True, energy_sources=shares(WIND=33.3, SOLAR=33.3, WATER=33.3)),
    "no nuclear power, said so": mix(is_green_energy=True, energy_sources=shares(NUCLEAR=0, WIND=100)),
    "no carbon dioxide, said so": mix(
        is_green_energy=True, environ_impact=[{"category": "CARBON_DIOXIDE", "amount": 0.0}]
    ),
    "grey energy": mix(is_green_energy=False, energy_sources=shares(COAL=60, NUCLEAR=40)),
    "a start and no end": lambda _location, tariff: tariff.update(start_date_time="2020-01-01T00:00:00"),
    "an end and no start": lambda _location, tariff: tariff.update(end_date_time="2030-01-01T00:00:00.5Z"),
    "parking by the quarter of an hour": elements(price("PARKING_TIME", 3, step=900), price("ENERGY", 0.4)),
    "a reservation after the rest": elements(price("TIME", 2), price("TIME", 4, reservation="RESERVATION")),
    "a night without a fallback": elements(price("ENERGY", 0.3, start_time="23:00", end_time="07:00")),
    "free for all": lambda _location, tariff: (
        tariff.update(elements=[price("FLAT", 0)]), tariff.pop("type")
    ),
    "free energy for a session fee": elements(
        {"price_components": [*price("FLAT", 1)["price_components"], *price("ENERGY", 0)["price_components"]]}
    ),
    "nothing per unit, but a minimum": lambda _location, tariff: tariff.update(
        elements=[price("ENERGY", 0)], min_price={"excl_vat": 1}
    ),
    "a tariff in other case": lambda location, _tariff: connector(location).update(tariff_ids=["t1"]),
    "a tariff named twice": lambda location, _tariff: connector(location).update(tariff_ids=["T1", "t1", "T1"]),
    "instants in other forms": lambda location, _tariff: (
        location.update(last_updated="2026-05-01T08:00:00.00Z"),
        location["evses"][0].update(last_updated="2026-05-01T08:00:00.9Z"),
    ),
    "an evse_id without separators": lambda location, _tariff: location["evses"][0].update(evse_id="NLXPOE1"),
    "no evse_id": lambda location, _tariff: location["evses"][0].pop("evse_id"),
    "one id for everything": lambda location, _tariff: (
        location.update(id="1"), location["evses"][0].update(uid="1")
    ),
    "a planned EVSE with a price of later": lambda location, tariff: (
        location["evses"][0].update(status="PLANNED"), tariff.update(start_date_time="2027-01-01T00:00:00Z")
    ),
    "a removed EVSE whose price has ended, beside one in use": lambda location, _tariff: location["evses"].append(
        {**deepcopy(location["evses"][0]), "uid": "E0", "status": "REMOVED"}
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_unusual_and_right(name: str) -> None:
    location, tariff = deepcopy(LOCATION), deepcopy(TARIFF)
    RIGHT[name](location, tariff)
    assert failures(page_of("getLocations", [location]), page_of("getTariffs", [tariff])) == {}


def judged_together(locations: list[Json], tariffs: list[Json]) -> set[str]:
    found = failures(page_of("getLocations", locations), page_of("getTariffs", tariffs))
    return set(found)


def tariff_of(name: str, **members: Any) -> Json:
    return {**deepcopy(TARIFF), "id": name, **members}


def naming(*tariff_ids: str) -> Json:
    location = deepcopy(LOCATION)
    connector(location)["tariff_ids"] = list(tariff_ids)
    return location


def test_an_empty_tariff_list_leaves_every_reference_dangling() -> None:
    assert judged_together([naming("T1")], []) == {"ocpi-2.2.1/named-tariffs-are-listed"}


def test_tariffs_of_one_type_that_follow_each_other() -> None:
    first, second = "2026-06-10T00:00:00Z", "2026-06-10T00:00:00"
    tariffs = [
        tariff_of("T1", end_date_time=first),
        tariff_of("T2", start_date_time=second),
        tariff_of("T3", type="REGULAR"),
    ]
    assert judged_together([naming("T1", "T2", "T3")], tariffs) == set()


def test_tariffs_of_one_type_that_meet() -> None:
    tariffs = [
        tariff_of("T1", end_date_time="2026-06-10T00:00:01Z"),
        tariff_of("T2", start_date_time="2026-06-10T00:00:00Z"),
    ]
    assert judged_together([naming("T1", "T2")], tariffs) == {"ocpi-2.2.1/one-tariff-of-a-type-at-a-time"}


def test_a_period_that_cannot_be_read_overlaps_with_nothing() -> None:
    unreadable = tariff_of("T2", start_date_time="2026-06-10T00:00:00+00:00")
    assert judged_together(
        [naming("T1", "T2")], [tariff_of("T1", end_date_time="2026-06-10T00:00:00Z"), unreadable]
    ) == {
        "ocpi-2.2.1/date-times-have-no-offset-of-zero",
    }


@pytest.mark.parametrize(
    ("members", "clause"),
    [
        ({"type": "PROFILE_FAST"}, "ndw/ad-hoc-price-is-reachable"),
        ({"start_date_time": "2026-06-01T08:00:01Z"}, "ndw/ad-hoc-price-is-reachable"),
        ({"end_date_time": "2026-06-01T08:00:00Z"}, "ndw/ad-hoc-price-is-reachable"),
    ],
)
def test_no_price_for_anybody_now(members: Json, clause: str) -> None:
    assert judged_together([naming("T1")], [tariff_of("T1", **members)]) == {clause}


def test_an_ended_tariff_that_is_still_named() -> None:
    tariffs = [tariff_of("T1"), tariff_of("T2", type="REGULAR", end_date_time="2026-05-30T00:00:00Z")]
    assert judged_together([naming("T1", "T2")], tariffs) == {"ocpi-2.2.1/ended-tariffs-are-not-named"}


def test_a_location_of_another_id_with_the_same_evse() -> None:
    copy = {**deepcopy(LOCATION), "id": "L2"}
    assert judged_together([LOCATION, copy], [TARIFF]) == {"ocpi-2.2.1/evse-uids-are-unique"}


def test_an_evse_under_a_second_uid() -> None:
    copy = {**deepcopy(LOCATION), "id": "L2"}
    copy["evses"][0]["uid"] = "E2"
    assert judged_together([LOCATION, copy], [TARIFF]) == {"ocpi-2.2.1/evse-ids-are-unique"}
