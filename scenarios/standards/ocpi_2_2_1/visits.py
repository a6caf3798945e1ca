"""OCPI 2.2.1, from one visit to the next: ids and EVSEs stay, and stamps stay where nothing changed."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from harness.judge.vocabulary import asked_properly, both, instant, operation, response_of, shown, status
from harness.model.crawl import Crawl, Crawls, Entry, Inventory
from harness.model.edit import with_field
from harness.model.exchange import HttpExchange, Showing
from harness.model.requirement import MUST, SHOULD, Basis, Binds, Problems, requirement
from harness.model.verdict import Problem
from harness.standards.ocpi_2_2_1 import OCPI
from harness.standards.ocpi_2_2_1.drift import Bracket, Name, bracket, in_words, name_of, placed, starts
from harness.standards.ocpi_2_2_1.reading import comparable_evse_id
from harness.standards.ocpi_2_2_1.traces import EvseTrace
from harness.standards.ocpi_2_2_1.versions import comes_twice, restamped, steps
from scenarios.standards.ocpi_2_2_1.objects import location_page
from scenarios.standards.ocpi_2_2_1.page_edits import Objects, page_of, pages_of, with_objects

CLOCKS_APART = timedelta(minutes=5)
clause = partial(requirement, since="2026.12", asked_by=("ocpi-2.2.1/crawl-locations", "ocpi-2.2.1/crawl-again"))
second_visit = page_of("Location", "again", 2)


def _of_two_visits(crawls: Crawls) -> bool:
    held = bracket(crawls, "Location")
    return held is not None and any(True for _ in _evses(held.before)) and any(True for _ in _evses(held.after))


def _evses(crawl: Crawl) -> Iterator[tuple[Entry, int, EvseTrace]]:
    """Every EVSE that is in use."""
    for entry, _, _ in placed(crawl):
        for index, evse in enumerate(entry.kept.evses):
            if evse.status != "REMOVED":
                yield entry, index, evse


def _by_evse_id(crawl: Crawl) -> dict[str, tuple[Entry, int, EvseTrace]]:
    """The EVSEs in use whose evse_id is theirs alone."""
    found = [(comparable_evse_id(evse.evse_id), (entry, at, evse)) for entry, at, evse in _evses(crawl) if evse.evse_id]
    places = Counter((name, name_of(one[0]), (one[2].uid or "").lower()) for name, one in found)
    times = Counter(name for name, _, _ in places)
    return {name: one for name, one in found if times[name] == 1}


def _ids_of_two_visits(crawls: Crawls) -> bool:
    held = bracket(crawls, "Location")
    return held is not None and bool(_by_evse_id(held.before).keys() & _by_evse_id(held.after).keys())


@clause(
    MUST,
    OCPI["mod_locations 8.3.1, 8.3.2"],
    basis=Basis.PUBLISHED,
    row="sem-ids-stable",
    when=_ids_of_two_visits,
    broken_by=[
        with_field("/data/0/evses/0/uid", "EV-ANEW").on(second_visit),
        with_field("/data/0/id", "LOC-ANEW").on(second_visit),
    ],
    kept_by=[with_field("/data/0/evses/0/physical_reference", "EV-ANEW").on(second_visit)],
)
def ids_stay_with_their_evse(crawls: Inventory) -> Problems:
    """From visit to visit the same evse_id has the same uid, and stands in a Location of the same id.

    Why: the receiver keeps data by these ids; with new ones every charge point is there twice, or its history is lost.
    Fix: use keys from your database, not numbers that are made when the program starts or the list is built.
    """
    held = bracket(crawls, "Location")
    before, after = (_by_evse_id(held.before), _by_evse_id(held.after)) if held else ({}, {})
    for evse_id in before.keys() & after.keys():
        (then, _, old), (now, at, new) = before[evse_id], after[evse_id]
        if then.kept.id is not None and (now.kept.id or "").lower() != then.kept.id.lower():
            told = f"{then.kept.id}, as before, for EVSE {old.evse_id}"
            yield now.problem(told, shown(now.kept.id), "id")
        elif old.uid is not None and (new.uid or "").lower() != old.uid.lower():
            yield now.problem(f"{old.uid}, as before, for EVSE {old.evse_id}", shown(new.uid), "evses", at, "uid")


def _without_an_evse(listed: Objects) -> Objects:
    """The first EVSE that is in use is left out of the first Location that has two."""
    index = next(
        at for at, one in enumerate(listed) if len(one["evses"]) > 1 and one["evses"][0]["status"] != "REMOVED"
    )
    return [*listed[:index], {**listed[index], "evses": listed[index]["evses"][1:]}, *listed[index + 1 :]]


@clause(
    MUST,
    OCPI["mod_locations 8.1"],
    row="sem-evse-not-vanished",
    binds=Binds.SERVER,
    when=_of_two_visits,
    broken_by=[
        with_objects("one EVSE less", _without_an_evse).on(second_visit),
        with_objects("one Location less", lambda listed: listed[1:]).on(second_visit),
        with_objects("no EVSEs at all", lambda listed: [{**listed[0], "evses": []}, *listed[1:]]).on(second_visit),
    ],
    kept_by=[
        with_objects("back to front", lambda listed: [{**one, "evses": one["evses"][::-1]} for one in listed]).on(
            second_visit
        )
    ],
)
def evses_do_not_vanish(crawls: Inventory) -> Problems:
    """An EVSE that was there on the visit before is still there; one that is gone stays for a while as REMOVED.

    Why: OCPI has no other way to say that an EVSE is gone; one that is just missing may as well be a fault.
    Fix: set status REMOVED, keep the EVSE in its Location, and keep the Location in the list.
    """
    held = bracket(crawls, "Location")
    if held is None:
        return
    now = {name: entry for entry, name, _ in placed(held.after)}
    moved_on = {comparable_evse_id(evse.evse_id) for _, _, evse in _evses(held.after) if evse.evse_id}
    gone: dict[Name, Entry] = {}
    for entry, _, evse in _evses(held.before):
        name, known = name_of(entry), evse.evse_id is not None and comparable_evse_id(evse.evse_id) in moved_on
        if name is None or known:
            continue
        if name not in now:
            gone[name] = entry
        elif evse.uid is not None and evse.uid.lower() not in _uids(now[name]):
            yield now[name].problem(f"EVSE {evse.uid}, perhaps with status REMOVED", "not there", "evses")
    yield from _gone(held, gone)


def _uids(entry: Entry) -> set[str]:
    return {(evse.uid or "").lower() for evse in entry.kept.evses}


def _gone(held: Bracket, gone: dict[Name, Entry]) -> Problems:
    """Locations that are gone with all their EVSEs; where so much else moved that they may have slipped through between
    two pages, nothing is said. Nothing slips through within a single page."""
    if len(held.after.pages) > 1 and not 2 * len(gone) > held.moved:
        return
    where = {name: place for _, name, place in placed(held.before)}
    for name, entry in gone.items():
        page = [page for page, position in starts(held.after) if position <= where[name]][-1]
        told = f"Location {entry.kept.id} with its EVSEs"
        yield held.after.problem(page, "response.body:/data", told, "not in the list any more")


def _restamped(listed: Objects) -> Objects:
    return [{**one, "last_updated": "2026-06-01T08:00:05Z"} for one in listed]


def _aged(listed: Objects) -> Objects:
    return [{**listed[0], "last_updated": "2020-01-01T00:00:00Z"}, *listed[1:]]


sane = partial(
    clause,
    SHOULD,
    OCPI["mod_locations 8.3.1, 8.3.2, 8.3.3, mod_tariffs 11.3.1"],
    basis=Basis.ASSUMED,
    row="sem-last-updated-sane",
)


@sane(
    when=comes_twice,
    broken_by=[
        with_objects("everything stamped now", _restamped).on(page_of("Tariff", "again", 2)),
        with_objects("everything stamped now", _restamped).on(page_of("Tariff", "limit 7", 2)),
    ],
    kept_by=[with_objects("everything with a note", lambda listed: [{**one, "x": 1} for one in listed])],
)
def unchanged_content_keeps_its_stamp(crawls: Inventory) -> Problems:
    """What says the same as before has the same last_updated as before.

    Why: a puller that asks for changes gets everything, every time, and cannot tell what is new.
    Fix: set last_updated when content is written, not when it is read or exported.
    """
    for moved in restamped(crawls):
        for step in moved:
            stamps = step.stamps
            if stamps is not None:
                yield step.newer.problem(f"{in_words(stamps[0])}, as before", in_words(stamps[1]), "last_updated")


@sane(
    when=comes_twice,
    broken_by=[
        with_objects("an older stamp than before", _aged).on(second_visit),
        with_objects("an older stamp than before", _aged).on(page_of("Tariff", "again", 2)),
    ],
    kept_by=[with_objects("back to front", lambda listed: listed[::-1]).on(second_visit)],
)
def stamps_do_not_go_back(crawls: Inventory) -> Problems:
    """The last_updated of an object is never older than it was on an earlier visit.

    Why: a receiver that keeps the newest state drops what looks old, whatever it says.
    Fix: answer from one store; a cache or a replica that lags behind shows old states after new ones.
    """
    for step in steps(crawls):
        stamps = step.stamps
        if stamps is not None and stamps[1] < stamps[0]:
            yield step.newer.problem(f"{in_words(stamps[0])} or later", in_words(stamps[1]), "last_updated")


def _stamped(exchange: HttpExchange) -> list[tuple[str, str, Any]]:
    """The stamps of the objects in an answer: pointer, id, text."""
    data = response_of(exchange).body.at("/data")
    found = (
        [("/data", data)] if isinstance(data, dict) else [(f"/data/{at}", one) for at, one in enumerate(_list(data))]
    )
    return [(place, str(one.get("id")), one.get("last_updated")) for place, one in found if isinstance(one, dict)]


def _list(data: Any) -> list[Any]:
    return data if isinstance(data, list) else []


def _has_stamps(exchange: HttpExchange) -> bool:
    return any(isinstance(text, str) and instant(text) for _, _, text in _stamped(exchange))


@sane(
    when=both(asked_properly, status(200), operation("getLocations", "getLocation", "getTariffs"), _has_stamps),
    broken_by=[
        with_field("/data/0/last_updated", "2026-06-01T10:00:05Z").on(location_page),
        with_field("/data/0/last_updated", "2036-06-01T08:00:05Z").on(pages_of("Tariff", "all")),
        with_field("/data/last_updated", "2026-06-01T09:00:05Z"),
    ],
    kept_by=[
        with_field("/data/0/last_updated", "2026-06-01T08:04:30Z").on(location_page),
        with_field("/data/0/last_updated", "2026-06-01T08:00:05.75").on(location_page),
    ],
)
def stamps_are_not_in_the_future(exchange: Showing) -> Problems:
    """No last_updated is later than the answer that brings it, but for five minutes by which clocks may differ.

    Why: a stamp one or two hours ahead is local time written as UTC; until then no change can be told from it.
    Fix: stamp in UTC, by a clock that is synchronised.
    """
    for place, name, text in _stamped(exchange):
        stamp = instant(text) if isinstance(text, str) else None
        if stamp is not None and stamp > exchange.received + CLOCKS_APART:
            yield Problem(
                f"response.body:{place}/last_updated",
                f"{in_words(exchange.received)} or earlier",
                text,
                object={("tariff" if exchange.operation == "getTariffs" else "location"): name},
            )
