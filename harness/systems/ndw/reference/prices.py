"""The made-up CPO's price list: every way of pricing that its charging stations need, once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from .instants import stamp

VAT = 21.0  # percent, the Dutch standard rate; prices are without it

_NIGHT = {"start_time": "23:00", "end_time": "07:00"}  # local time; an end before the start is on the next day
_WEEKEND = {"day_of_week": ["SATURDAY", "SUNDAY"]}


def bulk_tariffs(seed: int, party: tuple[str, str], now: datetime) -> Iterator[dict[str, Any]]:
    """Thirteen Tariffs of `party`, with stamps in the half year before `now`; the seed moves the stamps only.

    The ids are those that `sites.py` names. Wherever the first fitting element of a dimension decides the price, the
    elements with restrictions stand first and the one for all other cases last.
    """
    rng = Random(seed)  # noqa: S311 - sample data, no secret
    for tariff_id, content in _price_list(now).items():
        age = timedelta(seconds=rng.randrange(3_600, 180 * 86_400))
        yield {
            "country_code": party[0],
            "party_id": party[1],
            "id": tariff_id,
            "currency": "EUR",
            **content,
            "last_updated": stamp(now - age),
        }


def _price_list(now: datetime) -> dict[str, dict[str, Any]]:
    return {**_plain_prices(now), **_prices_with_a_catch(), **_fast_and_free_prices(now)}


def _plain_prices(now: datetime) -> dict[str, dict[str, Any]]:
    return {
        "AC-ADHOC": {"type": "AD_HOC_PAYMENT", "elements": [_element(_energy(0.48))]},
        "AC-REGULAR": {"type": "REGULAR", "elements": [_element(_energy(0.36))]},
        "NIGHT-ADHOC": {
            "type": "AD_HOC_PAYMENT",
            "tariff_alt_text": _text("Goedkoper laden van 23:00 tot 07:00 uur", "Cheaper between 23:00 and 07:00"),
            "elements": [_element(_energy(0.29), when=_NIGHT), _element(_energy(0.52))],
        },
        "NIGHT-REGULAR": {
            "type": "REGULAR",
            "elements": [
                _element(_energy(0.25), when=_NIGHT),
                _element(_energy(0.31), when=_WEEKEND),
                _element(_energy(0.39)),
            ],
        },
        "SESSION-FEE": {  # no type: for everybody
            "tariff_alt_url": "https://www.example.com/tarieven/starttarief",
            "min_price": {"excl_vat": 0.5, "incl_vat": 0.605},
            "elements": [_element(_price("FLAT", 0.35), _energy(0.41))],
            "start_date_time": stamp(_first_of_month(now, -4)),
        },
    }


def _prices_with_a_catch() -> dict[str, dict[str, Any]]:
    return {
        "VOLUME": {
            "type": "AD_HOC_PAYMENT",
            "elements": [_element(_energy(0.49), when={"max_kwh": 20}), _element(_energy(0.42))],
            "max_price": {"excl_vat": 60, "incl_vat": 72.6},
        },
        "GARAGE": {
            "type": "AD_HOC_PAYMENT",
            "tariff_alt_text": _text("Overdag een toeslag na vier uur", "A surcharge after four hours in daytime"),
            "elements": [
                _element(
                    _price("PARKING_TIME", 3.0, step=900),
                    when={"start_time": "09:00", "end_time": "21:00", "min_duration": 4 * 3_600},
                ),
                _element(_energy(0.45)),
            ],
        },
        "RESERVABLE": {
            "type": "AD_HOC_PAYMENT",
            "elements": [
                _element(_price("FLAT", 1.0), _price("TIME", 4.0, step=300), when={"reservation": "RESERVATION"}),
                _element(_energy(0.46)),
            ],
        },
        "GREEN": {
            "type": "PROFILE_GREEN",
            "elements": [_element(_energy(0.33))],
            "energy_mix": {"is_green_energy": True, "energy_sources": [{"source": "WIND", "percentage": 100}]},
        },
    }


def _fast_and_free_prices(now: datetime) -> dict[str, dict[str, Any]]:
    return {
        # One price follows the other without a gap: the end is not part of the first period.
        "DC-ADHOC-NOW": {
            "type": "AD_HOC_PAYMENT",
            "elements": [_element(_energy(0.69))],
            "end_date_time": stamp(_first_of_month(now, 3)),
        },
        "DC-ADHOC-NEXT": {
            "type": "AD_HOC_PAYMENT",
            "elements": [_element(_energy(0.73))],
            "start_date_time": stamp(_first_of_month(now, 3)),
        },
        "DC-REGULAR": {"type": "REGULAR", "elements": [_element(_energy(0.58, step=100))]},
        # The proper form of free charging: one element, no restrictions, one FLAT price of nothing.
        "FREE": {"elements": [{"price_components": [{"type": "FLAT", "price": 0.0, "step_size": 1}]}]},
    }


def _element(*components: dict[str, Any], when: dict[str, Any] | None = None) -> dict[str, Any]:
    element: dict[str, Any] = {"price_components": list(components)}
    if when:
        element["restrictions"] = when
    return element


def _price(dimension: str, price: float, *, step: int = 1) -> dict[str, Any]:
    return {"type": dimension, "price": price, "vat": VAT, "step_size": step}


def _energy(price: float, *, step: int = 1) -> dict[str, Any]:
    return _price("ENERGY", price, step=step)


def _text(dutch: str, english: str) -> list[dict[str, str]]:
    return [{"language": "nl", "text": dutch}, {"language": "en", "text": english}]


def _first_of_month(now: datetime, months: int) -> datetime:
    """Midnight (UTC) on the first day of the month that is so many months from now."""
    today = now.astimezone(UTC)
    month = today.year * 12 + today.month - 1 + months
    return datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)
