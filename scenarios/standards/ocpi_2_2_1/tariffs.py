"""OCPI 2.2.1, Tariffs: periods, the order of elements, free charging, and what a reservation may cost."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from harness.judge.vocabulary import shown
from harness.model.edit import Edit, together, with_field
from harness.model.exchange import Located
from harness.model.requirement import MUST, SHOULD, Basis, Problems, requirement
from harness.model.verdict import Inapplicable, Problem
from harness.standards.ocpi_2_2_1 import OCPI, Tariff
from harness.standards.ocpi_2_2_1.members import CLASSES
from harness.standards.ocpi_2_2_1.reading import Members, given, moment, number, part, parts, text
from scenarios.standards.ocpi_2_2_1.objects import tariff_page

RESTRICTIONS = frozenset(CLASSES["TariffRestrictions"]) - {"reservation"}
OF_A_RESERVATION = ("FLAT", "TIME")
NIGHT, MORNING = {"start_time": "23:00", "end_time": "07:00"}, {"start_time": "07:00", "end_time": "09:00"}
clause = partial(requirement, since="2026.12")


def component(dimension: str, price: float, **more: Any) -> dict[str, Any]:
    """A price component."""
    return {"type": dimension, "price": price, "vat": 21.0, "step_size": 1, **more}


def element(*components: dict[str, Any], when: dict[str, Any] | None = None) -> dict[str, Any]:
    """A Tariff element of these components, under these restrictions."""
    return {"price_components": list(components), **({"restrictions": when} if when is not None else {})}


def priced(*elements: dict[str, Any]) -> Edit:
    """The first Tariff of a page with these elements."""
    return with_field("/data/0/elements", list(elements)).on(tariff_page)


def components(tariff: Members) -> Iterator[tuple[int, int, Members]]:
    """Every price component of a Tariff, with the positions of its element and of itself."""
    for index, one in parts(tariff, "elements"):
        for place, found in parts(one, "price_components"):
            yield index, place, found


def _period(start: str | None, end: str | None) -> Edit:
    """The first Tariff of a page active from and until these moments."""
    started, ended = with_field("/data/0/start_date_time", start), with_field("/data/0/end_date_time", end)
    return together(started, ended).on(tariff_page)


def _bounded(found: Located[Tariff]) -> bool:
    start, end = moment(found.value, "start_date_time"), moment(found.value, "end_date_time")
    return start is not None or end is not None


@clause(
    SHOULD,
    OCPI["mod_tariffs 11.3.1"],
    basis=Basis.ASSUMED,
    row="sem-tariff-period-valid",
    when=_bounded,
    broken_by=[
        _period("2026-06-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        _period("2026-06-01T00:00:00", "2026-06-01T00:00:00.0Z"),
    ],
    kept_by=[
        _period("2026-06-01T00:00:00Z", None),
        _period(None, "2031-06-01T00:00:00Z"),
        _period("2026-06-01T00:00:00", "2026-06-01T00:00:00.5Z"),
    ],
)
def tariffs_end_after_they_start(found: Located[Tariff]) -> Problems:
    """A Tariff that has a start and an end starts before it ends.

    Why: one that ends first is never active, and the connectors that name it have no price.
    Fix: look for two dates that were swapped; leave end_date_time out where no end is planned.
    """
    start, end = moment(found.value, "start_date_time"), moment(found.value, "end_date_time")
    if start is not None and end is not None and end <= start:
        place = found.at("end_date_time")
        yield Problem(place, f"later than {found.value['start_date_time']}", found.value["end_date_time"])


def _several_elements(found: Located[Tariff]) -> bool:
    return len(parts(found.value, "elements")) > 1


def _restricted(restrictions: Members) -> bool:
    return any(given(restrictions, name) for name in RESTRICTIONS)


@clause(
    SHOULD,
    OCPI["mod_tariffs 11.3.1"],
    row="sem-tariff-fallback-last",
    when=_several_elements,
    broken_by=[
        priced(element(component("ENERGY", 0.4)), element(component("ENERGY", 0.3), when=NIGHT)),
        priced(element(component("ENERGY", 0.4), when={}), element(component("ENERGY", 0.3))),
        priced(
            element(component("TIME", 2), when={"day_of_week": [], "min_kwh": None}),
            element(component("ENERGY", 0.3), component("TIME", 1), when=NIGHT),
        ),
        priced(
            element(component("TIME", 2), when={"reservation": "RESERVATION"}),
            element(component("TIME", 1), when={"reservation": "RESERVATION", **NIGHT}),
        ),
    ],
    kept_by=[
        priced(element(component("ENERGY", 0.3), when=NIGHT), element(component("ENERGY", 0.4))),
        priced(element(component("FLAT", 0.3)), element(component("ENERGY", 0.3), when=NIGHT)),
        priced(
            element(component("ENERGY", 0.3), when=NIGHT),
            element(component("ENERGY", 0.35), when=MORNING),
        ),
        priced(
            element(component("TIME", 2)),
            element(component("TIME", 1), when={"reservation": "RESERVATION"}),
            element(component("TIME", 3), when={"reservation": "RESERVATION_EXPIRES"}),
        ),
    ],
)
def element_for_all_other_cases_is_last(found: Located[Tariff]) -> Problems:
    """An element without restrictions comes after all others that price the same dimension.

    Why: the first element that fits decides; the ones after it never count, so the night is charged like the day.
    Fix: put the elements with restrictions first, the one for all other cases last.
    """
    decided: dict[tuple[str | None, str | None], int] = {}
    for index, one in parts(found.value, "elements"):
        restrictions = part(one, "restrictions")
        reservation = text(restrictions, "reservation")
        mine = {(reservation, text(priced, "type")) for _place, priced in parts(one, "price_components")}
        for _reservation, dimension in sorted(mine & decided.keys(), key=str):
            expected = f"before element {decided[_reservation, dimension]}, which prices {dimension} in every case"
            yield Problem(found.at("elements", index), expected, "after it, where it never counts")
        if not _restricted(restrictions):
            decided = {**dict.fromkeys(mine, index), **decided}


def _costs_nothing(found: Located[Tariff]) -> bool:
    prices = [number(one, "price") for _index, _place, one in components(found.value)]
    floors = part(found.value, "min_price")
    least = max(number(floors, "excl_vat") or 0, number(floors, "incl_vat") or 0)
    return bool(prices) and all(price == 0 for price in prices) and least == 0


@clause(
    MUST,
    OCPI["mod_tariffs 11.3.1"],
    row="sem-tariff-free-form",
    broken_by=[
        priced(element(component("ENERGY", 0))),
        priced(element(component("FLAT", 0), component("ENERGY", 0.0))),
        priced(element(component("FLAT", 0)), element(component("TIME", 0))),
        priced(element(component("FLAT", 0.0), when=NIGHT)),
        priced(element(component("FLAT", 0), when={"reservation": "RESERVATION"})),
    ],
    kept_by=[
        priced(element(component("FLAT", 0))),
        priced(element(component("FLAT", 0.0, vat=None, step_size=0), when={"day_of_week": []})),
    ],
)
def free_charging_has_its_own_form(found: Located[Tariff]) -> Problems:
    """A Tariff whose prices are all zero is one element without restrictions, with one FLAT price of 0.00.

    Why: that form says free of charge; any other zero may as well be a price that nobody filled in.
    Fix: replace the elements by [{"price_components": [{"type": "FLAT", "price": 0.00, "step_size": 1}]}].
    """
    if not _costs_nothing(found):
        yield Inapplicable("no Tariff is free of charge")
        return
    elements = found.value["elements"]
    listed = list(components(found.value))
    plain = len(elements) == len(listed) == 1 and not given_restrictions(elements[0])
    if not plain or text(listed[0][2], "type") != "FLAT":
        dimensions = ", ".join(str(one.get("type")) for _index, _place, one in listed)
        found_form = f"{len(elements)} element{'s' * (len(elements) != 1)}: {dimensions}"
        yield Problem(found.at("elements"), "one element, no restrictions, one FLAT price of 0.00", found_form)


def given_restrictions(one: Members) -> bool:
    """An element is under a restriction, that to reservations included."""
    return _restricted(part(one, "restrictions")) or given(part(one, "restrictions"), "reservation")


def _for_a_reservation(found: Located[Tariff]) -> bool:
    elements = [one for _index, one in parts(found.value, "elements")]
    return any(given(part(one, "restrictions"), "reservation") for one in elements)


@clause(
    MUST,
    OCPI["mod_tariffs 11.4.6"],
    row="sem-tariff-reservation-dimensions",
    broken_by=[
        priced(element(component("ENERGY", 0.4), when={"reservation": "RESERVATION"})),
        priced(
            element(component("TIME", 4), when={"reservation": "RESERVATION"}),
            element(component("FLAT", 4), component("PARKING_TIME", 4), when={"reservation": "RESERVATION_EXPIRES"}),
        ),
    ],
    kept_by=[
        priced(
            element(component("FLAT", 1), component("TIME", 4), when={"reservation": "RESERVATION"}),
            element(component("FLAT", 4), when={"reservation": "RESERVATION_EXPIRES"}),
            element(component("ENERGY", 0.4), component("PARKING_TIME", 3), when={"reservation": None}),
        ),
    ],
)
def reservations_cost_by_time_or_flat(found: Located[Tariff]) -> Problems:
    """An element for reservations has prices of the dimensions FLAT and TIME only.

    Why: while a place is held no energy flows and nobody is parked; readers refuse such an element.
    Fix: move the other prices into an element without the restriction to reservations.
    """
    if not _for_a_reservation(found):
        yield Inapplicable("no Tariff has an element for reservations")
    for index, one in parts(found.value, "elements"):
        if not given(part(one, "restrictions"), "reservation"):
            continue
        for place, priced_by in parts(one, "price_components"):
            dimension = text(priced_by, "type")
            if dimension is not None and dimension not in OF_A_RESERVATION:
                where = found.at("elements", index, "price_components", place, "type")
                yield Problem(where, "FLAT or TIME, since it is for reservations", shown(dimension))
