"""Values from a schema: valid ones only, all sorts of them, and a refusal by name of what is outside the subset."""

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import find, given, settings
from hypothesis.errors import NoSuchExample

from harness.generate.from_schema import from_schema
from tests.harness.generate.pages import moderately
from tests.proofs.conversation import bench

NULL_OR = {"if": {"type": "null"}, "else": {"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$"}}
REMOVED_OR = {
    "type": "object",
    "required": ["status"],
    "properties": {"status": {"enum": ["AVAILABLE", "REMOVED"]}, "power": {"type": "integer"}},
    "if": {"required": ["status"], "properties": {"status": {"const": "REMOVED"}}},
    "else": {"required": ["power"], "allOf": [{"properties": {"power": {"minimum": 1}}}]},
}
SCHEMAS: dict[str, Any] = {
    "anything": {},
    "true": True,
    "annotations": {"type": "boolean", "description": "x", "default": True, "x-requirement": "y"},
    "types": {"type": ["integer", "null", "boolean"]},
    "integer": {"type": "integer", "minimum": -3, "exclusiveMaximum": 2},
    "number": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
    "number off limits": {"type": "number", "minimum": 0.5, "not": {"type": "integer"}},
    "text": {"type": "string", "minLength": 2, "maxLength": 3},
    "class": {"type": "string", "pattern": r"^[^\x00-\x1F\x7F-\x9F]*$", "minLength": 1, "maxLength": 5},
    "ascii": {"type": "string", "pattern": r"^[\x20-\x7E]*$", "maxLength": 4, "not": {"const": "#NA"}},
    "degrees": {"type": "string", "pattern": r"^-?[0-9]{1,2}\.[0-9]{5,7}$", "maxLength": 10},
    "beginning": {"type": "string", "pattern": "^https?://", "maxLength": 255},
    "two patterns": {"type": "string", "pattern": "^[a-c]{1,3}$", "allOf": [{"pattern": "b"}]},
    "not the pattern": {"type": "string", "not": {"pattern": "^a"}, "maxLength": 3},
    "list": {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 2},
    "empty list": {"type": "array", "items": False},
    "object": {"type": "object", "required": ["a", "z"], "properties": {"a": {"type": "null"}, "b": {"enum": [1]}}},
    "null or": NULL_OR,
    "reference beside": {"allOf": [{"type": ["string", "null"]}], "$ref": "#/$defs/time", "$defs": {"time": NULL_OR}},
    "conditional": REMOVED_OR,
    "turned round": {"not": {"anyOf": [{"type": ["string", "object", "array"]}, {"maximum": 3}, NULL_OR]}},
    "not required": {"type": "object", "not": {"required": ["a"], "properties": {"a": {"type": "string"}}}},
    "one of several": {"anyOf": [{"const": 1}, {"type": "string", "maxLength": 0}, {"type": "array", "maxItems": 0}]},
    "then only": {"type": "integer", "if": {"minimum": 10}, "then": {"maximum": 12}},
    "neither": {"if": {"type": "string"}, "type": "boolean"},
    "type of the const": {"type": "string", "enum": [1, "one", None]},
}


def made(schema: Any) -> Any:
    defs = {"$defs": schema["$defs"]} if isinstance(schema, dict) and "$defs" in schema else {}
    bare = {key: value for key, value in schema.items() if key != "$defs"} if defs else schema
    return from_schema(bare, {**defs})


@pytest.mark.parametrize("name", SCHEMAS)
def test_values_are_valid(name: str) -> None:
    validator = jsonschema_rs.Draft202012Validator(SCHEMAS[name])

    @moderately(100)
    @given(made(SCHEMAS[name]))
    def check(value: Any) -> None:
        assert validator.is_valid(value), value

    check()


@pytest.mark.parametrize("name", bench("ndw-pull").document.content["components"]["schemas"])
def test_values_of_our_document_are_valid(name: str) -> None:
    content = bench("ndw-pull").document.content
    reference = {"$ref": f"#/components/schemas/{name}"}
    validator = jsonschema_rs.Draft202012Validator({**reference, "components": content["components"]})

    @moderately(20)
    @given(from_schema(reference, content))
    def check(value: Any) -> None:
        assert validator.is_valid(value), value

    check()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("types", None),
        ("integer", -3),
        ("integer", 1),
        ("number", 1.0),
        ("null or", None),
        ("empty list", []),
        ("not required", {}),
        ("conditional", {"status": "REMOVED"}),
        ("then only", 12),
        ("one of several", ""),
        ("type of the const", "one"),
    ],
)
def test_the_edges_are_found(name: str, value: Any) -> None:
    patient = settings(max_examples=3_000, derandomize=True, database=None)
    assert find(made(SCHEMAS[name]), lambda found: found == value, settings=patient) == value


def test_the_condition_decides_on_the_rest() -> None:
    def removed_with_power(found: Any) -> bool:
        return bool(found["status"] == "REMOVED" and found.get("power", 1) < 1)

    quick = settings(max_examples=500, derandomize=True, database=None)
    assert find(from_schema(REMOVED_OR), removed_with_power, settings=quick)
    with pytest.raises(NoSuchExample):
        find(from_schema(REMOVED_OR), lambda found: found["status"] != "REMOVED" and found["power"] < 1, settings=quick)


REFUSED: list[tuple[Any, str]] = [
    ({"oneOf": [{}]}, "#: oneOf: is outside the subset"),
    ({"properties": {"a/b": {"uniqueItems": True}}, "type": "object"}, "#/properties/a~1b: uniqueItems: is outside"),
    ({"type": "array", "items": {"contains": {}}}, "#/items: contains: is outside"),
    ({"format": "date-time"}, "#: format: is outside"),
    ({"additionalProperties": False}, "#: additionalProperties: is outside"),
    ({"type": "text"}, "#: type: 'text' is no type"),
    ({"enum": [[1]]}, "#: enum: lists and objects are outside"),
    ({"const": {}}, "#: const: lists and objects are outside"),
    ({"pattern": r"^\d+$"}, r"#: pattern: '\\d' in"),
    ({"pattern": "^a|b$"}, "#: pattern: alternatives of"),
    ({"pattern": "a$b"}, "#: pattern: an anchor in the middle of"),
    ({"pattern": "^(?=a)$"}, "#: pattern: "),
    ({"not": {"items": {}}}, "#/not: items: cannot be turned round"),
    ({"$ref": "other.yaml#/a"}, "#: $ref: other.yaml#/a leads out of the document"),
    ({"$ref": "#/nowhere"}, "#: $ref: #/nowhere leads nowhere"),
    ({"allOf": [5]}, "#/allOf/0: schema: 5 is none"),
    ({"type": "integer", "minimum": 2, "maximum": 1}, "#: no value can meet this schema"),
    ({"type": "string", "const": 1}, "#: no value can meet this schema"),
    ({"type": "object", "required": ["a"], "properties": {"a": False}}, "#: no value can meet this schema"),
    (False, "#: no value can meet this schema"),
]


@pytest.mark.parametrize(("schema", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_what_is_outside_the_subset_is_refused_by_name(schema: Any, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as error:
        from_schema(schema)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/$defs/a"},
        {"properties": {"child": {"$ref": "#/$defs/b"}}},
    ],
)
def test_a_schema_that_leads_into_itself_is_refused(schema: Any) -> None:
    defs = {"a": {"$ref": "#/$defs/a"}, "b": {"type": "object", "properties": {"again": {"$ref": "#/$defs/b"}}}}
    with pytest.raises(ValueError, match="leads into itself"):
        from_schema(schema, {"$defs": defs})


def test_too_many_combinations_are_refused() -> None:
    choice = {"anyOf": [{"properties": {"a": {"const": number}}} for number in range(30)]}
    with pytest.raises(ValueError, match="more than 500 combinations"):
        from_schema({"allOf": [choice, choice]})
