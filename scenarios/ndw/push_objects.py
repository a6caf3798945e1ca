"""NDW, push: the objects that the conversations write, with every kind of part that OCPI has. No clause of its own."""

from typing import Any

Made = dict[str, Any]


def connector(connector_id: str, stamp: str, tariff: str, **other: Any) -> Made:
    """A Connector of 22 kW that names this tariff."""
    return {
        "id": connector_id,
        "standard": "IEC_62196_T2",
        "format": "SOCKET",
        "power_type": "AC_3_PHASE",
        "max_voltage": 230,
        "max_amperage": 32,
        "max_electric_power": 22080,
        "tariff_ids": [tariff],
        "terms_and_conditions": "https://power.example/voorwaarden",
        "last_updated": stamp,
        **other,
    }


def evse(party: str, uid: str, stamp: str, *connectors: Made, **other: Any) -> Made:
    """An EVSE of the party, written ``NL/ABC``, with these Connectors."""
    return {
        "uid": uid,
        "evse_id": f"{party.replace('/', '*')}*E{uid.replace('-', '')}",
        "status": "AVAILABLE",
        "status_schedule": [{"period_begin": "2027-03-01T06:00:00Z", "status": "PLANNED"}],
        "capabilities": ["RFID_READER", "CONTACTLESS_CARD_SUPPORT"],
        "floor_level": "-1",
        "coordinates": {"latitude": "52.090745", "longitude": "5.121425"},
        "physical_reference": "A1",
        "directions": [{"language": "nl", "text": "Naast de ingang"}],
        "parking_restrictions": ["EV_ONLY"],
        "connectors": list(connectors),
        "last_updated": stamp,
        **other,
    }


def location(party: str, location_id: str, stamp: str, *evses: Made, **other: Any) -> Made:
    """A Location with these EVSEs."""
    country_code, _, party_id = party.partition("/")
    logo = {"url": "https://power.example/logo.png", "category": "OPERATOR", "type": "png", "width": 200, "height": 80}
    return {
        "country_code": country_code,
        "party_id": party_id,
        "id": location_id,
        "publish": True,
        "name": "Voorbeeldkade",
        "address": "Voorbeeldkade 12",
        "city": "Utrecht",
        "postal_code": "3500 AA",
        "country": "NLD",
        "coordinates": {"latitude": "52.090740", "longitude": "5.121420"},
        "related_locations": [
            {"latitude": "52.090800", "longitude": "5.121500", "name": {"language": "nl", "text": "Inrit"}}
        ],
        "parking_type": "PARKING_GARAGE",
        "evses": list(evses),
        "directions": [{"language": "nl", "text": "Inrit aan de noordkant"}],
        "operator": {"name": "Example Power", "website": "https://power.example", "logo": logo},
        "facilities": ["CAFE"],
        "time_zone": "Europe/Amsterdam",
        "opening_times": {
            "twentyfourseven": False,
            "regular_hours": [
                {"weekday": 1, "period_begin": "08:00", "period_end": "12:00"},
                {"weekday": 1, "period_begin": "13:00", "period_end": "18:00"},
            ],
            "exceptional_openings": [{"period_begin": "2027-04-27T06:00:00Z", "period_end": "2027-04-27T10:00:00Z"}],
            "exceptional_closings": [{"period_begin": "2027-12-25T00:00:00Z", "period_end": "2027-12-26T00:00:00Z"}],
        },
        "charging_when_closed": False,
        "images": [{"url": "https://power.example/kade.jpg", "category": "LOCATION", "type": "jpeg"}],
        "energy_mix": GREEN,
        "last_updated": stamp,
        **other,
    }


GREEN: Made = {
    "is_green_energy": True,
    "energy_sources": [{"source": "WIND", "percentage": 60}, {"source": "SOLAR", "percentage": 40}],
    "environ_impact": [{"category": "CARBON_DIOXIDE", "amount": 0}],
    "supplier_name": "Example Energie",
    "energy_product_name": "Zon en wind",
}


def price(dimension: str, amount: float, **restrictions: Any) -> Made:
    """A Tariff element with one price, under these restrictions."""
    component = {"type": dimension, "price": amount, "vat": 21.0, "step_size": 1}
    return {"price_components": [component], **({"restrictions": restrictions} if restrictions else {})}


def tariff(party: str, tariff_id: str, stamp: str, *elements: Made, **other: Any) -> Made:
    """A Tariff of these elements; without any, one that differs by day and has a fee for a reservation."""
    country_code, _, party_id = party.partition("/")
    varied = (
        price("FLAT", 1.0, reservation="RESERVATION"),
        price("ENERGY", 0.45, start_time="07:00", end_time="23:00", min_kwh=0, max_kwh=80, day_of_week=["SATURDAY"]),
        price("ENERGY", 0.39),
    )
    return {
        "country_code": country_code,
        "party_id": party_id,
        "id": tariff_id,
        "currency": "EUR",
        "type": "AD_HOC_PAYMENT",
        "tariff_alt_text": [{"language": "nl", "text": "Zie het tarief op de paal"}],
        "tariff_alt_url": "https://power.example/tarieven",
        "min_price": {"excl_vat": 1.0, "incl_vat": 1.21},
        "max_price": {"excl_vat": 90.0, "incl_vat": 108.9},
        "elements": list(elements or varied),
        "start_date_time": "2026-01-01T00:00:00Z",
        "end_date_time": "2036-01-01T00:00:00Z",
        "energy_mix": GREEN,
        "last_updated": stamp,
        **other,
    }
