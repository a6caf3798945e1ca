"""OCPI 2.2.1, the objects in an answer: which answers show them, and where in them clauses look."""

from functools import lru_cache
from typing import Any

from harness.judge.vocabulary import Predicate, as_whole_number, both, operation, shown, tagged
from harness.model.body import Body
from harness.model.exchange import HttpExchange, Located
from harness.model.pointer import join
from harness.model.verdict import Problem
from harness.standards.ocpi_2_2_1.members import Contents, Tokens, contents_of, named
from scenarios.standards.ocpi_2_2_1.conversation import answered_ok, locations_page, single

SHOWN_BY = {"getLocations": ("Location", True), "getLocation": ("Location", False), "getTariffs": ("Tariff", True)}
"""Operation → the class of what is in its ``data``, and whether that is a list."""


def succeeded(exchange: HttpExchange) -> bool:
    """An answer with a status code of success: only there ``data`` is what the operation is for."""
    return exchange.response is not None and exchange.response.status == 200 and _says_success(exchange.response.body)


@lru_cache(maxsize=8)
def _says_success(body: Body) -> bool:
    """Asked once per object and clause, so it is remembered for the last bodies."""
    code = as_whole_number(body.at("/status_code"))
    return code is not None and 1000 <= code <= 1999


def of_a_success(found: Located[Any]) -> bool:
    """The same of an object that was found in an answer."""
    return succeeded(found.exchange)


def contents(exchange: HttpExchange) -> Contents:
    """What stands in the objects of an answer; nothing where it shows none."""
    if exchange.response is None or exchange.operation not in SHOWN_BY or not succeeded(exchange):
        return Contents()
    return contents_of(exchange.response.body, *SHOWN_BY[exchange.operation])


def shows(*classes: str) -> Predicate:
    """The answer has something where one of these classes stands: without that, nothing about it was tried."""
    return lambda exchange: any(name in contents(exchange).places for name in classes)


shows_objects = shows("Location", "Tariff")


def problem_at(exchange: HttpExchange, tokens: Tokens, expected: str, value: object) -> Problem:
    """A problem with a value in the objects of an answer, named by the object around it."""
    assert exchange.response is not None  # noqa: S101 - what was found in a response
    place = f"response.body:{join(tokens)}"
    return Problem(place, expected, shown(value), object=named(exchange.response.body, tokens))


def _has_first(exchange: HttpExchange) -> bool:
    return exchange.response is not None and isinstance(exchange.response.body.at("/data/0/id"), str)


# Where the edits of proofs are made.
location_page = both(locations_page, _has_first)
tariff_page = both(answered_ok, tagged("whole list"), operation("getTariffs"), _has_first)
one_location = both(single, shows("EVSE"))


def page_with(name: str) -> Predicate:
    """A page of locations on which this class stands somewhere."""
    return both(location_page, shows(name))
