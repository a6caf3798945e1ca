"""NDW, pull: the endpoints that a charge point operator must have, and that the token is all it takes."""

from harness.judge.vocabulary import (
    as_whole_number,
    asked_properly,
    body_problem,
    both,
    operation,
    response_of,
    status_problem,
    tagged,
)
from harness.model.edit import with_body, with_field, with_status
from harness.model.exchange import HttpExchange
from harness.model.requirement import MUST, Binds, Problems, requirement
from harness.model.verdict import Problem
from scenarios.ndw import NDW

SINCE = "2026.12"


def not_refused(exchange: HttpExchange) -> bool:
    """The token was not what it failed on: that is `given_token_is_all_it_takes`."""
    return response_of(exchange).status not in (401, 403)


def further_page(exchange: HttpExchange) -> bool:
    """Not the first page of a list: its address came from a Link."""
    return "?" in exchange.request.url


def _served(exchange: HttpExchange, what: str) -> Problems:
    response = response_of(exchange)
    if response.status != 200:
        yield status_problem(exchange, "200")
    elif not response.body.raw.strip():
        yield Problem("response.body:", f"{what} in an OCPI envelope", "an empty body")
    else:
        code = as_whole_number(response.body.at("/status_code"))
        if code is not None and 2000 <= code <= 4999:
            yield body_problem(response.body, "/status_code", f"1000, and {what}")


@requirement(
    MUST,
    NDW["Pull - Locations"],
    row="pull-locations-list-endpoint",
    since=SINCE,
    binds=Binds.SERVER,
    when=both(asked_properly, tagged("whole list"), operation("getLocations"), not_refused),
    asked_by=["ocpi-2.2.1/crawl-locations"],
    broken_by=[
        with_status(404),
        with_status(405),
        with_status(500).on(further_page),
        with_body("").on(further_page),
        with_field("/status_code", 3000),
    ],
    kept_by=[with_field("/data", []), with_field("/status_code", 1001)],
)
def location_list_is_served(exchange: HttpExchange) -> Problems:
    """GET on the location list gives the list.

    Why: NDW fetches the complete set of locations once a day; what it does not get, it drops.
    Fix: serve GET {base}/locations; if yours lies elsewhere, set locations_url in harness.toml.
    """
    yield from _served(exchange, "the list of locations")


@requirement(
    MUST,
    NDW["Pull - Locations"],
    row="pull-location-single-endpoint",
    since=SINCE,
    binds=Binds.SERVER,
    when=both(asked_properly, tagged("single"), not_refused),
    asked_by=["ocpi-2.2.1/read-single-locations"],
    broken_by=[with_status(404), with_status(405), with_body(""), with_field("/status_code", 2003)],
    kept_by=[with_field("/status_code", 1001)],
)
def single_location_is_served(exchange: HttpExchange) -> Problems:
    """GET on the list's address with the id of a listed location gives that location.

    Why: NDW reads the latest state of one object this way.
    Fix: serve GET {base}/locations/{location_id} for every id that the list shows, percent-decoded.
    """
    yield from _served(exchange, "the location")


@requirement(
    MUST,
    NDW["Pull - Tariffs"],
    row="pull-tariffs-list-endpoint",
    since=SINCE,
    binds=Binds.SERVER,
    when=both(asked_properly, tagged("whole list"), operation("getTariffs"), not_refused),
    asked_by=["ocpi-2.2.1/crawl-tariffs"],
    broken_by=[with_status(404), with_status(405), with_body(""), with_field("/status_code", 3000)],
    kept_by=[with_field("/data", []), with_field("/status_code", 1001)],
)
def tariff_list_is_served(exchange: HttpExchange) -> Problems:
    """GET on the tariff list gives the list.

    Why: NDW fetches the complete set of tariffs; without it no ad hoc price can be shown.
    Fix: serve GET {base}/tariffs; if yours lies elsewhere, set tariffs_url in harness.toml.
    """
    yield from _served(exchange, "the list of tariffs")


@requirement(
    MUST,
    NDW["Pull - Authentication"],
    row="pull-no-handshake-needed",
    since=SINCE,
    binds=Binds.SERVER,
    only_where={"pull.auth": "token"},
    when=asked_properly,
    broken_by=[
        with_status(401).on(both(asked_properly, operation("getTariffs"))),
        with_status(403).on(both(asked_properly, tagged("single"))),
    ],
    kept_by=[with_status(404).on(both(asked_properly, tagged("single")))],
)
def given_token_is_all_it_takes(exchange: HttpExchange) -> Problems:
    """The token that was handed over opens every endpoint; no credentials or versions call comes first.

    Why: NDW does not use OCPI's credentials module and will never make that call.
    Fix: give out the token that peers use after a handshake (OCPI's token C), and let it open all endpoints at once.
    """
    if response_of(exchange).status in (401, 403):
        yield status_problem(exchange, "200: the token handed over is enough")
