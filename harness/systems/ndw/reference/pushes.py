"""What to push: the difference between what NDW is known to hold and what the CPO has, one request after another.

Nothing here does I/O. `known` is always what NDW holds as far as its answers told; None where that is nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

import orjson

from .instants import sortable
from .store import Kind

Json = dict[str, Any]
_Make = Callable[[Json | None], Json | None]
STAMP = "last_updated"
PARTS = (("evses", "uid"), ("connectors", "id"))
"""The levels below a Location: the list, and the id in it."""


@dataclass(frozen=True)
class Push:
    """One request. `path` are the segments after the base URL: module, country code, party, then ids."""

    method: Literal["PUT", "PATCH", "DELETE"]
    path: tuple[str, ...]
    body: Json | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids below the Location or Tariff: of an EVSE, of a Connector in it."""
        return self.path[4:]

    @property
    def address(self) -> str:
        """The path as it stands in a URL: in an id, a slash or a blank is possible."""
        return "/".join(quote(segment, safe="") for segment in self.path)

    @property
    def content(self) -> bytes:
        """The body as JSON text; empty where there is none."""
        return b"" if self.body is None else orjson.dumps(self.body)


def needed(kind: Kind, known: Json | None, current: Json | None) -> list[Push]:
    """What makes NDW hold `current`; the answers to these may show that more is needed.

    A status goes as PATCH of the EVSE; everything else as PUT of the smallest object that holds all of the change.
    """
    if kind == "tariffs":
        return _for_tariff(known, current)
    return _for_location(known, current) if current is not None else []


def _for_tariff(known: Json | None, current: Json | None) -> list[Push]:
    if known == current:
        return []
    if current is None:
        return [Push("DELETE", _path("tariffs", known or {}))]
    return [Push("PUT", _path("tariffs", current), current)]


def _for_location(known: Json | None, current: Json) -> list[Push]:
    path = _path("locations", current)
    changed = _changed(known or {}, current, "evses")
    if known is None or changed - {STAMP}:
        return [Push("PUT", path, _with_removed(known or {}, current))]
    held = _by_id(known, 0)
    evses = [push for uid, evse in _by_id(current, 0).items() for push in _for_evse(path, held.get(uid), evse)]
    gone = {"status": "REMOVED", STAMP: current[STAMP]}
    evses += [Push("PATCH", (*path, one["uid"]), gone) for one in _left_out(known, current) if not _is_removed(one)]
    if evses or not changed:
        return evses
    return [Push("PATCH", path, {STAMP: current[STAMP]})]


def _for_evse(path: tuple[str, ...], known: Json | None, evse: Json) -> list[Push]:
    path = (*path, evse["uid"])
    whole = [Push("PUT", path, evse)]
    if known is None:
        return whole
    changed, held, connectors = _changed(known, evse, "connectors"), _by_id(known, 1), _by_id(evse, 1)
    new = [Push("PUT", (*path, one["id"]), one) for key, one in connectors.items() if held.get(key) != one]
    if changed - {"status", STAMP} or held.keys() - connectors.keys() or (new and "status" in changed):
        return whole
    if new or not changed:
        return new
    return [Push("PATCH", path, {name: evse[name] for name in ("status", STAMP) if name in changed | {STAMP}})]


def done(known: Json | None, push: Push) -> Json | None:
    """What NDW holds after it took a push: those that hold the changed object are no older than it."""
    if push.method == "DELETE":
        return None
    body = push.body or {}
    newest = str(body.get(STAMP, ""))
    return _replaced(known, push.ids, lambda old: {**(old or {}), **body} if push.method == "PATCH" else body, newest)


def in_doubt(known: Json | None, push: Push) -> Json | None:
    """What NDW surely holds when a push is on its way, or its answer was lost."""
    if push.method == "PATCH":
        nothing = dict.fromkeys(push.body or {})
        return _replaced(known, push.ids, lambda old: {**(old or {}), **nothing})
    return _replaced(known, push.ids, lambda _old: None) if push.ids else _stub(push)


def unknown(known: Json | None, push: Push) -> Json | None:
    """What NDW holds when it did not know the object of a PATCH, or what was to hold the object of a PUT."""
    ids = push.ids if push.method == "PATCH" else push.ids[:-1]
    return _replaced(known, ids, lambda _old: None) if ids else _stub(push)


def is_sure(known: Json | None) -> bool:
    """NDW holds a version of this for certain."""
    return known is not None and bool(known.get(STAMP))


def tariffs_named(part: Json | None) -> set[str]:
    """The ids of Tariffs that connectors in here name, in lower case."""
    found = {str(one).lower() for one in (part or {}).get("tariff_ids") or ()}
    for members, _key in PARTS:
        for one in (part or {}).get(members) or ():
            found |= tariffs_named(one)
    return found


def _path(kind: Kind, one: Mapping[str, Any]) -> tuple[str, ...]:
    return (kind, one["country_code"], one["party_id"], one["id"])


def _stub(push: Push) -> Json:
    """An object of which no more is sure than that NDW may hold it."""
    return dict(zip(("country_code", "party_id", "id", STAMP), (*push.path[1:4], ""), strict=True))


def _changed(known: Json, current: Json, but: str) -> set[str]:
    return {name for name in known.keys() | current.keys() if known.get(name) != current.get(name)} - {but}


def _by_id(owner: Json, level: int) -> dict[str, Json]:
    members, key = PARTS[level]
    return {str(one[key]).lower(): one for one in owner.get(members) or ()}


def _left_out(known: Json, current: Json) -> list[Json]:
    """The EVSEs that NDW holds and the CPO has no more."""
    here = _by_id(current, 0)
    return [one for uid, one in _by_id(known, 0).items() if uid not in here]


def _is_removed(evse: Json) -> bool:
    return evse.get("status") == "REMOVED"


def _with_removed(known: Json, current: Json) -> Json:
    """A Location with the EVSEs that it had before: one that is left out of a PUT would vanish, not be removed."""
    gone = [{**one, "status": "REMOVED", STAMP: current[STAMP]} for one in _left_out(known, current)]
    return {**current, "evses": [*current.get("evses", ()), *gone]} if gone else current


def _replaced(owner: Json | None, ids: tuple[str, ...], make: _Make, newest: str = "", level: int = 0) -> Json | None:
    """`owner` with the part that `ids` lead to made anew, or dropped where None is made."""
    if not ids:
        return make(owner)
    owner = owner or {}
    members, key = PARTS[level]
    made, found = [], False
    for one in owner.get(members) or ():
        if str(one[key]).lower() == ids[0].lower():
            found, one = True, _replaced(one, ids[1:], make, newest, level + 1)
        made.append(one)
    if not found:
        made.append(_replaced(None, ids[1:], make, newest, level + 1))
    raised = {STAMP: max(str(owner.get(STAMP) or ""), newest, key=_order)} if newest else {}
    return {**owner, members: [one for one in made if one is not None], **raised}


def _order(text: str) -> str:
    return sortable(text) if text else ""
