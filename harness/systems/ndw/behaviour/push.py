"""What a push does: PUT and PATCH at the three levels of a location, PUT and DELETE of a tariff."""

from collections.abc import Callable
from functools import partial
from typing import Any

from harness.mock.call import Call, Reply
from harness.systems.ndw.behaviour import merge
from harness.systems.ndw.behaviour.answers import INVALID, SUCCESS, done, envelope, http_error, refused_as
from harness.systems.ndw.behaviour.merge import Json, Same
from harness.systems.ndw.seed.world import HIDDEN, LOCATIONS, TARIFFS, Place, all_locations, place_of, same_id

_LISTS = (("evses", "evse_uid", "EVSE"), ("connectors", "connector_id", "connector"))
"""The levels below a location: the list, the parameter that names one of it, and its name for people."""


class _RefusedError(Exception):
    """A push that is answered at once."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.why)
        self.reply = reply


class Target:
    """The object that the URL of a request names, on its way down from the location or tariff that holds it.

    `chain` are the stored objects from the outermost to the object itself, which is None where it is not there. One
    that holds it and is not there refuses the request, as `unknown` says.
    """

    def __init__(self, call: Call, unknown: Callable[[str], Reply]) -> None:
        self.call = call
        self.same: Same = partial(same_id, call)
        name = call.parameters.get("location_id")
        self.table = TARIFFS if name is None else LOCATIONS
        self.place = _place(call, self.table, call.parameters["tariff_id"] if name is None else name)
        self.levels = [one for one in _LISTS if one[1] in call.parameters]
        self.chain: list[Json | None] = [self.place.stored]
        self.title = "location" if name is not None else "tariff"
        for member, parameter, title in self.levels:
            owner = self.chain[-1]
            if owner is None:
                raise _RefusedError(unknown(f"there is no {self.title} {self._name(len(self.chain) - 1)} here"))
            self.chain.append(merge.child(owner, member, call.parameters[parameter], self.same))
            self.title = title

    @property
    def stored(self) -> Json | None:
        """The object itself, None where it is not there."""
        return self.chain[-1]

    @property
    def words(self) -> str:
        """The object in words for a person."""
        return f"{self.title} {self._name(len(self.levels))}"

    def keep(self, made: Json) -> None:
        """Keep this in its place; what holds it is no older than it from then on."""
        for (member, _parameter, _title), owner in zip(self.levels[::-1], self.chain[-2::-1], strict=True):
            assert owner is not None  # noqa: S101 - one that is not there refuses the request
            made = merge.with_child(owner, member, made, self.same)
        self.place.keep(made)

    def _name(self, depth: int) -> str:
        parameters = ("location_id" if self.table == LOCATIONS else "tariff_id", "evse_uid", "connector_id")
        given = self.call.parameters
        return "/".join([given["country_code"], given["party_id"], *(given[one] for one in parameters[: depth + 1])])


def stored_now(call: Call) -> Json | None:
    """The object that the URL of a request names, None where it is not there."""
    try:
        return Target(call, lambda why: refused_as(call, "404", why)).stored
    except _RefusedError:
        return None


def answering(push: Callable[[Call], Reply]) -> Callable[[Call], Reply]:
    """The operation with its refusals as answers."""

    def answer(call: Call) -> Reply:
        try:
            return push(call)
        except _RefusedError as refused:
            return refused.reply

    return answer


@answering
def put(call: Call) -> Reply:
    """Create an object, or replace it."""
    advice = "PUT the whole location first, then what it holds"
    target = Target(call, lambda why: refused_as(call, call.setting("push.unknown_parent"), why).but(why, advice))
    stored, made = target.stored, merge.as_spelt(target.stored, call.value, target.same)
    if stored is None:
        target.keep(made)
        return done(call, made, created=True)
    if call.setting("push.put_requires") == "last_updated":
        made = merge.completed(stored, made, target.same)
    if "evses" in stored and (gone := merge.left_out(stored, made, target.same)):
        made = _without_evses(call, made, gone)
    _mind_the_stamp(target, stored, made, made)
    target.keep(made)
    return done(call, made)


@answering
def patch(call: Call) -> Reply:
    """Change members of an object that is there."""
    unknown = call.setting("push.patch_unknown")
    advice = "a PATCH changes what is there: PUT the whole object"
    target = Target(call, lambda why: refused_as(call, unknown, why).but(why, advice))
    stored, given = target.stored, call.value
    if stored is None:
        why = f"there is no {target.words} here"
        raise _RefusedError(refused_as(call, unknown, why).but(why, advice))
    lists = call.setting("push.patch_evses")
    named = [name for name, _parameter, _title in _LISTS if name in given]
    if named and lists == "reject":
        why = f"a PATCH of {named[0]} is refused"
        raise _RefusedError(envelope(call, 200, INVALID, why).but(why, "PATCH the EVSE or connector at its own URL"))
    if named:
        how = "replaces the old list" if lists == "replace" else "is merged into the old list by id"
        call.notes.append(f"the list of {named[0]} in this PATCH {how}; a PATCH at the URL of each is clearer")
    made = merge.merged(stored, given, null=call.setting("schema.null_in_patch"), lists=lists, same=target.same)
    made = merge.as_spelt(stored, made, target.same)
    _mind_the_stamp(target, stored, given, made)
    target.keep(made)
    return done(call, made)


@answering
def delete_tariff(call: Call) -> Reply:
    """Take a tariff away."""
    target = Target(call, lambda why: refused_as(call, "404", why))
    if target.stored is None:
        kind, why = call.setting("push.delete_unknown"), f"there is no {target.words} here"
        call.notes.append(why)
        return Reply(204) if kind == "204" else refused_as(call, kind, why)
    named_by = _naming(call, call.parameters["tariff_id"])
    if named_by:
        call.notes.append(f"{named_by} still names this tariff: take it out of tariff_ids before you delete it")
    target.place.forget()
    return Reply(204)


@answering
def get(call: Call) -> Reply:
    """Show what is stored, where that is served."""
    target = Target(call, lambda why: http_error(call, 404, why).but(why))
    why = f"there is no {target.words} here"
    if target.stored is None:
        return http_error(call, 404, why).but(why)
    if target.place.table.startswith(HIDDEN) or f"/{HIDDEN}" in f"/{target.place.key}":
        return http_error(call, 404, why).but(f"{target.words} is stored, but of a foreign party, so it is not shown")
    return envelope(call, 200, SUCCESS, "", target.stored)


def _place(call: Call, table: str, object_id: str) -> Place:
    """Where an object is kept: apart, or not at all, where the account does not deliver for its party."""
    assert call.account is not None  # noqa: S101 - whoever is not admitted does not come here
    party = f"{call.parameters['country_code']}/{call.parameters['party_id']}"
    parties: list[str] = call.account["parties"]
    if any(same_id(call, party, one) for one in parties):
        return place_of(call, table, object_id)
    kind = call.setting("push.foreign_party")
    why = f"{party} is none of the parties of {call.account['client_id']} ({', '.join(parties) or 'none'})"
    advice = "put the owner of the charging point in the URL, or ask for an account with this party (add-account)"
    if kind != "hide":
        raise _RefusedError(refused_as(call, kind, why).but(why, advice))
    call.notes.append(f"{why}: it is not shown to anybody")
    return place_of(call, HIDDEN + table, object_id)


def _without_evses(call: Call, made: Json, gone: list[Json]) -> Json:
    """The location that lists fewer EVSEs than before, as the settings want it."""
    names = ", ".join(str(one.get("uid")) for one in gone[:5])
    if call.setting("push.put_drops_evse") == "keep":
        call.notes.append(f"this PUT leaves out EVSEs that are stored, and they are kept: {names}")
        return {**made, "evses": [*merge.children(made, "evses"), *gone]}
    call.notes.append(f"this PUT leaves out EVSEs that were stored, and they are gone: {names}")
    return made


def _mind_the_stamp(target: Target, stored: Json, given: Json, made: Json) -> None:
    """Store, ignore or refuse what is not newer than what is stored."""
    call = target.call
    order = merge.order(stored, given)
    if order == "newer" or (order == "equal" and made == stored):
        return
    what = "older than what is stored" if order == "older" else "that of what is stored, and the content is another"
    why = f"last_updated {given.get('last_updated')} is {what} ({stored.get('last_updated')})"
    kind = call.setting(f"push.{order}_last_updated")
    if kind == "reject":
        advice = "set last_updated to the moment of the change, in UTC"
        raise _RefusedError(envelope(call, 200, INVALID, why).but(why, advice))
    call.notes.append(f"{why}: {'stored all the same' if kind == 'store' else 'ignored'}")
    if kind == "ignore":
        raise _RefusedError(done(call, stored))


def _naming(call: Call, tariff_id: str) -> str:
    """The first connector that names this tariff, in words; empty where none does."""
    owner = (call.parameters["country_code"], call.parameters["party_id"])
    for location in all_locations(call.session):
        if not all(same_id(call, location.get(m), v) for m, v in zip(("country_code", "party_id"), owner, strict=True)):
            continue
        for evse in merge.children(location, "evses"):
            for connector in merge.children(evse, "connectors"):
                if any(same_id(call, one, tariff_id) for one in _list(connector.get("tariff_ids"))):
                    return f"connector {location['id']}/{evse.get('uid')}/{connector.get('id')}"
    return ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
