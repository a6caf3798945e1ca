"""The party's own document: matched by method and path shape, of either dialect, and what it says of an answer."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness.collect import suite
from harness.spec.openapi import Document
from harness.spec.party_document import PartyDocument, PartyDocumentError, load_party_document

LIST = {
    "type": "object",
    "required": ["data"],
    "properties": {"data": {"type": "array", "items": {"$ref": "#/components/schemas/Location"}}},
}
LOCATION: dict[str, Any] = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {
        "id": {"type": "string", "maxLength": 5},
        "name": {"type": "string", "nullable": True},
        "level": {"type": "integer", "minimum": 0, "exclusiveMinimum": True},
        "inside": {"type": "array", "items": {"$ref": "#/components/schemas/Location"}},
    },
}


@pytest.fixture(scope="module")
def ours() -> Document:
    return suite("ndw-pull").load()


def loaded(tmp_path: Path, ours: Document, paths: dict[str, Any], version: str = "3.0.3") -> PartyDocument:
    file = tmp_path / "ndw.json"
    content = {"openapi": version, "paths": paths, "components": {"schemas": {"Location": LOCATION}}}
    file.write_text(json.dumps(content))
    return load_party_document(file, ours)


def answering(schema: Any, status: str = "200") -> dict[str, Any]:
    return {"responses": {status: {"content": {"application/json; charset=utf-8": {"schema": schema}}}}}


def test_operations_match_by_method_and_path_shape(tmp_path: Path, ours: Document) -> None:
    document = loaded(
        tmp_path,
        ours,
        {
            "/ocpi/sender/2.2.1/Locations/": {"get": answering(LIST), "post": answering(LIST)},
            "/ocpi/sender/2.2.1/locations/{id}": {"get": answering(LIST)},
            "/ocpi/sender/2.2.1/locations/{id}/{evse_uid}": {"get": answering(LIST)},
            "/versions": {"get": answering(LIST)},
        },
    )
    told = {name: match.template if match else None for name, match in document.matches.items()}
    assert told == {
        "getLocations": "/ocpi/sender/2.2.1/Locations/",
        "getLocation": "/ocpi/sender/2.2.1/locations/{id}",
        "getTariffs": None,
    }
    assert not document.judges("getTariffs", 200)
    assert not document.judges("getLocations", 404)


@pytest.mark.parametrize(
    ("location", "pointers"),
    [
        ({"id": "a", "name": None}, []),
        ({"id": "a", "name": "x", "level": 1, "inside": [{"id": "b", "name": "y"}]}, []),
        ({"id": "a"}, ["/data/0/name"]),
        ({"id": "abcdef", "name": "x"}, ["/data/0/id"]),
        ({"id": "a", "name": "x", "level": 0}, ["/data/0/level"]),
        ({"id": "a", "name": "x", "inside": [{"id": 1, "name": "y"}]}, ["/data/0/inside/0/id"]),
    ],
)
def test_answers_are_held_against_it_in_the_dialect_of_3_0(
    location: dict[str, Any], pointers: list[str], tmp_path: Path, ours: Document
) -> None:
    document = loaded(tmp_path, ours, {"/locations": {"get": answering(LIST, "2XX")}})
    assert document.judges("getLocations", 200)
    found = list(document.differences("getLocations", 200, {"data": [location]}))
    assert [one.pointer for one in found] == pointers


ELSEWHERE = answering({"$ref": "other.yaml#/Tariff"})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is no OpenAPI 3 document"),
        ('{"swagger": "2.0"}', "is no OpenAPI 3 document"),
        ("a: [", "cannot be read"),
        ('{"openapi": "3.1.0", "paths": {"/tariffs": {"get": 7}}}', "cannot be used"),
        (json.dumps({"openapi": "3.1.0", "paths": {"/tariffs": {"get": ELSEWHERE}}}), "cannot be used"),
    ],
)
def test_a_file_that_cannot_judge_says_why(text: str, says: str, tmp_path: Path, ours: Document) -> None:
    (tmp_path / "ndw.yaml").write_text(text)
    with pytest.raises(PartyDocumentError, match=says):
        load_party_document(tmp_path / "ndw.yaml", ours)
