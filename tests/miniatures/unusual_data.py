"""Conforming objects as hardly anybody writes them, and JSON text as hardly anybody writes it."""

import json
import re
from typing import Any

from tests.miniatures.meaning import BY_RESERVATION, FREE, MIX
from tests.miniatures.sample_data import location, meaningful_location, tariff

UNUSUAL_EVSE: dict[str, Any] = {
    "uid": "E/1 #7%+&",
    "evse_id": "nl*min*eX",
    "status": "REMOVED",
    "status_schedule": None,
    "capabilities": [],
    "parking_restrictions": [],
    "last_updated": "2026-05-30T06:00:00.1234",
    "connectors": [
        {
            "id": "",
            "standard": "IEC_60309_2_single_16",
            "format": "CABLE",
            "power_type": "AC_2_PHASE_SPLIT",
            "max_voltage": 120,
            "max_amperage": 16,
            "max_electric_power": 3680,
            "tariff_ids": [],
            "terms_and_conditions": None,
            "last_updated": "2026-05-30T06:00:00.0",
            "power": {"unit": "kW"},
        }
    ],
}

LOCATIONS = [
    meaningful_location("9B2E1C5A-0F4D-4C1E-8A63-5D7F0E9C2B41", "KWH/{VOL}", "kwh", "KWH"),
    location('a/b c%2F#?&=+~"<>', country_code="nl", party_id="min", name=None, vendor={"x": [1, {}]}),
    location("9b2e1c5a-0f4d-4c1e-8a63-5d7f0e9c2b42", address=""),
    location("4", publish=False, city="’s-Gravenhage 😀", postal_code=None, last_updated=UNUSUAL_EVSE["last_updated"]),
    meaningful_location("..;a=1", "F") | {"energy_mix": {"is_green_energy": False, "energy_sources": []}},
]
LOCATIONS[3]["evses"].insert(0, UNUSUAL_EVSE)
TARIFFS = [
    tariff("Kwh", 0, elements=FREE, start_date_time="1999-12-31T23:59:59.9"),
    tariff("kWh/{vol}", 0, elements=BY_RESERVATION, type="REGULAR", end_date_time=None),
    tariff("F", 1e-7, currency="EUR", energy_mix=MIX),
]
LISTS: dict[str, list[dict[str, Any]]] = {"locations": LOCATIONS, "tariffs": TARIFFS}

_WHOLE = re.compile(r"(?<=: )(\d+)(?=[,\s}\]])")
_STAMP = re.compile(r"(T\d\d:\d\d:\d\d)Z")


def unusual_json(value: Any) -> bytes:
    """Escaped, sorted and spaced; whole numbers as 1000.0 and instants without Z."""
    text = json.dumps(value, sort_keys=True, indent="\t", ensure_ascii=True).replace("/", "\\/")
    return ("\r\n" + _STAMP.sub(r"\1", _WHOLE.sub(r"\1.0", text)) + "\n\n").encode()
