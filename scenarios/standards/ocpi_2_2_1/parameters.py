"""OCPI 2.2.1, query parameters of lists: good ones are served, bad ones are an OCPI error and no crash."""

from harness.judge.vocabulary import (
    answered,
    as_whole_number,
    asked_properly,
    body_problem,
    both,
    listed,
    response_of,
    status,
    status_problem,
    tagged,
)
from harness.model.edit import with_body, with_field, with_status
from harness.model.exchange import HttpExchange
from harness.model.requirement import MUST, SHOULD, Binds, Problems, requirement
from harness.model.scenario import Steps, Turn, get, scenario
from harness.model.verdict import Problem
from harness.model.world import World
from harness.standards.ocpi_2_2_1 import OCPI

SINCE = "2026.12"

REFUSALS = (400, 401, 403, 404, 405, 406, 409, 410, 411, 413, 414, 415, 416, 422)
"""Client errors that a server gives to a request as it is; 408, 425, 429 and 431 speak of the moment or the size."""


@scenario
def ask_with_well_formed_parameters(world: World) -> Steps:
    """The puller uses every parameter that a list must support, dates in each form that OCPI allows."""
    for path in ("/locations", "/tariffs"):
        page = yield from get(path, query={"limit": 1}, auth=world.credential, tags=["parameters"])
        stamp = next((entry.get("last_updated") for entry in listed(page)), None)
        second = stamp[:19] if isinstance(stamp, str) else "2026-06-01T08:00:05"
        queries: tuple[dict[str, str | int], ...] = (
            {"offset": 0, "limit": 5},
            {"date_from": f"{second}Z"},
            {"date_from": second},
            {"date_from": f"{second}.500Z"},
            {"date_to": f"{second}Z", "limit": 5},
            {"date_from": f"{second}Z", "date_to": "2099-12-31T00:00:00Z", "offset": 0, "limit": 2},
        )
        for query in queries:
            yield from get(path, query=query, auth=world.credential, tags=["parameters"])


@scenario(turn=Turn.PROBES)
def ask_with_malformed_parameters(world: World) -> Steps:
    """The puller sends parameters that cannot be read."""
    for path in ("/locations", "/tariffs"):
        for query in ({"limit": "abc"}, {"offset": "first"}, {"date_from": "yesterday"}, {"date_to": "2026-13-45"}):
            yield from get(path, query=query, auth=world.credential, tags=["probe", "malformed parameter"])


@requirement(
    MUST,
    OCPI["status_codes 5, transport_and_format 4.1.4.1"],
    row="pull-no-http-error-for-content",
    since=SINCE,
    binds=Binds.SERVER,
    when=both(asked_properly, tagged("parameters")),
    asked_by=["ocpi-2.2.1/ask-with-well-formed-parameters"],
    broken_by=[with_status(422), with_status(400), with_status(500), with_status(404), with_status(204), with_body("")],
    kept_by=[with_field("/data", []), with_status(503), with_status(429)],
)
def well_formed_parameters_are_served(exchange: HttpExchange) -> Problems:
    """A list request with well-formed offset, limit, date_from or date_to gets no HTTP error.

    Why: content that can be read is answered within OCPI; an HTTP error stops the puller.
    Fix: accept dates with Z, without a designator and with a fraction; let an empty result be an empty list.
    """
    response = response_of(exchange)
    if response.status in (*REFUSALS, 204, 500):
        yield status_problem(exchange, "200")
    elif response.status == 200 and not response.body.raw.strip():
        yield Problem("response.body:", "a list in an OCPI envelope", "an empty body")


@requirement(
    MUST,
    OCPI["status_codes 5"],
    row="pull-no-http-error-for-content",
    since=SINCE,
    binds=Binds.SERVER,
    when=both(answered, tagged("malformed parameter")),
    asked_by=["ocpi-2.2.1/ask-with-malformed-parameters"],
    broken_by=[with_status(500)],
    kept_by=[with_status(400), with_field("/status_code", 1000)],
)
def malformed_parameters_are_no_server_error(exchange: HttpExchange) -> Problems:
    """A parameter that cannot be read never makes the server fail.

    Why: a 5xx makes the puller try again later, for ever.
    Fix: parse parameters before use and answer with OCPI status 2001 where one cannot be read.
    """
    if response_of(exchange).status in (500, 501, 505):
        yield status_problem(exchange, "200 with OCPI status 2001")


@requirement(
    SHOULD,
    OCPI["status_codes 5"],
    row="pull-no-http-error-for-content",
    since=SINCE,
    binds=Binds.SERVER,
    when=both(answered, tagged("malformed parameter")),
    asked_by=["ocpi-2.2.1/ask-with-malformed-parameters"],
    broken_by=[with_status(400), with_status(422)],
    kept_by=[with_field("/status_message", "limit is no number")],
)
def malformed_parameters_stay_below_http(exchange: HttpExchange) -> Problems:
    """A parameter that cannot be read is answered with HTTP 200: the error belongs to OCPI.

    Why: the puller looks for the cause in the envelope's status code.
    Fix: answer 200 with OCPI status 2001 where the framework would answer 400 or 422.
    """
    if response_of(exchange).status in REFUSALS:
        yield status_problem(exchange, "200")


@requirement(
    SHOULD,
    OCPI["status_codes 5.2"],
    row="pull-no-http-error-for-content",
    since=SINCE,
    binds=Binds.SERVER,
    when=both(tagged("malformed parameter"), lambda exchange: status(200)(exchange) or _has_code(exchange)),
    asked_by=["ocpi-2.2.1/ask-with-malformed-parameters"],
    broken_by=[
        with_field("/status_code", 1000),
        with_field("/status_code", 3000),
        with_body("<html><body>Bad request</body></html>"),
        with_body(""),
    ],
    kept_by=[with_field("/status_code", 2001.0), with_status(400)],
)
def malformed_parameters_are_named_2001(exchange: HttpExchange) -> Problems:
    """A parameter that cannot be read is answered with OCPI status 2001.

    Why: silently ignoring it gives the puller another list than it asked for.
    Fix: answer 2001 and name the parameter in status_message.
    """
    body = response_of(exchange).body
    if as_whole_number(body.at("/status_code")) != 2001:
        yield body_problem(body, "/status_code", "2001")


def _has_code(exchange: HttpExchange) -> bool:
    return status(400)(exchange) and as_whole_number(response_of(exchange).body.at("/status_code")) is not None
