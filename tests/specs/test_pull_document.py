"""The pull document itself: it is accepted, says what it is, and where each point comes from."""

import re

import jsonschema  # type: ignore[import-untyped]
import jsonschema_rs
import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

from harness.collect import suite
from harness.model.requirement import MUST, SCHEMA_EVIDENCE
from tests.specs.pull_document import DOCUMENT, FOLDER, REFERENCE, SCHEMAS, TEXT, nodes

SETTINGS = {
    "pull.limit_param",
    "pull.oauth_client_auth",
    "pull.require_date_filters",
    "pull.token_encoding",
    "pull.trailing_slash",
    "pull.unknown_location",
    "ndw.removed_evse_exempt",
}


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


def test_every_clause_that_is_named_exists_and_every_clause_of_a_schema_is_named() -> None:
    named = {node["x-requirement"] for node in nodes(DOCUMENT) if "x-requirement" in node}
    looked_at = {node["x-clause"] for node in nodes(DOCUMENT) if "x-clause" in node}
    known = {one.id: one for one in suite("ndw-pull").requirements}
    assert named | looked_at <= known.keys()
    assert [name for name in looked_at if known[name].keyword is MUST] == []
    assert {one.id for one in known.values() if one.evidence == SCHEMA_EVIDENCE} <= named


def test_headers_of_pages_are_left_to_clauses_as_an_error_has_none() -> None:
    headers = DOCUMENT["components"]["headers"]
    left = {name: one for name, one in headers.items() if "x-required-where" in one}
    assert left.keys() == {"XTotalCount", "XLimit"}
    assert [name for name, one in left.items() if one["required"]] == []
    known = {one.id: one.keyword for one in suite("ndw-pull").requirements}
    assert {known[one["x-required-where"]["clause"]] for one in left.values()} == {MUST}


def test_every_basis_has_its_source_and_every_setting_its_assumption() -> None:
    seen = set()
    for node in nodes(DOCUMENT):
        basis = node.get("x-basis")
        assert basis in {None, "published", "standard", "assumed"}
        assert ("x-source" in node) == (basis in {"published", "standard"}), node
        if "x-setting" in node or "x-clause" in node:
            assert basis == "assumed", node
        if "x-setting" in node:
            seen.add(node["x-setting"])
    assert seen == SETTINGS
    seen |= {node["x-clause"] for node in nodes(DOCUMENT) if "x-clause" in node}
    source = (FOLDER / "SOURCE.md").read_text(encoding="utf-8")
    assert [name for name in sorted(seen) if f"`{name}`" not in source] == []


def test_assumed_rules_are_told_but_not_enforced() -> None:
    enforced = {node["pattern"] for node in nodes(DOCUMENT) if isinstance(node.get("pattern"), str)}
    assumed = {node["x-assumed-pattern"] for node in nodes(DOCUMENT) if "x-assumed-pattern" in node}
    assert len(assumed) == 6
    assert [node for node in nodes(DOCUMENT) if node.get("x-assumed-pattern", "") == node.get("pattern")] == []
    for pattern in enforced | assumed:
        assert "(?" not in pattern
        assert "\\d" not in pattern
        assert pattern.startswith("^") or pattern == "[+-]00:00$"
        re.compile(pattern)
    keys = {key for node in nodes(SCHEMAS) for key in node}
    assert not keys & {"additionalProperties", "unevaluatedProperties", "minLength", "minProperties"}


def test_beside_a_reference_stand_only_remarks() -> None:
    """So that putting the referred schema in its place loses nothing."""
    for node in nodes(SCHEMAS):
        if "$ref" in node:
            assert all(key in {"$ref", "description"} or key.startswith("x-") for key in node), node
            assert "x-requirement" not in node
