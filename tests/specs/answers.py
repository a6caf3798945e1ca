"""Answers of our own to hold documents against, and ways to change them."""

import json
from typing import Any

Place = tuple[str | int, ...]
GONE = object()
"""In place of a value: there is none."""


def smallest_location() -> dict[str, Any]:
    return {
        "country_code": "NL",
        "party_id": "HRN",
        "id": "haven-noord-3",
        "publish": True,
        "address": "Scheepmakersdijk 7",
        "city": "Harlingen",
        "country": "NLD",
        "coordinates": {"latitude": "53.174860", "longitude": "5.41466"},
        "time_zone": "Europe/Amsterdam",
        "opening_times": {"twentyfourseven": True},
        "energy_mix": {"is_green_energy": False},
        "evses": [
            {
                "uid": "hn3/west*1",
                "status": "CHARGING",
                "connectors": [
                    {
                        "id": "a",
                        "standard": "IEC_62196_T2_COMBO",
                        "format": "CABLE",
                        "power_type": "DC",
                        "max_voltage": 920,
                        "max_amperage": 200,
                        "max_electric_power": 150000,
                        "tariff_ids": ["fast-2026"],
                        "last_updated": "2026-03-29T01:30:00.25Z",
                    }
                ],
                "parking_restrictions": ["EV_ONLY", "PLUGGED"],
                "last_updated": "2026-03-29T01:30:00.25Z",
            }
        ],
        "last_updated": "2026-03-29T02:00:00",
    }


def smallest_tariff() -> dict[str, Any]:
    return {
        "country_code": "NL",
        "party_id": "HRN",
        "id": "fast-2026",
        "currency": "EUR",
        "elements": [{"price_components": [{"type": "ENERGY", "price": 0.62, "step_size": 100}]}],
        "last_updated": "2026-01-01T00:00:00Z",
    }


IMAGE = {
    "url": "https://haven.example/p/1.png",
    "thumbnail": "https://haven.example/p/1s.png",
    "category": "ENTRANCE",
    "type": "png",
    "width": 1200,
    "height": 99999,
}
COMPANY = {"name": "Stroom aan Zee B.V.", "website": "https://stroom.example", "logo": IMAGE}
PERIOD = {"period_begin": "2026-12-25T00:00:00Z", "period_end": "2026-12-25T23:00:00Z"}
DISPLAY_TEXT = {"language": "nl", "text": "Achter het hek — links"}
OPENING_TIMES = {
    "twentyfourseven": False,
    "regular_hours": [{"weekday": 7, "period_begin": "08:00", "period_end": "23:59"}],
    "exceptional_openings": [PERIOD],
    "exceptional_closings": [PERIOD],
}


def fullest_location() -> dict[str, Any]:
    """Every field of every class that a location can hold."""
    location = smallest_location() | {
        "publish": False,
        "publish_allowed_to": [
            {"uid": "04AB12", "type": "RFID"},
            {"visual_number": "NL-HRN-1", "issuer": "Stroom aan Zee"},
            {"group_id": "visitors"},
        ],
        "name": "Haven Noord",
        "postal_code": "8861 KC",
        "state": "Fryslân",
        "related_locations": [{"latitude": "-5.12345", "longitude": "-175.123456", "name": DISPLAY_TEXT}],
        "parking_type": "ON_STREET",
        "directions": [DISPLAY_TEXT],
        "operator": COMPANY,
        "suboperator": COMPANY,
        "owner": COMPANY,
        "facilities": ["FUEL_STATION", "WIFI"],
        "opening_times": OPENING_TIMES,
        "charging_when_closed": False,
        "images": [IMAGE],
        "energy_mix": fullest_energy_mix(),
    }
    location["evses"][0] |= {
        "evse_id": "NL*HRN*E3*1",
        "status_schedule": [{**PERIOD, "status": "INOPERATIVE"}],
        "capabilities": ["RFID_READER", "CONTACTLESS_CARD_SUPPORT"],
        "floor_level": "-1",
        "coordinates": {"latitude": "53.1748601", "longitude": "5.4146612"},
        "physical_reference": "3-W",
        "directions": [DISPLAY_TEXT],
        "images": [IMAGE],
    }
    location["evses"][0]["connectors"][0]["terms_and_conditions"] = "https://stroom.example/terms"
    return location


def fullest_energy_mix() -> dict[str, Any]:
    return {
        "is_green_energy": False,
        "energy_sources": [{"source": "WIND", "percentage": 62.5}, {"source": "GAS", "percentage": 37.5}],
        "environ_impact": [{"category": "CARBON_DIOXIDE", "amount": 140.2}],
        "supplier_name": "Noorderwind",
        "energy_product_name": "Half om half",
    }


def fullest_tariff() -> dict[str, Any]:
    restrictions = {
        "start_time": "22:00",
        "end_time": "06:00",
        "start_date": "2026-11-01",
        "end_date": "2027-03-01",
        "min_kwh": 0.5,
        "max_kwh": 80,
        "min_current": 6,
        "max_current": 96.0,
        "min_power": 3.7,
        "max_power": 150,
        "min_duration": 60,
        "max_duration": 7200,
        "day_of_week": ["SATURDAY", "SUNDAY"],
        "reservation": "RESERVATION_EXPIRES",
    }
    return smallest_tariff() | {
        "type": "AD_HOC_PAYMENT",
        "tariff_alt_text": [{"language": "en", "text": "Cheaper at night"}],
        "tariff_alt_url": "https://stroom.example/prices",
        "min_price": {"excl_vat": 1, "incl_vat": 1.21},
        "max_price": {"excl_vat": 40},
        "elements": [
            {
                "price_components": [{"type": "FLAT", "price": 0, "vat": 21, "step_size": 0}],
                "restrictions": restrictions,
            }
        ],
        "start_date_time": "2026-11-01T00:00:00Z",
        "end_date_time": "2027-03-01T00:00:00Z",
        "energy_mix": fullest_energy_mix(),
    }


def envelope(data: Any) -> dict[str, Any]:
    return {"status_code": 1000, "timestamp": "2026-06-30T21:59:58Z", "data": data}


def page(*objects: Any) -> dict[str, Any]:
    return envelope(list(objects))


FAILURE: dict[str, Any] = {"status_code": 2001, "status_message": "no such day", "timestamp": "2026-06-30T21:59:58Z"}
CORRECT: dict[str, tuple[str, Any]] = {
    "a small location on a page": ("LocationListResponse", page(smallest_location())),
    "a small location alone": ("LocationResponse", envelope(smallest_location())),
    "a small tariff": ("TariffListResponse", page(smallest_tariff())),
    "a full location on a page": ("LocationListResponse", page(fullest_location(), smallest_location())),
    "a full location alone": ("LocationResponse", envelope(fullest_location())),
    "a full tariff": ("TariffListResponse", page(fullest_tariff())),
    "no location": ("LocationListResponse", page()),
    "no tariff": ("TariffListResponse", page()),
    "failure instead of locations": ("LocationListResponse", FAILURE),
    "failure instead of one location": ("LocationResponse", FAILURE | {"data": None}),
    "failure instead of tariffs": ("TariffListResponse", FAILURE | {"data": {"errors": []}}),
    "an error": ("ErrorResponse", FAILURE),
    "an error with anything as data": ("ErrorResponse", FAILURE | {"data": [1], "status_message": None}),
}


def fresh(value: Any) -> Any:
    """A copy in which no part stands twice, unlike the one of deepcopy."""
    return json.loads(json.dumps(value))


def put(value: Any, place: Place, new: Any) -> Any:
    if not place:
        return new
    changed = fresh(value)
    target = changed
    for step in place[:-1]:
        target = target[step]
    target[place[-1]] = new
    return changed


def drop(value: Any, place: Place) -> Any:
    changed = fresh(value)
    target = changed
    for step in place[:-1]:
        target = target[step]
    del target[place[-1]]
    return changed


def at(pointer: str) -> Place:
    return tuple(int(step) if step.isdigit() else step for step in pointer.split("/")[1:])
