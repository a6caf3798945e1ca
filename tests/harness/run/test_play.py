"""One situation for one client: when it begins, when it is over, and what is done meanwhile."""

import asyncio
from collections.abc import Mapping
from typing import Any

from harness.model.situation import Change
from harness.run.hooks import Hook, HookFailedError, local_hook
from harness.run.observe import NotReadError
from harness.run.watch import MOST_EXCHANGES
from tests.harness.run.playing import Scripted, met, play

CHANGE = Change("Change something.", lambda _state, _random: [{"object": {"location": "L"}, "set": {"name": "x"}}])


async def says_one(client: Scripted) -> None:
    await asyncio.sleep(13)
    client.chair.hear()


async def says_nothing(_client: Scripted) -> None:
    """It waits to be asked."""


async def ends(client: Scripted) -> int:
    client.chair.hear()
    await asyncio.sleep(1)
    return 7


async def says_much(client: Scripted) -> None:
    for _ in range(MOST_EXCHANGES + 1000):
        client.chair.hear()
        await asyncio.sleep(0)


def test_it_is_over_when_its_condition_holds_and_nothing_came_for_a_while() -> None:
    [(transcript, why, seconds)], _chair, _client = play(met(), script=says_one)
    assert (why, seconds, len(transcript.exchanges)) == ("done", 16, 1)
    assert [one.kind for one in transcript.happened] == ["started", "stopped"]


def test_the_limit_runs_from_the_first_call_on() -> None:
    [(transcript, why, seconds)], _chair, _client = play(met(2), script=says_one)
    assert (why, seconds) == ("limit", 83)
    assert transcript.until is not None


def test_who_never_calls_is_waited_for_no_longer_than_the_patience() -> None:
    [(_transcript, why, seconds)], _chair, _client = play(met(), script=says_nothing)
    assert (why, seconds) == ("nobody called", 60)


def test_a_client_that_ends_ends_the_situation_with_its_exit_code() -> None:
    [(transcript, why, seconds)], _chair, _client = play(met(5), script=ends)
    assert (why, seconds) == ("ended", 1)
    assert [(one.kind, one.detail) for one in transcript.happened] == [("started", ""), ("ended", "7")]


def test_a_flood_is_ended_and_told() -> None:
    [(transcript, why, _seconds)], _chair, _client = play(met(MOST_EXCHANGES * 2), script=says_much)
    assert why == "flood"
    assert transcript.sampled == (f"it was ended after {MOST_EXCHANGES} requests",)
    assert len(transcript.exchanges) < MOST_EXCHANGES + 10


def heard_by(called: list[Mapping[str, Any]], chair: list[Scripted]) -> Hook:
    def work(order: Mapping[str, Any]) -> Mapping[str, Any]:
        called.append(order)
        chair[0].chair.hear("PATCH")
        return {}

    return local_hook(work)


def test_changes_are_made_when_it_is_quiet_and_extend_the_limit() -> None:
    called: list[Mapping[str, Any]] = []
    clients: list[Scripted] = []

    async def script(client: Scripted) -> None:
        clients.append(client)
        client.chair.hear()

    late = Change(CHANGE.words, CHANGE.orders, after_s=30)
    [(transcript, why, seconds)], _chair, _client = play(
        met(4, changes=[CHANGE, late]), script=script, hooks={"change": heard_by(called, clients)}
    )
    assert [one["situation"] for one in called] == ["ndw/done"] * 2
    assert (why, seconds) == ("limit", 3 + 3 + 30 + 70)
    assert [(one.name, one.after) for one in transcript.hooks] == [("change", "e1"), ("change", "e2")]


def test_without_the_hook_it_is_said_that_it_is_missing() -> None:
    [(transcript, why, _seconds)], _chair, _client = play(met(changes=[CHANGE]), script=says_one)
    assert (why, transcript.not_asked) == ("done", ("needs the hook change",))


def test_what_a_hook_says_that_fails_is_told() -> None:
    async def fails(_order: Mapping[str, Any]) -> Mapping[str, Any]:
        raise HookFailedError("exit code 3: no such charger")

    [(transcript, _why, _seconds)], _chair, _client = play(
        met(changes=[CHANGE]), script=says_one, hooks={"change": fails}
    )
    assert transcript.not_asked == ("the hook change failed: exit code 3: no such charger",)


def test_a_person_does_what_no_hook_can() -> None:
    asked: list[Mapping[str, Any]] = []

    async def person(order: Mapping[str, Any]) -> Mapping[str, Any]:
        asked.append(order)
        return {}

    by_hand = Change("Delete a tariff.", None)
    [(transcript, _why, _seconds)], _chair, _client = play(
        met(changes=[by_hand]), script=says_one, hooks={"person": person}
    )
    assert [one["words"] for one in asked] == ["Delete a tariff."]
    assert transcript.hooks[0].arguments["by"] == "a person"
    [(transcript, _why, _seconds)], _chair, _client = play(met(changes=[by_hand]), script=says_one)
    assert transcript.not_asked == ("needs a person: Delete a tariff.",)


def test_a_killed_client_is_started_again_with_what_it_kept() -> None:
    async def script(client: Scripted) -> None:
        for _ in range(4):
            client.chair.hear()
            await asyncio.sleep(1)

    [(transcript, why, _seconds)], _chair, client = play(met(6, kill_after=2), script=script)
    assert client.starts == ["ndw/done", "ndw/done again"]
    assert [one.kind for one in transcript.happened] == ["started", "killed", "started", "stopped"]
    assert (why, len(transcript.exchanges)) == ("done", 6)


def test_one_that_nobody_here_can_kill_needs_the_hook_restart() -> None:
    [(transcript, _why, _seconds)], _chair, _client = play(met(kill_after=1), script=says_one, can_be_killed=False)
    assert transcript.not_asked == ("needs the hook restart",)


def test_trouble_begins_with_the_changes_and_is_over_in_time() -> None:
    called: list[Mapping[str, Any]] = []
    clients: list[Scripted] = []

    async def script(client: Scripted) -> None:
        clients.append(client)
        client.chair.hear()

    troubled = met(2, changes=[CHANGE], faults=["push:failing(503)"], troubled_by_changes=True, trouble_s=2)
    hooks = {"change": heard_by(called, clients)}
    [(transcript, _why, _seconds)], chair, _client = play(troubled, script=script, hooks=hooks)
    assert chair.done == ["presents ndw/done", "in trouble at 3", "well at 5", "well at 6"]
    assert [one.kind for one in transcript.happened] == ["started", "troubled", "well", "stopped"]
    assert transcript.happened[1].detail == "push:failing(503)"


def test_passive_nothing_goes_wrong_on_purpose() -> None:
    spoilt = met(faults=["push:failing(503)"], kill_after=1)
    [(transcript, _why, _seconds)], chair, client = play(spoilt, script=says_one, passive=True)
    assert chair.done == ["presents ndw/done", "well at 16"]
    assert client.starts == ["ndw/done"]
    assert [one.kind for one in transcript.happened] == ["started", "stopped"]


def test_one_that_runs_already_is_made_to_do_the_usual_and_not_started_again() -> None:
    called: list[Mapping[str, Any]] = []
    clients: list[Scripted] = []

    async def script(client: Scripted) -> None:
        clients.append(client)
        client.chair.hear()

    hooks = {"change": heard_by(called, clients)}
    found, _chair, _client = play(met(), met(), script=script, hooks=hooks, is_anew=False, usual=CHANGE)
    assert [why for _transcript, why, _seconds in found] == ["done", "done"]
    assert len(called) == 1
    assert [[one.kind for one in transcript.happened] for transcript, _why, _seconds in found] == [["started"], []]


def test_what_it_holds_is_read_at_both_ends_and_a_failure_is_told() -> None:
    async def pull(_situation: str) -> Mapping[str, Mapping[str, Any]]:
        return {"locations": {"NL/XPO/L": {"id": "L"}}}

    async def export(_situation: str) -> Mapping[str, Mapping[str, Any]]:
        raise NotReadError("line 2 holds no object")

    [(transcript, _why, _seconds)], chair, _client = play(
        met(), script=says_one, reads=[("pull", pull), ("export", export)]
    )
    assert chair.done[0] == "presents ndw/done with a baseline"
    assert [(one.source, one.before, one.held) for one in transcript.stores] == [
        ("pull", {"locations": {"NL/XPO/L": {"id": "L"}}}, {"locations": {"NL/XPO/L": {"id": "L"}}})
    ]
    assert transcript.not_read == ("export: line 2 holds no object",)
