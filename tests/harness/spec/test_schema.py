"""Schemas: each error once, at its place, for the clause it belongs to."""

from typing import Any

import pytest

from harness.model.body import Body
from harness.spec.schema import CATCH_ALL, compile_schema, shown


def routed(schema: Any, value: Any, content: Any = None) -> list[tuple[str, str]]:
    compiled = compile_schema({"components": {"schemas": content or {}}}, schema)
    return [(mismatch.requirement, mismatch.pointer) for mismatch in compiled.mismatches(value)]


THING = {
    "type": "object",
    "x-requirement": "acme/thing",
    "required": ["id", "name"],
    "properties": {
        "id": {"type": "string", "x-requirement": "acme/id"},
        "name": {"type": "string"},
        "tags": {"type": "array", "items": {"type": "string", "minLength": 1, "x-requirement": "acme/tag"}},
        "inner": {"type": "object", "properties": {"a/b": {"type": "integer"}}},
    },
}


@pytest.mark.parametrize(
    ("value", "routes"),
    [
        ({"id": "1", "name": "n", "tags": ["x"], "inner": {"a/b": 1}}, []),
        ({"name": "n"}, [("acme/id", "/id")]),
        ({"id": "1"}, [("acme/thing", "/name")]),
        ({}, [("acme/id", "/id"), ("acme/thing", "/name")]),
        ({"id": 1, "name": "n"}, [("acme/id", "/id")]),
        ({"id": "1", "name": 2}, [("acme/thing", "/name")]),
        ({"id": "1", "name": "n", "tags": ["x", "", 3]}, [("acme/tag", "/tags/1"), ("acme/tag", "/tags/2")]),
        ({"id": "1", "name": "n", "tags": "x"}, [("acme/thing", "/tags")]),
        ({"id": "1", "name": "n", "inner": {"a/b": "1"}}, [("acme/thing", "/inner/a~1b")]),
        ([], [("acme/thing", "")]),
    ],
)
def test_an_error_goes_to_the_nearest_enclosing_clause(value: Any, routes: list[tuple[str, str]]) -> None:
    assert sorted(routed(THING, value)) == sorted(routes)


def test_an_error_under_no_clause_goes_to_the_catch_all() -> None:
    assert routed({"properties": {"n": {"type": "integer"}}}, {"n": "1"}) == [(CATCH_ALL, "/n")]


@pytest.mark.parametrize(
    ("value", "routes"),
    [
        ({"kind": "a"}, [("acme/size-of-a", "/size")]),
        ({"kind": "a", "size": "big"}, [("acme/size-of-a", "/size")]),
        ({"kind": "b"}, [("acme/color-of-others", "/color")]),
        ({"kind": "a", "size": 1}, []),
    ],
)
def test_a_condition_routes_into_its_branch(value: Any, routes: list[tuple[str, str]]) -> None:
    schema = {
        "if": {"properties": {"kind": {"const": "a"}}},
        "then": {"required": ["size"], "properties": {"size": {"type": "integer", "x-requirement": "acme/size-of-a"}}},
        "else": {"x-requirement": "acme/color-of-others", "required": ["color"]},
    }
    assert routed(schema, value) == routes
    assert compile_schema({}, schema).requirements == {CATCH_ALL, "acme/size-of-a", "acme/color-of-others"}


def test_what_stands_beside_a_reference_counts_too() -> None:
    schema = {
        "properties": {
            "thing": {
                "$ref": "#/components/schemas/Thing",
                "x-requirement": "acme/beside",
                "maxProperties": 2,
                "allOf": [{"required": ["extra"]}],
            }
        }
    }
    value = {"thing": {"id": 1, "name": "n", "more": 1}}
    found = sorted(routed(schema, value, {"Thing": THING}))
    assert found == [("acme/beside", "/thing"), ("acme/beside", "/thing/extra"), ("acme/id", "/thing/id")]


@pytest.mark.parametrize(
    ("schemas", "hint"),
    [
        ({"A": {"properties": {"a": {"$ref": "#/components/schemas/A"}}}}, "leads into itself"),
        (
            {"A": {"items": {"$ref": "#/components/schemas/B"}}, "B": {"allOf": [{"$ref": "#/components/schemas/A"}]}},
            "itself",
        ),
        ({"A": {"items": {"$ref": "#/components/schemas/C"}}}, "nowhere in this document"),
        ({"A": {"items": {"$ref": "other.yaml#/A"}}}, "other.yaml"),
    ],
)
def test_references_in_circles_nowhere_or_elsewhere_are_refused(schemas: Any, hint: str) -> None:
    with pytest.raises(ValueError, match=hint):
        compile_schema({"components": {"schemas": schemas}}, {"$ref": "#/components/schemas/A"})


def test_one_schema_may_be_used_twice_side_by_side() -> None:
    schema = {"properties": {name: {"$ref": "#/components/schemas/Thing"} for name in "ab"}}
    assert routed(schema, {"a": {"id": "1"}, "b": {"name": "n"}}, {"Thing": THING}) == [
        ("acme/thing", "/a/name"),
        ("acme/id", "/b/id"),
    ]


def test_a_mismatch_says_what_was_wanted_and_what_came() -> None:
    compiled = compile_schema({}, {"required": ["id"], "properties": {"n": {"maximum": 5}}})
    found = {mismatch.pointer: (mismatch.expected, mismatch.actual) for mismatch in compiled.mismatches({"n": 7})}
    assert found == {"/id": ('required: "id"', "absent"), "/n": ("maximum: 5", "7")}


@pytest.mark.parametrize(
    "raw",
    [
        b'{"id": "1", "name": NaN}',
        b'{"id": "1", "name": -Infinity}',
        b'{"id": "1", "name": 1e999}',
        rb'{"id": "1", "name": {"\ud800": "\udfff"}}',
        b'{"id": "1", "name": ' + b"9" * 4_000 + b"}",
        b'{"id": "1", "name": ' + b"[" * 240 + b"]" * 240 + b"}",
    ],
)
def test_no_odd_value_breaks_the_pass(raw: bytes) -> None:
    assert routed(THING, Body(raw).value) == [("acme/thing", "/name")]


@pytest.mark.parametrize("depth", [260, 700])
def test_a_body_nested_deeper_than_the_validator_follows_is_one_mismatch(depth: int) -> None:
    assert routed(THING, Body(b"[" * depth + b"]" * depth).value) == [(CATCH_ALL, "")]


def test_a_long_value_is_shown_short() -> None:
    assert shown("é") == '"é"'
    assert len(shown("x" * 10_000)) == 160
    assert shown("x" * 10_000).endswith("…")
    nested: list[Any] = []
    for _ in range(100_000):
        nested = [nested]
    with pytest.raises(RecursionError):
        repr(nested)
    assert shown(nested) == "a value too deep to show"


def test_what_is_missing_below_a_part_that_must_be_whole_belongs_to_its_clause() -> None:
    part = {"$ref": "#/components/schemas/Thing", "x-incomplete": "acme/parts-are-whole"}
    schema = {"x-requirement": "acme/outside", "required": ["part"], "properties": {"part": part}}
    known = {"Thing": THING}
    assert routed(schema, {}, known) == [("acme/outside", "/part")]
    missing = routed(schema, {"part": {}}, known)
    assert missing
    assert {clause for clause, _ in missing} == {"acme/parts-are-whole"}
    assert routed(schema, {"part": []}, known) == [("acme/thing", "/part")]
    compiled = compile_schema({"components": {"schemas": known}}, schema)
    assert {"acme/parts-are-whole", "acme/outside", "acme/thing"} <= compiled.requirements


def test_a_part_of_a_component_is_not_taken_for_the_component() -> None:
    content = {"components": {"schemas": {"Site": {"properties": {"Thing": {"type": "string"}}}}}}
    compiled = compile_schema(content, {"items": {"$ref": "#/components/schemas/Site/properties/Thing"}})
    assert compiled.places == ()
    assert [one.pointer for one in compiled.mismatches(["a", 1])] == ["/1"]
