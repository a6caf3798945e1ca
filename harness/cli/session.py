"""One check from end to end: wires, drive, judge and record put together."""

import asyncio
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from random import Random

import httpx

from harness.auth.vault import Vault
from harness.cli.excuses import excuses
from harness.cli.hook_settings import is_call
from harness.cli.plan import Plan, UsageError
from harness.cli.readiness import readiness
from harness.cli.record_lines import clause_lines, head, places_lines, verdict_line
from harness.cli.result import INTERRUPTED, Result
from harness.cli.route import transport
from harness.cli.stand_in import bundled
from harness.cli.turned import check_writes, judge_of_ourselves, mock_as_subject, seated
from harness.collect import Suite
from harness.judge.judge import Finding, Judge
from harness.judge.score import CONFIGURATION, Scored, exit_code, scored
from harness.mock.fault import Fault
from harness.model.exchange import HttpExchange
from harness.model.reach import limits_of
from harness.model.verdict import LOST
from harness.model.world import Clock, World
from harness.report import formats, summary
from harness.report.record import Recorder, moment
from harness.run.check import LOCKED, Check
from harness.run.drive import Drive, LockedOutError, SubjectLostError
from harness.run.hooks import Hook, command_hook, http_hook
from harness.run.preflight import Readiness
from harness.spec.openapi import Document
from harness.spec.party_document import PartyDocument, PartyDocumentError, load_party_document
from harness.wire.clock import SystemClock
from harness.wire.http import HttpWire, RequestsSpentError


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
        self.ourselves = judge_of_ourselves(self.plan, self.suite, self.document)

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
            own_faults=bool(self._own_faults),
            **self.excuses.counting(self.judge.verdicts()),
        )
        return code, "; ".join(self._own_faults) or lost or spent or in_part or None

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
            if self.ourselves is not None:
                self.ourselves.close(transcript)
        return None

    def _take(self, exchange: HttpExchange, recorder: Recorder) -> None:
        recorder.exchange(exchange)
        self.excuses.saw(exchange)
        if self.ourselves is None:
            self._note(self.judge.take(exchange), recorder)
            return
        self.ourselves.take(exchange)
        self._note(self.judge.see(exchange), recorder)

    @property
    def _own_faults(self) -> list[str]:
        return [*self.judge.own_faults, *(self.ourselves.own_faults if self.ourselves is not None else ())]

    def _note(self, findings: list[Finding], recorder: Recorder) -> None:
        for finding in findings:
            recorder.problem(finding.requirement.id, finding.party, finding.problem)

    def _scores(self) -> list[Scored]:
        return scored(self.judge.verdicts(), self.suite.requirements, self.plan.profile)


def check(plan: Plan, progress: Callable[[str], None], faults: tuple[Fault, ...] = ()) -> Result:
    """Run one plan: over the network, or against the bundled reference on a listener of its own on loopback.

    `faults` stand before the reference, besides those that the plan spells.
    """
    check_writes(plan)
    with session(plan, progress, faults) as held:
        began = moment(held.clock.now())[:19].replace(":", "")
        result = held.run(plan.out or Path("reports/runs") / f"{began}Z-{plan.interface}")
    formats.write_all(result.folder, result.report)
    return result


@contextmanager
def session(plan: Plan, progress: Callable[[str], None], faults: tuple[Fault, ...] = ()) -> Iterator[Session]:
    """A session of this plan, its subject listening where it is the bundled reference."""
    plan, chosen = seated(plan)
    document = chosen.load()
    clock = SystemClock()
    seed = plan.seed if plan.seed is not None else secrets.randbits(31)
    theirs = party_document(plan, document)
    if plan.kind != "reference":
        yield Session(plan, chosen, document, clock, transport(plan), seed, progress, hooks_of(plan), theirs)
        return
    boxed = mock_as_subject(plan, chosen, clock) if plan.turned else bundled(plan, chosen, document, clock, faults)
    with boxed as (aimed, hooks):
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
