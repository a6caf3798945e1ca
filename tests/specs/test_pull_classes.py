"""The classes of the pull document have all their fields, and the clauses' own table says the same."""

from typing import Any

import pytest

from harness.standards.ocpi_2_2_1.members import CLASSES, MANDATORY_UNDER_AFIR
from tests.specs.answers import fullest_location, fullest_tariff
from tests.specs.pull_document import REFERENCE, SCHEMAS, nodes, required

AFIR = {
    "opening_times": "ndw/locations-have-opening-times",
    "energy_mix": "ndw/locations-have-an-energy-mix",
    "parking_restrictions": "ndw/evses-have-parking-restrictions",
}


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("Status", 9),
        ("Capability", 13),
        ("ConnectorFormat", 2),
        ("ConnectorType", 40),
        ("PowerType", 5),
        ("ParkingType", 6),
        ("ParkingRestriction", 5),
        ("Facility", 20),
        ("ImageCategory", 7),
        ("EnergySourceCategory", 8),
        ("EnvironmentalImpactCategory", 2),
        ("TokenType", 4),
        ("TariffType", 5),
        ("TariffDimensionType", 4),
        ("ReservationRestrictionType", 2),
        ("DayOfWeek", 7),
    ],
)
def test_lists_of_values_are_complete(name: str, count: int) -> None:
    values = list_of_values(SCHEMAS[name])
    assert values is not None
    assert len(set(values)) == len(values) == count


def list_of_values(schema: dict[str, Any]) -> list[str] | None:
    """The values of a list; where some others came with a later version, what else there is."""
    values: list[str] | None = schema.get("else", schema).get("enum")
    return values


def test_every_list_of_values_is_counted() -> None:
    assert sum(list_of_values(schema) is not None for schema in SCHEMAS.values()) == 16
    later = [schema for schema in SCHEMAS.values() if "enum" in schema.get("if", {})]
    assert sum("enum" in node for node in nodes(SCHEMAS)) == 16 + 2 * len(later)
    for schema in later:  # the value is told once, by the clause on other versions
        assert schema["then"]["not"]["enum"] == schema["if"]["enum"]
        assert not set(schema["if"]["enum"]) & set(schema["else"]["enum"])
        assert schema["then"]["x-requirement"].endswith("-are-of-2-2-1")
    assert not [node for node in nodes(SCHEMAS) if {"type", "enum"} <= set(node)], "a number would be reported twice"


COUNTED = [
    ("Location", 26, 12),
    ("EVSE", 13, 5),
    ("Connector", 10, 7),
    ("GeoLocation", 2, 2),
    ("AdditionalGeoLocation", 3, 2),
    ("BusinessDetails", 3, 1),
    ("Hours", 4, 1),
    ("RegularHours", 3, 3),
    ("ExceptionalPeriod", 2, 2),
    ("EnergyMix", 5, 1),
    ("EnergySource", 2, 2),
    ("EnvironmentalImpact", 2, 2),
    ("StatusSchedule", 3, 2),
    ("Image", 6, 3),
    ("PublishTokenType", 5, 0),
    ("DisplayText", 2, 2),
    ("Tariff", 14, 6),
    ("TariffElement", 2, 1),
    ("PriceComponent", 4, 3),
    ("TariffRestrictions", 14, 0),
    ("Price", 2, 1),
]


@pytest.mark.parametrize(("name", "count", "needed"), COUNTED)
def test_classes_have_all_their_fields(name: str, count: int, needed: int) -> None:
    assert len(SCHEMAS[name]["properties"]) == count
    assert len(required(name)) == needed
    assert required(name).keys() <= SCHEMAS[name]["properties"].keys()


def test_the_table_of_members_has_the_same_classes() -> None:
    assert list(CLASSES) == [name for name, _, _ in COUNTED]


@pytest.mark.parametrize("name", CLASSES)
def test_the_table_of_members_says_the_same(name: str) -> None:
    assert list(CLASSES[name]) == list(SCHEMAS[name]["properties"])
    of_ndw = {field for owner, field in MANDATORY_UNDER_AFIR if owner == name}
    assert {field for field, member in CLASSES[name].items() if member.required} == required(name).keys() - of_ndw
    for field, member in CLASSES[name].items():
        schema = SCHEMAS[name]["properties"][field]
        assert member.many == ("items" in schema), field
        assert member.kind == _kind(schema, member.kind), field


def _kind(schema: dict[str, Any], said: str) -> str:
    """The kind that a schema stands for; ids are CiStrings that the document does not tell from others."""
    names = {str(node["$ref"]).removeprefix(REFERENCE) for node in nodes(schema) if "$ref" in node}
    if names & {*CLASSES, "DateTime", "URL"}:
        return min(names)
    if names & {"CiString36", "PrintableAscii"}:
        return said if said in ("id", "ci") else "id"
    if "Printable" in names or schema.get("pattern") == "^([A-Z]{3}|#NA)$":
        return "text"
    return "-"


def test_the_full_fixtures_hold_every_field() -> None:
    assert set(fullest_location()) == set(SCHEMAS["Location"]["properties"])
    assert set(fullest_location()["evses"][0]) == set(SCHEMAS["EVSE"]["properties"])
    assert set(fullest_location()["evses"][0]["connectors"][0]) == set(SCHEMAS["Connector"]["properties"])
    assert set(fullest_tariff()) == set(SCHEMAS["Tariff"]["properties"])
    assert set(fullest_tariff()["elements"][0]["restrictions"]) == set(SCHEMAS["TariffRestrictions"]["properties"])


@pytest.mark.parametrize(("name", "field"), sorted(MANDATORY_UNDER_AFIR))
def test_what_ndw_made_mandatory_is_published(name: str, field: str) -> None:
    found = [
        node["properties"][field] for node in nodes(SCHEMAS) if "properties" in node and field in node["properties"]
    ]
    assert any(node.get("x-basis") == "published" for node in found)
    if field in AFIR:
        assert required(name)[field] == AFIR[field]
