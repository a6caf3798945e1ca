"""OCPI 2.2.1, transport: the ids by which both sides find one message again."""

from collections.abc import Sequence
from dataclasses import replace

from harness.judge.vocabulary import answered, header_problem, response_of, status
from harness.model.edit import Rewrite, with_header, without_header
from harness.model.exchange import HttpExchange, Transcript
from harness.model.requirement import MUST, Binds, Problems, requirement
from harness.model.verdict import Problem
from harness.standards.ocpi_2_2_1 import MESSAGE_IDS, OCPI
from scenarios.standards.ocpi_2_2_1.conversation import locations_page, single

SINCE = "2026.12"


def request_header(name: str, value: str | None) -> Rewrite:
    """Every request with this header field, or without it."""

    def change(exchanges: Sequence[HttpExchange]) -> list[HttpExchange]:
        return [
            replace(
                exchange,
                request=replace(
                    exchange.request,
                    headers=exchange.request.headers.without(name)
                    if value is None
                    else exchange.request.headers.with_field(name, value),
                ),
            )
            for exchange in exchanges
        ]

    what = "without" if value is None else "with the same"
    return Rewrite(f"requests {what} {name}", f"request.header:{name.lower()}", change)


def spoken_by_the_server(exchange: HttpExchange) -> bool:
    """An answer of the OCPI server itself: no redirect, and none of the statuses that gateways make."""
    return answered(exchange) and response_of(exchange).status not in (301, 302, 303, 307, 308, 502, 503, 504)


@requirement(
    MUST,
    OCPI["transport_and_format 4.2"],
    row="pull-message-ids-echoed",
    since=SINCE,
    binds=Binds.SERVER,
    when=spoken_by_the_server,
    broken_by=[
        without_header("X-Request-ID").on(locations_page),
        without_header("X-Correlation-ID").on(single),
        with_header("X-Request-ID", "another").on(single),
        with_header("X-Correlation-ID", "another").on(locations_page),
        without_header("X-Request-ID").on(status(401)),
        without_header("X-Correlation-ID").on(status(404)),
    ],
    kept_by=[with_header("X-Powered-By", "anything").on(locations_page)],
)
def message_ids_echoed(exchange: HttpExchange) -> Problems:
    """Every answer, an error too, repeats X-Request-ID and X-Correlation-ID of its request.

    Why: they are how both sides find one message in their logs.
    Fix: copy both header fields in a middleware that also sees errors; check that no gateway strips them.
    """
    for name in MESSAGE_IDS:
        wanted = exchange.request.headers.get(name)
        got = response_of(exchange).headers.all(name)
        if wanted is not None and set(got) != {wanted}:
            yield header_problem(exchange, name, wanted)


@requirement(
    MUST,
    OCPI["transport_and_format 4.2"],
    row="pull-message-ids-echoed",
    since=SINCE,
    binds=Binds.CLIENT,
    broken_by=[request_header("X-Request-ID", None), request_header("X-Correlation-ID", None)],
    kept_by=[request_header("User-Agent", "another")],
)
def requests_carry_message_ids(exchange: HttpExchange) -> Problems:
    """Every request carries X-Request-ID and X-Correlation-ID.

    Why: a server may rightly refuse a request without them.
    Fix: send both with every request, a UUID each; of a pull the harness itself is the client: please report it.
    """
    for name in MESSAGE_IDS:
        if not exchange.request.headers.get(name):
            yield Problem(f"request.header:{name.lower()}", "an id", "absent")


@requirement(
    MUST,
    OCPI["transport_and_format 4.2"],
    row="pull-message-ids-echoed",
    since=SINCE,
    binds=Binds.CLIENT,
    when=lambda transcript: len(transcript.exchanges) > 1,
    broken_by=[request_header("X-Request-ID", "always-the-same")],
    kept_by=[request_header("X-Correlation-ID", "one-conversation")],
)
def request_ids_are_never_reused(transcript: Transcript) -> Problems:
    """No two requests carry the same X-Request-ID.

    Why: an id that comes twice finds two messages.
    Fix: make a new UUID for every request; of a pull the harness itself is the client: please report it.
    """
    seen: set[str] = set()
    for exchange in transcript.exchanges:
        request_id = exchange.request.headers.get("X-Request-ID")
        if request_id is not None and request_id in seen:
            yield Problem("request.header:x-request-id", "a new id", "an id of an earlier request", exchange.id)
        seen.add(request_id or "")
