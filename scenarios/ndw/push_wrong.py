"""NDW, push: what is wrong on purpose, to see what the endpoint says to it."""

from harness.judge.vocabulary import token_life_s
from harness.model.credential import Present, Presentation
from harness.model.scenario import Steps, Turn, ask_for_a_token, cannot_ask, scenario, wait
from harness.model.world import World
from harness.standards.ocpi_2_2_1.receiver import path_of
from scenarios.ndw.pull_access_token import LEEWAY_S, SHORT_LIFE_S
from scenarios.ndw.push_conversation import a_location, new_id, party_of, push, put_location, read, stamp


@scenario(turn=Turn.PROBES)
def push_what_is_no_json(world: World) -> Steps:
    """The client sends bodies that no strict reader takes."""
    name = new_id(world, "LOC")
    path = path_of("Location", party_of(world), name)
    for raw in (b"location=1", b'{"id":"LOC-1",}', b'{"publish":NaN}', b'{"city":"\xe9"}'):
        yield from push(world, "PUT", path, raw=raw, tags=["probe", "no json"])
    yield from push(world, "PATCH", path, tags=["probe", "no json"])


@scenario(turn=Turn.PROBES)
def push_what_is_not_compliant(world: World) -> Steps:
    """The client sends objects that break OCPI's tables or NDW's own; they are read before and after."""
    name, party = new_id(world, "LOC"), party_of(world)
    path, made = path_of("Location", party, name), (yield from put_location(world, name))
    evse_path, tags = path_of("EVSE", party, name, f"{name}-1"), ["probe", "not compliant"]
    for change in ({"publish": "yes"}, {"time_zone": "CEST"}, {"energy_mix": None}, {"last_updated": "yesterday"}):
        yield from read(world, path)
        yield from push(world, "PUT", path, {**made, **change}, tags=tags)
        yield from read(world, path)
    yield from push(world, "PATCH", path, {"name": "No stamp"}, tags=tags)
    yield from read(world, path)
    yield from push(world, "PATCH", evse_path, {"status": "Available", "last_updated": stamp(world)}, tags=tags)


@scenario(turn=Turn.PROBES)
def push_under_another_id(world: World) -> Steps:
    """The client sends objects whose id or party is not that of the URL."""
    name, party = new_id(world, "LOC"), party_of(world)
    path, tags = path_of("Location", party, name), ["probe", "other id"]
    made = yield from put_location(world, name)
    for change in ({"id": f"{name}-x"}, {"party_id": "AGG"}):
        yield from read(world, path)
        yield from push(world, "PUT", path, {**made, "name": "Elsewhere", **change}, tags=tags)
        yield from read(world, path)
    evse_path = path_of("EVSE", party, name, f"{name}-1")
    yield from push(world, "PATCH", evse_path, {"uid": "another", "last_updated": stamp(world)}, tags=tags)


@scenario(turn=Turn.PROBES)
def push_where_nothing_is(world: World) -> Steps:
    """The client pushes to modules that NDW does not have."""
    for path in (f"/sessions/{party_of(world)}/S-1", f"/cdrs/{party_of(world)}/C-1", "/nothing-here"):
        yield from push(world, "PUT", path, {"id": "1"}, tags=["probe", "unknown path"])


@scenario(turn=Turn.KNOCKS)
def push_without_a_token(world: World) -> Steps:
    """The client pushes without a token, with one that is made up, and with the true one as an OCPI token."""
    name = new_id(world, "LOC")
    path, made = path_of("Location", party_of(world), name), a_location(world, name)
    yield from push(world, "PUT", path, made, anonymous=True, tags=["probe", "no token"])
    for auth in (Present(world.secret, "made up"), Present(world.secret, presentation=Presentation("Token", "raw"))):
        yield from push(world, "PUT", path, made, auth=auth, tags=["probe", "wrong token"])


@scenario(turn=Turn.KNOCKS)
def push_with_an_ended_token(world: World) -> Steps:
    """The client pushes with a token that has ended, where tokens live a minute at most."""
    if world.client is None:
        return
    life = token_life_s((yield from ask_for_a_token(world.client)))
    if life is None:
        yield from cannot_ask("needs time: the token endpoint does not say how long a token lives")
        return
    if life > SHORT_LIFE_S:
        yield from cannot_ask(f"needs time: a token lives {life} s here, and no more than {SHORT_LIFE_S} s are waited")
        return
    yield from wait(life + LEEWAY_S)
    name = new_id(world, "LOC")
    path, ended = path_of("Location", party_of(world), name), Present(world.secret, stale=True)
    yield from push(world, "PUT", path, a_location(world, name), auth=ended, tags=["probe", "wrong token"])
