"""OCPI 2.2.1, transport: that the envelope stays around errors, too.

Heeds the setting ``push.http_error_body``, where there is one.
"""

from harness.judge.vocabulary import date_time_at, response_of, start_of, status
from harness.model.edit import with_body, with_field, without_field
from harness.model.exchange import HttpExchange
from harness.model.requirement import MUST, Binds, Problems, requirement
from harness.model.settings import Settings
from harness.model.verdict import Inapplicable, Problem
from harness.standards.ocpi_2_2_1 import OCPI

SINCE = "2026.12"


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
def errors_carry_the_envelope(exchange: HttpExchange, settings: Settings) -> Problems:
    """A 401 and a 404 carry the OCPI envelope like any other answer, with a code that is not of the success range.

    Why: the client's reader expects one shape for everything; a framework's own error page breaks it.
    Fix: replace the framework's handlers for authentication errors and unknown ids by ones that write the envelope.
    """
    body, other = response_of(exchange).body, settings.values.get("push.http_error_body", "envelope")
    if other != "envelope":
        yield Inapplicable(f"push.http_error_body = {other}: errors of HTTP carry no envelope here")
    elif not body.is_json:
        yield Problem("response.body:", "an OCPI envelope", start_of(body))
    elif isinstance(body.at("/timestamp"), str):  # absent or of another type: the document's own error says it
        yield from date_time_at(body, "/timestamp")
