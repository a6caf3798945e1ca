"""Where the world of a mock comes from: one's own files, held against the documents, and the file that keeps it."""

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.cli.plan import UsageError
from harness.collect import CONTENT
from harness.mock.data import Check, DataError, load
from harness.mock.session import Home, Served, kinds_of
from harness.mock.tables import Snapshot, TableKind, Tables
from harness.spec.openapi import named_schema
from harness.spec.schema import CompiledSchema

if TYPE_CHECKING:
    from harness.mock.store import Store


def own_world(folder: Path, served: tuple[Served, ...]) -> Snapshot:
    """The tables that a folder holds; UsageError says what is wrong with which file, line and field."""
    try:
        return load(folder, kinds_of(served), check_of(served))
    except DataError as error:
        raise UsageError(f"--data: {error}") from None


def check_of(served: tuple[Served, ...]) -> Check:
    """Holds an object against the schema of its table: pointer, what was expected, what is there."""
    kinds = {kind.name: kind for kind in kinds_of(served)}
    compiled: dict[str, CompiledSchema] = {}

    def check(table: str, row: Mapping[str, Any]) -> Iterable[tuple[str, str, str]]:
        kind = kinds.get(table)
        if kind is None or kind.schema is None:
            return ()
        if table not in compiled:
            compiled[table] = _compiled(kind.schema)
        return [(one.pointer, one.expected, one.actual) for one in compiled[table].mismatches(row)]

    return check


def _compiled(schema: tuple[str, str] | Mapping[str, Any]) -> CompiledSchema:
    if isinstance(schema, Mapping):
        return CompiledSchema(dict(schema), ())
    document, name = schema
    return named_schema(CONTENT / "specs" / document, name)


class Kept:
    """The homes of sessions: in memory, or in the SQLite file `store`. UsageError where it cannot be used."""

    def __init__(self, store: Path | None) -> None:
        self._store = _opened(store) if store is not None else None
        self.seeds = self._store.sessions() if self._store is not None else {}

    def home(self, name: str, kinds: tuple[TableKind, ...]) -> Home:
        """The home of a session; what is in the file already is its world."""
        store = self._store
        if store is None:
            return Home(Tables(kinds))
        from harness.mock.store import StoreError

        try:
            tables = store.tables(name, kinds)
        except StoreError as error:
            raise UsageError(f"--store: {error}") from None
        return Home(tables, name in self.seeds, partial(store.begin, name), partial(store.forget, name))


def _opened(path: Path) -> "Store":
    from harness.mock.store import Store, StoreError  # SQLite: only where a file is kept

    try:
        return Store(path)
    except StoreError as error:
        raise UsageError(f"--store: {error}") from None
