"""The faults of the demo: each is one that real systems have, and each shows another kind of finding."""

from harness.judge.vocabulary import status
from harness.mock.fault import Fault
from harness.model.edit import of_the_request, together, with_body, with_field, with_header, with_status, without_header
from harness.model.exchange import HttpExchange

_TARIFF = (
    '{"data":[{"country_code":"NL","party_id":"XPO","id":"TAR-01","currency":"EUR","elements":[{"price_components":'
    '[{"type":"ENERGY","price":0.39,"step_size":1}]}],"last_updated":"2026-06-01T08:00:00Z"}],'
    '"status_code":1000,"timestamp":"2026-06-01T08:00:05Z"}'
)


def _says_2001(exchange: HttpExchange) -> bool:
    return exchange.response is not None and exchange.response.body.at("/status_code") == 2001


FAULTS = (
    # One endpoint was left out when the token check was put before the handlers.
    Fault("getTariffs", together(with_body(_TARIFF), with_status(200)).on(status(401))),
    # The framework's own error page, instead of the envelope.
    Fault(
        "getLocation",
        together(
            with_header("Content-Type", "text/html"), with_body("<html><body><h1>404 Not Found</h1></body></html>")
        ).on(status(404)),
    ),
    # A filter answers before the code that repeats the message ids.
    Fault("getLocations", without_header("X-Correlation-ID").on(status(401))),
    # int("abc") without a guard.
    Fault("getLocations", with_status(500).on(_says_2001)),
    # A connector as OCPI 2.1.1 had it.
    Fault("getLocations", with_field("/data/0/evses/0/connectors/0/voltage", 400)),
)

CLIENT_FAULTS = (
    # A second HTTP client in the same program, without the interceptor of the first.
    Fault("putTariff", of_the_request(without_header("X-Correlation-ID"))),
    # An id of the process in the place of one for each request.
    Fault("putLocation", of_the_request(with_header("X-Request-ID", "pusher-1"))),
    # A library's type for PATCH, which is another standard's.
    Fault("patchEvse", of_the_request(with_header("Content-Type", "application/merge-patch+json"))),
)
