"""What is sent: correct bodies pass, each fault is told once, at its place, by the clause that it belongs to."""

from typing import Any

import pytest

from tests.specs.answers import (
    DISPLAY_TEXT,
    GONE,
    IMAGE,
    at,
    drop,
    envelope,
    fullest_location,
    fullest_tariff,
    put,
    smallest_location,
    smallest_tariff,
)
from tests.specs.pull_document import SCHEMAS
from tests.specs.push_documents import WRITTEN, faults, operation

NOW = "2026-03-29T01:31:00Z"
LOCATION = fullest_location()
EVSE = LOCATION["evses"][0]
CONNECTOR = EVSE["connectors"][0]
NO_OBJECT = "ndw/bodies-are-objects"
NO_STAMP = "ndw/patch-has-last-updated"
INCOMPLETE = "ndw/patched-parts-are-complete"
WHOLE = {"putLocation": LOCATION, "putEvse": EVSE, "putConnector": CONNECTOR, "putTariff": fullest_tariff()}
PARTS = {"patchLocation": LOCATION, "patchEvse": EVSE, "patchConnector": CONNECTOR}


@pytest.mark.parametrize(
    ("name", "body"),
    [
        *WHOLE.items(),
        *PARTS.items(),
        ("putLocation", smallest_location()),
        ("putTariff", smallest_tariff()),
        ("putEvse", smallest_location()["evses"][0]),
        *((name, {"last_updated": NOW}) for name in PARTS),
        *((name, {**dict.fromkeys(body), "last_updated": NOW}) for name, body in PARTS.items()),
        *((name, {"last_updated": NOW, "colour": "green"}) for name in PARTS),
        ("patchEvse", {"status": "REMOVED", "last_updated": NOW, "connectors": [drop(CONNECTOR, ("tariff_ids",))]}),
        ("patchLocation", {"evses": [], "last_updated": NOW}),
        ("patchEvse", {"parking_restrictions": [], "last_updated": NOW}),
    ],
)
def test_a_correct_body_passes_and_so_does_null_in_a_patch(name: str, body: Any) -> None:
    """What null in a PATCH means is for a clause in code."""
    assert faults(name, body) == []


@pytest.mark.parametrize("name", [*WHOLE, *PARTS])
@pytest.mark.parametrize("body", [[], [{}], None, "{}", 1, True])
def test_a_body_that_is_no_object_is_told_once(name: str, body: Any) -> None:
    assert faults(name, body) == [("", NO_OBJECT)]


@pytest.mark.parametrize("name", PARTS)
def test_a_patch_without_its_moment_is_told(name: str) -> None:
    assert faults(name, {}) == [("/last_updated", NO_STAMP)]
    assert faults(name, {"last_updated": None}) == [("/last_updated", NO_STAMP)]
    assert faults(name, {"last_updated": "2026-03-29T01:31:00+02:00"}) == [
        ("/last_updated", "ocpi-2.2.1/date-times-are-in-utc")
    ]


@pytest.mark.parametrize(
    ("name", "pointer", "value", "clause"),
    [
        # whole objects: the clauses of the classes
        ("putLocation", "/energy_mix", GONE, "ndw/locations-have-an-energy-mix"),
        ("putLocation", "/opening_times/twentyfourseven", GONE, "ocpi-2.2.1/opening-times-are-as-defined"),
        ("putLocation", "/time_zone", None, "ocpi-2.2.1/location-has-required-fields"),
        ("putLocation", "/evses/0/connectors/0/tariff_ids", GONE, "ndw/connectors-have-tariff-ids"),
        ("putEvse", "/parking_restrictions", GONE, "ndw/evses-have-parking-restrictions"),
        ("putEvse", "/connectors", [], "ocpi-2.2.1/evse-has-required-fields"),
        ("putConnector", "/max_electric_power", GONE, "ndw/connectors-have-their-power"),
        ("putConnector", "/max_electric_power", None, "ndw/connectors-have-their-power"),
        ("putConnector", "/tariff_ids", GONE, "ndw/connectors-have-tariff-ids"),
        ("putConnector", "/tariff_ids", "fast-2026", "ndw/connectors-have-tariff-ids"),
        ("putConnector", "/standard", GONE, "ocpi-2.2.1/connector-has-required-fields"),
        ("putTariff", "/currency", GONE, "ocpi-2.2.1/tariff-has-required-fields"),
        ("putTariff", "/elements/0/price_components/0/price", "0.62", "ocpi-2.2.1/tariff-elements-are-as-defined"),
        # parts: what is missing from one
        ("patchLocation", "/opening_times/twentyfourseven", GONE, INCOMPLETE),
        ("patchLocation", "/opening_times/regular_hours/0/period_end", GONE, INCOMPLETE),
        ("patchLocation", "/energy_mix/is_green_energy", GONE, INCOMPLETE),
        ("patchLocation", "/coordinates/latitude", GONE, INCOMPLETE),
        ("patchLocation", "/operator/logo/url", GONE, INCOMPLETE),
        ("patchLocation", "/evses/0/status", GONE, INCOMPLETE),
        ("patchLocation", "/evses/0/parking_restrictions", GONE, INCOMPLETE),
        ("patchLocation", "/evses/0/connectors/0/max_electric_power", GONE, INCOMPLETE),
        ("patchEvse", "/connectors/0/id", GONE, INCOMPLETE),
        ("patchEvse", "/connectors/0/tariff_ids", GONE, INCOMPLETE),
        ("patchEvse", "/status_schedule/0/status", GONE, INCOMPLETE),
        # parts: what is wrong with one
        ("patchLocation", "/opening_times", "always", "ocpi-2.2.1/opening-times-are-as-defined"),
        ("patchLocation", "/energy_mix", [], "ocpi-2.2.1/energy-mixes-are-as-defined"),
        ("patchLocation", "/publish", "true", "ocpi-2.2.1/location-fields-are-as-defined"),
        ("patchLocation", "/evses", {}, "ocpi-2.2.1/location-fields-are-as-defined"),
        ("patchLocation", "/coordinates", "53.1, 5.4", "ocpi-2.2.1/coordinates-are-as-defined"),
        ("patchLocation", "/evses/0/connectors/0/tariff_ids", None, "ndw/connectors-have-tariff-ids"),
        ("patchLocation", "/evses/0/connectors", None, "ocpi-2.2.1/evse-has-required-fields"),
        ("patchEvse", "/status", "CHARGED", "ocpi-2.2.1/evse-fields-are-as-defined"),
        ("patchEvse", "/connectors", [], "ocpi-2.2.1/evse-has-required-fields"),
        ("patchEvse", "/parking_restrictions", "EV_ONLY", "ndw/evses-have-parking-restrictions"),
        ("patchConnector", "/tariff_ids", "fast-2026", "ndw/connectors-have-tariff-ids"),
        ("patchConnector", "/tariff_ids/0", "é", "ocpi-2.2.1/texts-without-case-are-ascii"),
        ("patchConnector", "/max_voltage", 230.5, "ocpi-2.2.1/connector-fields-are-as-defined"),
    ],
)
def test_a_fault_is_told_once_by_its_clause(name: str, pointer: str, value: Any, clause: str) -> None:
    body = (WHOLE | PARTS)[name]
    broken = drop(body, at(pointer)) if value is GONE else put(body, at(pointer), value)
    assert faults(name, broken) == [(pointer, clause)]


@pytest.mark.parametrize(
    ("name", "known"), [("LocationPatch", "Location"), ("EvsePatch", "EVSE"), ("ConnectorPatch", "Connector")]
)
def test_a_patch_has_the_fields_of_its_class_and_those_that_hold_objects_are_whole(name: str, known: str) -> None:
    fields = WRITTEN["push"]["components"]["schemas"][name]["allOf"][1]["properties"]
    assert fields.keys() == SCHEMAS[known]["properties"].keys()
    marked = {field for field, schema in fields.items() if "x-incomplete" in schema}
    assert {schema["x-incomplete"] for schema in fields.values() if "x-incomplete" in schema} <= {INCOMPLETE}
    missing_inside = {field for field in fields if inside(SCHEMAS[known]["properties"][field])}
    assert marked == missing_inside


def inside(field: dict[str, Any]) -> bool:
    """True where a field holds objects, alone or in a list."""
    for holder in (field, field.get("else", {}), field.get("items", {})):
        target = SCHEMAS.get(str(holder.get("$ref", "")).rpartition("/")[2], {})
        if "properties" in target:
            return True
    return False


@pytest.mark.parametrize(
    ("data", "pointers"),
    [
        (GONE, []),
        (None, []),
        ({"hint": 1}, []),
        ({"errors": []}, []),
        ({"errors": [{"path": "", "rule": "ndw/x", "message": "no", "expected": "a", "actual": "b"}]}, []),
        ({"errors": {}}, ["/data/errors"]),
        ({"errors": [{"path": ""}]}, ["/data/errors/0/message", "/data/errors/0/rule"]),
    ],
)
def test_a_refusal_may_say_why(data: Any, pointers: list[str]) -> None:
    answer = operation("putEvse").answer(200)
    assert answer is not None
    body = envelope(data) | {"status_code": 2001}
    if data is GONE:
        del body["data"]
    assert sorted(one.pointer for one in answer.mismatches(body)) == pointers
    assert list(answer.mismatches(body | {"status_code": 1000})) == [], "with success anything goes"


def test_the_objects_in_a_body_are_known_by_the_names_of_their_classes() -> None:
    request = operation("patchLocation").request
    assert request is not None
    names = {place.schema: place.path for place in request.places}
    assert (names["EVSE"], names["Connector"]) == (("evses", None), ("evses", None, "connectors", None))
    assert "evses" not in names, "a field is no class"


def test_lists_of_objects_in_a_patch_are_looked_into() -> None:
    body = {"last_updated": NOW, "images": [IMAGE, {}], "directions": [DISPLAY_TEXT, {"text": "x"}]}
    assert faults("patchLocation", body) == [
        ("/directions/1/language", INCOMPLETE),
        *((f"/images/1/{name}", INCOMPLETE) for name in ("category", "type", "url")),
    ]
