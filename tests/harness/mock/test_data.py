"""One's own world: what is read of files, what is said of a wrong one, and that what is written comes back the same."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.mock.data import DataError, load, write
from harness.mock.lined import TextError, of_json
from harness.mock.tables import Row, TableKind, Tables
from harness.mock.yaml_text import MOST_LEVELS, of_yaml, to_yaml
from harness.spec.openapi import load as load_document
from tests.checkout import ROOT

SITES = TableKind("sites", lambda one: f"{one['country']}/{one['id']}", str.casefold, private=frozenset({"secret"}))
MARKS = TableKind("marks", lambda one: one["id"])
KINDS = (SITES, MARKS)


def no_status_free(_table: str, row: Any) -> Iterator[tuple[str, str, str]]:
    for number, part in enumerate(row.get("parts", [])):
        if part["status"] == "FREE":
            yield f"/parts/{number}/status", "AVAILABLE or CHARGING", '"FREE"'


def loaded(folder: Path, **files: str | bytes) -> dict[str, dict[str, Row]]:
    for name, content in files.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return load(folder, KINDS, no_status_free)


def complaint(folder: Path, **files: str | bytes) -> str:
    with pytest.raises(DataError) as caught:
        loaded(folder, **files)
    return str(caught.value)


# -- reading -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "files",
    [
        {"sites_yaml": "- {country: NL, id: A}\n- country: NL\n  id: B\n"},
        {"sites_yml": "NL/A: {country: NL, id: A}\nNL/B: {country: NL, id: B}\n"},
        {"sites_json": '\ufeff[\n\t{"country": "NL", "id": "A"},\n\t{"country": "NL", "id": "B"}\n]'},
        {"sites_ndjson": '{"country": "NL", "id": "A"}\n\n{"country": "NL", "id": "B"}\r\n'},
    ],
    ids=["list", "mapping", "json", "ndjson"],
)
def test_a_table_is_a_list_or_a_mapping_in_yaml_or_json(tmp_path: Path, files: dict[str, str]) -> None:
    found = loaded(tmp_path, **files)
    assert found == {"sites": {"NL/A": {"country": "NL", "id": "A"}, "NL/B": {"country": "NL", "id": "B"}}}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-06-01T12:00:00Z", "2026-06-01T12:00:00Z"),
        ("2026-06-01", "2026-06-01"),
        ("08:30", "08:30"),
        ("12:30:00", "12:30:00"),
        ("NO", "NO"),
        ("on", "on"),
        ("0031", "0031"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("!!timestamp 2026-06-01", "2026-06-01"),
        ("!!str 5", "5"),
        ('"5"', "5"),
        ("5", 5),
        ("-0.25", -0.25),
        ("1e3", 1000.0),
        ("true", True),
        ("~", None),
        ("", None),
    ],
)
def test_plain_scalars_of_yaml_are_what_they_look_like(text: str, value: Any) -> None:
    found = of_yaml(f"a: {text}").value["a"]
    assert (found, type(found)) == (value, type(value))


def test_anchors_and_merges_work_and_lines_are_those_of_their_texts(tmp_path: Path) -> None:
    text = (
        "- &one\n  country: NL\n  id: A\n  parts: &parts\n    - status: FREE\n"
        "- <<: *one\n  id: B\n"
        "- {country: NL, id: C, parts: *parts}\n"
    )
    told = complaint(tmp_path, sites_yaml=text)
    line = 'sites.yaml:5: /parts/0/status: expected AVAILABLE or CHARGING, got "FREE"'
    assert told.splitlines() == [line] * 3
    found = loaded(tmp_path, sites_yaml=text.replace("FREE", "CHARGING"))["sites"]
    assert found["NL/B"] == {"country": "NL", "id": "B", "parts": [{"status": "CHARGING"}]}


def test_what_lies_beside_the_tables_does_not_count(tmp_path: Path) -> None:
    (tmp_path / ".sites.yaml.12").write_text("half")
    (tmp_path / "README.md").write_text("# Ours")
    (tmp_path / "old.yaml").mkdir()
    assert loaded(tmp_path, marks_yaml="# none yet\n") == {"marks": {}}


# -- what is wrong -------------------------------------------------------------------------------------------------

WRONG_FIELD = '[\n {"country": "NL", "id": "A"},\n {"country": "NL", "id": "B",\n  "parts": [\n   {"status": "FREE"}]}]'


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"sites_json": WRONG_FIELD}, 'sites.json:5: /parts/0/status: expected AVAILABLE or CHARGING, got "FREE"'),
        ({"marks_ndjson": '{"id": "A"}\n{"id":\n'}, "marks.ndjson:2: is no JSON: Expecting value"),
        ({"marks_json": '{"id": "A"}\n{"id": "B"}'}, "marks.json:2: is no JSON: Extra data (one object per line"),
        ({"marks_json": '[{"id": "NaN"},\n{"id": NaN}]'}, "marks.json:2: NaN and Infinity are no numbers"),
        ({"marks_json": '[{"id": "A", "n":\n 1e999}]'}, "marks.json:2: this number is too large"),
        ({"marks_json": '{"A": 1,\n"B": {"id":\n"B", "id": 1}}'}, "marks.json:3: 'id' stands here twice: also in line"),
        ({"marks_json": "[" * 100_000}, "marks.json:1: is nested too deeply"),
        ({"marks_yaml": "- id: A\n  n: .nan\n"}, "marks.yaml:2: .nan is no number that JSON has; a text of"),
        ({"marks_yaml": f"- id: A\n  n: {'9' * 5000}\n"}, "marks.yaml:2: this number is too large"),
        ({"marks_yaml": "- id: A\n  id: B\n"}, "marks.yaml:2: 'id' stands here twice: also in line 1"),
        ({"marks_yaml": "- id: A\n- id: B\n- id: A\n"}, "marks.yaml:3: 'A' stands here twice: also in line 1"),
        ({"marks_yaml": "- id: A\n\tn: 1\n"}, "marks.yaml:2: is no YAML: "),
        ({"marks_yaml": "- id: !!binary aGk=\n"}, "marks.yaml:1: 'tag:yaml.org,2002:binary' is no type that JSON has"),
        ({"marks_yaml": "- id: !!python/name:os.system\n"}, "marks.yaml:1: 'tag:yaml.org,2002:python/name:os.system'"),
        ({"marks_yaml": "- id: !!int five\n"}, "marks.yaml:1: 'five' is not of the type tag:yaml.org,2002:int"),
        ({"marks_yaml": "- ? [a]\n  : 1\n"}, "marks.yaml:1: a key is a text"),
        ({"marks_yaml": "---\n- id: A\n---\n- id: B\n"}, "marks.yaml:3: a second document begins here"),
        ({"marks_yaml": "- &a\n  id: A\n  me: *a\n"}, "marks.yaml:3: *a stands for nothing: no &a ends before it"),
        ({"marks_yaml": "- " * 100_000}, f"marks.yaml:1: is nested more than {MOST_LEVELS} levels deep"),
        ({"marks_yaml": "[" * 100_000}, f"marks.yaml:1: is nested more than {MOST_LEVELS} levels deep"),
        ({"marks_yaml": b"- id: A\n- id: \xff\n"}, "marks.yaml:2: is no UTF-8 text"),
        ({"marks_yaml": "- id: A\n- id: \x01\n"}, "marks.yaml:2: is no YAML: "),
        ({"marks_yaml": "- n: 1\n"}, "marks.yaml:1: this object does not hold the members that make its key"),
        ({"marks_yaml": "- [A]\n"}, 'marks.yaml:1: expected an object, got ["A"]'),
        ({"marks_yaml": "id: A\nn: 1\n"}, 'marks.yaml:1: expected an object, got "A"'),
        ({"marks_yaml": "hello\n"}, 'marks.yaml:1: expected a list of objects, or a mapping of keys to objects, g'),
        ({"marks_json": '{"data": [], "status_code": 1000}'}, "marks.json:1: this is a whole answer: keep the list"),
        ({"sites_yaml": "NL/B:\n  country: NL\n  id: A\n"}, "sites.yaml:1: the key of this object is 'NL/A', not"),
        ({"Sites_yaml": ""}, "Sites.yaml: no table is called 'Sites'; did you mean 'sites'?"),
        ({"towns_yaml": ""}, "towns.yaml: no table is called 'towns'; known: marks, sites"),
        ({"sites_csv": ""}, "sites.csv: a table is a file ending in .yaml, .yml, .json, .ndjson"),
        ({"sites_yaml": "", "sites_json": "[]"}, "sites.yaml: sites.json is the same table: keep one of them"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_told_in_one_line(tmp_path: Path, files: dict[str, Any], told: str) -> None:
    found = complaint(tmp_path, **files)
    assert found.startswith(told)
    assert "\n" not in found


def test_a_folder_without_tables_says_what_it_could_hold(tmp_path: Path) -> None:
    assert complaint(tmp_path).endswith("holds no table: one is sites.yaml, marks.yaml (or .json, .ndjson)")
    assert "is no folder" in complaint(tmp_path / "nowhere")


def test_twenty_errors_are_told_and_the_others_counted(tmp_path: Path) -> None:
    text = "".join(f"- {{country: NL, id: {n}, parts: [{{status: FREE}}]}}\n" for n in range(33))
    told = complaint(tmp_path, sites_yaml=text, marks_yaml="- 1").splitlines()
    assert [line.partition(": ")[0] for line in told[:20]] == [f"sites.yaml:{n}" for n in range(1, 21)]
    assert told[20:] == ["… and 14 more"]


def test_aliases_are_bounded(tmp_path: Path) -> None:
    bomb = "a0: &a0 {id: x}\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10))
    assert complaint(tmp_path, marks_yaml=bomb) == "marks.yaml:7: its aliases stand for more than 1000000 values"


def test_a_file_of_more_than_64_mb_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "marks.yaml").open("wb") as file:
        file.truncate(64 * 1024 * 1024 + 1)
    assert complaint(tmp_path) == "marks.yaml:1: is larger than 64 MB"


# -- writing -------------------------------------------------------------------------------------------------------

TEXTS = st.text() | st.sampled_from(
    ["NO", "2026-06-01", "08:30", "<<", "NaN", "~", "- a", "a: b", "a #b", "\x85", "\ud800"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.text(), st.dictionaries(TEXTS, VALUES, max_size=4), max_size=3))
def test_what_is_written_loads_to_the_same(
    tmp_path_factory: pytest.TempPathFactory, rows: dict[str, dict[str, Any]]
) -> None:
    folder = tmp_path_factory.mktemp("world")
    tables = Tables([MARKS])
    tables.replace_all({"marks": {key: row | {"id": key} for key, row in rows.items()}})
    written = write(folder, tables)
    assert load(folder, [MARKS], no_status_free) == tables.snapshot()
    write(folder, tables)
    assert sorted(folder.iterdir()) == written


def test_a_written_file_is_for_people_and_means_the_same_to_others(tmp_path: Path) -> None:
    tables = Tables(KINDS)
    row = {
        "country": "NO", "id": "A", "name": "Grote Markt 1", "at": "2026-06-01T12:00:00Z", "hours": [],
        "secret": "s3cret", "parts": [{"status": "CHARGING", "kW": 22.5, "from": "08:00"}],
    }  # fmt: skip
    tables.put("sites", row)
    (path, other) = write(tmp_path / "deep" / "er", tables)
    assert path.read_text("utf-8").splitlines() == [
        '- country: "NO"',
        "  id: A",
        "  name: Grote Markt 1",
        '  at: "2026-06-01T12:00:00Z"',
        "  hours: []",
        "  parts:",
        "    - status: CHARGING",
        "      kW: 22.5",
        '      from: "08:00"',
    ]
    assert yaml.safe_load(path.read_text("utf-8")) == [{name: one for name, one in row.items() if name != "secret"}]
    assert other.read_text("utf-8") == "[]\n"


def test_keys_that_are_spelt_otherwise_come_back_as_they_were(tmp_path: Path) -> None:
    tables = Tables(KINDS)
    tables.put("sites", {"country": "NL", "id": "a"}, "nl/A")
    write(tmp_path, tables)
    assert load(tmp_path, KINDS, no_status_free) == tables.snapshot()
    assert list(tables.snapshot()["sites"]) == ["nl/A"]


def test_a_table_in_another_form_is_not_doubled(tmp_path: Path) -> None:
    (tmp_path / "sites.json").write_text("[]")
    with pytest.raises(DataError, match=r"holds sites\.json, and sites\.yaml would be the same table"):
        write(tmp_path, Tables(KINDS))
    assert [path.name for path in tmp_path.iterdir()] == ["sites.json"]


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="cannot be written"):
        write(tmp_path / "file", Tables(KINDS))


def test_lines_of_a_location_are_those_of_json_itself() -> None:
    """Each part of an example of the document, in both texts: its line is where its key stands."""
    content = load_document(ROOT / "specs/ndw/openapi-pull.yaml").content
    value = json.loads(json.dumps(content["components"]["schemas"]["Location"], default=str))
    text = json.dumps(value, indent=1)
    for read in (of_json(text), of_yaml(text.replace("\t", " ")), of_yaml(to_yaml(value))):
        assert read.value == value
    for key in value["properties"]:
        expected = text.splitlines().index(f'  "{key}": {{') + 1
        assert of_json(text).line(["properties", key]) == of_yaml(text).line(["properties", key]) == expected


def test_a_wrong_text_names_its_line() -> None:
    with pytest.raises(TextError, match="3: is no JSON"):
        of_json('{\n"a":\n}')
