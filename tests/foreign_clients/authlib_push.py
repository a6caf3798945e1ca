"""A push client as somebody writes it who lets Authlib see to the token, with all that Authlib does by default.

It pushes two tariffs and a location, changes a status and deletes a tariff. It does not try anything twice.
"""

import os
import uuid
from datetime import UTC, datetime
from typing import Any

from authlib.integrations.requests_client import OAuth2Session  # type: ignore[import-untyped]

COUNTRY, PARTY = os.environ["NDW_PARTY"].split("/")
OWNER = {"country_code": COUNTRY, "party_id": PARTY}
SINCE = "2026-06-01T08:00:00Z"
TARIFF = {
    **OWNER,
    "id": "AD-HOC",
    "currency": "EUR",
    "type": "AD_HOC_PAYMENT",
    "elements": [{"price_components": [{"type": "ENERGY", "price": 0.39, "vat": 21.0, "step_size": 1}]}],
    "last_updated": SINCE,
}
CONNECTOR = {
    "id": "1",
    "standard": "IEC_62196_T2",
    "format": "SOCKET",
    "power_type": "AC_3_PHASE",
    "max_voltage": 230,
    "max_amperage": 32,
    "max_electric_power": 22080,
    "tariff_ids": ["AD-HOC"],
    "last_updated": SINCE,
}
EVSE = {
    "uid": "KADE-A",
    "evse_id": f"{COUNTRY}*{PARTY}*EKADE*A",
    "status": "AVAILABLE",
    "parking_restrictions": ["EV_ONLY"],
    "connectors": [CONNECTOR],
    "last_updated": SINCE,
}
LOCATION = {
    **OWNER,
    "id": "KADE",
    "publish": True,
    "address": "Voorbeeldkade 12",
    "city": "Utrecht",
    "postal_code": "3500 AA",
    "country": "NLD",
    "coordinates": {"latitude": "52.090740", "longitude": "5.121420"},
    "evses": [EVSE],
    "operator": {"name": "Voorbeeldstroom"},
    "time_zone": "Europe/Amsterdam",
    "opening_times": {"twentyfourseven": True},
    "energy_mix": {"is_green_energy": True},
    "last_updated": SINCE,
}


def main() -> None:
    """Push it all, and end with an error where something is not taken."""
    token_url = os.environ["NDW_TOKEN_URL"]
    session = OAuth2Session(os.environ["NDW_CLIENT_ID"], os.environ["NDW_CLIENT_SECRET"])
    session.fetch_token(token_url, grant_type="client_credentials")

    def send(method: str, module: str, name: str, body: Any = None) -> None:
        url = f"{os.environ['NDW_PUSH_URL']}/{module}/{COUNTRY}/{PARTY}/{name}"
        ids = {"X-Request-ID": str(uuid.uuid4()), "X-Correlation-ID": str(uuid.uuid4())}
        session.request(method, url, json=body, headers=ids).raise_for_status()

    send("PUT", "tariffs", "AD-HOC", TARIFF)
    send("PUT", "tariffs", "OLD", {**TARIFF, "id": "OLD"})
    send("PUT", "locations", "KADE", LOCATION)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    send("PATCH", "locations", "KADE/KADE-A", {"status": "CHARGING", "last_updated": now})
    send("DELETE", "tariffs", "OLD")


if __name__ == "__main__":
    main()
