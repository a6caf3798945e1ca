"""One check from end to end: wires, drive, judge and record put together."""

import asyncio
import importlib
import secrets
import string
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import httpx

from harness.auth.vault import Vault
from harness.cli.credentials import OAUTH2
from harness.cli.excuses import excuses
from harness.cli.hook_settings import KNOWN, is_call
from harness.cli.plan import OAuthClient, Plan, UsageError
from harness.cli.readiness import readiness
from harness.cli.record_lines import clause_lines, head, places_lines, verdict_line
from harness.cli.result import INTERRUPTED, Result
from harness.cli.route import transport
from harness.collect import Suite, suite
from harness.judge.judge import Finding, Judge
from harness.judge.score import CONFIGURATION, Scored, exit_code, scored
from harness.mock.fault import Fault, fault_of
from harness.mock.faulty_app import FaultyApp
from harness.model.exchange import HttpExchange
from harness.model.reach import limits_of
from harness.model.verdict import LOST
from harness.model.world import Clock, World
from harness.report import formats, summary
from harness.report.record import Recorder, moment
from harness.run.check import LOCKED, Check
from harness.run.drive import Drive, LockedOutError, SubjectLostError
from harness.run.hooks import Hook, command_hook, http_hook, local_hook
from harness.run.preflight import Readiness
from harness.spec.openapi import Document
from harness.spec.party_document import PartyDocument, PartyDocumentError, load_party_document
from harness.wire.clock import SystemClock
from harness.wire.http import HttpWire, RequestsSpentError
from harness.wire.serve import served
from harness.wire.transport import AsgiApp

_TOKEN_ALPHABET = string.ascii_letters + string.digits


@dataclass
class Session:
    """The parts of one check. `transport` carries it: a socket, or an app in process; `clock` is wire time."""

    plan: Plan
    suite: Suite
    document: Document
    clock: Clock
    transport: httpx.AsyncBaseTransport
    seed: int
    progress: Callable[[str], None]
    hooks: Mapping[str, Hook] = field(default_factory=dict)
    party_document: PartyDocument | None = None

    def __post_init__(self) -> None:
        self.plan = self.plan.declaring(self.suite.interface)
        if self.party_document is not None and self.suite.interface.openapi_setting:
            given = self.plan.profile.with_setting(self.suite.interface.openapi_setting, "given")
            self.plan = replace(self.plan, profile=given)
        self.random = Random(self.seed)  # noqa: S311 - reproducible on purpose
        self.vault = Vault(seed=self.seed)
        self.excuses = excuses(self.plan, self.suite.interface, self.clock.now())
        self.judge = Judge(
            self.suite.requirements,
            self.plan.profile,
            self.document,
            self.suite.interface.objects,
            self.suite.interface.subject,
            party_document=self.party_document,
            selected=self.plan.selection.requirements if self.plan.selection else None,
            waivers=self.excuses.waivers,
            is_known=self.excuses.is_known,
        )

    def run(self, folder: Path) -> Result:
        """Hold every conversation, write the run folder and return what it came to."""
        with Recorder(folder, self.clock) as recorder:
            recorder.begin(
                head(self.plan, self.suite, self.seed, f"{self.random.getrandbits(16):04x}", self.party_document)
            )
            recorder.note("clauses", clauses=clause_lines(self.suite.requirements, self.plan))
            code, reason = CONFIGURATION, None
            try:
                code, reason = asyncio.run(self._conversations(recorder))
            except KeyboardInterrupt:
                code, reason = INTERRUPTED, "interrupted"
                self.judge.obstacle = "the run was interrupted"
            for line in places_lines(self.judge):
                recorder.note("places", **line)
            for score in self._scores():
                recorder.note("verdict", **verdict_line(score, self.plan.profile))
            self.excuses.note(recorder, self.judge.verdicts())
            recorder.note("end", exit=code, reason=reason)
        return Result(folder, summary.write(folder), code)

    async def _conversations(self, recorder: Recorder) -> tuple[int, str | None]:
        async with self._wire() as wire:
            drive = self._drive(wire, recorder.exchange)
            lost = spent = None
            try:
                ready = await self._preflight(drive)
                for check in ready.checks:
                    recorder.note("preflight", **asdict(check))
                if ready.world is None:
                    self.judge.obstacle = f"the subject could not be tested: {ready.checks[-1].detail}"
                    return CONFIGURATION, ready.checks[-1].detail
                drive.on_exchange = lambda exchange: self._take(exchange, recorder)
                lost = await self._hold_all(drive, ready.world, recorder)
            except RequestsSpentError as error:
                self.judge.obstacle = spent = str(error)
            if lost is None and spent is None:  # half a crawl shows nothing of the whole
                self._note(self.judge.finish(), recorder)
        in_part = "; ".join(drive.patience.left_alone.values())
        code = exit_code(
            self._scores(),
            strict=self.plan.strict,
            obstacle=bool(lost or in_part),
            own_faults=bool(self.judge.own_faults),
            **self.excuses.counting(self.judge.verdicts()),
        )
        return code, "; ".join(self.judge.own_faults) or lost or spent or in_part or None

    def look(self) -> Readiness:
        """The preflight alone: nothing is judged, and nothing written. RequestsSpentError as in `HttpWire`."""

        async def looked() -> Readiness:
            async with self._wire() as wire:
                return await self._preflight(self._drive(wire, lambda _exchange: None))

        return asyncio.run(looked())

    async def visit(self, names: Collection[str], on_exchange: Callable[[HttpExchange], None]) -> Readiness:
        """The preflight, then the conversations of these names alone; nothing is judged or written here: what came goes
        to `on_exchange`. SubjectLostError, LockedOutError and RequestsSpentError as in `Drive`."""
        async with self._wire() as wire:
            drive = self._drive(wire, on_exchange)
            ready = await self._preflight(drive)
            for scenario in self.suite.scenarios if ready.world is not None else ():
                if scenario.id in names and ready.world is not None:
                    await drive.hold(scenario, ready.world)
        return ready

    def _wire(self) -> HttpWire:
        limits = limits_of(self.plan.profile.settings, self.suite.interface.timeout_setting)
        return HttpWire(self.vault, self.clock, transport=self.transport, limits=limits, care=self.plan.pace)

    def _drive(self, wire: HttpWire, on_exchange: Callable[[HttpExchange], None]) -> Drive:
        drive = Drive(wire, self.suite.interface, self.document, self.plan.addresses, on_exchange, self.hooks)
        drive.one_server = self.plan.reach.connect_to is not None
        return drive

    async def _preflight(self, drive: Drive) -> Readiness:
        self.progress("preflight")
        return await readiness(self.plan, self.suite.interface, drive, self.vault, self.clock, self.random)

    async def _hold_all(self, drive: Drive, world: World, recorder: Recorder) -> str | None:
        """Every scenario in turn; the reason where the subject was lost in the middle."""
        for scenario in filter(lambda one: self.plan.holds(one.id), self.suite.scenarios):
            self.progress(scenario.title)
            recorder.note("situation", name=scenario.id, title=scenario.title)
            try:
                own = replace(world, random=Random(f"{self.seed} {scenario.id}"))  # noqa: S311 - a partial run's alike
                transcript = await drive.hold(scenario, own)
            except SubjectLostError as error:
                self.judge.lost = f"{LOST} at {moment(error.since)}, during {scenario.id}: {error}"
                return self.judge.lost
            except LockedOutError as error:
                recorder.note("preflight", **asdict(Check("lock", "failed", str(error), LOCKED)))
                self.judge.obstacle = str(error)
                return str(error)
            for call in transcript.hooks:
                recorder.note("situation", name=scenario.id, hook={**asdict(call), "at": moment(call.at)})
            if transcript.not_asked:
                recorder.note("situation", name=scenario.id, not_asked=transcript.not_asked)
            if transcript.sampled:
                recorder.note("situation", name=scenario.id, sampled=transcript.sampled)
            self._note(self.judge.close(transcript), recorder)
        return None

    def _take(self, exchange: HttpExchange, recorder: Recorder) -> None:
        recorder.exchange(exchange)
        self.excuses.saw(exchange)
        self._note(self.judge.take(exchange), recorder)

    def _note(self, findings: list[Finding], recorder: Recorder) -> None:
        for finding in findings:
            recorder.problem(finding.requirement.id, finding.party, finding.problem)

    def _scores(self) -> list[Scored]:
        return scored(self.judge.verdicts(), self.suite.requirements, self.plan.profile)


def check(plan: Plan, progress: Callable[[str], None], faults: tuple[Fault, ...] = ()) -> Result:
    """Run one plan: over the network, or against the bundled reference on a listener of its own on loopback.

    `faults` stand before the reference, besides those that the plan spells.
    """
    with session(plan, progress, faults) as held:
        began = moment(held.clock.now())[:19].replace(":", "")
        result = held.run(plan.out or Path("reports/runs") / f"{began}Z-{plan.interface}")
    formats.write_all(result.folder, result.report)
    return result


@contextmanager
def session(plan: Plan, progress: Callable[[str], None], faults: tuple[Fault, ...] = ()) -> Iterator[Session]:
    """A session of this plan, its subject listening where it is the bundled reference."""
    chosen = suite(plan.interface)
    document = chosen.load()
    clock = SystemClock()
    seed = plan.seed if plan.seed is not None else secrets.randbits(31)
    theirs = party_document(plan, document)
    if plan.kind != "reference":
        yield Session(plan, chosen, document, clock, transport(plan), seed, progress, hooks_of(plan), theirs)
        return
    spelt = spelt_faults(plan.faults, document)
    with _reference(plan, chosen, document, clock, (*faults, *spelt)) as (aimed, hooks):
        yield Session(aimed, chosen, document, clock, transport(aimed), seed, progress, hooks, theirs)


def party_document(plan: Plan, document: Document) -> PartyDocument | None:
    """The party's own document of ``--openapi``; UsageError where it cannot judge."""
    if plan.openapi is None:
        return None
    try:
        return load_party_document(plan.openapi, document)
    except PartyDocumentError as error:
        raise UsageError(f"--openapi: {plan.openapi.name} {error}") from None


def hooks_of(plan: Plan) -> dict[str, Hook]:
    """The hooks that the user configured."""
    return {
        name: http_hook(hook[0], hook[1]) if is_call(hook) else command_hook(hook) for name, hook in plan.hooks.items()
    }


def reference_hooks(chosen: Suite, app: AsgiApp) -> dict[str, Hook]:
    """The hooks that the bundled implementation has itself: those of its functions that are named like one."""
    module = importlib.import_module(chosen.interface.reference.module)
    return {name: local_hook(partial(getattr(module, name), app)) for name in KNOWN if hasattr(module, name)}


def spelt_faults(specs: tuple[str, ...], document: Document) -> tuple[Fault, ...]:
    """The faults that ``--fault`` options put on a reference; UsageError where one describes none."""
    try:
        operations = [operation.id for operation in document.operations]
        return tuple(fault_of(spec, operations, of_a_mock=False) for spec in specs)
    except ValueError as error:
        raise UsageError(f"--fault: {error}") from None


def reference_app(chosen: Suite, clock: Clock, token: str, **options: Any) -> AsgiApp:
    """The bundled implementation of the subject's chair."""
    module = importlib.import_module(chosen.interface.reference.module)
    app: AsgiApp = module.create_app(token=token, now=clock.now, **options)
    return app


def new_token() -> str:
    """A token for a reference: 32 letters and digits."""
    return "".join(secrets.choice(_TOKEN_ALPHABET) for _ in range(32))


@contextmanager
def _reference(
    plan: Plan, chosen: Suite, document: Document, clock: Clock, faults: tuple[Fault, ...]
) -> Iterator[tuple[Plan, dict[str, Hook]]]:
    app, aimed_at = stand_in(plan, chosen, clock)
    base_path = chosen.interface.reference.base_path
    with served(FaultyApp(app, faults, document, base_path, clock) if faults else app) as origin:
        yield aimed_at(origin), reference_hooks(chosen, app)


def stand_in(plan: Plan, chosen: Suite, clock: Clock) -> tuple[AsgiApp, Callable[[str], Plan]]:
    """The bundled reference with credentials of its own, and the plan that judges it at a given origin."""
    token, way = new_token(), chosen.interface.access.way_setting
    by_oauth = way is not None and plan.profile.settings.text(way) == OAUTH2
    client = ("harness", new_token()) if by_oauth else None
    app = reference_app(chosen, clock, token, **({"oauth_client": client} if client else {}))
    reference = chosen.interface.reference

    def aimed_at(origin: str) -> Plan:
        oauth = OAuthClient(*client, f"{origin}{reference.token_path}") if client else None
        addresses = replace(plan.addresses, base=origin + reference.base_path)
        return replace(plan, token=token, oauth=oauth, addresses=addresses)

    return app, aimed_at
