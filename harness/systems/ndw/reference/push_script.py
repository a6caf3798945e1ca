"""A fixed little story of changes, one of each kind that a charge point operator makes: a client at work."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from fastapi import FastAPI

from .change import change
from .instants import stamp
from .store import Key, Store

Json = dict[str, Any]
NEW_TARIFF, OLD_TARIFF = "STORY-NEW", "STORY-OLD"


async def play(app: FastAPI, between: Callable[[int], Awaitable[None]], start: int = 0) -> None:
    """Make the changes from number `start` on; `between` is awaited after each with the number of the next one."""
    for number, step in enumerate(STORY):
        if number >= start:
            step(app)
            await between(number + 1)


def prepare(store: Store, party: tuple[str, str], now: datetime) -> None:
    """Put in the Tariff that the story deletes; no connector names it."""
    store.put("tariffs", [_tariff(party, OLD_TARIFF, 0.61, now)])


def _status(app: FastAPI) -> None:
    location, evse = _evse(app, 0)
    free = evse["status"] == "AVAILABLE"
    _change(app, location, {"evse": evse["uid"]}, {"status": "CHARGING" if free else "AVAILABLE"})


def _price(app: FastAPI) -> None:
    tariff = _get(app, next(key for key in _store(app).all_keys() if key.kind == "tariffs"))
    elements = [dict(one) for one in tariff["elements"]]
    first, *others = elements[0]["price_components"]
    elements[0]["price_components"] = [{**first, "price": round(first["price"] + 0.01, 4)}, *others]
    change(app, {"object": {"tariff": tariff["id"]}, "set": {"elements": elements}})


def _new_tariff(app: FastAPI) -> None:
    location, evse = _evse(app, 1)
    party = location["country_code"], location["party_id"]
    _store(app).put("tariffs", [_tariff(party, NEW_TARIFF, 0.44, app.state.now())])
    wanted = {"evse": evse["uid"], "connector": evse["connectors"][0]["id"]}
    _change(app, location, wanted, {"tariff_ids": [NEW_TARIFF]})


def _deleted_tariff(app: FastAPI) -> None:
    location, _evse_of_it = _evse(app, 0)
    party = {name: location[name] for name in ("country_code", "party_id")}
    _store(app).remove("tariffs", {**party, "id": OLD_TARIFF})


def _removed_evse(app: FastAPI) -> None:
    location, evse = _evse(app, 2)
    _change(app, location, {"evse": evse["uid"]}, {"status": "REMOVED"})


def _name(app: FastAPI) -> None:
    location, _evse_of_it = _evse(app, 0)
    _change(app, location, {}, {"name": "Laadplein Nieuwe Naam"})


STORY: tuple[Callable[[FastAPI], None], ...] = (_status, _price, _new_tariff, _deleted_tariff, _removed_evse, _name)


def _change(app: FastAPI, location: Json, part: Json, members: Json) -> None:
    change(app, {"object": {"location": location["id"], **part}, "set": members})


def _evse(app: FastAPI, number: int) -> tuple[Json, Json]:
    """The last EVSE that is in use, of the Location with this number; where there are fewer, it goes round."""
    keys = [key for key in _store(app).all_keys() if key.kind == "locations"]
    location = _get(app, keys[number % len(keys)])
    return location, [one for one in location["evses"] if one["status"] != "REMOVED"][-1]


def _store(app: FastAPI) -> Store:
    store: Store = app.state.store
    return store


def _get(app: FastAPI, key: Key) -> Json:
    return _store(app).get(key) or {}


def _tariff(party: tuple[str, str], tariff_id: str, price: float, now: datetime) -> Json:
    energy = {"type": "ENERGY", "price": price, "vat": 21.0, "step_size": 1}
    return {
        "country_code": party[0],
        "party_id": party[1],
        "id": tariff_id,
        "currency": "EUR",
        "type": "AD_HOC_PAYMENT",
        "elements": [{"price_components": [energy]}],
        "last_updated": stamp(now),
    }
