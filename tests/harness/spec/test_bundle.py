"""Several documents become one: what is referred to comes along, and nothing from elsewhere."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.spec.bundle import bundled, bundled_json

MAIN = "main.yaml"


def written(folder: Path, **documents: Any) -> Path:
    """The documents in a folder; the path of the first."""
    for name, content in documents.items():
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(content))
    return folder / f"{next(iter(documents))}.yaml"


def schemas(**known: Any) -> dict[str, Any]:
    return {"components": {"schemas": known}}


def ref(target: str) -> dict[str, str]:
    return {"$ref": target}


def test_what_is_referred_to_comes_along_with_all_that_it_refers_to(tmp_path: Path) -> None:
    other = schemas(
        Site={"properties": {"id": ref("#/components/schemas/Id"), "far": ref("third.yaml#/components/schemas/Far")}},
        Id={"type": "string"},
        Unused={"type": "null"},
    )
    other["components"]["headers"] = {"Next": {"schema": ref("#/components/schemas/Id")}}
    third = schemas(Far={"items": ref("main.yaml#/components/schemas/Own")})
    main = schemas(Own={"type": "integer"})
    main["paths"] = {
        "site": ref("other.yaml#/components/schemas/Site/properties/id"),
        "next": ref("other.yaml#/components/headers/Next"),
    }
    content = bundled(written(tmp_path, main=main, other=other, third=third))
    assert content["paths"] == {
        "site": ref("#/components/schemas/Site/properties/id"),
        "next": ref("#/components/headers/Next"),
    }
    assert content["components"] == {
        "schemas": {
            "Own": {"type": "integer"},
            "Site": {"properties": {"id": ref("#/components/schemas/Id"), "far": ref("#/components/schemas/Far")}},
            "Id": {"type": "string"},
            "Far": {"items": ref("#/components/schemas/Own")},
        },
        "headers": {"Next": {"schema": ref("#/components/schemas/Id")}},
    }


def test_components_may_lead_to_each_other_in_circles(tmp_path: Path) -> None:
    other = schemas(A={"items": ref("#/components/schemas/B")}, B={"items": ref("#/components/schemas/A")})
    content = bundled(written(tmp_path, main={"a": ref("other.yaml#/components/schemas/A")}, other=other))
    assert content["components"] == other["components"]


def test_a_document_by_itself_stays_as_it_is(tmp_path: Path) -> None:
    main = schemas(A={"items": ref("#/components/schemas/B"), "properties": {"$ref": {"type": "string"}}}, B={})
    path = written(tmp_path, main=main)
    assert bundled(path) == main
    bundled(path)["components"]["schemas"].clear()
    assert bundled(path) == main, "each answer is one's own"


def test_a_document_that_changed_is_read_again(tmp_path: Path) -> None:
    path = written(tmp_path, main={"info": {"title": "one"}})
    assert bundled(path)["info"]["title"] == "one"
    written(tmp_path, main={"info": {"title": "another"}})
    assert bundled(path)["info"]["title"] == "another"


@pytest.mark.parametrize(
    ("reference", "hint"),
    [
        ("#/components/schemas/Nothing", "leads nowhere"),
        ("other.yaml#/components/schemas/Nothing", "leads nowhere"),
        ("other.yaml#/components/schemas/A/properties/x", "leads nowhere"),
        ("other.yaml#/paths/~1x", "only components"),
        ("other.yaml#/components/schemas", "only components"),
        ("other.yaml", "only components"),
        ("none.yaml#/components/schemas/A", "no such document beside main.yaml"),
        ("../other.yaml#/components/schemas/A", "no such document"),
        ("..%2Fother.yaml#/components/schemas/A", "no such document"),
        ("/etc/other.yaml#/components/schemas/A", "no such document"),
        ("https://acme.example/api.yaml#/components/schemas/A", "no such document"),
        ("link.yaml#/components/schemas/A", "no such document"),
        ("..#/components/schemas/A", "no such document"),
    ],
)
def test_a_reference_to_nowhere_outside_or_no_component_is_refused(tmp_path: Path, reference: str, hint: str) -> None:
    folder = tmp_path / "specs"
    folder.mkdir()
    path = written(folder, main={"x": ref(reference)}, other=schemas(A={}))
    outside = written(tmp_path, other=schemas(A={}))
    (folder / "link.yaml").symlink_to(outside)
    with pytest.raises(ValueError, match=hint) as told:
        bundled(path)
    assert reference in str(told.value)


def test_two_components_of_one_name_must_be_the_same(tmp_path: Path) -> None:
    same = schemas(A={"type": "object"})
    both = {**same, "x": ref("other.yaml#/components/schemas/A")}
    assert bundled(written(tmp_path, main=both, other=same))["components"] == same["components"]
    other = schemas(A={"type": "array"})
    with pytest.raises(ValueError, match=r"main.yaml and other.yaml have different components/schemas/A"):
        bundled(written(tmp_path, main=both, other=other))
    from_two = [ref("other.yaml#/components/schemas/A"), ref("third.yaml#/components/schemas/A")]
    with pytest.raises(ValueError, match=r"other.yaml and third.yaml have different components/schemas/A"):
        bundled(written(tmp_path, main={"x": from_two}, other=other, third=same))


def test_the_text_is_plain_json(tmp_path: Path) -> None:
    path = tmp_path / MAIN
    path.write_text(
        "example: {at: 2026-06-01T08:00:00Z, on: 2026-06-01, name: café, country: NO, open: true}\n"
        "responses: {200: {}}\n",
        encoding="utf-8",
    )
    assert json.loads(bundled_json(path)) == {
        "example": {"at": "2026-06-01T08:00:00Z", "on": "2026-06-01", "name": "café", "country": "NO", "open": True},
        "responses": {"200": {}},
    }
