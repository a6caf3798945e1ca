"""What a check would ask, without sending anything: each scenario is held against the bundled reference in process."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from random import Random

import httpx

from harness.auth.vault import Vault
from harness.cli.client_way import ClientWay
from harness.cli.credentials import client_in
from harness.cli.plan import Plan
from harness.cli.route import told
from harness.cli.stand_in import reference_hooks, stand_in
from harness.cli.turned import mock_stand_in, seated
from harness.collect import Suite
from harness.model.address import is_absolute
from harness.model.credential import Present
from harness.model.scenario import Ask, Scenario, Steps
from harness.model.world import VirtualClock, World
from harness.report.selection import partial_run
from harness.run.drive import Drive, SubjectLostError
from harness.run.near_paths import MOST_REQUESTS
from harness.run.preflight import preflight
from harness.wire.clock import SystemClock
from harness.wire.http import HttpWire
from harness.wire.transport import in_process

_ORIGIN = "http://reference.localhost"
_SOME_LINKS = 3
"""Links followed in one scenario from which on their number is that of the pages."""


@dataclass
class _Count:
    """What one scenario asked for."""

    asked: int = 0
    links: int = 0
    probes: Counter[str] = field(default_factory=Counter)


def announcement(plan: Plan) -> Iterator[str]:
    """The lines that say what a check by this plan would ask, or which situations a client would meet."""
    plan, chosen = seated(plan)
    if plan.client is not None:
        yield from _of_a_client(plan, plan.client, chosen)
        return
    about, least = asyncio.run(_counted(plan, chosen))
    knocks = len(chosen.interface.entries) * len(chosen.interface.access.candidates(plan.profile.settings))
    yield f"{plan.interface}: dry run, nothing is sent"
    if plan.turned and chosen.interface.other_chair is not None:
        yield f"Writes    {chosen.interface.other_chair.writes}"
    yield f"Subject   {plan.addresses.base or 'the bundled reference'}"
    for entry, address in plan.addresses.entries.items():
        yield f"          {entry} at {address}"
    if plan.selection is not None:
        yield f"Selection {partial_run(plan.selection.told)}"
    words, origins = told(plan)
    for name, value in words.items():
        yield f"{name.replace('_', ' ').capitalize():<12}{value} ({({**plan.origins, **origins}).get(name)})"
    yield "\nRequests, estimated with the bundled reference and the data it comes with:"
    yield f"  {'at least':>8}  {'about':>8}"
    yield f"  {1:>8}  {1:>8}  preflight: which form of the credential opens a list; at most {knocks},"
    yield f"  {'':>8}  {'':>8}  and where nothing is served at that address {MOST_REQUESTS} more near it"
    for scenario in _to_hold(plan, chosen):
        grows = "; grows with your pages" if about[scenario.id].links >= _SOME_LINKS else ""
        yield f"  {least[scenario.id].asked:>8}  {about[scenario.id].asked:>8}  {scenario.title.rstrip('.')}{grows}"
    sums = [1 + sum(count.asked for count in counts.values()) for counts in (least, about)]
    yield f"  {sums[0]:>8}  {sums[1]:>8}  in all{_bounds(plan, sums[1])}"
    probes: Counter[str] = sum((count.probes for count in about.values()), Counter())
    if probes:
        yield "\nOf these, with a credential that is wrong, missing or shown in another way:"
        yield from (f"  {times:>8}  {name}" for name, times in probes.items())


def _of_a_client(plan: Plan, way: ClientWay, chosen: Suite) -> Iterator[str]:
    yield f"{plan.interface}: dry run, nothing is started"
    yield f"Subject   {way}"
    if plan.selection is not None:
        yield f"Selection {partial_run(plan.selection.told)}"
    for name in way.env:
        yield f"Env       {name} = {way.env[name]}"
    for template, target in way.render.items():
        yield f"Render    {template} -> {target}"
    if way.pull is not None:
        yield f"Pull      {way.pull.addresses.base}"
    played = [one for one in chosen.situations if plan.holds(one.id) and (way.slow or not one.slow)]
    yield f"\nSituations, each over at its end or {way.limit_s:g} s after the first call or the last change:"
    yield from (f"  {one.id:<52} {one.title}" for one in played)
    left_out = sum(one.slow for one in chosen.situations) if not way.slow else 0
    yield f"  {len(played)} in all" + (f"; {left_out} that take long are left out: --slow" if left_out else "")


def _bounds(plan: Plan, asked: int) -> str:
    care = plan.pace
    at_most = f"; at most {care.max_requests}: --max-requests" if care.max_requests is not None else ""
    return f"{at_most}; about {asked / care.rate:.0f} s at {care.rate:g}/s" if care.rate is not None else at_most


async def _counted(plan: Plan, chosen: Suite) -> tuple[dict[str, _Count], dict[str, _Count]]:
    """Scenario → what it asks of the reference; and what of a server that answers everything with 404."""
    clock = VirtualClock(SystemClock().now())
    app, aimed_at = (mock_stand_in if plan.turned else stand_in)(plan, chosen, clock)
    aimed, vault, interface, settings = aimed_at(_ORIGIN), Vault(), chosen.interface, plan.profile.settings
    client = client_in(vault, aimed.oauth, interface, settings) if aimed.oauth else None
    world = World(
        clock, clock, Random(1), settings,  # noqa: S311 - reproducible on purpose
        client.secret if client else vault.keep(aimed.token),
        interface.access.presentations[0], parties=aimed.parties, client=client,
    )  # fmt: skip
    nothing = httpx.MockTransport(lambda _request: httpx.Response(404, json={}))
    document = chosen.load()
    async with HttpWire(vault, clock, transport=in_process(app)) as wire:
        drive = Drive(wire, interface, document, aimed.addresses, lambda _: None)
        if plan.kind == "reference" and not plan.turned:
            drive.hooks = reference_hooks(chosen, app)
        ready = await preflight(drive, world, vault)
        assert ready.world is not None, ready.checks  # noqa: S101 - the reference opens to its own credential
        world = replace(ready.world, guest=plan.is_guest)
        about = await _held(_to_hold(plan, chosen), drive, world)
    async with HttpWire(vault, clock, transport=nothing) as wire:
        closed = Drive(wire, interface, document, aimed.addresses, lambda _: None)
        closed.access = drive.access
        return about, await _held(_to_hold(plan, chosen), closed, world)


def _to_hold(plan: Plan, chosen: Suite) -> list[Scenario]:
    return [scenario for scenario in chosen.scenarios if plan.holds(scenario.id)]


async def _held(scenarios: Iterable[Scenario], drive: Drive, world: World) -> dict[str, _Count]:
    counts: dict[str, _Count] = {}
    for scenario in scenarios:
        counts[scenario.id] = count = _Count()
        with contextlib.suppress(SubjectLostError):
            await drive.hold(_counting(scenario, count), world)
    return counts


def _counting(scenario: Scenario, count: _Count) -> Scenario:
    """The same conversation, every request counted."""

    def play(world: World) -> Steps:
        steps, answer = scenario.play(world), None
        while True:
            try:
                step = steps.send(answer)
            except StopIteration:
                return
            if isinstance(step, Ask):
                count.asked += 1
                count.links += is_absolute(step.target)
                if (probe := _probe(step)) is not None:
                    count.probes[probe] += 1
            answer = yield step

    return replace(scenario, play=play)


def _probe(ask: Ask) -> str | None:
    """How the credential of this request is not the true one in its usual form; None where it is."""
    auth: Present | None = ask.auth
    if auth is None:
        return "no credential"
    if auth.alteration is not None:
        return f"credential: {auth.alteration}"
    if auth.query is not None:
        return "the true credential in the query string"
    return f"the true credential as {auth.presentation}" if auth.presentation is not None else None
