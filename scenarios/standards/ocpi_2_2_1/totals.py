"""OCPI 2.2.1, paged lists: X-Total-Count is the size of the list that was asked for."""

from collections import Counter
from collections.abc import Iterator
from functools import partial

from harness.model.crawl import Crawl, Crawls, Page
from harness.model.edit import with_header
from harness.model.requirement import MUST, Binds, Problems, requirement
from harness.standards.ocpi_2_2_1 import OCPI
from harness.standards.ocpi_2_2_1.drift import Bracket, asked, bracketed, cut_off, distinct, stated
from scenarios.standards.ocpi_2_2_1.page_edits import edited, page_of, pages_of, rewritten_pages

clause = partial(
    requirement,
    since="2026.12",
    binds=Binds.SERVER,
    row="paging-total-equals-union",
    asked_by=("ocpi-2.2.1/crawl-locations", "ocpi-2.2.1/crawl-tariffs", "ocpi-2.2.1/crawl-again"),
)
PAGING = OCPI["transport_and_format 4.1.4.1"]


def _with_totals(crawls: Crawls) -> Iterator[tuple[Crawl, Bracket, list[tuple[Page, int]]]]:
    """Every crawl with the total on each of its pages, where there is one."""
    for one, held in bracketed(crawls, short_too=True):
        totals = [(page, total) for page in one.pages if (total := stated(page, "X-Total-Count")) is not None]
        if totals:
            yield one, held, totals


@clause(
    MUST,
    PAGING,
    when=lambda crawls: any(len(totals) > 1 for _, _, totals in _with_totals(crawls)),
    broken_by=[
        with_header("X-Total-Count", "20").on(page_of("Location", "all", 2)),
        with_header("X-Total-Count", "12").on(pages_of("Tariff", "limit 1")),
        with_header("X-Total-Count", "1").on(pages_of("Location", "from in pages")),
    ],
    kept_by=[with_header("X-Total-Count", "7").on(pages_of("Tariff", "all"))],
)
def total_is_the_same_on_every_page(crawls: Crawls) -> Problems:
    """X-Total-Count is the same on every page of a crawl, as long as nothing changes.

    Why: by a total that moves the puller sees that the list changed, and reads it again.
    Fix: count the objects that match the request without offset and limit, not those on the page or those left.
    """
    for one, held, totals in _with_totals(crawls):
        usual = Counter(total for _, total in totals).most_common(1)[0][0]
        for page, total in totals:
            if abs(total - usual) > held.moved:
                yield one.problem(page, "response.header:x-total-count", f"{usual}, as on other pages", str(total))


def _whole(crawls: Crawls, *, filtered: bool) -> Iterator[tuple[Crawl, Bracket, list[tuple[Page, int]]]]:
    """Those crawls that came to an end, with dates or without."""
    for one, held, totals in _with_totals(crawls):
        if (
            one.complete
            and "offset" not in asked(one)
            and filtered is bool({"date_from", "date_to"} & asked(one).keys())
        ):
            yield one, held, totals


def _off(crawls: Crawls, *, filtered: bool) -> Problems:
    for one, held, totals in _whole(crawls, filtered=filtered):
        usual, size = Counter(total for _, total in totals).most_common(1)[0][0], distinct(one)
        if abs(usual - size) > held.moved and (not cut_off(one) or size == held.size):
            page = next(page for page, total in totals if total == usual)
            yield one.problem(page, "response.header:x-total-count", f"{size}, the objects on all pages", str(usual))


@clause(
    MUST,
    PAGING,
    when=lambda crawls: any(True for _ in _whole(crawls, filtered=False)),
    broken_by=[
        with_header("X-Total-Count", "20").on(pages_of("Tariff", "all")),
        rewritten_pages(
            "the size of the page as total",
            "response.header:x-total-count",
            pages_of("Location", "again"),
            lambda pages: [edited(page, with_header("X-Total-Count", "20")) for page in pages],
        ),
    ],
    kept_by=[with_header("X-Total-Count", "013").on(pages_of("Tariff", "all"))],
)
def total_is_the_number_of_objects(crawls: Crawls) -> Problems:
    """X-Total-Count is the number of objects that all pages together hold.

    Why: the puller tells by it whether it has the whole list before it drops what is not on it.
    Fix: count the objects that this client can see; neither those on the page nor those that you keep to yourself.
    """
    yield from _off(crawls, filtered=False)


@clause(
    MUST,
    PAGING,
    asked_by=["ocpi-2.2.1/ask-by-dates"],
    rests_on=["pull.require_date_filters"],
    only_where={"pull.require_date_filters": True},
    when=lambda crawls: any(True for _ in _whole(crawls, filtered=True)),
    broken_by=[
        with_header("X-Total-Count", "13").on(pages_of("Tariff", "from on")),
        with_header("X-Total-Count", "65").on(pages_of("Location", "to on")),
        with_header("X-Total-Count", "0").on(page_of("Location", "from on", 1)),
    ],
    kept_by=[with_header("X-Total-Count", "05").on(pages_of("Location", "from on"))],
)
def total_counts_what_the_dates_leave(crawls: Crawls) -> Problems:
    """With date_from or date_to, X-Total-Count is the number of objects that they leave.

    Why: the total of the whole list makes the puller wait for objects that it did not ask for.
    Fix: count with the same conditions as the pages are read with.
    """
    yield from _off(crawls, filtered=True)
