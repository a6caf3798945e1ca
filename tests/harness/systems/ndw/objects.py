"""Ways through the objects of a made-up feed."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

Json = dict[str, Any]
Feed = tuple[datetime, list[Json], list[Json]]
PARTY = ("NL", "XPO")
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
ENUMS = {
    "status": "AVAILABLE BLOCKED CHARGING INOPERATIVE OUTOFORDER PLANNED REMOVED UNKNOWN",
    "capabilities": "CONTACTLESS_CARD_SUPPORT DEBIT_CARD_PAYABLE PED_TERMINAL REMOTE_START_STOP_CAPABLE RESERVABLE"
    " RFID_READER UNLOCK_CAPABLE",
    "parking_restrictions": "EV_ONLY PLUGGED DISABLED CUSTOMERS",
    "parking_type": "ALONG_MOTORWAY PARKING_GARAGE PARKING_LOT ON_STREET UNDERGROUND_GARAGE",
    "facilities": "HOTEL RESTAURANT CAFE MALL SUPERMARKET NATURE MUSEUM BIKE_SHARING BUS_STOP TAXI_STAND TRAM_STOP"
    " TRAIN_STATION CARPOOL_PARKING FUEL_STATION WIFI",
    "standard": "CHADEMO IEC_62196_T2 IEC_62196_T2_COMBO",
    "format": "SOCKET CABLE",
    "power_type": "AC_1_PHASE AC_3_PHASE DC",
    "source": "NUCLEAR COAL GAS SOLAR WIND WATER",
    "category": "CARBON_DIOXIDE NUCLEAR_WASTE LOCATION",
    "day_of_week": "SATURDAY SUNDAY",
    "reservation": "RESERVATION",
    "language": "nl en",
    "currency": "EUR",
    "country": "NLD",
}


def evses(locations: list[Json]) -> Iterator[tuple[Json, Json]]:
    return ((location, evse) for location in locations for evse in location["evses"])


def connectors(locations: list[Json]) -> Iterator[tuple[Json, Json, Json]]:
    return ((location, evse, one) for location, evse in evses(locations) for one in evse["connectors"])


def members(value: Any) -> Iterator[tuple[str, Any]]:
    """Every name and value of all objects in here; the entries of a list of texts count one by one."""
    if isinstance(value, dict):
        for name, member in value.items():
            for one in member if isinstance(member, list) else [member]:
                yield name, one
                yield from members(one)
    elif isinstance(value, list):
        for entry in value:
            yield from members(entry)


def instant(text: str) -> datetime:
    assert STAMP.fullmatch(text), text
    return datetime.fromisoformat(text)


def period(tariff: Json) -> tuple[datetime, datetime]:
    start = tariff.get("start_date_time", "2000-01-01T00:00:00Z")
    return instant(start), instant(tariff.get("end_date_time", "2100-01-01T00:00:00Z"))
