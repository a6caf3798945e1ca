"""Strategies for Tariffs: every kind of restriction, and a price for all other cases last."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from harness.generate.values import Form, date_time, prices, time_of_day
from harness.standards.ocpi_2_2_1.payload_parts import ENERGY_MIXES, TEXTS, URLS, Json, Terms, some, stamps_of

HIGHEST: Mapping[str, float] = {"ENERGY": 1.2, "TIME": 12.0, "PARKING_TIME": 12.0, "FLAT": 5.0}
"""The highest price made up per dimension: per kWh, per hour, per session."""

_VAT = {"vat": st.sampled_from((21.0, 9, 0))}
_DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


@st.composite
def price_components(draw: DrawFn, dimension: str) -> Json:
    """A price of a dimension, above zero, with VAT in percent or without any."""
    step = 1 if dimension == "FLAT" else draw(st.sampled_from((1, 60, 300)))
    component = {"type": dimension, "price": draw(prices(HIGHEST[dimension])), "step_size": step}
    return component | some(draw, Terms(), _VAT)


def _pair(low: str, high: str, values: SearchStrategy[Any], unit: float = 1) -> SearchStrategy[Json]:
    """Two bounds, the first below the second; or one of them."""
    both = st.lists(values, min_size=2, max_size=2, unique=True).map(sorted)
    named = both.map(lambda bounds: {low: bounds[0] * unit, high: bounds[1] * unit})
    return named | named.map(lambda bounds: {high: bounds[high]}) | named.map(lambda bounds: {low: bounds[low]})


def _dates(days: list[int]) -> Json:
    begin, end = (f"2026-{1 + day // 28:02d}-{1 + day % 28:02d}" for day in days)
    return {"start_date": begin, "end_date": end}


_TIMES = st.lists(st.integers(0, 1_439), min_size=2, max_size=2, unique=True)
RESTRICTIONS: SearchStrategy[Json] = st.one_of(
    _TIMES.map(lambda pair: {"start_time": time_of_day(pair[0]), "end_time": time_of_day(pair[1])}),
    st.lists(st.sampled_from(_DAYS), min_size=1, max_size=4, unique=True).map(lambda days: {"day_of_week": days}),
    st.lists(st.integers(0, 335), min_size=2, max_size=2, unique=True).map(sorted).map(_dates),
    _pair("min_kwh", "max_kwh", st.integers(1, 200), 0.5),
    _pair("min_power", "max_power", st.integers(4, 300)),
    _pair("min_current", "max_current", st.integers(6, 500)),
    _pair("min_duration", "max_duration", st.integers(1, 48), 900),
)
"""When a price holds: by time of day (also past midnight), day, date, energy, power, current or duration."""


@st.composite
def _restricted(draw: DrawFn) -> Json:
    if draw(st.integers(0, 4)) == 4:
        kind = draw(st.sampled_from(("RESERVATION", "RESERVATION_EXPIRES")))
        dimensions, restrictions = (
            draw(st.sampled_from((("FLAT",), ("TIME",), ("FLAT", "TIME")))),
            {"reservation": kind},
        )
    else:
        dimensions, restrictions = (draw(st.sampled_from(("ENERGY", "PARKING_TIME", "TIME"))),), draw(RESTRICTIONS)
    components = [draw(price_components(dimension)) for dimension in dimensions]
    return {"price_components": components, "restrictions": restrictions}


_LAST = st.sampled_from((("ENERGY",), ("FLAT", "ENERGY"), ("ENERGY", "PARKING_TIME"), ("TIME",), ("FLAT",)))


def _free() -> list[Json]:
    """The one proper form of free charging."""
    return [{"price_components": [{"type": "FLAT", "price": 0.0, "step_size": 1}]}]


@st.composite
def _elements(draw: DrawFn) -> list[Json]:
    last = [draw(price_components(dimension)) for dimension in draw(_LAST)]
    return [*draw(_FURTHER), {"price_components": last}]


def _case(element: Json) -> str:
    """Of two prices for the same kind of reservation, the second would never count."""
    return str(element["restrictions"].get("reservation", element))


_FURTHER = st.lists(_restricted(), max_size=2, unique_by=_case)


@st.composite
def _bounds(draw: DrawFn, low: int, high: int) -> Json:
    """A Price in whole cents, with VAT or without."""
    cents = draw(st.integers(low, high))
    return {"excl_vat": cents / 100} | some(draw, Terms(), {"incl_vat": st.just(round(cents * 1.21) / 100)})


@st.composite
def tariffs(
    draw: DrawFn, terms: Terms, tariff_id: str | None = None, types: tuple[str | None, ...] = ("REGULAR", None)
) -> Json:
    """A Tariff of one of these types (None: for all sessions) that is in force at `terms.now`."""
    free = draw(st.integers(0, 9)) == 9
    tariff: Json = {
        "country_code": terms.party[0],
        "party_id": terms.party[1],
        "id": f"TAR-{draw(st.integers(1, 9_999)):04d}" if tariff_id is None else tariff_id,
        "currency": "EUR",
        "elements": _free() if free else draw(_elements()),
        "last_updated": stamps_of(draw, terms).draw(draw, 0),
    }
    kind = draw(st.sampled_from(types))
    if kind is not None:
        tariff["type"] = kind
    days = st.integers(1, 400).map(lambda count: timedelta(days=count))
    plain = Form(0, True)
    optional = {
        "tariff_alt_text": TEXTS,
        "tariff_alt_url": URLS,
        "min_price": _bounds(1, 100),
        "max_price": _bounds(2_000, 9_000),
        "start_date_time": days.map(lambda age: date_time(terms.now - age, plain)),
        "end_date_time": days.map(lambda rest: date_time(terms.now + rest, plain)),
        "energy_mix": ENERGY_MIXES,
    }
    if free:  # no bound of a price where there is no price
        del optional["min_price"], optional["max_price"]
    return tariff | some(draw, terms, optional)
