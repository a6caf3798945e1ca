"""OCPI 2.2.1, the objects in a message: which answers show them, which requests carry them, where clauses look."""

from harness.judge.vocabulary import Predicate, both, operation, shown, tagged
from harness.model.exchange import WRITTEN_BY_THE_CLIENT, HttpExchange
from harness.model.pointer import join
from harness.model.verdict import Problem
from harness.standards.ocpi_2_2_1 import succeeded
from harness.standards.ocpi_2_2_1.members import Contents, Tokens, contents_of
from scenarios.standards.ocpi_2_2_1.conversation import answered_ok, locations_page, single

SHOWN_BY = {
    "getLocations": ("Location", True),
    "getLocation": ("Location", False),
    "getEvse": ("EVSE", False),
    "getConnector": ("Connector", False),
    "getTariffs": ("Tariff", True),
    "getTariff": ("Tariff", False),
}
"""Operation → the class of what is in its ``data``, and whether that is a list."""

PUT = {"putLocation": "Location", "putEvse": "EVSE", "putConnector": "Connector", "putTariff": "Tariff"}
PATCHED = {"patchLocation": "Location", "patchEvse": "EVSE", "patchConnector": "Connector"}
"""Operation → the class of which its request holds a whole object, or some members."""


_last: list[tuple[HttpExchange | None, Contents]] = [(None, Contents())]
"""The exchange that was looked into last: dozens of clauses look into each."""


def contents(exchange: HttpExchange) -> Contents:
    """What stands in the objects of an answer, or in the one that a client wrote; nothing where there is none."""
    last, found = _last[0]
    if last is not exchange:
        found = _contents(exchange)
        _last[0] = exchange, found
    return found


def _contents(exchange: HttpExchange) -> Contents:
    if exchange.response is None:
        return Contents()
    if WRITTEN_BY_THE_CLIENT in exchange.tags:
        name = PUT.get(exchange.operation or "") or PATCHED.get(exchange.operation or "")
        return Contents() if name is None else contents_of(exchange.response.body, name, many=False, member=None)
    if exchange.operation not in SHOWN_BY or not succeeded(exchange):
        return Contents()
    return contents_of(exchange.response.body, *SHOWN_BY[exchange.operation])


def is_partial(exchange: HttpExchange) -> bool:
    """The object at the top holds only the members that change: what is not there is as it was before."""
    return WRITTEN_BY_THE_CLIENT in exchange.tags and exchange.operation in PATCHED


def shows(*classes: str) -> Predicate:
    """The answer has something where one of these classes stands: without that, nothing about it was tried."""
    wanted = frozenset(classes)
    return lambda exchange: not wanted.isdisjoint(contents(exchange).places)


shows_objects = shows("Location", "EVSE", "Connector", "Tariff")


def problem_at(tokens: Tokens, expected: str, value: object) -> Problem:
    """A problem with a value in the objects of an answer; the judge names the object around it."""
    return Problem(f"response.body:{join(tokens)}", expected, shown(value))


def _has_first(exchange: HttpExchange) -> bool:
    return exchange.response is not None and isinstance(exchange.response.body.at("/data/0/id"), str)


# Where the edits of proofs are made.
location_page = both(locations_page, _has_first)
tariff_page = both(answered_ok, tagged("whole list"), operation("getTariffs"), _has_first)
one_location = both(single, shows("EVSE"))


def page_with(name: str) -> Predicate:
    """A page of locations on which this class stands somewhere."""
    return both(location_page, shows(name))
