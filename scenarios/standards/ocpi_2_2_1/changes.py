"""OCPI 2.2.1, what changes: stamps move with content, ids and EVSEs stay, and date_from finds the whole Location.

What is compared: every answer that shows an object with the one before it, lists with lists, single locations with
single locations. With the hook ``change`` something is sure to have changed.
"""

from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import quote

from harness.judge.vocabulary import instant, listed, response_of, status
from harness.model.crawl import Crawls, Entry, Inventory, crawl_tag
from harness.model.edit import with_field, without_field
from harness.model.exchange import HookCall, HttpExchange
from harness.model.requirement import MUST, Binds, Problems, requirement
from harness.model.scenario import Asking, Steps, call_hook, cannot_ask, get, scenario, wait
from harness.model.world import World
from harness.standards.ocpi_2_2_1 import OCPI
from harness.standards.ocpi_2_2_1.drift import in_words, name_of
from harness.standards.ocpi_2_2_1.versions import steps, unmoved
from scenarios.standards.ocpi_2_2_1.conversation import crawl, plain_ids_on
from scenarios.standards.ocpi_2_2_1.page_edits import page_of, pages_of, with_objects

BEFORE, AFTER, FILTERED = "read before the change", "read after the change", "after the change"
OTHER = {"AVAILABLE": "BLOCKED", "BLOCKED": "AVAILABLE"}
"""What the status of an EVSE is changed to: real, and harmless."""

MINUTE = 60.0
clause = partial(requirement, since="2026.12", binds=Binds.SERVER, asked_by=("ocpi-2.2.1/change-and-read-back",))


@scenario
def change_and_read_back(world: World) -> Steps:
    """The operator changes the status of an EVSE; the puller reads the location again, alone and by its date."""
    page = yield from get("/locations", auth=world.credential)
    chosen = _changeable(page)
    if chosen is None:
        yield from cannot_ask("no location on the first page has an EVSE that is AVAILABLE or BLOCKED")
        return
    location, evse = chosen
    before = yield from _read(world, location, BEFORE)
    order = {
        "party": f"{location.get('country_code')}/{location.get('party_id')}",
        "object": {"location": location["id"], "evse": evse["uid"]},
    }
    called = yield from call_hook("change", **order, set={"status": OTHER[evse["status"]]})
    if called is None:
        return
    after = yield from _read(world, location, AFTER)
    if not shows(after, evse["uid"], OTHER[evse["status"]]):
        yield from wait(MINUTE)
        after = yield from _read(world, location, AFTER)
    if world.settings.flag("pull.require_date_filters"):
        yield from crawl(world, "/locations", FILTERED, {"date_from": _since(called, before, after, evse["uid"])})
    yield from call_hook("change", **order, set={"status": evse["status"]})


def _changeable(page: HttpExchange) -> tuple[dict[str, Any], dict[str, Any]] | None:
    plain = set(plain_ids_on(page))
    for location in listed(page):
        name, evses = location.get("id"), location.get("evses")
        for evse in evses if isinstance(name, str) and name in plain and isinstance(evses, list) else ():
            status, uid = (evse.get("status"), evse.get("uid")) if isinstance(evse, dict) else (None, None)
            if isinstance(status, str) and status in OTHER and isinstance(uid, str):
                return location, evse
    return None


def _read(world: World, location: dict[str, Any], label: str) -> Asking:
    target = f"/locations/{quote(location['id'], safe='')}"
    return (yield from get(target, auth=world.credential, tags=[crawl_tag("Location", label)]))


def shows(answer: HttpExchange, uid: str, wanted: str) -> bool:
    """The single location shows this EVSE with this status."""
    evses = response_of(answer).body.at("/data/evses") if status(200)(answer) else None
    found = [one for one in evses if isinstance(one, dict) and one.get("uid") == uid] if isinstance(evses, list) else []
    return [one.get("status") for one in found] == [wanted]


def _since(called: HookCall, before: HttpExchange, after: HttpExchange, uid: str) -> str:
    """A moment that no earlier state of the location reaches, and the changed one does: the newest stamp that it shows
    now, by its own clock and to the second; where none moved, the moment at which the change was made."""
    old, new = max(_stamps(before, uid), default=None), max(_stamps(after, uid), default=None)
    if new is not None and (old is None or new > old):
        second = new.replace(microsecond=0)
        return in_words(second if old is None or second > old else new)
    told = called.answer.get("at")
    return in_words((instant(told) if isinstance(told, str) else None) or called.at)


def _stamps(answer: HttpExchange, uid: str) -> list[datetime]:
    """The stamps of a single location and of this EVSE in it."""
    data = response_of(answer).body.at("/data") if status(200)(answer) else None
    if not isinstance(data, dict):
        return []
    evses = data.get("evses")
    parts = [one for one in evses if isinstance(one, dict)] if isinstance(evses, list) else []
    texts = [one.get("last_updated") for one in (data, *(part for part in parts if part.get("uid") == uid))]
    return [moment for text in texts if isinstance(text, str) and (moment := instant(text)) is not None]


def _changed(crawls: Crawls) -> bool:
    return any(step.changed for step in steps(crawls))


def _renamed(listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**listed[0], "name": "Other name", "currency": "USD"}, *listed[1:]]


read_after = pages_of("Location", AFTER)


@clause(
    MUST,
    OCPI["mod_locations 8.2.1.1, 8.3.1, 8.3.2, 8.3.3"],
    row="sem-last-updated-moves",
    when=_changed,
    broken_by=[
        with_field("/data/evses/0/last_updated", "2025-06-01T08:00:05Z").on(read_after),
        with_field("/data/last_updated", "2025-06-01T08:00:05Z").on(read_after),
        with_objects("another name under the old stamp", _renamed).on(page_of("Location", "again", 2)),
        with_objects("another currency under the old stamp", _renamed).on(page_of("Tariff", "again", 2)),
    ],
    kept_by=[
        with_field("/data/last_updated", "2026-06-01T08:00:05.25").on(read_after),
        with_field("/data/x_read_at", "2026-06-01T08:00:05Z").on(read_after),
    ],
)
def stamps_move_with_content(crawls: Inventory) -> Problems:
    """Whatever changed has a newer last_updated than before, and so has everything around it.

    Why: a puller that asks for what changed since its last visit never hears of a change under an old stamp.
    Fix: set last_updated when you write a Connector, an EVSE or a Location, and raise it up to the Location.
    """
    for step in steps(crawls):
        yield from unmoved(step)


def _after_the_change(crawls: Crawls) -> bool:
    seen = any(step.changed and step.crawl.label == AFTER for step in steps(crawls))
    return seen and any(one.complete for one in crawls.of("Location", FILTERED))


@clause(
    MUST,
    OCPI["mod_locations 8.2.1.1"],
    row="paging-whole-location",
    rests_on=["pull.require_date_filters"],
    only_where={"pull.require_date_filters": True},
    when=_after_the_change,
    broken_by=[
        with_field("/data", []).on(page_of("Location", FILTERED, 1)),
        with_objects("the first EVSE alone", lambda listed: [{**listed[0], "evses": listed[0]["evses"][:1]}]).on(
            page_of("Location", FILTERED, 1)
        ),
        without_field("/data/0/evses").on(page_of("Location", FILTERED, 1)),
    ],
    kept_by=[
        with_objects("EVSEs back to front", lambda listed: [{**listed[0], "evses": listed[0]["evses"][::-1]}]).on(
            page_of("Location", FILTERED, 1)
        )
    ],
)
def date_from_finds_the_whole_location(crawls: Crawls) -> Problems:
    """After a change of an EVSE, date_from gives its Location, with all of its EVSEs.

    Why: the puller replaces the Location by what it gets; EVSEs that are not in it are gone.
    Fix: filter by the Location's last_updated, raised with every change below it, and always send it whole.
    """
    for filtered in crawls.of("Location", FILTERED):
        for alone in (entry for one in crawls.of("Location", BEFORE) for entry in one.entries):
            found = [entry for entry in filtered.entries if name_of(entry) == name_of(alone)]
            if not found:
                expected = f"the changed Location {alone.kept.id}"
                yield filtered.problem(filtered.pages[0], "response.body:/data", expected, "not there")
                continue
            left_out = uids_in_use(alone) - {evse.uid for evse in found[-1].kept.evses}
            if left_out:
                told = f"without {', '.join(sorted(left_out))}"
                yield found[-1].problem("all EVSEs of the Location", told, "evses")


def uids_in_use(entry: Entry) -> set[str]:
    """The EVSEs of a Location that are not REMOVED."""
    return {evse.uid for evse in entry.kept.evses if evse.uid is not None and evse.status != "REMOVED"}
