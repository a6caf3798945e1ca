"""OCPI 2.2.1, transport: bodies are JSON, and say so."""

from harness.judge.vocabulary import answered, header_problem, response_of, status, tagged
from harness.model.edit import with_body, with_bytes_replaced, with_header, without_header
from harness.model.exchange import WRITTEN_BY_THE_CLIENT, HttpExchange, Written
from harness.model.pointer import MISSING
from harness.model.requirement import MUST, Binds, Problems, requirement
from harness.model.verdict import Problem
from harness.standards.ocpi_2_2_1 import OCPI
from scenarios.standards.ocpi_2_2_1.conversation import answered_ok, locations_page, single

SINCE = "2026.12"


def _has_body(exchange: HttpExchange) -> bool:
    """A page or a location: an empty one is the endpoint's own finding."""
    written = WRITTEN_BY_THE_CLIENT in exchange.tags
    return answered_ok(exchange) and not written and bool(response_of(exchange).body.raw.strip())


def _is_envelope(exchange: HttpExchange) -> bool:
    """Any answer, an error too, that is an OCPI envelope; a page of another kind is errors_carry_the_envelope's."""
    return answered(exchange) and response_of(exchange).body.at("/status_code") is not MISSING


def is_of_type_json(value: str) -> bool:
    """A Content-Type that says application/json, in UTF-8 or in no encoding of its own."""
    kind, _, rest = value.partition(";")
    parameters = [parameter.strip().lower().replace(" ", "") for parameter in rest.split(";") if parameter.strip()]
    charsets = [one.partition("=")[2].strip('"') for one in parameters if one.startswith("charset=")]
    return kind.strip().lower() == "application/json" and not set(charsets) - {"utf-8", "utf8"}


@requirement(
    MUST,
    OCPI["transport_and_format 4.1.7"],
    row="pull-response-is-json",
    since=SINCE,
    binds=Binds.SERVER,
    when=lambda exchange: _is_envelope(exchange) or _has_body(exchange),
    broken_by=[
        with_header("Content-Type", "text/html; charset=utf-8").on(locations_page),
        with_header("Content-Type", "text/plain").on(status(401)),
        with_header("Content-Type", "text/html").on(status(404)),
        without_header("Content-Type").on(tagged("malformed parameter")),
        without_header("Content-Type").on(single),
        with_header("Content-Type", "application/json; charset=iso-8859-1").on(locations_page),
    ],
    kept_by=[
        with_header("Content-Type", "application/json; charset=utf-8"),
        with_header("Content-Type", 'Application/JSON;charset="UTF-8"'),
        with_header("Content-Type", "application/json; v=1"),
    ],
)
def answers_are_of_type_json(exchange: HttpExchange) -> Problems:
    """An answer says that it is application/json.

    Why: a client that goes by the type refuses anything else, or guesses its characters wrongly.
    Fix: set Content-Type to application/json; a charset parameter may only be utf-8.
    """
    if not is_of_type_json(response_of(exchange).headers.get("content-type") or ""):
        yield header_problem(exchange, "Content-Type", "application/json")


@requirement(
    MUST,
    OCPI["transport_and_format 4.1.7"],
    row="pull-response-is-json",
    since=SINCE,
    binds=Binds.SERVER,
    when=lambda exchange: _has_body(exchange),
    broken_by=[
        with_body("<html><body>Welcome</body></html>").on(locations_page),
        with_bytes_replaced('"status_code":1000', '"status_code":NaN').on(locations_page),
        with_bytes_replaced('"status_code":1000', '"x":Infinity,"status_code":1000').on(single),
        with_bytes_replaced('"status_message":"', '"status_message":"\xe9 ').on(locations_page),
        with_bytes_replaced('{"data":', '\xef\xbb\xbf{"data":').on(locations_page),
        with_bytes_replaced('"status_code":1000', '"status_code":1000,').on(single),
    ],
    kept_by=[
        with_bytes_replaced('"status_code":1000', '\n\t"status_code" : 1000\r\n').on(locations_page),
        with_bytes_replaced('"status_message":"', '"status_message":"\xc3\xa9 \\u00e9 ').on(single),
    ],
)
def answers_are_strict_json(exchange: Written) -> Problems:
    """An answer is JSON that a strict reader takes, in UTF-8.

    Why: NaN, a byte order mark, a trailing comma or another encoding make many readers give up on the whole page.
    Fix: let a JSON library write the body, as UTF-8, and map numbers that JSON cannot say to an absent member.
    """
    for fault in response_of(exchange).body.faults:
        if not fault.startswith(("duplicate key", "holds half")):  # both are within the grammar of RFC 8259
            yield Problem("response.body:", "strict JSON in UTF-8", fault)
