"""NDW, push: how each push is answered, by the table of errors on NDW's page. It binds NDW, or the mock in its place.

Needs the settings ``push.created_status`` and ``push.non_object_body``.
"""

from collections.abc import Callable
from functools import partial

from harness.judge.vocabulary import (
    Predicate,
    answered,
    as_whole_number,
    asked_properly,
    body_problem,
    both,
    operation,
    response_of,
    start_of,
    status_problem,
    tagged,
)
from harness.model.edit import with_body, with_field, with_header, with_status
from harness.model.exchange import HttpExchange
from harness.model.requirement import MUST, Basis, Binds, Problems
from harness.model.requirement import requirement as declared
from harness.model.settings import Settings
from harness.model.verdict import Problem
from harness.standards.ocpi_2_2_1 import OCPI
from scenarios.ndw import NDW
from scenarios.ndw.push_bodies import carries_a_body
from scenarios.standards.ocpi_2_2_1.objects import PATCHED, PUT

PAGE = NDW["Push - Error Handling"]
requirement = partial(declared, MUST, since="2026.12", binds=Binds.SERVER)

REFUSED_BEFORE = (401, 404, 405, 413, 415, 429)
"""Statuses of answers that were given before anybody looked at the body."""


def _as_it_is(exchange: HttpExchange) -> bool:
    """The answer is what the endpoint itself says: nothing was made up on purpose."""
    return answered(exchange) and "fault" not in exchange.tags


def answered_to(*tags: str) -> Predicate:
    """An answer to a request with all of these tags."""
    return both(_as_it_is, tagged(*tags))


def code_in(exchange: HttpExchange, accepts: Callable[[int], bool], expected: str) -> Problems:
    """A problem unless the envelope's status code is such a one."""
    body = response_of(exchange).body
    code = as_whole_number(body.at("/status_code"))
    if code is None or not accepts(code):
        yield body_problem(body, "/status_code", expected)


def is_refusal(code: int) -> bool:
    """A code of OCPI's range for errors of the client."""
    return 2000 <= code <= 2999


def is_success(code: int) -> bool:
    """A code of OCPI's range for success."""
    return 1000 <= code <= 1999


@requirement(
    PAGE,
    row="ndw-push-401",
    when=lambda exchange: answered_to("no token")(exchange) or answered_to("wrong token")(exchange),
    asked_by=["ndw/push-without-a-token", "ndw/push-with-an-ended-token"],
    broken_by=[with_status(403), with_status(200), with_status(404).on(tagged("wrong token"))],
    kept_by=[with_header("WWW-Authenticate", 'Bearer realm="ndw"')],
)
def pushes_without_a_good_token_get_401(exchange: HttpExchange) -> Problems:
    """A push without a token, or with one that is unknown or has ended, is answered 401.

    Why: the client tells by it that it must get a new token.
    Fix: the endpoint has to answer so; of the mock in the box, please report it.
    """
    if response_of(exchange).status != 401:
        yield status_problem(exchange, "401")


def _body_is_no_json(exchange: HttpExchange) -> bool:
    """A body that no strict reader takes, and that somebody looked at."""
    if not _as_it_is(exchange) or not carries_a_body(exchange) or response_of(exchange).status in REFUSED_BEFORE:
        return False
    return any(not fault.startswith(("duplicate key", "holds half")) for fault in exchange.request.body.faults)


@requirement(
    PAGE,
    row="ndw-push-400-invalid-json",
    when=_body_is_no_json,
    asked_by=["ndw/push-what-is-no-json"],
    broken_by=[with_status(200), with_status(422), with_status(500)],
    kept_by=[with_field("/status_message", "not JSON")],
)
def bodies_that_are_no_json_get_400(exchange: HttpExchange) -> Problems:
    """A body that is no JSON is answered 400.

    Why: a code of OCPI is about what a message says; here nothing could be read.
    Fix: the endpoint has to answer so; of the mock in the box, please report it.
    """
    if response_of(exchange).status != 400:
        yield status_problem(exchange, "400")


@requirement(
    PAGE,
    row="ndw-push-404-unknown-resource",
    when=answered_to("unknown path"),
    asked_by=["ndw/push-where-nothing-is"],
    broken_by=[with_status(200), with_status(405), with_status(500)],
    kept_by=[with_field("/status_message", "nothing here")],
)
def unknown_paths_get_404(exchange: HttpExchange) -> Problems:
    """A push to a path that the interface does not have is answered 404.

    Why: NDW's page says so of an invalid resource.
    Fix: the endpoint has to answer so; of the mock in the box, please report it.
    """
    if response_of(exchange).status != 404:
        yield status_problem(exchange, "404")


@requirement(
    PAGE,
    row="ndw-push-noncompliant-2xxx",
    when=answered_to("not compliant"),
    asked_by=["ndw/push-what-is-not-compliant"],
    broken_by=[with_status(422), with_status(400), with_field("/status_code", 1000), with_field("/status_code", 3000)],
    kept_by=[with_field("/status_code", 2002), with_field("/data", None), with_field("/data", {"errors": []})],
)
def pushes_that_are_not_compliant_get_2xxx(exchange: HttpExchange) -> Problems:
    """An object that breaks OCPI's tables, or what NDW asks for besides, is answered 200 with a code 2xxx.

    Why: HTTP's own errors end where the message can be read.
    Fix: the endpoint has to answer so; of the mock in the box, please report it.
    """
    if response_of(exchange).status != 200:
        yield status_problem(exchange, "200")
    yield from code_in(exchange, is_refusal, "2000 to 2999")


@requirement(
    OCPI["transport_and_format 4.1.5.1, status_codes 5.2"],
    row="ndw-push-id-mismatch-refused",
    when=answered_to("other id"),
    asked_by=["ndw/push-under-another-id"],
    broken_by=[with_status(400), with_status(201), with_field("/status_code", 1000), with_field("/status_code", 2003)],
    kept_by=[with_field("/status_code", 2001.0), with_field("/data", None)],
)
def pushes_under_another_id_get_2001(exchange: HttpExchange) -> Problems:
    """An object whose id or party is not that of the URL is answered 200 with code 2001.

    Why: ids may not change, and a parameter of the URL that the body contradicts is a wrong one.
    Fix: the endpoint has to answer so; of the mock in the box, please report it.
    """
    if response_of(exchange).status != 200:
        yield status_problem(exchange, "200")
    yield from code_in(exchange, lambda code: code == 2001, "2001")


def _written(exchange: HttpExchange) -> bool:
    """A push that is as it should be, as who sent it says: a client's own may be wrong."""
    meant = asked_properly(exchange) and bool(exchange.tags & {"new", "known"})
    return meant and _as_it_is(exchange) and exchange.operation in {*PUT, *PATCHED}


@requirement(
    PAGE,
    row="ndw-push-compliant-1xxx",
    when=_written,
    asked_by=["ndw/push-tariffs", "ndw/push-a-location", "ndw/push-an-evse", "ndw/push-a-connector"],
    broken_by=[with_status(204), with_status(202), with_field("/status_code", 2000), with_field("/status_code", 200)],
    kept_by=[with_field("/status_code", 1001), with_field("/data", None)],
)
def compliant_pushes_get_1xxx(exchange: HttpExchange) -> Problems:
    """An object that is as it should be is answered 200 or 201 with a code 1xxx.

    Why: the client knows by it that the change has arrived.
    Fix: the endpoint has to answer so; of the mock in the box, please report it.
    """
    if response_of(exchange).status not in (200, 201):
        yield status_problem(exchange, "200 or 201")
    yield from code_in(exchange, is_success, "1000 to 1999")


@requirement(
    OCPI["status_codes 5"],
    basis=Basis.ASSUMED,
    row="ndw-push-compliant-1xxx",
    rests_on=["push.created_status"],
    when=_written,
    asked_by=["ndw/push-tariffs", "ndw/push-a-location", "ndw/push-an-evse", "ndw/push-a-connector"],
    broken_by=[with_status(200).on(tagged("new")), with_status(201).on(tagged("known"))],
    kept_by=[with_field("/status_code", 1001)],
)
def new_objects_get_201_and_known_ones_200(exchange: HttpExchange, settings: Settings) -> Problems:
    """A PUT that makes an object is answered 201, one that changes it 200.

    Why: OCPI has it so; NDW's page allows both and says nothing of which.
    Fix: the endpoint has to answer so; of the mock in the box, please report it.
    """
    expected = settings.number("push.created_status") if "new" in exchange.tags else 200
    if response_of(exchange).status != expected:
        yield status_problem(exchange, str(expected))


@requirement(
    NDW["Push - Tariffs"],
    row="ndw-push-tariff-delete-204",
    when=both(asked_properly, _as_it_is, operation("deleteTariff"), tagged("known")),
    asked_by=["ndw/push-tariffs"],
    broken_by=[with_status(200), with_body('{"status_code":1000,"timestamp":"2026-06-01T08:00:05Z"}')],
    kept_by=[with_header("X-Trace", "7")],
)
def deleted_tariffs_get_204_without_a_body(exchange: HttpExchange) -> Problems:
    """The DELETE of a tariff is answered 204, without a body.

    Why: NDW leaves OCPI here, which has an envelope around every answer.
    Fix: the endpoint has to answer so; of the mock in the box, please report it.
    """
    response = response_of(exchange)
    if response.status != 204:
        yield status_problem(exchange, "204")
    if response.body.raw:
        yield Problem("response.body:", "no body", start_of(response.body))
