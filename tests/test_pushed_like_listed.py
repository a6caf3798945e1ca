"""Every clause on objects says of a pushed object what it says of the same object in a list: it is the same clause."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

import pytest

from harness.judge.judge import Judge
from harness.model.body import Body
from harness.model.edit import Edit, compact, with_raw
from harness.model.exchange import Headers, HttpExchange, HttpRequest
from harness.model.pointer import value_at
from harness.model.requirement import SCHEMA_EVIDENCE, Requirement
from tests.proofs.conversation import START, bench, conforming

PULL, PUSH = "ndw-pull", "ndw-push"
JSON = Headers((("Content-Type", "application/json"), ("X-Request-ID", "1"), ("X-Correlation-ID", "1")))


class Level(NamedTuple):
    """A class of objects: where the first of them stands in the first listed object, and how it is put. `clauses` are
    those on located objects that look at nothing above it."""

    below: str
    operation: str
    path: str
    clauses: frozenset[str]


LOCATION = Level("", "putLocation", "locations/NL/XPO/L-1", frozenset({"Location", "EVSE", "Connector"}))
EVSE = Level("/evses/0", "putEvse", "locations/NL/XPO/L-1/E-1", frozenset({"EVSE", "Connector"}))
CONNECTOR = Level("/evses/0/connectors/0", "putConnector", "locations/NL/XPO/L-1/E-1/1", frozenset({"Connector"}))
TARIFF = Level("", "putTariff", "tariffs/NL/XPO/T-1", frozenset({"Tariff"}))
LEVELS = {"getLocations": (LOCATION, EVSE, CONNECTOR), "getLocation": (LOCATION, EVSE), "getTariffs": (TARIFF,)}

STAMP = "2026-06-01T08:00:00Z"

Told = set[tuple[str, str, str]]


@cache
def clauses() -> tuple[Requirement, ...]:
    """The clauses on objects that both interfaces have."""
    pulled = {one.id for one in bench(PULL).suite.requirements}
    kinds = ("objects", "located", SCHEMA_EVIDENCE)
    both = (one for one in bench(PUSH).suite.requirements if one.id in pulled)
    return tuple(one for one in both if one.evidence.partition(":")[0] in kinds)


@cache
def answers() -> tuple[HttpExchange, ...]:
    """Answers that show objects."""
    held = (one for transcript in conforming(PULL) for one in transcript.exchanges if one.response is not None)
    return tuple(one for one in held if one.operation in LEVELS)


def _first_alone(exchange: HttpExchange) -> HttpExchange:
    assert exchange.response is not None
    value = exchange.response.body.value
    if not isinstance(value.get("data"), list):
        return exchange
    return replace(exchange, response=with_raw(exchange.response, compact({**value, "data": value["data"][:1]})))


def edited(edit: Edit) -> Iterator[tuple[HttpExchange, Any]]:
    """The first answer of which this edit changes the first object, shown alone, and that object."""
    for one in answers():
        changed = edit.changed(one)
        if changed is None or changed.response is None or one.response is None:
            continue
        place = "/data" if one.operation == "getLocation" else "/data/0"
        value = changed.response.body.at(place)
        if isinstance(value, dict) and value != one.response.body.at(place):
            yield _first_alone(changed), value
            return


def listed(requirement: Requirement, answer: HttpExchange, below: str) -> Told:
    """What the clause says of what stands there in the listed object, with places as seen from it."""
    found = bench(PULL).judge((requirement,)).take(answer)
    start = f"response.body:/data{'' if answer.operation == 'getLocation' else '/0'}{below}"
    problems = [one.problem for one in found if f"{one.problem.where}/".startswith(f"{start}/")]
    return {(one.where.removeprefix(start), one.expected, one.actual) for one in problems}


def pushed(judge: Judge, level: Level, value: Any, method: str = "PUT") -> Told:
    """What is said of the same object in a PUT, or of members of it in a PATCH."""
    request = HttpRequest(method, f"https://ndw.example/ocpi/2.2.1/{level.path}", JSON, Body(compact(value)))
    operation = level.operation.replace("put", method.lower())
    exchange = HttpExchange("e1", "serve", operation, request, None, START, START)
    found = [one.problem for one in judge.hear(exchange)]
    return {(one.where.removeprefix("request.body:"), one.expected, one.actual) for one in found}


def levels(requirement: Requirement, answer: HttpExchange, value: Any) -> Iterator[tuple[Level, Any]]:
    """Where the clause can see what was edited."""
    schema = requirement.evidence.partition(":")[2]
    for level in LEVELS[str(answer.operation)]:
        part = value_at(value, level.below)
        of_a_removed_one = level is CONNECTOR and value_at(value, "/evses/0/status") == "REMOVED"
        if isinstance(part, dict) and (not schema or schema in level.clauses) and not of_a_removed_one:
            yield level, part


@pytest.mark.parametrize("requirement", clauses(), ids=lambda one: str(one.id))
def test_a_put_comes_to_what_the_list_comes_to(requirement: Requirement) -> None:
    tried = 0
    for edit in (*requirement.broken_by, *requirement.kept_by):
        for answer, value in edited(edit) if isinstance(edit, Edit) else ():
            for level, part in levels(requirement, answer, value):
                tried += 1
                told = listed(requirement, answer, level.below)
                judge = bench(PUSH).judge((requirement,))
                if requirement.id in MEANT_OTHERWISE and part.get("evses"):
                    told = set()
                assert pushed(judge, level, part) == told, f"{edit.spelling} at {level.operation}"
    assert bool(tried) == (requirement.id not in OF_ANSWERS)


MEANT_OTHERWISE = {"ocpi-2.2.1/locations-have-an-evse"}
"""A client has no other way to tell that a Location is gone than to push it with all EVSEs REMOVED; in a list it has no
place any more."""

OF_ANSWERS = {
    "ocpi-2.2.1/envelope-is-an-object",
    "ocpi-2.2.1/envelope-has-a-status-code",
    "openapi/answers-match-the-document",
}
"""Clauses of the document that are about answers alone: a client writes no envelope."""


def test_a_patch_of_a_member_is_refused_for_what_a_put_of_it_is_refused_for() -> None:
    """Whichever clause says it: what is missing inside a member is told under a name of its own."""
    tried = 0
    for requirement in clauses():
        for edit in requirement.broken_by:
            for answer, value in edited(edit) if isinstance(edit, Edit) else ():
                for level, part in levels(requirement, answer, value):
                    tried += _compared(level, part, edit.spelling) if level is not TARIFF else 0
    assert tried > 300


DEPENDS = {"publish_allowed_to"}
"""Members whose rightness depends on another one, which a PATCH may leave out."""


def _compared(level: Level, part: dict[str, Any], spelling: str) -> int:
    """How many members were compared."""
    put = pushed(bench(PUSH).judge(refusing()), level, part)
    members = {one[0].split("/")[1] for one in put if one[0]} & part.keys() - {"last_updated", *DEPENDS}
    given = [member for member in members if part[member] is not None]
    for member in given:
        told = pushed(bench(PUSH).judge(refusing()), level, {member: part[member], "last_updated": STAMP}, "PATCH")
        wanted = {one for one in put if f"{one[0]}/".startswith(f"/{member}/")}
        assert _places(told) == _places(wanted), spelling
    return len(given)


@cache
def refusing() -> tuple[Requirement, ...]:
    """The clauses for which a mock refuses a push."""
    at = bench(PUSH)
    return tuple(one for one in at.suite.requirements if at.profile.refuses(one))


def _places(told: Told) -> set[tuple[str, str]]:
    """Without what is expected: of a type, a PATCH lets null through to a clause of its own."""
    return {(where, actual) for where, _expected, actual in told}
