"""OCPI 2.2.1, identity: what an id may name once only, and what a Location is for."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from harness.judge.vocabulary import shown
from harness.model.crawl import Crawl, Crawls, Entry, Inventory, PartyCrawls
from harness.model.edit import together, with_field, without_field
from harness.model.exchange import WRITTEN_BY_THE_CLIENT, Located
from harness.model.requirement import MUST, SHOULD, Basis, Binds, Problems, requirement
from harness.model.verdict import Problem
from harness.standards.ocpi_2_2_1 import EVSE, OCPI, Location
from harness.standards.ocpi_2_2_1.reading import comparable_evse_id, parts, text
from harness.standards.ocpi_2_2_1.tariff_use import evse_problem
from harness.standards.ocpi_2_2_1.traces import EvseTrace
from scenarios.standards.ocpi_2_2_1.objects import location_page
from scenarios.standards.ocpi_2_2_1.twins import copied, copied_in_other_case, locations_crawled, tariffs_crawled

EVSE_ID = "/data/0/evses/0/evse_id"
CLOCKS_APART = timedelta(minutes=5)
unique = partial(
    requirement,
    MUST,
    since="2026.12",
    row="sem-ids-unique",
    binds=Binds.SERVER,
    asked_by=["ocpi-2.2.1/crawl-locations"],
)


def _has_locations(party: PartyCrawls) -> bool:
    crawl = party.mine.whole("Location")
    return crawl is not None and bool(crawl.entries)


def _has_tariffs(party: PartyCrawls) -> bool:
    crawl = party.mine.whole("Tariff")
    return crawl is not None and bool(crawl.entries)


def _has_evse_ids(crawls: Crawls) -> bool:
    crawl = crawls.whole("Location")
    return crawl is not None and any(evse.evse_id for entry in crawl.entries for evse in entry.kept.evses)


def _distinct(crawl: Crawl) -> Iterator[tuple[Entry, Entry | None]]:
    """Every object with the earlier one that has its id, without regard to case.

    An object that came twice in the same state was on two pages: a matter of paging. So was one that changed while the
    pages were read, and moved to the end.
    """
    first: dict[str, Entry] = {}
    for entry in crawl.entries:
        before = first.setdefault((entry.kept.id or "").lower(), entry)
        if before is entry or not entry.kept.id:
            yield entry, None
        elif before.exchange == entry.exchange or not _read_twice(crawl, before, entry):
            yield entry, before


def _read_twice(crawl: Crawl, before: Entry, entry: Entry) -> bool:
    begun, stamp = crawl.pages[0].received - CLOCKS_APART, entry.kept.stamp
    changed = before.kept.id == entry.kept.id and stamp is not None and stamp >= begun and stamp != before.kept.stamp
    return before.kept == entry.kept or changed


def _ids(crawl: Crawl | None, what: str) -> Problems:
    for entry, before in _distinct(crawl) if crawl else ():
        if before is not None:
            where = f"{before.pointer} of {before.exchange}"
            yield entry.problem(
                f"an id that no other {what} of the party has, in any case", f"{entry.kept.id}, as at {where}", "id"
            )


def _evses(crawl: Crawl) -> Iterator[tuple[Entry, int, EvseTrace]]:
    for entry, before in _distinct(crawl):
        if before is None:
            for index, evse in enumerate(entry.kept.evses):
                yield entry, index, evse


def _bare(evse_id: str) -> str:
    return evse_id.replace("*", "", 2)


def _split(evse_id: str) -> str:
    return f"{evse_id[:9]}*{evse_id[9:]}"


@unique(
    OCPI["mod_locations 8.3.1, types 16.1"],
    when=_has_locations,
    broken_by=[
        copied("/data/0", "/data/1").on(locations_crawled),
        copied("/data/0/id", "/data/1/id").on(locations_crawled),
        copied_in_other_case("/data/0/id", "/data/1/id").on(locations_crawled),
    ],
    kept_by=[
        copied("/data/0/evses/0/uid", "/data/0/id").on(locations_crawled),
        copied("/data/0/name", "/data/1/name").on(locations_crawled),
    ],
)
def location_ids_are_unique(party: PartyCrawls) -> Problems:
    """A party gives each id to one Location; ids that differ in case only are the same id.

    Why: the receiver keeps one of the two and loses the other, and which one changes from pull to pull.
    Fix: look for the Location that is listed twice, or for two records with one id; compare ids without case.
    """
    yield from _ids(party.mine.whole("Location"), "Location")


@unique(
    OCPI["mod_locations 8.3.2, types 16.1"],
    when=_has_locations,
    broken_by=[
        copied("/data/0/evses/0", "/data/1/evses/0").on(locations_crawled),
        copied("/data/0/evses/0", "/data/0/evses/1").on(locations_crawled),
        copied("/data/0/evses/0/uid", "/data/1/evses/0/uid").on(locations_crawled),
        copied_in_other_case("/data/0/evses/0/uid", "/data/1/evses/0/uid").on(locations_crawled),
    ],
    kept_by=[
        copied("/data/0/evses/0/evse_id", "/data/0/evses/0/uid").on(locations_crawled),
        copied("/data/0/id", "/data/0/evses/0/uid").on(locations_crawled),
    ],
)
def evse_uids_are_unique(party: PartyCrawls) -> Problems:
    """A party gives each uid to one EVSE over all its Locations, and never to another one, not even once it is REMOVED.

    Why: status updates are addressed by uid; with two of one name the wrong charging point turns green.
    Fix: take the uid from the database key of the charging point, not from its number within the site.
    """
    crawl = party.mine.whole("Location")
    first: dict[str, tuple[Entry, int]] = {}
    for entry, index, evse in _evses(crawl) if crawl else ():
        before, at = first.setdefault((evse.uid or "").lower(), (entry, index))
        if evse.uid and (before, at) != (entry, index):
            other = f"{evse.uid}, as EVSE {at} of Location {before.kept.id}"
            yield evse_problem(entry, index, "a uid that no other EVSE of the party has, in any case", other, "uid")


def _has_connectors(found: Located[EVSE]) -> bool:
    return bool(parts(found.value, "connectors"))


@unique(
    OCPI["mod_locations 8.3.3, types 16.1"],
    binds=Binds.AUTHOR,
    when=_has_connectors,
    broken_by=[
        copied("/data/0/evses/0/connectors/0", "/data/0/evses/0/connectors/1").on(location_page),
    ],
    kept_by=[
        copied("/data/0/evses/0/uid", "/data/0/evses/0/connectors/0/id").on(location_page),
        with_field("/data/0/evses/0/connectors/0/id", "A-1").on(location_page),
    ],
)
def connector_ids_are_unique_in_their_evse(found: Located[EVSE]) -> Problems:
    """The Connectors of one EVSE have different ids, without regard to case; Connectors of another may repeat them.

    Why: the second of the two overwrites the first, and a plug is missing on the map.
    Fix: number the Connectors of each EVSE: 1, 2, …
    """
    connectors, seen = parts(found.value, "connectors"), set[str]()
    for index, connector in connectors if len(connectors) > 1 else ():
        name = (text(connector, "id") or "").lower()
        if name and name in seen:
            yield Problem(
                found.at("connectors", index, "id"), "an id of its own within the EVSE", shown(connector["id"])
            )
        seen.add(name)


@unique(
    OCPI["mod_tariffs 11.3.1, types 16.1"],
    asked_by=["ocpi-2.2.1/crawl-tariffs"],
    when=_has_tariffs,
    broken_by=[
        copied("/data/0", "/data/1").on(tariffs_crawled),
        copied("/data/0/id", "/data/1/id").on(tariffs_crawled),
        copied_in_other_case("/data/0/id", "/data/1/id").on(tariffs_crawled),
    ],
    kept_by=[copied("/data/0/elements", "/data/1/elements").on(tariffs_crawled)],
)
def tariff_ids_are_unique(party: PartyCrawls) -> Problems:
    """A party gives each id to one Tariff; ids that differ in case only are the same id.

    Why: a connector names its prices by id; with two of one name the driver is shown either.
    Fix: a new version of a price replaces the old one under its id, or gets an id of its own.
    """
    yield from _ids(party.mine.whole("Tariff"), "Tariff")


@requirement(
    SHOULD,
    OCPI["mod_locations 8.3.2"],
    basis=Basis.ASSUMED,
    row="sem-evse-id-unique",
    since="2026.12",
    binds=Binds.SERVER,
    asked_by=["ocpi-2.2.1/crawl-locations"],
    when=_has_evse_ids,
    broken_by=[
        copied(EVSE_ID, "/data/1/evses/0/evse_id").on(locations_crawled),
        copied_in_other_case("/data/0/evses/0/evse_id", "/data/0/evses/1/evse_id").on(locations_crawled),
        copied(EVSE_ID, "/data/1/evses/0/evse_id", _bare, "copied_without_separators").on(locations_crawled),
    ],
    kept_by=[
        without_field(EVSE_ID).on(locations_crawled),
        copied(EVSE_ID, EVSE_ID, str.lower, "in_lower_case").on(locations_crawled),
        copied(EVSE_ID, EVSE_ID, _bare, "without_separators").on(locations_crawled),
        copied(EVSE_ID, "/data/1/evses/0/evse_id", _split, "copied_with_another_separator").on(locations_crawled),
        together(copied(EVSE_ID, "/data/1/evses/0/evse_id"), with_field("/data/1/evses/0/status", "REMOVED")).on(
            locations_crawled
        ),
    ],
)
def evse_ids_are_unique(crawls: Inventory) -> Problems:
    """An evse_id stands on one EVSE, over all parties; only an EVSE that is REMOVED may leave its id to another.

    Why: it is the number on the charging point itself, by which drivers and authorities tell it from all others.
    Fix: look for a charging point that is listed twice, also under a second party.
    """
    crawl = crawls.whole("Location")
    first: dict[str, tuple[str | None, str | None]] = {}
    for entry, index, evse in _evses_of_all(crawls, crawl) if crawl else ():
        if not evse.evse_id or evse.status == "REMOVED":
            continue
        owner = (entry.party, evse.uid and evse.uid.lower())
        before = first.setdefault(comparable_evse_id(evse.evse_id), owner)
        if before != owner:
            other = f"{evse.evse_id}, as EVSE {before[1]} of {before[0]}"
            expected = "an evse_id that no other EVSE in use has, whoever owns it"
            yield evse_problem(entry, index, expected, other, "evse_id")


def _evses_of_all(crawls: Crawls, crawl: Crawl) -> Iterator[tuple[Entry, int, EvseTrace]]:
    """Every EVSE, of Locations that are told apart party by party."""
    for party in (*crawls.parties, None):
        mine = Crawls((crawl,)).owned_by(party).crawls[0]
        yield from _evses(mine)


@requirement(
    SHOULD,
    OCPI["mod_locations 8.1"],
    row="sem-location-without-evse",
    since="2026.12",
    broken_by=[
        with_field("/data/0/evses", []).on(location_page),
        with_field("/data/0/evses", None).on(location_page),
        without_field("/data/0/evses").on(location_page),
        with_field("/data/0/evses", [{"uid": "E1", "status": "REMOVED"}]).on(location_page),
    ],
    kept_by=[
        with_field("/data/0/evses/0/status", "PLANNED").on(location_page),
        with_field("/data/0/evses/0/status", "INOPERATIVE").on(location_page),
    ],
)
def locations_have_an_evse(found: Located[Location]) -> Problems:
    """A Location has an EVSE that is not REMOVED.

    Why: OCPI takes a Location without any for expired; it is shown to nobody, or as a charging site without a charger.
    Fix: leave the Location out of the list once its last EVSE is gone; list planned ones with status PLANNED.
    """
    evses = found.value.get("evses")
    if evses is not None and not isinstance(evses, list):
        return
    if evses and WRITTEN_BY_THE_CLIENT in found.exchange.tags:
        return  # OCPI has no other way to tell that a Location is gone
    if all(one.get("status") == "REMOVED" for _index, one in parts(found.value, "evses")):
        yield Problem(found.at("evses"), "an EVSE that is not REMOVED", f"{len(evses or ())} EVSEs, none in use")
