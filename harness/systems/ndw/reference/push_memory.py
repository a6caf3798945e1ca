"""What NDW is known to hold, kept in a file where one is given: a client that was killed goes on where it was."""

import json
import sqlite3
import weakref
from collections.abc import Iterator
from typing import Any

import orjson

from .store import Key

_TABLE = "CREATE TABLE IF NOT EXISTS known (key TEXT PRIMARY KEY, body BLOB NOT NULL)"


class Memory:
    """The objects as NDW took them, by key. Every change is written before the next request goes out."""

    def __init__(self, database: str = ":memory:") -> None:
        """Open `database`, a file that is made when missing, or `:memory:`."""
        self._connection = sqlite3.connect(database, check_same_thread=False)
        self._connection.execute("PRAGMA synchronous = OFF")  # survives a kill; after a power cut, push all again
        self._connection.execute(_TABLE)
        rows = self._connection.execute("SELECT key, body FROM known").fetchall()
        self._known: dict[Key, dict[str, Any]] = {Key(*json.loads(key)): orjson.loads(body) for key, body in rows}
        self.close = weakref.finalize(self, self._connection.close)

    def __iter__(self) -> Iterator[Key]:
        return iter(list(self._known))

    def get(self, key: Key) -> dict[str, Any] | None:
        """What NDW holds under this key; None for nothing."""
        return self._known.get(key)

    def put(self, key: Key, known: dict[str, Any] | None) -> None:
        """Note what NDW holds under this key now."""
        with self._connection:
            if known is None:
                self._known.pop(key, None)
                self._connection.execute("DELETE FROM known WHERE key = ?", [json.dumps(key)])
            else:
                self._known[key] = known
                self._connection.execute(
                    "INSERT OR REPLACE INTO known VALUES (?, ?)", [json.dumps(key), orjson.dumps(known)]
                )
