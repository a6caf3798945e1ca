"""OCPI 2.2.1, prices: numbers that a price list can mean."""

from collections.abc import Callable
from functools import partial

from harness.judge.vocabulary import instant
from harness.model.edit import Edit
from harness.model.exchange import Located
from harness.model.requirement import SHOULD, Basis, Problems, requirement
from harness.model.verdict import Problem
from harness.standards.ocpi_2_2_1 import OCPI, Tariff
from harness.standards.ocpi_2_2_1.reading import Members, given, number, part, parts, text
from scenarios.standards.ocpi_2_2_1.tariffs import component, components, element, priced

PAIRS = (
    ("min_kwh", "max_kwh"),
    ("min_current", "max_current"),
    ("min_power", "max_power"),
    ("min_duration", "max_duration"),
)
DATES = ("start_date", "end_date")
COMPARABLE = ("EUR", "USD", "GBP", "CHF")
"""Currencies of which one buys about as much as a euro."""
HIGHEST = {"ENERGY": 2.50, "TIME": 60.0, "PARKING_TIME": 60.0}
"""Per kWh and per hour, without VAT."""
UNITS = {"ENERGY": "kWh", "TIME": "hour", "PARKING_TIME": "hour"}
sane = partial(
    requirement,
    SHOULD,
    OCPI["mod_tariffs 11.4"],
    basis=Basis.ASSUMED,
    row="sem-tariff-element-sane",
    since="2026.12",
)


def _some(member: str) -> Callable[[Located[Tariff]], bool]:
    """A price component has this member as a number."""
    return lambda found: any(number(one, member) is not None for *_where, one in components(found.value))


def _under(**restrictions: object) -> Edit:
    return priced(element(component("ENERGY", 0.3), when=restrictions), element(component("ENERGY", 0.4)))


@sane(
    when=lambda found: any(True for _one in components(found.value)),
    broken_by=[
        priced(element(component("ENERGY", 0.3), component("ENERGY", 0.4))),
        priced(element(component("FLAT", 1), component("ENERGY", 0.3), component("FLAT", 1))),
    ],
    kept_by=[
        priced(element(*(component(name, 1) for name in ("FLAT", "ENERGY", "TIME", "PARKING_TIME")))),
        priced(element(component("ENERGY", 0.3), when={"max_kwh": 9}), element(component("ENERGY", 0.4))),
    ],
)
def elements_price_a_dimension_once(found: Located[Tariff]) -> Problems:
    """An element has one price component for each dimension at most.

    Why: which of two prices for a kWh counts is said nowhere.
    Fix: put the second into an element of its own, with the restriction that tells the two apart.
    """
    for index, one in parts(found.value, "elements"):
        seen: set[str] = set()
        for place, priced_by in parts(one, "price_components"):
            dimension = text(priced_by, "type") or ""
            if dimension in seen:
                where = found.at("elements", index, "price_components", place)
                yield Problem(where, f"no second price for {dimension}", "a second one")
            seen |= {dimension} - {""}


def _paired(found: Located[Tariff]) -> bool:
    restrictions = [part(one, "restrictions") for _index, one in parts(found.value, "elements")]
    names = {name for pair in (*PAIRS, DATES) for name in pair}
    return any(given(one, name) for one in restrictions for name in names)


@sane(
    when=_paired,
    broken_by=[
        *(_under(**{low: 20, high: 10}) for low, high in PAIRS),
        *(_under(**{low: 10, high: 10}) for low, high in PAIRS),
        _under(start_date="2026-09-01", end_date="2026-06-01"),
        _under(start_date="2026-06-01", end_date="2026-06-01"),
    ],
    kept_by=[
        *(_under(**{low: 0, high: 10.5}) for low, high in PAIRS),
        _under(min_kwh=20),
        _under(max_power=11),
        _under(start_time="23:00", end_time="07:00", max_kwh=5),
        _under(start_date="2025-12-31", end_date="2026-01-01"),
    ],
)
def restrictions_leave_room(found: Located[Tariff]) -> Problems:
    """Where a restriction has a lower and an upper end, the lower is below the upper.

    Why: an element that fits no session never counts, and another price is charged.
    Fix: look for two values that were swapped; the upper end is not part of the range, so equal ends leave nothing.
    """
    for index, one in parts(found.value, "elements"):
        restrictions = part(one, "restrictions")
        for low, high in (*PAIRS, DATES):
            if _nothing_between(restrictions, low, high):
                where = found.at("elements", index, "restrictions", high)
                yield Problem(where, f"above {low}, {restrictions[low]}", str(restrictions[high]))


def _nothing_between(restrictions: Members, low: str, high: str) -> bool:
    if (low, high) == DATES:
        first, last = (instant(f"{text(restrictions, name) or ''}T00:00:00") for name in DATES)
        return first is not None and last is not None and last <= first
    least, most = number(restrictions, low), number(restrictions, high)
    return least is not None and most is not None and most <= least


@sane(
    when=_some("price"),
    broken_by=[
        priced(element(component("ENERGY", -0.1))),
        priced(element(component("ENERGY", 0.4), component("FLAT", -0.0001))),
    ],
    kept_by=[priced(element(component("ENERGY", 0.0001))), priced(element(component("FLAT", -0.0)))],
)
def prices_are_not_negative(found: Located[Tariff]) -> Problems:
    """No price is below zero.

    Why: nobody is paid for charging by a Tariff; a reader refuses the price or shows it as free.
    Fix: discounts are an element of their own, with the lower price.
    """
    for index, place, one in components(found.value):
        price = number(one, "price")
        if price is not None and price < 0:
            yield Problem(found.at("elements", index, "price_components", place, "price"), "0 or more", f"{price:g}")


@sane(
    when=lambda found: _some("price")(found) and found.value.get("currency") in COMPARABLE,
    broken_by=[
        priced(element(component("ENERGY", 39))),
        priced(element(component("ENERGY", 2.51))),
        priced(element(component("TIME", 60.01))),
        priced(element(component("ENERGY", 0.4), component("PARKING_TIME", 100))),
    ],
    kept_by=[
        priced(element(component("ENERGY", 2.50), component("TIME", 60), component("PARKING_TIME", 60))),
        priced(element(component("FLAT", 150))),
    ],
)
def prices_are_credible(found: Located[Tariff]) -> Problems:
    """A kWh costs at most 2.50, an hour at most 60, in euros or a currency of about that value.

    Why: 39 is a price in cents, and a driver is told that a charge costs a thousand euros.
    Fix: write prices in the currency's main unit, per kWh and per hour; a price per minute times 60.
    """
    for index, place, one in components(found.value):
        price, dimension = number(one, "price"), str(one.get("type"))
        highest = HIGHEST.get(dimension)
        if price is not None and highest is not None and price > highest:
            where = found.at("elements", index, "price_components", place, "price")
            yield Problem(where, f"at most {highest:.2f} per {UNITS[dimension]}", f"{price:g}")


@sane(
    when=_some("vat"),
    broken_by=[
        priced(element(component("ENERGY", 0.4, vat=0.21))),
        priced(element(component("ENERGY", 0.4), component("FLAT", 1, vat=0.999))),
    ],
    kept_by=[
        priced(element(component("ENERGY", 0.4, vat=0.0), component("FLAT", 1, vat=2.6))),
        priced(element(component("ENERGY", 0.4, vat=1))),
    ],
)
def vat_is_in_percent(found: Located[Tariff]) -> Problems:
    """VAT is written in percent: 21, not 0.21.

    Why: with 0.21 percent the driver is shown a price that is a sixth too low.
    Fix: multiply by 100; 0 where the rate is zero, and no vat at all where none applies.
    """
    for index, place, one in components(found.value):
        vat = number(one, "vat")
        if vat is not None and 0 < vat < 1:
            where = found.at("elements", index, "price_components", place, "vat")
            yield Problem(where, "percent, such as 21", f"{vat:g}")
