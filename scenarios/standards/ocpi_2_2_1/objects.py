"""OCPI 2.2.1, the objects in an answer: which answers show them, and where in them clauses look."""

from harness.judge.vocabulary import Predicate, both, operation, shown, tagged
from harness.model.exchange import HttpExchange
from harness.model.pointer import join
from harness.model.verdict import Problem
from harness.standards.ocpi_2_2_1 import succeeded
from harness.standards.ocpi_2_2_1.members import Contents, Tokens, contents_of
from scenarios.standards.ocpi_2_2_1.conversation import answered_ok, locations_page, single

SHOWN_BY = {"getLocations": ("Location", True), "getLocation": ("Location", False), "getTariffs": ("Tariff", True)}
"""Operation → the class of what is in its ``data``, and whether that is a list."""


def contents(exchange: HttpExchange) -> Contents:
    """What stands in the objects of an answer; nothing where it shows none."""
    if exchange.response is None or exchange.operation not in SHOWN_BY or not succeeded(exchange):
        return Contents()
    return contents_of(exchange.response.body, *SHOWN_BY[exchange.operation])


def shows(*classes: str) -> Predicate:
    """The answer has something where one of these classes stands: without that, nothing about it was tried."""
    return lambda exchange: any(name in contents(exchange).places for name in classes)


shows_objects = shows("Location", "Tariff")


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
