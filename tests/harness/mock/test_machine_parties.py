"""Parties that a fuzzer makes up do not let what the judge keeps grow without end."""

import asyncio

import httpx

from harness.judge.judge import MOST_WRITING_PARTIES
from harness.systems.ndw.seed import first_location
from harness.wire.transport import in_process
from tests.harness.mock.machine import NEW, Client, Machine

MORE = 60


def test_beyond_a_limit_made_up_parties_are_counted_together() -> None:
    machine = Machine()

    async def talk() -> None:
        async with httpx.AsyncClient(transport=in_process(machine)) as http:
            client = Client(http, machine.env())
            await client.ask()
            for number in range(MOST_WRITING_PARTIES + MORE):
                path = f"NL/{_party(number)}/LOC-1"
                await client.push("PATCH", f"/locations/{path}", {"name": "", "party_id": "NO", "last_updated": NEW})
            await client.push("PUT", "/locations/NL/XPO/LOC-0001", {**first_location(), "last_updated": NEW})
            await client.push("PUT", "/locations/NL/A00/LOC-0001", {"last_updated": NEW})

    asyncio.run(talk())
    judge = machine.default.judges["ndw"]
    assert len({party for _name, party in judge.tallies}) == MOST_WRITING_PARTIES + 1
    about = {key: tally for key, tally in judge.tallies.items() if tally.problem_count}
    clause = next(name for name, party in about if party == "NL/A00")
    assert about[clause, None].problem_count >= MORE
    assert f"NL/{_party(MOST_WRITING_PARTIES - 1)}" in {party for _name, party in about}
    said = machine.default.verdicts("ndw")
    assert sum(one.problem_count for one in said if one.requirement == clause) >= MOST_WRITING_PARTIES + MORE


def _party(number: int) -> str:
    return f"{'ABCDEFGHIJ'[number // 100]}{number % 100:02}"
