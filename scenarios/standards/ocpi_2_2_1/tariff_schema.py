"""OCPI 2.2.1, mod_tariffs 11.3 and 11.4: the members of a Tariff, its elements and their restrictions."""

from functools import partial
from typing import Any

from harness.judge.vocabulary import as_whole_number
from harness.model.edit import Edit, with_bytes_replaced, with_field, without_field
from harness.model.exchange import HttpExchange, Showing
from harness.model.requirement import MAY, MUST, SHOULD, Basis, Binds, Problems
from harness.model.requirement import requirement as declared
from harness.standards.ocpi_2_2_1 import OCPI
from scenarios.standards.ocpi_2_2_1.objects import contents, problem_at, shows, tariff_page

SINCE = "2026.12"
requirement = partial(declared, since=SINCE, binds=Binds.AUTHOR)

TARIFF, ELEMENT, PRICE = "/data/0", "/data/0/elements/0", "/data/0/elements/0/price_components/0"
COMPONENT: dict[str, Any] = {"type": "ENERGY", "price": 0.39, "vat": 21.0, "step_size": 1}


def each(pointer: str, *values: object) -> list[Edit]:
    """One edit of the tariff list for each value at this place."""
    return [with_field(pointer, value).on(tariff_page) for value in values]


@requirement(
    MUST,
    OCPI["mod_tariffs 11.3.1"],
    row="tariff-has-required-fields",
    when=shows("Tariff"),
    broken_by=[
        *(
            without_field(f"{TARIFF}/{name}").on(tariff_page)
            for name in ("country_code", "party_id", "id", "currency", "elements", "last_updated")
        ),
        *each(f"{TARIFF}/elements", [], None),
        *each(f"{TARIFF}/currency", None),
    ],
    kept_by=[
        without_field(f"{TARIFF}/type").on(tariff_page),
        *each(f"{TARIFF}/elements", [{"price_components": [COMPONENT]}]),
    ],
)
def tariff_has_required_fields() -> None:
    """A Tariff says whose it is, what it is called, its currency, at least one element, and when it changed.

    Why: without them there is no price; a tariff of no elements is not free, it is nothing.
    Fix: fill the member; free charging is one element with one FLAT price of 0.
    """


@requirement(
    MUST,
    OCPI["mod_tariffs 11.3.1, 11.4.7, types 16.5"],
    row="tariff-field-types-and-enums",
    when=shows("Tariff"),
    broken_by=[
        *each(TARIFF, "KWH"),
        *each(f"{TARIFF}/id", "t" * 37, 1),
        *each(f"{TARIFF}/country_code", "NLD"),
        *each(f"{TARIFF}/party_id", "ABCD"),
        *each(f"{TARIFF}/currency", "€", "EURO", "eur", 978),
        *each(f"{TARIFF}/type", "CHEAP", "ad_hoc_payment"),
        *each(f"{TARIFF}/min_price", 1.5, {"incl_vat": 1.21}, {"excl_vat": "1.00"}, {"excl_vat": None}),
        *each(f"{TARIFF}/max_price", [40], {"excl_vat": 40, "incl_vat": "48.40"}),
        *each(f"{TARIFF}/elements", {"price_components": [COMPONENT]}),
        *each(f"{TARIFF}/tariff_alt_text", "Cheap at night"),
        *each(f"{TARIFF}/tariff_alt_url", 7),
        *each(f"{TARIFF}/energy_mix", "green"),
    ],
    kept_by=[
        *each(f"{TARIFF}/type", "PROFILE_CHEAP", None),
        *each(f"{TARIFF}/currency", "GBP"),
        *each(f"{TARIFF}/min_price", None, {"excl_vat": 1}, {"excl_vat": 1.0, "incl_vat": None}),
        *each(f"{TARIFF}/tariff_alt_text", []),
        *each(f"{TARIFF}/energy_mix", None),
    ],
)
def tariff_fields_are_as_defined() -> None:
    """The members of a Tariff have the types and values that OCPI defines, prices are objects, the currency a code.

    Why: a bound written as a bare number says nothing of VAT; a sign in place of the currency's code is not read.
    Fix: write EUR, the type in OCPI's spelling or not at all, and {"excl_vat": 1.00} for a bound.
    """


@requirement(
    MUST,
    OCPI["mod_tariffs 11.4.4, 11.4.2, 11.4.5"],
    row="tariff-element-schema",
    when=shows("TariffElement"),
    broken_by=[
        *each(ELEMENT, [COMPONENT], {}),
        *each(f"{ELEMENT}/price_components", [], None, COMPONENT, [0.39]),
        *(without_field(f"{PRICE}/{name}").on(tariff_page) for name in ("type", "price", "step_size")),
        *each(f"{PRICE}/type", "KWH", "energy", None),
        *each(f"{PRICE}/price", "0.39", {"excl_vat": 0.39}),
        *each(f"{PRICE}/step_size", 0.5, "1"),
        *each(f"{PRICE}/vat", "21", {"rate": 21}),
        *each(f"{ELEMENT}/restrictions", [], [{"min_kwh": 1}], "none"),
    ],
    kept_by=[
        with_bytes_replaced('"step_size":1}', '"step_size":1.0}').on(tariff_page),
        *each(f"{PRICE}/vat", None, 0, 21),
        *each(f"{PRICE}/price", 0, 1e-7, -1),
        *each(f"{ELEMENT}/restrictions", None, {}),
        *each(f"{ELEMENT}/price_components", [{**COMPONENT, "type": "PARKING_TIME"}, {**COMPONENT, "type": "FLAT"}]),
    ],
)
def tariff_elements_are_as_defined() -> None:
    """An element has at least one price, each with dimension, amount and step; its restrictions are one object.

    Why: a list of restrictions reads as if one of them were enough, while all of an object hold together.
    Fix: write price_components as a list and restrictions as an object; step_size is a whole number.
    """


@requirement(
    MUST,
    OCPI["mod_tariffs 11.4.6, 11.4.1, 11.4.3"],
    row="tariff-restrictions-schema",
    when=shows("TariffRestrictions"),
    broken_by=[
        *(
            with_field(f"{ELEMENT}/restrictions", wrong).on(tariff_page)
            for wrong in (
                {"start_time": "24:00"}, {"end_time": "7:00"}, {"start_time": 2200}, {"start_date": "2026-00-01"},
                {"end_date": "01-12-2026"}, {"start_date": "2026-11-01T00:00:00Z"}, {"day_of_week": ["Monday"]},
                {"day_of_week": "MONDAY"}, {"min_kwh": "1"}, {"max_kwh": "x"}, {"min_current": "6"},
                {"max_current": [16]}, {"min_power": "3"}, {"max_power": "11"}, {"min_duration": 0.5},
                {"max_duration": "PT1H"}, {"reservation": True}, {"reservation": "reserved"},
            )
        ),
    ],
    kept_by=[
        *each(
            f"{ELEMENT}/restrictions",
            {"start_time": "22:00", "end_time": "00:00", "start_date": "2026-11-01", "end_date": "2027-03-01"},
            {"day_of_week": [], "start_time": None, "end_date": None, "reservation": None, "min_duration": None},
            {"min_kwh": 0.5, "max_kwh": 80, "min_current": 6, "max_current": 96.0, "min_power": 3.7, "max_power": 150},
            {"min_duration": 60.0, "max_duration": 7200, "day_of_week": ["SUNDAY"], "reservation": "RESERVATION"},
            {"reservation": "RESERVATION_EXPIRES"},
        ),
    ],
)  # fmt: skip
def tariff_restrictions_are_as_defined() -> None:
    """Restrictions have times like 22:00, dates like 2026-11-01, days in capitals, and numbers as numbers.

    Why: a restriction that is not read makes the price hold always, or never.
    Fix: compare the member at the place shown with the table; the end of a day is 00:00, never 24:00.
    """


def _steps_below_one(exchange: HttpExchange, *, flat: bool) -> Problems:
    for tokens, component in contents(exchange).objects("PriceComponent"):
        step = as_whole_number(component.get("step_size"))
        if step is not None and step < 1 and (component.get("type") == "FLAT") is flat:
            yield problem_at((*tokens, "step_size"), "1 or more", component["step_size"])


@requirement(
    SHOULD,
    OCPI["mod_tariffs 11.4.2"],
    basis=Basis.ASSUMED,
    row="tariff-element-schema",
    when=shows("PriceComponent"),
    broken_by=each(f"{ELEMENT}/price_components", [{**COMPONENT, "step_size": 0}], [{**COMPONENT, "step_size": -1}]),
    kept_by=each(f"{ELEMENT}/price_components", [{**COMPONENT, "type": "FLAT", "step_size": 0}], [COMPONENT]),
)
def step_sizes_are_at_least_one(exchange: Showing) -> Problems:
    """The step of a price per kWh or per hour is at least 1.

    Why: it divides what was used; a step of nought bills nothing, or stops the calculation.
    Fix: 1 for ENERGY (Wh) and for times (s) where every bit is billed.
    """
    yield from _steps_below_one(exchange, flat=False)


@requirement(
    MAY,
    OCPI["mod_tariffs 11.4.2, 11.4.5"],
    basis=Basis.ASSUMED,
    row="tariff-element-schema",
    when=shows("PriceComponent"),
    broken_by=each(f"{ELEMENT}/price_components", [{**COMPONENT, "type": "FLAT", "step_size": 0}]),
    kept_by=each(f"{ELEMENT}/price_components", [{**COMPONENT, "type": "FLAT"}], [{**COMPONENT, "step_size": 0}]),
)
def step_sizes_of_flat_prices_are_at_least_one(exchange: Showing) -> Problems:
    """The step of a FLAT price, which has no unit to count in, is at least 1 like any other.

    Why: readers that check one rule for all prices refuse a step of nought.
    Fix: write 1; nothing is billed by it.
    """
    yield from _steps_below_one(exchange, flat=True)
