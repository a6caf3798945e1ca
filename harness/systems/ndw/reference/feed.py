"""Made-up bulk data: a few hundred Dutch charging locations that look like real ones. Replace this by your own data."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from .instants import stamp
from .prices import bulk_tariffs
from .sites import DC_TARIFFS, MOTORWAY, TURNS, Plug, Site
from .towns import STREETS, TOWNS, Town

__all__ = ["bulk_locations", "bulk_tariffs"]

Json = dict[str, Any]

_POSTAL_LETTERS = "ABCDEGHJKLMNPRSTVWXZ"  # those that the Dutch post uses
_UNUSED_PAIRS = {"SA", "SD", "SS"}
_STATUSES = ("AVAILABLE", "CHARGING", "BLOCKED", "INOPERATIVE", "UNKNOWN", "PLANNED")
_WEIGHTS = (60, 30, 2, 2, 2, 1)
_GREEN = {
    "is_green_energy": True,
    "environ_impact": [{"category": "CARBON_DIOXIDE", "amount": 0}, {"category": "NUCLEAR_WASTE", "amount": 0}],
    "supplier_name": "Voorbeeld Energie",
    "energy_product_name": "Groen uit Nederland",
}
_GREY = {
    "is_green_energy": False,
    "energy_sources": [
        {"source": "GAS", "percentage": 41.5},
        {"source": "COAL", "percentage": 8.5},
        {"source": "NUCLEAR", "percentage": 4.0},
        {"source": "WIND", "percentage": 26.0},
        {"source": "SOLAR", "percentage": 20.0},
    ],
    "environ_impact": [
        {"category": "CARBON_DIOXIDE", "amount": 268.3},
        {"category": "NUCLEAR_WASTE", "amount": 0.0001},
    ],
    "supplier_name": "Voorbeeld Energie",
}


def bulk_locations(count: int, seed: int, party: tuple[str, str], now: datetime) -> Iterator[Json]:
    """`count` Locations of `party`, in all provinces, with stamps in the five months before `now` (an aware datetime).

    The same arguments give the same Locations. They name Tariffs of `bulk_tariffs`; among any ten in a row are one
    EVSE with status REMOVED and one with OUTOFORDER, and every Location has one that is not REMOVED.
    """
    rng = Random(seed)  # noqa: S311 - sample data, no secret
    towns = rng.sample(TOWNS, len(TOWNS))
    for number in range(1, count + 1):
        site, town = TURNS[(number - 1) % len(TURNS)], towns[(number - 1) % len(towns)]
        yield _location(rng, number, site, town, party, now)


def _location(rng: Random, number: int, site: Site, town: Town, party: tuple[str, str], now: datetime) -> Json:
    updated = now - timedelta(seconds=rng.randrange(600, 150 * 86_400))
    street = rng.choice(STREETS)
    latitude = town.latitude + rng.uniform(-site.spread, site.spread)
    longitude = town.longitude + rng.uniform(-site.spread, site.spread)
    names = {"street": street, "city": town.name}
    location = {
        "country_code": party[0],
        "party_id": party[1],
        "id": site.location_id.format(number=number),
        "publish": True,
        "name": site.name.format(**names),
        "address": f"{street} {rng.randrange(1, 240)}",
        "city": town.name,
        "postal_code": _postal_code(rng, town),
        "state": town.province,
        "country": "NLD",
        "coordinates": _coordinates(latitude, longitude),
        "related_locations": _entrance(latitude, longitude) if site.floors else [],
        "parking_type": rng.choice(site.parking_types),
        "evses": _evses(rng, number, site, party, updated, (latitude, longitude)),
        "directions": _directions(site),
        "operator": {"name": "Example Power", "website": "https://www.example.com"},
        "owner": {"name": site.owner.format(**names)},
        "facilities": list(rng.choice(site.facilities)),
        "time_zone": "Europe/Amsterdam",
        "opening_times": site.hours(now),
        "charging_when_closed": not site.floors,
        "images": _images(number) if site is MOTORWAY else [],
        "energy_mix": _energy_mix(rng),
        "last_updated": stamp(updated),
    }
    return _without_empty(location)


def _evses(
    rng: Random, number: int, site: Site, party: tuple[str, str], location_updated: datetime, at: tuple[float, float]
) -> list[Json]:
    count = rng.choice(site.evses)
    tariffs = rng.choice(site.tariffs)
    plugs = rng.choice(site.plugs)
    evses = []
    for index in range(count):
        letter = "ABCDEFGH"[index]
        # A Location is as new as its newest part, so one EVSE has its stamp; which one, does not matter.
        age = timedelta(seconds=0 if index == number % count else rng.randrange(0, 20 * 86_400))
        updated = location_updated - age
        evse = {
            "uid": f"EV-{number:04d}-{letter}",
            "evse_id": f"{party[0]}*{party[1]}*E{number:04d}*{letter}",
            "status": _status(rng, number, index, count),
            "capabilities": list(site.capabilities),
            "connectors": [
                _connector(rng, str(place), plug, tariffs, updated) for place, plug in enumerate(plugs, start=1)
            ],
            "floor_level": rng.choice(site.floors) if site.floors else "",
            "coordinates": _coordinates(at[0] + 0.00003 * index, at[1]),
            "physical_reference": f"{number % 100:02d}-{letter}",
            "parking_restrictions": list(rng.choice(site.restrictions)),
            "last_updated": stamp(updated),
        }
        if evse["status"] == "PLANNED":
            opening = location_updated + timedelta(days=200)
            evse["status_schedule"] = [{"period_begin": stamp(opening), "status": "AVAILABLE"}]
        evses.append(_without_empty(evse))
    return evses


def _connector(rng: Random, connector_id: str, plug: Plug, tariffs: tuple[str, ...], evse_updated: datetime) -> Json:
    # Connectors rarely change: many are as old as their EVSE, the others older.
    age = timedelta(seconds=rng.choice((0, rng.randrange(1, 30 * 86_400))))
    return {
        "id": connector_id,
        "standard": plug.standard,
        "format": plug.format,
        "power_type": plug.power_type,
        "max_voltage": plug.volts,
        "max_amperage": plug.amps,
        "max_electric_power": plug.watts,
        "tariff_ids": list(DC_TARIFFS if plug.power_type == "DC" else tariffs),
        "terms_and_conditions": "https://www.example.com/voorwaarden",
        "last_updated": stamp(evse_updated - age),
    }


def _status(rng: Random, number: int, index: int, count: int) -> str:
    drawn = rng.choices(_STATUSES, _WEIGHTS)[0]
    if number % 10 == 3 and index == count - 1:  # never the first, so one is always left
        return "REMOVED"
    if number % 10 == 7 and index == 0:
        return "OUTOFORDER"
    return drawn


def _energy_mix(rng: Random) -> Json:
    if rng.random() < 0.15:
        return dict(_GREY)
    solar, water = rng.randrange(10, 40), rng.randrange(0, 10)
    shares = {"SOLAR": solar, "WATER": water, "WIND": 100 - solar - water}
    sources = [{"source": source, "percentage": share} for source, share in shares.items() if share]
    return {**_GREEN, "energy_sources": sources}


def _postal_code(rng: Random, town: Town) -> str:
    letters = ""
    while not letters or letters in _UNUSED_PAIRS:
        letters = rng.choice(_POSTAL_LETTERS) + rng.choice(_POSTAL_LETTERS)
    return f"{rng.randint(town.first_code, town.last_code)} {letters}"


def _coordinates(latitude: float, longitude: float) -> Json:
    # Texts, with all six decimals: a number would lose its trailing zeros on the way.
    return {"latitude": f"{latitude:.6f}", "longitude": f"{longitude:.6f}"}


def _entrance(latitude: float, longitude: float) -> list[Json]:
    entrance = _coordinates(latitude + 0.0004, longitude - 0.0003)
    return [{**entrance, "name": {"language": "nl", "text": "Inrit van de garage"}}]


def _directions(site: Site) -> list[Json]:
    if not site.floors:
        return []
    return [
        {"language": "nl", "text": "De laadplaatsen liggen naast de lift."},
        {"language": "en", "text": "The charging bays are next to the lift."},
    ]


def _images(number: int) -> list[Json]:
    url = f"https://www.example.com/stations/{number:04d}"
    image = {"url": f"{url}.jpeg", "thumbnail": f"{url}-small.jpeg", "category": "LOCATION", "type": "jpeg"}
    return [{**image, "width": 1280, "height": 720}]


def _without_empty(members: Json) -> Json:
    """What has no value is left out, not sent as null or as an empty text."""
    return {name: value for name, value in members.items() if value not in ("", [])}
