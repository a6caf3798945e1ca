"""The documents of the push side: accepted, complete, each point with its source, examples that fit."""

import json
from typing import Any

import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

from harness.spec.bundle import bundled_json
from harness.spec.openapi import Document
from harness.spec.schema import CompiledSchema
from tests.specs import pull_document
from tests.specs.pull_document import FOLDER, nodes
from tests.specs.push_documents import LOADED, TEXTS, WRITTEN, operation

PUSH = LOADED["push"]
SETTINGS = {
    "push": {
        *(f"push.{name}" for name in ("base_path", "get_method", "unsupported_method", "put_requires", "patch_evses")),
        *(f"push.{name}" for name in ("put_drops_evse", "older_last_updated", "equal_last_updated", "unknown_parent")),
        *(f"push.{name}" for name in ("patch_unknown", "delete_unknown", "foreign_party", "id_compare")),
        *(f"push.{name}" for name in ("http_error_body", "non_object_body", "wrong_content_type", "success_data")),
        *("push.created_status", "push.routing_headers", "push.message_ids"),
        *("schema.null_in_patch", "ndw.removed_evse_exempt"),
    },
    "token": {"token.path", "token.expires_in", "token.min_interval_s", "token.error_style", "token.refresh"},
}
OWN_CLAUSES = {
    "push": {"ndw/bodies-are-objects", "ndw/patch-has-last-updated", "ndw/patched-parts-are-complete"},
    "token": {"ndw/token-answers-have-the-published-keys"},
}
LOCATION = "/locations/{country_code}/{party_id}/{location_id}"
OPERATIONS = {
    LOCATION: {"GET": "getLocation", "PUT": "putLocation", "PATCH": "patchLocation"},
    LOCATION + "/{evse_uid}": {"GET": "getEvse", "PUT": "putEvse", "PATCH": "patchEvse"},
    LOCATION + "/{evse_uid}/{connector_id}": {
        "GET": "getConnector",
        "PUT": "putConnector",
        "PATCH": "patchConnector",
    },
    "/tariffs/{country_code}/{party_id}/{tariff_id}": {
        "GET": "getTariff",
        "PUT": "putTariff",
        "DELETE": "deleteTariff",
    },
}


@pytest.mark.parametrize("name", LOADED)
def test_as_one_document_it_is_openapi_3_1_and_json(name: str) -> None:
    text = bundled_json(FOLDER / f"openapi-{name}.yaml")
    content = json.loads(text)
    assert content == LOADED[name].content
    assert content["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(content).iter_errors()) == []
    assert ".yaml#" not in text


@pytest.mark.parametrize("name", LOADED)
def test_every_basis_has_its_source_and_every_setting_its_assumption(name: str) -> None:
    seen = set()
    for node in nodes(WRITTEN[name]):
        basis = node.get("x-basis")
        assert basis in {None, "published", "standard", "assumed"}
        assert ("x-source" in node) == (basis in {"published", "standard"}), node
        if "x-setting" in node:
            assert basis == "assumed", node
            seen.add(node["x-setting"])
    assert seen == SETTINGS[name]
    source = (FOLDER / "SOURCE.md").read_text(encoding="utf-8")
    assert [one for one in sorted(seen) if f"`{one}`" not in source] == []


@pytest.mark.parametrize("name", LOADED)
def test_its_clauses_are_those_of_the_objects_and_a_few_of_its_own(name: str) -> None:
    of_objects = {node["x-requirement"] for node in nodes(pull_document.DOCUMENT) if "x-requirement" in node}
    assert LOADED[name].requirement_ids - of_objects == OWN_CLAUSES[name]


@pytest.mark.parametrize("name", LOADED)
def test_lines_are_short_anchors_absent_and_components_used(name: str) -> None:
    assert max(len(line) for line in TEXTS[name].splitlines()) <= 120
    assert not [one for one in yaml.scan(TEXTS[name]) if isinstance(one, yaml.AnchorToken | yaml.AliasToken)]
    used = {node["$ref"] for node in nodes(WRITTEN[name]) if "$ref" in node}
    components = WRITTEN[name]["components"]
    own = {f"#/components/{kind}/{one}" for kind in components if kind != "securitySchemes" for one in components[kind]}
    assert own <= used


def test_the_methods_are_those_of_the_page_and_get_exists_where_a_setting_says_so() -> None:
    found: dict[str, dict[str, str]] = {}
    for one in PUSH.operations:
        found.setdefault(one.template, {})[one.method] = one.id
        assert one.only_where == ({"push.get_method": "serve"} if one.method == "GET" else {})
        assert one.request_types == (("application/json",) if one.method in {"PUT", "PATCH"} else ())
        assert one.request_required == (one.method in {"PUT", "PATCH"})
        assert one.success_status == (204 if one.method == "DELETE" else 200)
        assert (one.answer(201) is one.answer(500)) == (one.method != "PUT"), "201 is for a PUT"
    assert found == OPERATIONS


def test_a_deleted_tariff_is_answered_without_a_body() -> None:
    assert "content" not in operation("deleteTariff").written["responses"]["204"]


def examples(document: Document) -> list[tuple[str, CompiledSchema | None, Any]]:
    """Each example of a JSON body, with the schema that it stands beside."""
    found: list[tuple[str, CompiledSchema | None, Any]] = []
    for one in document.operations:
        for status, answer in one.written["responses"].items():
            found += [(f"{one.id} {status}", one.answers.get(status), value) for value in beside(answer)]
        found += [(one.id, one.request, value) for value in beside(one.written["requestBody"])]
    return found


def beside(part: dict[str, Any]) -> list[Any]:
    media = part.get("content", {}).get("application/json", {})
    named = [one["value"] for one in media.get("examples", {}).values()]
    assert not media or named or "example" in media, part
    return [media["example"]] if "example" in media else named


@pytest.mark.parametrize("name", LOADED)
def test_every_json_body_has_an_example_that_fits(name: str) -> None:
    found = examples(LOADED[name])
    assert len(found) >= sum(len(one.answers) for one in LOADED[name].operations)
    for where, schema, value in found:
        assert schema is not None, where
        assert list(schema.mismatches(value)) == [], where


def test_the_example_of_an_answer_is_the_first_of_its_status() -> None:
    assert operation("putTariff").example(200)["status_code"] == 1000
    assert operation("putTariff").example(503)["status_code"] == 3000
    assert not operation("deleteTariff").example(204)
    assert operation("putEvse").request_example["uid"] == operation("getEvse").example(200)["data"]["uid"]
    assert not operation("getEvse").request_example


def test_tokens_are_asked_for_by_a_form_at_the_published_path() -> None:
    token = LOADED["token"].operation("POST", "/auth/realms/ndw/protocol/openid-connect/token")
    assert token is not None
    assert token.id == "requestToken"
    assert token.request is None
    assert token.request_required
    assert token.request_types == ("application/x-www-form-urlencoded",)
    form = token.written["requestBody"]["content"][token.request_types[0]]
    assert form["examples"]["client"]["value"].keys() == {"client_id", "client_secret", "grant_type"}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("access_token", ""), ("expires_in", "1800"), ("refresh_expires_in", None), ("refresh_token", 1)),
        *(("token_type", "bearer"), ("not-before-policy", "0"), ("session_state", "none"), ("scope", ["profile"])),
    ],
)
def test_an_answer_with_a_token_has_each_published_key_and_its_kind_of_value(key: str, value: Any) -> None:
    token = LOADED["token"].operations[0]
    answer = token.answer(200)
    assert answer is not None
    wrong = token.example(200) | {key: value}
    absent = {name: value for name, value in wrong.items() if name != key}
    for body in (wrong, absent):
        assert [(one.pointer, one.requirement) for one in answer.mismatches(body)] == [
            (f"/{key}", "ndw/token-answers-have-the-published-keys")
        ]
    assert list(answer.mismatches(token.example(200) | {"id_token": "x"})) == [], "others may come besides"
