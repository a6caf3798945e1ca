"""The tables of a session: keys in whatever spelling, order, batches, and that nothing is copied."""

import time
from collections.abc import Mapping
from typing import Any

import pytest

from harness.mock.tables import HIDDEN, TableKind, Tables, UnknownTableError, WrongKeyError


def key_of(site: Mapping[str, Any]) -> str:
    return f"{site['country']}/{site['id']}"


SITES = TableKind("sites", key_of, str.casefold, private=frozenset({"secret"}))
STAMPS = TableKind("stamps", lambda one: one["of"])


def site(name: str, **others: Any) -> dict[str, Any]:
    return {"country": "NL", "id": name, **others}


@pytest.fixture
def tables() -> Tables:
    tables = Tables([SITES, STAMPS])
    for name in ("A", "B", "C"):
        tables.put("sites", site(name))
    return tables


def keys(tables: Tables) -> list[str]:
    return [key for key, _row in tables.rows("sites")]


def test_the_first_spelling_of_a_key_wins_and_keeps_its_place(tables: Tables) -> None:
    assert tables.put("sites", site("a", n=1)) == "NL/A"
    assert tables.get("sites", "nl/a") == site("a", n=1)
    assert tables.spelt("sites", "nl/a") == "NL/A"
    assert keys(tables) == ["NL/A", "NL/B", "NL/C"]


def test_what_was_dropped_comes_back_at_the_end(tables: Tables) -> None:
    assert tables.drop("sites", "nl/a")
    assert not tables.drop("sites", "nl/a")
    assert (tables.get("sites", "NL/A"), tables.spelt("sites", "NL/A"), tables.count("sites")) == (None, None, 2)
    assert tables.put("sites", site("a")) == "NL/a"
    assert keys(tables) == ["NL/B", "NL/C", "NL/a"]


def test_values_are_shared_and_rows_are_those_of_a_moment(tables: Tables) -> None:
    given = site("D")
    tables.put("sites", given)
    assert tables.get("sites", "NL/D") is given
    for key, _row in tables.rows("sites"):
        tables.drop("sites", key)
    assert tables.count("sites") == 0


def test_a_key_is_the_objects_own_where_it_has_one(tables: Tables) -> None:
    with pytest.raises(WrongKeyError, match="the key of this object in sites is 'NL/D', not 'NL/E'"):
        tables.put("sites", site("D"), "NL/E")
    with pytest.raises(WrongKeyError, match="an object of stamps must hold the members that make its key"):
        tables.put("stamps", {"at": 1})
    assert tables.put("stamps", {"at": 1}, "NL/A") == "NL/A"
    assert tables.put("sites", site("D"), "nl/d") == "nl/d"


@pytest.mark.parametrize("ask", ["get", "drop", "spelt", "rows", "count", "kind"])
def test_an_unknown_table_is_told_with_what_was_meant(tables: Tables, ask: str) -> None:
    arguments = ("stes", "NL/A") if ask in ("get", "drop", "spelt") else ("stes",)
    with pytest.raises(UnknownTableError) as caught:
        getattr(tables, ask)(*arguments)
    assert str(caught.value) == "no table is called 'stes'; did you mean 'sites'?"
    with pytest.raises(UnknownTableError, match="no table is called 'x'; known: sites, stamps"):
        tables.put("x", {})
    with pytest.raises(UnknownTableError):
        tables.replace_all({"x": {}})


def test_the_version_grows_with_every_change_only(tables: Tables) -> None:
    seen = [tables.version]
    tables.get("sites", "NL/A")
    tables.drop("sites", "NL/Z")
    tables.snapshot()
    assert tables.version == seen[0]
    tables.put("sites", site("A"))
    seen.append(tables.version)
    tables.drop("sites", "NL/A")
    seen.append(tables.version)
    tables.replace_all({})
    seen.append(tables.version)
    assert seen == sorted(set(seen))


def test_a_snapshot_brings_everything_back(tables: Tables) -> None:
    before = tables.snapshot()
    tables.put("sites", site("B", n=2))
    tables.drop("sites", "NL/A")
    tables.put("stamps", {"of": "x"})
    assert before == {"sites": {f"NL/{name}": site(name) for name in "ABC"}, "stamps": {}}
    tables.replace_all(before)
    assert tables.snapshot() == before
    assert keys(tables) == ["NL/A", "NL/B", "NL/C"]
    tables.replace_all({"stamps": {"x": {"of": "x"}}})
    assert (tables.count("sites"), tables.count("stamps")) == (0, 1)


def test_a_batch_that_fails_leaves_nothing_behind(tables: Tables) -> None:
    before = tables.snapshot()

    def fail() -> None:
        with tables.batch():
            tables.put("sites", site("D"))
            tables.put("sites", site("a", n=1))
            tables.drop("sites", "NL/B")
            tables.drop("sites", "NL/C")
            tables.put("sites", site("C"))
            with tables.batch():
                tables.put("sites", site("b"))
            tables.replace_all({"sites": {"NL/Z": site("Z")}})
            tables.put("sites", site("Y"))
            tables.drop("sites", "NL/Z")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert tables.snapshot() == before
    assert keys(tables) == ["NL/A", "NL/B", "NL/C"]
    with tables.batch():
        tables.put("sites", site("D"))
    assert tables.count("sites") == 4


def test_private_members_are_shown_as_a_mark_and_not_written() -> None:
    row = site("A", secret="s3cret", parts=[{"secret": {"a": 1}, "n": 1}])
    assert SITES.shown(row) == site("A", secret=HIDDEN, parts=[{"secret": HIDDEN, "n": 1}])
    assert SITES.written(row) == site("A", parts=[{"n": 1}])
    assert STAMPS.shown(row) is row


def test_a_reset_of_a_thousand_objects_copies_none() -> None:
    tables = Tables([SITES])
    rows = {f"NL/{n}": site(str(n), parts=[{"n": m} for m in range(50)]) for n in range(1000)}
    best = 1.0
    for _ in range(5):
        began = time.perf_counter()
        tables.replace_all({"sites": rows})
        best = min(best, time.perf_counter() - began)
    assert all(tables.get("sites", key) is row for key, row in rows.items())
    assert best < 0.005
