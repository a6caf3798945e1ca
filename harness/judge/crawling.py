"""Gathers crawls from evidence as it passes: pages and what is kept of their objects."""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import isnan, nan
from typing import Any

from harness.judge.vocabulary import links
from harness.model.crawl import CRAWL_TAG, Crawl, Crawls, Entry, Page
from harness.model.exchange import Headers, HttpExchange, Located
from harness.model.system import DomainObjects

WHOLE = "all"
"""The label of a crawl that reads the whole list, without any filter."""
_NOWHERE = (nan, nan)


@dataclass(frozen=True)
class Visit:
    """What is kept of one page: its crawl (situation and tag), the page, and its entries. `places` holds latitude and
    longitude of each of them, NaN where it has none; nothing where nobody asks."""

    crawl: tuple[str, str]
    page: Page
    entries: tuple[Entry, ...]
    places: "array[float]" = field(default_factory=lambda: array("d"))


@dataclass(frozen=True)
class Place:
    """Where an object of a whole list is: whose it is, its id, latitude and longitude in degrees."""

    party: str | None
    id: str
    latitude: float
    longitude: float


def visit_of(exchange: HttpExchange, found: Iterable[tuple[str, Located[Any]]], objects: DomainObjects) -> Visit | None:
    """What to keep of an exchange and the objects found in it; None where it is no page of a crawl."""
    tag = next((tag for tag in exchange.tags if tag.startswith(CRAWL_TAG)), None)
    if tag is None:
        return None
    _, schema, label = tag.split(" ", 2)
    keep, place = objects.kept.get(schema), objects.place.get(schema) if label == WHOLE else None
    entries = tuple(
        Entry(keep(one.value), one.keys, one.party, exchange.id, exchange.situation, one.pointer)
        for name, one in found
        if name == schema and keep is not None
    )
    if place is None or not entries:
        return Visit((exchange.situation, tag), _page(exchange), entries)
    places = array("d", (number for name, one in found if name == schema for number in place(one.value) or _NOWHERE))
    return Visit((exchange.situation, tag), _page(exchange), entries, places)


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

    def places(self, schema: str) -> Iterator[Place]:
        """Where the objects of the whole list are, each of them once; those without an id or a place are left out."""
        told: set[tuple[str | None, str]] = set()
        for visit in self.visits:
            if not visit.places or visit.crawl[1].split(" ", 2)[1] != schema:
                continue
            for entry, latitude, longitude in zip(visit.entries, visit.places[::2], visit.places[1::2], strict=True):
                name = next(iter(entry.keys.values()), None)
                if name is None or isnan(latitude) or (entry.party, name) in told:
                    continue
                told.add((entry.party, name))
                yield Place(entry.party, name, latitude, longitude)


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
