"""NDW, push: what a client holds against what it told: each difference, and what it comes to. No clause of its own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from harness.judge.vocabulary import as_whole_number, shown
from harness.model.exchange import SPOILT, HttpExchange, Store, Stored
from harness.model.pointer import join
from harness.model.settings import Settings
from harness.model.verdict import Problem
from harness.standards.ocpi_2_2_1.convergence import STAMP, Place, Rules, by_plain_key, differing, same
from harness.standards.ocpi_2_2_1.reading import moment
from scenarios.ndw.push_changes import STEPS
from scenarios.ndw.push_outcomes import is_accepted, pushes, segments
from scenarios.standards.ocpi_2_2_1.objects import PATCHED, PUT

LOCATIONS, TARIFFS = "locations", "tariffs"
_CLASSES = {LOCATIONS: "location", TARIFFS: "tariff"}
_LISTS = ("evses", "connectors")

Kind = Literal["differs", "silent", "deleted", "vanished", "stamp", "young", "unknown", "undefined"]


@dataclass(frozen=True)
class Found:
    """A difference at a place of an object. `kind` is what it comes to:

    ``differs``; ``silent``, changed at the client and never told; ``deleted`` by the client, and still there;
    ``vanished`` there, and not deleted; ``stamp``, when it was changed is all that differs; ``young``, too young to be
    judged; ``unknown``, whether it was ever to be told; ``undefined``, what a PATCH of a list comes to.
    """

    kind: Kind
    table: str
    problem: Problem


@dataclass(frozen=True)
class _Held:
    """One reading, what the conversation says of it, and the rules to compare by."""

    store: Store
    stored: Stored
    rules: Rules
    settle: timedelta
    deleted: frozenset[str]
    tried: frozenset[str]
    undefined: frozenset[str]
    set_by_hook: Mapping[str, frozenset[str]]
    fresh: frozenset[str]


def found(store: Store, settings: Settings) -> Iterator[Found]:
    """Every difference between what the client holds and what it told, in each reading."""
    told = sorted(pushes(store), key=lambda one: one.sent)
    for stored in store.stores:
        settle = timedelta(seconds=settings.number("converge.settle_s"))
        held = _Held(
            store, stored, Rules.of(settings), settle, _deleted(told), frozenset(map(key_of, told)),
            frozenset(key_of(one) for one in told if _is_undefined(one)), _set_by_hook(store),
            _changed_since(store, stored, settle),
        )  # fmt: skip
        for table in (LOCATIONS, TARIFFS):
            yield from _in_table(held, table)


def key_of(push: HttpExchange) -> str:
    """The object that a push is about, or that holds it: ``locations/nl/xpo/loc-1``."""
    path = segments(push)
    name = PUT.get(push.operation or "") or PATCHED.get(push.operation or "", "Tariff")
    table = TARIFFS if name == "Tariff" else LOCATIONS
    steps = STEPS[name]
    return "/".join((table, *path[-steps - 2 : len(path) - steps + 1]))


def _deleted(told: list[HttpExchange]) -> frozenset[str]:
    """The Tariffs of which the last that NDW took is that they are deleted."""
    last = {key_of(one): one.operation for one in told if is_accepted(one)}
    return frozenset(key for key, operation in last.items() if operation == "deleteTariff")


def _is_undefined(push: HttpExchange) -> bool:
    value = push.request.body.value if push.request.body.is_json else None
    return push.operation in PATCHED and isinstance(value, dict) and not value.keys().isdisjoint(_LISTS)


def _set_by_hook(store: Store) -> Mapping[str, frozenset[str]]:
    """The objects that the hook changed, with the members that it set in any part of them."""
    known: dict[str, frozenset[str]] = {}
    for call in store.hooks:
        key = _hooked(call.arguments)
        if call.name == "change" and key is not None:
            known[key] = known.get(key, frozenset()) | frozenset(call.arguments.get("set", {}))
    return known


def _changed_since(store: Store, stored: Stored, settle: timedelta) -> frozenset[str]:
    """The objects that the hook changed a short while before they were read."""
    keys = (_hooked(call.arguments) for call in store.hooks if call.name == "change" and call.at > stored.at - settle)
    return frozenset(key for key in keys if key is not None)


def _hooked(arguments: Mapping[str, Any]) -> str | None:
    wanted, party = arguments.get("object"), arguments.get("party")
    if not isinstance(wanted, Mapping) or not isinstance(party, str):
        return None
    table = TARIFFS if "tariff" in wanted else LOCATIONS
    return f"{table}/{party}/{wanted.get(_CLASSES[table])}".lower()


def _in_table(held: _Held, table: str) -> Iterator[Found]:
    stored = held.stored
    ours, told = by_plain_key(stored.held.get(table, {})), by_plain_key(stored.told.get(table, {}))
    before = by_plain_key(stored.before.get(table, {})) if stored.before is not None else None
    for plain in dict.fromkeys([*told, *ours]):
        key = (told.get(plain) or ours[plain])[0]
        mine, theirs = ours.get(plain, ("", None))[1], told.get(plain, ("", None))[1]
        was = before.get(plain, ("", None))[1] if before is not None else None
        if mine is None or theirs is None:
            yield from _of_one_alone(held, table, key, mine, theirs, before is not None and was is None)
            continue
        places = list(differing(theirs, mine, held.rules))
        others = [one for one in places if not one.is_a_stamp]
        for place in others or places:
            kind = "stamp" if not others else _kind(held, f"{table}/{plain}", place, mine, was)
            if _is_young(held, f"{table}/{plain}", mine, theirs):
                kind = "young"
            yield Found(kind, table, _problem(held, table, key, place))


def _of_one_alone(held: _Held, table: str, key: str, mine: Any, theirs: Any, is_new: bool) -> Iterator[Found]:
    """An object that one side alone has."""
    plain, alone = f"{table}/{key}".lower(), mine if mine is not None else theirs
    if held.rules.removed_equals_absent and _is_removed(alone):
        return
    kind: Kind = "differs"
    if mine is None:
        kind = "vanished"
    elif plain in held.deleted:
        kind = "deleted"
    elif plain in held.tried:
        kind = "differs"
    elif is_new or plain in held.set_by_hook:
        kind = "silent"
    else:
        kind = "unknown"
    if mine is not None and kind != "unknown" and _is_young(held, plain, mine, theirs):
        kind = "young"
    yield Found(kind, table, _problem(held, table, key, Place((), (), theirs, mine)))


def _is_removed(location: Any) -> bool:
    """All its EVSEs are REMOVED, and it had some."""
    evses = location.get("evses") if isinstance(location, dict) else None
    some = [one for one in evses if isinstance(one, dict)] if isinstance(evses, list) else []
    return bool(some) and all(one.get("status") == "REMOVED" for one in some)


def _kind(held: _Held, plain: str, place: Place, mine: Any, was: Any) -> Kind:
    if plain in held.undefined:
        return "undefined"
    changed_here = was is not None and any(one.path == place.path for one in differing(was, mine, held.rules))
    by_hook = held.stored.before is None and not held.set_by_hook.get(plain, frozenset()).isdisjoint(place.path)
    if changed_here or by_hook:
        told_as_before = by_hook or same(place.one, _at(was, place.path), held.rules)
        return "silent" if told_as_before else "differs"
    return "differs"


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def _is_young(held: _Held, plain: str, mine: Any, theirs: Any) -> bool:
    """It may have been changed just before it was read. A clock that is ahead makes it no older."""
    stamps = [moment(one, STAMP) for one in (mine, theirs) if isinstance(one, dict)]
    since = held.stored.at - held.settle
    return plain in held.fresh or any(stamp is not None and stamp > since for stamp in stamps)


def _problem(held: _Held, table: str, key: str, place: Place) -> Problem:
    party, _, object_id = key.rpartition("/")
    named = {"party": party, _CLASSES[table]: object_id, **dict(zip(("evse", "connector"), place.ids, strict=False))}
    whole = not place.path
    expected = ("held" if whole else shown(place.one)) if place.one is not None else "absent"
    actual = ("held" if whole else shown(place.other)) if place.other is not None else "absent"
    where = f"store:{join((table, key, *place.path))}"
    return Problem(
        where, f"{expected}, as it was told", f"{actual} ({held.stored.source})",
        situation=held.store.situation, object=named, inside=join(place.path),
    )  # fmt: skip


def had_trouble(store: Store) -> bool:
    """Something was done wrong on purpose, or a push was refused or failed."""
    return any(one.kind in ("troubled", "killed") for one in store.happened) or any(
        SPOILT in one.tags or _has_failed(one) for one in pushes(store)
    )


def _has_failed(push: HttpExchange) -> bool:
    if push.response is None or push.response.status in (429, 500, 502, 503, 504):
        return True
    code = as_whole_number(push.response.body.at("/status_code")) if push.response.status in (200, 201) else None
    return code is not None and code >= 2000
