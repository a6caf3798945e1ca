"""OCPI 2.2.1: names of its objects, ways to present its token, and names that betray another version.

Source: OCPI 2.2.1, branch release-2.2.1-bugfixes of 2026-05-28.
"""

from dataclasses import replace
from functools import partial
from typing import Any

from harness.judge.vocabulary import as_whole_number
from harness.model.credential import Presentation
from harness.model.exchange import HttpExchange
from harness.model.requirement import Basis, Publication
from harness.model.system import DomainObjects, ObjectKey
from harness.standards.ocpi_2_2_1.traces import location_place, location_trace, tariff_trace

OCPI = Publication("OCPI 2.2.1", Basis.STANDARD)

MESSAGE_IDS = ("X-Request-ID", "X-Correlation-ID")
"""Header fields that every request carries and every response repeats (transport_and_format 4.2)."""

TOKEN_PRESENTATIONS = (
    Presentation("Token", "base64"),
    Presentation("Token", "raw"),
    Presentation("Token", "base64+lf"),
    Presentation("Token", "base64 twice"),
    Presentation("Bearer", "raw"),
    Presentation(None, "raw", header="X-API-Key"),
)
"""How a token may turn out to be wanted: as the standard has it (4.1.2), then what peers are known to do instead."""


class Location(dict[str, Any]):
    """A Location as it came (mod_locations 8.3.1): whatever members the sender wrote."""


class EVSE(dict[str, Any]):
    """An EVSE as it came (mod_locations 8.3.2)."""


class Connector(dict[str, Any]):
    """A Connector as it came (mod_locations 8.3.3)."""


class Tariff(dict[str, Any]):
    """A Tariff as it came (mod_tariffs 11.3.1)."""


def succeeded(exchange: HttpExchange) -> bool:
    """An answer with a status code of success (transport_and_format 5.1): only there ``data`` is what the operation is
    for."""
    if exchange.response is None or exchange.response.status != 200:
        return False
    code = as_whole_number(exchange.response.body.at("/status_code"))
    return code is not None and 1000 <= code <= 1999


OBJECTS = DomainObjects(
    keys={
        "Location": ObjectKey("location", "id"),
        "EVSE": ObjectKey("evse", "uid", also=("evse_id",)),
        "Connector": ObjectKey("connector", "id"),
        "Tariff": ObjectKey("tariff", "id"),
    },
    party=("country_code", "party_id"),
    kept={"Location": location_trace, "Tariff": tariff_trace},
    kept_once={"Location": partial(location_trace, once=True), "Tariff": partial(tariff_trace, once=True)},
    place={"Location": location_place},
    shown=succeeded,
)
"""How OCPI objects are named, and whose they are: Location and Tariff say it, EVSE and Connector inherit it."""

PUSHED_OBJECTS = replace(
    OBJECTS,
    keys={
        **OBJECTS.keys,
        "LocationPatch": OBJECTS.keys["Location"],
        "EvsePatch": OBJECTS.keys["EVSE"],
        "ConnectorPatch": OBJECTS.keys["Connector"],
    },
    kept={},
    kept_once={},
    place={},
    named_by={"location_id": "location", "evse_uid": "evse", "connector_id": "connector", "tariff_id": "tariff"},
)
"""The same, as clients push them: whole or some members only, named by the URL."""

FIELDS_OF_OTHER_VERSIONS = {
    "Location": {"type": "2.1.1", "help_phone": "2.3.0", "parking_places": "2.3.0"},
    "EVSE": {"parking": "2.3.0", "accepted_service_providers": "2.3.0"},
    "Connector": {"voltage": "2.1.1", "amperage": "2.1.1", "tariff_id": "2.1.1", "capabilities": "2.3.0"},
    "Tariff": {"tax_included": "2.3.0", "preauthorize_amount": "2.3.0"},
    "Price": {"before_taxes": "2.3.0", "after_taxes": "2.3.0"},
}
"""Members that exist in another version only, and in which."""


def refused(exchange: HttpExchange) -> bool:
    """The credential was not taken: 401 or 403, or HTTP 200 with an OCPI client error."""
    response = exchange.response
    if response is None or response.status not in (200, 401, 403):
        return False
    code = as_whole_number(response.body.at("/status_code"))
    return response.status != 200 or (code is not None and 2000 <= code <= 2999)
