"""What a client can be made to change: arguments for the hook ``change``, made out of what is known of its objects.

Each is an `Orders`, as `harness.model.situation.Change` wants it. The objects come in the order of their keys, so that
two changes in a row can be of the same one; only the values differ from what they were.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from random import Random
from typing import Any

from harness.model.exchange import State
from harness.standards.ocpi_2_2_1.reading import number, parts, text

Order = Mapping[str, Any]
Orders = Callable[[State, Random], Sequence[Order]]

STATUSES = ("AVAILABLE", "CHARGING", "BLOCKED", "OUTOFORDER")
"""What befalls a charging point from minute to minute."""

NAMES = ("Laadplein Noord", "Laadplein Zuid")
DEAREST = 1.0
"""Above this a price goes down, so that it stays one that somebody would ask."""


def status_of_an_evse(which: int = 0, turn: int = 0) -> Orders:
    """Another status of the EVSE of this number; with `turn`, up to 2, the one that comes after as many others."""
    return lambda state, _random: [_status(one, turn) for one in _nth(list(evses_in_use(state)), which)]


def statuses_of_evses(count: int) -> Orders:
    """So many changes of status in one go, over all EVSEs in use; where there are fewer, each has several in turn."""

    def orders(state: State, random: Random) -> Sequence[Order]:
        known = list(evses_in_use(state))
        some = random.sample(known, min(count, len(known)))
        return [_status(some[index % len(some)], index // len(some)) for index in range(count if some else 0)]

    return orders


def price_of_a_tariff(which: int = 0) -> Orders:
    """A cent on, or off, the first price of the Tariff of this number; those that are free stay so."""

    def orders(state: State, _random: Random) -> Sequence[Order]:
        priced = [(row, elements) for row in _rows(state, "tariffs") if (elements := _with_another_price(row))]
        return [
            {"party": _party(row), "object": {"tariff": row["id"]}, "set": {"elements": elements}}
            for row, elements in _nth(priced, which)
        ]

    return orders


def name_of_a_location(which: int = 0) -> Orders:
    """Another name of the Location of this number."""

    def orders(state: State, _random: Random) -> Sequence[Order]:
        return [
            {
                "party": _party(row),
                "object": {"location": row["id"]},
                "set": {"name": NAMES[row.get("name") == NAMES[0]]},
            }
            for row in _nth(list(_rows(state, "locations")), which)
        ]

    return orders


def evses_in_use(state: State) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Every EVSE that is not REMOVED, with its Location, in the order of their keys."""
    for row in _rows(state, "locations"):
        for _index, evse in parts(row, "evses"):
            if text(evse, "uid") is not None and evse.get("status") != "REMOVED":
                yield row, evse


def _status(found: tuple[Mapping[str, Any], Mapping[str, Any]], turn: int) -> Order:
    """Never the present one, and another one in each of three turns."""
    location, evse = found
    present = STATUSES.index(evse["status"]) if evse.get("status") in STATUSES else 0
    status = STATUSES[(present + 1 + turn % (len(STATUSES) - 1)) % len(STATUSES)]
    return {
        "party": _party(location),
        "object": {"location": location["id"], "evse": evse["uid"]},
        "set": {"status": status},
    }


def _with_another_price(tariff: Mapping[str, Any]) -> list[Any]:
    """The elements with the first price changed; empty where there is none that could be."""
    for index, element in parts(tariff, "elements"):
        for place, component in parts(element, "price_components"):
            price = number(component, "price")
            if price:
                step = -0.01 if price > DEAREST else 0.01
                changed = {**component, "price": round(price + step, 4)}
                components = [*element["price_components"]]
                components[place] = changed
                elements = [*tariff["elements"]]
                elements[index] = {**element, "price_components": components}
                return elements
    return []


def _rows(state: State, table: str) -> Iterator[Mapping[str, Any]]:
    rows = state.get(table, {})
    return (rows[key] for key in sorted(rows))


def _nth(known: Sequence[Any], which: int) -> Iterator[Any]:
    """The one of this number, counted round; none where nothing is known."""
    return islice(known, which % len(known), which % len(known) + 1) if known else iter(())


def _party(row: Mapping[str, Any]) -> str:
    return f"{row['country_code']}/{row['party_id']}"
