"""Conforming objects as hardly anybody writes them, and JSON text as hardly anybody writes it."""

import json
import re
from typing import Any

from tests.miniatures.sample_data import location, tariff

UNUSUAL_EVSE: dict[str, Any] = {
    "uid": "E/1 #7%+&",
    "evse_id": "nl*min*eX",
    "status": "REMOVED",
    "status_schedule": None,
    "capabilities": [],
    "parking_restrictions": [],
    "last_updated": "2026-05-30T06:00:00.123456",
    "connectors": [
        {
            "id": "",
            "standard": "IEC_60309_2_single_16",
            "format": "CABLE",
            "power_type": "AC_2_PHASE_SPLIT",
            "max_voltage": 0,
            "max_amperage": 1000000,
            "max_electric_power": 3680,
            "tariff_ids": [],
            "terms_and_conditions": None,
            "last_updated": "2026-05-30T06:00:00.0",
            "power": {"unit": "kW"},
        }
    ],
}

LOCATIONS = [
    location("9B2E1C5A-0F4D-4C1E-8A63-5D7F0E9C2B41"),
    location('a/b c%2F#?&=+~"<>', country_code="nl", party_id="min", name=None, vendor={"x": [1, {}]}),
    location("9b2e1c5a-0f4d-4c1e-8a63-5d7f0e9c2b42", evses=None, address=""),
    location("4", evses=[UNUSUAL_EVSE], publish=False, city="’s-Gravenhage 😀", postal_code=None),
    location("..;a=1", evses=[], energy_mix={"is_green_energy": False, "energy_sources": []}),
]
TARIFFS = [tariff("Kwh", 0), tariff("kWh/{vol}", 1e-7), tariff("F", 12345678.9)]
LISTS: dict[str, list[dict[str, Any]]] = {"locations": LOCATIONS, "tariffs": TARIFFS}

_WHOLE = re.compile(r"(?<=: )(\d+)(?=[,\s}\]])")
_STAMP = re.compile(r"(T\d\d:\d\d:\d\d)Z")


def unusual_json(value: Any) -> bytes:
    """Escaped, sorted and spaced; whole numbers as 1000.0 and instants without Z."""
    text = json.dumps(value, sort_keys=True, indent="\t", ensure_ascii=True).replace("/", "\\/")
    return ("\r\n" + _STAMP.sub(r"\1", _WHOLE.sub(r"\1.0", text)) + "\n\n").encode()
