"""Every member of the reference's made-up data has the form that OCPI gives it."""

import re

from tests.harness.systems.ndw.objects import ENUMS, Feed, Json, connectors, evses, instant, members

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
LENGTHS = {
    "id": 36, "uid": 36, "evse_id": 48, "address": 45, "city": 45, "state": 20, "postal_code": 10, "name": 255,
    "floor_level": 4, "physical_reference": 16, "url": 255, "website": 255, "supplier_name": 64, "text": 512,
}  # fmt: skip


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
