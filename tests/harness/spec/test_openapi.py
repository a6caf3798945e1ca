"""Documents: loading, and which operation a request is for."""

from pathlib import Path
from typing import Any

import pytest
import yaml

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


@pytest.mark.parametrize(
    "reference", ["#/components/responses/None", "other.yaml#/components/responses/Good", "#/components/loop"]
)
def test_a_reference_that_leads_nowhere_elsewhere_or_round_is_refused(tmp_path: Path, reference: str) -> None:
    components = {"responses": {"Good": GOOD}, "loop": {"$ref": "#/components/loop"}}
    with pytest.raises(ValueError, match=r"leads nowhere|only references into the same document"):
        loaded(tmp_path, {"/x": {"get": operation("x", {"200": {"$ref": reference}})}}, components)


def test_what_is_no_reference_is_itself() -> None:
    assert resolve({}, GOOD) is GOOD


def test_every_clause_that_the_document_names_is_known(tmp_path: Path) -> None:
    schema = {"x-requirement": "acme/a", "properties": {"x": {"anyOf": [{"x-requirement": "acme/b"}]}}}
    document = loaded(
        tmp_path, {"/x": {"get": operation("x", {"200": {"content": {"application/json": {"schema": schema}}}})}}
    )
    assert document.requirement_ids == {"acme/a", "acme/b"}
