"""OCPI 2.2.1, paged lists: what every page states, and that limit and offset do what they say."""

from functools import partial

from harness.judge.vocabulary import (
    answered,
    body_problem,
    both,
    header_problem,
    links,
    listed,
    operation,
    response_of,
    status_problem,
    tagged,
)
from harness.model.crawl import Crawl, Crawls, crawl_tag
from harness.model.edit import with_field, with_header, with_status, without_header
from harness.model.exchange import HttpExchange
from harness.model.requirement import MUST, SHOULD, Basis, Binds, Problems, requirement
from harness.model.scenario import Steps, Turn, cannot_ask, get, note, scenario
from harness.model.verdict import Problem
from harness.model.world import World
from harness.standards.ocpi_2_2_1 import OCPI
from harness.standards.ocpi_2_2_1.drift import asked, bracketed, misplaced, number, parameters, stated
from scenarios.standards.ocpi_2_2_1.conversation import BARREN_PAGES, LISTS, answered_ok, crawl
from scenarios.standards.ocpi_2_2_1.page_edits import edited, page_of, rewritten_pages, with_objects

clause = partial(requirement, since="2026.12", binds=Binds.SERVER, asked_by=("ocpi-2.2.1/page-in-other-ways",))
PAGING = OCPI["transport_and_format 4.1.4.1"]

WHOLE_UP_TO = 60
"""The objects of a list that is crawled whole with every limit."""

SAMPLED_PAGES = 12
"""The most pages that a limit is tried on where the list is larger."""


def _is_list(exchange: HttpExchange) -> bool:
    return isinstance(response_of(exchange).body.at("/data"), list)


a_page = both(answered_ok, operation("getLocations", "getTariffs"), _is_list)


def total_on(page: HttpExchange) -> int:
    """How many objects the list has, as the page says; where it does not, those on it."""
    stated_total = number(page.response.headers.get("x-total-count")) if page.response else None
    return len(listed(page)) if stated_total is None else stated_total


@scenario
def page_in_other_ways(world: World) -> Steps:
    """The puller reads each list from several offsets, and with several limits."""
    for path, schema in LISTS.items():
        first = yield from get(path, auth=world.credential, tags=[crawl_tag(schema, "offset none")])
        total, most = total_on(first), len(listed(first))
        if not most:
            yield from cannot_ask(f"{path}: no object is listed")
            continue
        if total < 2:
            yield from cannot_ask(f"{path}: one object is listed; no offset leads to another")
        for offset in sorted({one for one in (0, 1, total // 2, total - 1) if one < total}):
            query: dict[str, str | int] = {"offset": offset, **({"limit": 2} if offset % 2 else {})}
            yield from get(path, query=query, auth=world.credential, tags=[crawl_tag(schema, f"offset {offset}")])
        most = number(first.response.headers.get("x-limit") if first.response else None) or most
        for limit in dict.fromkeys((1, 2, 7, most, 2 * most)):
            yield from _with_limit(world, path, limit, total, -(-total // min(limit, most)))


def _with_limit(world: World, path: str, limit: int, total: int, pages: int) -> Steps:
    """The whole list with this limit, or, where that takes too many pages, half of them from the start and half of
    them spread over the list."""
    if total <= WHOLE_UP_TO or pages <= SAMPLED_PAGES:
        yield from crawl(world, path, f"limit {limit}", {"limit": limit}, at_most=2 * pages + BARREN_PAGES)
        return
    half = SAMPLED_PAGES // 2
    yield from crawl(world, path, f"limit {limit}", {"limit": limit}, at_most=half)
    offsets = sorted({*(total * part // half for part in range(1, half)), max(0, total - limit)})
    told = ", ".join(map(str, offsets))
    yield from note(f"{path} with limit {limit}: {half} pages from the start, one each at offset {told}; of {total}")
    for offset in offsets:
        tags = [crawl_tag(LISTS[path], f"limit {limit} from {offset}")]
        yield from get(path, query={"limit": limit, "offset": offset}, auth=world.credential, tags=tags)


@scenario(turn=Turn.PROBES)
def ask_past_the_end(world: World) -> Steps:
    """The puller asks for a page that lies past the end of the list."""
    for path in LISTS:
        first = yield from get(path, auth=world.credential)
        if first.response is not None and first.response.status == 200:
            query = {"offset": total_on(first) + 100, "limit": 2}
            yield from get(path, query=query, auth=world.credential, tags=["probe", "past the end"])
        else:
            yield from cannot_ask(f"{path} is not served: nobody knows where it ends")


@clause(
    MUST,
    PAGING,
    row="paging-headers-present",
    when=a_page,
    broken_by=[
        without_header("X-Total-Count"),
        with_header("X-Total-Count", ""),
        with_header("X-Total-Count", "many"),
        with_header("X-Total-Count", "-1"),
        with_header("X-Total-Count", "12.0"),
    ],
    kept_by=[with_header("X-Total-Count", " 0300 "), with_header("x-total-count", "0")],
)
def total_count_is_given(exchange: HttpExchange) -> Problems:
    """Every page says in X-Total-Count how many objects the whole list has.

    Why: the puller sees by it whether it has everything, and that the list changed while it was reading.
    Fix: send X-Total-Count with a whole number on every page, also on the last and on an empty one.
    """
    yield from _whole_number(exchange, "X-Total-Count")


@clause(
    MUST,
    PAGING,
    row="paging-headers-present",
    when=a_page,
    broken_by=[without_header("X-Limit"), with_header("X-Limit", "none"), with_header("X-Limit", "50, 20")],
    kept_by=[with_header("X-Limit", "050"), with_header("x-limit", "100000")],
)
def limit_is_given(exchange: HttpExchange) -> Problems:
    """Every page says in X-Limit how many objects a page of this server can hold.

    Why: the puller learns by it that the server gives less than was asked for.
    Fix: send X-Limit with a whole number on every page.
    """
    yield from _whole_number(exchange, "X-Limit")


def _whole_number(exchange: HttpExchange, name: str) -> Problems:
    values = set(response_of(exchange).headers.all(name))
    if len(values) != 1 or number(values.pop()) is None:
        yield header_problem(exchange, name, "a whole number from 0")


def _pages_with_a_limit_header(crawls: Crawls) -> bool:
    return any(stated(page, "X-Limit") is not None for one in crawls.crawls for page in one.pages)


def _a_short_page(exchange: HttpExchange) -> bool:
    return a_page(exchange) and len(listed(exchange)) == 1 and "limit" not in parameters(exchange.request.url)


@clause(
    MUST,
    PAGING,
    row="paging-headers-present",
    when=_pages_with_a_limit_header,
    broken_by=[
        with_header("X-Limit", "1").on(_a_short_page),
        with_header("X-Limit", "1").on(page_of("Tariff", "all", 2)),
    ],
    kept_by=[
        rewritten_pages(
            "X-Limit is the smaller of limit and maximum",
            "response.header:x-limit",
            lambda exchange: parameters(exchange.request.url).get("limit") == "1",
            lambda pages: [edited(page, with_header("X-Limit", "1")) for page in pages],
        )
    ],
)
def limit_is_not_the_count_of_the_page(crawls: Crawls) -> Problems:
    """X-Limit is the most that a page can hold: also where fewer objects are left, and never less than are on it.

    Why: a puller that takes it for the server's limit would go on in steps of whatever the last page held.
    Fix: fill X-Limit from the configured maximum, not from the length of the page.
    """
    pages = [(one, page, given) for one in crawls.crawls for page in one.pages if (given := stated(page, "X-Limit"))]
    most: dict[tuple[str, str | None], int] = {}
    for one, _, given in pages:
        like = one.schema, asked(one).get("limit")
        most[like] = max(most.get(like, 0), given)
    for one, page, given in pages:
        count = page.count or 0
        at_least = most[one.schema, asked(one).get("limit")] if given == count else count
        if given < at_least:
            yield one.problem(page, "response.header:x-limit", f"{at_least} or more", str(given))


def _has_a_limit(exchange: HttpExchange) -> bool:
    return number(parameters(exchange.request.url).get("limit")) is not None


@clause(
    MUST,
    PAGING,
    row="paging-limit-honoured",
    when=both(a_page, _has_a_limit),
    broken_by=[
        with_objects("every object twice", lambda listed: [*listed, *listed]).on(page_of("Location", "limit 1", 1)),
        with_objects("every object eight times", lambda listed: listed * 8).on(page_of("Tariff", "limit 7", 1)),
    ],
    kept_by=[with_objects("fewer objects", lambda listed: listed[:1])],
)
def limit_is_honoured(exchange: HttpExchange) -> Problems:
    """A page holds no more objects than the request's limit.

    Why: the puller asks for what it can hold; a server that ignores the limit sends the whole list at once.
    Fix: read limit on every list request and cut the page there; less is allowed, more is not.
    """
    limit, count = number(parameters(exchange.request.url).get("limit")), len(response_of(exchange).body.at("/data"))
    if limit is not None and count > limit:
        yield Problem("response.body:/data", f"at most {limit} objects", f"{count} objects")


def at_an_offset(crawl: Crawl) -> bool:
    """The page was asked for to see where it begins."""
    return crawl.label.startswith("offset ") and crawl.pages[0].count is not None


def _offsets_can_be_told(crawls: Crawls) -> bool:
    return any(at_an_offset(one) for one, _ in bracketed(crawls))


@clause(
    MUST,
    PAGING,
    row="paging-offset-honoured",
    when=_offsets_can_be_told,
    broken_by=[
        with_objects("from one object further on", lambda listed: listed[1:]).on(page_of("Location", "offset 1", 2)),
        with_objects("from one object further on", lambda listed: listed[1:]).on(page_of("Tariff", "offset 0", 2)),
        with_objects("from the second object on", lambda listed: listed[1:]).on(page_of("Location", "offset none", 2)),
        with_objects("back to front", lambda listed: listed[::-1]).on(page_of("Location", "offset 1", 2)),
    ],
    kept_by=[with_objects("fewer objects", lambda listed: listed[:1]).on(page_of("Location", "offset 0", 2))],
)
def offset_counts_objects(crawls: Crawls) -> Problems:
    """A page with offset=k begins with object k of the whole list, counted from 0; without offset it begins with the
    first.

    Why: a puller that goes on at an offset misses objects, or reads some twice, where it means anything else.
    Fix: take offset as the number of objects to skip, not as a page number and not counted from 1; default 0.
    """
    for one, held in bracketed(crawls):
        for entry, place, (first, last) in misplaced(one, held) if at_an_offset(one) else ():
            known = str(first) if first == last else f"{first} to {last}"
            yield entry.problem(f"the object at position {place} of the list", f"the one at position {known}")


@clause(
    SHOULD,
    PAGING,
    basis=Basis.ASSUMED,
    row="paging-offset-past-end",
    asked_by=["ocpi-2.2.1/ask-past-the-end"],
    when=both(answered, tagged("past the end")),
    broken_by=[
        with_status(404),
        with_status(400),
        with_field("/data", [{"id": "LOC-1"}]),
        with_header("Link", '<https://cpo.example/next>; rel="next"'),
    ],
    kept_by=[with_field("/status_code", 1001), with_header("Link", '<https://cpo.example/first>; rel="first"')],
)
def offset_past_the_end_gives_an_empty_page(exchange: HttpExchange) -> Problems:
    """An offset past the end of the list gives an empty page: 200, no objects, no Link.

    Why: a list may get shorter while it is read; the puller must then find its end and not an error.
    Fix: answer 200 with [] where offset is beyond the last object.
    """
    response = response_of(exchange)
    if response.status != 200:
        yield status_problem(exchange, "200")
    elif listed(exchange):
        yield body_problem(response.body, "/data", "an empty list")
    if links(exchange, "next"):
        yield header_problem(exchange, "Link", "no next page")
