"""OCPI 2.2.1, paged lists: the Link keeps what the puller asked for."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from harness.judge.vocabulary import instant, shown
from harness.model.crawl import Crawl, Crawls, Page
from harness.model.requirement import SHOULD, Binds, Problems, requirement
from harness.standards.ocpi_2_2_1 import OCPI
from harness.standards.ocpi_2_2_1.drift import asked, date_of, number, parameters, stamp_of, stated
from scenarios.standards.ocpi_2_2_1.page_edits import linked_elsewhere, pages_of

clause = partial(requirement, since="2026.12", binds=Binds.SERVER)
PAGING = OCPI["transport_and_format 4.1.4.1"]
Lost = Callable[[Crawl, Page, Page | None, Mapping[str, str]], bool]


def _steps(crawls: Crawls, name: str) -> Iterator[tuple[Crawl, Page, Page | None]]:
    """Every page of a crawl with this parameter that leads on, with the page that it leads to, where that was read."""
    for one in crawls.crawls:
        if name in asked(one):
            for page, following in zip(one.pages, (*one.pages[1:], None), strict=True):
                if page.following:
                    yield one, page, following if following is not None and following.count is not None else None


def _problems(crawls: Crawls, name: str, lost: Lost) -> Problems:
    for one, page, following in _steps(crawls, name):
        if lost(one, page, following, parameters(page.following[0])):
            wanted = f"{name}={asked(one)[name]}, as in the request, in the Link or in what it stands for"
            yield one.problem(page, "response.header:link", wanted, shown(page.following[0]))


def _leads_on_with(name: str) -> Callable[[Crawls], bool]:
    return lambda crawls: any(True for _ in _steps(crawls, name))


@clause(
    SHOULD,
    PAGING,
    row="paging-link-keeps-filters",
    asked_by=["ocpi-2.2.1/page-in-other-ways"],
    when=_leads_on_with("limit"),
    broken_by=[
        linked_elsewhere("the limit is lost on the way", "limit", None, pages_of("Tariff", "limit 2")),
        linked_elsewhere("the limit grows on the way", "limit", "50", pages_of("Tariff", "limit 7")),
    ],
    kept_by=[
        linked_elsewhere("the limit in other digits", "limit", "02", pages_of("Tariff", "limit 2")),
        linked_elsewhere("a cursor for all parameters", "", "page=x", pages_of("Tariff", "limit 2")),
    ],
)
def link_keeps_the_limit(crawls: Crawls) -> Problems:
    """The Link to the next page keeps the limit of the request.

    Why: the puller asked for as much as it can hold, on every page.
    Fix: put limit into the Link, as it was asked for or lowered to your maximum; a cursor may stand for it.
    """

    def lost(crawl: Crawl, page: Page, following: Page | None, link: Mapping[str, str]) -> bool:
        limit, most = number(asked(crawl)["limit"]), stated(page, "X-Limit")
        if limit is None:
            return False
        if "limit" in link:
            kept = number(link["limit"])
            return kept is None or kept > limit
        if "offset" in link and (most is None or limit <= most):
            return True
        return following is not None and (following.count or 0) > limit

    yield from _problems(crawls, "limit", lost)


def _date_lost(crawls: Crawls, name: str) -> Problems:
    def lost(crawl: Crawl, _page: Page, following: Page | None, link: Mapping[str, str]) -> bool:
        wanted = date_of(crawl, name)
        if name in link or "offset" in link:
            return instant(link.get(name, "")) != wanted
        stamps = [
            stamp_of(one) for one in crawl.entries if following is not None and one.exchange == following.exchange
        ]
        outside = (stamp < wanted if name == "date_from" else stamp >= wanted for stamp in stamps if stamp and wanted)
        return any(outside)

    yield from _problems(crawls, name, lost)


@clause(
    SHOULD,
    PAGING,
    row="paging-link-keeps-filters",
    asked_by=["ocpi-2.2.1/ask-by-dates"],
    when=_leads_on_with("date_from"),
    rests_on=["pull.require_date_filters"],
    only_where={"pull.require_date_filters": True},
    broken_by=[
        linked_elsewhere("date_from is lost on the way", "date_from", None, pages_of("Location", "from in pages")),
        linked_elsewhere("another date_from", "date_from", "2020-01-01T00:00:00Z", pages_of("Tariff", "from in pages")),
    ],
    kept_by=[linked_elsewhere("a cursor for all parameters", "", "page=x", pages_of("Location", "from in pages"))],
)
def link_keeps_date_from(crawls: Crawls) -> Problems:
    """The Link to the next page keeps the date_from of the request.

    Why: without it the second page is one of the whole list: old objects, and others left out.
    Fix: put date_from into the Link, or let your cursor stand for it.
    """
    yield from _date_lost(crawls, "date_from")


@clause(
    SHOULD,
    PAGING,
    row="paging-link-keeps-filters",
    asked_by=["ocpi-2.2.1/ask-by-dates"],
    when=_leads_on_with("date_to"),
    rests_on=["pull.require_date_filters"],
    only_where={"pull.require_date_filters": True},
    broken_by=[
        linked_elsewhere("date_to is lost on the way", "date_to", None, pages_of("Location", "to in pages")),
        linked_elsewhere("another date_to", "date_to", "2030-01-01T00:00:00Z", pages_of("Tariff", "to in pages")),
    ],
    kept_by=[linked_elsewhere("a cursor for all parameters", "", "page=x", pages_of("Location", "to in pages"))],
)
def link_keeps_date_to(crawls: Crawls) -> Problems:
    """The Link to the next page keeps the date_to of the request.

    Why: without it the pages that follow bring objects that were not asked for.
    Fix: put date_to into the Link, or let your cursor stand for it.
    """
    yield from _date_lost(crawls, "date_to")
