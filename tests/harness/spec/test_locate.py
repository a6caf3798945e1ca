"""Domain objects in a body: where the document says one stands, whatever came instead."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from harness.model.body import Body
from harness.model.exchange import Headers, HttpExchange, HttpRequest, HttpResponse
from harness.model.system import DomainObjects, ObjectKey
from harness.spec.locate import located
from harness.spec.schema import Place, compile_schema

OBJECTS = DomainObjects({"Site": ObjectKey("site", "id"), "Plug": ObjectKey("plug", "uid")}, ("country", "owner"))
SCHEMAS = {
    "Page": {
        "type": "object",
        "properties": {"data": {"type": "array", "items": {"$ref": "#/components/schemas/Site"}}},
    },
    "Site": {
        "properties": {
            "posts": {"items": {"properties": {"plugs": {"items": {"$ref": "#/components/schemas/Plug"}}}}},
            "main": {"oneOf": [{"$ref": "#/components/schemas/Plug"}, {"type": "null"}]},
            "address": {"$ref": "#/components/schemas/Address"},
        }
    },
    "Plug": {"type": "object"},
    "Address": {"type": "object"},
}
PAGE = compile_schema({"components": {"schemas": SCHEMAS}}, {"$ref": "#/components/schemas/Page"})
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def found(value: Any, objects: DomainObjects = OBJECTS) -> list[tuple[str, str, dict[str, str], str | None]]:
    response = HttpResponse(200, Headers(), Body(json.dumps(value).encode()))
    exchange = HttpExchange("e1", "s", "op", HttpRequest("GET", "http://h/", Headers()), response, NOW, NOW)
    return [(name, one.pointer, dict(one.keys), one.party) for name, one in located(exchange, PAGE, objects)]


def test_the_places_of_named_schemas_are_read_off_the_references() -> None:
    assert set(PAGE.places) == {
        Place("Page", ()),
        Place("Site", ("data", None)),
        Place("Plug", ("data", None, "posts", None, "plugs", None)),
        Place("Plug", ("data", None, "main")),
        Place("Address", ("data", None, "address")),
    }


def test_objects_are_found_with_the_keys_and_the_owner_around_them() -> None:
    site = {
        "id": "S1",
        "country": "nl",
        "owner": "abc",
        "posts": [{"plugs": [{"uid": "P1"}, {"uid": 2}]}, {"plugs": [{"uid": "P3", "country": "BE", "owner": "XYZ"}]}],
        "main": {"uid": "M"},
    }
    assert found({"data": [{}, site]}) == [
        ("Site", "/data/0", {}, None),
        ("Site", "/data/1", {"site": "S1"}, "NL/ABC"),
        ("Plug", "/data/1/posts/0/plugs/0", {"site": "S1", "plug": "P1"}, "NL/ABC"),
        ("Plug", "/data/1/posts/0/plugs/1", {"site": "S1", "plug": "2"}, "NL/ABC"),
        ("Plug", "/data/1/posts/1/plugs/0", {"site": "S1", "plug": "P3"}, "BE/XYZ"),
        ("Plug", "/data/1/main", {"site": "S1", "plug": "M"}, "NL/ABC"),
    ]


def test_a_second_name_is_told_under_its_own() -> None:
    objects = DomainObjects({"Site": ObjectKey("site", "id", also=("code", "alias")), "Plug": ObjectKey("plug", "uid")})
    site = {"id": "S1", "code": "C" * 99, "alias": 7, "posts": [{"plugs": [{"uid": "P1", "code": "not asked for"}]}]}
    named = [keys for _name, _pointer, keys, _party in found({"data": [site, {"code": "no id"}]}, objects)]
    assert named == [{"site": "S1", "code": "C" * 64}, {"site": "S1", "code": "C" * 64, "plug": "P1"}, {}]


@pytest.mark.parametrize(
    "value",
    [
        *(
            None,
            [],
            "text",
            7,
            {},
            {"data": None},
            {"data": {"0": {"id": "x"}}},
            {"data": "sites"},
            {"data": [None, 1, []]},
        ),
        *({"data": [["nested", {"id": "x"}]]}, {"data": [[[]]]}),
    ],
)
def test_other_things_in_the_place_of_objects_are_no_objects(value: Any) -> None:
    assert found(value) == []


@pytest.mark.parametrize(
    "posts", [None, "x", 1, {"plugs": [{"uid": "1"}]}, [None, "x", [], {"plugs": {"uid": 1}}, {"plugs": [None, 5, []]}]]
)
def test_wrong_types_in_between_end_the_search_and_nothing_else(posts: Any) -> None:
    assert found({"data": [{"id": "S", "posts": posts, "main": None}]}) == [("Site", "/data/0", {"site": "S"}, None)]


@pytest.mark.parametrize(
    ("members", "party"),
    [
        ({"country": "NL", "owner": "ABC"}, "NL/ABC"),
        ({"country": "NL"}, None),
        ({"country": "NL", "owner": 5}, None),
        ({"country": None, "owner": None}, None),
        ({"country": ["NL"], "owner": {}}, None),
    ],
)
def test_an_owner_is_named_by_all_its_members_or_not_at_all(members: dict[str, Any], party: str | None) -> None:
    assert found({"data": [{"id": "S", **members}]})[0][3] == party


@pytest.mark.parametrize(("key", "keys"), [(None, {}), ([], {}), ({}, {}), (1.5, {}), ("x" * 500, {"site": "x" * 64})])
def test_a_key_that_is_no_key_is_left_out_and_a_long_one_is_cut(key: Any, keys: dict[str, str]) -> None:
    assert found({"data": [{"id": key}]})[0][2] == keys
