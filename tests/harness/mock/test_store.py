"""The SQLite file behind the tables: what was acknowledged is there, whatever happened to the process."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest

from harness.mock.store import Store, StoreError
from harness.mock.tables import TableKind, Tables
from tests.checkout import ROOT

SITES = TableKind("sites", lambda one: one["id"], str.casefold)
MARKS = TableKind("marks", lambda one: one["id"])
KINDS = (SITES, MARKS)
WRITER = """
import sys
from pathlib import Path
from harness.mock.store import Store
from harness.mock.tables import TableKind
tables = Store(Path(sys.argv[1])).tables("default", [TableKind("sites", lambda one: one["id"])])
for n in range(1_000_000):
    with tables.batch():
        for key in (f"L{n}", "last"):
            tables.put("sites", {"id": key, "n": n, "text": "x" * 3000})
    print(n, flush=True)
"""
"""Puts two objects in one batch, and acknowledges on stdout when they are kept."""


def all_of(tables: Tables) -> dict[str, list[tuple[str, Mapping[str, Any]]]]:
    return {name: list(tables.rows(name)) for name in tables.names()}


def reopened(store: Store, path: Path, session: str = "default") -> dict[str, list[tuple[str, Mapping[str, Any]]]]:
    store.close()
    again = Store(path)
    found = all_of(again.tables(session, KINDS))
    again.close()
    return found


def test_what_was_put_is_there_after_the_next_start(tmp_path: Path) -> None:
    store = Store(tmp_path / "mock.db")
    tables = store.tables("default", KINDS)
    for name in ("C", "A", "\ud800", "B"):
        tables.put("sites", {"id": name, "n": [1.5, None, 2**70, "é"]})
    tables.put("sites", {"id": "c", "n": 2})
    tables.drop("sites", "a")
    tables.put("sites", {"id": "a"})
    tables.put("marks", {"id": "x"})
    assert [key for key, _row in tables.rows("sites")] == ["C", "\ud800", "B", "a"]
    assert reopened(store, tmp_path / "mock.db") == all_of(tables)


def test_sessions_share_nothing_but_the_file(tmp_path: Path) -> None:
    store = Store(tmp_path / "mock.db")
    one, two = (store.tables(name, KINDS) for name in ("one", "two"))
    store.begin("one", 7)
    store.begin("two", 2**80)
    store.begin("one", 8)
    one.put("sites", {"id": "A"})
    two.put("sites", {"id": "A", "n": 2})
    one.replace_all({"marks": {"x": {"id": "x"}}})
    assert store.sessions() == {"one": 8, "two": 2**80}
    assert (store.sessions().get("one"), store.sessions().get("three")) == (8, None)
    assert all_of(store.tables("one", KINDS)) == all_of(one) == {"sites": [], "marks": [("x", {"id": "x"})]}
    assert all_of(store.tables("two", KINDS)) == all_of(two)
    store.forget("one")
    assert store.sessions() == {"two": 2**80}
    assert reopened(store, tmp_path / "mock.db", "one") == {"sites": [], "marks": []}


def test_a_batch_that_fails_is_neither_in_the_file_nor_in_memory(tmp_path: Path) -> None:
    store = Store(tmp_path / "mock.db")
    tables = store.tables("default", KINDS)
    tables.put("sites", {"id": "A"})
    before = all_of(tables)

    def fail() -> None:
        with tables.batch():
            store.begin("default", 7)
            tables.replace_all({"sites": {"B": {"id": "B"}}})
            tables.put("sites", {"id": "C"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert all_of(tables) == before
    assert store.sessions() == {}
    assert reopened(store, tmp_path / "mock.db") == before


def test_a_session_that_is_reset_a_hundred_times_holds_what_was_put_last(tmp_path: Path) -> None:
    path = tmp_path / "mock.db"
    store = Store(path)
    store.begin("default", 1)
    other, tables = store.tables("other", KINDS), store.tables("default", KINDS)
    other.put("sites", {"id": "elsewhere"})
    for number in range(100):
        tables.replace_all({"sites": {f"S{number}": {"id": f"S{number}"}}})
    tables.put("sites", {"id": "after"})
    assert reopened(store, path) == all_of(tables)
    assert [key for key, _row in tables.rows("sites")] == ["S99", "after"]
    with sqlite3.connect(path) as connection:
        counted = connection.execute("SELECT session, count(*) FROM object GROUP BY session ORDER BY session")
        assert counted.fetchall() == [("default", 2), ("other", 1)], "what was forgotten is taken out of the file"
    connection.close()


def test_a_reset_that_fails_forgets_nothing(tmp_path: Path) -> None:
    path = tmp_path / "mock.db"
    store = Store(path)
    store.begin("default", 1)
    tables = store.tables("default", KINDS)
    tables.put("sites", {"id": "old"})

    def fail() -> None:
        with tables.batch():
            tables.replace_all({"sites": {"new": {"id": "new"}}})
            tables.put("sites", {"id": "newer"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    tables.put("marks", {"id": "after"})
    assert [key for key, _row in tables.rows("sites")] == ["old"]
    assert reopened(store, path) == all_of(tables)


def test_what_cannot_be_kept_does_not_seem_to_be(tmp_path: Path) -> None:
    store = Store(tmp_path / "mock.db")
    tables = store.tables("default", KINDS)
    store.close()
    with pytest.raises(StoreError, match="cannot be read or written"):
        tables.put("sites", {"id": "A"})
    with pytest.raises(StoreError), tables.batch():
        tables.put("sites", {"id": "A"})
    assert tables.count("sites") == 0


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("PRAGMA user_version = 2", r"was written by a newer harness \(its layout is 2, this one knows 1\)"),
        ("PRAGMA application_id = 5", "is the SQLite file of another program: give another file"),
        ("UPDATE object SET value = '{'", "cannot be read or written: Expecting property name"),
        ("DROP TABLE object", "cannot be read or written: no such table"),
    ],
)
def test_a_file_of_another_layout_is_refused(tmp_path: Path, change: str, told: str) -> None:
    path = tmp_path / "mock.db"
    store = Store(path)
    store.tables("default", KINDS).put("sites", {"id": "A"})
    store.close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute(change)
    other.close()
    with pytest.raises(StoreError, match=told) as caught:
        Store(path).tables("default", KINDS)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("text.db", "is no SQLite file"),
        ("folder", "is a folder"),
        ("nowhere/mock.db", "cannot be made: there is no folder"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_one_line(tmp_path: Path, name: str, told: str) -> None:
    (tmp_path / "text.db").write_text("sites:\n" * 500)
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoreError, match=told) as caught:
        Store(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_a_killed_process_loses_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    path, after = tmp_path / "mock.db", Random(7).randrange(200, 400)
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, path], cwd=ROOT, stdout=subprocess.PIPE, encoding="ascii"
    ) as process:
        assert process.stdout is not None
        for _ in range(after):
            process.stdout.readline()
        with pytest.raises(StoreError, match="is in use by another process"):
            Store(path)
        process.send_signal(signal.SIGKILL)
        acknowledged = after + len([line for line in process.stdout.read().split("\n")[:-1] if line])
    assert process.returncode == -signal.SIGKILL
    store = Store(path)
    rows = dict(store.tables("default", KINDS).rows("sites"))
    store.close()
    kept = len(rows) - 1
    assert kept >= acknowledged >= after
    numbers = [row["n"] for key, row in rows.items() if key != "last"]
    assert numbers == list(range(kept))
    assert rows["last"]["n"] == kept - 1
    assert {len(row["text"]) for row in rows.values()} == {3000}
