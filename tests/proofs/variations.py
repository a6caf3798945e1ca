"""The harmless variations: what a correct system may do differently, laid over every message at once.

Each is a way to write the same answer, or the same body of a request. None may change a verdict, but for a few that are
about the very thing: a clause that advises against what is allowed. Those are never a MUST, and each is named with its
reason.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from harness.model.edit import with_raw
from harness.model.exchange import Headers, HttpResponse
from harness.spec.schema import CompiledSchema
from tests.proofs.document_walk import objects_of, with_optional_nulls
from tests.proofs.free_order import FREE_ORDER
from tests.proofs.json_text import (
    Writer,
    ascii_string,
    decimal_number,
    escaped_letters,
    escaped_slashes,
    exponent_number,
    read,
)

DUTCH = "Geslaagd – coördinaten één voor één geïnd € 😀"
_DATE_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})Z")

Change = Callable[[HttpResponse, CompiledSchema | None], HttpResponse | None]


@dataclass(frozen=True)
class Variation:
    """`change` gives the answer in another form, None where this answer has nothing to vary. `title` says what.

    `advised_against` names the clauses whose verdict it changes, each with the reason why it may.
    """

    name: str
    title: str
    change: Change
    advised_against: Mapping[str, str] = field(default_factory=dict)


def _body(change: Callable[[Any, CompiledSchema | None], Any], writer: Writer | None = None) -> Change:
    """A change of the JSON value, and of how it is written."""

    def vary(response: HttpResponse, schema: CompiledSchema | None) -> HttpResponse | None:
        if not response.body.is_json:
            return None
        value = change(read(response.body.raw), schema)
        return None if value is None else with_raw(response, (writer or Writer()).text(value).encode())

    return vary


def _written(writer: Writer) -> Change:
    return _body(lambda value, _schema: value, writer)


def _raw(change: Callable[[bytes], bytes]) -> Change:
    return lambda response, _schema: with_raw(response, change(response.body.raw)) if response.body.is_json else None


def _headers(change: Callable[[Headers], Iterable[tuple[str, str]]]) -> Change:
    return lambda response, _schema: replace(response, headers=Headers(tuple(change(response.headers))))


def _more_headers(*fields: tuple[str, str]) -> Change:
    return _headers(lambda headers: (*headers, *fields))


def _link(write: Callable[[str], Iterable[str]]) -> Change:
    """Other Link header fields for the same next page."""

    def vary(response: HttpResponse, _schema: CompiledSchema | None) -> HttpResponse | None:
        value = response.headers.get("link")
        if value is None:
            return None
        url = value[: value.index(">") + 1]
        fields = (*response.headers.without("link"), *(("Link", one) for one in write(url)))
        return replace(response, headers=Headers(fields))

    return vary


def _reason(phrase: str) -> Change:
    return lambda response, _schema: replace(response, reason=phrase)


def _members(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Change:
    """A change of every object in the body."""

    def vary(value: Any, _schema: CompiledSchema | None) -> Any:
        if isinstance(value, dict):
            return change({key: vary(one, None) for key, one in value.items()})
        return [vary(one, None) for one in value] if isinstance(value, list) else value

    return _body(vary)


def _instants(form: str) -> Change:
    """Every instant in another form; ``{}`` stands for date and time to the second."""

    def vary(value: Any, _schema: CompiledSchema | None) -> Any:
        if isinstance(value, dict):
            return {key: vary(one, None) for key, one in value.items()}
        if isinstance(value, list):
            return [vary(one, None) for one in value]
        found = _DATE_TIME.fullmatch(value) if isinstance(value, str) else None
        return form.format(found[1]) if found else value

    return _body(vary)


def _envelope(change: Callable[[dict[str, Any]], dict[str, Any] | None], writer: Writer | None = None) -> Change:
    """A change of the envelope: of what has a status code."""

    def vary(value: Any, _schema: CompiledSchema | None) -> Any:
        return change(value) if isinstance(value, dict) and "status_code" in value else None

    return _body(vary, writer)


def _without(envelope: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in envelope.items() if key != name}


def _failed(envelope: dict[str, Any]) -> bool:
    return "data" not in envelope and envelope.get("status_code") != 1000


def _reordered(value: Any, schema: CompiledSchema | None) -> Any:
    """Every list whose order means nothing, back to front."""
    for name, found in objects_of(value, schema):
        for member in FREE_ORDER.get(name, ()):
            if isinstance(found.get(member), list):
                found[member].reverse()
    return value


def _optional_nulls(value: Any, schema: CompiledSchema | None) -> Any:
    return None if schema is None else with_optional_nulls(value, schema)


def _chunked(headers: Headers) -> Iterable[tuple[str, str]]:
    return (*headers.without("content-length"), ("Transfer-Encoding", "chunked"))


def _compressed(headers: Headers) -> Iterable[tuple[str, str]]:
    return (*headers.with_field("Content-Length", "71"), ("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding"))


def _pretty(raw: bytes) -> bytes:
    return b"\r\n " + Writer(comma=",\r\n\t ", colon=" : ").text(read(raw)).encode() + b"\n"


_EXTENDED = {"ocpi-2.2.1/members-are-known": "MAY: it lists every member that OCPI does not define"}
_NO_DESIGNATOR = {"ocpi-2.2.1/date-times-end-in-z": "MAY: a time without Z is allowed, and often read as local time"}
_NULLS = {
    "ocpi-2.2.1/optional-members-are-absent-not-null": "SHOULD, assumed: whether null may be sent is not settled",
    "ndw/patches-have-no-null": "SHOULD: what null means in a PATCH, OCPI does not say",
}

VARIATIONS = (
    Variation("key-order-reversed", "members of objects back to front", _written(Writer(order=lambda k: k[::-1]))),
    Variation("key-order-sorted", "members of objects by name", _written(Writer(order=sorted))),
    Variation("key-order-shuffled", "members by length of name", _written(Writer(order=lambda k: sorted(k, key=len)))),
    Variation(
        "unknown-member-first",
        "an unknown member before all others in every object",
        _members(lambda members: {"x_unknown": {"deep": [1, None, "é"]}, **members}),
        _EXTENDED,
    ),
    Variation(
        "unknown-member-last",
        "an unknown member after all others in every object",
        _members(lambda members: {**members, "nl-vendor:note": []}),
        _EXTENDED,
    ),
    Variation(
        "header-names-capitalised",
        "header names with capitals, where ASGI gives small letters",
        _headers(lambda headers: ((name.title(), value) for name, value in headers)),
    ),
    Variation(
        "header-names-upper",
        "header names in capitals",
        _headers(lambda headers: ((name.upper(), value) for name, value in headers)),
    ),
    Variation(
        "header-values-padded",
        "white space around header values",
        _headers(lambda headers: ((name, f" \t{value}\t ") for name, value in headers)),
    ),
    Variation(
        "header-order-reversed", "header fields back to front", _headers(lambda headers: reversed(headers.fields))
    ),
    Variation("chunked", "chunked in place of a length", _headers(_chunked)),
    Variation("gzip", "the body was compressed on the way", _headers(_compressed)),
    Variation("connection-close", "the connection is closed after each answer", _more_headers(("Connection", "close"))),
    Variation("pretty-json", "line breaks, tabs and spaces between the tokens of JSON", _raw(_pretty)),
    Variation(
        "charset-parameter",
        "Content-Type with a charset parameter",
        _headers(lambda headers: headers.with_field("Content-Type", "application/json; charset=utf-8")),
    ),
    Variation(
        "content-type-in-capitals",
        "Content-Type in other case, its charset quoted, and with a parameter that nobody knows",
        _headers(lambda headers: headers.with_field("Content-Type", 'Application/JSON ;Charset="UTF-8"; v=1')),
    ),
    Variation("instants-without-designator", "instants without Z", _instants("{}"), _NO_DESIGNATOR),
    Variation("instants-in-tenths", "instants with one digit of a fraction", _instants("{}.0Z")),
    Variation("instants-in-milliseconds", "instants with three digits of a fraction", _instants("{}.000Z")),
    Variation("instants-in-tenths-bare", "instants with a fraction and without Z", _instants("{}.0"), _NO_DESIGNATOR),
    Variation("numbers-with-fraction", "236 as 236.0, 0.39 as 0.3900", _written(Writer(number=decimal_number))),
    Variation("numbers-with-exponent", "236 as 236E+00, 0.39 as 39E-02", _written(Writer(number=exponent_number))),
    Variation("letters-escaped", r"letters in texts and names as \u00XX", _written(Writer(string=escaped_letters))),
    Variation("slashes-escaped", r"/ in texts as \/", _written(Writer(string=escaped_slashes))),
    Variation("no-reason-phrase", "a status line without reason phrase", _reason("")),
    Variation("another-reason-phrase", "a reason phrase of the server's own", _reason("Prima (99)")),
    Variation("repeated-vary", "Vary twice", _more_headers(("Vary", "Accept-Encoding"), ("Vary", "Origin"))),
    Variation("repeated-cookies", "two cookies", _more_headers(("Set-Cookie", "[cookie]"), ("Set-Cookie", "[cookie]"))),
    Variation(
        "unknown-headers",
        "header fields that nobody knows, one of them empty",
        _more_headers(("X-Unknown", "NaN"), ("Strict-Transport-Security", "max-age=1"), ("Server-Timing", "")),
    ),
    Variation(
        "links-before-in-own-field",
        "another Link field before that of the next page",
        _link(lambda url: ('<https://cpo.example/first?a=1,2>; rel="first"', f'{url}; rel="next"')),
    ),
    Variation(
        "links-around-in-same-field",
        "links before and after that of the next page in one field",
        _link(lambda url: (f'<https://cpo.example/a,b>; rel="first", {url}; rel="next" ,<../z>; rel=last',)),
    ),
    Variation(
        "link-with-other-parameters",
        "a parameter before rel, white space, and an unquoted relation in capitals",
        _link(lambda url: (f'{url} ; title = "page 2, of 7" ; REL=NEXT',)),
    ),
    Variation(
        "link-with-escaped-title",
        "a quoted parameter before rel that speaks of links itself",
        _link(lambda url: (f'{url}; title="what \\"rel\\" means; rel=prev"; rel="next"',)),
    ),
    Variation("link-with-two-relations", "two relations for one link", _link(lambda url: (f'{url};rel="last next"',))),
    Variation(
        "status-message-present",
        "a status_message on every answer",
        _envelope(lambda envelope: {**envelope, "status_message": ""}),
    ),
    Variation(
        "status-message-absent",
        "no status_message on any answer",
        _envelope(lambda envelope: _without(envelope, "status_message")),
    ),
    Variation(
        "status-message-null",
        "null as status_message",
        _envelope(lambda envelope: {**envelope, "status_message": None}),
    ),
    Variation(
        "status-message-in-dutch",
        "a status_message beyond ASCII",
        _envelope(lambda envelope: {**envelope, "status_message": DUTCH}),
    ),
    Variation(
        "status-message-in-dutch-escaped",
        "the same, escaped",
        _envelope(lambda envelope: {**envelope, "status_message": DUTCH}, Writer(string=ascii_string)),
    ),
    Variation(
        "null-data-of-errors",
        "null as data of an error",
        _envelope(lambda envelope: {**envelope, "data": None} if _failed(envelope) else None),
    ),
    Variation("optional-members-null", "null for every optional member that is absent", _body(_optional_nulls), _NULLS),
    Variation("lists-reordered", "lists whose order means nothing, back to front", _body(_reordered)),
)
"""The global list. Another page size, which changes the conversation itself, is tried beside it."""

PAGE_SIZES = (7, 1000)
