"""Sessions side by side: fifty worlds in one process that never see each other."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest

from harness.systems.ndw.seed import first_location
from harness.wire.transport import in_process
from tests.harness.mock.machine import AT, HOST, NEW, Client, Machine

MANY = 50
LOCATION, SESSIONS = "/locations/NL/XPO/LOC-0001", f"{AT}/sessions"


@asynccontextmanager
async def talking(machine: Machine) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=in_process(machine), base_url=HOST) as http:
        yield http


def in_one_loop(talk: Callable[[Machine, httpx.AsyncClient], Awaitable[None]]) -> Machine:
    """A machine after this talk with it."""
    machine = Machine()

    async def run() -> None:
        async with talking(machine) as http:
            await talk(machine, http)

    asyncio.run(run())
    return machine


def named(name: str) -> dict[str, Any]:
    return {**first_location(), "name": name, "last_updated": NEW}


async def begun(http: httpx.AsyncClient, count: int) -> list[str]:
    """New sessions."""
    answers = [await http.post(SESSIONS, json={"systems": ["ndw"]}) for _ in range(count)]
    return [answer.json()["id"] for answer in answers]


@pytest.fixture(scope="module")
def fifty() -> Machine:
    """Fifty sessions, each with a client that says the same things in its own words, all at once."""

    async def one(machine: Machine, http: httpx.AsyncClient, name: str) -> None:
        client = Client(http, machine.env(name))
        await client.ask()
        number = int(name.removeprefix("s"))
        await http.post(f"{SESSIONS}/{name}/faults", json={"operation": "patchEvse", "edit": "failing(503)"})
        await http.put(f"{SESSIONS}/{name}/clock", json={"advance": f"PT{number}H"})
        for turn in range(number % 3 + 1):
            await client.push("PUT", LOCATION, named(f"{name} {turn}"))

    async def talk(machine: Machine, http: httpx.AsyncClient) -> None:
        await asyncio.gather(*(one(machine, http, name) for name in await begun(http, MANY)))

    return in_one_loop(talk)


def test_everybody_finds_the_own_object_under_the_common_id(fifty: Machine) -> None:
    names = [session.id for session in fifty.sessions if session.id != "default"]
    assert len(names) == MANY
    for name in names:
        row = fifty.session(name).tables.get("locations", "NL/XPO/LOC-0001")
        assert row is not None
        assert row["name"] == f"{name} {int(name[1:]) % 3}"


def test_the_journal_of_a_session_has_its_own_requests_alone(fifty: Machine) -> None:
    for session in fifty.sessions:
        if session.id == "default":
            assert len(session.journal) == 0
            continue
        said = [entry.exchange.request for entry in session.journal]
        assert len(said) == 2 + int(session.id[1:]) % 3
        assert all(one.url.startswith(f"{HOST}/~{session.id}/") for one in said)
        bodies = [one.body.raw.decode() for one in said[1:]]
        assert all(f'"name":"{session.id} ' in body for body in bodies)


def test_faults_clocks_verdicts_and_accounts_are_apart_too(fifty: Machine) -> None:
    default = fifty.default
    assert not default.faults
    assert fifty.wire.now() == default.story.now()
    sessions = [session for session in fifty.sessions if session is not default]
    for session in sessions:
        assert [one["id"] for one in session.faults.list()] == ["f1"]
        assert session.story.now() - fifty.wire.now() == timedelta(hours=int(session.id[1:]))
        counted = sum(one.seen for one in session.verdicts("ndw") if one.requirement == "ndw/bodies-are-strict-json")
        assert counted == int(session.id[1:]) % 3 + 1
    secrets = {fifty.env(session.id)["NDW_CLIENT_SECRET"] for session in fifty.sessions}
    assert len(secrets) == MANY + 1


def test_a_token_or_secret_of_one_session_is_refused_by_another_that_says_so() -> None:
    async def talk(machine: Machine, http: httpx.AsyncClient) -> None:
        one, other = [Client(http, machine.env(name)) for name in await begun(http, 2)]
        await one.ask()
        await other.ask()
        other.token = one.token
        refused = await other.push("PUT", LOCATION, named("x"))
        assert refused.status_code == 401
        assert "another session of this mock" in refused.headers["www-authenticate"]
        default = Client(http, machine.env())
        default.token = one.token
        assert "another session" in (await default.push("PUT", LOCATION, named("x"))).json()["status_message"]
        assert (await other.ask(client_secret=one.env["NDW_CLIENT_SECRET"])).status_code == 401
        assert (await one.push("PUT", LOCATION, named("y"))).status_code == 200
        assert machine.session("s2").tables.get("locations", "NL/XPO/LOC-0001") == first_location()

    in_one_loop(talk)


def test_a_reset_makes_one_session_as_it_was_and_leaves_the_others() -> None:
    async def talk(machine: Machine, http: httpx.AsyncClient) -> None:
        names = await begun(http, 2)
        for name in names:
            client = Client(http, machine.env(name))
            await client.ask()
            await client.push("PUT", LOCATION, named(name))
        before = machine.env(names[0])
        assert (await http.post(f"{SESSIONS}/{names[0]}/reset", json={})).json()["env"] == before
        reset, other = (machine.session(name) for name in names)
        assert reset.tables.get("locations", "NL/XPO/LOC-0001") == first_location()
        assert (len(reset.journal), len(other.journal)) == (0, 2)
        assert all(not verdict.seen for verdict in reset.verdicts("ndw"))
        assert (other.tables.get("locations", "NL/XPO/LOC-0001") or {})["name"] == names[1]

    in_one_loop(talk)


def test_an_ended_session_answers_404_in_words_and_the_default_one_never_ends() -> None:
    async def talk(machine: Machine, http: httpx.AsyncClient) -> None:
        (name,) = await begun(http, 1)
        client = Client(http, machine.env(name))
        await client.ask()
        assert (await http.delete(f"{SESSIONS}/{name}")).status_code == 204
        for answer in (await client.push("PUT", LOCATION, named("x")), await client.ask()):
            assert answer.status_code == 404
            assert answer.json() == {"error": f"there is no session {name} here: it was ended, or never begun"}
        gone = await http.get(f"{SESSIONS}/{name}")
        assert (gone.status_code, gone.json()["detail"]) == (404, f"there is no session {name}; known: default")
        kept = await http.delete(f"{SESSIONS}/default")
        assert (kept.status_code, kept.json()["detail"][:30]) == (422, "the session default cannot be ")
        finished = await http.post(f"{SESSIONS}/default/finish")
        assert finished.status_code == 200
        assert not machine.sessions.drop("default")
        assert (await Client(http, machine.env()).ask()).status_code == 200

    in_one_loop(talk)
