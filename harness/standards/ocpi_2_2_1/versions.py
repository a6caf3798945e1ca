"""The same object seen twice in a run: what changed in it, and whether its stamps say so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from harness.model.crawl import Crawl, Crawls, Entry
from harness.model.verdict import Problem
from harness.standards.ocpi_2_2_1.drift import Name, in_words, name_of
from harness.standards.ocpi_2_2_1.traces import ConnectorTrace, EvseTrace, LocationTrace, TariffTrace

Stamped = LocationTrace | TariffTrace | EvseTrace | ConnectorTrace
Below = tuple[str | int, ...]

RACE = timedelta(seconds=2)
"""A stamp of whole seconds cannot tell two changes in one second: one so young when it was read tells nothing."""


@dataclass(frozen=True)
class Step:
    """Two answers in a row that show one object; `read` is when the first of the two came."""

    older: Entry
    newer: Entry
    read: datetime
    crawl: Crawl

    @property
    def changed(self) -> bool:
        """It says something else than before."""
        return any(True for _ in changes(self))

    @property
    def stamps(self) -> tuple[datetime, datetime] | None:
        """Both stamps, where both can be read."""
        older, newer = self.older.kept.stamp, self.newer.kept.stamp
        return (older, newer) if older is not None and newer is not None else None


@dataclass(frozen=True)
class Change:
    """A part of an object that says something else than before; `below` leads to it."""

    older: Stamped
    newer: Stamped
    below: Below

    @property
    def what(self) -> str:
        """The part in words."""
        return {LocationTrace: "Location", TariffTrace: "Tariff", EvseTrace: "EVSE", ConnectorTrace: "Connector"}[
            type(self.newer)
        ]


def steps(crawls: Crawls) -> Iterator[Step]:
    """Every object that came more than once, answer by answer: those of lists, and those read alone, for a server may
    well write the two differently."""
    seen: dict[tuple[bool, str, Name], tuple[Entry, datetime]] = {}
    for crawl in crawls.crawls:
        read = {page.exchange: page for page in crawl.pages}
        for entry in crawl.entries:
            name, page = name_of(entry), read[entry.exchange]
            if name is None:
                continue
            key = (page.count is None, crawl.schema, name)
            if key in seen and seen[key][0].exchange != entry.exchange:
                yield Step(seen[key][0], entry, seen[key][1], crawl)
            seen[key] = (entry, page.received)


def changes(step: Step) -> Iterator[Change]:
    """The parts that say something else, and all that is around them, inmost first."""
    older, newer = step.older.kept, step.newer.kept
    inner: list[Change] = []
    if isinstance(older, LocationTrace) and isinstance(newer, LocationTrace):
        known = {one.uid: one for one in older.evses}
        for index, evse in enumerate(newer.evses):
            if evse.uid in known:
                inner += _in_evse(known[evse.uid], evse, ("evses", index))
        added = {one.uid for one in newer.evses} - known.keys()
    else:
        added = set()
    yield from inner
    if inner or added or older.digest != newer.digest:
        yield Change(older, newer, ())


def _in_evse(older: EvseTrace, newer: EvseTrace, below: Below) -> list[Change]:
    known = {one.id: one for one in older.connectors}
    inner = [
        Change(known[one.id], one, (*below, "connectors", index))
        for index, one in enumerate(newer.connectors)
        if one.id in known and known[one.id].digest != one.digest
    ]
    if inner or {one.id for one in newer.connectors} != known.keys() or older.digest != newer.digest:
        return [*inner, Change(older, newer, below)]
    return inner


def unmoved(step: Step) -> Iterator[Problem]:
    """The stamps that did not move with what changed under them."""
    for change in changes(step):
        older, newer = change.older.stamp, change.newer.stamp
        if older is not None and newer is not None and newer <= older and older <= step.read - RACE:
            expected = f"later than {in_words(older)}, for the {change.what} changed"
            yield step.newer.problem(expected, in_words(newer), *change.below, "last_updated")


def restamped(crawls: Crawls) -> Iterator[list[Step]]:
    """The crawls in which most of what says the same as before has another stamp, each by those steps.

    One or two may have changed and changed back between two visits; most of them may not.
    """
    by_crawl: dict[int, list[Step]] = {}
    for step in steps(crawls):
        if step.stamps is not None and not step.changed:
            by_crawl.setdefault(id(step.crawl), []).append(step)
    for same in by_crawl.values():
        moved = [step for step in same if step.newer.kept.stamp != step.older.kept.stamp]
        if len(moved) > 1 and 2 * len(moved) > len(same):
            yield moved


def comes_twice(crawls: Crawls) -> bool:
    """Some object with a stamp was seen twice."""
    return any(step.stamps is not None for step in steps(crawls))
