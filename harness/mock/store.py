"""Tables with an SQLite file behind them: what was acknowledged outlives the process.

Only ``--store`` needs this module, and nothing else needs sqlite3.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from harness.mock.tables import Row, TableKind, Tables

FORMAT = 1
"""The layout of the file; a newer one is refused."""
_OURS = 0x454E4D4B
"""SQLite's application_id of our files ("ENMK"): other programs' databases are left alone."""
_PATIENCE_S = 0.5
"""How long another process may hold the file: one that was just killed lets go within this time."""
_LAYOUT = """
CREATE TABLE session (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, seed TEXT NOT NULL, epoch INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE object (
    n INTEGER PRIMARY KEY AUTOINCREMENT, -- the order of first arrival
    session TEXT NOT NULL, epoch INTEGER NOT NULL, -- of an earlier epoch than the session's: forgotten
    kind TEXT NOT NULL, plain TEXT NOT NULL,
    key TEXT NOT NULL, value TEXT NOT NULL, -- JSON, as is `plain`: an id may hold what SQLite's UTF-8 cannot
    UNIQUE (session, epoch, kind, plain)
) STRICT;
"""

_ANY_TABLE = "SELECT 1 FROM sqlite_schema"
_BEGIN = "INSERT INTO session (id, seed) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET seed = excluded.seed"
_KEEP = """INSERT INTO object (session, epoch, kind, plain, key, value) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (session, epoch, kind, plain) DO UPDATE SET key = excluded.key, value = excluded.value"""
_FORGET = "DELETE FROM object WHERE session = ? AND epoch = ? AND kind = ? AND plain = ?"
_READ = "SELECT key, value FROM object WHERE session = ? AND epoch = ? AND kind = ? ORDER BY n"
_NEXT_EPOCH = "UPDATE session SET epoch = epoch + 1 WHERE id = ?"
_TIDY = """DELETE FROM object WHERE EXISTS
    (SELECT 1 FROM session WHERE session.id = object.session AND session.epoch > object.epoch)"""
_TIDIED_EVERY = 50
"""So many times a session is reset before what it forgot is taken out of the file."""


class StoreError(Exception):
    """The file cannot be used; one line says why, and what to do."""


class Store:
    """One SQLite file, of one process at a time. Every change is in it before the call returns.

    To begin a session: where `sessions` knows it, its `tables` win over the seed; where not, `begin` it and fill its
    tables, all within one ``tables.batch()``, so that a half-filled one is never found later.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._depth = 0
        with self._told():
            # The control path may ask from a worker's thread; SQLite itself lets one in at a time.
            self._connection = sqlite3.connect(
                path.absolute(), timeout=_PATIENCE_S, isolation_level=None, check_same_thread=False
            )
        try:
            with self._told():
                self._open()
        except StoreError:
            self._connection.close()
            raise

    def begin(self, session: str, seed: int) -> None:
        """Write down a session and its seed, also a new seed of one that is known."""
        self.write(_BEGIN, session, str(seed))

    def forget(self, session: str) -> None:
        """Remove a session and its objects."""
        with self.batch():
            self.write("DELETE FROM object WHERE session = ?", session)
            self.write("DELETE FROM session WHERE id = ?", session)

    def sessions(self) -> dict[str, int]:
        """Session ids and their seeds, in order of their beginning."""
        with self._told():
            return {
                name: int(seed) for name, seed in self._connection.execute("SELECT id, seed FROM session ORDER BY n")
            }

    def tables(self, session: str, kinds: Sequence[TableKind]) -> Tables:
        """The tables of a session as they are in the file."""
        return Tables(kinds, _SessionKeeper(self, session))

    @contextmanager
    def batch(self) -> Iterator[None]:
        """One commit for all changes in the block; none of them is left where it raises."""
        self._depth += 1
        try:
            yield
            with self._told():
                if self._depth == 1 and self._connection.in_transaction:
                    self._connection.execute("COMMIT")
        except BaseException:
            if self._depth == 1:
                with suppress(sqlite3.Error):  # nothing to roll back, where SQLite did it already
                    self._connection.execute("ROLLBACK")
            raise
        finally:
            self._depth -= 1

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _open(self) -> None:
        ask = self._connection.execute
        # A second mock on this file would overwrite what the first remembers: the lock stays until this process ends,
        # however it ends.
        ask("PRAGMA locking_mode = EXCLUSIVE")
        if self._path.stat().st_size:
            ask("BEGIN IMMEDIATE")
            ask("COMMIT")
            (ours,), (layout,) = ask("PRAGMA application_id").fetchone(), ask("PRAGMA user_version").fetchone()
            if ours != _OURS and ask(_ANY_TABLE).fetchone():
                raise StoreError(f"{self._path} is the SQLite file of another program: give another file")
            if layout > FORMAT:
                newer = f"by a newer harness (its layout is {layout}, this one knows {FORMAT})"
                raise StoreError(f"{self._path} was written {newer}: update, or give another file")
        # With WAL and NORMAL a commit has been handed to the operating system when it returns. A killed process loses
        # nothing; only a power cut may take the last commits with it, and the file stays whole. To wait for the disk
        # each time would make every PUT some hundred times slower.
        ask("PRAGMA journal_mode = WAL")
        ask("PRAGMA synchronous = NORMAL")
        if not ask(_ANY_TABLE).fetchone():
            made = f"PRAGMA application_id = {_OURS}; PRAGMA user_version = {FORMAT};"
            self._connection.executescript(f"BEGIN IMMEDIATE; {_LAYOUT} {made} COMMIT;")
        ask(_TIDY)

    def epoch_of(self, session: str) -> int:
        """How often the objects of a session were all forgotten."""
        with self._told():
            found = self._connection.execute("SELECT epoch FROM session WHERE id = ?", (session,)).fetchone()
        return int(found[0]) if found else 0

    def read(self, session: str, epoch: int, kind: str) -> Iterator[tuple[str, Row]]:
        """Key and object of each row of a kind, in order of first arrival."""
        with self._told():
            for key, value in self._connection.execute(_READ, (session, epoch, kind)):
                yield json.loads(key), json.loads(value)

    def write(self, statement: str, *values: str | int) -> int:
        """Make one change, within the batch where there is one; how many rows it concerned."""
        with self._told():
            if self._depth and not self._connection.in_transaction:
                self._connection.execute("BEGIN IMMEDIATE")
            return self._connection.execute(statement, values).rowcount

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What SQLite has to say, in a line for a person."""
        try:
            yield
        except (sqlite3.Error, OSError, ValueError) as error:
            raise StoreError(f"{self._path} {_reason(self._path, error)}") from None


class _SessionKeeper:
    """The rows of one session in the file. To forget all of them, a new epoch begins: that takes no time, however many
    they are, and they are taken out of the file at leisure."""

    def __init__(self, store: Store, session: str) -> None:
        self._store, self._session = store, session
        self._epoch = store.epoch_of(session)

    def read(self, table: str) -> Iterator[tuple[str, Row]]:
        return self._store.read(self._session, self._epoch, table)

    def keep(self, table: str, plain: str, key: str, row: Row) -> None:
        self._store.write(_KEEP, self._session, self._epoch, table, json.dumps(plain), json.dumps(key), json.dumps(row))

    def forget(self, table: str, plain: str) -> None:
        self._store.write(_FORGET, self._session, self._epoch, table, json.dumps(plain))

    def forget_all(self) -> None:
        if not self._store.write(_NEXT_EPOCH, self._session):  # a session that was never begun
            self._store.write("DELETE FROM object WHERE session = ?", self._session)
            return
        self._epoch += 1
        if self._epoch % _TIDIED_EVERY == 0:
            self._store.write(_TIDY)

    @contextmanager
    def batch(self) -> Iterator[None]:
        before = self._epoch
        try:
            with self._store.batch():
                yield
        except BaseException:
            self._epoch = before
            raise


def _reason(path: Path, error: Exception) -> str:
    code = getattr(error, "sqlite_errorname", "")
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return "is in use by another process, probably a mock that still runs: end that one, or give another file"
    if code == "SQLITE_NOTADB":
        return "is no SQLite file: give another, or none that exists"
    if code == "SQLITE_CANTOPEN":
        why = "is a folder" if path.is_dir() else "cannot be opened"
        return why if path.parent.is_dir() else f"cannot be made: there is no folder {path.parent}"
    return f"cannot be read or written: {error}"
