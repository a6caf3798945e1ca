"""OCPI 2.2.1, transport and format: TLS, JSON, the envelope, message ids."""

from collections.abc import Sequence
from dataclasses import replace

from harness.judge.vocabulary import (
    answered,
    as_whole_number,
    asked_properly,
    body_problem,
    both,
    date_time_at,
    header_problem,
    instant,
    listed,
    next_link,
    operation,
    response_of,
    status,
    tagged,
)
from harness.model.edit import (
    Rewrite,
    with_body,
    with_bytes_replaced,
    with_field,
    with_header,
    without_field,
    without_header,
)
from harness.model.exchange import HttpExchange, Transcript
from harness.model.requirement import (
    MUST,
    SHOULD,
    Basis,
    Binds,
    Problems,
    Reason,
    excluded,
    requirement,
)
from harness.model.settings import Settings
from harness.model.verdict import Inapplicable, Problem
from harness.standards.ocpi_2_2_1 import MESSAGE_IDS, OCPI

SINCE = "2026.12"

answered_ok = both(asked_properly, status(200))
answered_json = both(answered_ok, lambda exchange: isinstance(response_of(exchange).body.value, dict))
locations_page = both(answered_ok, tagged("whole list"), operation("getLocations"))
single = both(answered_ok, tagged("single"))


def requests_rewritten(spelling: str, place: str, old: str, new: str) -> Rewrite:
    """Every request URL with one text in the place of another."""

    def change(exchanges: Sequence[HttpExchange]) -> list[HttpExchange]:
        return [
            replace(exchange, request=replace(exchange.request, url=exchange.request.url.replace(old, new)))
            for exchange in exchanges
        ]

    return Rewrite(spelling, place, change)


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


@requirement(
    MUST,
    OCPI["transport_and_format 4.1.1"],
    row="pull-https-only",
    since=SINCE,
    binds=Binds.SERVER,
    when=lambda transcript: bool(transcript.exchanges),
    broken_by=[requests_rewritten("served over plain HTTP", "transcript", "https://", "http://")],
    kept_by=[requests_rewritten("scheme in capitals", "transcript", "https://", "HTTPS://")],
)
def interface_is_served_over_tls(transcript: Transcript, settings: Settings) -> Problems:
    """The interface is reached over https only.

    Why: over plain HTTP anybody on the way can read the token and change the data.
    Fix: put a TLS listener in front and hand out the https address; for a run on another machine of your own set
    pull.plain_http to "allowed".
    """
    plain = {exchange.request.url for exchange in transcript.exchanges if _is_plain(exchange.request.url)}
    allowed = settings.text("pull.plain_http")
    if plain and (allowed == "allowed" or (allowed == "loopback" and all(_is_loopback(url) for url in plain))):
        yield Inapplicable(f"served without TLS, which pull.plain_http = {allowed} lets pass in this run")
        return
    origins = sorted({"/".join(url.split("/", 3)[:3]) for url in plain})
    for origin in origins:
        yield Problem("transcript", "an https address", origin)


def _is_plain(url: str) -> bool:
    return url.lower().startswith("http://")


def _is_loopback(url: str) -> bool:
    host = url.split("/", 3)[2].rpartition("@")[2].lower()
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    return name in ("localhost", "[::1]") or name.startswith("127.")


@requirement(
    MUST,
    OCPI["transport_and_format 4.1.1"],
    row="pull-https-only",
    since=SINCE,
    binds=Binds.SERVER,
    when=lambda exchange: next_link(exchange) is not None,
    asked_by=["ocpi-2.2.1/crawl-locations", "ocpi-2.2.1/ask-with-well-formed-parameters"],
    broken_by=[with_header("Link", '<http://cpo.example/ocpi/2.2.1/locations?offset=50>; rel="next"')],
    kept_by=[
        with_header("Link", '<HTTPS://cpo.example/ocpi/2.2.1/locations?offset=50>; rel="next"'),
        with_header("Link", "<https://cpo.example/ocpi/2.2.1/locations?offset=50>;rel=next"),
        with_header("Link", '</terms>; rel="license", <https://cpo.example/next?a=1,2>; title="a,b"; rel="next"'),
    ],
)
def next_links_stay_on_https(exchange: HttpExchange) -> Problems:
    """A page that came over https points to its next page with an https URL.

    Why: the puller sends its token along with that request; behind a gateway that ends TLS, a server that builds the
    URL from its inner address gives the token away.
    Fix: build absolute URLs from the public address (X-Forwarded-Proto, or a configured base URL).
    """
    if _is_plain(exchange.request.url):
        yield Inapplicable("served without TLS in this run")
    elif _is_plain(next_link(exchange) or ""):
        yield header_problem(exchange, "Link", "an https URL")


EXCLUDED = (
    excluded(
        "the certificate is valid",
        "pull-https-only",
        Reason.NOT_OBSERVABLE,
        "a certificate that is not trusted ends the run before any verdict, with exit code 3 and what to do",
    ),
)


@requirement(
    MUST,
    OCPI["transport_and_format 4.1.7"],
    row="pull-response-is-json",
    since=SINCE,
    binds=Binds.SERVER,
    when=both(answered_ok, lambda exchange: bool(response_of(exchange).body.raw.strip())),
    broken_by=[
        with_header("Content-Type", "text/html; charset=utf-8").on(locations_page),
        without_header("Content-Type").on(single),
        with_header("Content-Type", "application/json; charset=iso-8859-1").on(locations_page),
    ],
    kept_by=[
        with_header("Content-Type", "application/json; charset=utf-8"),
        with_header("Content-Type", 'Application/JSON;charset="UTF-8"'),
        with_header("Content-Type", "application/json"),
    ],
)
def answers_are_of_type_json(exchange: HttpExchange) -> Problems:
    """An answer says that it is application/json.

    Why: a client that goes by the type refuses anything else, or guesses its characters wrongly.
    Fix: set Content-Type to application/json; a charset parameter may only be utf-8.
    """
    value = response_of(exchange).headers.get("content-type") or ""
    kind, _, rest = value.partition(";")
    parameters = [parameter.strip().lower().replace(" ", "") for parameter in rest.split(";") if parameter.strip()]
    charsets = [one.partition("=")[2].strip('"') for one in parameters if one.startswith("charset=")]
    if kind.strip().lower() != "application/json" or any(charset not in ("utf-8", "utf8") for charset in charsets):
        yield header_problem(exchange, "Content-Type", "application/json")


@requirement(
    MUST,
    OCPI["transport_and_format 4.1.7"],
    row="pull-response-is-json",
    since=SINCE,
    binds=Binds.SERVER,
    when=both(answered_ok, lambda exchange: bool(response_of(exchange).body.raw.strip())),
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
def answers_are_strict_json(exchange: HttpExchange) -> Problems:
    """An answer is JSON that a strict reader takes, in UTF-8.

    Why: NaN, a byte order mark, a trailing comma or another encoding make many readers give up on the whole page.
    Fix: let a JSON library write the body, as UTF-8, and map numbers that JSON cannot say to an absent member.
    """
    for fault in response_of(exchange).body.faults:
        if not fault.startswith("duplicate key"):
            yield Problem("response.body:", "strict JSON in UTF-8", fault)


@requirement(
    MUST,
    OCPI["transport_and_format 4.1.7"],
    row="pull-envelope-keys",
    since=SINCE,
    binds=Binds.SERVER,
    broken_by=[with_body("[]").on(locations_page), with_body('"ok"').on(single), with_body("null").on(single)],
    kept_by=[with_field("/x_trace", {"id": 1}).on(locations_page)],
)
def envelope_is_an_object() -> None:
    """Every answer is one JSON object, the OCPI envelope.

    Why: a bare list leaves no place for the status code, by which success and failure are told apart.
    Fix: wrap the result: status_code, timestamp and, where there is a result, data.
    """


@requirement(
    MUST,
    OCPI["transport_and_format 4.1.7, status_codes 5.1"],
    row="pull-envelope-keys",
    since=SINCE,
    binds=Binds.SERVER,
    broken_by=[
        without_field("/status_code").on(locations_page),
        with_field("/status_code", 200).on(locations_page),
        with_field("/status_code", "1000").on(single),
        with_field("/status_code", 1000.5).on(single),
        with_field("/status_code", None).on(single),
    ],
    kept_by=[
        with_bytes_replaced('"status_code":1000', '"status_code":1000.0').on(locations_page),
        with_bytes_replaced('"status_code":1000', '"status_code":1e3').on(single),
        with_field("/status_code", 1999).on(single),
    ],
)
def envelope_has_a_status_code() -> None:
    """The envelope carries an OCPI status code: a whole number of four digits, 1000 to 4999.

    Why: the puller decides by it whether the page counts; an HTTP status in its place means nothing to OCPI.
    Fix: 1000 for success, 2xxx for a client's error, 3xxx for the server's own.
    """


@requirement(
    MUST,
    OCPI["transport_and_format 4.1.7, types 16.2"],
    row="pull-envelope-keys",
    since=SINCE,
    binds=Binds.SERVER,
    when=answered_json,
    broken_by=[
        without_field("/timestamp"),
        with_field("/timestamp", "yesterday"),
        with_field("/timestamp", "2026-06-01T10:00:05+02:00"),
        with_field("/timestamp", "2026-06-01T08:00:05+00:00"),
        with_field("/timestamp", "2026-02-30T08:00:05Z"),
        with_field("/timestamp", "2026-06-01 08:00:05Z"),
        with_field("/timestamp", 1780000000),
    ],
    kept_by=[
        with_field("/timestamp", "2026-06-01T08:00:05Z"),
        with_field("/timestamp", "2026-06-01T08:00:05"),
        with_field("/timestamp", "2026-06-01T08:00:05.1234Z"),
        with_field("/timestamp", "2028-02-29T23:59:59Z"),
    ],
)
def envelope_is_timestamped(exchange: HttpExchange) -> Problems:
    """The envelope says when the answer was made, in UTC.

    Why: without it the puller cannot tell an old answer from a new one.
    Fix: fill it from the server's clock at the moment of answering, written like 2026-06-01T08:00:05Z.
    """
    body = response_of(exchange).body
    if isinstance(body.at("/timestamp"), str):  # absent or of another type: the document's own error says it
        yield from date_time_at(body, "/timestamp")


@requirement(
    SHOULD,
    OCPI["transport_and_format 4.1.7"],
    basis=Basis.ASSUMED,
    row="pull-envelope-keys",
    since=SINCE,
    binds=Binds.SERVER,
    when=both(answered_json, lambda exchange: _stamp(exchange) is not None),
    broken_by=[with_field("/timestamp", "2019-06-01T08:00:05Z"), with_field("/timestamp", "2031-06-01T08:00:05Z")],
    kept_by=[],
)
def envelope_clock_is_right(exchange: HttpExchange) -> Problems:
    """The envelope's timestamp is within five minutes of the moment of answering.

    Why: a stamp that is hours off is local time written as UTC, a cached answer, or a clock that nobody sets.
    Fix: synchronise the clock (NTP); write UTC, not local time; do not cache answers whole.
    """
    stamp = instant(_stamp(exchange) or "")
    if stamp is None:
        return
    early, late = (exchange.sent - stamp).total_seconds(), (stamp - exchange.received).total_seconds()
    if max(early, late) > 300:
        moment = exchange.received.isoformat(timespec="seconds").replace("+00:00", "Z")
        yield body_problem(response_of(exchange).body, "/timestamp", f"within 5 minutes of {moment}")


def _stamp(exchange: HttpExchange) -> str | None:
    value = response_of(exchange).body.at("/timestamp")
    return value if isinstance(value, str) and instant(value) is not None else None


@requirement(
    MUST,
    OCPI["status_codes 5.1"],
    row="pull-envelope-keys",
    since=SINCE,
    binds=Binds.SERVER,
    when=both(answered_json, lambda exchange: _has_objects(exchange)),
    broken_by=[with_field("/status_code", 3000).on(locations_page), with_field("/status_code", 2000).on(single)],
    kept_by=[with_field("/status_code", 1042).on(locations_page)],
)
def objects_come_with_a_success_code(exchange: HttpExchange) -> Problems:
    """An answer that carries objects has a status code of the success range, 1000 to 1999.

    Why: the puller drops a page whose code speaks of an error, whatever lies in data.
    Fix: send 1000 with objects; send the error code with no objects.
    """
    body = response_of(exchange).body
    code = as_whole_number(body.at("/status_code"))
    if code is not None and 2000 <= code <= 4999:
        yield body_problem(body, "/status_code", "1000 to 1999, since objects are returned")


def _has_objects(exchange: HttpExchange) -> bool:
    data = response_of(exchange).body.at("/data")
    return bool(listed(exchange)) or (isinstance(data, dict) and "id" in data)


@requirement(
    MUST,
    OCPI["transport_and_format 4.1.7, mod_locations 8.2.1.1"],
    row="pull-data-shape",
    since=SINCE,
    binds=Binds.SERVER,
    broken_by=[
        with_field("/data", None).on(locations_page),
        without_field("/data").on(locations_page),
        with_field("/data", {"locations": []}).on(locations_page),
        with_field("/data", {}).on(both(answered_ok, operation("getTariffs"))),
    ],
    kept_by=[with_field("/data", []).on(locations_page)],
)
def list_data_is_an_array() -> None:
    """The data of a list is an array, also when nothing is in it.

    Why: readers map the page to a list; null or an object stops the whole pull.
    Fix: answer [] for an empty page.
    """


@requirement(
    MUST,
    OCPI["mod_locations 8.2.1.1"],
    row="pull-data-shape",
    since=SINCE,
    binds=Binds.SERVER,
    asked_by=["ocpi-2.2.1/read-single-locations"],
    broken_by=[
        with_field("/data", [{"id": "LOC-1"}]).on(single),
        with_field("/data", None).on(single),
        without_field("/data").on(single),
    ],
    kept_by=[with_field("/data/x_note", None).on(single)],
)
def single_data_is_an_object() -> None:
    """The data of a single location is that one object.

    Why: a list of one is a different type; readers refuse it.
    Fix: answer the object itself; no array around it.
    """


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
    Fix: this binds the puller, here the harness itself: please report it.
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
    Fix: this binds the puller, here the harness itself: please report it.
    """
    seen: set[str] = set()
    for exchange in transcript.exchanges:
        request_id = exchange.request.headers.get("X-Request-ID")
        if request_id is not None and request_id in seen:
            yield Problem("request.header:x-request-id", "a new id", "an id of an earlier request", exchange.id)
        seen.add(request_id or "")
