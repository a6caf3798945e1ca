"""A few conforming objects for the miniatures to serve."""

from typing import Any

UPDATED = "2026-05-30T06:00:00Z"


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
                "uid": f"E-{name[:32]}",
                "status": "AVAILABLE",
                "parking_restrictions": [],
                "connectors": [connector()],
                "last_updated": UPDATED,
            }
        ],
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


def tariff(name: str, price: float) -> dict[str, Any]:
    """A price per kWh."""
    return {
        "country_code": "NL",
        "party_id": "MIN",
        "id": name,
        "currency": "EUR",
        "elements": [{"price_components": [{"type": "ENERGY", "price": price, "vat": 21.0, "step_size": 1}]}],
        "last_updated": UPDATED,
    }


LISTS: dict[str, list[dict[str, Any]]] = {
    "/locations": [location("LOC-A01"), location("LOC-B02"), location("LOC-C03")],
    "/tariffs": [tariff("KWH", 0.39), tariff("KWH-NIGHT", 0.29)],
}
