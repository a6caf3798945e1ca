"""NDW, push: what NDW was told comes to what the client holds itself.

The state of all accepted pushes is held against what the client's own server shows, or its hook ``export``. Needs the
settings ``converge.*``.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from typing import Any

from harness.model.edit import Retelling
from harness.model.exchange import Store, Stored, Transcript
from harness.model.requirement import MUST, SHOULD, Basis, Binds, Problems
from harness.model.requirement import requirement as declared
from harness.model.settings import Settings
from harness.model.verdict import Inapplicable, NotEnough
from harness.standards.ocpi_2_2_1 import OCPI
from scenarios.ndw import NDW
from scenarios.ndw.push_states import LOCATIONS, TARIFFS, Kind, found, had_trouble

requirement = partial(declared, since="2026.12", binds=Binds.CLIENT)
OLD = "2026-01-01T00:00:00Z"
"""A stamp of long ago."""


_Change = Callable[[Stored], Stored]


def all_was_well(store: Store) -> bool:
    """Nothing was refused, and nothing went wrong: what differs then has no excuse."""
    return not had_trouble(store)


def _told_of(store: Store, settings: Settings, tables: Collection[str], *kinds: Kind) -> Problems:
    """The differences of these kinds; what lacks where nothing can be compared yet."""
    every = [one for one in found(store, settings) if one.table in tables]
    meant = [one.problem for one in every if one.kind in kinds]
    yield from meant
    if meant:
        return
    pushed = any(stored.told.get(table) for stored in store.stores for table in tables)
    young = sum(one.kind == "young" for one in every)
    if young:
        yield NotEnough(
            f"needs time: {young} differences were younger than {settings.number('converge.settle_s')} s when read"
        )
    elif not pushed:
        alone = sum(one.kind == "unknown" for one in every)
        never = f": {alone} objects are held that nobody knows were ever to be told" if alone else ""
        yield NotEnough(f"nothing was told that could be compared{never}")


def _row(table: str, change: Callable[[dict[str, Any]], dict[str, Any] | None], which: int = 0) -> _Change:
    """A change of one object that the client holds, which is told to be old."""

    def changed(stored: Stored) -> Stored:
        rows = dict(stored.held.get(table, {}))
        key = sorted(rows)[which] if rows else None
        if key is None:
            return stored
        made = change({**rows.pop(key), "last_updated": OLD})
        told = dict(stored.told.get(table, {}))
        if key in told:
            told[key] = {**told[key], "last_updated": OLD}
        if made is not None:
            rows[key] = made
        return replace(stored, held={**stored.held, table: rows}, told={**stored.told, table: told})

    return changed


def _held(spelling: str, place: str, change: _Change, only: Callable[[Store], bool] = all_was_well) -> Retelling:
    def retold(told: Transcript) -> Transcript:
        if not told.stores or not only(Store(told)):
            return told
        return replace(told, hooks=(), stores=tuple(map(change, told.stores)))

    return Retelling(spelling, place, retold)


FIRST = {LOCATIONS: "NL~1XPO~1HUB-0002", TARIFFS: "NL~1XPO~1DC-ADHOC-NEXT"}
"""The first object of each table in the bundled client, as a problem's place names it."""


def _set(table: str, member: str, value: object, only: Callable[[Store], bool] = all_was_well) -> Retelling:
    """The first object that the client holds says something else there."""
    change = _row(table, lambda row: {**row, member: value})
    place = f"store:/{table}/{FIRST[table]}/{member}"
    return _held(f"{member} is {value!r} in the first of the {table}", place, change, only)


def _reordered(stored: Stored) -> Stored:
    """The same, EVSEs from the last to the first, and each whole second of a stamp with its fraction."""
    rows = {key: {**row, "evses": row.get("evses", [])[::-1]} for key, row in stored.held.get(LOCATIONS, {}).items()}
    for row in rows.values():
        row["last_updated"] = re.sub(r"(:[0-9]{2})Z$", r"\1.000Z", row["last_updated"])
    return replace(stored, held={**stored.held, LOCATIONS: rows})


def _more(stored: Stored) -> Stored:
    """It holds one more Tariff than anybody heard of."""
    rows = stored.held.get(TARIFFS, {})
    key = min(rows)
    more = {"NL/XPO/NOT-FOR-NDW": {**rows[key], "id": "NOT-FOR-NDW"}}
    return replace(stored, held={**stored.held, TARIFFS: {**rows, **more}})


REORDERED = _held("EVSEs stand the other way round", f"store:/{LOCATIONS}", _reordered)
ONE_MORE = _held("it holds one more Tariff", f"store:/{TARIFFS}", _more)


@requirement(
    MUST,
    OCPI["mod_locations 8.2.1"],
    row="converge-locations",
    when=all_was_well,
    asked_by=["ndw/all-is-well"],
    broken_by=[_set(LOCATIONS, "name", "Elders"), _set(LOCATIONS, "city", "Elders")],
    kept_by=[REORDERED],
)
def held_locations_are_those_that_were_told(store: Store, settings: Settings) -> Problems:
    """Every Location that was pushed is at the client as it was pushed, member by member.

    Why: NDW shows what it was told last; where that is not what holds, drivers are misled until the next pull.
    Fix: push each change to its end, from the same data that your server shows; look at pushes that got lost.
    """
    yield from _told_of(store, settings, (LOCATIONS,), "differs", "vanished")


@requirement(
    MUST,
    OCPI["mod_tariffs 11.1.2"],
    row="converge-tariffs",
    when=all_was_well,
    asked_by=["ndw/all-is-well"],
    broken_by=[_set(TARIFFS, "currency", "SEK")],
    kept_by=[ONE_MORE],
)
def held_tariffs_are_those_that_were_told(store: Store, settings: Settings) -> Problems:
    """Every Tariff that was pushed is at the client as it was pushed.

    Why: another price at NDW than at the charging point is a complaint, and against AFIR.
    Fix: push a Tariff with every change, from the same data that your server shows.
    """
    yield from _told_of(store, settings, (TARIFFS,), "differs")


def _vanish(stored: Stored) -> Stored:
    return _row(TARIFFS, lambda _row: None)(stored)


@requirement(
    MUST,
    OCPI["mod_tariffs 11.1.1, 11.1.2"],
    row="converge-deleted-tariff-gone",
    when=all_was_well,
    asked_by=["ndw/all-is-well", "ndw/a-tariff-is-deleted"],
    broken_by=[_held("a Tariff is gone that was not deleted", f"store:/{TARIFFS}/{FIRST[TARIFFS]}", _vanish)],
    kept_by=[ONE_MORE],
)
def deleted_tariffs_are_gone_and_gone_ones_were_deleted(store: Store, settings: Settings) -> Problems:
    """A Tariff that was deleted at NDW is not held any more, and one that is not held any more was deleted at NDW.

    Why: NDW keeps a Tariff until it is told otherwise; else old prices stay, or prices are missing.
    Fix: DELETE a Tariff when you drop it, and only then.
    """
    yield from _told_of(store, settings, (TARIFFS,), "deleted", "vanished")


def _silently(stored: Stored) -> Stored:
    """It holds another name than before, and had held what was told."""
    before = replace(stored, before={name: dict(rows) for name, rows in stored.told.items()})
    return _row(LOCATIONS, lambda row: {**row, "name": "Stil"})(before)


@requirement(
    MUST,
    NDW["Push"],
    row="converge-no-silent-change",
    when=all_was_well,
    asked_by=["ndw/all-is-well"],
    broken_by=[_held("a name was changed in silence", f"store:/{LOCATIONS}/{FIRST[LOCATIONS]}/name", _silently)],
    kept_by=[REORDERED],
)
def what_changes_is_told(store: Store, settings: Settings) -> Problems:
    """What changed at the client was pushed: nothing changes in its own data alone.

    Why: NDW pulls once a day; what is only there to be pulled comes a day late.
    Fix: have whatever changes your data lead to a push: imports, corrections by hand and migrations too.
    """
    yield from _told_of(store, settings, (LOCATIONS, TARIFFS), "silent")


@requirement(
    SHOULD,
    OCPI["mod_locations 8.3.1"],
    row="converge-last-updated-agrees",
    basis=Basis.ASSUMED,
    asked_by=["ndw/all-is-well"],
    broken_by=[
        _held(
            "a Location was stamped anew",
            f"store:/{LOCATIONS}/{FIRST[LOCATIONS]}/last_updated",
            _row(LOCATIONS, lambda row: {**row, "last_updated": "2026-01-02T00:00:00Z"}),
        )
    ],
    kept_by=[REORDERED],
)
def stamps_are_those_that_were_told(store: Store, settings: Settings) -> Problems:
    """An object has the same last_updated where it is pushed and where it is pulled.

    Why: by the stamp NDW sees which of two is newer; a server that stamps anew when it answers makes all look new.
    Fix: keep one stamp with the object, set it when the content changes, and send this one everywhere.
    """
    if settings.text("converge.last_updated_diff") == "ignore":
        yield Inapplicable("converge.last_updated_diff = ignore")
    else:
        yield from _told_of(store, settings, (LOCATIONS, TARIFFS), "stamp")


@requirement(
    MUST,
    OCPI["transport_and_format 4.4"],
    row="converge-after-failure",
    when=had_trouble,
    asked_by=["ndw/server-errors-and-then-well"],
    broken_by=[_set(LOCATIONS, "name", "Elders", had_trouble), _set(TARIFFS, "currency", "SEK", had_trouble)],
    kept_by=[_held("EVSEs stand the other way round after trouble", f"store:/{LOCATIONS}", _reordered, had_trouble)],
)
def states_meet_again_after_trouble(store: Store, settings: Settings) -> Problems:
    """After pushes that failed or were refused, NDW comes to hold what the client holds.

    Why: a change that is lost with a failed push stays lost: nothing tells it again.
    Fix: remember what was not taken, and push the present state of it as soon as that works.
    """
    yield from _told_of(store, settings, (LOCATIONS, TARIFFS), "differs", "silent", "deleted", "vanished")
