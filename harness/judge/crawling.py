"""Gathers crawls from evidence as it passes: pages and what is kept of their objects."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from harness.judge.vocabulary import links
from harness.model.crawl import CRAWL_TAG, Crawl, Crawls, Entry, Page
from harness.model.exchange import Headers, HttpExchange, Located
from harness.model.system import DomainObjects


@dataclass(frozen=True)
class Visit:
    """What is kept of one page: its crawl (situation and tag), the page, and its entries."""

    crawl: tuple[str, str]
    page: Page
    entries: tuple[Entry, ...]


def visit_of(exchange: HttpExchange, found: Iterable[tuple[str, Located[Any]]], objects: DomainObjects) -> Visit | None:
    """What to keep of an exchange and the objects found in it; None where it is no page of a crawl."""
    tag = next((tag for tag in exchange.tags if tag.startswith(CRAWL_TAG)), None)
    if tag is None:
        return None
    schema = tag.split(" ")[1]
    keep = objects.kept.get(schema)
    entries = tuple(
        Entry(keep(one.value), one.keys, one.party, exchange.id, exchange.situation, one.pointer)
        for name, one in found
        if name == schema and keep is not None
    )
    return Visit((exchange.situation, tag), _page(exchange), entries)


@dataclass
class Crawler:
    """Puts the visits of a run together. `fed`: they are of files, so their pages say nothing."""

    visits: list[Visit] = field(default_factory=list)
    fed: bool = False

    def crawls(self) -> Crawls:
        """Everything so far, each crawl where its first page came."""
        by_crawl: dict[tuple[str, str], list[Visit]] = {}
        for visit in self.visits:
            by_crawl.setdefault(visit.crawl, []).append(visit)
        return Crawls(tuple(_crawl(situation, tag, visits) for (situation, tag), visits in by_crawl.items()))


def _crawl(situation: str, tag: str, visits: list[Visit]) -> Crawl:
    _, schema, label = tag.split(" ", 2)
    entries = tuple(entry for visit in visits for entry in visit.entries)
    return Crawl(situation, schema, label, tuple(visit.page for visit in visits), entries)


def _page(exchange: HttpExchange) -> Page:
    response = exchange.response
    if response is None:
        return Page(exchange.id, exchange.request.url, None, Headers(), None, (), exchange.received)
    data = response.body.at("/data")
    listed = response.status == 200 and isinstance(data, list)
    return Page(
        exchange.id,
        exchange.request.url,
        response.status,
        response.headers,
        len(data) if listed else None,
        tuple(links(exchange, "next")),
        exchange.received,
    )
