"""NDW, push: what a client writes: bodies that can be read, about the object that the URL names.

Needs the settings ``push.id_compare`` and ``push.routing_headers``.
"""

from collections.abc import Iterable
from functools import partial

from harness.judge.vocabulary import Predicate, both, operation, shown
from harness.model.edit import (
    Edit,
    of_the_request,
    with_body,
    with_bytes_replaced,
    with_field,
    with_header,
    without_header,
)
from harness.model.exchange import HttpExchange
from harness.model.requirement import MUST, Basis, Binds, Problems, Reason, excluded
from harness.model.requirement import requirement as declared
from harness.model.settings import Settings
from harness.model.verdict import Problem
from harness.standards.ocpi_2_2_1 import OCPI
from harness.standards.ocpi_2_2_1.receiver import ID_OF, OWNER, named_in
from scenarios.ndw import NDW
from scenarios.standards.ocpi_2_2_1.body_format import is_of_type_json
from scenarios.standards.ocpi_2_2_1.objects import PATCHED, PUT

requirement = partial(declared, since="2026.12", binds=Binds.CLIENT)

ROUTING_HEADERS = ("OCPI-to-party-id", "OCPI-to-country-code", "OCPI-from-party-id", "OCPI-from-country-code")
"""Who sends and who is to receive, for platforms and hubs (transport_and_format 4.1.8.2)."""

carries_a_body = operation(*PUT, *PATCHED)


def meant(*operations: str) -> Predicate:
    """Such a request, as it should be: nothing in it is wrong on purpose."""
    return both(operation(*operations), lambda exchange: "probe" not in exchange.tags)


def of_requests(scope: Predicate, *edits: Edit) -> list[Edit]:
    """The same edits, of requests in this scope."""
    return [of_the_request(one).on(scope) for one in edits]


def class_in(exchange: HttpExchange) -> str:
    """The class of the object that a request is about."""
    name = exchange.operation or ""
    return PUT.get(name) or PATCHED[name]


def is_object(exchange: HttpExchange) -> bool:
    """The body is a JSON object: of any other, clauses of their own speak."""
    return isinstance(exchange.request.body.value, dict)


@requirement(
    MUST,
    NDW["Push - Error Handling"],
    row="push-body-strict-json",
    refuses=True,
    when=carries_a_body,
    broken_by=of_requests(
        meant("putLocation"),
        with_body("location=LOC-0001&publish=true"),
        with_body(""),
        with_bytes_replaced('"publish":true', '"publish":NaN'),
        with_bytes_replaced('"publish":true', '"publish":true,'),
        with_bytes_replaced('{"country_code"', '\xef\xbb\xbf{"country_code"'),
        with_bytes_replaced('"city":"', '"city":"\xe9 '),
    )
    + of_requests(meant("patchEvse"), with_body('{"status":"CHARGING"'), with_body("{'status':'CHARGING'}")),
    kept_by=of_requests(
        meant("putLocation"),
        with_bytes_replaced('"publish":true', '\n\t"publish" : true\r\n'),
        with_bytes_replaced('"city":"', '"city":"\xc3\xa9 \\u00e9 '),
    ),
)
def bodies_are_strict_json(exchange: HttpExchange) -> Problems:
    """The body of a PUT or PATCH is JSON that a strict reader takes, in UTF-8.

    Why: NDW answers anything else with 400, and the change is lost.
    Fix: let a JSON library write the body, as UTF-8; leave members out whose number JSON cannot say.
    """
    for fault in exchange.request.body.faults:
        if not fault.startswith(("duplicate key", "holds half")):  # both are within the grammar of RFC 8259
            yield Problem("request.body:", "strict JSON in UTF-8", fault)


@requirement(
    MUST,
    OCPI["transport_and_format 4.1.4"],
    row="push-body-strict-json",
    refuses=True,
    when=carries_a_body,
    broken_by=of_requests(
        meant("putTariff"),
        with_header("Content-Type", "application/x-www-form-urlencoded"),
        with_header("Content-Type", "text/plain; charset=utf-8"),
        with_header("Content-Type", "application/json; charset=iso-8859-1"),
        without_header("Content-Type"),
    )
    + of_requests(meant("patchEvse"), with_header("Content-Type", "application/merge-patch+json")),
    kept_by=of_requests(
        meant("putTariff"),
        with_header("Content-Type", "application/json; charset=utf-8"),
        with_header("Content-Type", 'Application/JSON;charset="UTF-8"'),
    ),
)
def bodies_are_of_type_json(exchange: HttpExchange) -> Problems:
    """A PUT or PATCH says that its body is application/json.

    Why: a server that goes by the type reads no other, or guesses its characters wrongly.
    Fix: set Content-Type to application/json; for a PATCH, too; a charset parameter may only be utf-8.
    """
    value = exchange.request.headers.get("content-type")
    if not is_of_type_json(value or ""):
        yield Problem("request.header:content-type", "application/json", "absent" if value is None else shown(value))


@requirement(
    MUST,
    NDW["Push"],
    row="push-body-strict-json",
    broken_by=of_requests(meant("putLocation"), with_body("[]"), with_body('"LOC-0001"'), with_body("null"))
    + of_requests(meant("putTariff"), with_body("7"))
    + of_requests(meant("patchConnector"), with_body('[{"tariff_ids":["TAR-01"]}]')),
    kept_by=of_requests(meant("putLocation"), with_field("/x_extension", [1, None])),
)
def bodies_are_objects() -> None:
    """The body of a PUT or PATCH is one JSON object: the Location, EVSE, Connector or Tariff, or members of it.

    Why: a push is about one object, the one that its URL names; a list has no place.
    Fix: send the object itself, without a list or an envelope around it; one request for each.
    """


def others_than_in_the_url(exchange: HttpExchange, members: Iterable[str], settings: Settings) -> Problems:
    """Members that say something else than the URL. What is absent or no text, others speak of."""
    named = named_in(exchange.request.url, class_in(exchange))
    exact = settings.text("push.id_compare") == "exact"
    for member in members:
        given, wanted = exchange.request.body.value.get(member), named.get(member, "")
        if isinstance(given, str) and given != wanted and (exact or given.lower() != wanted.lower()):
            yield Problem(f"request.body:/{member}", f"{wanted}, as in the URL", shown(given))


@requirement(
    MUST,
    NDW["Push"],
    row="push-id-matches-url",
    refuses=True,
    when=both(operation(*PUT), is_object),
    broken_by=of_requests(meant("putLocation"), with_field("/id", "LOC-9999"))
    + of_requests(meant("putEvse"), with_field("/uid", "NL*XPO*E0001*A"))
    + of_requests(meant("putConnector"), with_field("/id", "99"))
    + of_requests(meant("putTariff"), with_field("/id", "TAR-99"), with_field("/id", "")),
    kept_by=of_requests(meant("putTariff"), with_field("/x_id", "TAR-99"))
    + of_requests(meant("putEvse"), with_field("/evse_id", "NL*XPO*E0009*Z")),
)
def ids_match_the_url(exchange: HttpExchange, settings: Settings) -> Problems:
    """The id in a pushed object is the one in the URL: the id of a Location, Connector or Tariff, the uid of an EVSE.

    Why: ids may not change; a server that took the push would not know which of the two objects it is.
    Fix: build the URL from the object that is sent; take the EVSE's uid for it, not its evse_id.
    """
    yield from others_than_in_the_url(exchange, [ID_OF[class_in(exchange)]], settings)


@requirement(
    MUST,
    OCPI["mod_locations 8.2.2.2, mod_tariffs 11.2.2.2"],
    row="push-party-matches-url",
    refuses=True,
    when=both(operation("putLocation", "putTariff"), is_object),
    broken_by=of_requests(meant("putLocation"), with_field("/party_id", "AGG"), with_field("/country_code", "BE"))
    + of_requests(meant("putTariff"), with_field("/party_id", "AGG")),
    kept_by=of_requests(meant("putLocation"), with_field("/operator/name", "Aggregator")),
)
def parties_match_the_url(exchange: HttpExchange, settings: Settings) -> Problems:
    """The country_code and party_id of a pushed Location or Tariff are those in the URL.

    Why: the owner is read from the URL and from the object; where they differ, the object has two.
    Fix: put the operator that owns the charging point in both, not the platform that sends.
    """
    yield from others_than_in_the_url(exchange, OWNER, settings)


@requirement(
    MUST,
    OCPI["transport_and_format 4.1.8.2"],
    basis=Basis.ASSUMED,
    row="",
    rests_on=["push.routing_headers"],
    only_where={"push.routing_headers": "required"},
    refuses=True,
    when=operation(*PUT, *PATCHED, "deleteTariff"),
    broken_by=of_requests(
        meant("putLocation"), *(without_header(name) for name in ROUTING_HEADERS), with_header("OCPI-to-party-id", "")
    ),
    kept_by=of_requests(meant("putLocation"), with_header("OCPI-from-party-id", "AGG")),
)
def routing_headers_are_there(exchange: HttpExchange) -> Problems:
    """Every push says from whom it comes and to whom it goes.

    Why: a hub between the two passes it on by these header fields; NDW's page does not name them.
    Fix: send OCPI-from-country-code, OCPI-from-party-id, OCPI-to-country-code and OCPI-to-party-id.
    """
    for name in ROUTING_HEADERS:
        if not exchange.request.headers.get(name):
            yield Problem(f"request.header:{name.lower()}", "a code", "absent or empty")


COVERED_ELSEWHERE = (
    excluded(
        "Every push carries both message ids, and a request id never comes twice",
        "push-message-ids",
        Reason.SAME_AS,
        "OCPI asks the same of every request; ocpi-2.2.1/request-ids-are-never-reused says the second half.",
        same_as="ocpi-2.2.1/requests-carry-message-ids",
    ),
    excluded(
        "A pushed object is complete: OCPI's tables and NDW's additions hold for it",
        "push-put-complete",
        Reason.SAME_AS,
        "Every clause on objects looks at what a client writes as at what a server shows; this stands for them all.",
        same_as="ocpi-2.2.1/location-has-required-fields",
    ),
)
