"""What becomes of a stored object by a push: pure functions, of which each makes a new object."""

from collections.abc import Callable
from typing import Any

from harness.judge.vocabulary import instant
from harness.model.pointer import split

Json = dict[str, Any]
Same = Callable[[object, object], bool]
"""Tells whether two ids are the same one."""

_CHILDREN = {"evses": "uid", "connectors": "id"}
"""Lists of objects, and the member by which each is known."""
_IDS = ("country_code", "party_id", "id", "uid")


def children(owner: Json, name: str) -> list[Json]:
    """The objects of a list; none where it is none."""
    found = owner.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def child(owner: Json, name: str, object_id: object, same: Same) -> Json | None:
    """The object of this id in a list."""
    member = _CHILDREN[name]
    return next((one for one in children(owner, name) if same(one.get(member), object_id)), None)


def with_child(owner: Json, name: str, made: Json, same: Same) -> Json:
    """The owner with this object in the place of the one with its id, or at the end; no older than the object."""
    member = _CHILDREN[name]
    before = children(owner, name)
    kept = [made if same(one.get(member), made.get(member)) else one for one in before]
    if not any(one is made for one in kept):
        kept.append(made)
    return {**owner, name: kept, "last_updated": later(owner.get("last_updated"), made.get("last_updated"))}


def later(one: Any, other: Any) -> Any:
    """The later of two stamps, compared as instants; the first where the other cannot be read."""
    first, second = _instant(one), _instant(other)
    if second is None:
        return one
    return other if first is None or second > first else one


def order(stored: Json, given: Json) -> str:
    """How the stamp of what is given stands to what is stored: older, equal or newer."""
    before, now = _instant(stored.get("last_updated")), _instant(given.get("last_updated"))
    if before is None or now is None or now > before:
        return "newer"
    return "equal" if now == before else "older"


def _instant(stamp: Any) -> Any:
    return instant(stamp) if isinstance(stamp, str) else None


def as_spelt(stored: Json | None, given: Json, same: Same) -> Json:
    """The object with its ids as they were first spelt, those of its children too."""
    if stored is None:
        return given
    changed: Json = {}
    for member in _IDS:
        if member in given and member in stored and same(stored[member], given[member]):
            changed[member] = stored[member]
    for name, member in _CHILDREN.items():
        if name in given and name in stored:
            changed[name] = [
                as_spelt(child(stored, name, one.get(member), same), one, same) if isinstance(one, dict) else one
                for one in given[name] or ()
            ]
    return {**given, **changed}


def completed(stored: Json, given: Json, same: Same) -> Json:
    """What is given, and of what is stored all that it leaves out; its children likewise."""
    whole = {**stored, **given}
    for name, member in _CHILDREN.items():
        if name in given and name in stored:
            whole[name] = [
                completed(twin, one, same) if (twin := child(stored, name, one.get(member), same)) else one
                for one in children(given, name)
            ]
    return whole


def is_completed(stored: Json, given: Any, pointer: str, same: Same) -> bool:
    """What is missing under this pointer of a body would be taken from what is stored."""
    steps = split(pointer)
    twin: Json | None = stored
    while twin is not None and isinstance(given, dict) and len(steps) > 1 and steps[0] in _CHILDREN:
        listed, number = given.get(steps[0]), steps[1]
        if not isinstance(listed, list) or not number.isdecimal() or int(number) >= len(listed):
            return False
        given = listed[int(number)]
        member = _CHILDREN[steps[0]]
        twin = child(twin, steps[0], given.get(member), same) if isinstance(given, dict) else None
        steps = steps[2:]
    return twin is not None and len(steps) <= 1 and (not steps or steps[0] in twin)


def left_out(stored: Json, given: Json, same: Same) -> list[Json]:
    """EVSEs that are stored, not removed, and not among those given."""
    return [
        one
        for one in children(stored, "evses")
        if one.get("status") != "REMOVED" and child(given, "evses", one.get("uid"), same) is None
    ]


def merged(stored: Json, given: Json, *, null: str, lists: str, same: Same) -> Json:
    """The stored object with the members that a PATCH gives. `null` is ``clear`` or ``ignore``; `lists` is ``replace``
    or ``merge``: what becomes of the lists of children."""
    made = {**stored, **{name: value for name, value in given.items() if value is not None}}
    if null == "clear":
        made = {name: value for name, value in made.items() if name not in given or given[name] is not None}
    for name, member in _CHILDREN.items():
        if lists == "merge" and isinstance(given.get(name), list):
            kept = children(stored, name)
            for one in children(given, name):
                twin = child(stored, name, one.get(member), same)
                kept = [one if other is twin else other for other in kept] if twin else [*kept, one]
            made[name] = kept
    return made
