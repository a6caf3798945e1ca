"""A whole list, read page by page: what is kept of it when the pages themselves are gone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NewType

from harness.model.exchange import Headers
from harness.model.pointer import join
from harness.model.verdict import Problem

CRAWL_TAG = "crawl "
"""Pages of one crawl carry the tag ``crawl <schema> <label>``: ``crawl Location all``."""


def crawl_tag(schema: str, label: str) -> str:
    """The tag of the pages of one crawl; `label` tells the crawls of a situation apart."""
    return f"{CRAWL_TAG}{schema} {label}"


@dataclass(frozen=True)
class Page:
    """One page: the exchange that brought it, its request, and what its header says. `count` is the number of objects
    on it, None where there was no list; `following` the targets of its next links, as they were written; `received` is
    when it came."""

    exchange: str
    url: str
    status: int | None
    headers: Headers
    count: int | None
    following: tuple[str, ...]
    received: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One object on one page: where it stood, how it is named, whose it is, what `DomainObjects.kept` made of it."""

    kept: Any
    keys: Mapping[str, str]
    party: str | None
    exchange: str
    situation: str
    pointer: str

    def problem(self, expected: str, actual: str, *below: str | int) -> Problem:
        """A problem of this object, at the member that `below` leads to."""
        named = {**({"party": self.party} if self.party else {}), **self.keys}
        inside = join(below)
        place = f"response.body:{self.pointer}{inside}"
        return Problem(place, expected, actual, self.exchange, self.situation, named, inside if self.keys else "")


@dataclass(frozen=True)
class Crawl:
    """All pages of one list, in the order in which they were asked for."""

    situation: str
    schema: str
    label: str
    pages: tuple[Page, ...]
    entries: tuple[Entry, ...]

    @property
    def complete(self) -> bool:
        """True where every page came and the last one names no further page."""
        return bool(self.pages) and all(page.count is not None for page in self.pages) and not self.pages[-1].following

    def problem(self, page: Page, where: str, expected: str, actual: str) -> Problem:
        """A problem of one of the pages."""
        return Problem(where, expected, actual, page.exchange, self.situation)


@dataclass(frozen=True)
class Crawls:
    """Every crawl of a run, in the order of the conversation: the evidence of clauses over several objects."""

    crawls: tuple[Crawl, ...]

    def of(self, schema: str, label: str | None = None) -> list[Crawl]:
        """The crawls of this list (and label)."""
        return [one for one in self.crawls if one.schema == schema and label in (None, one.label)]

    def whole(self, schema: str) -> Crawl | None:
        """The first complete crawl of this list, without any filter: label ``all``."""
        return next((one for one in self.of(schema, "all") if one.complete), None)

    @property
    def parties(self) -> tuple[str, ...]:
        """Every owner that an object named."""
        return tuple(sorted({entry.party for one in self.crawls for entry in one.entries if entry.party}))

    def owned_by(self, party: str | None) -> "Crawls":
        """The same crawls with the objects of one party only; its pages stay."""
        return Crawls(
            tuple(
                replace(one, entries=tuple(entry for entry in one.entries if entry.party == party))
                for one in self.crawls
            )
        )


Inventory = NewType("Inventory", Crawls)
"""The crawls of a run for clauses about their objects alone, whatever brought those: pages, or a file."""


@dataclass(frozen=True)
class PartyCrawls:
    """The crawls as one party's data: `mine` holds its objects alone, `everyone` those of all parties."""

    party: str | None
    mine: Crawls
    everyone: Crawls
