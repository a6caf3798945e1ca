"""OCPI objects that make sense: what no table of fields says."""

from datetime import datetime
from itertools import pairwise
from typing import Any

from hypothesis import given

from harness.judge.vocabulary import instant
from harness.standards.ocpi_2_2_1.payloads import NOW, Terms, locations, tariffs
from harness.standards.ocpi_2_2_1.tariff_payloads import HIGHEST
from tests.harness.generate.pages import moderately

LOCATIONS = locations(Terms(publish=False))
PHASES = {"AC_1_PHASE": 1, "AC_2_PHASE": 2, "AC_3_PHASE": 3, "DC": 1}


def stamp(part: Any) -> datetime:
    moment = instant(part["last_updated"])
    assert moment is not None
    return moment


@moderately(100)
@given(LOCATIONS)
def test_stamps_rise_to_the_location(location: Any) -> None:
    assert stamp(location) <= NOW
    for evse in location["evses"]:
        assert stamp(evse) <= stamp(location)
        for connector in evse["connectors"]:
            assert stamp(connector) <= stamp(evse)


@moderately(60)
@given(LOCATIONS)
def test_power_fits_voltage_and_current(location: Any) -> None:
    for connector in (one for evse in location["evses"] for one in evse["connectors"]):
        most = connector["max_voltage"] * connector["max_amperage"] * PHASES[connector["power_type"]]
        assert 1_000 <= connector.get("max_electric_power", most) <= most


@moderately(60)
@given(LOCATIONS)
def test_parts_are_near_and_named_once(location: Any) -> None:
    evses = location["evses"]
    for names in ([evse["uid"] for evse in evses], [evse["evse_id"] for evse in evses if "evse_id" in evse]):
        assert len({name.lower() for name in names}) == len(names)
    for evse in evses:
        ids = [one["id"] for one in evse["connectors"]]
        assert len(set(ids)) == len(ids)
        for side in ("latitude", "longitude"):
            at = evse.get("coordinates", location["coordinates"])[side]
            assert abs(float(at) - float(location["coordinates"][side])) < 0.01
    assert ("publish_allowed_to" in location) is not location["publish"]


@moderately(100)
@given(LOCATIONS)
def test_hours_neither_contradict_nor_overlap(location: Any) -> None:
    hours = location.get("opening_times")
    if hours is None:
        return
    assert hours["twentyfourseven"] is ("regular_hours" not in hours)
    ends: dict[int, str] = {}
    for period in hours.get("regular_hours", ()):
        assert ends.get(period["weekday"], "") < period["period_begin"] < period["period_end"]
        ends[period["weekday"]] = period["period_end"]
    taken = [period for name in ("exceptional_openings", "exceptional_closings") for period in hours.get(name, ())]
    taken.sort(key=lambda period: str(period["period_begin"]))
    for one, following in pairwise(taken):
        assert one["period_begin"] < one["period_end"] <= following["period_begin"]


@moderately(100)
@given(LOCATIONS)
def test_energy_sums_to_100_and_green_is_green(location: Any) -> None:
    mix = location.get("energy_mix", {})
    sources = {one["source"]: one["percentage"] for one in mix.get("energy_sources", ())}
    if sources:
        assert abs(sum(sources.values()) - 100) < 0.001
        assert mix["is_green_energy"] is not bool(sources.keys() & {"GAS", "COAL", "NUCLEAR", "GENERAL_FOSSIL"})
    if mix.get("is_green_energy"):
        assert all(one["amount"] == 0 for one in mix.get("environ_impact", ()))


@moderately(150)
@given(tariffs(Terms()))
def test_tariffs_can_be_applied(tariff: Any) -> None:
    *first, last = tariff["elements"]
    assert "restrictions" not in last
    assert all("restrictions" in element for element in first)
    for element in tariff["elements"]:
        dimensions = [component["type"] for component in element["price_components"]]
        assert len(set(dimensions)) == len(dimensions)
        if "reservation" in element.get("restrictions", {}):
            assert set(dimensions) <= {"FLAT", "TIME"}
        for component in element["price_components"]:
            assert 0 <= component["price"] <= HIGHEST[component["type"]]
            assert component["step_size"] >= 1
            assert component.get("vat", 0) in (0, 9, 21)
    prices = [component["price"] for element in tariff["elements"] for component in element["price_components"]]
    assert any(prices) or (tariff["elements"], prices) == ([last], [0.0])
    assert tariff.get("start_date_time", "2000") < f"{NOW:%Y-%m-%d}" < tariff.get("end_date_time", "3000")


@moderately(150)
@given(tariffs(Terms()))
def test_restrictions_leave_something(tariff: Any) -> None:
    for element in tariff["elements"]:
        restrictions = element.get("restrictions", {})
        for name, least in restrictions.items():
            if name.startswith("min_") and (most := restrictions.get("max_" + name[4:])) is not None:
                assert least < most
        assert restrictions.get("start_time") != restrictions.get("end_time") or "start_time" not in restrictions
        assert restrictions.get("start_date", "") < restrictions.get("end_date", "3")
