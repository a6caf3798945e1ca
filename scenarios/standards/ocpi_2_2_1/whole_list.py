"""OCPI 2.2.1, paged lists: all pages together are the list, whatever the size of a page; then they end."""

from datetime import timedelta
from functools import partial
from typing import Any

from harness.judge.vocabulary import shown
from harness.model.crawl import Crawl, Crawls, Page
from harness.model.edit import with_header, without_header
from harness.model.requirement import MUST, SHOULD, Binds, Problems, requirement
from harness.model.scenario import Steps, scenario
from harness.model.world import World
from harness.standards.ocpi_2_2_1 import OCPI
from harness.standards.ocpi_2_2_1.drift import (
    Bracket,
    Name,
    asked,
    barren_at_the_end,
    bracket,
    bracketed,
    cut_off,
    date_of,
    distinct,
    far_beyond,
    is_full,
    misplaced,
    placed,
    stamp_of,
    starts,
    stated,
)
from scenarios.standards.ocpi_2_2_1.conversation import BARREN_PAGES, LISTS, crawl
from scenarios.standards.ocpi_2_2_1.page_edits import (
    linked_to_itself,
    page_of,
    pages_of,
    repeated_over_pages,
    with_a_new_object,
    with_objects,
    without_end,
)

clause = partial(
    requirement,
    since="2026.12",
    binds=Binds.SERVER,
    asked_by=("ocpi-2.2.1/crawl-locations", "ocpi-2.2.1/crawl-tariffs", "ocpi-2.2.1/crawl-again"),
)
PAGING = OCPI["transport_and_format 4.1.4.1"]


@scenario
def crawl_again(world: World) -> Steps:
    """The puller walks all pages of both lists a second time."""
    for path in LISTS:
        yield from crawl(world, path, "again")


def _can_be_judged(crawls: Crawls) -> bool:
    return any(True for _ in bracketed(crawls))


def _ends_can_be_judged(crawls: Crawls) -> bool:
    return any(True for _ in bracketed(crawls, short_too=True))


def _sizes(crawl: Crawl, page: Page, held: Bracket) -> tuple[int, int]:
    """How many objects the whole answer has: as walking the list has shown, and as the page says (where it does)."""
    start, end = date_of(crawl, "date_from"), date_of(crawl, "date_to")
    walked = held.size if start is end is None else len(held.within(start, end))
    told = stated(page, "X-Total-Count")
    return walked, walked if told is None else told


@clause(
    MUST,
    PAGING,
    row="paging-link-until-last-page",
    when=_ends_can_be_judged,
    broken_by=[
        without_header("Link").on(page_of("Location", "all", 2)),
        without_header("Link").on(pages_of("Tariff", "limit 1")),
        with_header("Link", '<https://cpo.example/first>; rel="first"').on(pages_of("Location", "again")),
    ],
    kept_by=[with_header("X-Total-Count", "5").on(page_of("Location", "all", 2))],
)
def link_is_given_while_more_follows(crawls: Crawls) -> Problems:
    """Every page that is not the last one has a Link to the next.

    Why: without it the puller takes the page for the last one, and drops all that follows from its data.
    Fix: add Link with rel="next" as long as offset plus the objects on the page are below the total.
    """
    for one, held in bracketed(crawls, short_too=True):
        dated = bool({"date_from", "date_to"} & asked(one).keys())
        for page, position in starts(one):
            total = (min if dated else max)(_sizes(one, page, held))
            seen = position + (page.count or 0)
            may_go_on = not page.following and (page is one.pages[0] or is_full(page))
            if may_go_on and page.count and seen < total - held.moved:
                expected = f"a next page: {seen} of {total} objects have come"
                yield one.problem(page, "response.header:link", expected, shown(page.headers.get("link")))


@clause(
    MUST,
    PAGING,
    row="paging-link-until-last-page",
    when=_can_be_judged,
    broken_by=[
        with_header("Link", '<https://cpo.example/on>; rel="next"').on(pages_of("Tariff", "limit 20")),
        with_header("Link", '<https://cpo.example/on>; rel="next"').on(pages_of("Location", "offset 74")),
        with_header("Link", "").on(pages_of("Tariff", "again")),
        with_header("Link", '<https://cpo.example/on>; rel="next"').on(pages_of("Location", "from after")),
    ],
    kept_by=[with_header("Link", '<https://cpo.example/first>; rel="first"').on(pages_of("Tariff", "all"))],
)
def last_page_has_no_link(crawls: Crawls) -> Problems:
    """The last page has no Link to a next one, and no empty Link.

    Why: the puller goes on as long as there is a Link; it would read empty pages, or the list again, without end.
    Fix: leave the header out on the page that holds the last object.
    """
    for one, held in bracketed(crawls):
        for page, position in starts(one):
            total, seen = max(_sizes(one, page, held)) + held.moved, position + (page.count or 0)
            if "" in page.headers.all("link"):
                yield one.problem(page, "response.header:link", "a link, or no such header", "an empty value")
            elif page.following and page.count == 0:
                expected = "no next page after an empty one"
                yield one.problem(page, "response.header:link", expected, shown(page.following[0]))
            elif page.following and seen >= total:
                expected = f"no next page: all {total} objects have come"
                yield one.problem(page, "response.header:link", expected, shown(page.following[0]))


@clause(
    MUST,
    PAGING,
    row="paging-complete-crawl",
    broken_by=[
        linked_to_itself(pages_of("Location", "all")),
        linked_to_itself(pages_of("Tariff", "limit 2")),
        without_end(pages_of("Location", "all"), "20"),
    ],
    when=lambda crawls: bool(crawls.crawls),
    kept_by=[with_header("Link", '<https://cpo.example/on>; rel="next"').on(pages_of("Tariff", "all"))],
)
def crawl_comes_to_an_end(crawls: Crawls) -> Problems:
    """No Link leads back to a page that was read, and pages do not go on without bringing anything new, or far beyond
    X-Total-Count.

    Why: the puller would read the same pages for ever.
    Fix: move on by at least one object with each page, and stop after the last.
    """
    for one in crawls.crawls:
        read: set[str] = set()
        for page in one.pages:
            read.add(page.url)
            if read & set(page.following):
                yield one.problem(page, "response.header:link", "a page not read yet", shown(page.following[0]))
            read.update(page.following)
        barren, total = barren_at_the_end(one), far_beyond(one)
        why = f"{barren} pages in a row brought nothing new" if barren >= BARREN_PAGES else ""
        why = f"{distinct(one)} objects came, X-Total-Count says {total}" if total else why
        if why and one.pages[-1].following:
            told = f"{why}, and there is a Link"
            yield one.problem(one.pages[-1], "response.header:link", "an end of the list", told)


@clause(
    MUST,
    PAGING,
    row="paging-complete-crawl",
    when=_can_be_judged,
    broken_by=[
        repeated_over_pages("pages overlap by one object", pages_of("Location", "all")),
        repeated_over_pages("pages overlap by one object", pages_of("Tariff", "limit 7")),
    ],
    kept_by=[
        repeated_over_pages(
            "an object that changed meanwhile comes again",
            pages_of("Location", "all"),
            last_updated="2026-06-01T08:00:05Z",
        )
    ],
)
def no_object_comes_on_two_pages(crawls: Crawls) -> Problems:
    """No object comes on two pages of one crawl, unless it changed meanwhile.

    Why: pages that overlap also have gaps; and the puller cannot tell which of the two counts.
    Fix: sort by something that does not change between requests, with the id as last criterion.
    """
    for one, held in bracketed(crawls):
        first: dict[Name, Any] = {}
        again = []
        for entry, name, _ in placed(one):
            known = first.setdefault(name, entry)
            if known.exchange != entry.exchange and stamp_of(known) == stamp_of(entry):
                again.append((entry, known))
        for entry, known in again if len(again) > held.moved else ():
            yield entry.problem(
                "an object that was on no earlier page", f"the same as {known.exchange} {known.pointer}"
            )


def _with_a_limit(crawls: Crawls) -> bool:
    return any(one.label.startswith("limit ") for one, _ in bracketed(crawls))


@clause(
    MUST,
    PAGING,
    row="paging-complete-crawl",
    asked_by=["ocpi-2.2.1/page-in-other-ways"],
    when=_with_a_limit,
    broken_by=[
        with_objects("the first object left out", lambda listed: listed[1:]).on(page_of("Tariff", "limit 1", 1)),
        with_objects("the last object left out", lambda listed: listed[:-1]).on(page_of("Tariff", "limit 2", 2)),
        with_objects("the first object left out", lambda listed: listed[1:]).on(page_of("Location", "limit 7", 7)),
        with_objects("the first object left out", lambda listed: listed[1:]).on(page_of("Location", "limit 20", 7)),
        with_objects("the last object left out", lambda listed: listed[:-1]).on(page_of("Location", "limit 40", 7)),
    ],
    kept_by=[with_objects("back to front", lambda listed: listed[::-1]).on(page_of("Tariff", "limit 7", 7))],
)
def every_limit_gives_the_same_objects(crawls: Crawls) -> Problems:
    """The list is the same whatever the limit: all its objects, none left out between two pages.

    Why: what is in none of the pages is no longer valid; a gap takes a charge point off the map.
    Fix: go on where the page ended, by the number of objects that it really held, also where your maximum is smaller.
    """
    for one, held in bracketed(crawls):
        if not one.label.startswith("limit ") or any(page.count is None for page in one.pages):
            continue
        if one.complete and "offset" not in asked(one):
            yield from _left_out(one, held)
        else:
            yield from _out_of_place(one, held)


def _left_out(one: Crawl, held: Bracket) -> Problems:
    missing = held.stable.keys() - {name for _, name, _ in placed(one)}
    if len(missing) > held.moved and not cut_off(one):
        told = ", ".join(sorted(name for _, name in missing)[:3])
        page = _page_with_the_gap(one, held, min(missing, key=lambda name: held.positions[name]))
        yield one.problem(page, "response.body:/data", f"all {held.size} objects", f"{len(missing)} left out: {told}")


def _page_with_the_gap(one: Crawl, held: Bracket, missing: Name) -> Page:
    """The page on which an object that is left out should have been: of those around its position, the shortest."""
    place = held.positions[missing][0]
    around = [page for page, begin in starts(one) if begin <= place <= begin + (page.count or 0)]
    return min(around or one.pages, key=lambda page: page.count or 0)


def _out_of_place(one: Crawl, held: Bracket) -> Problems:
    """A sample: its pages must hold what stands at their positions."""
    for entry, place, (first, _) in misplaced(one, held):
        yield entry.problem(f"the object at position {place} of the list", f"the one at position {first}")
        return


@clause(
    SHOULD,
    PAGING,
    row="paging-stable-order",
    when=_can_be_judged,
    broken_by=[
        with_objects("back to front", lambda listed: listed[::-1]).on(page_of("Location", "again", 2)),
        with_objects("back to front", lambda listed: listed[::-1]).on(page_of("Tariff", "again", 2)),
        with_a_new_object("a new object at the front", 0, page_of("Tariff", "again", 2)),
    ],
    kept_by=[with_a_new_object("a new object at the end", None, page_of("Tariff", "again", 2))],
)
def order_stays_the_same(crawls: Crawls) -> Problems:
    """Two crawls give the objects in the same order; what is new comes after all that was there.

    Why: pages are cut out of that order; where it changes between two requests, objects fall through.
    Fix: sort by the moment at which an object was made, oldest first, and by id.
    """
    for held in filter(None, (bracket(crawls, schema) for schema in LISTS.values())):
        before = [name for _, name, _ in placed(held.before) if name in held.stable]
        known = {name for _, name, _ in placed(held.before)}
        expected = iter(before)
        ahead = {name: index for index, name in enumerate(before)}
        left = len(before)
        for entry, name, _ in placed(held.after):
            if name in held.stable:
                left -= 1
                wanted = next(expected, None)
                if name != wanted:
                    told = f"{entry.kept.id}, which stood at {ahead[name]} among those that did not change"
                    yield entry.problem(f"{wanted[1] if wanted else 'no further object'}, as before", told)
                    break
            elif name not in known and left and _is_new(entry, held):
                yield entry.problem("new objects after all others", f"{entry.kept.id} before {left} of them")


def _is_new(entry: Any, held: Bracket) -> bool:
    stamp = stamp_of(entry)
    return stamp is not None and stamp > held.before.pages[0].received - timedelta(seconds=1)
