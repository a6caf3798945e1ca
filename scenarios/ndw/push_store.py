"""NDW, push: what is stored, seen by reading it back. It binds NDW, or the mock in its place.

NDW's page lists no GET for objects that were pushed; where ``push.get_method`` serves it, each of these can be seen.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from harness.judge.vocabulary import instant, response_of, status_problem
from harness.model.edit import with_field, with_status, without_field
from harness.model.exchange import Transcript
from harness.model.requirement import MUST, Binds, Problems
from harness.model.requirement import requirement as declared
from harness.model.scenario import Steps, Turn, scenario
from harness.model.verdict import Problem
from harness.model.world import World
from harness.standards.ocpi_2_2_1 import OCPI
from harness.standards.ocpi_2_2_1.reading import moment, parts
from harness.standards.ocpi_2_2_1.receiver import path_of
from scenarios.ndw import NDW
from scenarios.ndw.push_conversation import OWN_TARIFF, new_id, party_of, push, put_location, read, stamp
from scenarios.ndw.push_objects import connector, tariff
from scenarios.ndw.push_readings import Reading, data_of, in_reads, readings, some

SERVED = {"push.get_method": "serve"}
OTHER_PARTY = "NL/YPO"
requirement = partial(declared, MUST, since="2026.12", binds=Binds.SERVER, only_where=SERVED)


@scenario
def read_back_what_was_put(world: World) -> Steps:
    """The client puts a location and a tariff, once with all members and once with few, and reads them."""
    name, party = new_id(world, "LOC"), party_of(world)
    path, made = path_of("Location", party, name), (yield from put_location(world, name))
    bare = {key: value for key, value in made.items() if key not in ("name", "images", "facilities", "directions")}
    yield from push(world, "PUT", path, {**bare, "last_updated": stamp(world)}, tags=["known"])
    yield from read(world, path)
    name = new_id(world, "TAR")
    path, priced = path_of("Tariff", party, name), tariff(party, name, stamp(world, 60))
    fewer = {key: value for key, value in priced.items() if key != "energy_mix"} | {"last_updated": stamp(world)}
    yield from push(world, "PUT", path, priced, tags=["new"])
    yield from push(world, "PUT", path, fewer, tags=["known"])
    yield from read(world, path)
    yield from push(world, "DELETE", path, tags=["known"])
    yield from read(world, path)


@scenario
def read_back_what_was_patched(world: World) -> Steps:
    """The client changes single members of a location, an EVSE and a connector, and reads what became of the rest."""
    name, party = new_id(world, "LOC"), party_of(world)
    path = path_of("Location", party, name)
    evse, socket = path_of("EVSE", party, name, f"{name}-1"), path_of("Connector", party, name, f"{name}-1", "1")
    yield from put_location(world, name, evses=2)
    for place, change in (
        (path, {"name": "Voorbeeldkade Zuid"}),
        (evse, {"status": "CHARGING"}),
        (socket, {"max_amperage": 16, "max_electric_power": 11040}),
    ):
        yield from read(world, place)
        yield from push(world, "PATCH", place, {**change, "last_updated": stamp(world, 30)}, tags=["known"])
        yield from read(world, place)
        yield from read(world, path)
    yield from push(world, "PUT", socket, connector("1", stamp(world), OWN_TARIFF), tags=["known"])
    yield from read(world, path)


@scenario(turn=Turn.PROBES)
def push_the_same_id_of_another_party(world: World) -> Steps:
    """The client pushes a tariff of its own, and one with the same id for a party that is not its own."""
    name, party = new_id(world, "TAR"), party_of(world)
    path = path_of("Tariff", party, name)
    yield from push(world, "PUT", path, tariff(party, name, stamp(world)), tags=["new"])
    yield from read(world, path)
    other = tariff(OTHER_PARTY, name, stamp(world), type="REGULAR")
    yield from push(world, "PUT", path_of("Tariff", OTHER_PARTY, name), other, tags=["probe", "other party"])
    yield from read(world, path)


SAID_OTHERWISE = in_reads(with_field("/status_message", "as it is stored"))


def _differences(one: Reading, members: Iterable[str]) -> Problems:
    before, after = data_of(one.before), data_of(one.after)
    for member in members:
        if before.get(member) != after.get(member):
            yield one.problem(member, before.get(member), after.get(member))


def _changed(one: Reading) -> Problems:
    """Members that are not what they were before the push."""
    yield from _differences(one, {**data_of(one.before), **data_of(one.after)})


def _refused(*tags: str) -> Callable[[Reading], bool]:
    return lambda one: bool(one.before) and one.of_itself and not one.done and one.push.tags.issuperset(tags)


_not_compliant, _other_id = _refused("not compliant"), _refused("other id")


@requirement(
    NDW["Push - Error Handling"],
    row="ndw-push-noncompliant-2xxx",
    when=some(_not_compliant),
    asked_by=["ndw/push-what-is-not-compliant"],
    broken_by=[in_reads(with_field("/data/name", "No stamp")), in_reads(with_field("/data/publish", "yes"), 1)],
    kept_by=[SAID_OTHERWISE],
)
def refused_pushes_store_nothing(transcript: Transcript) -> Problems:
    """What is refused changes nothing of what is stored.

    Why: else the client, which takes it for lost, and NDW have different states.
    Fix: the endpoint has to answer so; of the mock in the box, please report it.
    """
    for one in filter(_not_compliant, readings(transcript)):
        yield from _changed(one)


@requirement(
    OCPI["transport_and_format 4.1.5.1"],
    row="ndw-push-id-mismatch-refused",
    when=some(_other_id),
    asked_by=["ndw/push-under-another-id"],
    broken_by=[in_reads(with_field("/data/name", "Elsewhere"))],
    kept_by=[SAID_OTHERWISE],
)
def pushes_under_another_id_store_nothing(transcript: Transcript) -> Problems:
    """An object under another id or party than the URL's changes nothing of what is stored there.

    Why: which of the two objects is meant nobody can tell.
    Fix: the endpoint has to answer so; of the mock in the box, please report it.
    """
    for one in filter(_other_id, readings(transcript)):
        yield from _changed(one)


def _was_put(one: Reading) -> bool:
    return one.of_itself and one.done and one.push.request.method == "PUT"


@requirement(
    OCPI["transport_and_format 4.1.4.2"],
    row="ndw-push-put-resets-optionals",
    when=some(_was_put),
    asked_by=["ndw/read-back-what-was-put"],
    broken_by=[in_reads(with_field("/data/images", [])), in_reads(with_field("/data/name", "Voorbeeldkade"), 0)],
    kept_by=[SAID_OTHERWISE],
)
def puts_reset_optional_members(transcript: Transcript) -> Problems:
    """An optional member that a PUT leaves out is gone afterwards.

    Why: a PUT is the whole object; what it does not say does not hold any more.
    Fix: the endpoint has to answer so; of the mock in the box, please report it.
    """
    for one in filter(_was_put, readings(transcript)):
        for member, value in data_of(one.after).items():
            if member not in one.written:
                yield Problem(f"response.body:/data/{member}", "no such member", str(value), one.after.id)


def _was_patched(one: Reading) -> bool:
    return bool(one.before) and one.of_itself and one.done and one.push.request.method == "PATCH"


@requirement(
    OCPI["transport_and_format 4.1.4.3"],
    row="ndw-push-patch-keeps-rest",
    when=some(_was_patched),
    asked_by=["ndw/read-back-what-was-patched"],
    broken_by=[
        in_reads(without_field("/data/standard")),
        in_reads(without_field("/data/parking_restrictions")),
        in_reads(with_field("/data/city", "Amersfoort"), 1),
    ],
    kept_by=[SAID_OTHERWISE],
)
def patches_keep_the_rest(transcript: Transcript) -> Problems:
    """What a PATCH does not hold stays as it was.

    Why: a client that tells of a new status does not repeat all that has not changed.
    Fix: the endpoint has to answer so; of the mock in the box, please report it.
    """
    for one in filter(_was_patched, readings(transcript)):
        members = {**data_of(one.before), **data_of(one.after)}.keys() - one.written.keys()
        yield from _differences(one, sorted(members))


def _of_a_parent(one: Reading) -> bool:
    return one.of_what_holds_it and one.done


@requirement(
    OCPI["mod_locations 8.2.2.2, 8.2.2.3"],
    row="ndw-push-raises-parents",
    when=some(_of_a_parent),
    asked_by=["ndw/read-back-what-was-patched"],
    broken_by=[
        in_reads(with_field("/data/last_updated", "2026-01-01T00:00:00Z")),
        in_reads(with_field("/data/evses/0/last_updated", "2026-01-01T00:00:00Z")),
    ],
    kept_by=[SAID_OTHERWISE],
)
def parents_are_raised(transcript: Transcript) -> Problems:
    """A location is as new as what was last pushed of its EVSEs and connectors, and an EVSE as its connectors.

    Why: who asks for what has changed goes by the stamp of the location.
    Fix: the endpoint has to answer so; of the mock in the box, please report it.
    """
    for one in filter(_of_a_parent, readings(transcript)):
        pushed, data = instant(str(one.written.get("last_updated"))), data_of(one.after)
        uid = one.push.request.url.removeprefix(one.after.request.url).split("/")[1]
        above = [("last_updated", data)]
        if one.push.operation in ("putConnector", "patchConnector"):
            evses = [
                (index, evse) for index, evse in parts(data, "evses") if str(evse.get("uid")).lower() == uid.lower()
            ]
            above += [(f"evses/{index}/last_updated", dict(evse)) for index, evse in evses]
        for member, parent in above:
            raised = moment(parent, "last_updated")
            if pushed is not None and (raised is None or raised < pushed):
                expected = f"{one.written['last_updated']} or later"
                yield one.problem(member, expected, parent.get("last_updated"))


def _of_another_party(one: Reading) -> bool:
    return bool(one.before) and "other party" in one.push.tags and not one.of_itself


@requirement(
    OCPI["transport_and_format 4.1.5"],
    row="ndw-party-keyed-store",
    when=some(_of_another_party),
    asked_by=["ndw/push-the-same-id-of-another-party"],
    broken_by=[in_reads(with_field("/data/type", "REGULAR"))],
    kept_by=[SAID_OTHERWISE],
)
def parties_are_kept_apart(transcript: Transcript) -> Problems:
    """An object of one party is not touched by a push of an object with the same id of another party.

    Why: every party gives its ids by itself, so they may well be the same.
    Fix: the endpoint has to answer so; of the mock in the box, please report it.
    """
    for one in filter(_of_another_party, readings(transcript)):
        yield from _changed(one)


def _was_deleted(one: Reading) -> bool:
    return one.of_itself and one.push.operation == "deleteTariff" and response_of(one.push).status == 204


@requirement(
    NDW["Push - Tariffs"],
    row="ndw-push-tariff-delete-204",
    when=some(_was_deleted),
    asked_by=["ndw/read-back-what-was-put"],
    broken_by=[in_reads(with_status(200))],
    kept_by=[SAID_OTHERWISE],
)
def deleted_tariffs_are_gone(transcript: Transcript) -> Problems:
    """A tariff that was deleted is not there any more.

    Why: a price that does not hold any more must not be shown.
    Fix: the endpoint has to answer so; of the mock in the box, please report it.
    """
    for one in filter(_was_deleted, readings(transcript)):
        if response_of(one.after).status != 404:
            yield replace(status_problem(one.after, "404"), exchange=one.after.id)
