"""The pull document: it is accepted, it lets correct answers through, and it blames faults at the right place."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import jsonschema_rs
import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

FOLDER = Path(__file__).parents[2] / "specs" / "ndw"
TEXT = (FOLDER / "openapi-pull.yaml").read_text(encoding="utf-8")
DOCUMENT: dict[str, Any] = yaml.safe_load(TEXT)
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
REFERENCE = "#/components/schemas/"

IS_OBJECT = "ocpi-2.2.1/envelope-is-an-object"
HAS_CODE = "ocpi-2.2.1/envelope-has-a-status-code"
HAS_TIME = "ocpi-2.2.1/envelope-is-timestamped"
LIST_DATA = "ocpi-2.2.1/list-data-is-an-array"
SINGLE_DATA = "ocpi-2.2.1/single-data-is-an-object"
ERRORS = "ocpi-2.2.1/errors-carry-the-envelope"
CATCH_ALL = "openapi/answers-match-the-document"

SETTINGS = {
    "pull.limit_param",
    "pull.oauth_client_auth",
    "pull.require_date_filters",
    "pull.token_encoding",
    "pull.trailing_slash",
    "pull.unknown_location",
    "ndw.parking_restrictions_empty",
    "ndw.removed_evse_exempt",
    "ndw.tariff_ids_empty",
    "schema.address_fail_over",
    "schema.empty_string_optional",
    "schema.null_optional",
    "schema.state_fail_over",
    "schema.step_size_zero",
    "schema.unknown_keys",
    "time.max_length",
}

Place = tuple[str | int, ...]
Missing = jsonschema_rs.ValidationErrorKind.Required


# ---- Fixtures of our own ------------------------------------------------------------------------------------------


def smallest_location() -> dict[str, Any]:
    return {
        "country_code": "NL",
        "party_id": "HRN",
        "id": "haven-noord-3",
        "publish": True,
        "address": "Scheepmakersdijk 7",
        "city": "Harlingen",
        "country": "NLD",
        "coordinates": {"latitude": "53.174860", "longitude": "5.41466"},
        "time_zone": "Europe/Amsterdam",
        "opening_times": {"twentyfourseven": True},
        "energy_mix": {"is_green_energy": False},
        "evses": [
            {
                "uid": "hn3/west*1",
                "status": "CHARGING",
                "connectors": [
                    {
                        "id": "a",
                        "standard": "IEC_62196_T2_COMBO",
                        "format": "CABLE",
                        "power_type": "DC",
                        "max_voltage": 920,
                        "max_amperage": 200,
                        "max_electric_power": 150000,
                        "tariff_ids": ["fast-2026"],
                        "last_updated": "2026-03-29T01:30:00.25Z",
                    }
                ],
                "parking_restrictions": ["EV_ONLY", "PLUGGED"],
                "last_updated": "2026-03-29T01:30:00.25Z",
            }
        ],
        "last_updated": "2026-03-29T02:00:00",
    }


def smallest_tariff() -> dict[str, Any]:
    return {
        "country_code": "NL",
        "party_id": "HRN",
        "id": "fast-2026",
        "currency": "EUR",
        "elements": [{"price_components": [{"type": "ENERGY", "price": 0.62, "step_size": 100}]}],
        "last_updated": "2026-01-01T00:00:00Z",
    }


def fullest_location() -> dict[str, Any]:
    """Every field of every class that a location can hold."""
    image = {
        "url": "https://haven.example/p/1.png",
        "thumbnail": "https://haven.example/p/1s.png",
        "category": "ENTRANCE",
        "type": "png",
        "width": 1200,
        "height": 99999,
    }
    company = {"name": "Stroom aan Zee B.V.", "website": "https://stroom.example", "logo": image}
    period = {"period_begin": "2026-12-25T00:00:00Z", "period_end": "2026-12-25T23:00:00Z"}
    text = {"language": "nl", "text": "Achter het hek — links"}
    location = smallest_location() | {
        "publish": False,
        "publish_allowed_to": [
            {"uid": "04AB12", "type": "RFID"},
            {"visual_number": "NL-HRN-1", "issuer": "Stroom aan Zee"},
            {"group_id": "visitors"},
        ],
        "name": "Haven Noord",
        "postal_code": "8861 KC",
        "state": "Fryslân",
        "related_locations": [{"latitude": "-5.12345", "longitude": "-175.123456", "name": text}],
        "parking_type": "ON_STREET",
        "directions": [text],
        "operator": company,
        "suboperator": company,
        "owner": company,
        "facilities": ["FUEL_STATION", "WIFI"],
        "opening_times": {
            "twentyfourseven": False,
            "regular_hours": [{"weekday": 7, "period_begin": "08:00", "period_end": "23:59"}],
            "exceptional_openings": [period],
            "exceptional_closings": [period],
        },
        "charging_when_closed": False,
        "images": [image],
        "energy_mix": fullest_energy_mix(),
    }
    location["evses"][0] |= {
        "evse_id": "NL*HRN*E3*1",
        "status_schedule": [{**period, "status": "INOPERATIVE"}],
        "capabilities": ["RFID_READER", "CONTACTLESS_CARD_SUPPORT"],
        "floor_level": "-1",
        "coordinates": {"latitude": "53.1748601", "longitude": "5.4146612"},
        "physical_reference": "3-W",
        "directions": [text],
        "images": [image],
    }
    location["evses"][0]["connectors"][0]["terms_and_conditions"] = "https://stroom.example/terms"
    return location


def fullest_energy_mix() -> dict[str, Any]:
    return {
        "is_green_energy": False,
        "energy_sources": [{"source": "WIND", "percentage": 62.5}, {"source": "GAS", "percentage": 37.5}],
        "environ_impact": [{"category": "CARBON_DIOXIDE", "amount": 140.2}],
        "supplier_name": "Noorderwind",
        "energy_product_name": "Half om half",
    }


def fullest_tariff() -> dict[str, Any]:
    restrictions = {
        "start_time": "22:00",
        "end_time": "06:00",
        "start_date": "2026-11-01",
        "end_date": "2027-03-01",
        "min_kwh": 0.5,
        "max_kwh": 80,
        "min_current": 6,
        "max_current": 96.0,
        "min_power": 3.7,
        "max_power": 150,
        "min_duration": 60,
        "max_duration": 7200,
        "day_of_week": ["SATURDAY", "SUNDAY"],
        "reservation": "RESERVATION_EXPIRES",
    }
    return smallest_tariff() | {
        "type": "AD_HOC_PAYMENT",
        "tariff_alt_text": [{"language": "en", "text": "Cheaper at night"}],
        "tariff_alt_url": "https://stroom.example/prices",
        "min_price": {"excl_vat": 1, "incl_vat": 1.21},
        "max_price": {"excl_vat": 40},
        "elements": [
            {
                "price_components": [{"type": "FLAT", "price": 0, "vat": 21, "step_size": 0}],
                "restrictions": restrictions,
            }
        ],
        "start_date_time": "2026-11-01T00:00:00Z",
        "end_date_time": "2027-03-01T00:00:00Z",
        "energy_mix": fullest_energy_mix(),
    }


def envelope(data: Any) -> dict[str, Any]:
    return {"status_code": 1000, "timestamp": "2026-06-30T21:59:58Z", "data": data}


def page(*objects: Any) -> dict[str, Any]:
    return envelope(list(objects))


FAILURE: dict[str, Any] = {"status_code": 2001, "status_message": "no such day", "timestamp": "2026-06-30T21:59:58Z"}
CORRECT: dict[str, tuple[str, Any]] = {
    "a small location on a page": ("LocationListResponse", page(smallest_location())),
    "a small location alone": ("LocationResponse", envelope(smallest_location())),
    "a small tariff": ("TariffListResponse", page(smallest_tariff())),
    "a full location on a page": ("LocationListResponse", page(fullest_location(), smallest_location())),
    "a full location alone": ("LocationResponse", envelope(fullest_location())),
    "a full tariff": ("TariffListResponse", page(fullest_tariff())),
    "no location": ("LocationListResponse", page()),
    "no tariff": ("TariffListResponse", page()),
    "failure instead of locations": ("LocationListResponse", FAILURE),
    "failure instead of one location": ("LocationResponse", FAILURE | {"data": None}),
    "failure instead of tariffs": ("TariffListResponse", FAILURE | {"data": {"errors": []}}),
    "an error": ("ErrorResponse", FAILURE),
    "an error with anything as data": ("ErrorResponse", FAILURE | {"data": [1], "status_message": None}),
}


# ---- From a fault to the requirement it belongs to -----------------------------------------------------------------


def inlined(node: Any, within: tuple[str, ...] = ()) -> Any:
    """The schema without references; what stands beside a reference is kept."""
    if isinstance(node, list):
        return [inlined(each, within) for each in node]
    if not isinstance(node, dict):
        return node
    beside = {key: inlined(value, within) for key, value in node.items() if key != "$ref"}
    if "$ref" not in node:
        return beside
    name = node["$ref"].removeprefix(REFERENCE)
    assert name not in within, f"{name} contains itself"
    return inlined(SCHEMAS[name], (*within, name)) | beside


INLINED: dict[str, Any] = {name: inlined(schema, (name,)) for name, schema in SCHEMAS.items()}
VALIDATORS = {name: jsonschema_rs.Draft202012Validator(schema) for name, schema in INLINED.items()}


def requirement_of(error: jsonschema_rs.ValidationError, schema: Any) -> str:
    nearest = CATCH_ALL
    nodes = [schema]
    for step in error.schema_path[:-1]:
        nodes.append(nodes[-1][step])
    for node in nodes:
        if isinstance(node, dict) and "x-requirement" in node:
            nearest = node["x-requirement"]
    if isinstance(error.kind, Missing):
        missing = nodes[-1].get("properties", {}).get(error.kind.property, {})
        nearest = missing.get("x-requirement", nearest)
    return nearest


def place_of(error: jsonschema_rs.ValidationError) -> Place:
    place = tuple(error.instance_path)
    return (*place, error.kind.property) if isinstance(error.kind, Missing) else place


def faults(name: str, value: Any) -> list[tuple[Place, str]]:
    return sorted(
        ((place_of(error), requirement_of(error, INLINED[name])) for error in VALIDATORS[name].iter_errors(value)),
        key=repr,
    )


# ---- Editing a value -----------------------------------------------------------------------------------------------


def fresh(value: Any) -> Any:
    """A copy in which no part stands twice, unlike the one of deepcopy."""
    return json.loads(json.dumps(value))


def put(value: Any, place: Place, new: Any) -> Any:
    if not place:
        return new
    changed = fresh(value)
    target = changed
    for step in place[:-1]:
        target = target[step]
    target[place[-1]] = new
    return changed


def drop(value: Any, place: Place) -> Any:
    changed = fresh(value)
    target = changed
    for step in place[:-1]:
        target = target[step]
    del target[place[-1]]
    return changed


def at(pointer: str) -> Place:
    return tuple(int(step) if step.isdigit() else step for step in pointer.split("/")[1:])


# ---- The document itself -------------------------------------------------------------------------------------------


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from nodes(value)
    elif isinstance(node, list):
        for value in node:
            yield from nodes(value)


def test_it_is_openapi_3_1() -> None:
    assert DOCUMENT["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(DOCUMENT).iter_errors()) == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_valid_by_itself(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name])
    jsonschema_rs.Draft202012Validator(SCHEMAS[name] | {"components": {"schemas": SCHEMAS}})


def test_it_says_what_it_is() -> None:
    assert DOCUMENT["info"]["version"] == "2026.12"
    assert DOCUMENT["info"]["license"]["identifier"] == "Apache-2.0"
    assert [server["url"] for server in DOCUMENT["servers"]] == ["https://cpo.example/ocpi/2.2.1"]
    assert {path: item["get"]["operationId"] for path, item in DOCUMENT["paths"].items()} == {
        "/locations": "getLocations",
        "/locations/{location_id}": "getLocation",
        "/tariffs": "getTariffs",
    }
    assert all(set(item["get"]["responses"]) == {"200", "400", "401", "404"} for item in DOCUMENT["paths"].values())
    assert DOCUMENT["security"] == [{"ocpiToken": []}, {"oauth2": []}]


def test_every_schema_is_used_and_described() -> None:
    used = {node["$ref"] for node in nodes(DOCUMENT) if "$ref" in node}
    assert {REFERENCE + name for name in SCHEMAS} <= used
    for schema in SCHEMAS.values():
        assert schema["description"]
        assert schema["x-basis"] == "standard"
        for name, field in schema.get("properties", {}).items():
            assert field.get("description"), name


def test_lines_are_short_and_anchors_absent() -> None:
    assert max(len(line) for line in TEXT.splitlines()) <= 120
    assert not [token for token in yaml.scan(TEXT) if isinstance(token, yaml.AnchorToken | yaml.AliasToken)]


def test_only_agreed_requirements_are_named() -> None:
    named = {node["x-requirement"] for node in nodes(DOCUMENT) if "x-requirement" in node}
    assert named == {IS_OBJECT, HAS_CODE, HAS_TIME, LIST_DATA, SINGLE_DATA, ERRORS, CATCH_ALL}


def test_every_basis_has_its_source_and_every_setting_its_assumption() -> None:
    seen = set()
    for node in nodes(DOCUMENT):
        basis = node.get("x-basis")
        assert basis in {None, "published", "standard", "assumed"}
        assert ("x-source" in node) == (basis in {"published", "standard"}), node
        if "x-setting" in node:
            assert basis == "assumed", node
            seen.add(node["x-setting"])
    assert seen == SETTINGS
    source = (FOLDER / "SOURCE.md").read_text(encoding="utf-8")
    assert [setting for setting in sorted(seen) if f"`{setting}`" not in source] == []


def test_assumed_rules_are_told_but_not_enforced() -> None:
    enforced = {node["pattern"] for node in nodes(DOCUMENT) if isinstance(node.get("pattern"), str)}
    assumed = {node["x-assumed-pattern"] for node in nodes(DOCUMENT) if "x-assumed-pattern" in node}
    assert len(assumed) == 6
    assert not enforced & assumed
    for pattern in enforced | assumed:
        assert "(?" not in pattern
        assert "\\d" not in pattern
        assert pattern.startswith("^")
        re.compile(pattern)
    keys = {key for node in nodes(SCHEMAS) for key in node}
    assert not keys & {"additionalProperties", "unevaluatedProperties", "minLength", "minProperties"}


def test_beside_a_reference_stand_only_remarks() -> None:
    """So that putting the referred schema in its place loses nothing."""
    for node in nodes(SCHEMAS):
        if "$ref" in node:
            assert all(key in {"$ref", "description"} or key.startswith("x-") for key in node), node
            assert "x-requirement" not in node


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
    values = SCHEMAS[name]["enum"]
    assert len(set(values)) == len(values) == count


def test_every_list_of_values_is_counted() -> None:
    assert sum("enum" in schema for schema in SCHEMAS.values()) == 16
    assert sum("enum" in node for node in nodes(SCHEMAS)) == 16
    assert not [node for node in nodes(SCHEMAS) if {"type", "enum"} <= set(node)], "a number would be reported twice"


@pytest.mark.parametrize(
    ("name", "count", "required"),
    [
        ("Location", 26, 12),
        ("EVSE", 13, 5),
        ("Connector", 10, 9),
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
    ],
)
def test_classes_have_all_their_fields(name: str, count: int, required: int) -> None:
    schema = SCHEMAS[name]
    assert len(schema["properties"]) == count
    assert len(schema.get("required", [])) == required
    assert set(schema.get("required", [])) <= set(schema["properties"])


# ---- Correct answers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CORRECT)
def test_correct_answers_pass(case: str) -> None:
    name, value = CORRECT[case]
    assert faults(name, value) == []
    # the second opinion, with references left as they are
    jsonschema.Draft202012Validator(SCHEMAS[name] | {"components": {"schemas": SCHEMAS}}).validate(value)


def test_the_full_fixtures_hold_every_field() -> None:
    assert set(fullest_location()) == set(SCHEMAS["Location"]["properties"])
    assert set(fullest_location()["evses"][0]) == set(SCHEMAS["EVSE"]["properties"])
    assert set(fullest_location()["evses"][0]["connectors"][0]) == set(SCHEMAS["Connector"]["properties"])
    assert set(fullest_tariff()) == set(SCHEMAS["Tariff"]["properties"])
    assert set(fullest_tariff()["elements"][0]["restrictions"]) == set(SCHEMAS["TariffRestrictions"]["properties"])


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
    if field not in SCHEMAS[name].get("required", [])
]
REQUIRED = [(name, field) for name in SAMPLES for field in SCHEMAS[name].get("required", [])]


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
    assert faults(name, put(SAMPLES[name], (field,), wrong)) == [((field,), CATCH_ALL)]


@pytest.mark.parametrize(("name", "field"), REQUIRED)
def test_required_fields_may_be_neither_absent_nor_null(name: str, field: str) -> None:
    assert faults(name, drop(SAMPLES[name], (field,))) == [((field,), CATCH_ALL)]
    assert faults(name, put(SAMPLES[name], (field,), None)) == [((field,), CATCH_ALL)]


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Location", "opening_times"),
        ("Location", "energy_mix"),
        ("EVSE", "parking_restrictions"),
        ("Connector", "max_electric_power"),
        ("Connector", "tariff_ids"),
    ],
)
def test_what_ndw_made_mandatory_is_required(name: str, field: str) -> None:
    assert field in SCHEMAS[name]["required"]
    assert SCHEMAS[name]["properties"][field]["x-basis"] == "published"
    assert (name, field) in REQUIRED


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


# ---- Broken answers ------------------------------------------------------------------------------------------------

LOCATIONS = ("LocationListResponse", page(fullest_location()))
LOCATION = ("LocationResponse", envelope(fullest_location()))
TARIFFS = ("TariffListResponse", page(fullest_tariff()))
ERROR = ("ErrorResponse", FAILURE)
GONE = object()

BROKEN: list[tuple[tuple[str, Any], str, Any, str]] = [
    # the envelope
    (LOCATIONS, "", [smallest_location()], IS_OBJECT),
    (LOCATION, "", "locations", IS_OBJECT),
    (TARIFFS, "", None, IS_OBJECT),
    (LOCATIONS, "/status_code", GONE, HAS_CODE),
    (LOCATION, "/status_code", "1000", HAS_CODE),
    (TARIFFS, "/status_code", 200, HAS_CODE),
    (TARIFFS, "/status_code", 5000, HAS_CODE),
    (TARIFFS, "/status_code", 1000.5, HAS_CODE),
    (LOCATIONS, "/status_code", None, HAS_CODE),
    (LOCATIONS, "/timestamp", GONE, HAS_TIME),
    (LOCATION, "/timestamp", 1782856798, HAS_TIME),
    (TARIFFS, "/timestamp", None, HAS_TIME),
    (TARIFFS, "/status_message", 7, IS_OBJECT),
    # the data
    (LOCATIONS, "/data", GONE, LIST_DATA),
    (LOCATIONS, "/data", None, LIST_DATA),
    (LOCATIONS, "/data", smallest_location(), LIST_DATA),
    (TARIFFS, "/data", GONE, LIST_DATA),
    (TARIFFS, "/data", {}, LIST_DATA),
    (LOCATION, "/data", GONE, SINGLE_DATA),
    (LOCATION, "/data", None, SINGLE_DATA),
    (LOCATION, "/data", [smallest_location()], SINGLE_DATA),
    (LOCATIONS, "/data/0", "haven-noord-3", CATCH_ALL),
    (TARIFFS, "/data/0", None, CATCH_ALL),
    # errors
    (ERROR, "", [], ERRORS),
    (ERROR, "", "Not Found", ERRORS),
    (ERROR, "/status_code", GONE, ERRORS),
    (ERROR, "/status_code", 1000, ERRORS),
    (ERROR, "/status_code", 404, ERRORS),
    (ERROR, "/timestamp", GONE, ERRORS),
    (ERROR, "/timestamp", 0, ERRORS),
    (ERROR, "/status_message", ["no"], ERRORS),
    # locations
    (LOCATIONS, "/data/0/time_zone", GONE, CATCH_ALL),
    (LOCATION, "/data/time_zone", None, CATCH_ALL),
    (LOCATION, "/data/publish", "true", CATCH_ALL),
    (LOCATIONS, "/data/0/opening_times", GONE, CATCH_ALL),
    (LOCATION, "/data/energy_mix", GONE, CATCH_ALL),
    (LOCATIONS, "/data/0/id", "i" * 37, CATCH_ALL),
    (LOCATIONS, "/data/0/id", "café", CATCH_ALL),
    (LOCATIONS, "/data/0/country_code", "NLD", CATCH_ALL),
    (LOCATIONS, "/data/0/country", "NLDX", CATCH_ALL),
    (LOCATIONS, "/data/0/address", "a" * 256, CATCH_ALL),
    (LOCATIONS, "/data/0/address", "two\nlines", CATCH_ALL),
    (LOCATIONS, "/data/0/state", "s" * 46, CATCH_ALL),
    (LOCATIONS, "/data/0/name", "tab\there", CATCH_ALL),
    (LOCATIONS, "/data/0/coordinates/latitude", 53.17486, CATCH_ALL),
    (LOCATIONS, "/data/0/coordinates/latitude", "53.1748", CATCH_ALL),
    (LOCATIONS, "/data/0/coordinates/longitude", "5,414660", CATCH_ALL),
    (LOCATIONS, "/data/0/coordinates/longitude", "-179.1234567", CATCH_ALL),
    (LOCATIONS, "/data/0/related_locations/0/name/text", GONE, CATCH_ALL),
    (LOCATIONS, "/data/0/parking_type", "on_street", CATCH_ALL),
    (LOCATIONS, "/data/0/facilities/0", "PUB", CATCH_ALL),
    (LOCATIONS, "/data/0/operator/name", GONE, CATCH_ALL),
    (LOCATIONS, "/data/0/operator/name", "n" * 101, CATCH_ALL),
    (LOCATIONS, "/data/0/operator/website", "https://" + "w" * 248, CATCH_ALL),
    (LOCATIONS, "/data/0/owner/logo/type", "image/png", CATCH_ALL),
    (LOCATIONS, "/data/0/images/0/width", 100000, CATCH_ALL),
    (LOCATIONS, "/data/0/directions/0/language", "nl-NL", CATCH_ALL),
    (LOCATIONS, "/data/0/directions/0/text", "t" * 513, CATCH_ALL),
    (LOCATIONS, "/data/0/opening_times/twentyfourseven", GONE, CATCH_ALL),
    (LOCATIONS, "/data/0/opening_times/regular_hours/0/weekday", 0, CATCH_ALL),
    (LOCATIONS, "/data/0/opening_times/regular_hours/0/period_begin", "8:00", CATCH_ALL),
    (LOCATIONS, "/data/0/opening_times/regular_hours/0/period_end", "24:00", CATCH_ALL),
    (LOCATIONS, "/data/0/opening_times/exceptional_closings/0/period_end", "2026-12-26", CATCH_ALL),
    (LOCATIONS, "/data/0/energy_mix/energy_sources/0/percentage", 120, CATCH_ALL),
    (LOCATIONS, "/data/0/energy_mix/energy_sources/0/source", "TIDES", CATCH_ALL),
    (LOCATIONS, "/data/0/energy_mix/environ_impact/0/amount", -1, CATCH_ALL),
    (LOCATIONS, "/data/0/publish_allowed_to/0/type", GONE, CATCH_ALL),
    (LOCATIONS, "/data/0/publish_allowed_to/0/type", None, CATCH_ALL),
    (LOCATIONS, "/data/0/publish_allowed_to/1/issuer", GONE, CATCH_ALL),
    (LOCATIONS, "/data/0/publish_allowed_to/2", {}, CATCH_ALL),
    (LOCATIONS, "/data/0/publish_allowed_to/2", {"group_id": None}, CATCH_ALL),
    (LOCATIONS, "/data/0/last_updated", "2026-03-29T02:00:00+00:00", CATCH_ALL),
    (LOCATIONS, "/data/0/last_updated", "2026-13-01T02:00:00Z", CATCH_ALL),
    (LOCATIONS, "/data/0/last_updated", "2026-03-29 02:00:00Z", CATCH_ALL),
    # EVSEs
    (LOCATION, "/data/evses/0/uid", GONE, CATCH_ALL),
    (LOCATION, "/data/evses/0/status", "Available", CATCH_ALL),
    (LOCATION, "/data/evses/0/connectors", GONE, CATCH_ALL),
    (LOCATION, "/data/evses/0/connectors", [], CATCH_ALL),
    (LOCATION, "/data/evses/0/evse_id", "E" * 49, CATCH_ALL),
    (LOCATION, "/data/evses/0/floor_level", "minus", CATCH_ALL),
    (LOCATION, "/data/evses/0/physical_reference", "p" * 17, CATCH_ALL),
    (LOCATION, "/data/evses/0/coordinates/latitude", GONE, CATCH_ALL),
    (LOCATION, "/data/evses/0/capabilities/1", "PLUG_AND_CHARGE", CATCH_ALL),
    (LOCATION, "/data/evses/0/parking_restrictions", GONE, CATCH_ALL),
    (LOCATION, "/data/evses/0/parking_restrictions", "EV_ONLY", CATCH_ALL),
    (LOCATION, "/data/evses/0/parking_restrictions/0", "TAXIS", CATCH_ALL),
    (LOCATION, "/data/evses/0/status_schedule/0/status", GONE, CATCH_ALL),
    (LOCATION, "/data/evses/0/status_schedule/0/period_end", "soon", CATCH_ALL),
    # connectors
    (LOCATIONS, "/data/0/evses/0/connectors/0/power_type", GONE, CATCH_ALL),
    (LOCATIONS, "/data/0/evses/0/connectors/0/standard", "IEC_60309_2_THREE_16", CATCH_ALL),
    (LOCATIONS, "/data/0/evses/0/connectors/0/standard", "MCS", CATCH_ALL),
    (LOCATIONS, "/data/0/evses/0/connectors/0/format", "PLUG", CATCH_ALL),
    (LOCATIONS, "/data/0/evses/0/connectors/0/max_voltage", "230", CATCH_ALL),
    (LOCATIONS, "/data/0/evses/0/connectors/0/max_amperage", 16.5, CATCH_ALL),
    (LOCATIONS, "/data/0/evses/0/connectors/0/max_electric_power", None, CATCH_ALL),
    (LOCATIONS, "/data/0/evses/0/connectors/0/tariff_ids", GONE, CATCH_ALL),
    (LOCATIONS, "/data/0/evses/0/connectors/0/tariff_ids/0", 1, CATCH_ALL),
    # tariffs
    (TARIFFS, "/data/0/last_updated", GONE, CATCH_ALL),
    (TARIFFS, "/data/0/elements", [], CATCH_ALL),
    (TARIFFS, "/data/0/currency", "EURO", CATCH_ALL),
    (TARIFFS, "/data/0/type", "CHEAP", CATCH_ALL),
    (TARIFFS, "/data/0/min_price", 1.5, CATCH_ALL),
    (TARIFFS, "/data/0/max_price/excl_vat", GONE, CATCH_ALL),
    (TARIFFS, "/data/0/start_date_time", "2026-11-01T00:00:00+01:00", CATCH_ALL),
    (TARIFFS, "/data/0/energy_mix/is_green_energy", GONE, CATCH_ALL),
    (TARIFFS, "/data/0/elements/0/price_components", [], CATCH_ALL),
    (TARIFFS, "/data/0/elements/0/price_components/0/price", "0.62", CATCH_ALL),
    (TARIFFS, "/data/0/elements/0/price_components/0/step_size", GONE, CATCH_ALL),
    (TARIFFS, "/data/0/elements/0/price_components/0/step_size", 0.5, CATCH_ALL),
    (TARIFFS, "/data/0/elements/0/restrictions", [], CATCH_ALL),
    (TARIFFS, "/data/0/elements/0/restrictions/end_time", "24:00", CATCH_ALL),
    (TARIFFS, "/data/0/elements/0/restrictions/start_date", "2026-00-01", CATCH_ALL),
    (TARIFFS, "/data/0/elements/0/restrictions/day_of_week/0", "Saturday", CATCH_ALL),
    (TARIFFS, "/data/0/elements/0/restrictions/min_duration", 0.5, CATCH_ALL),
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
    assert faults(name, broken) == [(at(pointer), requirement)]
    second = jsonschema.Draft202012Validator(SCHEMAS[name] | {"components": {"schemas": SCHEMAS}})
    assert not second.is_valid(broken)


def test_each_fault_has_its_own_blame() -> None:
    value = put(page({"id": 1}, smallest_location()), ("timestamp",), 5)
    found = faults("LocationListResponse", value)
    assert (("timestamp",), HAS_TIME) in found
    assert (("data", 0, "id"), CATCH_ALL) in found
    assert {requirement for _, requirement in found} == {HAS_TIME, CATCH_ALL}
    assert {place[:2] for place, requirement in found if requirement == CATCH_ALL} == {("data", 0)}


# ---- The list of rows ----------------------------------------------------------------------------------------------


def test_rows_are_complete() -> None:
    rows = json.loads((FOLDER / "rows.json").read_text(encoding="utf-8"))["rows"]
    assert [row["group"] for row in rows] == ["A"] * 13 + ["B"] * 9
    assert len({row["row"] for row in rows}) == len(rows)
    for row in rows:
        assert set(row) - {"open"} == {"row", "group", "keyword", "binds", "basis", "source"}
        assert row["keyword"] in {"MUST", "SHOULD", "MAY"}
        assert set(row["binds"]) <= {"server", "client"}
        assert set(row["basis"]) <= {"published", "standard", "assumed"}
        assert ("open" in row) == ("-oauth-" in row["row"])
    assert sum("open" in row for row in rows) == 4
