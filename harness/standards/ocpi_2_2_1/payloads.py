"""Hypothesis strategies for Locations and Tariffs that are valid and make sense.

Beyond the field tables they obey what no table says: stamps that rise from connector to location, ids that are unique
without case, hours without overlaps, shares that sum to 100, power that fits voltage and current, elements without
restrictions last. The places are Dutch. An object comes as a dictionary that is ready for JSON.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from harness.generate.values import (
    Form,
    Place,
    addresses,
    date_time,
    degrees,
    degrees_near,
    dutch_coordinates,
    evse_id,
    places,
    postal_codes,
)
from harness.standards.ocpi_2_2_1.payload_parts import (
    AGES,
    COMPANIES,
    ENERGY_MIXES,
    IMAGES,
    NOW,
    TEXT,
    TEXTS,
    URLS,
    Json,
    Stamps,
    Terms,
    opening_times,
    some,
    stamps_of,
)
from harness.standards.ocpi_2_2_1.tariff_payloads import tariffs

__all__ = ["NOW", "Json", "Terms", "locations", "tariffs"]


@dataclass(frozen=True)
class Plug:
    """A kind of connector; volts are line to neutral, and `phases` is how often they carry the current."""

    standard: str
    format: str
    power_type: str
    volts: int
    amps: tuple[int, ...]
    phases: int


PLUGS = (
    Plug("IEC_62196_T2", "SOCKET", "AC_3_PHASE", 230, (16, 25, 32), 3),
    Plug("IEC_62196_T2", "SOCKET", "AC_1_PHASE", 230, (16, 32), 1),
    Plug("IEC_62196_T2", "CABLE", "AC_3_PHASE", 230, (32, 63), 3),
    Plug("IEC_62196_T2", "SOCKET", "AC_2_PHASE", 230, (16, 32), 2),
    Plug("IEC_62196_T2_COMBO", "CABLE", "DC", 920, (200, 350, 500), 1),
    Plug("IEC_62196_T2_COMBO", "CABLE", "DC", 500, (125, 200), 1),
    Plug("CHADEMO", "CABLE", "DC", 500, (125,), 1),
    Plug("DOMESTIC_F", "SOCKET", "AC_1_PHASE", 230, (10, 16), 1),
    Plug("IEC_60309_2_three_16", "SOCKET", "AC_3_PHASE", 230, (16,), 3),
)


_PLUGS = st.sampled_from(PLUGS)
_SHARES = st.integers(5, 20)
_COUNTS = [st.integers(1, most) for most in range(4)]
_NEAR = degrees(2_000)


def _connector(draw: DrawFn, terms: Terms, connector_id: str, stamps: Stamps, age: int) -> Json:
    """A Connector whose power fits its voltage and current; it last changed when its EVSE did, or earlier."""
    plug = draw(_PLUGS)
    amps = draw(st.sampled_from(plug.amps))
    most = plug.volts * amps * plug.phases
    connector = {
        "id": connector_id,
        "standard": plug.standard,
        "format": plug.format,
        "power_type": plug.power_type,
        "max_voltage": plug.volts,
        "max_amperage": amps,
        "last_updated": stamps.draw(draw, age + draw(AGES)),
        **some(draw, terms, _connector_options(terms)),
    }
    if "max_electric_power" in connector:  # so far the share in twentieths
        connector["max_electric_power"] = max(1_000, most * connector["max_electric_power"] // 20)
    return connector


@cache
def _connector_options(terms: Terms) -> dict[str, SearchStrategy[Any]]:
    named = st.sampled_from(terms.prices).map(list)
    return {"max_electric_power": _SHARES, "tariff_ids": named, "terms_and_conditions": URLS}


_CAPABILITIES = ("CONTACTLESS_CARD_SUPPORT", "PED_TERMINAL", "REMOTE_START_STOP_CAPABLE", "RFID_READER", "RESERVABLE")
_RESTRICTIONS = ("EV_ONLY", "PLUGGED", "DISABLED", "CUSTOMERS", "MOTORCYCLES")
_IN_USE = ("AVAILABLE", "CHARGING", "BLOCKED", "INOPERATIVE", "OUTOFORDER", "PLANNED", "RESERVED", "UNKNOWN")
_STATUSES, _ALL_STATUSES = st.sampled_from(_IN_USE), st.sampled_from((*_IN_USE, "REMOVED"))
_EVSE_OPTIONS: dict[str, SearchStrategy[Any]] = {
    "evse_id": st.booleans(),
    "capabilities": st.lists(st.sampled_from(_CAPABILITIES), min_size=1, max_size=3, unique=True),
    "floor_level": st.sampled_from(("-1", "0", "P2")),
    "coordinates": st.tuples(_NEAR, _NEAR),
    "physical_reference": st.integers(1, 99).map("paal {}".format),
    "directions": TEXTS,
    "parking_restrictions": st.lists(st.sampled_from(_RESTRICTIONS), min_size=1, max_size=3, unique=True),
    "images": IMAGES,
}


def _evse(draw: DrawFn, terms: Terms, name: str, at: Json, stamps: Stamps, *, removable: bool) -> Json:
    """An EVSE near `at`; `name` makes its ids unique. Only a `removable` one may have the status REMOVED."""
    age, count = draw(AGES), draw(_COUNTS[2])
    evse: Json = {
        "uid": f"EV-{name}",
        "status": draw(_ALL_STATUSES if removable else _STATUSES),
        "connectors": [_connector(draw, terms, str(number), stamps, age) for number in range(1, count + 1)],
        "last_updated": stamps.draw(draw, age),
        **some(draw, terms, _EVSE_OPTIONS),
    }
    if evse["status"] == "PLANNED":
        opening = date_time(terms.now + timedelta(days=count * 90), Form(0, True))
        evse["status_schedule"] = [{"period_begin": opening, "status": "AVAILABLE"}]
    if "evse_id" in evse:  # so far whether it has separators
        evse["evse_id"] = evse_id(terms.party, name.replace("-", ""), separated=evse["evse_id"])
    if "coordinates" in evse:  # so far how far off
        sides = zip(("latitude", "longitude"), evse["coordinates"], strict=True)
        evse["coordinates"] = {side: degrees_near(float(at[side]), off) for side, off in sides}
    return evse


_ID_STYLES = st.sampled_from(("LOC-{}", "{}", "laadplein {}", "a*b/{}"))
_NUMBERS, _PLACES, _ADDRESSES = st.integers(1, 9_999), places(), addresses()


@st.composite
def locations(draw: DrawFn, terms: Terms, number: int | None = None) -> Json:
    """A Location with one to three EVSEs; `number` makes its ids, and those in it, unique in a feed."""
    name = f"{draw(_NUMBERS) if number is None else number:04d}"
    place, stamps = draw(_PLACES), stamps_of(draw, terms)
    at = draw(dutch_coordinates(place))
    location: Json = {
        "country_code": terms.party[0],
        "party_id": terms.party[1],
        "id": draw(_ID_STYLES).format(name),
        "publish": terms.publish or draw(st.booleans()),
        "address": draw(_ADDRESSES),
        "city": place.city,
        "country": "NLD",
        "coordinates": at,
        "evses": [
            _evse(draw, terms, f"{name}-{'ABC'[index]}", at, stamps, removable=index > 0)
            for index in range(draw(_COUNTS[3]))
        ],
        "time_zone": draw(st.sampled_from(terms.time_zones)),
        "last_updated": stamps.draw(draw, 0),
        **some(draw, terms, _location_options(terms, place)),
    }
    if not location["publish"]:
        location["publish_allowed_to"] = [{"visual_number": f"NL-{name}", "issuer": "Voorbeeldpas"}]
    return location


@cache
def _location_options(terms: Terms, place: Place) -> dict[str, SearchStrategy[Any]]:
    entrance = st.builds(lambda point, text: {**point, "name": text}, dutch_coordinates(place), TEXT)
    return {
        "opening_times": opening_times(terms.now),
        "energy_mix": ENERGY_MIXES,
        "operator": COMPANIES,
        "owner": COMPANIES,
        "suboperator": COMPANIES,
        "name": st.sampled_from(("P+R Noord", "Snellaadstation Ödinga", "Station")),
        "postal_code": postal_codes(place),
        "state": st.just(place.province),
        "related_locations": st.lists(entrance, min_size=1, max_size=1),
        "parking_type": st.sampled_from(("ALONG_MOTORWAY", "PARKING_GARAGE", "PARKING_LOT", "ON_STREET")),
        "directions": TEXTS,
        "facilities": st.lists(st.sampled_from(("CAFE", "MUSEUM", "WIFI")), min_size=1, max_size=2, unique=True),
        "charging_when_closed": st.booleans(),
        "images": IMAGES,
    }
