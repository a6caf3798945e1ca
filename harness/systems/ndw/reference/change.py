"""Changes one object the way a charge point's back end would: the content, and the stamps of all that hold it."""

from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import FastAPI

from .instants import stamp_after
from .store import Kind, Store


def change(app: FastAPI, order: Mapping[str, Any]) -> dict[str, str]:
    """Set members of a Location, EVSE, Connector or Tariff, raise `last_updated` up to the top, and say when.

    `order` is `{"object": {"location": id, "evse"?: uid, "connector"?: id}, "set": {member: value}}`, or the same with
    `{"tariff": id}`; with `"party": "NL/ABC"` only an object of that party is meant. Who watches the store, such as a
    pusher, learns of it at once. KeyError: there is no such object.
    """
    store, wanted, now = app.state.store, order["object"], app.state.now()
    party = order.get("party")
    if "tariff" in wanted:
        tariff = _by_id(store, "tariffs", wanted["tariff"], party)
        at = stamp_after(tariff["last_updated"], now)
        store.put("tariffs", [{**tariff, **order["set"], "last_updated": at}])
        return {"at": at}
    location = _by_id(store, "locations", wanted["location"], party)
    at = stamp_after(location["last_updated"], now)
    chain = [location]
    for name, members, key in (("evse", "evses", "uid"), ("connector", "connectors", "id")):
        if name in wanted:
            chain.append(_part(chain[-1][members], key, wanted[name]))
    chain[-1].update(order["set"])
    for one in chain:
        one["last_updated"] = at
    store.put("locations", [location])
    return {"at": at}


def export(app: FastAPI, _order: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """All that this CPO holds: `{"table": "locations" or "tariffs", "object": …}` for each object, Tariffs first."""
    store: Store = app.state.store
    return [{"table": key.kind, "object": store.get(key)} for key in store.all_keys()]


def _by_id(store: Store, kind: Kind, wanted: str, party: str | None) -> dict[str, Any]:
    _total, bodies = store.page(kind, offset=0, limit=1_000_000)
    objects = [orjson.loads(body) for body in bodies]
    ours = [one for one in objects if party in (None, f"{one['country_code']}/{one['party_id']}")]
    return _part(ours, "id", wanted)


def _part(objects: list[dict[str, Any]], key: str, wanted: str) -> dict[str, Any]:
    for one in objects:
        if one[key] == wanted:
            return one
    raise KeyError(f"no object has the {key} {wanted}")
