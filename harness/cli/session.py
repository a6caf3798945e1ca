"""One check from end to end: wires, drive, judge and record put together."""

import asyncio
import importlib
import secrets
import string
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random
from typing import Any
from urllib.request import getproxies, proxy_bypass

import httpx

from harness import __version__
from harness.auth.vault import Vault
from harness.cli.plan import Plan, UsageError
from harness.collect import Suite, suite
from harness.judge.judge import Finding, Judge
from harness.judge.score import CONFIGURATION, Scored, exit_code, scored
from harness.mock.fault import Fault, FaultyApp, fault_of
from harness.model.address import Addresses, is_loopback
from harness.model.exchange import HttpExchange
from harness.model.verdict import Outcome
from harness.model.world import Clock, VirtualClock, World
from harness.report import summary
from harness.report.record import Recorder, moment
from harness.run.drive import Drive, SubjectLostError
from harness.run.preflight import Readiness, preflight
from harness.spec.openapi import Document, load
from harness.wire.clock import SystemClock
from harness.wire.http import HttpWire
from harness.wire.serve import served
from harness.wire.tls import client_context
from harness.wire.transport import AsgiApp, over_socket

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

    def __post_init__(self) -> None:
        self.random = Random(self.seed)  # noqa: S311 - reproducible on purpose
        self.vault = Vault(seed=self.seed)
        self.judge = Judge(
            self.suite.requirements,
            self.plan.profile,
            self.document,
            self.suite.interface.objects,
            self.suite.interface.subject,
        )

    def run(self, folder: Path) -> Result:
        """Hold every conversation, write the run folder and return what it came to."""
        with Recorder(folder, self.clock) as recorder:
            recorder.begin(self._head())
            code, reason = CONFIGURATION, None
            try:
                code, reason = asyncio.run(self._conversations(recorder))
            except KeyboardInterrupt:
                code, reason = INTERRUPTED, "interrupted"
                self.judge.obstacle = "the run was interrupted"
            for score in self._scores():
                recorder.note("verdict", **_verdict_line(score))
            recorder.note("end", exit=code, reason=reason)
        return Result(folder, summary.write(folder), code)

    async def _conversations(self, recorder: Recorder) -> tuple[int, str | None]:
        waits = self.suite.interface.timeout_setting
        timeout_s = self.plan.profile.settings.number(waits) if waits else 30
        async with HttpWire(self.vault, self.clock, transport=self.transport, timeout_s=timeout_s) as wire:
            drive = Drive(wire, self.suite.interface, self.document, self.plan.addresses, recorder.exchange)
            ready = await self._preflight(drive, recorder)
            if ready.world is None:
                self.judge.obstacle = f"the subject could not be tested: {ready.checks[-1].detail}"
                return CONFIGURATION, ready.checks[-1].detail
            drive.on_exchange = lambda exchange: self._take(exchange, recorder)
            lost = await self._hold_all(drive, ready.world, recorder)
        code = exit_code(
            self._scores(), strict=self.plan.strict, obstacle=lost is not None, own_faults=bool(self.judge.own_faults)
        )
        return code, "; ".join(self.judge.own_faults) or lost

    async def _preflight(self, drive: Drive, recorder: Recorder) -> Readiness:
        self.progress("preflight")
        story = VirtualClock(self.plan.now or self.clock.now())
        secret = self.vault.keep(self.plan.token)
        first = self.suite.interface.access.presentations[0]
        settings = self.plan.profile.settings
        world = World(self.clock, story, self.random, settings, secret, first, parties=self.plan.parties)
        ready = await preflight(drive, world, self.vault)
        for check in ready.checks:
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
            if transcript.not_asked:
                recorder.note("situation", name=scenario.id, not_asked=transcript.not_asked)
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

    def _head(self) -> dict[str, Any]:
        profile = self.plan.profile
        questions = {setting.name: setting.question for setting in self.suite.interface.settings if setting.assumed}
        reference = self.plan.kind == "reference"
        return {
            "harness": {"version": __version__},
            "run": f"{self.random.getrandbits(16):04x}",
            "interface": self.plan.interface,
            "profile": {
                "id": profile.id,
                "settings": dict(profile.settings.values),
                "confirmed": dict(profile.confirmed),
                "keywords": {name: keyword or "off" for name, keyword in profile.keywords.items()},
            },
            "assumed": questions,
            "selection": None,
            "subject": {
                "kind": self.plan.kind,
                "name": self.suite.interface.reference.title if reference else self.plan.name,
                "version": __version__ if reference else self.plan.version,
                "as": self.suite.interface.subject,
                "address": self.plan.addresses.base,
                "faults": list(self.plan.faults),
            },
            "parties": list(self.plan.parties),
            "seed": self.seed,
            "origins": dict(self.plan.origins),
        }


def _verdict_line(score: Scored) -> dict[str, Any]:
    requirement, verdict = score.requirement, score.verdict
    return {
        "requirement": requirement.id,
        "row": requirement.row,
        "title": requirement.title,
        "why": requirement.why,
        "fix": requirement.fix,
        "keyword": requirement.keyword,
        "effective": score.effective,
        "new": score.is_new,
        "basis": requirement.basis,
        "rests_on": list(requirement.rests_on),
        "source": {"document": requirement.source.document, "section": requirement.source.section},
        "binds": requirement.binds,
        "party": verdict.party,
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "waived": None,
        "seen": verdict.seen,
        "problem_count": verdict.problem_count if verdict.outcome is Outcome.FAILED else 0,
        "problems": [asdict(problem) for problem in verdict.problems],
    }


def check(plan: Plan, progress: Callable[[str], None], faults: tuple[Fault, ...] = ()) -> Result:
    """Run one plan: over the network, or against the bundled reference on a listener of its own on loopback.

    `faults` stand before the reference, besides those that the plan spells.
    """
    chosen = suite(plan.interface)
    document = load(chosen.document_path)
    clock = SystemClock()
    seed = plan.seed if plan.seed is not None else secrets.randbits(31)
    folder = plan.out or Path("reports/runs") / f"{moment(clock.now())[:19].replace(':', '')}Z-{plan.interface}"
    if plan.kind != "reference":
        transport = over_socket(client_context(plan.ca_file), _proxy(plan.addresses.base))
        return Session(plan, chosen, document, clock, transport, seed, progress).run(folder)
    spelt = spelt_faults(plan.faults, document)
    with _reference(plan, chosen, document, clock, (*faults, *spelt)) as aimed:
        transport = over_socket(client_context(None))
        return Session(aimed, chosen, document, clock, transport, seed, progress).run(folder)


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
) -> Iterator[Plan]:
    token = new_token()
    app = reference_app(chosen, clock, token)
    base_path = chosen.interface.reference.base_path
    with served(FaultyApp(app, faults, document, base_path) if faults else app) as origin:
        yield replace(plan, token=token, addresses=Addresses(origin + base_path))


def _proxy(url: str) -> str | None:
    """The environment's proxy for this URL; never for loopback."""
    parts = httpx.URL(url)
    if is_loopback(parts.host) or proxy_bypass(parts.host):
        return None
    return getproxies().get(parts.scheme)
