"""OCPI 2.2.1, status codes: what belongs to HTTP, and that the envelope stays."""

from urllib.parse import quote

from harness.judge.vocabulary import answered, both, date_time_at, response_of, start_of, status, status_problem, tagged
from harness.model.edit import with_body, with_field, with_status, without_field
from harness.model.exchange import HttpExchange
from harness.model.requirement import MUST, SHOULD, Binds, Problems, requirement
from harness.model.scenario import Steps, Turn, get, scenario
from harness.model.verdict import Problem
from harness.model.world import World
from harness.standards.ocpi_2_2_1 import OCPI
from scenarios.standards.ocpi_2_2_1.conversation import plain_ids_on

SINCE = "2026.12"


@scenario(turn=Turn.PROBES)
def ask_for_an_unknown_location(world: World) -> Steps:
    """The puller asks for a location that was never listed, its id in the form of the listed ones."""
    page = yield from get("/locations", auth=world.credential)
    unknown = quote(world.unlike(plain_ids_on(page)), safe="")
    yield from get(f"/locations/{unknown}", auth=world.credential, tags=["probe", "unknown id"])


@requirement(
    SHOULD,
    OCPI["status_codes 5"],
    row="pull-unknown-location-404",
    since=SINCE,
    binds=Binds.SERVER,
    when=both(answered, tagged("unknown id")),
    asked_by=["ocpi-2.2.1/ask-for-an-unknown-location"],
    broken_by=[with_status(200), with_status(500), with_status(400)],
    kept_by=[with_field("/status_code", 2000), with_field("/status_message", "no such location")],
)
def unknown_location_is_answered_404(exchange: HttpExchange) -> Problems:
    """A location that does not exist is answered with HTTP 404.

    Why: the puller tells "gone" from "broken" by it.
    Fix: answer 404, with an envelope of code 2003, for an id that you do not know.
    """
    if response_of(exchange).status != 404:
        yield status_problem(exchange, "404")


@requirement(
    MUST,
    OCPI["transport_and_format 4.1.7"],
    row="pull-error-envelope",
    since=SINCE,
    binds=Binds.SERVER,
    when=status(401, 404),
    asked_by=["ocpi-2.2.1/ask-for-an-unknown-location", "ocpi-2.2.1/knock-without-the-token"],
    broken_by=[
        with_body("<html><body>401 Unauthorized</body></html>").on(status(401)),
        with_body("").on(status(404)),
        with_body('{"error":"not_found"}').on(status(404)),
        with_body('{"detail":"Not authenticated"}').on(status(401)),
        with_body("[]").on(status(401)),
        without_field("/timestamp").on(status(401)),
        with_field("/timestamp", "").on(status(404)),
        without_field("/status_code").on(status(404)),
        with_field("/status_code", 1000).on(status(404)),
        with_field("/status_code", 401).on(status(401)),
    ],
    kept_by=[
        with_field("/data", {"errors": []}).on(status(404)),
        with_field("/data", None).on(status(401)),
        with_field("/status_code", 3000).on(status(401)),
        with_field("/status_code", 2001.0).on(status(404)),
        without_field("/status_message").on(status(401)),
    ],
)
def errors_carry_the_envelope(exchange: HttpExchange) -> Problems:
    """A 401 and a 404 carry the OCPI envelope like any other answer, with a code that is not of the success range.

    Why: the client's reader expects one shape for everything; a framework's own error page breaks it.
    Fix: replace the framework's handlers for authentication errors and unknown ids by ones that write the envelope.
    """
    body = response_of(exchange).body
    if not body.is_json:
        yield Problem("response.body:", "an OCPI envelope", start_of(body))
    elif isinstance(body.at("/timestamp"), str):  # absent or of another type: the document's own error says it
        yield from date_time_at(body, "/timestamp")
