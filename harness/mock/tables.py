"""The state of one session of a mock: tables, each a key to a JSON object."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from harness.model.spelling import did_you_mean

Row = dict[str, Any]
"""One JSON object of a table. Whoever gets one does not change it: it is shared with snapshots and other readers."""
Snapshot = Mapping[str, Mapping[str, Row]]
"""All tables: by name, then by key as it is spelt, in order of first arrival."""
_Rows = dict[str, tuple[str, Row]]
"""By plain key: the key as it is spelt, and the object."""
HIDDEN = "(hidden)"
"""What stands in place of a private member."""


class UnknownTableError(KeyError):
    """There is no table of this name; the text lists those that there are."""

    def __str__(self) -> str:
        return str(self.args[0])


class WrongKeyError(ValueError):
    """An object has a key of its own, or none, and was to be kept under another."""


def _as_it_is(key: str) -> str:
    return key


@dataclass(frozen=True)
class TableKind:
    """How one kind of object is kept.

    `key` makes the key of an object (``NL/XPO/LOC-0001``); it raises KeyError where an object does not hold its key.
    `plain` makes of a key what keys are compared by (OCPI ids: without case). `schema` is what an own file is checked
    by: the document below ``specs/`` and the name of the schema in it, or the schema itself; None: anything goes.
    `private` are members, at any depth, that never leave the process (secrets).
    """

    name: str
    key: Callable[[Mapping[str, Any]], str]
    plain: Callable[[str], str] = _as_it_is
    schema: tuple[str, str] | Mapping[str, Any] | None = None
    private: frozenset[str] = frozenset()

    def own_key(self, row: Mapping[str, Any]) -> str | None:
        """The key that an object holds, or None."""
        try:
            return self.key(row)
        except (KeyError, TypeError, AttributeError):
            return None

    def shown(self, row: Row) -> Row:
        """The object as it may be seen outside: a mark stands in place of private members."""
        return _without(row, self.private, mark=True) if self.private else row

    def written(self, row: Row) -> Row:
        """The object as it may lie in a file: without its private members."""
        return _without(row, self.private, mark=False) if self.private else row


def _without(value: Any, names: frozenset[str], mark: bool) -> Any:
    if isinstance(value, list):
        return [_without(one, names, mark) for one in value]
    if not isinstance(value, dict):
        return value
    kept = {name: one for name, one in value.items() if mark or name not in names}
    return {name: HIDDEN if name in names else _without(one, names, mark) for name, one in kept.items()}


class Keeper(Protocol):
    """Where the tables of a session lie besides memory. It hears of each change before memory has it, keys as `plain`
    makes them."""

    def read(self, table: str) -> Iterable[tuple[str, Row]]:
        """What it holds of a table from earlier: key as it is spelt and object, in order of first arrival."""

    def keep(self, table: str, plain: str, key: str, row: Row) -> None:
        """An object is new, or takes the place of the one under this key."""

    def forget(self, table: str, plain: str) -> None:
        """An object goes."""

    def forget_all(self) -> None:
        """All objects go."""

    def batch(self) -> AbstractContextManager[None]:
        """The changes in the block hold together."""


class Tables:
    """The tables of one session.

    The first spelling of a key wins: a later put under another spelling of the same key keeps the first. Values are
    kept as they are given and given as they are kept: nothing is copied, so nobody changes them. Without a `keeper`
    they live in memory alone.
    """

    def __init__(self, kinds: Iterable[TableKind], keeper: Keeper | None = None) -> None:
        self._kinds = {kind.name: kind for kind in kinds}
        self._keeper = keeper
        self._tables: dict[str, _Rows] = {name: {} for name in self._kinds}
        self._undo: list[Callable[[], None]] | None = None
        self._copied: set[str] = set()
        """The tables of which the present batch remembers the whole: nothing more of them needs to be."""
        self.version = 0
        """Grows with every change; for pages that poll."""
        if keeper is not None:
            for name, kind in self._kinds.items():
                self._tables[name] = {kind.plain(key): (key, row) for key, row in keeper.read(name)}

    def names(self) -> tuple[str, ...]:
        """The names of all tables."""
        return tuple(self._kinds)

    def kind(self, table: str) -> TableKind:
        """How the objects of this table are kept; `UnknownTableError` where there is none of this name."""
        try:
            return self._kinds[table]
        except KeyError:
            hint = did_you_mean(table, self._kinds)
            raise UnknownTableError(f"no table is called {table!r}{hint}") from None

    def get(self, table: str, key: str) -> Row | None:
        """The object under this key, in whatever spelling, or None."""
        plain = self.kind(table).plain(key)
        found = self._tables[table].get(plain)
        return found[1] if found else None

    def spelt(self, table: str, key: str) -> str | None:
        """The key as it was first spelt, or None where nothing is kept under it."""
        plain = self.kind(table).plain(key)
        found = self._tables[table].get(plain)
        return found[0] if found else None

    def put(self, table: str, row: Row, key: str | None = None) -> str:
        """Keep an object under `key` (by default its own); returns the key as it was first spelt.

        `WrongKeyError` where the object holds another key than the one given, or none and none is given.
        """
        kind = self.kind(table)
        own = kind.own_key(row)
        if key is None:
            if own is None:
                raise WrongKeyError(f"an object of {table} must hold the members that make its key")
            key = own
        elif own is not None and kind.plain(own) != kind.plain(key):
            raise WrongKeyError(f"the key of this object in {table} is {own!r}, not {key!r}")
        plain, rows = kind.plain(key), self._tables[table]
        before = rows.get(plain)
        spelt = before[0] if before else key
        if self._keeper is not None:
            self._keeper.keep(table, plain, spelt, row)
        if self._undo is not None and table not in self._copied:
            self._undo.append(partial(self._put_back, table, plain, before))
        rows[plain] = (spelt, row)
        self.version += 1
        return spelt

    def drop(self, table: str, key: str) -> bool:
        """Forget the object under this key; False where there is none."""
        plain = self.kind(table).plain(key)
        rows = self._tables[table]
        if plain not in rows:
            return False
        if self._keeper is not None:
            self._keeper.forget(table, plain)
        if self._undo is not None and table not in self._copied:  # its place in the order has to come back, too
            self._undo.append(partial(self._tables.__setitem__, table, dict(rows)))
            self._copied.add(table)
        del rows[plain]
        self.version += 1
        return True

    def rows(self, table: str) -> Iterator[tuple[str, Row]]:
        """Key and object of each row, in order of first arrival: those of this moment, whatever changes meanwhile."""
        self.kind(table)
        return iter(tuple(self._tables[table].values()))

    def count(self, table: str) -> int:
        """How many objects a table holds."""
        self.kind(table)
        return len(self._tables[table])

    def snapshot(self) -> Snapshot:
        """All there is at this moment; later changes do not show in it. Its objects are shared."""
        return {name: dict(rows.values()) for name, rows in self._tables.items()}

    def replace_all(self, snapshot: Snapshot) -> None:
        """Hold exactly this from now on: tables that it does not name are empty."""
        tables: dict[str, _Rows] = {name: {} for name in self._kinds}
        for name, rows in snapshot.items():
            plain = self.kind(name).plain
            tables[name] = {plain(key): (key, row) for key, row in rows.items()}
        if self._keeper is not None:
            with self._keeper.batch():
                self._keeper.forget_all()
                for name, kept in tables.items():
                    for plain_key, (key, row) in kept.items():
                        self._keeper.keep(name, plain_key, key, row)
        if self._undo is not None:
            self._undo.append(partial(setattr, self, "_tables", self._tables))
            self._copied = set(self._kinds)
        self._tables = tables
        self.version += 1

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Several changes that hold together: all of them, or none where the block raises. Not across an await.

        A batch within another is a part of it.
        """
        if self._undo is not None:
            yield
            return
        self._undo, self._copied = [], set()
        try:
            with self._keeper.batch() if self._keeper is not None else nullcontext():
                yield
        except BaseException:
            for undo in reversed(self._undo):
                undo()
            self.version += 1
            raise
        finally:
            self._undo = None

    def _put_back(self, table: str, plain: str, before: tuple[str, Row] | None) -> None:
        if before is None:
            del self._tables[table][plain]
        else:
            self._tables[table][plain] = before
