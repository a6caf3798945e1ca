"""How NDW's push endpoint answers: OCPI's envelope, HTTP's errors, refusals with what is wrong where."""

import json
from collections.abc import Sequence
from typing import Any

import orjson

from harness.mock.call import Call, Refusal, Reply
from harness.mock.turn import said
from harness.model.pointer import MISSING
from harness.model.verdict import Problem
from harness.standards.ocpi_2_2_1 import MESSAGE_IDS

SUCCESS, CLIENT_ERROR, INVALID, UNKNOWN_LOCATION, SERVER_ERROR = 1000, 2000, 2001, 2003, 3000
_JSON, _HTML = (("Content-Type", "application/json"),), (("Content-Type", "text/html; charset=utf-8"),)
_TOLD = 20
"""So many errors stand in an answer; of more, their number is told."""


def envelope(call: Call, status: int, code: int, message: str = "", data: Any = MISSING) -> Reply:
    """An answer in OCPI's envelope."""
    value: dict[str, Any] = {"status_code": code, "timestamp": call.now.strftime("%Y-%m-%dT%H:%M:%SZ")}
    if message:
        value["status_message"] = message
    if data is not MISSING:
        value["data"] = data
    return Reply(status, _JSON, _dumped(value))


def done(call: Call, stored: Any, *, created: bool = False) -> Reply:
    """A push that was carried out, and what is stored now."""
    status = call.session.settings.number("push.created_status") if created else 200
    told = call.setting("push.success_data")
    return envelope(call, status, SUCCESS, "", {"null": None, "echo": stored}.get(told, MISSING))


def http_error(call: Call, status: int, message: str, *headers: tuple[str, str], code: int = CLIENT_ERROR) -> Reply:
    """An error of HTTP's own, with the body that the settings say."""
    kind = call.setting("push.http_error_body")
    if kind == "empty":
        return Reply(status, headers)
    if kind == "html":
        page = f"<!doctype html><title>{status}</title><h1>{status}</h1>"
        return Reply(status, (*_HTML, *headers), page.encode())
    reply = envelope(call, status, code, message)
    return Reply(status, (*reply.headers, *headers), reply.body, why=message)


def refused_as(call: Call, kind: str, message: str) -> Reply:
    """A refusal by a setting: ``404`` is a status of HTTP, ``2001`` or ``2003`` a code in an answer of 200."""
    reply = http_error(call, int(kind), message) if len(kind) == 3 else envelope(call, 200, int(kind), message)
    return reply.but(message)


def refused_for(call: Call, refusals: Sequence[Refusal]) -> Reply:
    """200 with code 2001, and in ``data.errors`` what is wrong where, and by which requirement."""
    errors = [_error(one) for one in refusals[:_TOLD]]
    count = len(refusals)
    more = "" if count == 1 else f" (1 of {count} errors, see data.errors)"
    message = f"refused, nothing was stored: {errors[0]['message']}{more}"
    reply = envelope(call, 200, INVALID, message, {"errors": errors})
    return reply.but(said(refusals), f"harness explain {refusals[0].requirement}")


def _error(refusal: Refusal) -> dict[str, str]:
    problem = refusal.problem
    kind, _, place = problem.where.partition(":")
    return {
        "path": place if kind == "request.body" else "",
        "rule": refusal.requirement,
        "message": _in_words(problem, kind, place),
        "expected": problem.expected,
        "actual": problem.actual,
    }


def _in_words(problem: Problem, kind: str, place: str) -> str:
    what = {"request.body": place or "the body", "request.header": f"header field {place}"}.get(kind, place or kind)
    if problem.actual == "absent":
        return f"{what} is missing"
    return f"{what}: expected {problem.expected}, got {problem.actual}"


def with_message_ids(call: Call, reply: Reply) -> Reply:
    """Every answer repeats both ids of the request."""
    ids = tuple((name, value) for name in MESSAGE_IDS if (value := call.headers.get(name)) is not None)
    return Reply(reply.status, (*reply.headers, *ids), reply.body, reply.why, reply.advice)


def _dumped(value: Any) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError:  # a whole number beyond 64 bits, in a member that nobody knows
        return json.dumps(value).encode()
