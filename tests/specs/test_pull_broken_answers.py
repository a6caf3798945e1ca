"""The pull document blames each fault at its place, once, on the clause that it belongs to."""

from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from tests.specs.answers import (
    FAILURE,
    GONE,
    at,
    drop,
    envelope,
    fullest_location,
    fullest_tariff,
    page,
    put,
    smallest_location,
)
from tests.specs.pull_document import SCHEMAS, faults

LOCATIONS = ("LocationListResponse", page(fullest_location()))
LOCATION = ("LocationResponse", envelope(fullest_location()))
TARIFFS = ("TariffListResponse", page(fullest_tariff()))
ERROR = ("ErrorResponse", FAILURE)

BROKEN: list[tuple[tuple[str, Any], str, Any, str]] = [
    # the envelope
    (LOCATIONS, "", [smallest_location()], "ocpi-2.2.1/envelope-is-an-object"),
    (LOCATION, "", "locations", "ocpi-2.2.1/envelope-is-an-object"),
    (TARIFFS, "", None, "ocpi-2.2.1/envelope-is-an-object"),
    (LOCATIONS, "/status_code", GONE, "ocpi-2.2.1/envelope-has-a-status-code"),
    (LOCATION, "/status_code", "1000", "ocpi-2.2.1/envelope-has-a-status-code"),
    (TARIFFS, "/status_code", 200, "ocpi-2.2.1/envelope-has-a-status-code"),
    (TARIFFS, "/status_code", 5000, "ocpi-2.2.1/envelope-has-a-status-code"),
    (TARIFFS, "/status_code", 1000.5, "ocpi-2.2.1/envelope-has-a-status-code"),
    (LOCATIONS, "/status_code", None, "ocpi-2.2.1/envelope-has-a-status-code"),
    (LOCATIONS, "/timestamp", GONE, "ocpi-2.2.1/envelope-is-timestamped"),
    (LOCATION, "/timestamp", 1782856798, "ocpi-2.2.1/envelope-is-timestamped"),
    (TARIFFS, "/timestamp", None, "ocpi-2.2.1/envelope-is-timestamped"),
    (TARIFFS, "/status_message", 7, "openapi/answers-match-the-document"),
    # the data
    (LOCATIONS, "/data", GONE, "ocpi-2.2.1/list-data-is-an-array"),
    (LOCATIONS, "/data", None, "ocpi-2.2.1/list-data-is-an-array"),
    (LOCATIONS, "/data", smallest_location(), "ocpi-2.2.1/list-data-is-an-array"),
    (TARIFFS, "/data", GONE, "ocpi-2.2.1/list-data-is-an-array"),
    (TARIFFS, "/data", {}, "ocpi-2.2.1/list-data-is-an-array"),
    (LOCATION, "/data", GONE, "ocpi-2.2.1/single-data-is-an-object"),
    (LOCATION, "/data", None, "ocpi-2.2.1/single-data-is-an-object"),
    (LOCATION, "/data", [smallest_location()], "ocpi-2.2.1/single-data-is-an-object"),
    (LOCATIONS, "/data/0", "haven-noord-3", "ocpi-2.2.1/location-fields-are-as-defined"),
    (TARIFFS, "/data/0", None, "ocpi-2.2.1/tariff-fields-are-as-defined"),
    # errors
    (ERROR, "", [], "ocpi-2.2.1/errors-carry-the-envelope"),
    (ERROR, "", "Not Found", "ocpi-2.2.1/errors-carry-the-envelope"),
    (ERROR, "/status_code", GONE, "ocpi-2.2.1/errors-carry-the-envelope"),
    (ERROR, "/status_code", 1000, "ocpi-2.2.1/errors-carry-the-envelope"),
    (ERROR, "/status_code", 404, "ocpi-2.2.1/errors-carry-the-envelope"),
    (ERROR, "/timestamp", GONE, "ocpi-2.2.1/errors-carry-the-envelope"),
    (ERROR, "/timestamp", 0, "ocpi-2.2.1/errors-carry-the-envelope"),
    (ERROR, "/status_message", ["no"], "ocpi-2.2.1/errors-carry-the-envelope"),
    # locations
    (LOCATIONS, "/data/0/time_zone", GONE, "ocpi-2.2.1/location-has-required-fields"),
    (LOCATION, "/data/time_zone", None, "ocpi-2.2.1/location-has-required-fields"),
    (LOCATION, "/data/publish", "true", "ocpi-2.2.1/location-fields-are-as-defined"),
    (LOCATIONS, "/data/0/opening_times", GONE, "ndw/locations-have-opening-times"),
    (LOCATION, "/data/energy_mix", GONE, "ndw/locations-have-an-energy-mix"),
    (LOCATIONS, "/data/0/id", "i" * 37, "ocpi-2.2.1/location-fields-are-as-defined"),
    (LOCATIONS, "/data/0/id", "café", "ocpi-2.2.1/texts-without-case-are-ascii"),
    (LOCATIONS, "/data/0/country_code", "NLD", "ocpi-2.2.1/location-fields-are-as-defined"),
    (LOCATIONS, "/data/0/country", "NLDX", "ocpi-2.2.1/location-fields-are-as-defined"),
    (LOCATIONS, "/data/0/address", "a" * 256, "ocpi-2.2.1/location-fields-are-as-defined"),
    (LOCATIONS, "/data/0/address", "two\nlines", "ocpi-2.2.1/texts-are-printable"),
    (LOCATIONS, "/data/0/state", "s" * 46, "ocpi-2.2.1/location-fields-are-as-defined"),
    (LOCATIONS, "/data/0/name", "tab\there", "ocpi-2.2.1/texts-are-printable"),
    (LOCATIONS, "/data/0/coordinates/latitude", 53.17486, "ocpi-2.2.1/coordinates-are-as-defined"),
    (LOCATIONS, "/data/0/coordinates/latitude", "53.1748", "ocpi-2.2.1/coordinates-are-as-defined"),
    (LOCATIONS, "/data/0/coordinates/longitude", "5,414660", "ocpi-2.2.1/coordinates-are-as-defined"),
    (LOCATIONS, "/data/0/coordinates/longitude", "-179.1234567", "ocpi-2.2.1/coordinates-are-as-defined"),
    (LOCATIONS, "/data/0/related_locations/0/name/text", GONE, "ocpi-2.2.1/display-texts-are-as-defined"),
    (LOCATIONS, "/data/0/parking_type", "on_street", "ocpi-2.2.1/location-fields-are-as-defined"),
    (LOCATIONS, "/data/0/facilities/0", "PUB", "ocpi-2.2.1/location-fields-are-as-defined"),
    (LOCATIONS, "/data/0/operator/name", GONE, "ocpi-2.2.1/companies-are-as-defined"),
    (LOCATIONS, "/data/0/operator/name", "n" * 101, "ocpi-2.2.1/companies-are-as-defined"),
    (LOCATIONS, "/data/0/operator/website", "https://" + "w" * 248, "ocpi-2.2.1/urls-have-at-most-255-characters"),
    (LOCATIONS, "/data/0/owner/logo/type", "image/png", "ocpi-2.2.1/images-are-as-defined"),
    (LOCATIONS, "/data/0/images/0/width", 100000, "ocpi-2.2.1/images-are-as-defined"),
    (LOCATIONS, "/data/0/directions/0/language", "nl-NL", "ocpi-2.2.1/display-texts-are-as-defined"),
    (LOCATIONS, "/data/0/directions/0/text", "t" * 513, "ocpi-2.2.1/display-texts-are-as-defined"),
    (LOCATIONS, "/data/0/opening_times/twentyfourseven", GONE, "ocpi-2.2.1/opening-times-are-as-defined"),
    (LOCATIONS, "/data/0/opening_times/regular_hours/0/weekday", 0, "ocpi-2.2.1/opening-times-are-as-defined"),
    (
        LOCATIONS,
        "/data/0/opening_times/regular_hours/0/period_begin",
        "8:00",
        "ocpi-2.2.1/opening-times-are-as-defined",
    ),
    (LOCATIONS, "/data/0/opening_times/regular_hours/0/period_end", "24:00", "ocpi-2.2.1/opening-times-are-as-defined"),
    (
        LOCATIONS,
        "/data/0/opening_times/exceptional_closings/0/period_end",
        "2026-12-26",
        "ocpi-2.2.1/date-times-are-in-utc",
    ),
    (LOCATIONS, "/data/0/energy_mix/energy_sources/0/percentage", 120, "ocpi-2.2.1/energy-mixes-are-as-defined"),
    (LOCATIONS, "/data/0/energy_mix/energy_sources/0/source", "TIDES", "ocpi-2.2.1/energy-mixes-are-as-defined"),
    (LOCATIONS, "/data/0/energy_mix/environ_impact/0/amount", -1, "ocpi-2.2.1/energy-mixes-are-as-defined"),
    (LOCATIONS, "/data/0/publish_allowed_to/0/type", GONE, "ocpi-2.2.1/location-fields-are-as-defined"),
    (LOCATIONS, "/data/0/publish_allowed_to/0/type", None, "ocpi-2.2.1/location-fields-are-as-defined"),
    (LOCATIONS, "/data/0/publish_allowed_to/1/issuer", GONE, "ocpi-2.2.1/location-fields-are-as-defined"),
    (LOCATIONS, "/data/0/publish_allowed_to/2", {}, "ocpi-2.2.1/location-fields-are-as-defined"),
    (LOCATIONS, "/data/0/publish_allowed_to/2", {"group_id": None}, "ocpi-2.2.1/location-fields-are-as-defined"),
    (LOCATIONS, "/data/0/last_updated", "2026-03-29T02:00:00+00:00", "ocpi-2.2.1/date-times-have-no-offset-of-zero"),
    (LOCATIONS, "/data/0/last_updated", "2026-13-01T02:00:00Z", "ocpi-2.2.1/date-times-are-in-utc"),
    (LOCATIONS, "/data/0/last_updated", "2026-03-29 02:00:00Z", "ocpi-2.2.1/date-times-are-in-utc"),
    # EVSEs
    (LOCATION, "/data/evses/0/uid", GONE, "ocpi-2.2.1/evse-has-required-fields"),
    (LOCATION, "/data/evses/0/status", "Available", "ocpi-2.2.1/evse-fields-are-as-defined"),
    (LOCATION, "/data/evses/0/connectors", GONE, "ocpi-2.2.1/evse-has-required-fields"),
    (LOCATION, "/data/evses/0/connectors", [], "ocpi-2.2.1/evse-has-required-fields"),
    (LOCATION, "/data/evses/0/evse_id", "E" * 49, "ocpi-2.2.1/evse-fields-are-as-defined"),
    (LOCATION, "/data/evses/0/floor_level", "minus", "ocpi-2.2.1/evse-fields-are-as-defined"),
    (LOCATION, "/data/evses/0/physical_reference", "p" * 17, "ocpi-2.2.1/evse-fields-are-as-defined"),
    (LOCATION, "/data/evses/0/coordinates/latitude", GONE, "ocpi-2.2.1/coordinates-are-as-defined"),
    (LOCATION, "/data/evses/0/capabilities/1", "PLUG_AND_CHARGE", "ocpi-2.2.1/evse-fields-are-as-defined"),
    (LOCATION, "/data/evses/0/parking_restrictions", GONE, "ndw/evses-have-parking-restrictions"),
    (LOCATION, "/data/evses/0/parking_restrictions", "EV_ONLY", "ndw/evses-have-parking-restrictions"),
    (LOCATION, "/data/evses/0/parking_restrictions/0", "TAXIS", "ndw/evses-are-of-2-2-1"),
    (LOCATION, "/data/evses/0/status_schedule/0/status", GONE, "ocpi-2.2.1/status-schedules-are-as-defined"),
    (LOCATION, "/data/evses/0/status_schedule/0/period_end", "soon", "ocpi-2.2.1/date-times-are-in-utc"),
    # connectors
    (LOCATIONS, "/data/0/evses/0/connectors/0/power_type", GONE, "ocpi-2.2.1/connector-has-required-fields"),
    (
        LOCATIONS,
        "/data/0/evses/0/connectors/0/standard",
        "IEC_60309_2_THREE_16",
        "ocpi-2.2.1/connector-fields-are-as-defined",
    ),
    (LOCATIONS, "/data/0/evses/0/connectors/0/standard", "MCS", "ndw/connectors-are-of-2-2-1"),
    (LOCATIONS, "/data/0/evses/0/connectors/0/format", "PLUG", "ocpi-2.2.1/connector-fields-are-as-defined"),
    (LOCATIONS, "/data/0/evses/0/connectors/0/max_voltage", "230", "ocpi-2.2.1/connector-fields-are-as-defined"),
    (LOCATIONS, "/data/0/evses/0/connectors/0/max_amperage", 16.5, "ocpi-2.2.1/connector-fields-are-as-defined"),
    (LOCATIONS, "/data/0/evses/0/connectors/0/max_electric_power", None, "ndw/connectors-have-their-power"),
    (LOCATIONS, "/data/0/evses/0/connectors/0/tariff_ids", GONE, "ndw/connectors-have-tariff-ids"),
    (LOCATIONS, "/data/0/evses/0/connectors/0/tariff_ids/0", 1, "ocpi-2.2.1/connector-fields-are-as-defined"),
    # tariffs
    (TARIFFS, "/data/0/last_updated", GONE, "ocpi-2.2.1/tariff-has-required-fields"),
    (TARIFFS, "/data/0/elements", [], "ocpi-2.2.1/tariff-has-required-fields"),
    (TARIFFS, "/data/0/currency", "EURO", "ocpi-2.2.1/tariff-fields-are-as-defined"),
    (TARIFFS, "/data/0/type", "CHEAP", "ocpi-2.2.1/tariff-fields-are-as-defined"),
    (TARIFFS, "/data/0/min_price", 1.5, "ocpi-2.2.1/tariff-fields-are-as-defined"),
    (TARIFFS, "/data/0/max_price/excl_vat", GONE, "ocpi-2.2.1/tariff-fields-are-as-defined"),
    (TARIFFS, "/data/0/start_date_time", "2026-11-01T00:00:00+01:00", "ocpi-2.2.1/date-times-are-in-utc"),
    (TARIFFS, "/data/0/energy_mix/is_green_energy", GONE, "ocpi-2.2.1/energy-mixes-are-as-defined"),
    (TARIFFS, "/data/0/elements/0/price_components", [], "ocpi-2.2.1/tariff-elements-are-as-defined"),
    (TARIFFS, "/data/0/elements/0/price_components/0/price", "0.62", "ocpi-2.2.1/tariff-elements-are-as-defined"),
    (TARIFFS, "/data/0/elements/0/price_components/0/step_size", GONE, "ocpi-2.2.1/tariff-elements-are-as-defined"),
    (TARIFFS, "/data/0/elements/0/price_components/0/step_size", 0.5, "ocpi-2.2.1/tariff-elements-are-as-defined"),
    (TARIFFS, "/data/0/elements/0/restrictions", [], "ocpi-2.2.1/tariff-elements-are-as-defined"),
    (TARIFFS, "/data/0/elements/0/restrictions/end_time", "24:00", "ocpi-2.2.1/tariff-restrictions-are-as-defined"),
    (
        TARIFFS,
        "/data/0/elements/0/restrictions/start_date",
        "2026-00-01",
        "ocpi-2.2.1/tariff-restrictions-are-as-defined",
    ),
    (
        TARIFFS,
        "/data/0/elements/0/restrictions/day_of_week/0",
        "Saturday",
        "ocpi-2.2.1/tariff-restrictions-are-as-defined",
    ),
    (TARIFFS, "/data/0/elements/0/restrictions/min_duration", 0.5, "ocpi-2.2.1/tariff-restrictions-are-as-defined"),
]


@pytest.mark.parametrize(
    ("answer", "pointer", "new", "requirement"),
    BROKEN,
    ids=[f"{name}{pointer} {'gone' if new is GONE else str(new)[:20]}" for (name, _), pointer, new, _ in BROKEN],
)
def test_faults_are_found_once_at_their_place(
    answer: tuple[str, Any], pointer: str, new: Any, requirement: str
) -> None:
    name, value = answer
    assert faults(name, value) == []
    broken = drop(value, at(pointer)) if new is GONE else put(value, at(pointer), new)
    assert faults(name, broken) == [(pointer, requirement)]
    second = jsonschema.Draft202012Validator(SCHEMAS[name] | {"components": {"schemas": SCHEMAS}})
    assert not second.is_valid(broken)


def test_each_fault_has_its_own_blame() -> None:
    value = put(page({"id": 1}, smallest_location()), ("timestamp",), 5)
    found = faults("LocationListResponse", value)
    assert ("/timestamp", "ocpi-2.2.1/envelope-is-timestamped") in found
    assert ("/data/0/id", "ocpi-2.2.1/location-fields-are-as-defined") in found
    assert ("/data/0/publish", "ocpi-2.2.1/location-has-required-fields") in found
    assert ("/data/0/energy_mix", "ndw/locations-have-an-energy-mix") in found
    assert len({pointer for pointer, _ in found}) == len(found)
    assert {pointer[:8] for pointer, _ in found} == {"/timesta", "/data/0/"}
