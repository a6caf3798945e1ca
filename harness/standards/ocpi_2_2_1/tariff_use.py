"""Which connector names which tariffs: what clauses over both lists of a crawl share."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from harness.model.crawl import Crawls, Entry, PartyCrawls
from harness.model.pointer import join
from harness.model.verdict import Problem
from harness.standards.ocpi_2_2_1.traces import ConnectorTrace, EvseTrace, TariffTrace

NOT_IN_USE = ("REMOVED", "PLANNED")


@dataclass(frozen=True)
class Use:
    """A Connector with what is around it; `index` and `place` are its EVSE's position and its own."""

    location: Entry
    evse: EvseTrace
    index: int
    connector: ConnectorTrace
    place: int

    @property
    def name(self) -> str:
        """How a person finds it."""
        return f"Connector {self.connector.id} of EVSE {self.evse.uid}, Location {self.location.kept.id}"

    def problem(self, expected: str, actual: str, *below: str | int) -> Problem:
        """A problem of this Connector, at the member that `below` leads to."""
        found = evse_problem(self.location, self.index, expected, actual, "connectors", self.place, *below)
        return replace(found, object={**found.object, "connector": self.connector.id or ""}, inside=join(below))


def evse_problem(location: Entry, index: int, expected: str, actual: str, *below: str | int) -> Problem:
    """A problem of the EVSE at this position of a Location, at the member that `below` leads to."""
    found = location.problem(expected, actual, "evses", index, *below)
    evse: EvseTrace = location.kept.evses[index]
    second = {"evse_id": evse.evse_id} if evse.evse_id is not None else {}
    return replace(found, object={**found.object, "evse": evse.uid or "", **second}, inside=join(below))


def names_tariffs(party: PartyCrawls) -> bool:
    """Both lists were read to the end, and a Connector of the party names a Tariff."""
    return party.everyone.whole("Tariff") is not None and any(use.connector.tariff_ids for use in uses(party.mine))


def uses(crawls: Crawls) -> Iterator[Use]:
    """Every Connector of a complete crawl of Locations."""
    crawl = crawls.whole("Location")
    for entry in crawl.entries if crawl else ():
        for index, evse in enumerate(entry.kept.evses):
            for place, connector in enumerate(evse.connectors):
                yield Use(entry, evse, index, connector, place)


def distinct(tariff_ids: Iterable[str]) -> dict[str, int]:
    """Ids as they compare, without case, each with where it first stands."""
    first: dict[str, int] = {}
    for position, tariff_id in enumerate(tariff_ids):
        first.setdefault(tariff_id.lower(), position)
    return first


class PriceList:
    """The Tariffs of a complete crawl by id, without case; one id may stand for a Tariff of each of several parties."""

    def __init__(self, crawls: Crawls) -> None:
        crawl = crawls.whole("Tariff")
        self.read_at: datetime | None = crawl.pages[0].received if crawl else None
        self._of: dict[str, dict[str | None, TariffTrace]] = {}
        for entry in crawl.entries if crawl else ():
            self._of.setdefault((entry.kept.id or "").lower(), {})[entry.party] = entry.kept
        self._ever = {(entry.kept.id or "").lower() for one in crawls.of("Tariff") for entry in one.entries}

    def knows(self, tariff_id: str) -> bool:
        """Any crawl of the run showed a Tariff of this id."""
        return tariff_id.lower() in self._ever

    def owners(self, tariff_id: str) -> tuple[str | None, ...]:
        """The parties that have a Tariff of this id."""
        return tuple(self._of.get(tariff_id.lower(), ()))

    def named(self, tariff_id: str, party: str | None) -> TariffTrace | None:
        """The party's own Tariff of this id, else that of the only other party that has one."""
        found = self._of.get(tariff_id.lower(), {})
        return found.get(party) or (next(iter(found.values())) if len(found) == 1 else None)


def is_active(tariff: TariffTrace, at: datetime) -> bool:
    """The Tariff holds at this moment: its end is not part of its time."""
    return (tariff.start is None or tariff.start <= at) and (tariff.end is None or at < tariff.end)


def told(found: dict[tuple[str, ...], list[Use]]) -> Iterator[tuple[tuple[str, ...], Use, str]]:
    """Each finding once, with the first Connector that shows it and, in words, how many more do."""
    for key, shown_by in found.items():
        more = len(shown_by) - 1
        yield key, shown_by[0], f"; {more} more Connector{'s' * (more != 1)} likewise" if more else ""
