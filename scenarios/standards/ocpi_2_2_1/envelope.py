"""OCPI 2.2.1, transport: the envelope around every answer, and the shape of its data."""

from harness.judge.vocabulary import (
    as_whole_number,
    body_problem,
    both,
    date_time_at,
    instant,
    listed,
    response_of,
)
from harness.model.edit import with_body, with_bytes_replaced, with_field, without_field
from harness.model.exchange import HttpExchange
from harness.model.requirement import MUST, SHOULD, Basis, Binds, Problems, requirement
from harness.standards.ocpi_2_2_1 import OCPI
from scenarios.standards.ocpi_2_2_1.conversation import answered_json, locations_page, single

SINCE = "2026.12"


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
    kept_by=[with_field("/timestamp", "2026-06-01T08:04:30Z"), with_field("/timestamp", "2026-06-01T07:56:00.25")],
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
