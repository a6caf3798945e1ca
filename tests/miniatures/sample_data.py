"""A few conforming objects for the miniatures to serve."""

from typing import Any

from tests.miniatures.meaning import BY_RESERVATION, FREE, HOURS, MIX

UPDATED = "2026-05-30T06:00:00Z"
IMAGE = {"url": "https://www.example.com/1.png", "category": "LOCATION", "type": "png"}
WAY = {"language": "nl", "text": "Achter de kerk."}


def location(name: str, /, **more: Any) -> dict[str, Any]:
    """The smallest Location that NDW takes, with one connector."""
    return {
        "country_code": "NL",
        "party_id": "MIN",
        "id": name,
        "publish": True,
        "address": "Dorpsstraat 1",
        "city": "Ons Dorp",
        "country": "NLD",
        "coordinates": {"latitude": "52.100000", "longitude": "5.100000"},
        "evses": [
            {
                "uid": f"E-{name[-32:]}",
                "status": "AVAILABLE",
                "parking_restrictions": ["EV_ONLY"],
                "connectors": [connector()],
                "last_updated": UPDATED,
            }
        ],
        "operator": {"name": "Laden in het klein"},
        "time_zone": "Europe/Amsterdam",
        "opening_times": {"twentyfourseven": True},
        "energy_mix": {"is_green_energy": True},
        "last_updated": UPDATED,
        **more,
    }


def connector() -> dict[str, Any]:
    """A socket of 11 kW."""
    return {
        "id": "1",
        "standard": "IEC_62196_T2",
        "format": "SOCKET",
        "power_type": "AC_3_PHASE",
        "max_voltage": 230,
        "max_amperage": 16,
        "max_electric_power": 11040,
        "tariff_ids": ["KWH"],
        "last_updated": UPDATED,
    }


def tariff(name: str, price: float, /, **more: Any) -> dict[str, Any]:
    """A price per kWh."""
    return {
        "country_code": "NL",
        "party_id": "MIN",
        "id": name,
        "currency": "EUR",
        "elements": [{"price_components": [{"type": "ENERGY", "price": price, "vat": 21.0, "step_size": 1}]}],
        "last_updated": UPDATED,
        **more,
    }


def meaningful_location(name: str, *tariff_ids: str) -> dict[str, Any]:
    """One with hours, energy, a picture, the way there, and an EVSE that has a number, a place and plans."""
    made = location(name, opening_times=HOURS, energy_mix=MIX, images=[IMAGE], directions=[WAY])
    made["evses"][0]["status_schedule"] = [{"period_begin": UPDATED, "status": "RESERVED"}]
    made["evses"][0] |= {"evse_id": f"NL*MIN*E{name[-8:].encode().hex()}", "coordinates": made["coordinates"]}
    made["evses"][0]["connectors"][0]["tariff_ids"] = list(tariff_ids)
    return made


LISTS: dict[str, list[dict[str, Any]]] = {
    "/locations": [
        location("LOC-A01"),
        location("LOC B/02*", last_updated="2026-05-30T06:00:01Z"),
        meaningful_location("LOC-C03", "FREE", "RESERVABLE") | {"last_updated": "2026-05-31T18:30:00Z"},
    ],
    "/tariffs": [
        tariff("KWH", 0.39, start_date_time=UPDATED, energy_mix=MIX),
        tariff("RESERVABLE", 0, elements=BY_RESERVATION, type="REGULAR", last_updated="2026-05-30T06:00:01Z"),
        tariff("FREE", 0, elements=FREE),
    ],
}
