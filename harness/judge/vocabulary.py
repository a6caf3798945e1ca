"""Words that clauses are written with: which evidence, and what is wrong with it. No clause of its own."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from harness.model.body import Body
from harness.model.exchange import HttpExchange, HttpResponse
from harness.model.pointer import MISSING
from harness.model.verdict import Problem
from harness.spec.schema import shown as shown

Predicate = Callable[[HttpExchange], bool]

_DATE_TIME = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})T(?P<time>(?!24)[0-9]{2}:[0-9]{2}:[0-9]{2})(?P<fraction>\.[0-9]+)?Z?"
)
_PARAMETER = r"\s*;\s*([^\s;,=]+)\s*(?:=\s*(\"(?:[^\"\\]|\\.)*\"|[^\s;,\"]+))?"
_LINK = re.compile(rf"<(?P<url>[^<>]*)>(?P<parameters>(?:{_PARAMETER})*)")


def answered(exchange: HttpExchange) -> bool:
    """A response came."""
    return exchange.response is not None


def tagged(*tags: str) -> Predicate:
    """The exchange carries all of these tags."""
    return lambda exchange: exchange.tags.issuperset(tags)


def operation(*ids: str) -> Predicate:
    """The exchange is for one of these operations."""
    return lambda exchange: exchange.operation in ids


def status(*codes: int) -> Predicate:
    """The response has one of these statuses."""
    return lambda exchange: exchange.response is not None and exchange.response.status in codes


def both(*predicates: Predicate) -> Predicate:
    """All of them hold."""
    return lambda exchange: all(predicate(exchange) for predicate in predicates)


def asked_properly(exchange: HttpExchange) -> bool:
    """A plain request with the true credential: nothing was asked wrongly on purpose."""
    return exchange.response is not None and "authorised" in exchange.tags and "probe" not in exchange.tags


def response_of(exchange: HttpExchange) -> HttpResponse:
    """The response of an exchange that has one (clauses choose those by `when`)."""
    if exchange.response is None:
        raise ValueError(f"{exchange.id} has no response")
    return exchange.response


def status_problem(exchange: HttpExchange, expected: str) -> Problem:
    """The status is not what it should be."""
    return Problem("response.status", expected, str(response_of(exchange).status))


def header_problem(exchange: HttpExchange, name: str, expected: str) -> Problem:
    """A header field of the response is not what it should be."""
    value = response_of(exchange).headers.get(name)
    return Problem(f"response.header:{name.lower()}", expected, "absent" if value is None else shown(value))


def body_problem(body: Body, pointer: str, expected: str) -> Problem:
    """A member of the response's body is not what it should be."""
    value = body.at(pointer)
    return Problem(f"response.body:{pointer}", expected, "absent" if value is MISSING else shown(value))


def start_of(body: Body) -> str:
    """The first characters of a body, for a person who wonders what came."""
    return shown(body.raw[:120].decode("utf-8", "replace")) if body.raw else "an empty body"


def as_whole_number(value: Any) -> int | None:
    """A JSON number that is whole, however it is spelt (1000, 1000.0, 1e3); else None."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:
        return None
    return int(value) if abs(value) < 2**63 and value == int(value) else None


def token_life_s(exchange: HttpExchange) -> int | None:
    """For how many seconds the token in this answer of a token endpoint lives, as it says itself; None where not."""
    value = exchange.response.body.at("/expires_in") if exchange.response else None
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 10:
        return int(value)  # a number in quotes is wrong, and often seen
    life = as_whole_number(value)
    return life if life is not None and 0 <= life < 10**9 else None


@lru_cache(maxsize=4096)
def instant(text: str) -> datetime | None:
    """The instant of an OCPI DateTime (types 16.2): RFC 3339 in UTC, ``Z`` or no designator, any fraction, a real
    calendar date; None for anything else."""
    if (
        len(text) == 20
        and text[4] == text[7] == "-"
        and text[10] == "T"
        and text[19] == "Z"
        and text[13] == text[16] == ":"
    ):
        try:  # the usual form
            return datetime.fromisoformat(text)
        except ValueError:
            return None
    found = _DATE_TIME.fullmatch(text)
    if not found:
        return None
    try:
        whole = datetime.fromisoformat(f"{found['date']}T{found['time']}")
    except ValueError:
        return None
    fraction = float(found["fraction"] or 0)
    return whole.replace(microsecond=min(999_999, round(fraction * 1_000_000)), tzinfo=UTC)


def date_time_at(body: Body, pointer: str) -> Iterator[Problem]:
    """A problem unless the member is an OCPI DateTime."""
    value = body.at(pointer)
    if not isinstance(value, str) or instant(value) is None:
        yield body_problem(body, pointer, "a DateTime in UTC, e.g. 2026-06-01T08:00:05Z, a real calendar date")


def links(exchange: HttpExchange, relation: str) -> list[str]:
    """The targets of all Link header fields (RFC 8288) with this relation, as they were written."""
    targets = []
    for value in response_of(exchange).headers.all("link"):
        for link in _LINK.finditer(value):
            parameters = re.findall(_PARAMETER, link["parameters"])
            relations = next((text for name, text in parameters if name.lower() == "rel"), "")
            if relation in relations.strip('"').lower().split():
                targets.append(link["url"].strip())
    return targets


def next_link(exchange: HttpExchange) -> str | None:
    """The absolute URL of the next page, or None."""
    if exchange.response is None:
        return None
    for target in links(exchange, "next"):
        try:
            parts = urlsplit(target)
        except ValueError:  # such as http://[x
            continue
        if parts.scheme in ("http", "https") and parts.netloc:
            return target
    return None


def listed(exchange: HttpExchange) -> list[dict[str, Any]]:
    """The objects of an answered list; empty where there is none."""
    if exchange.response is None:
        return []
    data = exchange.response.body.at("/data")
    return [entry for entry in data if isinstance(entry, dict)] if isinstance(data, list) else []
