"""One check of a client from end to end: situations played, judged, recorded and rendered."""

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

import httpx

from harness.cli.client_stage import Stage, staged
from harness.cli.client_way import ClientWay
from harness.cli.excuses import excuses
from harness.cli.expected import Wishes, profile
from harness.cli.faulty_client import FaultyRequests, faults_of_a_client
from harness.cli.mocks import mock_of, served
from harness.cli.plan import Plan, UsageError
from harness.cli.read_back import agreed
from harness.cli.record_lines import clause_lines, head, verdict_line
from harness.cli.reference_client import ReferenceClient
from harness.cli.result import INTERRUPTED, Result
from harness.cli.toml_file import TomlFile
from harness.collect import Suite, interfaces, suite
from harness.judge.judge import Judge
from harness.judge.score import Scored, exit_code, scored
from harness.judge.tally import Finding
from harness.mock.fault import Fault
from harness.model.address import Addresses
from harness.model.exchange import HttpExchange, Stored, Transcript
from harness.model.requirement import Binds
from harness.model.situation import Change, Situation
from harness.model.world import Clock
from harness.report import formats, summary
from harness.report.record import Recorder, moment
from harness.run.check import Check
from harness.run.observe import Observe
from harness.run.play import Play, Why
from harness.wire.clock import SystemClock
from harness.wire.serve import quick_loop
from harness.wire.transport import in_process
from harness.wire.virtual import LoopClock, run_virtually

ORIGIN = "https://ndw.example"
"""Where a mock stands that no socket serves."""


@dataclass
class ClientSession:
    """The parts of one check of a client. `clock` is wire time. A bundled one has these `faults`."""

    plan: Plan
    suite: Suite
    clock: Clock
    seed: int
    progress: Callable[[str], None]
    interrupted: bool = False
    transcripts: list[Transcript] = field(default_factory=list)
    folder: Path = Path()
    faults: tuple[Fault, ...] = ()

    def __post_init__(self) -> None:
        interface = self.suite.interface
        self.plan = self.plan.declaring(interface)
        if self.plan.kind == "client" and self.plan.name is None:
            named = Path(self.way.command[0]).name if self.way.command else "a client that was started by hand"
            self.plan = replace(self.plan, name=named)
        self.excuses = excuses(self.plan, interface, self.clock.now())
        self.judge = Judge(
            self.suite.requirements,
            self.plan.profile,
            self.suite.load(),
            interface.objects,
            interface.subject,
            selected=self.plan.selection.requirements if self.plan.selection else None,
            waivers=self.excuses.waivers,
            is_known=self.excuses.is_known,
        )
        self._recorder: Recorder | None = None

    @property
    def way(self) -> ClientWay:
        """How the client is had."""
        assert self.plan.client is not None  # noqa: S101 - chosen by that
        return self.plan.client

    @property
    def situations(self) -> list[Situation]:
        """Those to play: the chosen ones, slow ones only where that is wanted; where nothing is to go wrong on purpose,
        none of those that would then have nothing to show."""
        chosen = [one for one in self.suite.situations if self.plan.holds(one.id)]
        if self.way.passive:
            chosen = [one for one in chosen if not one.faults and one.kill_after is None]
        return [one for one in chosen if self.way.slow or not one.slow]

    def run(self, folder: Path) -> Result:
        """Play every situation, write the run folder and return what it came to."""
        self.folder = folder
        asked = [one for one in self.suite.requirements if one.binds is not Binds.SERVER]
        with Recorder(folder, self.clock) as recorder:
            self._recorder = recorder
            number = f"{Random(self.seed).getrandbits(16):04x}"  # noqa: S311 - a name
            recorder.begin(head(self.plan, self.suite, self.seed, number, None))
            recorder.note("clauses", clauses=clause_lines(asked, self.plan))
            reason = self._played()
            scores = self._scores()
            code = INTERRUPTED if self.interrupted else self._code(scores, obstacle=reason is not None)
            for score in scores:
                recorder.note("verdict", **verdict_line(score, self.plan.profile))
            self.excuses.note(recorder, self.judge.verdicts())
            told = "interrupted" if self.interrupted else "; ".join(self.judge.own_faults[:3]) or reason
            recorder.note("end", exit=code, reason=told)
        return Result(folder, summary.write(folder), code)

    def _played(self) -> str | None:
        """Play them all; why it could not be, where it could not."""
        if self.way.way == "reference":
            return run_virtually(self._side_by_side())
        from harness.cli.client_live import Live  # it needs listeners: nothing that a reference should wait for

        try:
            return asyncio.Runner(loop_factory=quick_loop).run(Live(self).played())
        except KeyboardInterrupt:  # a second Ctrl-C, or one between two situations
            self.interrupted = True
            return None

    async def _side_by_side(self) -> str | None:
        """Every situation of a reference at once, each with a mock and a client of its own."""
        self.progress(f"{len(self.situations)} situations side by side")
        works = [self._with_reference(number, one) for number, one in enumerate(self.situations, 1)]
        for situation, (transcript, _why) in zip(self.situations, await asyncio.gather(*works), strict=True):
            self.close(situation, transcript)
        return None

    async def _with_reference(self, number: int, situation: Situation) -> tuple[Transcript, Why]:
        stage = self.staged(f"s{number}e")
        stage.origins[self.suite.system.name] = ORIGIN
        chance = Random(f"{self.seed} {situation.id}")  # noqa: S311 - to be the same again
        transport: httpx.AsyncBaseTransport = in_process(stage.app)
        if self.faults:
            transport = FaultyRequests(transport, self.faults, stage.session.served[0])
        client = ReferenceClient(self.suite.interface.reference, transport, self.clock, chance, stage.read)
        at = Observe(
            client, stage.chair, client.hooks, self.clock, chance, self.suite.interface.id,
            self.way.quiet_s, self.way.limit_s, self.way.start_s,
            reads=client.reads(self.pulled, self.suite.interface.id),
            agreed=self.agreed, passive=self.way.passive, tell=self.tell,
        )  # fmt: skip
        return await Play(at, situation).play()

    def agreed(self, stored: Stored) -> bool:
        """What the client holds is what it told, or will not come right by waiting."""
        return agreed(stored, self.plan.profile.settings)

    @cached_property
    def pulled(self) -> Plan:
        """How the server beside the bundled client is read."""
        puller = mock_of(self.suite.system).puller
        assert puller is not None  # noqa: S101 - it has a server beside it
        interface = interfaces()[puller.interface][1]
        expected, _origins = profile(self.suite.system, interface, TomlFile(), Wishes())
        token: str = import_module(self.suite.interface.reference.module).TOKEN
        addresses = Addresses(ORIGIN + interface.reference.base_path)
        return Plan(puller.interface, "reference", addresses, token, expected, seed=self.seed)

    def staged(self, prefix: str, **more: Any) -> Stage:
        """A mock of its own, whose clients are judged here."""
        given: dict[str, Any] = {"prefix": prefix, "seed": self.seed, **more}
        return staged(self.plan, self.suite, self.clock, self.judge, self.heard, **given)

    def heard(self, exchange: HttpExchange, findings: tuple[Finding, ...]) -> None:
        """An exchange is over, and was judged."""
        assert self._recorder is not None  # noqa: S101 - nothing is said before
        self._recorder.exchange(exchange)
        self.excuses.saw(exchange)
        self._note(findings)

    def tell(self, situation: str, told: Mapping[str, Any]) -> None:
        """Something happened in a situation."""
        if self._recorder is not None:
            self._recorder.note("situation", name=situation, **{name: _plain(one) for name, one in told.items()})

    def check(self, check: Check) -> None:
        """Something was looked at before anything is judged."""
        if self._recorder is not None:
            self._recorder.note("preflight", **asdict(check))

    def close(self, situation: Situation, transcript: Transcript) -> None:
        """A situation is over: what it shows as a whole is judged."""
        assert self._recorder is not None  # noqa: S101 - nothing is played before
        for line in transcript.output or ():
            self._recorder.note("output", situation=situation.id, **asdict(line))
        self._note(tuple(self.judge.close(transcript)))
        self.transcripts.append(transcript)

    def _note(self, findings: tuple[Finding, ...]) -> None:
        assert self._recorder is not None  # noqa: S101 - nothing is judged before
        for finding in findings:
            self._recorder.problem(finding.requirement.id, finding.party, finding.problem)

    def _scores(self) -> list[Scored]:
        own = {one.id for one in self.suite.requirements if one.binds is Binds.SERVER}
        verdicts = [one for one in self.judge.verdicts() if one.requirement not in own]
        return scored(verdicts, self.suite.requirements, self.plan.profile)

    def _code(self, scores: list[Scored], *, obstacle: bool) -> int:
        return exit_code(
            scores,
            strict=self.plan.strict,
            obstacle=obstacle,
            own_faults=bool(self.judge.own_faults),
            **self.excuses.counting(self.judge.verdicts()),
        )


def check(plan: Plan, progress: Callable[[str], None], faults: tuple[Fault, ...] = ()) -> Result:
    """Judge one client by its plan; a bundled one has these faults besides those that the plan spells."""
    if plan.turned and plan.kind == "reference":
        raise UsageError(f"--as client: no client of {plan.interface} is bundled; give -- COMMAND, or --attach")
    chosen = suite(plan.interface).turned if plan.turned else suite(plan.interface)
    seed = plan.seed if plan.seed is not None else _usual_seed(plan)
    system = SystemClock()
    clock: Clock = LoopClock(system.now()) if plan.kind == "reference" else system
    if plan.faults:
        faults = (
            *faults,
            *faults_of_a_client(plan.faults, served(chosen.system, mock_of(chosen.system), plan.profile)),
        )
    held = ClientSession(plan, chosen, clock, seed, progress, faults=faults)
    began = moment(system.now())[:19].replace(":", "")
    result = held.run(plan.out or Path("reports/runs") / f"{began}Z-{plan.interface}")
    formats.write_all(result.folder, result.report)
    return result


def _usual_seed(plan: Plan) -> int:
    """For a client that the user configured by hand, the one that it was configured with: secrets come of it."""
    is_configured = plan.client is not None and plan.client.way == "attach"
    return 1 if is_configured else secrets.randbits(31)


def usual_change(situations: Sequence[Situation]) -> Change | None:
    """What a client that runs already is made to do in a situation that names nothing: the first change of all."""
    return next((change for one in situations for change in one.changes), None)


def _plain(value: Any) -> Any:
    """What happened, as JSON."""
    if hasattr(value, "__dataclass_fields__"):
        return {name: moment(one) if hasattr(one, "isoformat") else one for name, one in asdict(value).items()}
    return value
