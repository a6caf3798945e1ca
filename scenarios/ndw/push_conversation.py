"""NDW, push: all is well. Objects of every level are pushed by every method that NDW lists.

The harness plays the client here: against the mock of its own or, where the user allows it, against somebody's
endpoint. So nothing is taken for granted that is there from the beginning: a tariff that connectors name is put first.
"""

from collections.abc import Generator, Iterable
from datetime import timedelta
from typing import Any

from harness.model.credential import Present
from harness.model.pointer import MISSING
from harness.model.scenario import Asking, Step, Steps, get, scenario, send
from harness.model.world import World
from harness.standards.ocpi_2_2_1.receiver import path_of
from scenarios.ndw.push_objects import connector, evse, location, price, tariff

PARTY = "NL/XPO"
"""The party whose account the mock has from the beginning."""

OWN_TARIFF = "HARNESS-TAR"
"""The one that connectors name here."""

JSON_TYPE = ("Content-Type", "application/json")
TO_NDW = (("OCPI-to-country-code", "NL"), ("OCPI-to-party-id", "NDW"))


def party_of(world: World) -> str:
    """Whose objects are pushed."""
    return world.parties[0] if world.parties else PARTY


def headers_of(world: World) -> list[tuple[str, str]]:
    """What every push carries besides the credential, the fields for platforms and hubs among it."""
    country_code, _, party_id = party_of(world).partition("/")
    return [JSON_TYPE, ("OCPI-from-country-code", country_code), ("OCPI-from-party-id", party_id), *TO_NDW]


def stamp(world: World, ago_s: int = 0) -> str:
    """The moment so many seconds ago, as OCPI writes it: each state of an object is newer than the one before."""
    moment = world.wire.now() - timedelta(seconds=ago_s)
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def new_id(world: World, prefix: str) -> str:
    """An id that nobody has used."""
    return f"{prefix}-{world.new_id()[:8]}"


def push(
    world: World,
    method: str,
    path: str,
    value: Any = MISSING,
    *,
    raw: bytes = b"",
    tags: Iterable[str] = (),
    auth: Present | None = None,
    anonymous: bool = False,
) -> Asking:
    """One push, as NDW wants it; the value is the exchange."""
    credential = None if anonymous else auth or world.credential
    return send(method, path, value, raw=raw, headers=headers_of(world), auth=credential, tags=tags)


def read(world: World, path: str) -> Asking:
    """Read an object back, where that is served."""
    return get(path, auth=world.credential, tags=["single"])


def a_location(world: World, location_id: str, *, evses: int = 1) -> dict[str, Any]:
    """A Location of the account's party with EVSEs of one Connector each, as it was a minute ago."""
    then, party = stamp(world, 60), party_of(world)
    uids = [f"{location_id}-{number}" for number in range(1, evses + 1)]
    return location(
        party, location_id, then, *(evse(party, uid, then, connector("1", then, OWN_TARIFF)) for uid in uids)
    )


def put_location(world: World, location_id: str, *, evses: int = 1) -> Generator[Step, Any, dict[str, Any]]:
    """Put a tariff, and such a Location whose Connectors name it; the value is the Location."""
    made, party = a_location(world, location_id, evses=evses), party_of(world)
    yield from push(world, "PUT", path_of("Tariff", party, OWN_TARIFF), tariff(party, OWN_TARIFF, stamp(world, 90)))
    yield from push(world, "PUT", path_of("Location", party, location_id), made, tags=["new"])
    return made


@scenario
def push_tariffs(world: World) -> Steps:
    """The client pushes a new tariff, changes it, and takes another one away."""
    party, names = party_of(world), [new_id(world, "TAR") for _ in range(2)]
    first, second = (path_of("Tariff", party, name) for name in names)
    yield from push(world, "PUT", first, tariff(party, names[0], stamp(world, 60)), tags=["new"])
    yield from push(world, "PUT", first, tariff(party, names[0], stamp(world), price("ENERGY", 0.41)), tags=["known"])
    free = tariff(party, names[1], stamp(world), {"price_components": [price("FLAT", 0.0)["price_components"][0]]})
    del free["min_price"], free["max_price"]
    yield from push(world, "PUT", second, free, tags=["new"])
    yield from push(world, "DELETE", second, tags=["known"])


@scenario
def push_a_location(world: World) -> Steps:
    """The client pushes a new location, the same again with other data, and then another name alone."""
    name = new_id(world, "LOC")
    path = path_of("Location", party_of(world), name)
    made = yield from put_location(world, name)
    always = {"city": "Amersfoort", "opening_times": {"twentyfourseven": True}, "last_updated": stamp(world, 30)}
    yield from push(world, "PUT", path, {**made, **always}, tags=["known"])
    yield from push(world, "PATCH", path, {"name": "Voorbeeldkade Noord", "last_updated": stamp(world)}, tags=["known"])


@scenario
def push_an_evse(world: World) -> Steps:
    """The client adds an EVSE to a location, tells that a car charges there, and takes it away."""
    name, party = new_id(world, "LOC"), party_of(world)
    yield from put_location(world, name)
    path = path_of("EVSE", party, name, f"{name}-9")
    made = evse(party, f"{name}-9", stamp(world, 60), connector("1", stamp(world, 60), OWN_TARIFF))
    yield from push(world, "PUT", path, made, tags=["new"])
    yield from push(world, "PATCH", path, {"status": "CHARGING", "last_updated": stamp(world, 30)}, tags=["known"])
    yield from push(world, "PUT", path, {**made, "status": "REMOVED", "last_updated": stamp(world)}, tags=["known"])


@scenario
def push_a_connector(world: World) -> Steps:
    """The client adds a connector to an EVSE and gives it another tariff."""
    name, party = new_id(world, "LOC"), party_of(world)
    yield from put_location(world, name)
    path = path_of("Connector", party, name, f"{name}-1", "2")
    yield from push(world, "PUT", path, connector("2", stamp(world, 60), OWN_TARIFF), tags=["new"])
    yield from push(
        world,
        "PUT",
        path,
        connector("2", stamp(world, 30), OWN_TARIFF, max_amperage=16, max_electric_power=11040),
        tags=["known"],
    )
    other = new_id(world, "TAR")
    yield from push(world, "PUT", path_of("Tariff", party, other), tariff(party, other, stamp(world)), tags=["new"])
    change = {"tariff_ids": [OWN_TARIFF, other], "last_updated": stamp(world)}
    yield from push(world, "PATCH", path, change, tags=["known"])
