"""The pull document lets correct answers through, and what nobody knows to be wrong; each field is looked at."""

from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from tests.specs.answers import (
    CORRECT,
    at,
    drop,
    fullest_energy_mix,
    fullest_location,
    fullest_tariff,
    page,
    put,
    smallest_location,
)
from tests.specs.pull_document import SCHEMAS, faults, required

IN_ENVELOPE = "/data/0"


@pytest.mark.parametrize("case", CORRECT)
def test_correct_answers_pass(case: str) -> None:
    name, value = CORRECT[case]
    assert faults(name, value) == []
    # the second opinion, with references left as they are
    jsonschema.Draft202012Validator(SCHEMAS[name] | {"components": {"schemas": SCHEMAS}}).validate(value)


SAMPLES: dict[str, dict[str, Any]] = {
    "Location": fullest_location(),
    "EVSE": fullest_location()["evses"][0],
    "Connector": fullest_location()["evses"][0]["connectors"][0],
    "AdditionalGeoLocation": fullest_location()["related_locations"][0],
    "BusinessDetails": fullest_location()["operator"],
    "Hours": fullest_location()["opening_times"],
    "EnergyMix": fullest_energy_mix(),
    "StatusSchedule": fullest_location()["evses"][0]["status_schedule"][0],
    "Image": fullest_location()["images"][0],
    "Tariff": fullest_tariff(),
    "TariffElement": fullest_tariff()["elements"][0],
    "PriceComponent": fullest_tariff()["elements"][0]["price_components"][0],
    "TariffRestrictions": fullest_tariff()["elements"][0]["restrictions"],
    "Price": fullest_tariff()["min_price"],
}
OPTIONAL = [
    (name, field)
    for name, sample in SAMPLES.items()
    for field in SCHEMAS[name]["properties"]
    if field not in required(name) and field not in ("max_electric_power", "tariff_ids")
]
REQUIRED = [(name, field) for name in SAMPLES for field in required(name)]
OF_WHOLE = ("opening_times", "energy_mix", "restrictions")
"""Objects of which whoever refers to them says that they are one."""


@pytest.mark.parametrize(("name", "field"), OPTIONAL)
def test_optional_fields_may_be_absent_null_or_empty(name: str, field: str) -> None:
    sample = SAMPLES[name]
    assert field in sample
    assert faults(name, drop(sample, (field,))) == []
    assert faults(name, put(sample, (field,), None)) == []
    if isinstance(sample[field], list):
        assert faults(name, put(sample, (field,), [])) == []


@pytest.mark.parametrize(("name", "field"), OPTIONAL)
def test_optional_fields_are_not_free_for_all(name: str, field: str) -> None:
    wrong: Any = {"not": "this"} if not isinstance(SAMPLES[name][field], dict) else "text"
    assert [pointer for pointer, _ in faults(name, put(SAMPLES[name], (field,), wrong))] == [f"/{field}"]


@pytest.mark.parametrize(("name", "field"), REQUIRED)
def test_required_fields_may_be_neither_absent_nor_null(name: str, field: str) -> None:
    clause = required(name)[field]
    assert faults(name, drop(SAMPLES[name], (field,))) == [
        (f"/{field}", clause or "openapi/answers-match-the-document")
    ]
    assert faults(name, put(SAMPLES[name], (field,), None)) == [
        (f"/{field}", clause or "openapi/answers-match-the-document")
    ]


@pytest.mark.parametrize(
    "field", ["parking_restrictions", "connectors/0/max_electric_power", "connectors/0/tariff_ids"]
)
def test_a_removed_evse_may_lack_what_ndw_asks_for(field: str) -> None:
    evse = SAMPLES["EVSE"]
    removed = put(evse, ("status",), "REMOVED")
    for asked, exempt in (
        (drop(evse, at(f"/{field}")), drop(removed, at(f"/{field}"))),
        (put(evse, at(f"/{field}"), None), put(removed, at(f"/{field}"), None)),
    ):
        assert [pointer for pointer, _ in faults("EVSE", asked)] == [f"/{field}"]
        assert faults("EVSE", exempt) == []


HARMLESS: list[tuple[str, str, Any]] = [
    ("unknown fields", "/data/0/evses/0/connectors/0/floor", {"level": 3}),
    ("an unknown field in the envelope", "/trace", "x"),
    ("a whole number with a point", "/data/0/evses/0/connectors/0/max_voltage", 230.0),
    ("a code with a point", "/status_code", 1000.0),
    ("another code of success", "/status_code", 1999),
    ("no parking restriction", "/data/0/evses/0/parking_restrictions", []),
    ("no tariff", "/data/0/evses/0/connectors/0/tariff_ids", []),
    ("no power", "/data/0/evses/0/connectors/0/max_electric_power", 0),
    ("an empty id", "/data/0/id", ""),
    ("an odd country", "/data/0/country_code", "7!"),
    ("an odd party", "/data/0/party_id", "a-b"),
    ("a country of two letters", "/data/0/country", "nl"),
    ("an odd evse_id", "/data/0/evses/0/evse_id", "NL-HRN-1"),
    ("a language in capitals", "/data/0/directions", [{"language": "NL", "text": ""}]),
    ("a URL that is not absolute", "/data/0/operator", {"name": "", "website": "stroom.example"}),
    ("a long address", "/data/0/address", "é" * 255),
    ("a long state", "/data/0/state", "s" * 45),
    ("a long time", "/data/0/last_updated", "2026-02-28T23:59:59.123456789Z"),
    ("a timestamp of any form", "/timestamp", "yesterday"),
]


@pytest.mark.parametrize(("pointer", "new"), [case[1:] for case in HARMLESS], ids=[case[0] for case in HARMLESS])
def test_what_is_not_known_to_be_wrong_passes(pointer: str, new: Any) -> None:
    assert faults("LocationListResponse", put(page(smallest_location()), at(pointer), new)) == []
