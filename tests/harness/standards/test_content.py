"""Equal content, however it is written, and where it differs."""

from typing import Any

import pytest

from harness.standards.ocpi_2_2_1.content import content, differences

CONNECTOR: dict[str, Any] = {"id": "1", "max_voltage": 230, "tariff_ids": ["A", "B"]}
EVSE: dict[str, Any] = {"uid": "E1", "status": "AVAILABLE", "connectors": [CONNECTOR]}
OTHER_EVSE: dict[str, Any] = {"uid": "E2", "status": "BLOCKED", "connectors": [CONNECTOR]}
LOCATION: dict[str, Any] = {
    "id": "LOC-1",
    "name": "Plein",
    "evses": [EVSE, OTHER_EVSE],
    "opening_times": {"twentyfourseven": True},
    "last_updated": "2026-05-30T06:00:00Z",
}

SAME: dict[str, dict[str, Any]] = {
    "null for absent": {"postal_code": None},
    "an empty list for absent": {"images": []},
    "an unknown member": {"x_read_at": "2026-06-01T08:00:05Z"},
    "an unknown member further down": {"opening_times": {"twentyfourseven": True, "x": 1}},
    "an instant without Z": {"last_updated": "2026-05-30T06:00:00"},
    "an instant with a fraction": {"last_updated": "2026-05-30T06:00:00.000Z"},
    "EVSEs in another order": {"evses": [OTHER_EVSE, EVSE]},
    "numbers spelt otherwise": {"evses": [{**EVSE, "connectors": [{**CONNECTOR, "max_voltage": 230.0}]}, OTHER_EVSE]},
    "references in another order": {
        "evses": [{**EVSE, "connectors": [{**CONNECTOR, "tariff_ids": ["B", "A"]}]}, OTHER_EVSE]
    },
    "references in another case": {
        "evses": [{**EVSE, "connectors": [{**CONNECTOR, "tariff_ids": ["b", "a"]}]}, OTHER_EVSE]
    },
}
DIFFERENT: dict[str, tuple[dict[str, Any], tuple[str | int, ...]]] = {
    "another text": ({"name": "Weg"}, ("name",)),
    "a member more": ({"city": "Ede"}, ("city",)),
    "a member less": ({"name": None}, ("name",)),
    "further down": ({"opening_times": {"twentyfourseven": False}}, ("opening_times", "twentyfourseven")),
    "a number": ({"evses": [EVSE, {**OTHER_EVSE, "connectors": [{**CONNECTOR, "max_voltage": 400}]}]},
                 ("evses", 1, "connectors", 0, "max_voltage")),
    "a status, its EVSE now first": ({"evses": [{**OTHER_EVSE, "status": "CHARGING"}, EVSE]}, ("evses", 0, "status")),
    "an EVSE less": ({"evses": [EVSE]}, ("evses",)),
    "an EVSE more": ({"evses": [EVSE, OTHER_EVSE, {**EVSE, "uid": "E3"}]}, ("evses", 2)),
    "a true for a 1": ({"evses": [EVSE, {**OTHER_EVSE, "connectors": [{**CONNECTOR, "max_voltage": True}]}]},
                       ("evses", 1, "connectors", 0, "max_voltage")),
    "no list at all": ({"evses": "none"}, ("evses",)),
    "an instant a moment later": ({"last_updated": "2026-05-30T06:00:00.001Z"}, ("last_updated",)),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_same_content(name: str) -> None:
    written = {**LOCATION, **SAME[name]}
    assert content(written, "Location") == content(LOCATION, "Location")
    assert list(differences(LOCATION, written, "Location")) == []


@pytest.mark.parametrize("name", DIFFERENT)
def test_different_content_and_where(name: str) -> None:
    change, place = DIFFERENT[name]
    written = {**LOCATION, **change}
    assert content(written, "Location") != content(LOCATION, "Location")
    assert list(differences(LOCATION, written, "Location")) == [place]


def test_order_of_tariff_elements_counts() -> None:
    one, two = {"price_components": [{"type": "FLAT"}]}, {"price_components": [{"type": "TIME"}]}
    assert content({"elements": [one, two]}, "Tariff") != content({"elements": [two, one]}, "Tariff")


@pytest.mark.parametrize("value", [None, [], "text", 1e400, {"evses": [None, "x", {"uid": 3}], "id": {"a": []}}])
def test_nothing_is_too_odd(value: Any) -> None:
    assert content(value, "Location") == content(value, "Location")
    assert list(differences(value, value, "Location")) == []


def test_what_is_left_out_does_not_count() -> None:
    written = {**LOCATION, "id": "other"}
    assert list(differences(LOCATION, written, "Location", frozenset({"id"}))) == []
    assert content(LOCATION, "Location", frozenset({"id"})) == content(written, "Location", frozenset({"id"}))
