"""OCPI 2.2.1, paged lists: the Link header that leads from page to page."""

import ipaddress
from functools import partial
from urllib.parse import parse_qsl, urlsplit

from harness.judge.vocabulary import answered, asked_properly, both, header_problem, links
from harness.model.address import is_absolute, is_loopback
from harness.model.crawl import Crawls
from harness.model.edit import with_body, with_header, with_status
from harness.model.exchange import HttpExchange
from harness.model.requirement import MUST, Binds, Problems, requirement
from harness.model.verdict import Inapplicable
from harness.standards.ocpi_2_2_1 import OCPI
from harness.standards.ocpi_2_2_1.drift import parameters
from scenarios.standards.ocpi_2_2_1.page_edits import pages_of

CRAWLED = ("ocpi-2.2.1/crawl-locations", "ocpi-2.2.1/crawl-tariffs", "ocpi-2.2.1/page-in-other-ways")
clause = partial(requirement, since="2026.12", binds=Binds.SERVER, asked_by=CRAWLED)
PAGING = OCPI["transport_and_format 4.1.4.1"]
NO_VALUES = frozenset({"none", "null", "nil", "nan", "undefined", "[object object]"})


def _leads_on(exchange: HttpExchange) -> bool:
    return answered(exchange) and bool(links(exchange, "next"))


a_page_that_leads_on = both(asked_properly, _leads_on)


def next_page(target: str) -> str:
    """A Link header that names this as the next page."""
    return f'<{target}>; rel="next"'


@clause(
    MUST,
    PAGING,
    row="paging-link-followable",
    when=a_page_that_leads_on,
    broken_by=[
        with_header("Link", next_page("/ocpi/2.2.1/locations?offset=50&limit=50")),
        with_header("Link", next_page("?offset=50")),
        with_header("Link", next_page("cpo.example/ocpi/2.2.1/locations?offset=50")),
        with_header("Link", next_page("")),
    ],
    kept_by=[with_header("Link", next_page("HTTPS://CPO.example:443/ocpi/2.2.1/locations?offset=50"))],
)
def link_is_absolute(exchange: HttpExchange) -> Problems:
    """The Link to the next page is an absolute URL.

    Why: the puller takes it as it is; a path alone leads nowhere.
    Fix: build it from the public address of your list, scheme and host included.
    """
    for target in links(exchange, "next"):
        if not is_absolute(target) or not _host(target):
            yield header_problem(exchange, "Link", "an absolute http or https URL")


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # no URL at all, such as http://[x
        return ""


@clause(
    MUST,
    PAGING,
    row="paging-link-followable",
    when=a_page_that_leads_on,
    broken_by=[
        with_header("Link", next_page("https://10.0.3.17:8443/ocpi/2.2.1/locations?offset=50")),
        with_header("Link", next_page("http://localhost:8080/ocpi/2.2.1/locations?offset=50")),
        with_header("Link", next_page("http://cpo-backend/ocpi/2.2.1/locations?offset=50")),
        with_header("Link", next_page("https://ocpi.cpo.svc.cluster.local/ocpi/2.2.1/locations?offset=50")),
    ],
    kept_by=[with_header("Link", next_page("https://ocpi.cpo.example/ocpi/2.2.1/locations?offset=50"))],
)
def link_leads_to_no_internal_host(exchange: HttpExchange) -> Problems:
    """The Link of a server that is reached at a public address leads to a public address.

    Why: behind a proxy a server often knows itself only by an internal name, which nobody outside can reach.
    Fix: set the server's public address, or pass on the Host that the puller asked (X-Forwarded-Host).
    """
    if _is_internal(_host(exchange.request.url)):
        yield Inapplicable("the subject itself was reached at an internal address")
        return
    for target in links(exchange, "next"):
        host = _host(target)
        if host and _is_internal(host):
            yield header_problem(exchange, "Link", f"a host that can be reached like {_host(exchange.request.url)}")


def _is_internal(host: str) -> bool:
    """A name or an address that means nothing on the internet."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        name = host.lower().rstrip(".")
        return is_loopback(name) or "." not in name or name.endswith((".local", ".internal", ".lan", ".localdomain"))


@clause(
    MUST,
    PAGING,
    row="paging-link-followable",
    when=a_page_that_leads_on,
    broken_by=[
        with_header("Link", next_page("https://cpo.example/ocpi/2.2.1/locations?date_from=None&offset=50")),
        with_header("Link", next_page("https://cpo.example/ocpi/2.2.1/locations?offset=50&limit=undefined")),
        with_header("Link", next_page("https://cpo.example/ocpi/2.2.1/locations?offset=NaN")),
    ],
    kept_by=[with_header("Link", next_page("https://cpo.example/ocpi/2.2.1/locations?cursor=bm9uZQ%3D%3D&none=1"))],
)
def link_has_no_parameters_without_value(exchange: HttpExchange) -> Problems:
    """No parameter of the Link is the name that a programming language has for nothing.

    Why: date_from=None is no date; the next page is an error, or another list.
    Fix: leave parameters out of the Link that the request did not have.
    """
    for target in links(exchange, "next"):
        given = parse_qsl(target.partition("?")[2], keep_blank_values=True)
        wrong = [name for name, value in given if value.lower() in NO_VALUES]
        if wrong:
            yield header_problem(exchange, "Link", f"a value for {wrong[0]}, or the parameter left out")


def _is_followed(exchange: HttpExchange) -> bool:
    """A page of a crawl that a Link led to: the second or later of the locations."""
    return pages_of("Location", "all")(exchange) and "offset" in parameters(exchange.request.url)


def _pages_after_a_link(crawls: Crawls) -> bool:
    return any(len(one.pages) > 1 and one.pages[0].count is not None for one in crawls.crawls)


@clause(
    MUST,
    PAGING,
    row="paging-link-followable",
    when=_pages_after_a_link,
    broken_by=[
        with_status(404).on(_is_followed),
        with_status(500).on(_is_followed),
        with_body('{"status_code":2001,"timestamp":"2026-06-01T08:00:05Z"}').on(_is_followed),
    ],
    kept_by=[with_status(503).on(_is_followed)],
)
def link_leads_to_a_page(crawls: Crawls) -> Problems:
    """The page that a Link leads to is served: 200, with a list of objects.

    Why: the puller has nothing but the Link; where it does not lead on, all that follows is lost.
    Fix: read the parameters of your own Link as you write them, and let the same token open every page.
    """
    for one in crawls.crawls:
        for page in one.pages[1:] if one.pages[0].count is not None else ():
            if page.status == 200 and page.count is None:
                yield one.problem(page, "response.body:/data", "a list of objects", "none")
            elif page.status not in (None, 200, 408, 429, 502, 503, 504):  # those speak of the moment
                yield one.problem(page, "response.status", "200", str(page.status))
