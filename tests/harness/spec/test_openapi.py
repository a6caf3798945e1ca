"""Documents: loading, and which operation a request is for."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.model.pointer import MISSING
from harness.spec.openapi import Document, load, resolve

GOOD = {"description": "fine", "content": {"application/json": {"schema": {"type": "object"}}}}


def loaded(folder: Path, paths: dict[str, Any], components: dict[str, Any] | None = None) -> Document:
    file = folder / "api.yaml"
    file.write_text(yaml.safe_dump({"openapi": "3.1.0", "paths": paths, "components": components or {}}))
    return load(file)


def operation(name: str, responses: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"operationId": name, "responses": responses or {"200": GOOD}}


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return loaded(
        tmp_path,
        {
            "/{module}/{id}": {"get": operation("anything")},
            "/locations": {"get": operation("list"), "post": operation("make")},
            "/locations/{id}": {"get": operation("one"), "parameters": []},
            "/locations/all": {"get": operation("all")},
            "/locations/{id}/{evse}": {"get": operation("evse")},
            "/v2.0/x": {"get": operation("dotted")},
        },
    )


@pytest.mark.parametrize(
    ("method", "path", "found"),
    [
        *(("GET", "/locations", "list"), ("get", "/locations", "list"), ("POST", "/locations", "make")),
        *(("GET", "/locations/all", "all"), ("GET", "/locations/LOC-1", "one"), ("GET", "/tariffs/1", "anything")),
        *(("GET", "/locations/a%2Fb", "one"), ("GET", "/locations/a%2Fb/%2A", "evse"), ("GET", "/v2.0/x", "dotted")),
        *(("GET", "/v2x0/x", "anything"), ("PUT", "/locations", None), ("GET", "/locations/", None)),
        *(("GET", "/locations/a/b/c", None), ("GET", "/x/locations/a/b", None), ("GET", "", None), ("GET", "/", None)),
    ],
)
def test_a_request_is_for_the_most_literal_operation_that_it_fits_whole(
    document: Document, method: str, path: str, found: str | None
) -> None:
    operation = document.operation(method, path)
    assert (operation.id if operation else None) == found


def test_an_operation_is_found_by_its_id(document: Document) -> None:
    one = document.operation_by_id("one")
    assert one is not None
    assert (one.method, one.template) == ("GET", "/locations/{id}")
    assert document.operation_by_id("two") is None


def test_the_schema_of_an_answer_is_the_exact_one_then_the_range_then_the_default(tmp_path: Path) -> None:
    def saying(text: str) -> dict[str, Any]:
        return {"content": {"application/json": {"schema": {"const": text}}}}

    responses = {
        "200": saying("ok"),
        "2XX": saying("range"),
        "4XX": saying("wrong"),
        "default": saying("else"),
        "204": {},
    }
    document = loaded(tmp_path, {"/x": {"get": operation("x", responses)}})
    answers = [document.operations[0].answer(status) for status in (200, 201, 404, 500, 302)]
    assert [answer and answer.schema["const"] for answer in answers] == ["ok", "range", "wrong", "else", "else"]


def test_an_answer_without_a_schema_is_held_against_none(tmp_path: Path) -> None:
    document = loaded(tmp_path, {"/x": {"get": operation("x", {"200": {"description": "no body"}})}})
    assert document.operations[0].answer(200) is None


def test_responses_are_found_through_references(tmp_path: Path) -> None:
    components = {"responses": {"Good": {"$ref": "#/components/responses/Really~1good"}, "Really/good": GOOD}}
    document = loaded(
        tmp_path, {"/x": {"get": operation("x", {"200": {"$ref": "#/components/responses/Good"}})}}, components
    )
    assert document.operations[0].answer(200) is not None


@pytest.mark.parametrize("reference", ["#/components/responses/None", "#/components/loop"])
def test_a_reference_that_leads_nowhere_or_round_is_refused(tmp_path: Path, reference: str) -> None:
    components = {"responses": {"Good": GOOD}, "loop": {"$ref": "#/components/loop"}}
    with pytest.raises(ValueError, match="leads nowhere"):
        loaded(tmp_path, {"/x": {"get": operation("x", {"200": {"$ref": reference}})}}, components)


def test_what_is_no_reference_is_itself_and_one_to_elsewhere_is_refused() -> None:
    assert resolve({}, GOOD) is GOOD
    with pytest.raises(ValueError, match="only references into the same document"):
        resolve({}, {"$ref": "other.yaml#/components/responses/Good"})


def test_the_operations_of_a_path_are_one_for_each_method_and_the_most_literal(document: Document) -> None:
    def methods(path: str) -> dict[str, str]:
        return {one.method: one.id for one in document.methods(path)}

    assert methods("/locations") == {"GET": "list", "POST": "make"}
    assert methods("/locations/all") == {"GET": "all"}
    assert methods("/nothing/at/all/here") == {}


def test_the_method_decides_where_a_literal_path_has_fewer(tmp_path: Path) -> None:
    document = loaded(
        tmp_path,
        {"/a/{id}": {"get": operation("one"), "put": operation("put")}, "/a/all": {"get": operation("all")}},
    )
    assert [one.id for one in document.methods("/a/all")] == ["all", "put"]
    assert [one.id for method in ("GET", "PUT") if (one := document.operation(method, "/a/all"))] == ["all", "put"]


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("/a/1/b-2.json", {"location-id": "1", "evse": "2"}),
        ("/a/x%2Fy/b-%25.json", {"location-id": "x/y", "evse": "%"}),
        ("/a/caf%C3%A9+*/b-%20.json", {"location-id": "café+*", "evse": " "}),
        ("/a/%FF/b-..json", {"location-id": "\ufffd", "evse": "."}),
        ("/a/x/y/b-1.json", {}),
    ],
)
def test_parameters_are_decoded_once_the_path_is_split(tmp_path: Path, path: str, parameters: dict[str, str]) -> None:
    document = loaded(tmp_path, {"/a/{location-id}/b-{evse}.json": {"get": operation("x")}})
    assert document.operations[0].parameters(path) == parameters
    assert (document.operation("GET", path) is not None) == bool(parameters)


def test_what_an_operation_takes_is_read_from_its_body(tmp_path: Path) -> None:
    schema = {"type": "object", "x-requirement": "acme/body"}
    body = {"required": True, "content": {"application/json": {"schema": schema, "example": {"a": 1}}, "text/csv": {}}}
    components = {"requestBodies": {"Body": body}}
    put = operation("put") | {"requestBody": {"$ref": "#/components/requestBodies/Body"}, "x-only-where": {"s": "on"}}
    document = loaded(tmp_path, {"/x": {"put": put, "get": operation("get")}}, components)
    taking, other = (document.operation_by_id(name) for name in ("put", "get"))
    assert taking is not None
    assert other is not None
    assert taking.request is taking.request
    assert taking.request is not None
    assert [one.requirement for one in taking.request.mismatches([])] == ["acme/body"]
    assert (taking.request_required, taking.request_types) == (True, ("application/json", "text/csv"))
    assert (taking.request_example, dict(taking.only_where)) == ({"a": 1}, {"s": "on"})
    assert (other.request, other.request_required, other.request_types) == (None, False, ())
    assert (other.request_example, dict(other.only_where)) == (MISSING, {})


@pytest.mark.parametrize(
    ("statuses", "success"),
    [(["204", "200"], 204), (["404", "201"], 201), (["2XX", "default"], 200), ([], 200)],
)
def test_success_is_the_first_status_that_is_one(tmp_path: Path, statuses: list[str], success: int) -> None:
    responses = "".join(f"{json.dumps(status)}: {{description: x}}, " for status in statuses)
    file = tmp_path / "api.yaml"
    file.write_text(f"openapi: 3.1.0\npaths: {{/x: {{get: {{operationId: x, responses: {{ {responses} }} }} }} }}")
    assert load(file).operations[0].success_status == success


def test_examples_are_found_as_schemas_are(tmp_path: Path) -> None:
    def showing(**media: Any) -> dict[str, Any]:
        return {"content": {"application/json": media}}

    responses = {
        "200": showing(example={"a": 1}),
        "4XX": showing(examples={"far": {"externalValue": "https://acme.example"}, "near": {"value": [2]}}),
        "default": showing(schema={}),
        "204": {"description": "nothing"},
    }
    document = loaded(tmp_path, {"/x": {"get": operation("x", responses)}})
    found = [document.operations[0].example(status) for status in (200, 404, 500, 204)]
    assert found == [{"a": 1}, [2], MISSING, MISSING]


def test_schemas_are_compiled_once_and_when_they_are_asked_for(tmp_path: Path) -> None:
    looping = {"Loop": {"items": {"$ref": "#/components/schemas/Loop"}}}
    media = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Loop"}}}}
    responses = {"200": GOOD, "201": {"$ref": "#/components/responses/Good"}, "400": media}
    components = {"schemas": looping, "responses": {"Good": GOOD}}
    paths = {path: {"get": operation(path, responses)} for path in ("/x", "/y")}
    one, other = loaded(tmp_path, paths, components).operations
    assert one.answer(201) is other.answer(201)
    assert one.answer(201) is not one.answer(200)
    assert list(one.answers) == ["200", "201", "400"]
    assert len(one.answers) == 3
    with pytest.raises(ValueError, match="leads into itself"):
        one.answer(400)


def test_every_clause_that_the_document_names_is_known(tmp_path: Path) -> None:
    schema = {"x-requirement": "acme/a", "properties": {"x": {"anyOf": [{"x-requirement": "acme/b"}]}}}
    document = loaded(
        tmp_path, {"/x": {"get": operation("x", {"200": {"content": {"application/json": {"schema": schema}}}})}}
    )
    assert document.requirement_ids == {"acme/a", "acme/b"}
