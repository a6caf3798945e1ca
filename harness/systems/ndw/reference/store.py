"""Where the objects are kept: one SQLite table, each object's JSON text beside the columns that requests select by."""

import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, NamedTuple

import orjson

from .instants import sortable

Kind = Literal["locations", "tariffs"]

# Ids are CiStrings: printable ASCII, equal without regard to case. That is what NOCASE does.
_TABLE = """
CREATE TABLE IF NOT EXISTS objects (
    kind         TEXT NOT NULL,
    country_code TEXT NOT NULL COLLATE NOCASE,
    party_id     TEXT NOT NULL COLLATE NOCASE,
    id           TEXT NOT NULL COLLATE NOCASE,
    last_updated TEXT NOT NULL,
    body         BLOB NOT NULL,
    UNIQUE (kind, country_code, party_id, id)
);
CREATE INDEX IF NOT EXISTS oldest_first ON objects (kind, last_updated, id, country_code, party_id);
CREATE INDEX IF NOT EXISTS by_id ON objects (kind, id);
"""
_PUT = "INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?, ?)"
_COUNT = "SELECT count(*) FROM objects WHERE kind = ? AND last_updated >= ? AND last_updated < ?"
_PAGE = """
SELECT body FROM objects WHERE kind = ? AND last_updated >= ? AND last_updated < ?
ORDER BY last_updated, id, country_code, party_id LIMIT ? OFFSET ?
"""
_LOCATION = "SELECT body FROM objects WHERE kind = 'locations' AND id = ? ORDER BY country_code, party_id LIMIT 1"
_ONE = "SELECT body FROM objects WHERE kind = ? AND country_code = ? AND party_id = ? AND id = ?"
_KEYS = "SELECT kind, country_code, party_id, id FROM objects ORDER BY kind DESC, id"  # tariffs first
_REMOVE = "DELETE FROM objects WHERE kind = ? AND country_code = ? AND party_id = ? AND id = ?"
_FIRST = ""  # sorts before every instant
_LAST = "~"  # and this after


class Key(NamedTuple):
    """Which object: ids in lower case, since ids that differ in case alone are one."""

    kind: Kind
    country_code: str
    party_id: str
    id: str


def key_of(kind: Kind, one: Mapping[str, Any]) -> Key:
    """The key of a Location or Tariff."""
    return Key(kind, *(str(one[name]).lower() for name in ("country_code", "party_id", "id")))


class Store:
    """The CPO's Locations and Tariffs. One connection, safe to use from several threads; every write is committed.

    Objects are given as dictionaries by the OCPI tables and come back as the bytes of their JSON text, written once
    when they are stored, so that a page is put together without serialising anything.
    """

    def __init__(self, database: str = ":memory:") -> None:
        """Open `database`, a file that is made when missing, or `:memory:`."""
        self._connection = sqlite3.connect(database, check_same_thread=False)
        self._connection.executescript(_TABLE)
        self._lock = threading.Lock()
        self._watchers: list[Callable[[Key], None]] = []
        self.close = weakref.finalize(
            self, self._connection.close
        )  # at the latest when nobody needs the store any more

    def watch(self, watcher: Callable[[Key], None]) -> None:
        """Have this called for each object that is stored or removed from now on, when that is done."""
        self._watchers.append(watcher)

    def unwatch(self, watcher: Callable[[Key], None]) -> None:
        """Call it no more."""
        self._watchers.remove(watcher)

    def put(self, kind: Kind, objects: Iterable[Mapping[str, Any]]) -> None:
        """Store whole objects, all or none; one that is already there (same party and id) is replaced."""
        objects = list(objects)
        rows = (
            (kind, one["country_code"], one["party_id"], one["id"], sortable(one["last_updated"]), orjson.dumps(one))
            for one in objects
        )
        with self._lock, self._connection:
            self._connection.executemany(_PUT, rows)
        self._tell(key_of(kind, one) for one in objects)

    def remove(self, kind: Kind, one: Mapping[str, Any]) -> None:
        """Remove an object. Only Tariffs may vanish: what goes of a Location, gets the status REMOVED."""
        key = key_of(kind, one)
        with self._lock, self._connection:
            self._connection.execute(_REMOVE, key)
        self._tell([key])

    def get(self, key: Key) -> dict[str, Any] | None:
        """One object, None where there is none."""
        with self._lock:
            row = self._connection.execute(_ONE, key).fetchone()
        found: dict[str, Any] | None = orjson.loads(row[0]) if row else None
        return found

    def all_keys(self) -> list[Key]:
        """The keys of all objects, those of Tariffs first."""
        with self._lock:
            rows = self._connection.execute(_KEYS).fetchall()
        return [Key(kind, *(one.lower() for one in ids)) for kind, *ids in rows]

    def is_empty(self) -> bool:
        """True while nothing was ever stored."""
        with self._lock:
            return self._connection.execute("SELECT 1 FROM objects LIMIT 1").fetchone() is None

    def page(
        self, kind: Kind, *, offset: int, limit: int, date_from: str | None = None, date_to: str | None = None
    ) -> tuple[int, list[bytes]]:
        """The number of objects with date_from <= last_updated < date_to, and `limit` of them from `offset` on.

        Oldest first, so that what is new or changed while somebody walks the pages turns up at the end.
        ValueError: a date is no DateTime.
        """
        start = sortable(date_from) if date_from is not None else _FIRST
        end = sortable(date_to) if date_to is not None else _LAST
        with self._lock:  # the count and the page belong together
            (total,) = self._connection.execute(_COUNT, (kind, start, end)).fetchone()
            rows = self._connection.execute(_PAGE, (kind, start, end, limit, offset)).fetchall()
        return total, [body for (body,) in rows]

    def location(self, location_id: str) -> bytes | None:
        """One Location by its id, in any case; None if there is none.

        The pull interface has no party in its paths: should two parties use one id, the first in the alphabet answers.
        """
        with self._lock:
            row = self._connection.execute(_LOCATION, (location_id,)).fetchone()
        return row[0] if row else None

    def _tell(self, keys: Iterable[Key]) -> None:
        for key in keys:
            for watcher in self._watchers:
                watcher(key)
