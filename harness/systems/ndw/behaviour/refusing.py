"""How NDW's push endpoint says no."""

from collections.abc import Sequence

from harness.mock.call import Call, Refusal, Reply
from harness.systems.ndw.behaviour import merge
from harness.systems.ndw.behaviour.answers import CLIENT_ERROR, SERVER_ERROR, envelope, http_error, refused_for
from harness.systems.ndw.behaviour.push import stored_now
from harness.systems.ndw.seed.world import same_id

_STRICT_JSON, _TYPE_JSON = "ndw/bodies-are-strict-json", "ndw/bodies-are-of-type-json"
_OBJECTS, _NO_NULL = "ndw/bodies-are-objects", "ndw/patches-have-no-null"
_COMPLETENESS = frozenset(
    {
        "ndw/locations-have-opening-times",
        "ndw/locations-have-an-energy-mix",
        "ndw/evses-have-parking-restrictions",
        "ndw/connectors-have-their-power",
        "ndw/connectors-have-tariff-ids",
    }
)
"""Besides those that end in ``has-required-fields``: what a PUT has to hold."""


def refused(call: Call, refusals: Sequence[Refusal]) -> Reply | None:
    """The answer to a request that breaks these clauses; None where none of them counts here."""
    by_clause = {one.requirement: one for one in reversed(refusals)}
    if _STRICT_JSON in by_clause:
        return _http(call, 400, f"the body is no JSON: {by_clause[_STRICT_JSON].problem.actual}", _STRICT_JSON)
    kind = call.setting("push.wrong_content_type")
    if _TYPE_JSON in by_clause and kind != "process":
        why = f"Content-Type is {by_clause[_TYPE_JSON].problem.actual}, not application/json"
        return _http(call, int(kind), why, _TYPE_JSON)
    if not isinstance(call.value, dict) and _OBJECTS in by_clause:
        if call.setting("push.non_object_body") == "400":
            return _http(call, 400, "the body is JSON, but no object", _OBJECTS)
        return refused_for(call, [by_clause[_OBJECTS]])
    counted = [one for one in refusals if not _is_let_through(call, one)]
    return refused_for(call, counted) if counted else None


def _is_let_through(call: Call, refusal: Refusal) -> bool:
    """The settings have it that the request is carried out all the same."""
    if refusal.requirement == _TYPE_JSON:
        return True
    if refusal.requirement == _NO_NULL:
        return call.setting("schema.null_in_patch") != "reject"
    if call.method != "PUT" or call.setting("push.put_requires") == "whole":
        return False
    if refusal.requirement not in _COMPLETENESS and not refusal.requirement.endswith("has-required-fields"):
        return False
    place, stored = refusal.problem.where.partition(":")[2], stored_now(call)
    if refusal.problem.actual != "absent" or stored is None:
        return False
    return merge.is_completed(stored, call.value, place, lambda one, other: same_id(call, one, other))


def unknown_path(call: Call) -> Reply:
    """Nothing is at this path."""
    why = "there is nothing at this path"
    advice = f"{call.origin}{call.setting('push.base_path')}/locations/NL/ABC/LOCATION[/EVSE[/CONNECTOR]] or …/tariffs"
    return http_error(call, 404, why).but(why, advice)


def method_not_listed(call: Call, methods: Sequence[str]) -> Reply:
    """NDW lists no such method here."""
    why = f"{call.method} is not listed here; there are {', '.join(methods)}"
    kind = call.setting("push.get_method" if call.method == "GET" else "push.unsupported_method")
    if kind == "404":
        return http_error(call, 404, why).but(why)
    advice = "an EVSE goes away by status REMOVED, in a PUT or PATCH" if call.method == "DELETE" else ""
    return http_error(call, 405, why, ("Allow", ", ".join(methods))).but(why, advice)


def trouble(call: Call, status: int) -> Reply:
    """The answer of a status that has nothing to do with the request."""
    why = {413: "the body is too large", 429: "too many requests; try again later"}.get(status, "out of order")
    if status == 200:
        return envelope(call, 200, SERVER_ERROR, why)
    return http_error(call, status, why, code=CLIENT_ERROR if status < 500 else SERVER_ERROR)


def _http(call: Call, status: int, why: str, requirement: str) -> Reply:
    return http_error(call, status, why).but(why, f"harness explain {requirement}")
