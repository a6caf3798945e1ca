"""NDW, pull: the endpoints that an operator must have, that the token is all it takes, and how NDW reads lists."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

from harness.judge.vocabulary import (
    as_whole_number,
    asked_properly,
    body_problem,
    both,
    links,
    operation,
    response_of,
    status_problem,
    tagged,
)
from harness.model.crawl import CRAWL_TAG
from harness.model.edit import Rewrite, with_body, with_field, with_header, with_status
from harness.model.exchange import HttpExchange, Transcript
from harness.model.requirement import MUST, Binds, Problems, Reason, excluded, requirement
from harness.model.verdict import Problem
from harness.standards.ocpi_2_2_1 import OCPI
from scenarios.ndw import NDW

SINCE = "2026.12"
LISTS = ("getLocations", "getTariffs")


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


def _counted_offsets(exchanges: Sequence[HttpExchange]) -> list[HttpExchange]:
    """The conversation with a puller that makes up where the next page begins."""

    def moved(url: str) -> str:
        return re.sub("offset=([0-9]+)", lambda found: f"offset={int(found[1]) + 1}", url)

    return [replace(one, request=replace(one.request, url=moved(one.request.url))) for one in exchanges]


def _steps(transcript: Transcript) -> Iterator[tuple[HttpExchange, Collection[str]]]:
    """Every page after the first of a list, with the addresses in the Links that came before it; none that was only
    asked for once more."""
    known: dict[str, list[str]] = {}
    asked: dict[str, list[str]] = {}
    for exchange in transcript.exchanges:
        url, tag = exchange.request.url, _list_of(exchange)
        if tag is None:
            continue
        if _is_further(exchange, first=tag not in asked) and url not in asked[tag]:
            yield exchange, known.get(tag, [])
        asked.setdefault(tag, []).append(url)
        if exchange.response is not None:
            known.setdefault(tag, []).extend(urljoin(url, target) for target in links(exchange, "next"))


def _list_of(exchange: HttpExchange) -> str | None:
    """The list that is read, in one crawl of ours or by somebody's puller; None where it is none of these."""
    tag = next((one for one in exchange.tags if one.startswith(CRAWL_TAG)), None)
    return tag or (exchange.operation if "served" in exchange.tags and exchange.operation in LISTS else None)


def _is_further(exchange: HttpExchange, *, first: bool) -> bool:
    """Somebody's puller may begin anew, or with filters of its own; a crawl of ours does not."""
    if first or "served" not in exchange.tags:
        return not first
    return any(name == "offset" and value != "0" for name, value in parse_qsl(urlsplit(exchange.request.url).query))


def _address(url: str) -> tuple[object, ...]:
    """The same for every spelling of an address (RFC 3986 6.2): case of scheme and host, the usual port, escapes; a
    fragment is no part of it, and a user name goes nowhere."""
    parts = urlsplit(url)
    usual = {"http": 80, "https": 443}.get(parts.scheme.lower())
    query = parse_qsl(parts.query, keep_blank_values=True)
    return parts.scheme.lower(), parts.hostname, parts.port or usual, unquote(parts.path) or "/", *query


@requirement(
    MUST,
    OCPI["transport_and_format 4.1.4.1"],
    row="ndw-pull-follows-link",
    since=SINCE,
    binds=Binds.CLIENT,
    when=lambda transcript: any(_steps(transcript)),
    asked_by=["ocpi-2.2.1/crawl-locations", "ocpi-2.2.1/crawl-tariffs"],
    broken_by=[Rewrite("a puller that counts offsets", "request.path:", _counted_offsets)],
    kept_by=[with_header("X-Trace", "7").on(further_page)],
)
def further_pages_are_read_by_their_link(transcript: Transcript) -> Problems:
    """Every page after the first is asked for at the address in the Link of the page before it.

    Why: where a page begins is the server's to say; who counts for it reads some objects twice and others never.
    Fix: ask for the address in the Link as it stands; of the harness as a puller, please report it.
    """
    for page, known in _steps(transcript):
        if _address(page.request.url) not in map(_address, known):
            expected = "the address in the Link of the page before"
            yield Problem("request.path:", expected, page.request.url, page.id)


NOT_TESTED = (
    excluded(
        "One object with a fault does not end the pull",
        "ndw-pull-keeps-good-objects",
        Reason.NOT_OBSERVABLE,
        "What a puller keeps goes over no wire. Of this one, tests/harness/cli/test_puller.py looks at it.",
    ),
    excluded(
        "After a complete pull, and only then, what was on no page is dropped",
        "ndw-pull-replaces-all",
        Reason.NOT_OBSERVABLE,
        "What a puller keeps goes over no wire. Of this one, tests/harness/cli/test_puller.py looks at it.",
    ),
)
