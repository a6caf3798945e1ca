"""The list of rows is whole."""

import json

from tests.specs.pull_document import FOLDER

COUNTED = {
    "A": 13, "B": 9, "C": 13, "D": 25, "E": 9, "F": 21, "G": 3, "H": 23, "I": 6, "J": 15, "K": 6, "L": 6, "M": 6,
}  # fmt: skip
"""How many rows each group has."""


def test_rows_are_complete() -> None:
    rows = json.loads((FOLDER / "rows.json").read_text(encoding="utf-8"))["rows"]
    assert [row["group"] for row in rows] == [group for group, count in COUNTED.items() for _ in range(count)]
    assert len({row["row"] for row in rows}) == len(rows)
    for row in rows:
        assert set(row) - {"open"} == {"row", "group", "keyword", "binds", "basis", "source"}
        assert row["keyword"] in {"MUST", "SHOULD", "MAY"}
        assert set(row["binds"]) <= {"server", "client", "ndw"}
        assert set(row["basis"]) <= {"published", "standard", "assumed"}
