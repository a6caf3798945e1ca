"""One check from end to end: wires, drive, judge and record put together."""

import asyncio
import importlib
import secrets
import string
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import httpx

from harness.auth.vault import Vault
from harness.cli.credentials import OAUTH2, client_in
from harness.cli.hook_settings import KNOWN, is_call
from harness.cli.plan import OAuthClient, Plan, UsageError
from harness.cli.record_lines import head, verdict_line
from harness.cli.route import secrets_on_the_way, transport
from harness.collect import Suite, suite
from harness.judge.judge import Finding, Judge
from harness.judge.score import CONFIGURATION, Scored, exit_code, scored
from harness.mock.fault import Fault, FaultyApp, fault_of
from harness.model.address import Addresses
from harness.model.exchange import HttpExchange
from harness.model.world import Clock, VirtualClock, World
from harness.report import summary
from harness.report.record import Recorder, moment
from harness.run.check import LOCKED, UNCHECKED, Check
from harness.run.drive import Drive, LockedOutError, SubjectLostError
from harness.run.hooks import Hook, command_hook, http_hook, local_hook
from harness.run.preflight import Readiness, preflight
from harness.spec.openapi import Document, load
from harness.spec.party_document import PartyDocument, PartyDocumentError, load_party_document
from harness.wire.clock import SystemClock
from harness.wire.http import HttpWire, RequestsSpentError
from harness.wire.serve import served
from harness.wire.transport import AsgiApp

INTERRUPTED = 130
_TOKEN_ALPHABET = string.ascii_letters + string.digits


@dataclass(frozen=True)
class Result:
    """What a check came to."""

    folder: Path
    report: dict[str, Any]
    exit: int


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
        self.judge = Judge(
            self.suite.requirements,
            self.plan.profile,
            self.document,
            self.suite.interface.objects,
            self.suite.interface.subject,
            party_document=self.party_document,
        )

    def run(self, folder: Path) -> Result:
        """Hold every conversation, write the run folder and return what it came to."""
        with Recorder(folder, self.clock) as recorder:
            recorder.begin(
                head(self.plan, self.suite, self.seed, f"{self.random.getrandbits(16):04x}", self.party_document)
            )
            code, reason = CONFIGURATION, None
            try:
                code, reason = asyncio.run(self._conversations(recorder))
            except KeyboardInterrupt:
                code, reason = INTERRUPTED, "interrupted"
                self.judge.obstacle = "the run was interrupted"
            for score in self._scores():
                recorder.note("verdict", **verdict_line(score))
            recorder.note("end", exit=code, reason=reason)
        return Result(folder, summary.write(folder), code)

    async def _conversations(self, recorder: Recorder) -> tuple[int, str | None]:
        waits = self.suite.interface.timeout_setting
        timeout_s = self.plan.profile.settings.number(waits) if waits else 30
        async with HttpWire(
            self.vault, self.clock, transport=self.transport, timeout_s=timeout_s, care=self.plan.pace
        ) as wire:
            drive = Drive(wire, self.suite.interface, self.document, self.plan.addresses, recorder.exchange, self.hooks)
            drive.one_server = self.plan.reach.connect_to is not None
            lost = spent = None
            try:
                ready = await self._preflight(drive, recorder)
                if ready.world is None:
                    self.judge.obstacle = f"the subject could not be tested: {ready.checks[-1].detail}"
                    return CONFIGURATION, ready.checks[-1].detail
                drive.on_exchange = lambda exchange: self._take(exchange, recorder)
                lost = await self._hold_all(drive, ready.world, recorder)
            except RequestsSpentError as error:
                self.judge.obstacle = spent = str(error)
            if lost is None and spent is None:  # half a crawl shows nothing of the whole
                self._note(self.judge.finish(), recorder)
        code = exit_code(
            self._scores(), strict=self.plan.strict, obstacle=lost is not None, own_faults=bool(self.judge.own_faults)
        )
        return code, "; ".join(self.judge.own_faults) or lost or spent

    async def _preflight(self, drive: Drive, recorder: Recorder) -> Readiness:
        self.progress("preflight")
        story = VirtualClock(self.plan.now or self.clock.now())
        interface, settings, oauth = self.suite.interface, self.plan.profile.settings, self.plan.oauth
        client = client_in(self.vault, oauth, interface, settings) if oauth else None
        secret = client.secret if client else self.vault.keep(self.plan.token)
        drive.extra = tuple((name, self.vault.keep(value)) for name, value in self.plan.reach.headers)
        for password in secrets_on_the_way(self.plan):
            self.vault.keep(password)
        world = World(
            self.clock, story, self.random, settings, secret, interface.access.presentations[0],
            parties=self.plan.parties, client=client, guest=self.plan.is_guest,
        )  # fmt: skip
        ready = await preflight(drive, world, self.vault)
        for check in (*([UNCHECKED] if self.plan.reach.insecure else []), *ready.checks):
            recorder.note("preflight", **asdict(check))
        return ready

    async def _hold_all(self, drive: Drive, world: World, recorder: Recorder) -> str | None:
        """Every scenario in turn; the reason where the subject was lost in the middle."""
        for scenario in self.suite.scenarios:
            self.progress(scenario.title)
            recorder.note("situation", name=scenario.id, title=scenario.title)
            try:
                transcript = await drive.hold(scenario, world)
            except SubjectLostError as error:
                lost = f"the subject stopped answering during {scenario.id}: {error}"
                self.judge.obstacle = lost
                return lost
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
    chosen = suite(plan.interface)
    document = load(chosen.document_path)
    clock = SystemClock()
    seed = plan.seed if plan.seed is not None else secrets.randbits(31)
    folder = plan.out or Path("reports/runs") / f"{moment(clock.now())[:19].replace(':', '')}Z-{plan.interface}"
    theirs = party_document(plan, document)
    if plan.kind != "reference":
        hooks = hooks_of(plan)
        return Session(plan, chosen, document, clock, transport(plan), seed, progress, hooks, theirs).run(folder)
    spelt = spelt_faults(plan.faults, document)
    with _reference(plan, chosen, document, clock, (*faults, *spelt)) as (aimed, hooks):
        return Session(aimed, chosen, document, clock, transport(aimed), seed, progress, hooks, theirs).run(folder)


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
    """The faults that ``--fault`` options describe; UsageError where one does not."""
    try:
        return tuple(fault_of(spec, [operation.id for operation in document.operations]) for spec in specs)
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
    with served(FaultyApp(app, faults, document, base_path) if faults else app) as origin:
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
        return replace(plan, token=token, oauth=oauth, addresses=Addresses(origin + reference.base_path))

    return app, aimed_at
