"""What NDW's mock holds at first: two accounts, a tariff and a location."""

from collections.abc import Sequence
from typing import Any

from harness.mock.session import Session
from harness.systems.ndw.seed.account import accounts, make_account, secret_of
from harness.systems.ndw.seed.world import LOCATIONS, TARIFFS

PARTY, OTHER_PARTY = "NL/XPO", "NL/YPO"
_SINCE = "2026-06-01T08:00:00Z"


def client_id_for(party: str) -> str:
    """A readable name for the account of a party."""
    return f"dotnl-{party.replace('/', '-').lower()}"


def seed(session: Session) -> None:
    """Fill the tables of a session."""
    for party in (PARTY, OTHER_PARTY):
        make_account(session, client_id_for(party), [party])
    session.tables.put(TARIFFS, first_tariff())
    session.tables.put(LOCATIONS, first_location())


def serve_only(session: Session, parties: Sequence[str]) -> None:
    """Leave one account, which delivers for these parties."""
    for row in accounts(session):
        session.tables.drop("accounts", str(row["client_id"]))
    make_account(session, client_id_for(parties[0]), list(parties))


def first_tariff() -> dict[str, Any]:
    """The tariff that is there from the beginning."""
    price = {"type": "ENERGY", "price": 0.39, "vat": 21.0, "step_size": 1}
    return {
        "country_code": "NL",
        "party_id": "XPO",
        "id": "TAR-01",
        "currency": "EUR",
        "type": "AD_HOC_PAYMENT",
        "elements": [{"price_components": [price]}],
        "last_updated": _SINCE,
    }


def _evse(letter: str) -> dict[str, Any]:
    connector = {
        "id": "1",
        "standard": "IEC_62196_T2",
        "format": "SOCKET",
        "power_type": "AC_3_PHASE",
        "max_voltage": 230,
        "max_amperage": 32,
        "max_electric_power": 22080,
        "tariff_ids": ["TAR-01"],
        "last_updated": _SINCE,
    }
    return {
        "uid": f"EV-0001-{letter}",
        "evse_id": f"NL*XPO*E0001*{letter}",
        "status": "AVAILABLE",
        "parking_restrictions": ["EV_ONLY"],
        "connectors": [connector],
        "last_updated": _SINCE,
    }


def first_location() -> dict[str, Any]:
    """The location that is there from the beginning."""
    return {
        "country_code": "NL",
        "party_id": "XPO",
        "id": "LOC-0001",
        "publish": True,
        "name": "Voorbeeldkade",
        "address": "Voorbeeldkade 12",
        "city": "Utrecht",
        "postal_code": "3500 AA",
        "country": "NLD",
        "coordinates": {"latitude": "52.090740", "longitude": "5.121420"},
        "evses": [_evse("A"), _evse("B")],
        "operator": {"name": "Example Power"},
        "time_zone": "Europe/Amsterdam",
        "opening_times": {"twentyfourseven": True},
        "energy_mix": {"is_green_energy": True},
        "last_updated": _SINCE,
    }


def environment(session: Session, origin: str) -> dict[str, str]:
    """The settings that a push client needs; empty where a world of one's own has no account."""
    known = accounts(session)
    if not known:
        return {}
    for row in known:
        session.received.know(secret_of(session, row))
    first, settings = known[0], session.settings
    return {
        "NDW_PUSH_URL": f"{origin}/{settings.text('push.base_path').strip('/')}".rstrip("/"),
        "NDW_TOKEN_URL": f"{origin}/{settings.text('token.path').strip('/')}".rstrip("/"),
        "NDW_CLIENT_ID": str(first["client_id"]),
        "NDW_CLIENT_SECRET": secret_of(session, first),
        "NDW_PARTY": str(next(iter(first["parties"]), PARTY)),
    }


def known(session: Session) -> list[str]:
    """The ids that exist, in lines for a person."""
    lines = [
        f"{table}: {', '.join(key for _number, (key, _row) in zip(range(5), session.tables.rows(table), strict=False))}"
        for table in (LOCATIONS, TARIFFS)
        if session.tables.count(table)
    ]
    delivers = "; ".join(f"{row['client_id']} for {', '.join(row['parties'])}" for row in accounts(session)[:5])
    return [*lines, f"accounts: {delivers}"]
