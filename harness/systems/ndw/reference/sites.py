"""The kinds of place where the made-up CPO has charging stations, and what is typical of each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Plug:
    """A connector's hardware. Volts are line to neutral for three phases; watts are what the station really gives."""

    standard: str
    format: str
    power_type: str
    volts: int
    amps: int
    watts: int


SOCKET_7 = Plug("IEC_62196_T2", "SOCKET", "AC_1_PHASE", 230, 32, 7_360)
SOCKET_11 = Plug("IEC_62196_T2", "SOCKET", "AC_3_PHASE", 230, 16, 11_040)
SOCKET_22 = Plug("IEC_62196_T2", "SOCKET", "AC_3_PHASE", 230, 32, 22_080)
CABLE_43 = Plug("IEC_62196_T2", "CABLE", "AC_3_PHASE", 230, 63, 43_470)
CHADEMO_50 = Plug("CHADEMO", "CABLE", "DC", 500, 125, 50_000)
CHADEMO_100 = Plug("CHADEMO", "CABLE", "DC", 500, 200, 100_000)
CCS_50 = Plug("IEC_62196_T2_COMBO", "CABLE", "DC", 500, 125, 50_000)
CCS_150 = Plug("IEC_62196_T2_COMBO", "CABLE", "DC", 920, 200, 150_000)
CCS_300 = Plug("IEC_62196_T2_COMBO", "CABLE", "DC", 1_000, 500, 300_000)


def always_open(_now: datetime) -> dict[str, Any]:
    """Day and night; regular hours would contradict that."""
    return {"twentyfourseven": True}


def shop_hours(now: datetime) -> dict[str, Any]:
    """Every day by day, closed at Christmas, and open for a few hours on the day after."""
    hours = [("08:00", "21:00")] * 5 + [("08:00", "20:00"), ("10:00", "18:00")]
    year = now.year
    return {
        "twentyfourseven": False,
        "regular_hours": [_hours(day, *times) for day, times in enumerate(hours, start=1)],
        # Regular hours are local time, exceptional ones UTC: a Dutch winter day begins at 23:00 of the day before.
        "exceptional_openings": [
            {"period_begin": f"{year}-12-26T10:00:00Z", "period_end": f"{year}-12-26T16:00:00Z"},
        ],
        "exceptional_closings": [
            {"period_begin": f"{year}-12-24T23:00:00Z", "period_end": f"{year}-12-25T23:00:00Z"},
        ],
    }


def garage_hours(_now: datetime) -> dict[str, Any]:
    """From early until 23:59; in the weekend until 02:00, which is a second period on the next day."""
    days = [_hours(day, "06:30", "23:59") for day in range(1, 7)]
    nights = [_hours(day, "00:00", "02:00") for day in (6, 7)]
    return {"twentyfourseven": False, "regular_hours": [*days, *nights, _hours(7, "09:00", "23:59")]}


def _hours(weekday: int, begin: str, end: str) -> dict[str, Any]:
    return {"weekday": weekday, "period_begin": begin, "period_end": end}


@dataclass(frozen=True)
class Site:
    """One kind of place; where several values are given, each Location or EVSE of the kind gets one of them."""

    location_id: str  # with {number}
    parking_types: tuple[str, ...]
    evses: tuple[int, ...]
    plugs: tuple[tuple[Plug, ...], ...]
    tariffs: tuple[tuple[str, ...], ...]  # of AC connectors; per TariffType one is active at a time
    restrictions: tuple[tuple[str, ...], ...]
    facilities: tuple[tuple[str, ...], ...]
    hours: Callable[[datetime], dict[str, Any]]
    capabilities: tuple[str, ...]
    spread: float  # degrees from the centre of the town
    name: str = ""  # with {street} and {city}
    floors: tuple[str, ...] = ()
    owner: str = "Gemeente {city}"


DC_TARIFFS = ("DC-ADHOC-NOW", "DC-ADHOC-NEXT", "DC-REGULAR")

STREET = Site(
    location_id="LOC-{number:04d}",
    parking_types=("ON_STREET",),
    evses=(2,),
    plugs=((SOCKET_11,), (SOCKET_22,)),
    tariffs=(("AC-ADHOC", "AC-REGULAR"), ("NIGHT-ADHOC", "NIGHT-REGULAR", "GREEN"), ("SESSION-FEE",)),
    restrictions=(("EV_ONLY", "PLUGGED"), ("EV_ONLY",), ("DISABLED", "EV_ONLY")),
    facilities=((), ("BUS_STOP",), ("TRAM_STOP", "BIKE_SHARING")),
    hours=always_open,
    capabilities=("REMOTE_START_STOP_CAPABLE", "RFID_READER", "UNLOCK_CAPABLE"),
    spread=0.012,
)
SHOP = Site(
    location_id="LOC-{number:04d}",
    parking_types=("PARKING_LOT",),
    evses=(2, 3, 4),
    plugs=((SOCKET_11,), (SOCKET_22,), (CCS_50, CHADEMO_50)),
    tariffs=(("VOLUME",), ("FREE",), ("AC-ADHOC", "AC-REGULAR")),
    restrictions=(("CUSTOMERS",), ("CUSTOMERS", "EV_ONLY")),
    facilities=(("SUPERMARKET",), ("SUPERMARKET", "CAFE", "WIFI"), ("MALL", "RESTAURANT")),
    hours=shop_hours,
    capabilities=("REMOTE_START_STOP_CAPABLE", "RFID_READER"),
    spread=0.015,
    name="Winkelcentrum {street}",
    owner="Voorbeeld Winkelvastgoed",
)
GARAGE = Site(
    location_id="GARAGE-{number:04d}",
    parking_types=("PARKING_GARAGE", "UNDERGROUND_GARAGE"),
    evses=(4, 6, 8),
    plugs=((SOCKET_11,), (SOCKET_7,)),
    tariffs=(("GARAGE", "AC-REGULAR"),),
    restrictions=(("EV_ONLY", "PLUGGED"), ("EV_ONLY", "DISABLED")),
    facilities=(("MUSEUM", "RESTAURANT"), ("TRAIN_STATION", "TAXI_STAND"), ("HOTEL",)),
    hours=garage_hours,
    capabilities=("REMOTE_START_STOP_CAPABLE", "RFID_READER", "UNLOCK_CAPABLE"),
    spread=0.006,
    name="Parkeergarage {street}",
    floors=("-1", "-2"),
    owner="Voorbeeld Parkeren",
)
PARK_AND_RIDE = Site(
    location_id="P+R {number:04d}/A*",  # real ids are as awkward as this
    parking_types=("PARKING_LOT",),
    evses=(4, 6),
    plugs=((SOCKET_11,), (SOCKET_22,)),
    tariffs=(("RESERVABLE", "AC-REGULAR"),),
    restrictions=(("EV_ONLY",), ("PLUGGED",), ("DISABLED",)),
    facilities=(("CARPOOL_PARKING", "BUS_STOP"), ("TRAIN_STATION", "BUS_STOP", "BIKE_SHARING")),
    hours=always_open,
    capabilities=("REMOTE_START_STOP_CAPABLE", "RESERVABLE", "RFID_READER", "UNLOCK_CAPABLE"),
    spread=0.015,
    name="P+R {city} {street}",
)
MOTORWAY = Site(
    location_id="HUB-{number:04d}",
    parking_types=("ALONG_MOTORWAY",),
    evses=(4, 6, 8),
    plugs=((CCS_300,), (CCS_150, CHADEMO_100), (CCS_50, CHADEMO_50, CABLE_43)),
    tariffs=(("AC-ADHOC", "AC-REGULAR"),),
    restrictions=(("EV_ONLY", "PLUGGED"), ("EV_ONLY",)),
    facilities=(("FUEL_STATION", "RESTAURANT", "WIFI"), ("FUEL_STATION", "CAFE"), ("NATURE",)),
    hours=always_open,
    capabilities=("CONTACTLESS_CARD_SUPPORT", "DEBIT_CARD_PAYABLE", "PED_TERMINAL", "REMOTE_START_STOP_CAPABLE"),
    spread=0.03,
    name="Snellaadstation {city}",
    owner="Voorbeeld Snelladen",
)

# The order in which the kinds take turns: mostly street posts, and every kind among the first ten.
TURNS = (STREET, MOTORWAY, STREET, SHOP, STREET, GARAGE, STREET, STREET, PARK_AND_RIDE, STREET)
