"""The tables of NDW's mock, and where in them an object is kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from harness.mock.call import Call
from harness.mock.session import Session
from harness.mock.tables import Row, TableKind, Tables

LOCATIONS, TARIFFS = "locations", "tariffs"
HIDDEN = "hidden_"
"""How the tables begin that hold objects of parties for which the account does not deliver."""
_OTHER_SPELLINGS = "other_spellings"


def _object_key(row: Mapping[str, Any]) -> str:
    parts = [row[member] for member in ("country_code", "party_id", "id")]
    if not all(isinstance(one, str) for one in parts):
        raise KeyError(row)
    return "/".join(parts)


def _no_key(row: Mapping[str, Any]) -> str:
    raise KeyError(row)


def _objects(name: str, schema: str) -> TableKind:
    return TableKind(name, _object_key, str.lower, ("ndw/openapi-pull.yaml", schema))


_ACCOUNT = {
    "type": "object",
    "required": ["client_id", "parties"],
    "properties": {
        "client_id": {"type": "string", "pattern": "^[!-~]+$"},
        "client_secret": {"type": "string"},
        "parties": {"type": "array", "items": {"type": "string", "pattern": "^[A-Za-z]{2}/[A-Za-z0-9]{3}$"}},
        "client_credentials": {"type": "boolean"},
        "secret_number": {"type": "integer"},
    },
}

TABLES = (
    _objects(LOCATIONS, "Location"),
    _objects(TARIFFS, "Tariff"),
    _objects(HIDDEN + LOCATIONS, "Location"),
    _objects(HIDDEN + TARIFFS, "Tariff"),
    # ids that differ from an earlier one in case alone, under the setting that makes this another id
    TableKind(_OTHER_SPELLINGS, _no_key),
    _objects("pulled_locations", "Location"),
    _objects("pulled_tariffs", "Tariff"),
    TableKind("accounts", lambda row: str(row["client_id"]), schema=_ACCOUNT, private=frozenset({"client_secret"})),
    TableKind("tokens", lambda row: str(row["digest"])),
    TableKind("signing", _no_key),
)
"""What a session keeps: objects, those that are not shown, what was pulled; accounts, tokens, the number of the key."""


@dataclass(frozen=True)
class Place:
    """Where an object is kept, and the object: None where there is none yet."""

    tables: Tables
    table: str
    key: str
    stored: Row | None

    def keep(self, row: Row) -> None:
        """Keep this object here."""
        self.tables.put(self.table, row, self.key)

    def forget(self) -> None:
        """Keep nothing here."""
        self.tables.drop(self.table, self.key)


def is_exact(call: Call) -> bool:
    """Ids that differ in case are different ids."""
    return call.setting("push.id_compare") == "exact"


def same_id(call: Call, one: object, other: object) -> bool:
    """Two ids are the same one."""
    if one == other or is_exact(call):
        return one == other
    return isinstance(one, str) and isinstance(other, str) and one.lower() == other.lower()


def place_of(call: Call, table: str, object_id: str) -> Place:
    """Where the object of this id is, or would be, for the party that the URL names."""
    tables = call.session.tables
    key = f"{call.parameters['country_code']}/{call.parameters['party_id']}/{object_id}"
    if is_exact(call):
        apart = f"{table}/{key}"
        other = tables.get(_OTHER_SPELLINGS, apart)
        if other is not None or tables.spelt(table, key) not in (None, key):
            return Place(tables, _OTHER_SPELLINGS, apart, other)
    return Place(tables, table, key, tables.get(table, key))


def all_locations(session: Session) -> Iterator[Row]:
    """Every location that is shown."""
    for _key, row in session.tables.rows(LOCATIONS):
        yield row
    for key, row in session.tables.rows(_OTHER_SPELLINGS):
        if key.startswith(f"{LOCATIONS}/"):
            yield row
